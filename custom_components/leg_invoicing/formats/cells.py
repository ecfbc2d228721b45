"""What the cells of our own files hold: houses, instants, energies.

Each reads one cell's text and raises ValueError with a sentence that says what is
wrong and how to write it.
"""

from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache

from ..billing.calendar import Instant, on_grid
from ..billing.decimal_text import NumberError, decimal_from_text
from ..billing.energy import Energy

_MOST_KWH = Decimal(10**12)
"""More than any register shows, and sums of mWh still fit 64 bits."""

_LATEST = int(datetime(2200, 1, 1, tzinfo=UTC).timestamp())


def house(text: str) -> str:
    """Read the id of a house."""
    if not text:
        raise ValueError("the house is missing")
    return text


# A file names the same few thousand instants over and over, once for each house.
@lru_cache(maxsize=4096)
def instant(text: str) -> Instant:
    """Read an instant: ISO 8601 with its offset from UTC, in whole seconds."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError as err:
        raise ValueError(
            f"{text!r} is not a time; write it like 2026-01-01T00:00:00+01:00"
        ) from err
    if time.tzinfo is None:
        raise ValueError(
            f"{text!r} does not say its offset from UTC; write it like "
            "2026-01-01T00:00:00+01:00 or 2025-12-31T23:00:00Z"
        )
    if time.microsecond:
        raise ValueError(f"{text!r} has a fraction of a second; leave it out")
    return plausible(int(time.timestamp()))


# Two years of quarter hours: a file may go through all of them for house after house.
@lru_cache(maxsize=1 << 16)
def interval_start(text: str, interval_minutes: int) -> Instant:
    """Read an instant at which an interval begins."""
    start = instant(text)
    if not on_grid(start, interval_minutes):
        raise ValueError(
            f"{text!r} is not the start of an interval of {interval_minutes} minutes"
        )
    return start


def energy_or_none(column: str, text: str) -> int | None:
    """Read kWh as mWh, rounded to the nearest; an empty cell is not known."""
    if not text:
        return None
    try:
        kwh = decimal_from_text(text)
    except NumberError as err:
        raise ValueError(f"{column}: {err}") from err
    if kwh < 0:
        raise ValueError(f"{column}: {text} is negative; energy has a column each way")
    if kwh > _MOST_KWH:
        raise ValueError(f"{column}: {text} kWh is more than a meter can show")
    return Energy.from_kwh(kwh).mwh


# Most values of a file are a few thousand different texts.
@lru_cache(maxsize=1 << 16)
def mwh(text: str, exponent: int) -> int:
    """Read an energy in units of 10^exponent mWh, rounded to whole mWh."""
    number = decimal_from_text(text)
    if number < 0:
        raise ValueError(
            f"{text} is negative; energy is counted each way by a channel of its own"
        )
    kwh = number.scaleb(exponent - 6)
    if kwh > _MOST_KWH:
        raise ValueError(f"{text} is more than a meter can show")
    return Energy.from_kwh(kwh).mwh


def plausible(at: Instant) -> Instant:
    """Return an instant that a meter can have been read at."""
    if not 0 <= at < _LATEST:
        raise ValueError("a time before 1970 or after 2199; check the year")
    return at
