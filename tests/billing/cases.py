"""Communities of all kinds and what was measured in them, for hypothesis to draw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from custom_components.leg_invoicing.billing.agreements import (
    Agreement,
    Owner,
    Party,
    check_agreements,
)
from custom_components.leg_invoicing.billing.allocation import PLACES_ALL, AllocationKey
from custom_components.leg_invoicing.billing.benefits import (
    BenefitVersion,
    BenefitVersions,
    GridDiscount,
)
from custom_components.leg_invoicing.billing.calendar import (
    Span,
    interval_starts,
    local_date,
    midnight,
)
from custom_components.leg_invoicing.billing.currencies import smallest_unit
from custom_components.leg_invoicing.billing.dated import SINCE_EVER, version_on
from custom_components.leg_invoicing.billing.measurements import (
    IntervalSlice,
    Measurements,
)
from custom_components.leg_invoicing.billing.models import Model
from custom_components.leg_invoicing.billing.money import Money, UnitPrice
from custom_components.leg_invoicing.billing.quality import BILLABLE, Quality
from custom_components.leg_invoicing.billing.settlement import settle
from custom_components.leg_invoicing.billing.sharing_versions import (
    Sharing,
    SharingVersion,
)
from custom_components.leg_invoicing.billing.signals import SignalValue
from custom_components.leg_invoicing.billing.statements import Settlement
from custom_components.leg_invoicing.billing.terms import Community, Terms

from .drawn_tariffs import VATS, tariffs

# A day on which something happens: a new year, the day the clocks go forward or
# back, half an hour on Lord Howe Island, at midnight itself in Havana and Santiago.
_DAYS = (
    ("Europe/Zurich", date(2026, 1, 1)),
    ("Europe/Zurich", date(2026, 3, 30)),
    ("Europe/Zurich", date(2026, 10, 25)),
    ("Asia/Kathmandu", date(2026, 7, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("America/Havana", date(2026, 11, 1)),
    ("America/Santiago", date(2026, 9, 6)),
)
_ENERGIES = st.sampled_from(
    [0, 0, 1, 2, 3, 7, 250_000, 333_333, 1_000_000, 1_000_001, 10**17 + 1, 10**18]
)
_CELLS = st.none() | st.tuples(
    _ENERGIES, _ENERGIES, st.sampled_from([Quality.MEASURED, *sorted(BILLABLE)])
)
_SPOT = ("10", "-5.5", None, "0.083120000000000001", "1e1", "unavailable", "7")
_MODES = ("eco", "boost", None, "odd")


def signals_at(start: int) -> dict[str, str]:
    """Return what a sensor of a price and one of a mode show in an interval."""
    number = start // 300
    seen = {"spot": _SPOT[number % 7], "mode": _MODES[number // 7 % 4]}
    return {name: value for name, value in seen.items() if value is not None}


_CO2 = st.sampled_from([None, UnitPrice(Decimal("128.5")), UnitPrice(Decimal(0))])
_GRID_DISCOUNT = st.sampled_from(
    [
        None,
        *(
            GridDiscount(percent=Decimal(percent), grid_fee=UnitPrice(Decimal("9.55")))
            for percent in ("40", "20")
        ),
    ]
)
_WEIGHTS = st.sampled_from(
    [None, *map(Decimal, ("0", "0.05", "0.1", "0.15", "0.14285714285714"))]
)
"""Small enough for six houses."""


@dataclass(frozen=True)
class Case:
    """A community, a stretch of time around a local midnight, and what flowed."""

    terms: Terms
    span: Span
    rows: Mapping[int, Mapping[str, tuple[int, int, Quality]]]

    @property
    def measurements(self) -> Measurements:
        """What flowed, in the order in which houses are listed in `rows`."""
        return measurements_of(self.rows)

    def settled(self) -> Settlement:
        """Return the settlement."""
        return settle(self.terms, self.span, self.measurements)

    def shared(self, sharing: Sharing) -> Case:
        """Return the case with another way of sharing."""
        community = replace(self.terms.community, sharing=sharing)
        return replace(self, terms=replace(self.terms, community=community))

    def under(self, key: AllocationKey) -> Case:
        """Return the case with a key that counts until another one is chosen."""
        first, *later = self.terms.community.sharing
        return self.shared((replace(first, allocation=key), *later))

    def version_at(self, start: int) -> SharingVersion:
        """Return the way of sharing of an interval."""
        community = self.terms.community
        return version_on(community.sharing, local_date(start, community.zone))


def measurements_of(
    rows: Mapping[int, Mapping[str, tuple[int, int, Quality]]],
    span: Span | None = None,
    houses: Sequence[str] | None = None,
) -> Measurements:
    """Return rows as measurements, perhaps of a part of the time only."""
    if houses is None:
        houses = list(dict.fromkeys(house for row in rows.values() for house in row))
    nothing = (0, 0, Quality.MISSING)
    slices = []
    for start, row in sorted(rows.items()):
        if row and (span is None or start in span):
            cells = [row.get(house, nothing) for house in houses]
            slices.append(IntervalSlice(start, *zip(*cells, strict=True)))
    seen = [
        SignalValue(name, start, value)
        for start in sorted(rows)
        for name, value in signals_at(start).items()
        if span is None or start in span
    ]
    return Measurements(tuple(houses), slices, signals=seen)


@st.composite
def _agreements(draw: st.DrawFn, house_id: str, day: date) -> list[Agreement]:
    """Draw nobody, one occupant, or a change of occupant with or without a gap."""
    before, after = (
        day - timedelta(days=9),
        day + timedelta(days=draw(st.integers(0, 1))),
    )
    stays = [
        [],
        [(before, None)],
        [(before, day), (day, None)],
        [(before, day), (after, None)],
        [(before, day)],
        [(day, None)],
    ]
    return [
        Agreement(
            house_id=house_id,
            participant=Party(name=f"{house_id} from {first}"),
            tariff_id=draw(st.sampled_from(["day", "night"])),
            first=first,
            end=end,
            agreement_id=f"{house_id}@{first}",
            weight=draw(st.none() | _WEIGHTS),
            invoice=draw(st.sampled_from(["", "", "one", "other"])),
            vat=draw(VATS),
        )
        for first, end in draw(st.sampled_from(stays))
    ]


@st.composite
def _left(
    draw: st.DrawFn, agreements: Sequence[Agreement]
) -> dict[str, tuple[date, ...]]:
    """Draw houses that leave when an agreement ends, or a day later."""
    left: dict[str, tuple[date, ...]] = {}
    for earlier, later in pairwise((*agreements, None)):
        days = draw(st.sampled_from([None, 0, 1]))
        if earlier is None or earlier.end is None or days is None:
            continue
        day = earlier.end + timedelta(days=days)
        if later is None or later.house_id != earlier.house_id or day <= later.first:
            left[earlier.house_id] = (*left.get(earlier.house_id, ()), day)
    return left


@st.composite
def _sharing(draw: st.DrawFn, houses: Sequence[str], day: date) -> Sharing:
    """Draw a way of sharing, and perhaps another one from the day on."""
    days = draw(st.sampled_from([[], [day]]))
    return tuple(
        SharingVersion(
            valid_from=valid_from,
            allocation=draw(st.sampled_from(AllocationKey)),
            producers=draw(st.sampled_from(PLACES_ALL)),
            weights={
                house: weight
                for house in houses
                if (weight := draw(_WEIGHTS)) is not None
            },
            order=tuple(draw(st.lists(st.sampled_from(houses), unique=True))),
        )
        for valid_from in [SINCE_EVER, *days]
    )


@st.composite
def _benefits(draw: st.DrawFn, day: date) -> BenefitVersions:
    """Draw what is told beside the bills, and perhaps something else from a day on."""
    days = draw(st.sampled_from([[], [day]]))
    return tuple(
        BenefitVersion(
            valid_from=valid_from,
            co2_factor=draw(_CO2),
            grid_discount=draw(_GRID_DISCOUNT),
        )
        for valid_from in [SINCE_EVER, *days]
    )


@st.composite
def cases(draw: st.DrawFn, *, of_two_months: bool = False) -> Case:
    """Draw a community of up to five houses over up to six intervals."""
    days = [each for each in _DAYS if each[1].day == 1] if of_two_months else _DAYS
    timezone, day = draw(st.sampled_from(days))
    minutes = draw(st.sampled_from([15, 5]))
    currency = draw(st.sampled_from(["CHF", "CHF", "JPY", "KWD"]))
    unit = smallest_unit(currency)
    houses = [f"house_{n}" for n in range(1, draw(st.integers(1, 5)) + 1)]
    edge = midnight(day, ZoneInfo(timezone))
    span = Span(
        edge - draw(st.integers(int(of_two_months), 3)) * minutes * 60,
        edge + draw(st.integers(1, 3)) * minutes * 60,
    )
    rows = {
        start: {house: cell for house in houses if (cell := draw(_CELLS)) is not None}
        for start in interval_starts(span, minutes)
    }
    agreements = check_agreements(
        a for house in houses for a in draw(_agreements(house, day))
    )
    return Case(
        terms=Terms(
            community=Community(
                timezone=timezone,
                currency=currency,
                model=draw(st.sampled_from(Model)),
                interval_minutes=minutes,
                holidays=frozenset(draw(st.lists(st.just(day), max_size=1))),
                rounding=Money(draw(st.sampled_from([0, 1, 5])) * unit.ct),
                grid_tariff="day",
                benefits=draw(_benefits(day)),
                sharing=draw(_sharing(houses, day)),
            ),
            tariffs={name: draw(tariffs(name, day)) for name in ("day", "night")},
            agreements=agreements,
            owners={
                house: Owner(
                    party=Party(name="Owner"),
                    tariff_id=draw(st.sampled_from([None, "day", "night"])),
                    vat=draw(VATS),
                )
                for house in houses
                if draw(st.booleans())
            },
            left=draw(_left(agreements)),
        ),
        span=span,
        rows=rows,
    )
