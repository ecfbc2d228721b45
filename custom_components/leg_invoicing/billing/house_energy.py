"""Energy of a house, or of all of them, by where it came from and went."""

from dataclasses import dataclass

from .energy import NO_ENERGY, Energy


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseEnergy:
    """The energies of a house over some time."""

    imported: Energy = NO_ENERGY
    exported: Energy = NO_ENERGY
    local_import: Energy = NO_ENERGY
    """The part of `imported` that came from the community."""
    local_export: Energy = NO_ENERGY
    """The part of `exported` that the community used."""

    @property
    def grid_import(self) -> Energy:
        """The part that came from the grid."""
        return self.imported - self.local_import

    @property
    def grid_export(self) -> Energy:
        """The part that went to the grid."""
        return self.exported - self.local_export

    def __add__(self, other: HouseEnergy) -> HouseEnergy:
        """Add the energies of another stretch of time."""
        return HouseEnergy(
            imported=self.imported + other.imported,
            exported=self.exported + other.exported,
            local_import=self.local_import + other.local_import,
            local_export=self.local_export + other.local_export,
        )
