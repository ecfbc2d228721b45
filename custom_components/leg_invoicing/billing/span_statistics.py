"""What a span amounts to: energy, power over its intervals, and what is known.

    power of an interval = energy ÷ length; the average is over the same intervals

An interval of several houses has a power when every one of them is known: a sum
that lacks a house would look like a low one.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from .energy import Energy
from .measurements import IntervalSlice
from .quality import BILLABLE, Quality
from .rounding import EXACT


@dataclass(slots=True)
class Flow:
    """One direction of energy."""

    mwh: int = 0
    """All that is known."""
    complete_mwh: int = 0
    """That of intervals in which everybody is known."""
    lowest: int | None = None
    highest: int | None = None
    """The energy of an interval, in mWh."""

    @property
    def energy(self) -> Energy:
        """All that is known, as an energy."""
        return Energy(self.mwh)

    def add(self, energies: Iterable[int], *, is_complete: bool) -> None:
        """Add an interval's energies of all houses."""
        mwh = sum(energies)
        self.mwh += mwh
        if is_complete:
            self.complete_mwh += mwh
            self.lowest = mwh if self.lowest is None else min(self.lowest, mwh)
            self.highest = mwh if self.highest is None else max(self.highest, mwh)


@dataclass(slots=True, kw_only=True)
class SpanStatistics:
    """A span of one house, or of several together."""

    seconds: int
    """The length of an interval."""
    intervals: int = 0
    complete: int = 0
    """Intervals in which everybody is known."""
    qualities: Counter[Quality] = field(default_factory=Counter)
    """How many intervals of houses have which quality."""
    used: Flow = field(default_factory=Flow)
    delivered: Flow = field(default_factory=Flow)

    @property
    def coverage(self) -> tuple[int, int]:
        """Return how many intervals of houses are known, and how many there are."""
        known = sum(n for quality, n in self.qualities.items() if quality in BILLABLE)
        return known, self.qualities.total()

    def powers(self, flow: Flow) -> Mapping[str, Decimal | None]:
        """Return the lowest, highest and average power of a flow, in W."""
        average = None
        if self.complete:
            average = _watt(flow.complete_mwh, self.seconds * self.complete)
        return {
            "min_power_w": _watt(flow.lowest, self.seconds),
            "max_power_w": _watt(flow.highest, self.seconds),
            "average_power_w": average,
        }


def span_statistics(slices: Iterable[IntervalSlice], seconds: int) -> SpanStatistics:
    """Sum up intervals, which are all there, known or not."""
    found = SpanStatistics(seconds=seconds)
    for _, imported, exported, lane, *_ in slices:
        qualities = [Quality(number) for number in lane]
        is_complete = BILLABLE.issuperset(qualities)
        found.intervals += 1
        found.complete += is_complete
        found.qualities.update(qualities)
        known = [quality in BILLABLE for quality in qualities]
        for flow, energies in ((found.used, imported), (found.delivered, exported)):
            flow.add(
                (
                    mwh
                    for mwh, is_known in zip(energies, known, strict=True)
                    if is_known
                ),
                is_complete=is_complete,
            )
    return found


def _watt(mwh: int | None, seconds: int) -> Decimal | None:
    """Return an energy over a time as a power: mWh × 3.6 ÷ s, to the mW."""
    if mwh is None:
        return None
    return EXACT.divide(Decimal(mwh * 3600), Decimal(seconds * 1000)).quantize(
        Decimal("0.001"), context=EXACT
    )
