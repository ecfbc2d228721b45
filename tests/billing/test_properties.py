"""What every settlement satisfies, on made-up communities of all sizes.

The numbers are those of the plan's list of properties. The last test holds the
settlement against one written a second time, in fractions.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_UP, Decimal, localcontext
from fractions import Fraction
from functools import partial
from itertools import chain, pairwise
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings, strategies as st
import pytest

from custom_components.leg_invoicing.billing.agreements import (
    Agreement,
    Owner,
    Party,
    check_agreements,
)
from custom_components.leg_invoicing.billing.allocation import PLACES_ALL, AllocationKey
from custom_components.leg_invoicing.billing.bands import HOLIDAY, Band, Bands, Window
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
from custom_components.leg_invoicing.billing.discounts import Discount, DiscountOf
from custom_components.leg_invoicing.billing.energy import Energy
from custom_components.leg_invoicing.billing.fees import Fee, FeePer
from custom_components.leg_invoicing.billing.findings import FindingCode
from custom_components.leg_invoicing.billing.house_energy import HouseEnergy
from custom_components.leg_invoicing.billing.measurements import (
    IntervalSlice,
    Measurements,
)
from custom_components.leg_invoicing.billing.membership import absences, houses_of
from custom_components.leg_invoicing.billing.models import CREDITS, LineKind, Model
from custom_components.leg_invoicing.billing.money import Money, UnitPrice
from custom_components.leg_invoicing.billing.percentage import Percentage
from custom_components.leg_invoicing.billing.quality import BILLABLE, Quality
from custom_components.leg_invoicing.billing.rates import SignalPrice
from custom_components.leg_invoicing.billing.records import settlement_record
from custom_components.leg_invoicing.billing.settlement import settle, settle_energy
from custom_components.leg_invoicing.billing.sharing_versions import (
    Sharing,
    SharingVersion,
)
from custom_components.leg_invoicing.billing.signal_bands import ModeBands
from custom_components.leg_invoicing.billing.signals import SignalValue
from custom_components.leg_invoicing.billing.statements import Settlement, Statement
from custom_components.leg_invoicing.billing.tariffs import Price, Tariff, TariffVersion
from custom_components.leg_invoicing.billing.terms import Community, Terms
from custom_components.leg_invoicing.billing.tiers import Tier
from custom_components.leg_invoicing.billing.together import by_invoice
from custom_components.leg_invoicing.billing.vat import NO_VAT, Vat, VatMode
from tests.billing.bill_oracle import bill_slowly
from tests.billing.oracle import nearest, settle_slowly, taxes

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
_NUMBERS = st.sampled_from(
    [
        UnitPrice(Decimal(text))
        for text in ("0", "6", "20", "25", "30.30000000000000004", "-0.5", "1e-7")
    ]
)
_RATES = _NUMBERS | st.sampled_from(
    [
        SignalPrice("spot", Decimal("1.08"), Decimal("2.5")),
        SignalPrice("spot", Decimal(-1)),
    ]
)
_SPOT = ("10", "-5.5", None, "0.083120000000000001", "1e1", "unavailable", "7")
_MODES = ("eco", "boost", None, "odd")


def _signals(start: int) -> dict[str, str]:
    """Return what a sensor of a price and one of a mode show in an interval."""
    number = start // 300
    seen = {"spot": _SPOT[number % 7], "mode": _MODES[number // 7 % 4]}
    return {name: value for name, value in seen.items() if value is not None}


_BANDS = st.sampled_from(
    [
        None,
        None,
        Bands((Band("late", (Window(start=23 * 60 + 45, end=15),)),), rest="early"),
        Bands(
            (
                Band("week", (Window(days=frozenset(range(5))),)),
                Band("end", (Window(days=frozenset({5, 6, HOLIDAY})),)),
            )
        ),
        ModeBands("mode", (("late", ("eco",)), ("early", ("boost",)))),
        ModeBands("mode", (("late", ("eco",)),), rest="early"),
    ]
)
_FEES = st.builds(
    Fee,
    name=st.just("Fee"),
    amount=st.sampled_from([Money(Decimal(text)) for text in ("500", "0.4", "-1")]),
    per=st.sampled_from(FeePer),
)
_DISCOUNTS = st.builds(
    Discount,
    name=st.just("Discount"),
    by=st.builds(
        Percentage,
        percent=st.sampled_from([Decimal(5), Decimal("33.333333")]),
        of=st.sampled_from(DiscountOf),
    )
    | _FEES.filter(lambda fee: fee.amount.ct > 0),
)
_LIMITS = st.sampled_from([1, 2, 250_000, 999_999, 10**12, 10**18])
_VATS = st.sampled_from(
    [
        NO_VAT,
        Vat(reason="none"),
        Vat(mode=VatMode.INCLUDED, rate=Decimal("8.1")),
        Vat(mode=VatMode.ON_TOP, rate=Decimal(20)),
    ]
)


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
_CLOSING = {LineKind.VAT, LineKind.SUPPLIER_VAT, LineKind.ROUNDING}
"""The kinds of line that follow from the others."""

_WEIGHTS = st.sampled_from(
    [None, *map(Decimal, ("0", "0.05", "0.1", "0.15", "0.14285714285714"))]
)
"""Small enough for six houses."""


# Each rule by itself; the last test, which finds most, tries more of them.
_IN_BRIEF = settings(max_examples=12)


def _for_every_key(**more: st.SearchStrategy[Any]) -> Callable[[Callable], Callable]:
    """Try a property under each of the keys, which the community has since ever."""

    def decorate(prop: Callable[..., None]) -> Callable[..., None]:
        def under_key(key: AllocationKey, case: Case, **drawn: Any) -> None:
            prop(case.under(key), **drawn)

        under_key.__name__, under_key.__doc__ = prop.__name__, prop.__doc__
        run = _IN_BRIEF(given(case=cases(), **more)(under_key))
        return pytest.mark.parametrize("key", AllocationKey)(run)

    return decorate


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
        for name, value in _signals(start).items()
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
            vat=draw(_VATS),
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
def _tariff(draw: st.DrawFn, name: str, day: date) -> Tariff:
    days = [day - timedelta(days=30), day, day + timedelta(days=1)]
    valid = days[draw(st.integers(0, 1)) : draw(st.integers(2, 3))]
    return Tariff(name, tuple(draw(_version(day)) for day in valid))


@st.composite
def _tiered(draw: st.DrawFn) -> Price:
    limits = sorted(draw(st.lists(_LIMITS, min_size=1, max_size=3, unique=True)))
    edges = [0, *limits]
    tiers = (
        Tier(above=Energy(above), to=Energy(to), price=draw(_NUMBERS))
        for above, to in pairwise(edges)
    )
    last = Tier(above=Energy(edges[-1]), to=None, price=draw(_NUMBERS))
    return Price.tiered((*tiers, last))


@st.composite
def _version(draw: st.DrawFn, valid_from: date) -> TariffVersion:
    bands = draw(_BANDS)

    def price(*, has_tiers: bool = False) -> Price:
        if has_tiers:
            return draw(_tiered())
        if bands is None or draw(st.booleans()):
            return Price.flat(draw(_RATES))
        return Price(tuple((name, draw(_RATES)) for name in bands.names))

    return TariffVersion(
        valid_from=valid_from,
        p_pv=price(has_tiers=draw(st.booleans())),
        p_con=price(has_tiers=draw(st.booleans())),
        p_grid_del=price(),
        p_grid_con=price(),
        p_standard=draw(st.none() | st.builds(price)),
        bands=bands,
        fees=tuple(draw(st.lists(_FEES, max_size=2))),
        discounts=tuple(draw(st.lists(_DISCOUNTS, max_size=2))),
        vat=draw(_VATS),
    )


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
def cases(draw: st.DrawFn) -> Case:
    """Draw a community of up to five houses over up to six intervals."""
    timezone, day = draw(st.sampled_from(_DAYS))
    minutes = draw(st.sampled_from([15, 5]))
    currency = draw(st.sampled_from(["CHF", "CHF", "JPY", "KWD"]))
    unit = smallest_unit(currency)
    houses = [f"house_{n}" for n in range(1, draw(st.integers(1, 5)) + 1)]
    edge = midnight(day, ZoneInfo(timezone))
    span = Span(
        edge - draw(st.integers(0, 3)) * minutes * 60,
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
            tariffs={name: draw(_tariff(name, day)) for name in ("day", "night")},
            agreements=agreements,
            owners={
                house: Owner(
                    party=Party(name="Owner"),
                    tariff_id=draw(st.sampled_from([None, "day", "night"])),
                    vat=draw(_VATS),
                )
                for house in houses
                if draw(st.booleans())
            },
            left=draw(_left(agreements)),
        ),
        span=span,
        rows=rows,
    )


def _of_members(case: Case) -> Iterator[tuple[int, int, Quality]]:
    """Yield what was measured in houses that had not left."""
    away = absences(case.terms)
    for start, row in case.rows.items():
        for house, cell in row.items():
            if not any(start in span for span in away.get(house, ())):
                yield cell


def _total(energies: Sequence[HouseEnergy]) -> HouseEnergy:
    return sum(energies, start=HouseEnergy())


@_for_every_key()
def test_1_every_interval_shares_exactly_what_there_is(case: Case) -> None:
    """What is bought was sold; only fixed shares leave something over."""
    seen: list[int] = []

    def trace(
        measured: IntervalSlice, bought: Sequence[int], sold: Sequence[int]
    ) -> None:
        shared = min(sum(measured.imported), sum(measured.exported))
        assert sum(bought) == sum(sold) <= shared
        if case.version_at(measured.start).allocation is not AllocationKey.STATIC:
            assert sum(bought) == shared
        seen.append(measured.start)

    settlement = settle(case.terms, case.span, case.measurements, trace)

    assert seen == list(
        interval_starts(case.span, case.terms.community.interval_minutes)
    )
    for energy in settlement.houses.values():
        assert energy.imported == energy.local_import + energy.grid_import
        assert energy.exported == energy.local_export + energy.grid_export
    assert settlement.community.energy == _total(list(settlement.houses.values()))
    flowed = list(_of_members(case))
    assert sum(cell[0] for cell in flowed) == settlement.community.energy.imported.mwh
    assert sum(cell[1] for cell in flowed) == settlement.community.energy.exported.mwh


@_for_every_key()
def test_2_nobody_receives_more_than_they_consumed(case: Case) -> None:
    """Shares lie between nothing and what the house itself used or delivered."""

    def trace(
        measured: IntervalSlice, bought: Sequence[int], sold: Sequence[int]
    ) -> None:
        for most, share in (
            *zip(measured.imported, bought, strict=True),
            *zip(measured.exported, sold, strict=True),
        ):
            assert 0 <= share <= most

    settle(case.terms, case.span, case.measurements, trace)


@_for_every_key(data=st.data())
def test_3_listing_houses_differently_changes_nothing(
    case: Case, data: st.DataObject
) -> None:
    """The settlement is the same in whatever order the houses come."""
    houses = data.draw(st.permutations(case.measurements.houses))
    agreements = data.draw(st.permutations(case.terms.agreements))
    terms = replace(case.terms, agreements=check_agreements(agreements))

    shuffled = settle(terms, case.span, measurements_of(case.rows, houses=houses))

    assert case.settled() == shuffled


def _with_twin(case: Case) -> Case:
    """Let another house be agreed on as the first one is, and none come first."""
    twins = [
        replace(a, house_id="house_0")
        for a in case.terms.agreements
        if a.house_id == "house_1"
    ]
    sharing = tuple(
        replace(
            version,
            allocation=_without_order(version.allocation),
            producers=_without_order(version.producers),
            weights=dict(
                [*version.weights.items()]
                + [("house_0", w) for h, w in version.weights.items() if h == "house_1"]
            ),
        )
        for version in case.terms.community.sharing
    )
    agreements = check_agreements([*case.terms.agreements, *twins])
    left = {"house_0": case.terms.left.get("house_1", ()), **case.terms.left}
    terms = replace(case.terms, agreements=agreements, left=left)
    return replace(case, terms=terms).shared(sharing)


def _without_order(key: AllocationKey) -> AllocationKey:
    return AllocationKey.EQUAL if key is AllocationKey.PRIORITY else key


@_for_every_key()
def test_3_equal_houses_get_equal_shares(case: Case) -> None:
    """Two houses with the same needs differ by one mWh an interval at most.

    As far as they stand alike: under `priority` one of them comes first.
    """
    case = _with_twin(case)
    rows = {
        start: {**row, "house_0": row["house_1"]}
        for start, row in case.rows.items()
        if "house_1" in row
    }
    houses = houses_of(case.terms, case.span, measurements_of(rows))

    def trace(
        measured: IntervalSlice, bought: Sequence[int], sold: Sequence[int]
    ) -> None:
        if measured.start in rows and "house_0" in houses:
            one, other = houses.index("house_0"), houses.index("house_1")
            assert abs(bought[one] - bought[other]) <= 1
            assert abs(sold[one] - sold[other]) <= 1

    settle(case.terms, case.span, measurements_of(rows), trace)


@_for_every_key(data=st.data())
def test_4_the_parts_of_a_span_add_up_to_the_whole(
    case: Case, data: st.DataObject
) -> None:
    """Cut anywhere on the grid: energies and exact amounts add up exactly."""
    starts = interval_starts(case.span, case.terms.community.interval_minutes)
    cut = data.draw(st.sampled_from(starts))
    spans = [Span(case.span.start, cut)] if cut > case.span.start else []
    spans.append(Span(cut, case.span.end))

    whole = settle_energy(case.terms, case.span, case.measurements)
    parts = [settle_energy(case.terms, s, measurements_of(case.rows, s)) for s in spans]

    def exact(settlements: Sequence[Settlement]) -> Mapping[str, object]:
        found: dict[str, list] = {}
        for settlement in settlements:
            for s in settlement.statements:
                row = found.setdefault(
                    s.agreement.agreement_id, [HouseEnergy(), *[0] * 4]
                )
                row[0] += s.energy
                row[1] += Fraction(s.import_cost.ct)
                row[2] += Fraction(s.export_revenue.ct)
                row[3] += Fraction(s.saved.ct)
                row[4] += Fraction(s.benefits.co2_avoided or 0)
                # What is printed differs from that by the rounding it states.
                assert s.total - s.rounding == -s.net
        return found

    assert exact([whole]) == exact(parts)
    for name in ("value_grid_import", "value_grid_export", "balance", "saved"):
        amounts = (getattr(part.community, name) for part in parts)
        assert getattr(whole.community, name) == Money.total(amounts)
    assert whole.community.energy == _total([p.community.energy for p in parts])


@_for_every_key()
def test_5_a_change_of_occupant_splits_the_energy(case: Case) -> None:
    """The occupants' energies sum to the house's, as if nobody had moved.

    As long as no house leaves, and all keep their weights: those that count for a
    house, not for an occupant or for those who have one.
    """
    weighted = tuple(
        replace(version, weights={"house_1": Decimal(0), **version.weights})
        for version in case.terms.community.sharing
    )
    unweighted = tuple(replace(a, weight=None) for a in case.terms.agreements)
    case = replace(case, terms=replace(case.terms, agreements=unweighted, left={}))
    case = case.shared(weighted)
    settled = {a.house_id for a in case.terms.agreements}
    unmoved = replace(
        case.terms,
        agreements=check_agreements(
            replace(
                next(a for a in case.terms.agreements if a.house_id == house_id),
                first=date(2020, 1, 1),
                end=None,
            )
            for house_id in settled
        ),
    )

    split = case.settled()
    whole = settle(unmoved, case.span, case.measurements)

    empty = HouseEnergy()
    for house_id in {*split.houses, *whole.houses}:
        assert split.houses.get(house_id, empty) == whole.houses.get(house_id, empty)
    for statement in whole.statements:
        house_id = statement.agreement.house_id
        parts = [s.energy for s in split.statements if s.agreement.house_id == house_id]
        unbilled = [
            finding.energy.mwh
            for finding in split.findings
            if finding.code is FindingCode.NO_AGREEMENT and finding.house_id == house_id
        ]
        flowed = _total(parts).imported + _total(parts).exported
        assert statement.energy.imported + statement.energy.exported == flowed + Energy(
            sum(unbilled)
        )
        if not unbilled:
            assert statement.energy == _total(parts)


@_for_every_key()
def test_6_the_same_input_gives_the_same_bytes(case: Case) -> None:
    """Settling again, under any decimal context, writes the same characters."""
    once = repr(settlement_record(case.settled(), "2026"))

    with localcontext(prec=3, rounding=ROUND_UP):
        again = repr(settlement_record(case.settled(), "2026"))

    assert once == again


@_for_every_key()
def test_7_what_is_printed_adds_up(case: Case) -> None:
    """Lines sum to totals, and totals to the community's account, to the cent."""
    settlement = case.settled()
    account = settlement.community
    unit = smallest_unit(case.terms.community.currency).ct

    for statement in settlement.statements:
        assert statement.total == Money.total(line.amount for line in statement.lines)
        for line in statement.lines:
            assert line.amount.ct % unit == 0
            assert abs((line.amount - line.exact).ct) <= unit / 2
    for invoice in by_invoice(settlement.statements):
        total = Money.total(statement.total for statement in invoice)
        if coin := case.terms.community.rounding.ct:
            assert total.ct % coin == 0
        kinds = [line.kind for s in invoice for line in s.lines]
        assert kinds.count(LineKind.ROUNDING) <= 1
    lines = [line for s in settlement.statements for line in s.lines]
    credited = {*CREDITS, LineKind.SUPPLIER_VAT}
    charges = Money.total(ln.amount for ln in lines if ln.kind not in credited)
    credits_ = -Money.total(ln.amount for ln in lines if ln.kind in credited)
    assert charges - credits_ == Money.total(s.total for s in settlement.statements)
    grid = account.value_grid_export - account.value_grid_import
    if case.terms.community.model is Model.LOCAL_ONLY:
        grid = Money(Decimal(0))
    gains = account.balance + account.vat - account.input_vat + account.rounding
    assert charges + grid == credits_ + gains


