"""What some energy is worth at a rate."""

from collections.abc import Iterable
from typing import NamedTuple

from .energy import NO_ENERGY, Energy
from .money import NO_MONEY, Money
from .rates import Rate, SignalPrice
from .rounding import EXACT
from .sharing import ANYWHERE, SegmentSums, Where


class Worth(NamedTuple):
    """Energy that has a price, and what it comes to."""

    energy: Energy = NO_ENERGY
    value: Money = NO_MONEY

    @classmethod
    def total(cls, parts: Iterable[Worth]) -> Worth:
        """Sum any number of them; nothing sums to nothing."""
        parts = list(parts)
        return cls(
            Energy.total(part.energy for part in parts),
            Money.total(part.value for part in parts),
        )


def worth(
    sums: SegmentSums,
    house: int | None,
    energy: str,
    rate: Rate,
    where: Where = ANYWHERE,
) -> Worth:
    """Return what one of a house's energies is worth; of all houses for None.

    `energy` is a field of `HouseEnergy`. Where the signal that a price follows is
    missing, energy has none: it is not part of the answer.
    """
    if not isinstance(rate, SignalPrice):
        own: Energy = getattr(sums.energy(house, where), energy)
        return Worth(own, own * rate)
    signal = rate.signal_id
    where = where._replace(known=where.known | {signal})
    own = getattr(sums.energy(house, where), energy)
    weighted = getattr(sums.signal_energy(house, signal, where), energy)
    offset = EXACT.multiply(own.kwh, rate.offset)
    return Worth(own, Money(EXACT.fma(weighted, rate.multiplier, offset)))
