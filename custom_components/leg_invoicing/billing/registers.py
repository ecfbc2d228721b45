"""From a meter's cumulative register to the energy of each interval.

    energy of [a, b) = value at b − value at a

The value at an interval's edge lies on the straight line between the accepted
readings on either side of it, rounded down to a whole mWh. Because the rounding
is applied to the cumulative value, the energies of any run of intervals sum to
what the register advanced between the first and the last edge, exactly.

An edge is sound when the readings beside it are close together. An interval with
two sound edges is MEASURED; any other is INTERPOLATED: the energy of an outage
is kept whole, spread over the outage, and says so.

Not every reading is believed. What is not believed does not move the register,
neither in value nor in time, so whatever comes after is compared with the last
accepted reading and nothing is lost:

- A fall of at most `noise` is jitter: the register is held at its maximum.
- A larger fall is only pending. Energy is never negative. When the register is
  back where it was, nothing has happened; as long as it is not, no interval
  closes, and a person has to say whether the meter was reset or replaced.
- A rise beyond what the connection can carry is set aside as well. The next
  reading that is possible clears it. If the jump stays, time can make it
  possible, as for a sender that was silent while its sensor kept an old value;
  but for a day only: a jump beyond a day at full power is for a person too.
- The very first value has nothing to be compared with, so it is on trial until
  the register rises from it. As nothing has been counted from it yet, counting
  can begin anew without losing or inventing energy: where a lower value rises the
  way a register does (the first one was the 4 million kWh that a device shows
  after starting), or, within a day, where a jump stays (the first one was the 0
  that others show).
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from .calendar import Instant
from .energy import Energy
from .quality import Quality
from .register_grid import RegisterInterval, RegisterLimits, edges_between, follow
from .register_state import Edge, Reading, RegisterState

__all__ = [
    "Advance",
    "Reading",
    "RegisterEvent",
    "RegisterInterval",
    "RegisterLimits",
    "RegisterState",
    "advance",
    "move_on",
]

DAY_SECONDS = 86_400


class RegisterEvent(StrEnum):
    """What a reading did, other than moving the register on."""

    DROP_PENDING = "drop_pending"
    """The register fell; the first reading to say so."""
    IMPLAUSIBLE = "implausible"
    """The register rose impossibly far; the first reading to say so."""
    RETURNED = "returned"
    """It is back on its old course: the readings not believed were wrong."""
    JUMP_ACCEPTED = "jump_accepted"
    """The jump stayed, and enough time has passed to make it possible."""
    RESTARTED = "restarted"
    """The first value turned out wrong; counting began anew."""
    METER_CHANGED = "meter_changed"
    """Another meter goes on, or the same one from another value, as a person said."""


@dataclass(frozen=True, slots=True)
class Advance:
    """What one reading leads to."""

    state: RegisterState
    closed: tuple[RegisterInterval, ...] = ()
    """Intervals that are now complete, in order."""
    event: RegisterEvent | None = None


def advance(
    state: RegisterState | None, reading: Reading, limits: RegisterLimits
) -> Advance:
    """Take a register's next reading.

    `state` is None for a register that has never been read. Readings older than
    the last accepted one are ignored.
    """
    if state is None:
        return Advance(_begin(reading, limits))
    reading = Reading(reading.at, reading.value + state.offset)
    if reading.at < state.last.at:
        return Advance(state)
    if state.last.value - reading.value > limits.noise:
        return _doubt_drop(state, reading, limits)
    if reading.value - state.last.value > _highest_rise(state, reading.at, limits):
        return _doubt_jump(state, reading, limits)
    return _accept(state, reading, limits)


def _begin(reading: Reading, limits: RegisterLimits) -> RegisterState:
    """Open a register: nothing is counted from before its first reading."""
    on_edge = reading.at % limits.interval_seconds == 0
    return RegisterState(
        last=reading,
        edge=Edge(reading.at, reading.value, sound=True) if on_edge else None,
        trial_since=reading.at,
    )


def _highest_rise(state: RegisterState, at: Instant, limits: RegisterLimits) -> Energy:
    """Return how far the register can have risen since the last reading."""
    if state.jump is not None:
        at = min(at, state.jump.since + DAY_SECONDS)
    return limits.highest_rise(at - state.last.at)


def _doubt_drop(
    state: RegisterState, reading: Reading, limits: RegisterLimits
) -> Advance:
    """Set a fall aside: the meter was reset or replaced, or it errs."""
    before = state.drop
    pending = replace(state, drop=follow(before, reading, limits))
    if before is None:
        return Advance(pending, event=RegisterEvent.DROP_PENDING)
    if state.trial_since is not None and reading.value > before.latest.value:
        restarted = _restart(state, before.latest, reading, limits)
        if restarted is not None:
            return restarted
    return Advance(pending)


def _doubt_jump(
    state: RegisterState, reading: Reading, limits: RegisterLimits
) -> Advance:
    """Set a jump aside: it is more than the connection can carry."""
    before = state.jump
    suspect = replace(state, jump=follow(before, reading, limits))
    if before is None:
        return Advance(suspect, event=RegisterEvent.IMPLAUSIBLE)
    stays = reading.at - before.since > limits.sound_gap_seconds
    if stays and _in_first_day(state, reading.at):
        restarted = _restart(state, before.latest, reading, limits)
        if restarted is not None:
            return restarted
    return Advance(suspect)


def _in_first_day(state: RegisterState, at: Instant) -> bool:
    return state.trial_since is not None and at < state.trial_since + DAY_SECONDS


def _restart(
    state: RegisterState, before: Reading, reading: Reading, limits: RegisterLimits
) -> Advance | None:
    """Begin anew at a doubted reading, if another one follows on from it."""
    seconds = reading.at - before.at
    rise = reading.value - before.value
    if seconds < 0 or not 0 <= rise.mwh <= limits.highest_rise(seconds).mwh:
        return None
    begun = replace(_begin(before, limits), offset=state.offset)
    return replace(_accept(begun, reading, limits), event=RegisterEvent.RESTARTED)


def _accept(state: RegisterState, reading: Reading, limits: RegisterLimits) -> Advance:
    """Move the register on to a reading that is believed."""
    after = Reading(reading.at, max(state.last.value, reading.value))
    jumped = (
        state.jump is not None
        and state.jump.latest.value - reading.value <= limits.noise
    )
    near = not jumped and limits.are_near(state.last, after)
    moved = move_on(state, after, limits, near=near)
    return replace(moved, event=_what_ended(state, jumped=jumped))


def _what_ended(state: RegisterState, *, jumped: bool) -> RegisterEvent | None:
    """Name what an accepted reading put an end to."""
    if jumped:
        return RegisterEvent.JUMP_ACCEPTED
    if state.drop is not None or state.jump is not None:
        return RegisterEvent.RETURNED
    return None


def move_on(
    state: RegisterState, after: Reading, limits: RegisterLimits, *, near: bool
) -> Advance:
    """Move the register on, and close the intervals it has left behind.

    `after` is not before the last reading, in time or value; with `near` the edges
    between the two are sound.
    """
    length, edge, closed = limits.interval_seconds, state.edge, []
    for passed in edges_between(state.last, after, length, near=near):
        # The edge before is on another grid where the length was changed.
        if edge is not None and edge.at == passed.at - length:
            closed.append(_interval(edge, passed, state.offset))
        edge = passed
    trial_since = state.trial_since if after.value == state.last.value else None
    moved = RegisterState(
        last=after, edge=edge, trial_since=trial_since, offset=state.offset
    )
    return Advance(moved, tuple(closed))


def _interval(start: Edge, end: Edge, offset: Energy) -> RegisterInterval:
    sound = start.sound and end.sound
    quality = Quality.MEASURED if sound else Quality.INTERPOLATED
    shown = end.value - offset
    return RegisterInterval(start.at, end.value - start.value, quality, shown)