@given(cases())
def test_7_taxes_are_those_of_a_slow_bill(case: Case) -> None:
    """Each side's tax is computed on its own lines, and the total follows."""
    unit = Fraction(smallest_unit(case.terms.community.currency).ct)
    for invoice in by_invoice(case.settled().statements):
        total = sum(_slow_total(statement, unit) for statement in invoice)
        if coin := Fraction(case.terms.community.rounding.ct):
            total = nearest(total, coin)
        assert Fraction(Money.total(s.total for s in invoice).ct) == total


def _slow_total(statement: Statement, unit: Fraction) -> Fraction:
    """Return what a house owes before its invoice is rounded to coins."""
    charged, credited = [], []
    for line in statement.lines:
        amount = Fraction(line.amount.ct)
        vat = (str(line.vat.mode), Fraction(line.vat.rate))
        if line.kind in CREDITS:
            credited.append((*vat, -amount))
        elif line.kind not in _CLOSING:
            charged.append((*vat, amount))
    tax, added = taxes(charged, unit)
    supplier_tax, supplier_added = taxes(credited, unit)

    assert Fraction(statement.vat_amount.ct) == tax
    assert Fraction(statement.supplier_vat_amount.ct) == supplier_tax
    total = sum(line[2] for line in charged) - sum(line[2] for line in credited)
    return total + added - supplier_added


