"""What every settlement with meters satisfies, and that a slow one agrees with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import assume, given, settings, strategies as st

from custom_components.leg_invoicing.billing.agreements import check_agreements
from custom_components.leg_invoicing.billing.calendar import (
    Span,
    interval_starts,
    local_date,
)
from custom_components.leg_invoicing.billing.common_area import CommonArea
from custom_components.leg_invoicing.billing.energy import Energy
from custom_components.leg_invoicing.billing.house_energy import HouseEnergy
from custom_components.leg_invoicing.billing.measurements import Measurements
from custom_components.leg_invoicing.billing.meters import MeterError
from custom_components.leg_invoicing.billing.models import CREDITS, LineKind, Model
from custom_components.leg_invoicing.billing.money import Money
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.billing.settlement import settle, settle_energy
from custom_components.leg_invoicing.billing.signals import SignalValue
from custom_components.leg_invoicing.billing.statements import Settlement
from custom_components.leg_invoicing.billing.terms import Terms
from custom_components.leg_invoicing.billing.written import TermsError
from tests.billing.build import metered
from tests.billing.cases import cases, measurements_of
from tests.billing.metering_oracle import Moment, settle_metered_slowly

_CELLS = st.none() | st.tuples(
    st.sampled_from([0, 0, 1, 3, 7, 250_000, 1_000_001, 10**17 + 1]),
    st.sampled_from([0, 0, 1, 2, 333_333, 1_000_000]),
    st.sampled_from([Quality.MEASURED, Quality.ESTIMATED]),
)
_PARTS = st.sampled_from(["1", "0.5", "2.25", "80"])
_IN_BRIEF = settings(max_examples=60)


@dataclass(frozen=True)
class Metered:
    """A community with meters, and what flowed."""

    terms: Terms
    span: Span
    rows: Mapping[int, Mapping[str, tuple[int, int, Quality]]]
    tags: Mapping[int, str]

    def measured(self, span: Span, points: Sequence[str] | None = None) -> Measurements:
        """Return what was measured in a part of the time."""
        values = [
            SignalValue("tag", s, tag) for s, tag in self.tags.items() if s in span
        ]
        return replace(measurements_of(self.rows, span, points), signals=values)

    def settled(self) -> Settlement:
        """Return the settlement."""
        return settle(self.terms, self.span, self.measured(self.span))

    def energy(self) -> Settlement:
        """Return the settlement of energy alone."""
        return settle_energy(self.terms, self.span, self.measured(self.span))

    def moments(self, houses: Sequence[str]) -> list[Moment]:
        """Return the intervals, as the slow settlement sees them."""
        return [
            Moment(self.terms, houses, start, _energies(row), self.tags.get(start))
            for start, row in self.rows.items()
        ]


def _energies(
    row: Mapping[str, tuple[int, int, Quality]],
) -> dict[str, tuple[int, int]]:
    return {point: cell[:2] for point, cell in row.items()}


@st.composite
def communities(draw: st.DrawFn) -> Metered:
    """Draw a community of some houses with some of all kinds of meters."""
    case = draw(cases())
    houses = sorted({h for row in case.rows.values() for h in row})
    agreed = sorted({a.house_id for a in case.terms.agreements})
    assume(agreed)
    one, two, three = (draw(st.sampled_from(agreed)) for _ in range(3))
    kinds: dict[str, dict[str, Any]] = {
        "bat": {"house": one, "role": "battery", "behind": draw(_maybe(one))},
        "ev": {"house": one, "role": "ev_charger", "behind": draw(_maybe(one))}
        | {"user": "tag", "users": {"A": two, "B": three}}
        | {"name": "Box", "tariff": draw(_maybe("day"))},
        "grid": {"role": "grid"},
        "main": {"role": "house"},
        "pump": {"house": two, "role": "heat_pump", "behind": draw(_maybe("ev", two))}
        | {"name": draw(_maybe("Box")), "tariff": draw(_maybe("night"))},
        "pv": {"house": two, "role": "pv", "tariff": draw(_maybe("night"))},
        "rest": {"house": three, "role": "house", "formula": "main - pump"},
        "stairs": {"role": "common_area", "share": draw(_shares(agreed))},
    }
    kept = draw(st.sets(st.sampled_from(sorted(kinds))))
    if "rest" in kept:
        kept |= {"main", "pump"}
    kept -= set() if "rest" in kept else {"main"}
    day = local_date(case.span.end - 1, case.terms.community.zone)
    for name in kept - {"main", "pump"}:
        kinds[name]["since"] = draw(_maybe(day.isoformat()))
    if "ev" not in kept and kinds["pump"]["behind"] == "ev":
        kinds["pump"]["behind"] = None
    terms = case.terms
    if "grid" not in kept and draw(st.booleans()):
        factors = st.sampled_from([Decimal(1), Decimal("0.5"), Decimal("0.333")])
        partly = (replace(a, factor=draw(factors)) for a in terms.agreements)
        terms = replace(terms, agreements=check_agreements(partly))
    try:
        terms = metered(terms, **{name: kinds[name] for name in sorted(kept)})
    except MeterError, TermsError:
        assume(False)
    points = [*houses, *sorted(kept - {"rest"})]
    starts = interval_starts(case.span, terms.community.interval_minutes)
    return Metered(
        terms=terms,
        span=case.span,
        rows={
            start: {p: cell for p in points if (cell := draw(_CELLS)) is not None}
            for start in starts
        },
        tags={
            start: tag
            for start in starts
            if (tag := draw(st.sampled_from([None, "A", "B", "C"]))) is not None
        },
    )


def _maybe(*values: str) -> st.SearchStrategy[str | None]:
    return st.sampled_from([None, *values])


@st.composite
def _shares(draw: st.DrawFn, houses: Sequence[str]) -> dict[str, Any]:
    some = sorted(draw(st.sets(st.sampled_from(houses), min_size=1)))
    return draw(
        st.sampled_from(
            [
                {"by": "equal"},
                {"by": "equal", "of": some},
                {"by": "area", "of": {house: draw(_PARTS) for house in some}},
            ]
        )
    )


@given(communities())
def test_the_settlement_agrees_with_a_slow_one(case: Metered) -> None:
    """Energies, costs, revenues and the account are those of fractions."""
    community = case.terms.community
    if community.model is Model.BREAK_EVEN:
        split = replace(community, model=Model.SPLIT)
        case = replace(case, terms=replace(case.terms, community=split))
    settlement = case.energy()
    rows = {start: _energies(row) for start, row in case.rows.items()}

    books = settle_metered_slowly(
        case.terms, rows, case.tags, sorted(settlement.houses)
    )

    for statement in settlement.statements:
        key = (statement.agreement.house_id, statement.agreement.first.isoformat())
        bill = books.bills.pop(key)
        assert statement.energy == HouseEnergy(
            imported=Energy(bill.imported),
            exported=Energy(bill.exported),
            local_import=Energy(bill.local_import),
            local_export=Energy(bill.local_export),
        )
        assert Fraction(statement.import_cost.ct) == bill.cost
        assert Fraction(statement.export_revenue.ct) == bill.revenue
    # An owner who had the house before anybody else is billed if there is something.
    assert not any(bill.imported or bill.exported for bill in books.bills.values())
    account = settlement.community
    assert books.grid_import_value == Fraction(account.value_grid_import.ct)
    assert books.grid_export_value == Fraction(account.value_grid_export.ct)
    assert Fraction(account.balance.ct) == books.balance


@_IN_BRIEF
@given(communities())
def test_nothing_is_negative_and_nothing_counts_twice(case: Metered) -> None:
    """What houses have is what the points above all others counted; none leaves."""
    case = replace(case, terms=replace(case.terms, left={}))
    settlement = case.energy()

    for energy in settlement.houses.values():
        parts = (energy.local_import, energy.grid_import, energy.local_export)
        assert min(*parts, energy.grid_export).mwh >= 0
    assume(all(agreement.factor == 1 for agreement in case.terms.agreements))
    used = 0
    for moment in case.moments(sorted(settlement.houses)):
        counting = moment.counting()
        used += sum(
            moment.value(point)[0]
            for point, meter in counting.items()
            if meter is None or meter.behind not in counting
        )
    assert settlement.community.energy.imported.mwh == used


@_IN_BRIEF
@given(communities(), st.data())
def test_the_parts_of_a_span_add_up_to_the_whole(
    case: Metered, data: st.DataObject
) -> None:
    """Cut anywhere on the grid, whoever got the odd mWh, and while a car charges."""
    cut = data.draw(st.sampled_from(list(case.rows)))
    assume(cut > case.span.start)
    spans = (Span(case.span.start, cut), Span(cut, case.span.end))

    whole = case.energy()
    parts = [settle_energy(case.terms, s, case.measured(s)) for s in spans]

    def sums(settlements: Sequence[Settlement]) -> Mapping[str, Any]:
        found: dict[str, list[Any]] = {}
        for settlement in settlements:
            for s in settlement.statements:
                row = found.setdefault(
                    s.agreement.agreement_id, [HouseEnergy(), 0, 0, 0]
                )
                row[0] += s.energy
                row[1] += Fraction(s.import_cost.ct)
                row[2] += Fraction(s.export_revenue.ct)
                row[3] += sum(session.energy.mwh for session in s.sessions)
        return found

    assert sums([whole]) == sums(parts)
    for name in ("value_grid_import", "value_grid_export", "balance"):
        amounts = (getattr(part.community, name) for part in parts)
        assert getattr(whole.community, name) == Money.total(amounts)
    losses = [p.community.losses for p in parts if p.community.losses is not None]
    assert (whole.community.losses is None) == (not losses)
    if losses and len(losses) == len(parts):
        assert whole.community.losses == Energy.total(losses)


@_IN_BRIEF
@given(communities(), st.data())
def test_the_order_of_points_changes_nothing(
    case: Metered, data: st.DataObject
) -> None:
    """Whatever is listed first gets no more for it."""
    points = list(dict.fromkeys(p for row in case.rows.values() for p in row))
    shuffled = data.draw(st.permutations(points))

    again = settle(case.terms, case.span, case.measured(case.span, shuffled))

    assert again == case.settled()


@_IN_BRIEF
@given(communities())
def test_what_is_printed_adds_up(case: Metered) -> None:
    """Charges are credits and what the community gains, to the cent."""
    settlement = case.settled()
    account = settlement.community
    lines = [line for s in settlement.statements for line in s.lines]
    credited = {*CREDITS, LineKind.SUPPLIER_VAT}
    charges = Money.total(ln.amount for ln in lines if ln.kind not in credited)
    credits_ = -Money.total(ln.amount for ln in lines if ln.kind in credited)

    grid = account.value_grid_export - account.value_grid_import
    if case.terms.community.model is Model.LOCAL_ONLY:
        grid = Money(Decimal(0))
    gains = account.balance + account.vat - account.input_vat + account.rounding
    assert charges + grid == credits_ + gains


@_IN_BRIEF
@given(communities())
def test_sessions_are_part_of_what_is_billed(case: Metered) -> None:
    """A bill lists no more than it charges, in the time it is about."""
    for statement in case.energy().statements:
        charged = Energy.total(session.energy for session in statement.sessions)
        assert charged <= statement.energy.imported
        for session in statement.sessions:
            assert statement.span.overlap(session.span) == session.span


@given(
    st.lists(st.integers(0, 10**9), min_size=1, max_size=40),
    st.lists(st.decimals(0, 100, places=2), min_size=1, max_size=5),
    st.integers(0, 10**6),
)
def test_the_parts_of_a_common_area_sum_to_it(
    energies: list[int], parts: list[Decimal], first: int
) -> None:
    """In every interval, each part rounded down or up."""
    assume(any(parts))
    area, whole = CommonArea.of(parts), sum(map(Fraction, parts))

    for i, mwh in enumerate(energies):
        divided = area.divide(mwh, (first + i) * 900)
        assert sum(divided) == mwh
        for got, part in zip(divided, parts, strict=True):
            assert abs(got - mwh * Fraction(part) / whole) < 1


def test_nobody_is_favoured_over_a_month() -> None:
    """Of 2976 odd mWh nobody has more than a few too many, or too few."""
    parts = [Decimal(1), Decimal(1), Decimal(1), Decimal("2.5")]
    area, whole = CommonArea.of(parts), Fraction(11, 2)
    steady = [100_001] * 2976
    by_turns = [12_345 if i % 2 else 999 for i in range(2976)]
    wild = [pow(i, 3, 400_009) for i in range(2976)]

    for energies, most in ((steady, 5), (by_turns, 10), (wild, 100)):
        too_many = [Fraction(0)] * len(parts)
        for i, mwh in enumerate(energies):
            for house, got in enumerate(area.divide(mwh, 1_767_222_000 + 900 * i)):
                too_many[house] += got - mwh * Fraction(parts[house]) / whole
        assert max(map(abs, too_many)) < most
