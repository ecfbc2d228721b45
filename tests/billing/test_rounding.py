"""Dividing whole units without losing or inventing one."""

from hypothesis import given, strategies as st
import pytest

from custom_components.leg_invoicing.billing.rounding import apportion
from tests.billing.oracle import shares

_WEIGHTS = st.lists(st.integers(0, 10**18), min_size=1, max_size=12).filter(any)


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (10, [1, 2, 4, 8], [1, 1, 3, 5]),  # 0.67, 1.33, 2.67, 5.33
        (1, [1, 1], [1, 0]),  # a tie goes to whoever stands first
        (2, [1, 1, 1], [1, 1, 0]),
        (2, [1, 2, 1], [1, 1, 0]),  # remainders .5, 0, .5
        (0, [3, 4], [0, 0]),
        (7, [0, 1, 0], [0, 7, 0]),
        (100, [1, 1, 1], [34, 33, 33]),
    ],
)
def test_parts_follow_the_weights(
    total: int, weights: list[int], parts: list[int]
) -> None:
    """Left-over units go to the largest remainders, ties to the first."""
    assert parts == apportion(total, weights)


@given(st.integers(0, 10**18), _WEIGHTS)
def test_parts_sum_to_the_whole(total: int, weights: list[int]) -> None:
    """Nothing is lost, and no part is a whole unit away from its exact share."""
    parts = apportion(total, weights)

    assert total == sum(parts)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - total * weight) < sum(weights)


@given(_WEIGHTS, st.data())
def test_parts_are_those_of_the_slow_division(
    weights: list[int], data: st.DataObject
) -> None:
    """Fractions give the same parts, also which of them are rounded up."""
    total = data.draw(st.integers(0, sum(weights)))

    assert shares("proportional", weights, total, [], []) == apportion(total, weights)
