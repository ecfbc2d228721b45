"""Energy × a signal, summed over intervals for all houses side by side.

    Σ energy × (multiplier × signal + offset)
        = multiplier × Σ energy × signal + offset × Σ energy

So one sum for each signal is enough for all prices that follow it, and the same sum is
grams where the signal is grams a kWh.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from math import sumprod

from .measurements import IntervalSlice
from .rounding import EXACT
from .scaled_sums import ScaledSums, decimals_of
from .signals import signal_number

_MWH_PER_KWH = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalEnergy:
    """The energies of a house, each kWh times what a signal showed at its time.

    The names are those of `HouseEnergy`.
    """

    imported: Decimal = Decimal(0)
    exported: Decimal = Decimal(0)
    local_import: Decimal = Decimal(0)
    local_export: Decimal = Decimal(0)

    @property
    def grid_import(self) -> Decimal:
        """Of the part that came from the grid."""
        return EXACT.subtract(self.imported, self.local_import)

    @property
    def grid_export(self) -> Decimal:
        """Of the part that went to the grid."""
        return EXACT.subtract(self.exported, self.local_export)

    def __add__(self, other: SignalEnergy) -> SignalEnergy:
        """Add another stretch of time."""
        return SignalEnergy(
            **{
                name: EXACT.add(getattr(self, name), getattr(other, name))
                for name in _NAMES
            }
        )


_NAMES = tuple(field.name for field in fields(SignalEnergy))


class SignalSums:
    """The sums of one signal, over intervals in which it is known."""

    __slots__ = ("_lanes", "_signal_id")

    def __init__(self, signal_id: str, houses: int) -> None:
        """Begin with nothing."""
        self._signal_id = signal_id
        self._lanes = {name: ScaledSums(houses) for name in _NAMES}

    def add(
        self,
        chunk: Sequence[IntervalSlice],
        shares: Sequence[tuple[Sequence[int], Sequence[int]]],
    ) -> None:
        """Add intervals, and how they were shared."""
        numbers = [
            number
            for measured in chunk
            if (number := signal_number(measured.signals[self._signal_id])) is not None
        ]
        decimals = decimals_of(numbers)
        energies = (
            [measured.imported for measured in chunk],
            [measured.exported for measured in chunk],
            [local_import for local_import, _ in shares],
            [local_export for _, local_export in shares],
        )
        factors = [int(number.scaleb(decimals, EXACT)) for number in numbers]
        for sums, lanes in zip(self._lanes.values(), energies, strict=True):
            products = [
                int(sumprod(lane, factors)) for lane in zip(*lanes, strict=True)
            ]
            sums.add(decimals, [products])

    def energy(self, house: int | None) -> SignalEnergy:
        """Return the sums of the house at a position; of all houses for None."""
        return SignalEnergy(
            **{
                name: (sums.total() if house is None else sums.at(house)).scaleb(
                    -_MWH_PER_KWH, EXACT
                )
                for name, sums in self._lanes.items()
            }
        )
