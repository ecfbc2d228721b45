"""Share every interval of a segment and sum it per house.

A segment is a stretch of time in which no price, no occupant and no key changes.
Sharing happens interval by interval, and only sums leave this module. The sums are
taken a day at a time over whole lanes, which is what makes a month of a large
community a matter of a fraction of a second.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise

from .allocation import AllocationRule, Standing
from .calendar import Instant, Span
from .energy import Energy
from .gap_runs import GapRuns
from .measurements import IntervalSlice
from .quality import Quality
from .statements import HouseEnergy

type Trace = Callable[[IntervalSlice, Sequence[int], Sequence[int]], None]
"""Called per interval with what was measured, local import and local export."""

type SharingRule = Callable[[IntervalSlice], tuple[Sequence[int], Sequence[int]]]
"""What was measured in an interval -> local import and local export by house."""

_LANES_AT_A_TIME = 96


@dataclass(slots=True)
class Flagged:
    """The intervals of one house that share a quality other than MEASURED."""

    first: Instant
    last: Instant
    intervals: int = 0
    energy: int = 0
    """Import and export together, in mWh."""


@dataclass(slots=True)
class SegmentSums:
    """What a segment adds up to; lanes are by position of the house."""

    span: Span
    imported: list[int]
    exported: list[int]
    local_import: list[int]
    local_export: list[int]
    intervals: int = 0
    flagged: dict[tuple[int, Quality], Flagged] = field(default_factory=dict)

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
    edges: Sequence[Instant],
    interval_seconds: int,
    houses: Sequence[str],
    rule: SharingRule,
    gaps: GapRuns,
    trace: Trace | None,
) -> list[SegmentSums]:
    """Share all intervals, a segment between two edges after the other."""
    segments = []
    for start, end in pairwise(edges):
        own = islice(slices, (end - start) // interval_seconds)
        segments.append(share(own, Span(start, end), houses, rule, gaps, trace))
    # One more step makes the grid complain about slices behind the end.
    next(slices, None)
    return segments


def share(
    slices: Iterable[IntervalSlice],
    span: Span,
    houses: Sequence[str],
    rule: SharingRule,
    gaps: GapRuns,
    trace: Trace | None = None,
) -> SegmentSums:
    """Share all slices of a segment among the houses, and sum them.

    The slices must be the segment's, each interval once, and the segments come in
    the order of time: their gaps are noted as they go by.
    """
    gaps.enter(span.start)
    nothing = [0] * len(houses)
    sums = SegmentSums(span, nothing, nothing[:], nothing[:], nothing[:])
    remaining = iter(slices)
    while chunk := list(islice(remaining, _LANES_AT_A_TIME)):
        shares = [rule(measured) for measured in chunk]
        if trace is not None:
            for measured, (local_import, local_export) in zip(
                chunk, shares, strict=True
            ):
                trace(measured, local_import, local_export)
        _add_lanes(sums.imported, (measured.imported for measured in chunk))
        _add_lanes(sums.exported, (measured.exported for measured in chunk))
        _add_lanes(sums.local_import, (local for local, _ in shares))
        _add_lanes(sums.local_export, (local for _, local in shares))
        sums.intervals += len(chunk)
        for measured in chunk:
            if any(measured.quality):
                _note_flagged(sums.flagged, gaps, houses, measured)
    return sums


def sharing_by(
    consumers: AllocationRule, producers: AllocationRule, standing: Standing
) -> SharingRule:
    """Return how intervals are shared: producers sell what consumers got."""

    def share_interval(
        measured: IntervalSlice,
    ) -> tuple[Sequence[int], Sequence[int]]:
        bought = consumers(measured.imported, sum(measured.exported), standing)
        return bought, producers(measured.exported, sum(bought), standing)

    return share_interval


def _add_lanes(sums: list[int], lanes: Iterable[Sequence[int]]) -> None:
    sums[:] = map(sum, zip(sums, *lanes, strict=True))


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
        note.last = measured.start
        note.intervals += 1
        note.energy += energy
        if quality in gaps.calculated:
            gaps.note(houses[house], measured.start, energy)
