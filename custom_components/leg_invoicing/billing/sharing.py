"""Share every interval of a segment and sum it per house.

A segment is a stretch of time in which no price, no occupant and no key changes.
Sharing happens interval by interval, and only sums leave this module. The sums are
taken a day at a time over whole lanes, which is what makes a month of a large
community a matter of a fraction of a second.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from .allocation import AllocationRule, Standing
from .band_clock import BandClock, BandNames
from .bands import Bands
from .break_even import BreakEven
from .calendar import Instant, Span
from .gap_runs import GapRuns
from .house_energy import HouseEnergy
from .lanes import Lanes, Shares
from .layout import Layout
from .measurements import IntervalSlice
from .money import Money
from .quality import Quality

type Trace = Callable[[IntervalSlice, Sequence[int], Sequence[int]], None]
"""Called per interval with what was measured, local import and local export."""

type SharingRule = Callable[[IntervalSlice], Shares]
"""What was measured in an interval -> how it is shared."""

_LANES_AT_A_TIME = 96


@dataclass(slots=True)
class Flagged:
    """The intervals of one house that share a quality other than MEASURED."""

    first: Instant
    last: Instant
    intervals: int = 0
    energy: int = 0
    """Import and export together, in mWh."""

    def add(self, start: Instant, mwh: int) -> None:
        """Note one more."""
        self.last = start
        self.intervals += 1
        self.energy += mwh


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of time in which no price and no occupant changes."""

    span: Span
    clock: BandClock
    """Tells the bands of the tariffs that are in force."""
    break_even: Callable[[BandNames], BreakEven] | None = None
    """The prices of some bands, where they are found interval by interval."""


@dataclass(slots=True)
class SegmentSums:
    """What a segment adds up to, by the bands that its intervals are in."""

    segment: Segment
    lanes: dict[BandNames, Lanes] = field(default_factory=dict)
    intervals: int = 0
    flagged: dict[tuple[int, Quality], Flagged] = field(default_factory=dict)

    @property
    def span(self) -> Span:
        """When it was."""
        return self.segment.span

    def energy(
        self, lane: int, bands: Bands | None = None, band: str | None = None
    ) -> HouseEnergy:
        """Return the sums of the lane at a position; in a band, if one is named."""
        within = self._within(bands, band)
        return sum((lanes.energy(lane) for lanes in within), start=HouseEnergy())

    def total(self, bands: Bands | None = None, band: str | None = None) -> HouseEnergy:
        """Return the sums over all lanes; in a band, if one is named."""
        within = self._within(bands, band)
        return sum((lanes.total() for lanes in within), start=HouseEnergy())

    def value(self, lane: int, *, is_charge: bool) -> Money:
        """Return what a lane's energy costs or brings, at the prices of intervals."""
        each = self.lanes.values()
        return Money.total(lanes.value(lane, is_charge=is_charge) for lanes in each)

    def _within(self, bands: Bands | None, band: str | None) -> Iterable[Lanes]:
        if bands is None or band is None:
            return self.lanes.values()
        band_of = self.segment.clock.band_of
        return [
            lanes
            for names, lanes in self.lanes.items()
            if band_of(bands, names) == band
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
    for names, own in segment.clock.by_bands(slices):
        if (lanes := sums.lanes.get(names)) is None:
            break_even = segment.break_even and segment.break_even(names)
            lanes = sums.lanes[names] = Lanes.nothing(len(layout.lanes), break_even)
        while chunk := list(islice(own, _LANES_AT_A_TIME)):
            by_house = layout.summed(chunk)
            shares = [rule(measured) for measured in by_house]
            if trace is not None:
                for measured, (local_import, local_export) in zip(
                    by_house, shares, strict=True
                ):
                    trace(measured, local_import, local_export)
            lanes.add(chunk, layout.divided(chunk, shares))
            sums.intervals += len(chunk)
            for measured in by_house:
                if any(measured.quality):
                    _note_flagged(sums.flagged, gaps, layout.houses, measured)
    return sums


def sharing_by(
    consumers: AllocationRule, producers: AllocationRule, standing: Standing
) -> SharingRule:
    """Return how intervals are shared: producers sell what consumers got.

    Where a meter at the grid says what came from there and went there, consumers got
    the rest of what they used from each other, and producers sold the rest of what
    they made to each other. The two differ by what a battery took or gave, and by
    what was lost on the way.
    """

    def share_interval(
        measured: IntervalSlice,
    ) -> tuple[Sequence[int], Sequence[int]]:
        if measured.grid is not None:
            return balanced(measured, *measured.grid)
        bought = consumers(measured.imported, sum(measured.exported), standing)
        return bought, producers(measured.exported, sum(bought), standing)

    def balanced(
        measured: IntervalSlice, from_grid: int, to_grid: int
    ) -> tuple[Sequence[int], Sequence[int]]:
        used, made = measured.imported, measured.exported
        return (
            consumers(used, max(0, sum(used) - from_grid), standing),
            producers(made, max(0, sum(made) - to_grid), standing),
        )

    return share_interval


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
