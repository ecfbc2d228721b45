"""What a house gains besides its bill, as a part of a statement's record, and back."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from .benefits import ALL_COMPARED, Benefits, Discounted, GridDiscount, NotCompared
from .energy import Energy
from .money import Money, UnitPrice
from .statements import Statement


def benefits_record(statement: Statement) -> dict[str, Any]:
    """Return the fields; none for a statement of before there were benefits."""
    benefits, saved = statement.benefits, statement.saved
    if benefits is None or saved is None:
        return {}
    taken_off = statement.grid_discount
    return {
        "grid_cost_ct": benefits.grid_cost.ct,
        "grid_revenue_ct": benefits.grid_revenue.ct,
        "saved_ct": saved.ct,
        "not_compared": _not_compared_record(benefits.not_compared),
        "co2_avoided_g": benefits.co2_avoided,
        "grid_discount_ct": taken_off and taken_off.ct,
        "grid_discounts": [
            {
                "percent": each.discount.percent,
                "grid_fee_ct_per_kwh": each.discount.grid_fee.ct_per_kwh,
                "energy_kwh": each.energy.kwh,
                "amount_ct": each.taken_off.ct,
            }
            for each in benefits.grid_discounts
        ],
    }


def _not_compared_record(beside: NotCompared) -> dict[str, Any] | None:
    """Return what is not compared; None where there is nothing."""
    if beside == ALL_COMPARED:
        return None
    return {
        "used_kwh": beside.used.kwh,
        "cost_ct": beside.cost.ct,
        "delivered_kwh": beside.delivered.kwh,
        "revenue_ct": beside.revenue.ct,
    }


def benefits_from_record(record: Mapping[str, Any]) -> Benefits | None:
    """Rebuild the benefits of a statement."""
    if "grid_cost_ct" not in record:
        return None
    avoided = record["co2_avoided_g"]
    return Benefits(
        grid_cost=Money(Decimal(record["grid_cost_ct"])),
        grid_revenue=Money(Decimal(record["grid_revenue_ct"])),
        not_compared=_not_compared(record.get("not_compared")),
        co2_avoided=None if avoided is None else Decimal(avoided),
        grid_discounts=tuple(_discounts(record)),
    )


def _not_compared(record: Mapping[str, Any] | None) -> NotCompared:
    if record is None:
        return ALL_COMPARED
    return NotCompared(
        used=Energy.from_kwh(Decimal(record["used_kwh"])),
        cost=Money(Decimal(record["cost_ct"])),
        delivered=Energy.from_kwh(Decimal(record["delivered_kwh"])),
        revenue=Money(Decimal(record["revenue_ct"])),
    )


def _discounts(record: Mapping[str, Any]) -> Iterator[Discounted]:
    each: Mapping[str, Any]
    for each in record.get("grid_discounts", ()):
        yield _discount(each, "percent", each["energy_kwh"])
    # Statements of earlier versions have one at most, for all energy.
    if record.get("grid_discount_percent") is not None:
        yield _discount(record, "grid_discount_percent", record["local_import_kwh"])


def _discount(
    record: Mapping[str, Any], percent: str, kwh: Decimal | str
) -> Discounted:
    return Discounted(
        discount=GridDiscount(
            percent=Decimal(record[percent]),
            grid_fee=UnitPrice(Decimal(record["grid_fee_ct_per_kwh"])),
        ),
        energy=Energy.from_kwh(Decimal(kwh)),
    )
