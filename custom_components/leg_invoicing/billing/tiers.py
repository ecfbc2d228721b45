"""Tiers: a price of the first kWh of a calendar month, and others of the next ones.

The limits are those of a whole month. Some days of one have their part of them: of
100 kWh, 17 of 31 days have 54.838709 kWh, and the other 14 the rest of the 100.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .energy import NO_ENERGY, Energy
from .fees import FeePart
from .money import UnitPrice


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """The energy of a month between two limits."""

    above: Energy = NO_ENERGY
    to: Energy | None
    """None for the last one, which has no end."""
    price: UnitPrice


def by_tier(
    tiers: Sequence[Tier], energy: Energy, days: FeePart
) -> Iterator[tuple[Tier, Energy]]:
    """Yield the energy of some days of a month tier by tier, where there is any."""
    taken = NO_ENERGY
    for tier in tiers:
        end = energy
        if tier.to is not None:
            end = min(energy, max(taken, _part(tier.to, days)))
        if end > taken:
            yield tier, end - taken
        taken = end


def _part(limit: Energy, days: FeePart) -> Energy:
    """Return the days' part of a limit; the parts of a month sum to the whole."""
    until = limit.mwh * (days.before + days.days) // days.of_days
    return Energy(until - limit.mwh * days.before // days.of_days)
