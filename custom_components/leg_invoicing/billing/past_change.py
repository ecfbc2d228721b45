"""A change of meter that is told when the register has long gone on.

The new meter's start was taken for consumption, or nothing was counted from one to
the other. The interval that holds the change, or the whole gap that it lies in, is
counted again: the old meter from the start to its final reading, the new one from
its first reading to the end. For an interval that was measured that is

    energy + final − first

What was counted since is right as it is. Values of the register rise by
final − first as well, as its offset does: what the meter shows stays.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from .calendar import Instant, Span
from .energy import NO_ENERGY, Energy
from .meter_change import ChangeError, MeterChange, kwh_text
from .quality import Quality
from .register_grid import RegisterInterval, RegisterLimits, value_at
from .register_state import Doubt, Edge, Reading, RegisterState

_GAP = frozenset({Quality.INTERPOLATED, Quality.TEMPORARY, Quality.MISSING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What is known of a register, as it stood before the change was told."""

    rows: Mapping[Instant, RegisterInterval]
    """Its intervals by start, without those that are not known."""
    readings: tuple[Reading, ...] = ()
    """What the old meter showed at local midnights, in ascending order."""
    newest: Reading | None = None
    """What the new meter showed at the newest edge."""
    changes: tuple[Instant, ...] = ()
    """When meters are known to have been changed."""


def change_in_the_past(
    state: RegisterState, change: MeterChange, past: Past, limits: RegisterLimits
) -> tuple[RegisterState, tuple[RegisterInterval, ...]]:
    """Return where the register stands, and the intervals that are counted again.

    Raises ChangeError where a reading contradicts what is known, or too little is.
    """
    if state.edge is not None and change.at < state.edge.at:
        recounted = tuple(_recounted(change, past, limits))
        return rebased(state, state.offset + change.difference), recounted
    moved = _moved(state, change.difference)
    if state.edge is not None and moved.last.value < state.edge.value:
        raise ChangeError("change_negative", energy=_shortage(moved, state.edge))
    return moved, ()


def rebased(state: RegisterState, offset: Energy) -> RegisterState:
    """Return a register that shows the same, with another offset."""
    by = offset - state.offset
    edge = state.edge and replace(state.edge, value=state.edge.value + by)
    return replace(_moved(state, by), edge=edge)


def _shortage(moved: RegisterState, edge: Edge) -> str:
    return kwh_text(edge.value - moved.last.value)


def _moved(state: RegisterState, by: Energy) -> RegisterState:
    """Return a register whose newest values are higher, its offset too."""
    return replace(
        state,
        last=_raised(state.last, by),
        drop=_raised_doubt(state.drop, by),
        jump=_raised_doubt(state.jump, by),
        offset=state.offset + by,
    )


def _raised(reading: Reading, by: Energy) -> Reading:
    return Reading(reading.at, reading.value + by)


def _raised_doubt(doubt: Doubt | None, by: Energy) -> Doubt | None:
    if doubt is None:
        return None
    return Doubt(
        doubt.since,
        _raised(doubt.first, by),
        _raised(doubt.latest, by),
        tuple(_raised(edge, by) for edge in doubt.edges),
    )


def _recounted(
    change: MeterChange, past: Past, limits: RegisterLimits
) -> Iterator[RegisterInterval]:
    length = limits.interval_seconds
    start = change.at - change.at % length
    interval = past.rows.get(start)
    if interval is not None and interval.quality not in _GAP:
        span = Span(start, start + length)
        _require_new(span, past)
        _edges(span, change, past, limits)
        energy = interval.energy + change.difference
        if energy < NO_ENERGY:
            raise ChangeError("change_negative", energy=kwh_text(-energy))
        yield replace(interval, energy=energy, shown=None)
        return
    gap = _gap_around(change.at, past, length)
    _require_new(gap, past)
    edges = _edges(gap, change, past, limits)
    if edges is None:
        raise ChangeError("change_before_known")
    yield from _across(edges[0], change, edges[1], length)


def _edges(
    span: Span, change: MeterChange, past: Past, limits: RegisterLimits
) -> tuple[Reading, Reading] | None:
    """Return what the meters showed at both ends, where that is known.

    Raises ChangeError where they cannot have come from one end to the other.
    """
    before = _shown_at(span.start, past, limits.interval_seconds)
    after = _shown_at(span.end, past, limits.interval_seconds)
    if before is None or after is None:
        return None
    _require_possible(Reading(span.start, before), change, limits)
    _require_possible(
        Reading(change.at, change.first),
        replace(change, at=span.end, final=after),
        limits,
    )
    return Reading(span.start, before), Reading(span.end, after)


def _require_new(span: Span, past: Past) -> None:
    """Refuse a second change in what is counted again: it may be the same one."""
    if any(at in span for at in past.changes):
        raise ChangeError("change_known")


def _gap_around(at: Instant, past: Past, length: int) -> Span:
    """Return the run of intervals, around an instant, that were not measured."""
    known = [start for start, row in past.rows.items() if row.quality not in _GAP]
    start = at - at % length
    earliest = min((*past.rows, *(r.at for r in past.readings)), default=start)
    newest = past.newest.at if past.newest else start + length
    return Span(
        max((k + length for k in known if k < start), default=min(earliest, start)),
        min((k for k in known if k > start), default=newest),
    )


def _shown_at(at: Instant, past: Past, length: int) -> Energy | None:
    """Return what a meter showed at an edge: from a reading, and what was counted."""
    readings = [reading for reading in past.readings if reading.at <= at]
    if readings:
        counted = _counted(Span(readings[-1].at, at), past, length)
        if counted is not None:
            return readings[-1].value + counted
    if past.newest is None:
        return None
    counted = _counted(Span(at, past.newest.at), past, length)
    return None if counted is None else past.newest.value - counted


def _counted(span: Span, past: Past, length: int) -> Energy | None:
    """Return the energy of a span; None if that of some interval is not known."""
    rows = [past.rows.get(start) for start in range(span.start, span.end, length)]
    if not all(rows):
        return None
    return Energy.total(row.energy for row in rows if row)


def _require_possible(
    before: Reading, change: MeterChange, limits: RegisterLimits
) -> None:
    """Refuse a reading to which the meter cannot have come."""
    rise = change.final - before.value
    if rise < NO_ENERGY:
        raise ChangeError("change_negative", energy=kwh_text(-rise))
    if rise > limits.highest_rise(change.at - before.at):
        raise ChangeError("change_too_much", energy=kwh_text(rise))


def _across(
    before: Reading, change: MeterChange, after: Reading, length: int
) -> Iterator[RegisterInterval]:
    """Yield the intervals of a gap, on a line with a bend at the change."""
    final = Reading(change.at, change.final)
    value = before.value
    for start in range(before.at, after.at, length):
        end = start + length
        if end <= change.at:
            shown = value_at(end, before, final)
            following = shown
        else:
            shown = value_at(end, Reading(change.at, change.first), after)
            following = shown + change.difference
        yield RegisterInterval(start, following - value, Quality.INTERPOLATED, shown)
        value = following
