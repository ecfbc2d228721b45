"""A register's reading that a person took, and what it says about a gap.

Between two instants at which a register's value is known from a meter, a reading
by hand divides the advance: the intervals before it and those after it are counted
again by the rules for all readings (`registers`), so their sum stays what the
register advanced, exactly. It never changes what a meter measured; a reading that
contradicts the ones before and after it is refused.

All values are the register's own course, which goes on from one meter to the next.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from .calendar import Instant
from .energy import Energy
from .gathering import Gathering, RegisterKey
from .measurements import IntervalRow, Side
from .quality import Quality
from .register_state import Reading
from .registers import RegisterLimits


class ContradictionError(ValueError):
    """A reading contradicts another one; `code` makes the sentence."""

    def __init__(self, code: str, other: Reading) -> None:
        """Remember the other reading."""
        super().__init__(f"{code}: {other}")
        self.code = code
        self.other = other


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What is known of a register, besides what a person says now."""

    anchors: tuple[Reading, ...]
    """Values at edges of the grid that a meter showed, in any order."""
    loose: tuple[Reading, ...] = ()
    """Further readings, at any time and in any order."""
    newest: Reading | None = None
    """The value at the newest edge, by whatever it was calculated."""
    sides: Mapping[Instant, Side]
    """The register's part of the intervals that are known, by start."""

    def is_measured(self, start: Instant) -> bool:
        """Tell whether an interval was measured."""
        side = self.sides.get(start)
        return side is not None and side.quality is Quality.MEASURED

    def mwh(self, start: Instant) -> int | None:
        """Return the energy of an interval, where it is known."""
        side = self.sides.get(start)
        return None if side is None else side.mwh


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """The readings of the stretch that is to be counted again, in order."""

    before: tuple[Reading, ...]
    after: tuple[Reading, ...]
    is_open: bool
    """There is no value from a meter behind it: the register goes on from here."""
    is_measured: bool
    """Meters have measured it all: there is nothing to count again."""


def stretch_around(course: Course, at: Instant, interval_seconds: int) -> Stretch:
    """Return the readings between the values from meters on either side."""
    start, end = _bounds(course, at, interval_seconds)
    inside = sorted(
        (
            reading
            for reading in course.loose
            if (start is None or start.at < reading.at)
            and (end is None or reading.at < end.at)
        ),
        key=_at,
    )
    is_measured = start is not None and (
        start == end or course.is_measured(at - at % interval_seconds)
    )
    return Stretch(
        before=(*_optional(start), *(r for r in inside if r.at <= at)),
        after=(*(r for r in inside if r.at > at), *_optional(end)),
        is_open=end is None,
        is_measured=is_measured,
    )


def _bounds(
    course: Course, at: Instant, length: int
) -> tuple[Reading | None, Reading | None]:
    """Return the nearest values from meters, where a register's values are known.

    What was spread over a gap sums to what the register advanced, however it was
    spread. So values can be followed from one edge to the next through all that is
    known, measured or not. Without a value from a meter before, it begins where
    that ends.
    """
    first = max((a for a in course.anchors if a.at <= at), key=_at, default=None)
    last = min((a for a in course.anchors if a.at >= at), key=_at, default=None)
    rising = list(_forward(first, course, length))
    falling = list(_backward(last or course.newest, course, length))
    sound = _sound_edges(course, length)
    start, end = (
        [edge for edge in edges if edge.at in sound] for edges in (rising, falling)
    )
    before = [e for e in start if e.at <= at] or [e for e in end if e.at <= at]
    after = [e for e in end if e.at >= at] or [e for e in start if e.at >= at]
    if not before and falling and falling[-1].at <= at:
        before = [falling[-1]]
    return max(before, key=_at, default=None), min(after, key=_at, default=None)


def _sound_edges(course: Course, length: int) -> set[Instant]:
    """Return the edges at which a meter was read."""
    measured = {start for start in course.sides if course.is_measured(start)}
    ends = {start + length for start in measured}
    return {anchor.at for anchor in course.anchors} | measured | ends


def fitted(reading: Reading, stretch: Stretch, limits: RegisterLimits) -> Reading:
    """Return a reading that lies between its neighbours.

    One that is off by no more than a register's noise is taken as the neighbour's
    value. Raises ContradictionError for one that is off by more.
    """
    value = reading.value
    before, after = stretch.before[-1:], stretch.after[:1]
    for other in before:
        if other.value - value > limits.noise:
            raise ContradictionError("reading_too_low", other)
    for other in after:
        if value - other.value > limits.noise:
            raise ContradictionError("reading_too_high", other)
    for other in (*before, *after):
        rise, seconds = abs(value.mwh - other.value.mwh), abs(reading.at - other.at)
        if rise > limits.highest_rise(seconds).mwh:
            raise ContradictionError("reading_too_far", other)
    value = max([value, *(other.value for other in before)])
    value = min([value, *(other.value for other in after)])
    return replace(reading, value=value)


def count_again(
    gathering: Gathering, key: RegisterKey, stretch: Stretch, reading: Reading
) -> list[IntervalRow]:
    """Take the readings of a stretch; return the intervals that they close.

    The gathering has read nothing of this register. An interval is as good as
    the rules say, but no better than what a person enters.
    """
    if stretch.is_measured:
        return []
    for each in (*stretch.before, reading, *stretch.after):
        gathering.take(key, each)
    return [
        row._replace(quality=max(row.quality, Quality.MANUAL))
        for row in gathering.rows.values()
    ]


def _at(reading: Reading) -> Instant:
    return reading.at


def _optional(reading: Reading | None) -> tuple[Reading, ...]:
    return () if reading is None else (reading,)


def _forward(edge: Reading | None, course: Course, length: int) -> Iterator[Reading]:
    """Yield the values at an edge and those after it, as far as they are known."""
    while edge is not None:
        yield edge
        mwh = course.mwh(edge.at)
        following = edge.value.mwh + (mwh or 0)
        edge = None if mwh is None else Reading(edge.at + length, Energy(following))


def _backward(edge: Reading | None, course: Course, length: int) -> Iterator[Reading]:
    """Yield the values at an edge and those before it, as far as they are known."""
    while edge is not None:
        yield edge
        start = edge.at - length
        mwh = course.mwh(start)
        edge = None if mwh is None else Reading(start, Energy(edge.value.mwh - mwh))
