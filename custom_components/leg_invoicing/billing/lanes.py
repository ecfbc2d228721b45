"""Sums of energy and worth over intervals, for all houses side by side."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .break_even_sums import BreakEvenSums
from .calendar import Instant
from .energy import Energy
from .house_energy import HouseEnergy
from .measurements import IntervalSlice
from .signal_sums import SignalSums

type Shares = tuple[Sequence[int], Sequence[int]]
"""Local import and local export, by house."""


@dataclass(slots=True)
class Lanes:
    """Sums of energy; lanes are by position of the house, in mWh."""

    imported: list[int]
    exported: list[int]
    local_import: list[int]
    local_export: list[int]
    break_even: BreakEvenSums | None
    """What it is worth, where prices are found interval by interval."""
    signals: Mapping[str, SignalSums]
    """The same energy × what signals showed; those that were missing are not there."""
    first: Instant = 0
    last: Instant = 0
    """The first and the last interval."""
    intervals: int = 0

    @classmethod
    def nothing(
        cls, houses: int, break_even: BreakEvenSums | None, signals: Iterable[str]
    ) -> Lanes:
        """Return sums of nothing."""
        nothing = [0] * houses
        return cls(
            nothing[:],
            nothing[:],
            nothing[:],
            nothing,
            break_even,
            {signal: SignalSums(signal, houses) for signal in signals},
        )

    def add(self, chunk: Sequence[IntervalSlice], shares: Sequence[Shares]) -> None:
        """Add intervals, and how they were shared."""
        _add_lanes(self.imported, (measured.imported for measured in chunk))
        _add_lanes(self.exported, (measured.exported for measured in chunk))
        _add_lanes(self.local_import, (local for local, _ in shares))
        _add_lanes(self.local_export, (local for _, local in shares))
        for sums in self._further:
            sums.add(chunk, shares)
        self.first = self.first or chunk[0].start
        self.last = chunk[-1].start
        self.intervals += len(chunk)

    @property
    def _further(self) -> Iterator[BreakEvenSums | SignalSums]:
        if self.break_even is not None:
            yield self.break_even
        yield from self.signals.values()

    def is_valued(self) -> bool:
        """Tell whether the intervals have prices of their own, all of them known."""
        return self.break_even is not None and self.break_even.is_priced

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
