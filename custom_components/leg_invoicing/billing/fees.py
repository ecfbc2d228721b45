"""Fees: what a house pays besides energy.

A fee by time is owed for each day: a month's fee is spread over the days of that
month, a year's over the days of that year, so that half of a month costs what the
other half leaves, to the last decimal. What a bill states is the days, of how many.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from .calendar import add_months
from .money import Money
from .rounding import EXACT

_DECIMALS = 6
"""Of a ct: finer than any bill, and still an end to a third of a month."""


class FeePer(StrEnum):
    """What a fee is owed for."""

    MONTH = "month"
    YEAR = "year"
    ONCE = "once"
    """When somebody comes to have the house."""
    KWH = "kwh"
    """Each kWh that the house is charged for."""


class FeeEach(StrEnum):
    """How many times a fee is owed."""

    HOUSE = "house"
    METER = "meter"
    """For every meter of the house, from the day on which it counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """An amount with a name."""

    name: str
    amount: Money
    per: FeePer
    each: FeeEach = FeeEach.HOUSE


@dataclass(frozen=True, slots=True)
class FeePart:
    """Some days of one month or year."""

    first: date
    """The first day of the month or year."""
    end: date
    """The first day of the next one."""
    days: int
    """How many are owed."""
    before: int
    """How many of it have gone by before these."""

    @property
    def of_days(self) -> int:
        """How many days the whole has."""
        return (self.end - self.first).days

    def share(self, amount: Money) -> Money:
        """Return what these days owe of the whole."""
        return _until(amount, self.before + self.days, self.of_days) - _until(
            amount, self.before, self.of_days
        )


_MONTHS = {FeePer.MONTH: 1, FeePer.YEAR: 12}


def fee_parts(per: FeePer, first: date, end: date) -> Iterator[FeePart]:
    """Yield what days from one to another, exclusive, are of months or of years.

    Raises KeyError for a fee that is not owed by time.
    """
    months = _MONTHS[per]
    whole = date(first.year, first.month if months == 1 else 1, 1)
    while whole < end:
        after = add_months(whole, months)
        begin = max(first, whole)
        days = (min(end, after) - begin).days
        yield FeePart(whole, after, days, (begin - whole).days)
        whole = after


def _until(amount: Money, days: int, of_days: int) -> Money:
    """Return what is owed for the first days of a month or year."""
    units = EXACT.multiply(amount.ct.scaleb(_DECIMALS, EXACT), Decimal(days))
    if days == of_days:
        return amount
    return Money(EXACT.divide_int(units, Decimal(of_days)).scaleb(-_DECIMALS, EXACT))
