"""Running totals of settled intervals: what the sensors show.

A tally is what remains of a settlement when lines and rounding are left out, so
tallies of neighbouring spans add up to the tally of both. The totals of a
period's intervals are therefore the exact amounts of its bill.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce
from types import MappingProxyType

from .house_energy import HouseEnergy
from .money import NO_MONEY, Money
from .quality import BILLABLE, Quality
from .rounding import EXACT
from .statements import Settlement


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseTally:
    """One house so far."""

    energy: HouseEnergy = HouseEnergy()
    cost: Money = NO_MONEY
    """What the house is charged."""
    revenue: Money = NO_MONEY
    """What the house is credited, positive."""
    saved: Money = NO_MONEY
    """What its energy would have cost more elsewhere; may be negative."""
    co2_avoided: Decimal | None = None
    """In grams; None where it is not told."""
    intervals: Mapping[Quality, int] = field(
        default_factory=lambda: MappingProxyType({})
    )

    @property
    def balance(self) -> Money:
        """Revenue less cost: positive when the community owes the house."""
        return self.revenue - self.cost

    @property
    def coverage(self) -> tuple[int, int]:
        """Return how many intervals can be billed, and how many there should be."""
        billable = sum(n for q, n in self.intervals.items() if q in BILLABLE)
        return billable, sum(self.intervals.values())

    def __add__(self, other: HouseTally) -> HouseTally:
        """Add another stretch of time."""
        return HouseTally(
            energy=self.energy + other.energy,
            cost=self.cost + other.cost,
            revenue=self.revenue + other.revenue,
            saved=self.saved + other.saved,
            co2_avoided=_sum(self.co2_avoided, other.co2_avoided),
            intervals=Counter(self.intervals) + Counter(other.intervals),
        )


def _sum(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    known = [grams for grams in (one, other) if grams is not None]
    return reduce(EXACT.add, known) if known else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """All houses and the community's own account so far."""

    houses: Mapping[str, HouseTally] = field(
        default_factory=lambda: MappingProxyType({})
    )
    energy: HouseEnergy = HouseEnergy()
    value_grid_import: Money = NO_MONEY
    value_grid_export: Money = NO_MONEY
    balance: Money = NO_MONEY
    meters: Mapping[str, HouseEnergy] = field(
        default_factory=lambda: MappingProxyType({})
    )
    """What meters besides the houses' own measured."""

    def __add__(self, other: Tally) -> Tally:
        """Add another stretch of time."""
        return Tally(
            houses={
                house_id: self.house(house_id) + other.house(house_id)
                for house_id in sorted({*self.houses, *other.houses})
            },
            energy=self.energy + other.energy,
            value_grid_import=self.value_grid_import + other.value_grid_import,
            value_grid_export=self.value_grid_export + other.value_grid_export,
            balance=self.balance + other.balance,
            meters={
                meter_id: self.meter(meter_id) + other.meter(meter_id)
                for meter_id in sorted({*self.meters, *other.meters})
            },
        )

    def meter(self, meter_id: str) -> HouseEnergy:
        """Return what a meter measured; nothing where there is none."""
        return self.meters.get(meter_id, HouseEnergy())

    def house(self, house_id: str) -> HouseTally:
        """Return one house; nothing where there is none."""
        return self.houses.get(house_id, HouseTally())


def tally(settlement: Settlement) -> Tally:
    """Return the totals of a settlement."""
    houses = {
        house_id: HouseTally(energy=energy)
        for house_id, energy in settlement.houses.items()
    }
    for statement in settlement.statements:
        house_id = statement.agreement.house_id
        houses[house_id] += HouseTally(
            cost=statement.import_cost,
            revenue=statement.export_revenue,
            saved=statement.saved or NO_MONEY,
            co2_avoided=statement.co2_avoided,
            intervals=statement.intervals,
        )
    account = settlement.community
    return Tally(
        houses=houses,
        energy=account.energy,
        value_grid_import=account.value_grid_import,
        value_grid_export=account.value_grid_export,
        balance=account.balance,
    )
