"""What was so in an interval besides energy."""

from decimal import Decimal

import pytest

from custom_components.leg_invoicing.billing.signals import signal_number


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("12.50", "12.50"),
        (" -3 ", "-3"),
        ("8.3e-05", "0.000083"),
        (None, None),
        ("unavailable", None),
        ("nan", None),
        ("1e40", None),
        ("1e-40", None),
    ],
)
def test_a_signal_is_a_number_or_missing(value: str | None, number: str | None) -> None:
    """What is no number that a price could be is missing."""
    assert signal_number(value) == (None if number is None else Decimal(number))
