"""What every settlement satisfies, on made-up communities of all sizes.

The settlement is held against one written a second time, in fractions, in
`test_oracle`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_UP, Decimal, localcontext
from fractions import Fraction
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.leg_invoicing.billing.agreements import check_agreements
from custom_components.leg_invoicing.billing.allocation import AllocationKey
from custom_components.leg_invoicing.billing.calendar import Span, interval_starts
from custom_components.leg_invoicing.billing.currencies import smallest_unit
from custom_components.leg_invoicing.billing.energy import Energy
from custom_components.leg_invoicing.billing.findings import FindingCode
from custom_components.leg_invoicing.billing.house_energy import HouseEnergy
from custom_components.leg_invoicing.billing.measurements import IntervalSlice
from custom_components.leg_invoicing.billing.membership import absences, houses_of
from custom_components.leg_invoicing.billing.models import CREDITS, LineKind, Model
from custom_components.leg_invoicing.billing.money import Money
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.billing.records import settlement_record
from custom_components.leg_invoicing.billing.settlement import settle, settle_energy
from custom_components.leg_invoicing.billing.statements import Settlement, Statement
from custom_components.leg_invoicing.billing.together import by_invoice

from .cases import Case, cases, measurements_of

# Each rule by itself; the settlement in fractions, which finds most, tries more.
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


@_for_every_key()
def test_9_what_has_an_owner_is_on_somebodys_bill(case: Case) -> None:
    """From the first thing that was measured on, whoever had the house then."""
    terms = case.terms
    owned = {a.house_id for a in terms.agreements if a.house_id in terms.owners}
    settlement = case.settled()

    for house_id in owned & settlement.houses.keys():
        billed = [s.energy for s in settlement.statements if _is_of(s, house_id)]
        assert _total(billed) == settlement.houses[house_id]
    unbilled = FindingCode.NO_AGREEMENT
    assert not owned & {f.house_id for f in settlement.findings if f.code is unbilled}


def _is_of(statement: Statement, house_id: str) -> bool:
    return statement.agreement.house_id == house_id
