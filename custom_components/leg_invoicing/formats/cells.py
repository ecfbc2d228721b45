"""What the cells of our own files hold: houses, instants, energies.

Each reads one cell's text and raises ReasonedError, which says what is wrong and how
to write it.
"""

from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache

from ..billing.calendar import Instant, on_grid
from ..billing.decimal_text import NumberError, decimal_from_text
from ..billing.energy import Energy
from ..billing.reasons import ReasonedError
from .reasons import tables as because

_MOST_KWH = Decimal(10**12)
"""More than any register shows, and sums of mWh still fit 64 bits."""

_LATEST = int(datetime(2200, 1, 1, tzinfo=UTC).timestamp())


def house(text: str) -> str:
    """Read the id of a house."""
    if not text:
        raise ReasonedError(because.NO_HOUSE())
    return text


# A file names the same few thousand instants over and over, once for each house.
@lru_cache(maxsize=4096)
def instant(text: str) -> Instant:
    """Read an instant: ISO 8601 with its offset from UTC, in whole seconds."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError as err:
        raise ReasonedError(because.NO_TIME(text=text)) from err
    if time.tzinfo is None:
        raise ReasonedError(because.NO_OFFSET(text=text))
    if time.microsecond:
        raise ReasonedError(because.FRACTION_OF_SECOND(text=text))
    return plausible(int(time.timestamp()))


# Two years of quarter hours: a file may go through all of them for house after house.
@lru_cache(maxsize=1 << 16)
def interval_start(text: str, interval_minutes: int) -> Instant:
    """Read an instant at which an interval begins."""
    start = instant(text)
    if not on_grid(start, interval_minutes):
        raise ReasonedError(because.OFF_GRID(text=text, minutes=interval_minutes))
    return start


def energy_or_none(column: object, text: str) -> int | None:
    """Read kWh as mWh, rounded to the nearest; an empty cell is not known."""
    if not text:
        return None
    try:
        kwh = decimal_from_text(text)
    except NumberError as err:
        raise ReasonedError(because.AT(place=column, reason=err.reason)) from err
    if 0 <= kwh <= _MOST_KWH:
        return Energy.from_kwh(kwh).mwh
    wrong = because.NEGATIVE if kwh < 0 else because.TOO_MUCH
    raise ReasonedError(because.AT(place=column, reason=wrong(text=text)))


# Most values of a file are a few thousand different texts.
@lru_cache(maxsize=1 << 16)
def mwh(text: str, exponent: int) -> int:
    """Read an energy in units of 10^exponent mWh, rounded to whole mWh."""
    number = decimal_from_text(text)
    if number < 0:
        raise ReasonedError(because.NEGATIVE_CHANNEL(text=text))
    kwh = number.scaleb(exponent - 6)
    if kwh > _MOST_KWH:
        raise ReasonedError(because.TOO_MUCH(text=f"{kwh.normalize():f}"))
    return Energy.from_kwh(kwh).mwh


def plausible(at: Instant) -> Instant:
    """Return an instant that a meter can have been read at."""
    if not 0 <= at < _LATEST:
        raise ReasonedError(because.IMPLAUSIBLE_TIME())
    return at
