"""What a settlement says of the community itself."""

from dataclasses import dataclass
from decimal import Decimal

from .energy import Energy
from .house_energy import HouseEnergy
from .money import NO_MONEY, Money


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityAccount:
    """The community's own side of a settlement."""

    energy: HouseEnergy
    """Sums over all houses."""
    grid_meter: HouseEnergy | None = None
    """What the meter at the grid counted; None where there is none."""
    value_grid_import: Money
    """Grid import at the community's grid price."""
    value_grid_export: Money
    balance: Money
    """What the account gains, exactly, before rounding and without VAT."""
    vat: Money = NO_MONEY
    """What it owes the tax office of what the houses pay."""
    input_vat: Money = NO_MONEY
    """What it pays to houses that owe VAT themselves, and may deduct from that."""
    rounding: Money
    """What the account gains by rounding the lines of the statements."""
    saved: Money = NO_MONEY
    """What all houses together save on energy."""
    co2_avoided: Decimal | None = None
    """The same in grams of CO₂; None where it is not told."""

    @property
    def losses(self) -> Energy | None:
        """What came from the grid, less what the houses were short of.

        Lost on the way, or taken by what no house's meter counts; negative where that
        gave something.
        """
        if self.grid_meter is None:
            return None
        from_grid = self.grid_meter.imported - self.grid_meter.exported
        return from_grid - (self.energy.imported - self.energy.exported)

    @property
    def shared(self) -> Energy:
        """Energy produced and used inside the community in the same interval."""
        return self.energy.local_import
