"""Sharing one interval's production by proportion."""

import pytest

from custom_components.leg_invoicing.billing.allocation import (
    ALLOCATION,
    AllocationKey,
    proportional,
)


def test_every_key_has_a_rule() -> None:
    """A key that can be chosen can be computed."""
    assert set(ALLOCATION) == set(AllocationKey)


@pytest.mark.parametrize(
    ("claims", "supply", "shared"),
    [
        # P = 10 kWh, c = 1 / 2 / 4 / 8 kWh
        (
            [1_000_000, 2_000_000, 4_000_000, 8_000_000],
            10_000_000,
            [666_667, 1_333_333, 2_666_667, 5_333_333],
        ),
        ([1, 2, 4, 8], 15, [1, 2, 4, 8]),
        ([1, 2, 4, 8], 99, [1, 2, 4, 8]),
        ([1, 2, 4, 8], 14, [1, 2, 4, 7]),
        ([1, 2, 4, 8], 0, [0, 0, 0, 0]),
        ([0, 0], 5, [0, 0]),
        ([0, 0], 0, [0, 0]),
        ([], 0, []),
    ],
)
def test_proportional(claims: list[int], supply: int, shared: list[int]) -> None:
    """Each gets its part of the smaller of the two sides."""
    assert shared == list(proportional(claims, supply))