@_for_every_key()
def test_8_no_interval_without_data_goes_unsaid(case: Case) -> None:
    """Every interval of an agreement is counted, and the missing ones reported."""
    settlement = case.settled()
    starts = interval_starts(case.span, case.terms.community.interval_minutes)
    absent: dict[str, int] = {}
    for statement in settlement.statements:
        house_id = statement.agreement.house_id
        own = [start for start in starts if start in statement.span]
        missing = sum(house_id not in case.rows.get(start, {}) for start in own)
        assert missing == statement.intervals.get(Quality.MISSING, 0)
        assert len(own) == sum(statement.intervals.values())
        absent[house_id] = absent.get(house_id, 0) + missing

    reported = {
        finding.house_id: finding.intervals
        for finding in settlement.findings
        if finding.code is FindingCode.MISSING_DATA
    }
    assert {house: n for house, n in absent.items() if n} == reported


@given(cases())
def test_the_settlement_agrees_with_one_in_fractions(case: Case) -> None:
    """Energies, costs, revenues and the account equal those of the slow settlement."""
    settlement = settle_energy(case.terms, case.span, case.measurements)
    rows = {
        start: {house: cell[:2] for house, cell in case.rows.get(start, {}).items()}
        for start in interval_starts(case.span, case.terms.community.interval_minutes)
    }

    seen = {start: _signals(start) for start in rows}

    books = settle_slowly(case.terms, rows, sorted(settlement.houses), seen)

    # Prices of intervals are no decimals; what they come to is shared in whole units.
    is_valued = case.terms.community.model is Model.BREAK_EVEN
    near = partial(pytest.approx, rel=0, abs=Fraction(1, 10**5) if is_valued else 0)
    for statement in settlement.statements:
        agreement, energy = statement.agreement, statement.energy
        bill = books.bills.pop((agreement.house_id, agreement.first.isoformat()))
        assert energy == HouseEnergy(
            imported=Energy(bill.imported),
            exported=Energy(bill.exported),
            local_import=Energy(bill.local_import),
            local_export=Energy(bill.local_export),
        )
        assert Fraction(statement.import_cost.ct) == near(bill.cost)
        assert Fraction(statement.export_revenue.ct) == near(bill.revenue)
        assert Fraction((statement.saved - statement.net).ct) == bill.elsewhere
        assert (statement.benefits.co2_avoided or 0) == bill.co2
        taken_off = statement.grid_discount
        assert (taken_off.ct if taken_off else 0) == bill.taken_off
    assert books.bills == {}
    account = settlement.community
    assert books.grid_import_value == Fraction(account.value_grid_import.ct)
    assert books.grid_export_value == Fraction(account.value_grid_export.ct)
    assert Fraction(account.balance.ct) == near(books.balance)


