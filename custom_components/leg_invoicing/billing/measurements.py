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
    value at least as good. A worse value never replaces a better one.
    """
    if old is None:
        return new
    imported, exported = old.imported, old.exported
    if new.imported is not None and (imported is None or new.quality <= old.quality):
        imported = new.imported
    if new.exported is not None and (exported is None or new.quality <= old.quality):
        exported = new.exported
    quality = _combined_quality(old, new)
    merged = IntervalRow(old.house_id, old.start, imported, exported, quality)
    return None if merged == old else merged


def _combined_quality(old: IntervalRow, new: IntervalRow) -> Quality:
    """Return the worst quality of the sides that stand after combining."""
    replaces_all = all(
        before is None or after is not None
        for before, after in (
            (old.imported, new.imported),
            (old.exported, new.exported),
        )
    )
    if replaces_all and new.quality <= old.quality:
        return new.quality
    if old.imported is None or old.exported is None:
        return max(old.quality, new.quality)
    return old.quality
