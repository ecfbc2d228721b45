"""Sharing one interval by each of the keys."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from hypothesis import given, strategies as st
import pytest

from custom_components.leg_invoicing.billing.allocation import (
    ALLOCATION,
    BY_WEIGHT,
    PLACES_ALL,
    AllocationKey,
    Standing,
)
from tests.billing.oracle import exact_shares, shares

KWH = 1_000_000
_ROOT = Path(__file__).resolve().parents[2]


def standing(
    houses: int, weights: Sequence[int] = (), order: Sequence[int] = (), whole: int = 10
) -> Standing:
    """Return how so many houses stand; weights are tenths, and equal by default."""
    return Standing(
        weights=weights or [1] * houses,
        whole=whole if weights else max(houses, 1),
        order=order or range(houses),
    )


def shared(key: str, claims: Sequence[float], supply: float, **of: object) -> list[str]:
    """Share kWh and return what each gets, in kWh to the last mWh."""
    lane = [round(claim * KWH) for claim in claims]
    rule = ALLOCATION[AllocationKey(key)]
    got = rule(lane, round(supply * KWH), standing(len(claims), **of))
    return [f"{share // KWH}.{share % KWH:06}" for share in got]


def test_every_key_has_a_rule() -> None:
    """A key that can be chosen can be computed."""
    assert list(ALLOCATION) == list(AllocationKey)
    assert [*PLACES_ALL, AllocationKey.STATIC] == sorted(
        AllocationKey, key=lambda key: (key == "static", [*AllocationKey].index(key))
    )
    assert set(BY_WEIGHT) < set(AllocationKey)


@pytest.mark.parametrize(
    ("key", "of", "got"),
    [
        ("proportional", {}, ["0.666667", "1.333333", "2.666667", "5.333333"]),
        ("static", {}, ["1.000000", "2.000000", "2.500000", "2.500000"]),
        (
            "static_rounds",
            {"weights": [4, 3, 2, 1]},
            ["1.000000", "2.000000", "4.000000", "3.000000"],
        ),
        ("equal", {}, ["1.000000", "2.000000", "3.500000", "3.500000"]),
        ("hybrid", {}, ["1.000000", "2.000000", "2.928571", "4.071429"]),
        ("priority", {}, ["1.000000", "2.000000", "4.000000", "3.000000"]),
        (
            "priority",
            {"order": [3, 2, 1, 0]},
            ["0.000000", "0.000000", "2.000000", "8.000000"],
        ),
    ],
)
def test_ten_among_one_two_four_and_eight(
    key: str, of: dict[str, list[int]], got: list[str]
) -> None:
    """The example that every key is explained by: P = 10 kWh, c = 1/2/4/8 kWh."""
    assert got == shared(key, [1, 2, 4, 8], 10, **of)


def test_the_table_in_the_documentation() -> None:
    """What the page says of each key is what the key gives."""
    rows = {
        key: " / ".join(
            f"{Decimal(kwh).normalize():f}" for kwh in shared(key, [1, 2, 4, 8], 10)
        )
        for key in AllocationKey
    }

    page = (_ROOT / "docs/how-settlement-works.md").read_text(encoding="utf-8")
    table = {
        cells[1].strip().strip("`"): cells[-2].strip()
        for line in page.partition("### Keys")[2].partition("Here all")[0].splitlines()
        if (cells := line.split("|"))[1:2] and "`" in cells[1]
    }
    assert rows == table


def test_one_after_the_other_in_france() -> None:
    """Of 1 kWh the first takes 0.4, the second gets 0.6 of its 0.8."""
    assert shared("priority", [0.4, 0.8], 1) == ["0.400000", "0.600000"]


def test_half_of_a_roof_in_germany() -> None:
    """A half of 10 kWh is 5, of which a need of 1 is met; nobody gets the other 4."""
    assert shared("static", [1], 10, weights=[5]) == ["1.000000"]


def test_plants_by_age_in_italy() -> None:
    """Of 6 kWh that were bought, the older plant sold its 3, the younger 3 of 5."""
    assert shared("priority", [3, 5], 6) == ["3.000000", "3.000000"]


@pytest.mark.parametrize(
    ("claims", "supply", "got"),
    [
        ([1, 2, 4, 8], 15, [1, 2, 4, 8]),
        ([1, 2, 4, 8], 99, [1, 2, 4, 8]),
        ([1, 2, 4, 8], 0, [0, 0, 0, 0]),
        ([0, 0], 5, [0, 0]),
        ([0, 0], 0, [0, 0]),
        ([], 0, []),
        ([], 5, []),
    ],
)
@pytest.mark.parametrize("key", PLACES_ALL)
def test_where_nothing_is_scarce(
    key: AllocationKey, claims: list[int], supply: int, got: list[int]
) -> None:
    """Who needs no more than there is gets it; of nothing, everybody gets nothing."""
    assert got == list(ALLOCATION[key](claims, supply, standing(len(claims))))


@pytest.mark.parametrize(
    ("key", "weights", "got"),
    [
        # 60 % of 10 are assigned; 4 are left, by the rules of each key.
        ("static", [2, 4], ["2.000000", "4.000000", "0.000000"]),
        ("static_rounds", [2, 4], ["3.333333", "6.666667", "0.000000"]),
        ("hybrid", [2, 4], ["3.882353", "5.411765", "0.705882"]),
        # Nobody has a share.
        ("static", [0, 0], ["0.000000", "0.000000", "0.000000"]),
        ("static_rounds", [0, 0], ["3.500000", "3.500000", "3.000000"]),
        ("hybrid", [0, 0], ["4.347826", "4.347826", "1.304348"]),
    ],
)
def test_houses_without_a_weight(key: str, weights: list[int], got: list[str]) -> None:
    """Fixed shares leave a house without one out, unless something is left over."""
    assert got == shared(key, [10, 10, 3], 10, weights=[*weights, 0])


def test_rounds_come_to_those_without_a_weight_in_the_end() -> None:
    """What no weight can use is shared equally, rather than left to the grid."""
    got = shared("static_rounds", [1, 5, 1.5], 5, weights=[10, 0, 0])

    assert got == ["1.000000", "2.500000", "1.500000"]


@pytest.mark.parametrize(
    ("key", "got"),
    [
        ("proportional", [4, 3, 3]),
        ("static", [4, 3, 3]),
        ("static_rounds", [4, 3, 3]),
        ("equal", [4, 3, 3]),
        ("hybrid", [4, 3, 3]),
        ("priority", [9, 1, 0]),
    ],
)
def test_the_last_unit_goes_to_the_first_of_equals(key: str, got: list[int]) -> None:
    """Ten mWh for three equal houses: the first by id gets the tenth."""
    rule = ALLOCATION[AllocationKey(key)]
    assert got == list(rule([9, 9, 9], 10, standing(3)))


_ENERGIES = st.sampled_from([0, 0, 1, 2, 3, 7, 10, 333_333, 10**6 + 1, 10**17 + 1])


@st.composite
def _stood(draw: st.DrawFn) -> tuple[list[int], int, Standing]:
    claims = draw(st.lists(_ENERGIES, max_size=6))
    weights = [draw(st.sampled_from([0, 0, 1, 1, 3, 10**9])) for _ in claims]
    # Sometimes they are all there is to share, sometimes not.
    whole = sum(weights) + draw(st.sampled_from([0, 1, 5])) or 1
    order = draw(st.permutations(range(len(claims))))
    return claims, draw(_ENERGIES), standing(len(claims), weights, order, whole)


@given(_stood())
@pytest.mark.parametrize("key", AllocationKey)
def test_every_key_agrees_with_fractions(
    key: AllocationKey, stood: tuple[list[int], int, Standing]
) -> None:
    """Nobody is more than one mWh off the exact share, and rounding loses nothing."""
    claims, supply, stands = stood
    got = ALLOCATION[key](claims, supply, stands)

    weights = [Fraction(weight, stands.whole) for weight in stands.weights]
    of = (claims, supply, weights, stands.order)
    assert list(got) == shares(key, *of)
    for claim, share, exact in zip(claims, got, exact_shares(key, *of), strict=True):
        assert 0 <= share <= claim
        assert abs(exact - share) < 1
    if key in PLACES_ALL:
        assert sum(got) == min(supply, sum(claims))


@given(_stood(), st.data())
@pytest.mark.parametrize("key", AllocationKey)
def test_listing_houses_differently_changes_a_mwh_at_most(
    key: AllocationKey, stood: tuple[list[int], int, Standing], data: st.DataObject
) -> None:
    """Only ties, which go by id, depend on where a house stands."""
    claims, supply, stands = stood
    got = ALLOCATION[key](claims, supply, stands)

    moved = data.draw(st.permutations(range(len(claims))))
    again = ALLOCATION[key](
        [claims[i] for i in moved],
        supply,
        Standing(
            weights=[stands.weights[i] for i in moved],
            whole=stands.whole,
            order=[moved.index(i) for i in stands.order],
        ),
    )

    for position, i in enumerate(moved):
        assert abs(again[position] - got[i]) <= 1
