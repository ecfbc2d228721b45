"""What a house gains by its community, besides what it is billed.

None of this is ever charged: it is told beside the bill. It is as exact as the bill
and, like energy, adds up over time.
"""

from dataclasses import dataclass
from decimal import Decimal

from .energy import Energy
from .money import NO_MONEY, Money, UnitPrice
from .rounding import EXACT


@dataclass(frozen=True, slots=True, kw_only=True)
class GridDiscount:
    """What a grid operator takes off its fee for energy that stays in the community.

    It does so on its own bill, which is why it is told here and never charged.
    """

    percent: Decimal
    """More than 0 and 100 at most."""
    grid_fee: UnitPrice
    """The whole fee for the use of the grid, before the discount; not below zero."""

    def on(self, energy: Energy) -> Money:
        """Return what is taken off for so much energy, exactly."""
        return _part(energy * self.grid_fee, self.percent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """The most that a community may agree to charge for energy."""

    percent: Decimal
    """Of the utility's price, for energy from the community; 0 to 100."""

    def allows(self, local: Money, grid: Money) -> Money:
        """Return the most for energy of which the parts would cost so much elsewhere."""
        return grid + _part(local, self.percent)


def _part(whole: Money, percent: Decimal) -> Money:
    return Money(EXACT.multiply(whole.ct, percent).scaleb(-2, EXACT))


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefits:
    """What the energy on a statement is worth elsewhere."""

    grid_cost: Money = NO_MONEY
    """What the house's utility would charge for the energy that is charged here."""
    grid_revenue: Money = NO_MONEY
    """What the grid would pay for the energy that is credited here."""
    co2_avoided: Decimal | None = None
    """In grams; None where nobody said how much there is in a kWh of the grid."""
    grid_discount: GridDiscount | None = None
    """What holds for energy from the community; None where there is none."""
