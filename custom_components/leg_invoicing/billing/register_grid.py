"""The grid of intervals that a register is read off at.

The value at an edge lies on the straight line between the readings on either side
of it, rounded down to a whole mWh.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from .calendar import Instant
from .energy import Energy
from .quality import Quality
from .register_state import Doubt, Edge, Reading

_MOST_EDGES = 1000
"""How much of a course that is not believed is remembered: ten days, at least."""


@dataclass(frozen=True, slots=True)
class RegisterInterval:
    """One closed interval of one register."""

    start: Instant
    energy: Energy
    quality: Quality
    shown: Energy | None = None
    """What the meter showed at the interval's end, where that is known."""


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

    def are_near(self, before: Reading, after: Reading) -> bool:
        """Tell whether two readings are close together."""
        return after.at - before.at <= self.sound_gap_seconds


def edges_between(
    before: Reading, after: Reading, length: int, *, near: bool
) -> Iterator[Edge]:
    """Yield the edges after one reading, up to another one."""
    for at in range((before.at // length + 1) * length, after.at + 1, length):
        yield Edge(at, value_at(at, before, after), near or at == after.at)


def value_at(at: Instant, before: Reading, after: Reading) -> Energy:
    """Return the register's value between two readings, rounded down."""
    rise = after.value.mwh - before.value.mwh
    passed = rise * (at - before.at) // (after.at - before.at)
    return Energy(before.value.mwh + passed)


def follow(doubt: Doubt | None, reading: Reading, limits: RegisterLimits) -> Doubt:
    """Remember a reading that is not believed, should a person believe it later.

    Readings of one meter make a course that is possible. One that is not begins a
    course of its own: it errs, or the one before did. A course that has gone on for
    some time is a meter's, though, and if it jumps, too, all of the jumps are looked
    at as one, at its beginning.
    """
    if doubt is None:
        return Doubt(reading.at, reading, reading)
    before = doubt.latest
    if reading.at < before.at:
        return doubt
    rise = reading.value - before.value
    if rise > limits.highest_rise(reading.at - before.at) and doubt.edges:
        return _raised(doubt, rise, reading)
    if -rise > limits.noise or rise > limits.highest_rise(reading.at - before.at):
        return Doubt(doubt.since, reading, reading)
    latest = Reading(reading.at, max(before.value, reading.value))
    near = limits.are_near(before, latest)
    passed = edges_between(before, latest, limits.interval_seconds, near=near)
    edges = (*doubt.edges, *(Reading(e.at, e.value) for e in passed if e.sound))
    return replace(doubt, latest=latest, edges=edges[-_MOST_EDGES:])


def _raised(doubt: Doubt, jump: Energy, latest: Reading) -> Doubt:
    """Return a course as if it had begun that much higher."""
    first, *edges = (
        Reading(reading.at, reading.value + jump)
        for reading in (doubt.first, *doubt.edges)
    )
    return Doubt(doubt.since, first, latest, tuple(edges))
