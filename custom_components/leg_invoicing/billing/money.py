"""Money and prices as exact decimals, in hundredths of the currency (ct).

A price keeps exactly what was entered. An amount stays exact until it becomes a
line of a statement; `Money.rounded_to` is the only way to get there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from typing import Self

from .rounding import EXACT, to_multiple


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount of money in ct; adds, subtracts and compares, nothing else."""

    ct: Decimal

    @classmethod
    def total(cls, parts: Iterable[Money]) -> Self:
        """Sum any number of amounts; nothing sums to zero."""
        return cls(reduce(EXACT.add, (part.ct for part in parts), Decimal(0)))

    def rounded_to(self, unit: Money) -> Money:
        """Round to a multiple of a unit or coin, halves away from zero."""
        return Money(to_multiple(self.ct, unit.ct))

    @property
    def rounded(self) -> Money:
        """The amount in whole ct, halves away from zero."""
        return self.rounded_to(CENT)

    @property
    def units(self) -> Decimal:
        """The amount in whole units of the currency (CHF, EUR): ct ÷ 100."""
        return self.ct.scaleb(-2, EXACT)

    @property
    def times_hundred(self) -> Money:
        """A hundred times as much: the whole of what this is a per cent of."""
        return Money(self.ct.scaleb(2, EXACT))

    def __add__(self, other: Money) -> Money:
        """Add another amount."""
        return Money(EXACT.add(self.ct, other.ct))

    def __sub__(self, other: Money) -> Money:
        """Subtract another amount."""
        return Money(EXACT.subtract(self.ct, other.ct))

    def __neg__(self) -> Money:
        """Turn a charge into a credit."""
        return Money(EXACT.minus(self.ct))


@dataclass(frozen=True, slots=True, order=True)
class UnitPrice:
    """A price of energy in ct/kWh, as entered; may be zero or negative."""

    ct_per_kwh: Decimal

    @property
    def units_per_kwh(self) -> Decimal:
        """The price in whole units of the currency per kWh (CHF/kWh)."""
        return self.ct_per_kwh.scaleb(-2, EXACT)


NO_MONEY = Money(Decimal(0))
CENT = Money(Decimal(1))
"""A hundredth of the currency."""
