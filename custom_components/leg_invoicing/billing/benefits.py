"""What a house gains by its community, besides what it is billed.

None of this is ever charged: it is told beside the bill. It is as exact as the bill
and, like energy, adds up over time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .dated import SINCE_EVER
from .energy import NO_ENERGY, Energy
from .money import NO_MONEY, Money, UnitPrice
from .rates import Rate
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Discounted:
    """Energy from the community for which a grid operator takes something off."""

    discount: GridDiscount
    energy: Energy

    @property
    def taken_off(self) -> Money:
        """How much that is, exactly."""
        return _part(self.energy * self.discount.grid_fee, self.discount.percent)


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
class BenefitVersion:
    """What a community tells beside its bills from one local day on."""

    valid_from: date = SINCE_EVER
    co2_factor: Rate | None = None
    """A kWh from the grid in grams, not in ct; None where CO₂ is not told."""
    grid_discount: GridDiscount | None = None
    ceiling: Ceiling | None = None


type BenefitVersions = tuple[BenefitVersion, ...]
"""Versions by date, one a day at most, the first since ever."""

NOTHING_TOLD: BenefitVersions = (BenefitVersion(),)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotCompared:
    """Energy on a statement of which nobody knows what it is worth elsewhere."""

    used: Energy = NO_ENERGY
    cost: Money = NO_MONEY
    """What it costs here, exactly."""
    delivered: Energy = NO_ENERGY
    revenue: Money = NO_MONEY
    """What it brings here, exactly."""

    def __add__(self, other: NotCompared) -> NotCompared:
        """Add what is not compared of another house."""
        return NotCompared(
            used=self.used + other.used,
            cost=self.cost + other.cost,
            delivered=self.delivered + other.delivered,
            revenue=self.revenue + other.revenue,
        )


ALL_COMPARED = NotCompared()


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefits:
    """What the energy on a statement is worth elsewhere."""

    grid_cost: Money = NO_MONEY
    """What the house's utility would charge for the energy that is charged here."""
    grid_revenue: Money = NO_MONEY
    """What the grid would pay for the energy that is credited here."""
    not_compared: NotCompared = ALL_COMPARED
    """What is in neither of the two."""
    co2_avoided: Decimal | None = None
    """In grams; None where nobody said how much there is in a kWh of the grid."""
    grid_discounts: tuple[Discounted, ...] = ()
    """Energy from the community by what holds for it; none where there is none."""


def summed_discounts(parts: Iterable[Discounted]) -> tuple[Discounted, ...]:
    """Return the energy of each discount, in the order in which they first come."""
    energies: dict[GridDiscount, Energy] = {}
    for part in parts:
        before = energies.get(part.discount, NO_ENERGY)
        energies[part.discount] = before + part.energy
    return tuple(Discounted(discount=d, energy=e) for d, e in energies.items())
