"""How many decimals numbers have."""

from decimal import Decimal

import pytest

from custom_components.leg_invoicing.billing.scaled_sums import decimals_of


@pytest.mark.parametrize(
    ("numbers", "decimals"),
    [((), 0), (("5",), 0), (("1E+2",), 0), (("0.25", "1E+2", "3.125"), 3)],
)
def test_decimals_that_it_takes(numbers: tuple[str, ...], decimals: int) -> None:
    """As many as the longest has; none where there is no number, or no decimal."""
    assert decimals_of(map(Decimal, numbers)) == decimals
