"""Short words for what settlements are made of, so that tests read as ledgers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from custom_components.leg_invoicing.billing.agreements import (
    Agreement,
    Owner,
    Party,
    check_agreements,
)
from custom_components.leg_invoicing.billing.benefits import BenefitVersion
from custom_components.leg_invoicing.billing.calendar import (
    Span,
    interval_starts,
    parse_period,
)
from custom_components.leg_invoicing.billing.energy import Energy
from custom_components.leg_invoicing.billing.fees import Fee
from custom_components.leg_invoicing.billing.measurements import (
    IntervalSlice,
    Measurements,
)
from custom_components.leg_invoicing.billing.meters_written import meters_from_written
from custom_components.leg_invoicing.billing.models import Model
from custom_components.leg_invoicing.billing.money import NO_MONEY, Money, UnitPrice
from custom_components.leg_invoicing.billing.quality import BY_LABEL, Quality
from custom_components.leg_invoicing.billing.sharing_versions import SharingVersion
from custom_components.leg_invoicing.billing.statements import Settlement, Statement
from custom_components.leg_invoicing.billing.tariffs import Price, Tariff, TariffVersion
from custom_components.leg_invoicing.billing.terms import Community, Terms
from custom_components.leg_invoicing.billing.vat import NO_VAT, Vat
from custom_components.leg_invoicing.billing.written import Written

ZURICH = "Europe/Zurich"


def kwh(text: str) -> Energy:
    """Return an energy: `kwh("0.125")`."""
    return Energy.from_kwh(Decimal(text))


def ct(text: str) -> Money:
    """Return an amount: `ct("3007.5")`."""
    return Money(Decimal(text))


def version(
    valid_from: str = "2026-01-01",
    p_pv: str = "20",
    p_con: str = "25",
    p_grid_del: str = "6",
    p_grid_con: str = "30",
    p_standard: str | None = None,
    fees: Sequence[Fee] = (),
    vat: Vat = NO_VAT,
) -> TariffVersion:
    """Return the four prices from one day on."""
    return TariffVersion(
        valid_from=date.fromisoformat(valid_from),
        p_pv=Price.flat(UnitPrice(Decimal(p_pv))),
        p_con=Price.flat(UnitPrice(Decimal(p_con))),
        p_grid_del=Price.flat(UnitPrice(Decimal(p_grid_del))),
        p_grid_con=Price.flat(UnitPrice(Decimal(p_grid_con))),
        p_standard=Price.flat(UnitPrice(Decimal(p_standard))) if p_standard else None,
        fees=tuple(fees),
        vat=vat,
    )


def agreement(
    house_id: str,
    first: str = "2026-01-01",
    end: str | None = None,
    name: str | None = None,
    tariff_id: str = "standard",
) -> Agreement:
    """Return an agreement; the participant is called after the house by default."""
    return Agreement(
        house_id=house_id,
        participant=Party(name=name or house_id.title()),
        tariff_id=tariff_id,
        first=date.fromisoformat(first),
        end=date.fromisoformat(end) if end else None,
        agreement_id=f"{house_id}@{first}",
    )


def terms(
    *agreements: Agreement,
    model: Model = Model.POOL,
    versions: Sequence[TariffVersion] = (),
    tariffs: Mapping[str, Tariff] | None = None,
    timezone: str = ZURICH,
    minutes: int = 15,
    rounding: Money = NO_MONEY,
    owners: Mapping[str, Owner] | None = None,
    left: Mapping[str, tuple[date, ...]] | None = None,
) -> Terms:
    """Return the terms of a community with one tariff, unless told otherwise."""
    standard = Tariff("standard", tuple(versions) or (version(),))
    tariffs = tariffs or {"standard": standard}
    return Terms(
        community=Community(
            timezone=timezone,
            currency="CHF",
            model=model,
            interval_minutes=minutes,
            rounding=rounding,
            grid_tariff=next(iter(tariffs)),
        ),
        tariffs=tariffs,
        agreements=check_agreements(agreements),
        owners=owners or {},
        left=left or {},
    )


def telling(agreed: Terms, *versions: BenefitVersion) -> Terms:
    """Return terms of a community that tells that beside its bills."""
    return replace(agreed, community=replace(agreed.community, benefits=versions))


def sharing(of: Terms, *versions: SharingVersion) -> Terms:
    """Return the terms with another way of sharing."""
    return replace(of, community=replace(of.community, sharing=versions))


def metered(of: Terms, **meters: Mapping[str, Any]) -> Terms:
    """Return the terms with meters, written as in a terms file, all values as text."""
    houses = dict.fromkeys(agreement.house_id for agreement in of.agreements)
    written = Written(meters, ("meters",))
    return replace(of, meters=meters_from_written(written, houses, of.tariffs))


def period(text: str, of: Terms) -> Span:
    """Return a period's instants in the community's time zone."""
    return parse_period(text).span(of.community.zone)


def month(text: str) -> Span:
    """Return a month in Zurich: `month("2026-01")`."""
    return parse_period(text).span(ZoneInfo(ZURICH))


def at(iso: str) -> int:
    """Return an instant: `at("2026-01-01T00:00+01:00")`."""
    return int(datetime.fromisoformat(iso).timestamp())


def quarters(start: str, count: int) -> Span:
    """Return so many quarter hours from an instant on."""
    return Span(at(start), at(start) + count * 900)


def measured(
    span: Span, minutes: int = 15, **houses: str | Sequence[str | None]
) -> Measurements:
    """Return measurements from cells such as `"0.5/0"` or `"0.5/0 interpolated"`.

    A cell is import/export in kWh; None is missing. One cell instead of a list
    fills the whole span.
    """
    starts = interval_starts(span, minutes)
    lanes = {
        house_id: [
            _cell(cell)
            for cell in ([cells] * len(starts) if isinstance(cells, str) else cells)
        ]
        for house_id, cells in houses.items()
    }
    cells = zip(*lanes.values(), strict=True)
    return Measurements(tuple(lanes), list(map(_slice, starts, cells, strict=True)))


def _slice(start: int, cells: Iterable[tuple[int, int, int]]) -> IntervalSlice:
    imported, exported, quality = zip(*cells, strict=True)
    return IntervalSlice(start, imported, exported, quality)


def _cell(text: str | None) -> tuple[int, int, int]:
    if text is None:
        return 0, 0, Quality.MISSING
    energies, _, label = text.partition(" ")
    imported, exported = energies.split("/")
    return kwh(imported).mwh, kwh(exported).mwh, BY_LABEL[label or "measured"]


def statement_of(settlement: Settlement, house_id: str) -> Statement:
    """Return the only statement of a house."""
    (statement,) = (
        s for s in settlement.statements if s.agreement.house_id == house_id
    )
    return statement


def printed(statement: Statement) -> list[tuple[str, str, str, str]]:
    """Return the lines as a person sees them: kind, kWh, ct/kWh, ct."""
    return [
        (
            str(line.kind),
            f"{line.quantity.normalize():f}",
            f"{line.unit_price.ct:f}",
            f"{line.amount.ct:f}",
        )
        for line in statement.lines
    ]
