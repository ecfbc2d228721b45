"""Prices of intervals under which the community neither gains nor loses."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, strategies as st
import pytest

from custom_components.leg_invoicing.billing.allocation import AllocationKey
from custom_components.leg_invoicing.billing.break_even import BreakEven
from custom_components.leg_invoicing.billing.house_energy import HouseEnergy
from custom_components.leg_invoicing.billing.measurements import IntervalSlice
from custom_components.leg_invoicing.billing.models import Model
from custom_components.leg_invoicing.billing.money import UnitPrice
from custom_components.leg_invoicing.billing.settlement import settle, settle_energy
from custom_components.leg_invoicing.billing.sharing_versions import SharingVersion
from custom_components.leg_invoicing.billing.tariffs import Prices
from tests.billing.build import (
    agreement,
    ct,
    kwh,
    measured,
    printed,
    quarters,
    sharing,
    statement_of,
    terms,
    version,
)

_KWH = 1_000_000


def _prices(p_pv: str = "20", p_grid_del: str = "6", p_grid_con: str = "30") -> Prices:
    p_pv, p_del, p_con = (UnitPrice(Decimal(p)) for p in (p_pv, p_grid_del, p_grid_con))
    return Prices(
        p_pv=p_pv, p_con=UnitPrice(Decimal(99)), p_grid_del=p_del, p_grid_con=p_con
    )


def _per_kwh(prices: Prices, exported: int, imported: int) -> tuple[float, float]:
    """Return the prices of an interval in which so many kWh flowed."""
    rule = BreakEven.of(prices)
    flow = (imported * _KWH, exported * _KWH)
    grid = (max(0, flow[0] - flow[1]), max(0, flow[1] - flow[0]))
    paid, got = rule.totals(*flow, *grid)
    return (
        float(Fraction(rule.money(paid).ct) / (imported or 1)),
        float(Fraction(rule.money(got).ct) / (exported or 1)),
    )


@pytest.mark.parametrize(
    ("exported", "imported", "p_con", "p_pv"),
    [
        (10, 11, 20.909090909, 20),  # the published example
        (10, 10, 20, 20),
        (0, 5, 30, 0),
        (20, 10, 30, 18),  # 34 would be more than the grid asks
        (12, 10, 22.8, 20),
        (5, 0, 0, 6),
        (0, 0, 0, 0),
    ],
)
def test_prices_of_an_interval(
    exported: int, imported: int, p_con: float, p_pv: float
) -> None:
    """What consumers pay and producers get for a kWh."""
    assert _per_kwh(_prices(), exported, imported) == pytest.approx((p_con, p_pv))


def test_nobody_pays_more_than_the_grid_asks() -> None:
    """Where local power would be dearer, producers get what is left."""
    assert _per_kwh(_prices(p_pv="40"), 10, 11) == pytest.approx((30, 30))


_CT = st.decimals(-100, 100, places=3).map(str)


@given(
    st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)), max_size=5),
    st.tuples(_CT, _CT, _CT),
    st.integers(0, 100),
)
def test_nothing_is_left(
    cells: list[tuple[int, int]], prices: tuple[str, ...], percent: int
) -> None:
    """Consumers pay what producers get and what the grid is paid, to the last unit."""
    rule = BreakEven.of(_prices(*prices))
    imported, exported = ([cell[side] for cell in cells] for side in (0, 1))
    used, made = sum(imported), sum(exported)
    # A key may leave unshared what could have been.
    shared = min(used, made) * percent // 100
    bought, sold = used - shared, made - shared

    paid, got = rule.totals(used, made, bought, sold)

    assert paid - got - bought * rule.p_grid_con + sold * rule.p_grid_del == 0
    assert paid <= used * rule.p_grid_con
    parts = rule.share(
        IntervalSlice(0, imported, exported, [0] * len(cells)), bought, sold
    )
    assert (sum(parts[0]), sum(parts[1])) == (paid, got)


def test_a_month_breaks_even() -> None:
    """Lines have the average price, and the account of the community stays empty."""
    community = terms(
        agreement("house_1"), agreement("house_2"), model=Model.BREAK_EVEN
    )
    span = quarters("2026-01-05T12:00+01:00", 2)
    flowed = measured(span, house_1=["7/0", "10/0"], house_2=["4/10", "0/20"])

    settled = settle(community, span, flowed)

    # 7 of 11 kWh at 20.909…, then 10 kWh at 30: 446.36 ct for 17 kWh
    (line,) = statement_of(settled, "house_1").lines
    assert (line.is_average, line.quantity) == (True, Decimal(17))
    assert line.exact.ct.quantize(Decimal("0.0001")) == Decimal("446.3636")
    assert line.unit_price == ct("26.256684")
    assert printed(statement_of(settled, "house_2")) == [
        ("import", "4", "20.909091", "84"),
        ("export", "30", "18.666667", "-560"),
    ]
    assert settled.community.balance == ct("0")
    parts = [
        settle_energy(community, quarters(start, 1), measured(quarters(start, 1), **of))
        for start, of in (
            ("2026-01-05T12:00+01:00", {"house_1": "7/0", "house_2": "4/10"}),
            ("2026-01-05T12:15+01:00", {"house_1": "10/0", "house_2": "0/20"}),
        )
    ]
    costs = [statement_of(part, "house_1").import_cost for part in parts]
    assert costs[0] + costs[1] == line.exact


def test_what_the_key_leaves_is_bought_and_sold() -> None:
    """Fixed shares leave 5.666667 of 10 kWh to the grid, which others need: 30 ct it is."""
    span = quarters("2026-06-01T12:00+02:00", 1)
    houses = [agreement(f"house_{n}") for n in (1, 2, 3)]
    agreed = sharing(
        terms(*houses, model=Model.BREAK_EVEN),
        SharingVersion(allocation=AllocationKey.STATIC),
    )

    settled = settle(
        agreed, span, measured(span, house_1="0/10", house_2="1/0", house_3="10/0")
    )

    assert settled.community.shared == kwh("4.333333")
    prices = {
        statement.agreement.house_id: line.unit_price
        for statement in settled.statements
        for line in statement.lines
    }
    assert prices["house_2"] == prices["house_3"] == ct("30")
    assert settled.community.balance == ct("0")


def test_without_a_price_there_is_no_line_of_worth() -> None:
    """Energy before the community's first price is a finding, not a gift."""
    community = terms(
        agreement("house_1"),
        model=Model.BREAK_EVEN,
        versions=[version("2026-02-01")],
    )
    span = quarters("2026-01-05T12:00+01:00", 1)

    settled = settle(community, span, measured(span, house_1="1/0"))

    assert statement_of(settled, "house_1").lines == ()
    assert "no_tariff" in {finding.code for finding in settled.findings}


@pytest.mark.parametrize(
    ("imported", "exported", "p_con", "p_pv"),
    [
        ("11", "10", "20.909091", "20.000000"),
        ("0", "5", "30", "6.000000"),
        ("5", "0", "30.000000", "6"),
    ],
)
def test_prices_to_look_at(imported: str, exported: str, p_con: str, p_pv: str) -> None:
    """Sensors show what a kWh of the newest interval costs and brings."""
    rule = BreakEven.of(_prices())

    used, made = kwh(imported), kwh(exported)
    shared = min(used, made)
    energy = HouseEnergy(
        imported=used, exported=made, local_import=shared, local_export=shared
    )

    shown = rule.averages(energy)

    assert str(shown.p_con.ct_per_kwh) == p_con
    assert str(shown.p_pv.ct_per_kwh) == p_pv
    assert shown.p_grid_con.ct_per_kwh == 30
