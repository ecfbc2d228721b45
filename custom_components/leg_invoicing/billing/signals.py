"""Signals: what was so in an interval besides energy.

The price of an exchange, the mode of a charger, the tag of who charges, the grams of
CO₂ in a kWh: whatever a sensor shows that the terms name. A signal's value is a text;
whoever needs a number reads it as one, and what is no number is missing there. There
is no value where none was seen: the last one is never taken for the next.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from .calendar import Instant
from .decimal_text import NumberError, decimal_from_text

NO_SIGNALS: Mapping[str, str] = MappingProxyType({})
"""What an interval says of which nothing but energy is known."""

_MOST_DIGITS = 12
"""Before the point: more than anything costs."""
_MOST_DECIMALS = 30


class SignalValue(NamedTuple):
    """What a sensor showed for the longest part of an interval."""

    signal_id: str
    """The sensor's id in Home Assistant's entity registry; any name in a file."""
    start: Instant
    """When the interval begins."""
    value: str
    """As it was shown. What was unavailable or unknown has no row."""


@lru_cache(maxsize=4096)
def signal_number(value: str | None) -> Decimal | None:
    """Return a signal's value as a number; None where it is missing or no number.

    A number of more than twelve digits before the point, or thirty after it, is none.
    """
    if value is None:
        return None
    try:
        number = decimal_from_text(value.strip())
    except NumberError:
        return None
    exponent = int(number.as_tuple().exponent)
    if number.adjusted() >= _MOST_DIGITS or exponent < -_MOST_DECIMALS:
        return None
    return number
