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
from .register_state import Doubt, Edge, Reading, RegisterState

__all__ = [
    "Advance",
    "Reading",
    "RegisterEvent",
    "RegisterInterval",
    "RegisterLimits",
    "RegisterState",
    "advance",
]

DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class RegisterInterval:
    """One closed interval of one register."""

    start: Instant
    energy: Energy
    quality: Quality


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


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterLimits:
    """What is normal for a register."""

    interval_seconds: int
    max_power_w: int
    """The most the connection can carry."""
    noise: Energy = Energy(100_000)
    """How far a register may fall without having been reset: 0.1 kWh."""
    step: Energy = Energy(1_000_000)
    """How far it may rise at once: some registers count whole kWh."""
    sampling_seconds: int = 120
    """How late, beyond an interval, the next reading may be."""

    @property
    def sound_gap_seconds(self) -> int:
        """How far apart the readings beside a sound edge may be."""
        return self.interval_seconds + self.sampling_seconds

    def highest_rise(self, seconds: int) -> Energy:
        """Return the most energy that can pass in that time."""
        # W × s / 3600 is Wh, and 1 Wh is 1000 mWh.
        return Energy(self.max_power_w * seconds * 1000 // 3600) + self.step


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
    if before is None:
        pending = replace(state, drop=Doubt(reading.at, reading))
        return Advance(pending, event=RegisterEvent.DROP_PENDING)
    if state.trial_since is not None and reading.value > before.latest.value:
        restarted = _restart(before.latest, reading, limits)
        if restarted is not None:
            return restarted
    return Advance(replace(state, drop=Doubt(before.since, reading)))


def _doubt_jump(
    state: RegisterState, reading: Reading, limits: RegisterLimits
) -> Advance:
    """Set a jump aside: it is more than the connection can carry."""
    before = state.jump
    if before is None:
        suspect = replace(state, jump=Doubt(reading.at, reading))
        return Advance(suspect, event=RegisterEvent.IMPLAUSIBLE)
    stays = reading.at - before.since > limits.sound_gap_seconds
    if stays and _in_first_day(state, reading.at):
        restarted = _restart(before.latest, reading, limits)
        if restarted is not None:
            return restarted
    return Advance(replace(state, jump=Doubt(before.since, reading)))


def _in_first_day(state: RegisterState, at: Instant) -> bool:
    return state.trial_since is not None and at < state.trial_since + DAY_SECONDS


def _restart(
    before: Reading, reading: Reading, limits: RegisterLimits
) -> Advance | None:
    """Begin anew at a doubted reading, if another one follows on from it."""
    seconds = reading.at - before.at
    rise = reading.value - before.value
    if seconds < 0 or not 0 <= rise.mwh <= limits.highest_rise(seconds).mwh:
        return None
    restarted = _accept(_begin(before, limits), reading, limits)
    return replace(restarted, event=RegisterEvent.RESTARTED)


def _accept(state: RegisterState, reading: Reading, limits: RegisterLimits) -> Advance:
    """Move the register on and close the intervals it has left behind."""
    before = state.last
    after = Reading(reading.at, max(before.value, reading.value))
    jumped = (
        state.jump is not None
        and state.jump.latest.value - reading.value <= limits.noise
    )
    near = not jumped and after.at - before.at <= limits.sound_gap_seconds
    edge, closed = _pass_edges(state, after, near=near, limits=limits)
    trial_since = state.trial_since if after.value == before.value else None
    return Advance(
        RegisterState(last=after, edge=edge, trial_since=trial_since),
        closed,
        _what_ended(state, jumped=jumped),
    )


def _what_ended(state: RegisterState, *, jumped: bool) -> RegisterEvent | None:
    """Name what an accepted reading put an end to."""
    if jumped:
        return RegisterEvent.JUMP_ACCEPTED
    if state.drop is not None or state.jump is not None:
        return RegisterEvent.RETURNED
    return None


def _pass_edges(
    state: RegisterState, after: Reading, *, near: bool, limits: RegisterLimits
) -> tuple[Edge | None, tuple[RegisterInterval, ...]]:
    """Return the last edge up to a reading, and the intervals that end on the way."""
    length = limits.interval_seconds
    first = (state.last.at // length + 1) * length
    edge = state.edge
    closed = []
    for at in range(first, after.at + 1, length):
        passed = Edge(at, _value_at(at, state.last, after), near or at == after.at)
        # The edge before is on another grid where the length was changed.
        if edge is not None and edge.at == at - length:
            sound = edge.sound and passed.sound
            quality = Quality.MEASURED if sound else Quality.INTERPOLATED
            closed.append(RegisterInterval(edge.at, passed.value - edge.value, quality))
        edge = passed
    return edge, tuple(closed)


def _value_at(at: Instant, before: Reading, after: Reading) -> Energy:
    """Return the register's value between two readings, rounded down."""
    rise = after.value.mwh - before.value.mwh
    passed = rise * (at - before.at) // (after.at - before.at)
    return Energy(before.value.mwh + passed)
