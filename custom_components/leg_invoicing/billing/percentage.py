"""Per cent of something else, as entered."""

from dataclasses import dataclass
from decimal import Decimal

from .rounding import EXACT

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Percentage:
    """A part of a price, or of what is charged."""

    percent: Decimal
    of: str
    """The name of the whole."""

    def part_of(self, whole: Decimal) -> Decimal:
        """Return the part, exactly and without zeros that nobody entered."""
        return _short(EXACT.multiply(whole, self.percent).scaleb(-2, EXACT))

    def whole_of(self, part: Decimal) -> Decimal:
        """Return what a part is of: exactly where `part_of` returned it."""
        return _short(EXACT.divide(part.scaleb(2, EXACT), self.percent))


def _short(number: Decimal) -> Decimal:
    """Drop zeros at the end of decimals; those of 100 stay."""
    return EXACT.add(EXACT.normalize(number), _NOTHING)