@given(cases())
def test_bills_agree_with_those_in_fractions(case: Case) -> None:
    """Tiers, fees and discounts equal those of bills that are added up by hand."""
    assume(case.terms.community.model is not Model.BREAK_EVEN)
    settlement = case.settled()
    rows = {
        start: {house: cell[:2] for house, cell in case.rows.get(start, {}).items()}
        for start in interval_starts(case.span, case.terms.community.interval_minutes)
    }

    seen = {start: _signals(start) for start in rows}

    books = settle_slowly(case.terms, rows, sorted(settlement.houses), seen)

    for statement in settlement.statements:
        agreement = statement.agreement
        bill = books.bills[agreement.house_id, agreement.first.isoformat()]
        due = bill_slowly(bill.flows, bill.days, agreement)
        assert Fraction(statement.import_cost.ct) == due.cost
        assert Fraction(statement.export_revenue.ct) == due.revenue
        assert Fraction(statement.fees.ct) == due.fees
        assert Fraction(statement.discounts.ct) == due.discounts


@given(cases())
def test_months_add_up_to_the_period_of_both(case: Case) -> None:
    """Two months owe to the last decimal what the period of both owes."""
    zone = case.terms.community.zone
    edge = midnight(local_date(case.span.end - 1, zone).replace(day=1), zone)
    assume(case.span.start < edge)
    spans = [Span(case.span.start, edge), Span(edge, case.span.end)]

    parts = [settle(case.terms, s, measurements_of(case.rows, s)) for s in spans]

    names = ["import_cost", "export_revenue", "fees"]
    if case.terms.community.model is not Model.BREAK_EVEN:
        names.append("discounts")  # its average of two months may be below zero

    def amounts(settlements: Sequence[Settlement]) -> Mapping[str, list[Money]]:
        found: dict[str, list[Money]] = {}
        for statement in chain.from_iterable(s.statements for s in settlements):
            agreement_id = statement.agreement.agreement_id
            row = found.setdefault(agreement_id, [Money(Decimal(0))] * len(names))
            owed = (getattr(statement, name) for name in names)
            row[:] = [a + b for a, b in zip(row, owed, strict=True)]
        return found

    assert amounts([case.settled()]) == amounts(parts)


def test_a_slice_off_the_grid_is_an_error_of_the_program() -> None:
    """Rows outside the span, out of order or between intervals are not settled."""
    span = Span(0, 1800)
    terms = Terms(
        community=Community(timezone="UTC", currency="CHF", grid_tariff="day"),
        tariffs={"day": _ANY_TARIFF},
        agreements=(),
    )
    for starts in ([1800], [-900], [450], [900, 0], [0, 0]):
        slices = [IntervalSlice(start, [1], [0], [0]) for start in starts]
        with pytest.raises(ValueError, match="does not belong"):
            settle(terms, span, Measurements(("house_1",), slices))


_ANY_TARIFF = Tariff(
    "day",
    (
        TariffVersion(
            valid_from=date(1970, 1, 1),
            **dict.fromkeys(
                ("p_pv", "p_con", "p_grid_del", "p_grid_con"),
                Price.flat(UnitPrice(Decimal(1))),
            ),
        ),
    ),
)
