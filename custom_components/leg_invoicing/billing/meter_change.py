"""A change of meter, or of what a meter shows: what a person says about a doubt.

A meter that is replaced ends with a final reading, and the next one begins with a
first reading. From then on

    register = what the meter shows + offset,    offset += final − first

so the register is one continuous course, whatever meter counts it, and intervals
go on across the change. What was read since, and not believed, is read again with
the new offset: where it was read soundly, its intervals are measured.

A meter that was reset is one that is replaced by itself. Rejecting an impossible
jump is a change at the last reading that was believed: counting goes on from the
first one that was not, and the jump is nobody's energy.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from .calendar import Instant
from .energy import NO_ENERGY, Energy
from .register_grid import RegisterInterval
from .register_state import Doubt, Reading, RegisterState
from .registers import Advance, RegisterEvent, RegisterLimits, advance, move_on


class ChangeError(ValueError):
    """A change of meter was refused; `code` and `details` make the sentence."""

    def __init__(self, code: str, **details: str) -> None:
        """Remember the reason and the values it is about."""
        super().__init__(f"{code}: {details}" if details else code)
        self.code = code
        self.details = details


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterChange:
    """Where one meter ends and the next one begins."""

    at: Instant
    final: Energy
    """What the old one showed last."""
    first: Energy
    """What the new one showed first."""
    is_read: bool = True
    """The two were read off the meters; otherwise they are assumed."""

    @property
    def difference(self) -> Energy:
        """What is to be added to what the new meter shows."""
        return self.final - self.first


def reset(state: RegisterState) -> MeterChange:
    """Return the change of a meter that began again at nothing."""
    return MeterChange(
        at=state.last.at, final=state.shown, first=NO_ENERGY, is_read=False
    )


def rejected_jump(state: RegisterState) -> MeterChange:
    """Return the change that leaves a jump out; raises ChangeError without one."""
    first = _jump(state).first.value - state.offset
    return MeterChange(at=state.last.at, final=state.shown, first=first, is_read=False)


def is_past(state: RegisterState, change: MeterChange, limits: RegisterLimits) -> bool:
    """Tell whether a change lies before what has been read and believed since.

    While a reading is in doubt, a change that is said to have been a little too
    early, but whose final reading is not, belongs to the doubt.
    """
    final = change.final + state.offset
    continues = state.doubt and state.last.value - final <= limits.noise
    return change.at < state.last.at and not continues


def change_meter(
    state: RegisterState, change: MeterChange, limits: RegisterLimits
) -> Advance:
    """Go on with another meter; the change is one that was `fitted`.

    Raises ChangeError where its first reading contradicts what was read since.
    """
    final = Reading(change.at, change.final + state.offset)
    near = change.is_read and limits.are_near(state.last, final)
    ended = move_on(state, final, limits, near=near)
    begun = replace(ended.state, trial_since=None, offset=final.value - change.first)
    known = () if state.doubt is None else _readings_since(state, state.doubt, final.at)
    if known:
        _require_follows(change, known[0], limits)
    replayed = _replay(begun, known, limits, is_read=change.is_read)
    return Advance(
        replayed.state,
        (*ended.closed, *replayed.closed),
        replayed.event or RegisterEvent.METER_CHANGED,
    )


def fitted(
    state: RegisterState, change: MeterChange, limits: RegisterLimits
) -> MeterChange:
    """Return a change, not `is_past`, that is not before the last reading.

    Raises ChangeError where its final reading contradicts what is known.
    """
    at, shown = max(change.at, state.last.at), state.shown
    if shown - change.final > limits.noise:
        raise ChangeError("final_too_low", shown=kwh_text(shown))
    highest = shown + limits.highest_rise(at - state.last.at)
    if change.final > highest:
        raise ChangeError("final_too_high", highest=kwh_text(highest))
    return replace(change, at=at, final=max(shown, change.final))


def accept_jump(state: RegisterState, limits: RegisterLimits) -> Advance:
    """Take a jump as real: its energy was used, nobody knows when.

    Raises ChangeError when there is none.
    """
    known = _readings_since(state, _jump(state), state.last.at)
    accepted = _replay(state, known, limits, is_read=False)
    return replace(accepted, event=accepted.event or RegisterEvent.JUMP_ACCEPTED)


def _jump(state: RegisterState) -> Doubt:
    if state.jump is None:
        raise ChangeError("no_jump")
    return state.jump


def _readings_since(
    state: RegisterState, doubt: Doubt, since: Instant
) -> tuple[Reading, ...]:
    """Return what the meter showed while it was not believed."""
    return tuple(
        Reading(reading.at, reading.value - state.offset)
        for reading in (doubt.first, *doubt.edges, doubt.latest)
        if reading.at >= since
    )


def _replay(
    state: RegisterState,
    readings: Iterable[Reading],
    limits: RegisterLimits,
    *,
    is_read: bool,
) -> Advance:
    """Take the first reading as it is, and the others by the rules."""
    closed: list[RegisterInterval] = []
    event = None
    for index, reading in enumerate(readings):
        if index:
            step = advance(state, reading, limits)
        else:
            step = _resume(state, reading, limits, is_read=is_read)
        state, event = step.state, step.event or event
        closed += step.closed
    return Advance(state, tuple(closed), event)


def _resume(
    state: RegisterState, reading: Reading, limits: RegisterLimits, *, is_read: bool
) -> Advance:
    """Go on to a reading of which a person says that it follows.

    What lies between is no measurement, however short it is, if it is assumed.
    """
    value = max(state.last.value, reading.value + state.offset)
    after = Reading(reading.at, value)
    if is_read:
        return move_on(state, after, limits, near=limits.are_near(state.last, after))
    edge = state.edge and replace(state.edge, sound=False)
    return move_on(replace(state, edge=edge), after, limits, near=False)


def _require_follows(
    change: MeterChange, reading: Reading, limits: RegisterLimits
) -> None:
    """Refuse a first reading from which the meter cannot have come to this one."""
    rise = reading.value - change.first
    if -rise > limits.noise:
        raise ChangeError("first_too_high", shown=kwh_text(reading.value))
    if rise > limits.highest_rise(reading.at - change.at):
        raise ChangeError("first_too_low", shown=kwh_text(reading.value))


def kwh_text(energy: Energy) -> str:
    """Return an energy in kWh, for a sentence."""
    return f"{energy.kwh.normalize():f}"
