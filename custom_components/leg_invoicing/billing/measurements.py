"""Energies of a community, interval by interval.

One `IntervalSlice` holds one interval of every house, in the order of
`Measurements.houses`. Slices come as an iterable, so a year of a large community
never has to be in memory at once; a lane of plain integers per quantity keeps
settling fast.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple, Protocol

from .calendar import Instant, Span, interval_starts
from .quality import Quality
from .signals import NO_SIGNALS, SignalValue


class Timed(Protocol):
    """Something that begins at an instant."""

    @property
    def start(self) -> Instant:
        """When it begins."""


def taker[T: Timed](items: Iterable[T]) -> Callable[[Instant], list[T]]:
    """Return a function that takes off what begins before an instant.

    The items ascend, and so must the instants.
    """
    rest = iter(items)
    upcoming = next(rest, None)

    def take(end: Instant) -> list[T]:
        nonlocal upcoming
        taken = []
        while upcoming is not None and upcoming.start < end:
            taken.append(upcoming)
            upcoming = next(rest, None)
        return taken

    return take


class IntervalSlice(NamedTuple):
    """One interval of all houses; the lanes are as long as the list of houses."""

    start: Instant
    imported: Sequence[int]
    """mWh taken from the meter's import register, never negative."""
    exported: Sequence[int]
    """mWh taken from the meter's export register, never negative."""
    quality: Sequence[int]
    """`Quality` values; MISSING where a house has no (or only half a) row."""
    signals: Mapping[str, str] = NO_SIGNALS
    """What else was so, by signal; `on_every_interval` fills it in. Whoever makes
    other slices of these must hand it on."""
    grid: tuple[int, int] | None = None
    """mWh that came from the grid and went there; None where no meter says."""


@dataclass(frozen=True, slots=True)
class Measurements:
    """What was measured: houses and their intervals in ascending order."""

    houses: tuple[str, ...]
    slices: Iterable[IntervalSlice]
    """Intervals that nobody has a row for may be left out."""
    official: Iterable[IntervalRow] = ()
    """What a grid operator allocated from and to the community, by start."""
    signals: Iterable[SignalValue] = ()
    """What else was so, ascending by start; each signal once an interval at most."""


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
    signals_of = _signals_in_step(measurements.signals)
    for start in interval_starts(span, minutes):
        signals = signals_of(start)
        if upcoming is None or upcoming.start != start:
            yield IntervalSlice(start, nothing, nothing, all_missing, signals)
            continue
        lanes = _without_placeholders(*_arranged(upcoming, arrange))
        yield IntervalSlice(start, *lanes, signals)
        upcoming = next(slices, None)
    if upcoming is not None:
        raise ValueError(f"interval {upcoming.start} does not belong to {span}")


def _arranged(measured: IntervalSlice, arrange: list[int | None] | None) -> _Lanes:
    """Return imports, exports and qualities in the wanted order."""
    imported, exported, quality = measured[1:4]
    if arrange is None:
        return imported, exported, quality
    return (
        [imported[i] if i is not None else 0 for i in arrange],
        [exported[i] if i is not None else 0 for i in arrange],
        [quality[i] if i is not None else Quality.MISSING for i in arrange],
    )


def _without_placeholders(
    imported: Sequence[int], exported: Sequence[int], quality: Sequence[int]
) -> _Lanes:
    """Take the energy from what its sender will replace."""
    if Quality.TEMPORARY not in quality:
        return imported, exported, quality
    billable = [q != Quality.TEMPORARY for q in quality]
    return (
        [e if b else 0 for e, b in zip(imported, billable, strict=True)],
        [e if b else 0 for e, b in zip(exported, billable, strict=True)],
        quality,
    )


def _signals_in_step(
    values: Iterable[SignalValue],
) -> Callable[[Instant], Mapping[str, str]]:
    """Return a function that gives an interval's signals; the starts ascend."""
    take = taker(values)

    def signals_of(start: Instant) -> Mapping[str, str]:
        return {
            value.signal_id: value.value
            for value in take(start + 1)
            if value.start == start
        } or NO_SIGNALS

    return signals_of


def _arrangement(
    have: tuple[str, ...], want: tuple[str, ...]
) -> list[int | None] | None:
    """Return where each wanted house stands among those there are."""
    if have == want:
        return None
    position = {house: i for i, house in enumerate(have)}
    return [position.get(house) for house in want]


type _Lanes = tuple[Sequence[int], Sequence[int], Sequence[int]]


class Side(NamedTuple):
    """One register's part of an interval."""

    mwh: int | None
    """None while it is not known."""
    quality: Quality


class IntervalRow(NamedTuple):
    """One interval of one house, as the ledger and meter-data files hold it."""

    house_id: str
    start: Instant
    imported: int | None
    """mWh; None while the import register of this interval is not known."""
    exported: int | None
    quality: Quality
    """The worst of the sides that are known."""
    import_quality: Quality | None = None
    """How good the import is, where it is better than the row."""
    export_quality: Quality | None = None

    @property
    def sides(self) -> tuple[Side, Side]:
        """The import and the export."""
        import_quality, export_quality = (
            self.quality if own is None else own
            for own in (self.import_quality, self.export_quality)
        )
        return Side(self.imported, import_quality), Side(self.exported, export_quality)


class Rule(IntEnum):
    """When a value replaces one that is known; what is not known is filled in.

    The number says how much worse than the one that stands it may be.
    """

    FILL = -100
    """It never replaces one."""
    BETTER = -1
    """When it is better."""
    AS_GOOD = 0
    """When it is at least as good: the newer of two equal ones counts."""
    ALWAYS = 100
    """Whatever it is worth: somebody says so."""


def combine(
    old: IntervalRow | None, new: IntervalRow, rule: Rule = Rule.AS_GOOD
) -> IntervalRow | None:
    """Return what should stand after `new` arrived; None when nothing changes.

    Each side stands for itself: one that was not known is filled in, one that was
    known is replaced where the rule says so.
    """
    if old is None:
        return new
    sides = [
        _standing(before, after, rule)
        for before, after in zip(old.sides, new.sides, strict=True)
    ]
    known = [side.quality for side in sides if side.mwh is not None]
    worst = max(known, default=old.quality)
    better = (
        side.quality if side.mwh is not None and side.quality < worst else None
        for side in sides
    )
    merged = IntervalRow(
        old.house_id, old.start, sides[0].mwh, sides[1].mwh, worst, *better
    )
    return None if merged == old else merged


def _standing(before: Side, after: Side, rule: Rule) -> Side:
    """Return the side that stands."""
    if after.mwh is None:
        return before
    if before.mwh is None or after.quality - before.quality <= rule:
        return after
    return before
