"""Share every interval of a segment and sum it per house.

A segment is a stretch of time in which no price, no occupant and no key changes.
Sharing happens interval by interval, and only sums leave this module. The sums are
taken a day at a time over whole lanes, which is what makes a month of a large
community a matter of a fraction of a second.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import NamedTuple

from .band_clock import Alike, BandClock, Schedule
from .break_even_sums import BreakEvenSums, RuleAt
from .calendar import Span
from .flagged import Flagged
from .gap_runs import GapRuns
from .house_energy import HouseEnergy
from .lanes import Lanes, Shares
from .layout import Layout
from .measurements import IntervalSlice
from .money import Money
from .quality import Quality
from .signal_sums import SignalEnergy


class Where(NamedTuple):
    """Some of the intervals of a segment: those to which all of this applies."""

    bands: Schedule | None = None
    band: str | None = None
    """They are in this band; None for any."""
    known: frozenset[str] = frozenset()
    """The signals, of `segment.clock.signals`, of which there is a number."""
    is_valued: bool = False
    """They have prices of their own, and those are known."""


ANYWHERE = Where()

type Trace = Callable[[IntervalSlice, Sequence[int], Sequence[int]], None]
"""Called per interval with what was measured, local import and local export."""

type SharingRule = Callable[[IntervalSlice], Shares]
"""What was measured in an interval -> how it is shared."""

_LANES_AT_A_TIME = 96


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of time in which no price and no occupant changes."""

    span: Span
    clock: BandClock
    """Tells the bands of the tariffs that are in force."""
    break_even: Callable[[Alike], RuleAt] | None = None
    """The prices of some bands, where they are found interval by interval."""

    def nothing(self, houses: int, alike: Alike) -> Lanes:
        """Return sums of nothing, for intervals that are alike."""
        rule_at = self.break_even and self.break_even(alike)
        known = (s for s in self.clock.signals if s not in alike.missing)
        return Lanes.nothing(houses, rule_at and BreakEvenSums(rule_at, houses), known)


@dataclass(slots=True)
class SegmentSums:
    """What a segment adds up to, by the bands that its intervals are in."""

    segment: Segment
    lanes: dict[Alike, Lanes] = field(default_factory=dict)
    intervals: int = 0
    flagged: dict[tuple[int, Quality], Flagged] = field(default_factory=dict)
    grid: SegmentSums | None = None
    """What the meter at the grid counted, as if it were the only house."""

    @property
    def span(self) -> Span:
        """When it was."""
        return self.segment.span

    def add_grid(self, alike: Alike, chunk: Sequence[IntervalSlice]) -> None:
        """Add what the meter at the grid counted, where there is one."""
        counted = [
            measured._replace(imported=measured.grid[:1], exported=measured.grid[1:])
            for measured in chunk
            if measured.grid is not None
        ]
        if not counted:
            return
        if self.grid is None:
            self.grid = SegmentSums(replace(self.segment, break_even=None))
        nothing = self.grid.segment.nothing(1, alike)
        lanes = self.grid.lanes.setdefault(alike, nothing)
        lanes.add(counted, [((0,), (0,))] * len(counted))

    def energy(self, house: int | None, where: Where = ANYWHERE) -> HouseEnergy:
        """Return the sums of the house at a position; of all houses for None."""
        return sum(
            (
                lanes.total() if house is None else lanes.energy(house)
                for lanes in self._within(where)
            ),
            start=HouseEnergy(),
        )

    def signal_energy(
        self, house: int | None, signal: str, where: Where = ANYWHERE
    ) -> SignalEnergy:
        """Return the same energies, each kWh times what a signal showed at its time.

        The signal is one of `segment.clock.signals`; where it was missing, nothing
        is added. With grams of CO₂ a kWh, it is grams.
        """
        known = where._replace(known=where.known | {signal})
        return sum(
            (lanes.signals[signal].energy(house) for lanes in self._within(known)),
            start=SignalEnergy(),
        )

    def value(self, house: int, where: Where, *, is_charge: bool) -> Money:
        """Return what a house's energy costs or brings, at the prices of intervals."""
        valued = (lanes.break_even for lanes in self._within(where))
        return Money.total(
            sums.value(house, is_charge=is_charge) for sums in valued if sums
        )

    def _within(self, where: Where) -> list[Lanes]:
        bands, band, known, is_valued = where
        band_of = self.segment.clock.band_of
        return [
            lanes
            for alike, lanes in self.lanes.items()
            if (band is None or bands is None or band_of(bands, alike) == band)
            and known <= lanes.signals.keys()
            and not (is_valued and not lanes.is_valued())
        ]

    def qualities(self, house: int) -> dict[Quality, int]:
        """Count the intervals of a house by quality, the best first."""
        counts = {
            quality: self.flagged[house, quality].intervals
            for quality in Quality
            if (house, quality) in self.flagged
        }
        measured = self.intervals - sum(counts.values())
        return ({Quality.MEASURED: measured} if measured else {}) | counts


def share_segments(
    slices: Iterator[IntervalSlice],
    segments: Sequence[Segment],
    interval_seconds: int,
    layout: Layout,
    rule: SharingRule,
    gaps: GapRuns,
    trace: Trace | None,
) -> list[SegmentSums]:
    """Share all intervals, a segment after the other."""
    sums = []
    for segment in segments:
        own = islice(slices, segment.span.seconds // interval_seconds)
        sums.append(share(own, segment, layout, rule, gaps, trace))
    # One more step makes the grid complain about slices behind the end.
    next(slices, None)
    return sums


def share(
    slices: Iterable[IntervalSlice],
    segment: Segment,
    layout: Layout,
    rule: SharingRule,
    gaps: GapRuns,
    trace: Trace | None = None,
) -> SegmentSums:
    """Share all slices of a segment among the houses, and sum their lanes.

    The slices must be the segment's, each interval once, and the segments come in
    the order of time: their gaps are noted as they go by.
    """
    gaps.enter(segment.span.start)
    sums = SegmentSums(segment)
    for alike, own in segment.clock.by_bands(slices):
        if (lanes := sums.lanes.get(alike)) is None:
            lanes = sums.lanes[alike] = segment.nothing(len(layout.lanes), alike)
        while chunk := list(islice(own, _LANES_AT_A_TIME)):
            by_house = layout.summed(chunk)
            shares = [rule(measured) for measured in by_house]
            if trace is not None:
                for measured, (local_import, local_export) in zip(
                    by_house, shares, strict=True
                ):
                    trace(measured, local_import, local_export)
            lanes.add(chunk, layout.divided(chunk, shares))
            sums.add_grid(alike, chunk)
            sums.intervals += len(chunk)
            for measured in by_house:
                if any(measured.quality):
                    _note_flagged(sums.flagged, gaps, layout.houses, measured)
    return sums


def _note_flagged(
    flagged: dict[tuple[int, Quality], Flagged],
    gaps: GapRuns,
    houses: Sequence[str],
    measured: IntervalSlice,
) -> None:
    for house, quality in enumerate(measured.quality):
        if quality == Quality.MEASURED:
            continue
        note = flagged.get((house, Quality(quality)))
        if note is None:
            note = Flagged(measured.start, measured.start)
            flagged[house, Quality(quality)] = note
        energy = measured.imported[house] + measured.exported[house]
        note.add(measured.start, energy)
        if quality in gaps.calculated:
            gaps.note(houses[house], measured.start, energy)
