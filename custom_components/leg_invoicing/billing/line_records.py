"""Lines of statements as plain records, and back."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from .energy import Energy
from .fees import FeePart
from .models import LineKind
from .money import CENT, Money, UnitPrice
from .percentage import Percentage
from .statements import Line, Unit
from .tiers import Tier
from .vat import Vat, VatMode

type LineRecord = dict[str, Any]


def line_record(line: Line) -> LineRecord:
    """Return a line."""
    return {
        "kind": str(line.kind),
        "from": line.first.isoformat(),
        "to": line.end.isoformat(),
        "band": line.band,
        "name": line.name,
        "meter": line.meter,
        "meter_id": line.meter_id,
        "quantity": line.quantity,
        "unit": str(line.unit),
        "unit_price_ct": line.unit_price.ct,
        "is_average": line.is_average,
        "exact_ct": line.exact.ct,
        "amount_ct": line.amount.ct,
        **_tier_record(line.tier),
        "percent": line.percentage and line.percentage.percent,
        "percent_of": line.percentage and line.percentage.of,
        "vat": _vat_record(line.vat),
        "parts": [_part_record(part) for part in line.parts],
    }


def _tier_record(tier: Tier | None) -> LineRecord:
    limits = (None, None) if tier is None else (tier.above, tier.to)
    above, to = (None if limit is None else limit.kwh for limit in limits)
    return {"tier_above_kwh": above, "tier_to_kwh": to}


def _vat_record(vat: Vat) -> LineRecord:
    return {"mode": str(vat.mode), "rate": vat.rate, "reason": vat.reason}


def _part_record(part: FeePart) -> LineRecord:
    return {
        "from": part.first.isoformat(),
        "to": part.end.isoformat(),
        "days": part.days,
        "of": part.of_days,
        "before": part.before,
    }


def line_from_record(record: Mapping[str, Any], smallest: Money = CENT) -> Line:
    """Rebuild a line; raises KeyError or ValueError where it is none.

    `smallest` is the smallest unit of the currency.
    """
    return Line(
        kind=LineKind(record["kind"]),
        first=date.fromisoformat(record["from"]),
        end=date.fromisoformat(record["to"]),
        band=record["band"],
        name=record["name"],
        # Lines of earlier versions know of none.
        meter=record.get("meter", ""),
        meter_id=record.get("meter_id", ""),
        quantity=Decimal(record["quantity"]),
        unit=Unit(record["unit"]),
        unit_price=Money(Decimal(record["unit_price_ct"])),
        is_average=record["is_average"],
        exact=Money(Decimal(record["exact_ct"])),
        smallest=smallest,
        tier=_tier_from_record(record),
        percentage=_percentage_from_record(record),
        vat=_vat_from_record(record["vat"]),
        parts=tuple(map(_part_from_record, record["parts"])),
    )


def _tier_from_record(record: Mapping[str, Any]) -> Tier | None:
    if record.get("tier_above_kwh") is None:
        return None
    to = record["tier_to_kwh"]
    return Tier(
        above=Energy.from_kwh(Decimal(record["tier_above_kwh"])),
        to=None if to is None else Energy.from_kwh(Decimal(to)),
        price=UnitPrice(Decimal(record["unit_price_ct"])),
    )


def _percentage_from_record(record: Mapping[str, Any]) -> Percentage | None:
    # Lines of earlier versions know of none.
    if record.get("percent") is None:
        return None
    return Percentage(Decimal(record["percent"]), record["percent_of"])


def _vat_from_record(record: Mapping[str, Any]) -> Vat:
    return Vat(
        mode=VatMode(record["mode"]),
        rate=Decimal(record["rate"]),
        reason=record["reason"],
    )


def _part_from_record(record: Mapping[str, Any]) -> FeePart:
    return FeePart(
        first=date.fromisoformat(record["from"]),
        end=date.fromisoformat(record["to"]),
        days=record["days"],
        before=record["before"],
    )
