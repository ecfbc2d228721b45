"""Energies of a community, interval by interval.

One `IntervalSlice` holds one interval of every house, in the order of
`Measurements.houses`. Slices come as an iterable, so a year of a large community
never has to be in memory at once; a lane of plain integers per quantity keeps
settling fast.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .calendar import Instant, Span, interval_starts
from .quality import Quality


class IntervalSlice(NamedTuple):
    """One interval of all houses; the lanes are as long as the list of houses."""

    start: Instant
    imported: Sequence[int]
    """mWh taken from the meter's import register, never negative."""
    exported: Sequence[int]
    """mWh taken from the meter's export register, never negative."""
    quality: Sequence[int]
    """`Quality` values; MISSING where a house has no (or only half a) row."""


@dataclass(frozen=True, slots=True)
class Measurements:
    """What was measured: houses and their intervals in ascending order."""

    houses: tuple[str, ...]
    slices: Iterable[IntervalSlice]
    """Intervals that nobody has a row for may be left out."""


def on_every_interval(
    measurements: Measurements, houses: tuple[str, ...], span: Span, minutes: int
) -> Iterator[IntervalSlice]:
    """Yield a slice for each interval of the span, with lanes for `houses`.

    What is absent, an interval or a house, is MISSING; what may not be billed
    (TEMPORARY) carries no energy. Raises ValueError for a slice that lies off
    the grid, out of order or outside the span: the caller read the wrong rows.
    """
    nothing = [0] * len(houses)
    all_missing = [int(Quality.MISSING)] * len(houses)
    arrange = _arrangement(measurements.houses, houses)
    slices = iter(measurements.slices)
    upcoming = next(slices, None)
    for start in interval_starts(span, minutes):
        if upcoming is None or upcoming.start != start:
            yield IntervalSlice(start, nothing, nothing, all_missing)
            continue
        _, imported, exported, quality = upcoming
        if arrange is not None:
            imported = [imported[i] if i is not None else 0 for i in arrange]
            exported = [exported[i] if i is not None else 0 for i in arrange]
            quality = [
                quality[i] if i is not None else Quality.MISSING for i in arrange
            ]
        if Quality.TEMPORARY in quality:
            billable = [q != Quality.TEMPORARY for q in quality]
            imported = [e if b else 0 for e, b in zip(imported, billable, strict=True)]
            exported = [e if b else 0 for e, b in zip(exported, billable, strict=True)]
        yield IntervalSlice(start, imported, exported, quality)
        upcoming = next(slices, None)
    if upcoming is not None:
        raise ValueError(f"interval {upcoming.start} does not belong to {span}")


def _arrangement(
    have: tuple[str, ...], want: tuple[str, ...]
) -> list[int | None] | None:
    """Return where each wanted house stands among those there are."""
    if have == want:
        return None
    position = {house: i for i, house in enumerate(have)}
    return [position.get(house) for house in want]


class IntervalRow(NamedTuple):
    """One interval of one house, as the ledger and meter-data files hold it."""

    house_id: str
    start: Instant
    imported: int | None
    """mWh; None while the import register of this interval is not known."""
    exported: int | None
    quality: Quality


def combine(old: IntervalRow | None, new: IntervalRow) -> IntervalRow | None:
    """Return what should stand after `new` arrived; None when nothing changes.

    A side that was not known is filled in; a side that was known is replaced by a
    value at least as good. A worse value never replaces a better one. The row's
    quality is the worst of the sides that stand: where a worse value filled in one
    side, the other counts as no better from then on.
    """
    if old is None:
        return new
    imported, import_quality = _standing(old, new, old.imported, new.imported)
    exported, export_quality = _standing(old, new, old.exported, new.exported)
    known = [q for q in (import_quality, export_quality) if q is not None]
    quality = max(known, default=old.quality)
    merged = IntervalRow(old.house_id, old.start, imported, exported, quality)
    return None if merged == old else merged


def _standing(
    old: IntervalRow, new: IntervalRow, before: int | None, after: int | None
) -> tuple[int | None, Quality | None]:
    """Return one side's value and its quality, which is None where it is unknown."""
    if after is not None and (before is None or new.quality <= old.quality):
        return after, new.quality
    return before, None if before is None else old.quality
