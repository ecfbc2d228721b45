"""What a house gains by its community, besides what it is billed.

None of this is ever charged: it is told beside the bill. It is as exact as the bill
and, like energy, adds up over time.
"""

from dataclasses import dataclass

from .money import NO_MONEY, Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefits:
    """What the energy on a statement is worth elsewhere."""

    grid_cost: Money = NO_MONEY
    """What the house's utility would charge for the energy that is charged here."""
    grid_revenue: Money = NO_MONEY
    """What the grid would pay for the energy that is credited here."""
