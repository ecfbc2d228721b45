"""Sums of whole numbers of a decimal, which becomes finer where a value asks for it."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from .rounding import EXACT


class ScaledSums:
    """Sums by position, all in units of the same decimal: exact, and fast."""

    __slots__ = ("_decimals", "_sums")

    def __init__(self, positions: int) -> None:
        """Begin with nothing."""
        self._sums = [0] * positions
        self._decimals = 0

    def add(self, decimals: int, lanes: Iterable[Sequence[int]]) -> None:
        """Add lanes of whole numbers, in units of a decimal."""
        if decimals > self._decimals:
            factor = 10 ** (decimals - self._decimals)
            self._sums = [value * factor for value in self._sums]
            self._decimals = decimals
        if decimals == self._decimals:
            self._sums = list(map(sum, zip(self._sums, *lanes, strict=True)))
            return
        factor = 10 ** (self._decimals - decimals)
        self._sums = [
            value + sum(more) * factor
            for value, *more in zip(self._sums, *lanes, strict=True)
        ]

    def at(self, position: int) -> Decimal:
        """Return a sum itself."""
        return self._scaled(self._sums[position])

    def total(self) -> Decimal:
        """Return the sum of all."""
        return self._scaled(sum(self._sums))

    def _scaled(self, units: int) -> Decimal:
        return Decimal(units).scaleb(-self._decimals, EXACT)


def decimals_of(numbers: Iterable[Decimal]) -> int:
    """Return how many decimals it takes to write all of the numbers, not below 0."""
    return max([0, *(-int(n.as_tuple().exponent) for n in numbers)])
