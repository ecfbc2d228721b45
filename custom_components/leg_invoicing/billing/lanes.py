"""Sums of energy and worth over intervals, for all houses side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .break_even import BreakEven
from .energy import Energy
from .house_energy import HouseEnergy
from .measurements import IntervalSlice
from .money import NO_MONEY, Money

type Shares = tuple[Sequence[int], Sequence[int]]
"""Local import and local export, by house."""


@dataclass(slots=True)
class Lanes:
    """Sums of energy; lanes are by position of the house, in mWh."""

    imported: list[int]
    exported: list[int]
    local_import: list[int]
    local_export: list[int]
    paid: list[int]
    """What the intervals cost, in units of `break_even`."""
    got: list[int]
    break_even: BreakEven | None
    """The prices, where they are found interval by interval."""

    @classmethod
    def nothing(cls, houses: int, break_even: BreakEven | None) -> Lanes:
        """Return sums of nothing."""
        nothing = [0] * houses
        lanes = (nothing[:], nothing[:], nothing[:], nothing[:], nothing[:], nothing)
        return cls(*lanes, break_even)

    def add(self, chunk: Sequence[IntervalSlice], shares: Sequence[Shares]) -> None:
        """Add intervals, and how they were shared."""
        _add_lanes(self.imported, (measured.imported for measured in chunk))
        _add_lanes(self.exported, (measured.exported for measured in chunk))
        _add_lanes(self.local_import, (local for local, _ in shares))
        _add_lanes(self.local_export, (local for _, local in shares))
        if self.break_even is not None:
            values = [
                self.break_even.share(
                    measured,
                    sum(measured.imported) - sum(local_import),
                    sum(measured.exported) - sum(local_export),
                )
                for measured, (local_import, local_export) in zip(
                    chunk, shares, strict=True
                )
            ]
            _add_lanes(self.paid, (paid for paid, _ in values))
            _add_lanes(self.got, (got for _, got in values))

    def value(self, house: int, *, is_charge: bool) -> Money:
        """Return what a house's energy costs or brings, at the prices of intervals."""
        if self.break_even is None:
            return NO_MONEY
        return self.break_even.money((self.paid if is_charge else self.got)[house])

    def energy(self, house: int) -> HouseEnergy:
        """Return the sums of the house at a position."""
        return HouseEnergy(
            imported=Energy(self.imported[house]),
            exported=Energy(self.exported[house]),
            local_import=Energy(self.local_import[house]),
            local_export=Energy(self.local_export[house]),
        )

    def total(self) -> HouseEnergy:
        """Return the sums over all houses."""
        return HouseEnergy(
            imported=Energy(sum(self.imported)),
            exported=Energy(sum(self.exported)),
            local_import=Energy(sum(self.local_import)),
            local_export=Energy(sum(self.local_export)),
        )


def _add_lanes(sums: list[int], lanes: Iterable[Sequence[int]]) -> None:
    sums[:] = map(sum, zip(sums, *lanes, strict=True))
