"""Running totals of settled intervals, which add up to the bill."""

from decimal import Decimal

from hypothesis import given, strategies as st
import pytest

from custom_components.leg_invoicing.billing.calendar import Span
from custom_components.leg_invoicing.billing.house_energy import HouseEnergy
from custom_components.leg_invoicing.billing.measurements import Measurements
from custom_components.leg_invoicing.billing.models import Model
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.billing.ratio import percentage
from custom_components.leg_invoicing.billing.settlement import settle
from custom_components.leg_invoicing.billing.tally import HouseTally, Tally, tally

from .build import agreement, at, ct, kwh, measured, quarters, terms, version

TWO_QUARTERS = quarters("2026-02-03T10:15Z", 2)


def test_totals_are_those_of_the_settlement() -> None:
    """A tally holds each house's energies, charges and credits, by hand."""
    settled = settle(
        terms(agreement("one"), agreement("two")),
        TWO_QUARTERS,
        measured(
            TWO_QUARTERS,
            one=["0.1/0.5", "0.3/0.1"],
            two=["0.3/0", "0.2/0 interpolated"],
        ),
    )

    totals = tally(settled)

    assert totals.house("one") == HouseTally(
        energy=HouseEnergy(
            imported=kwh("0.4"),
            exported=kwh("0.6"),
            local_import=kwh("0.16"),
            local_export=kwh("0.5"),
        ),
        cost=ct("10"),
        revenue=ct("12"),
        saved=ct("10.4"),
        intervals={Quality.MEASURED: 2},
    )
    assert totals.house("one").balance == ct("2")
    assert (totals + totals).house("one").co2_avoided is None
    assert totals.house("two").cost == ct("12.5")
    assert totals.house("two").intervals == {
        Quality.MEASURED: 1,
        Quality.INTERPOLATED: 1,
    }
    assert totals.energy.grid_import == kwh("0.4")
    assert totals.energy.grid_export == kwh("0.1")
    assert totals.value_grid_import == ct("12")
    assert totals.value_grid_export == ct("0.6")
    # 22.5 charged, 12 credited, 12 paid to the grid, 0.6 got from it.
    assert totals.balance == ct("-0.9")


def test_house_without_agreement_has_energy_and_no_amount() -> None:
    """A house that nobody is billed for still shows what it used."""
    span = quarters("2026-02-03T10:15Z", 1)

    totals = tally(settle(terms(agreement("one")), span, measured(span, two="1/0")))

    assert totals.house("two").energy.imported == kwh("1")
    assert totals.house("two").cost == ct("0")
    assert totals.house("two").coverage == (0, 0)


def test_unknown_house_has_nothing() -> None:
    """Asking for a house that is not there gives empty totals."""
    assert Tally().house("nobody") == HouseTally()


def test_both_occupants_of_a_house_count() -> None:
    """The totals of a house contain everyone who had it during the span."""
    span = Span(at("2026-02-03T23:45+01:00"), at("2026-02-04T00:15+01:00"))
    both = terms(
        agreement("one", end="2026-02-04"), agreement("one", first="2026-02-04")
    )

    totals = tally(settle(both, span, measured(span, one=["1/0", "2/0"])))

    assert totals.house("one").cost == ct("75")
    assert totals.house("one").coverage == (2, 2)


def test_coverage_counts_what_can_be_billed() -> None:
    """Interpolated intervals can be billed, temporary and missing ones cannot."""
    house = HouseTally(
        intervals={
            Quality.MEASURED: 5,
            Quality.INTERPOLATED: 2,
            Quality.TEMPORARY: 3,
            Quality.MISSING: 1,
        }
    )

    assert house.coverage == (7, 11)


def test_sum_keeps_houses_of_either_side() -> None:
    """A house that appears later, or leaves earlier, is in the sum."""
    early = Tally(houses={"one": HouseTally(cost=ct("1"))}, balance=ct("1"))
    late = Tally(houses={"two": HouseTally(cost=ct("2"))}, balance=ct("2"))

    both = early + late

    assert list(both.houses) == ["one", "two"]
    assert both.house("one").cost == ct("1")
    assert both.house("two").cost == ct("2")
    assert both.balance == ct("3")


PRICES = st.decimals("-1", "99", places=4).map(str)
CELLS = st.one_of(
    st.none(),
    st.builds(
        "{}/{} {}".format,
        st.decimals("0", "9", places=6),
        st.decimals("0", "9", places=6),
        st.sampled_from(["measured", "interpolated", "temporary"]),
    ),
)


@given(
    lanes=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=2, max_size=12),
    cut=st.integers(0, 12),
    p_con=PRICES,
    p_pv=PRICES,
    model=st.sampled_from(Model),
)
def test_totals_of_parts_add_up_to_the_whole(
    lanes: list[tuple[str | None, str | None, str | None]],
    cut: int,
    p_con: str,
    p_pv: str,
    model: Model,
) -> None:
    """Wherever a span is cut, over a change of price too, nothing is lost by it."""
    span = quarters("2026-02-03T22:00Z", len(lanes))
    middle = span.start + min(cut, len(lanes)) * 900
    community = terms(
        agreement("a"),
        agreement("b", end="2026-02-04"),
        agreement("b", first="2026-02-04"),
        model=model,
        versions=[version(p_con=p_con), version("2026-02-04", p_pv=p_pv)],
    )
    a, b, c = zip(*lanes, strict=True)
    whole = measured(span, a=a, b=b, c=c)

    parts = [
        tally(settle(community, part, _within(whole, part)))
        for part in (Span(span.start, middle), Span(middle, span.end))
        if part.seconds
    ]

    assert sum(parts, start=Tally()) == tally(settle(community, span, whole))


def _within(whole: Measurements, span: Span) -> Measurements:
    return Measurements(whole.houses, [s for s in whole.slices if s.start in span])


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(1, 2, "50.00"), (1, 3, "33.33"), (0, 7, "0.00"), (7, 7, "100.00")],
)
def test_percentage_has_two_decimals(part: int, whole: int, shown: str) -> None:
    """A ratio is shown with two decimals, however many it has."""
    assert str(percentage(part, whole)) == shown


def test_only_the_whole_is_a_hundred_per_cent() -> None:
    """One missing interval in a year of five minutes is seen."""
    assert percentage(105_119, 105_120) == Decimal("99.99")


def test_nothing_is_no_percentage() -> None:
    """Where there is no whole there is no ratio, rather than 0 or 100 %."""
    assert percentage(0, 0) is None
