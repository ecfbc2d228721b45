"""Gather what the registers of a community close: rows, and midnight readings.

Every reading moves its register on; the intervals that this closes become rows,
whose two sides come from two registers and meet here. What a register showed at a
local midnight is kept as well: it is what a bill prints as the meter's reading.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .calendar import Instant, local_date, midnight
from .measurements import IntervalRow, combine
from .meter_change import (
    ChangeError,
    MeterChange,
    accept_jump,
    change_meter,
    fitted,
    is_past,
)
from .past_change import Past, change_in_the_past
from .quality import Quality
from .register_state import Reading, RegisterState
from .registers import Advance, RegisterEvent, RegisterInterval, RegisterLimits, advance

type RegisterKey = tuple[str, str]
"""House id and register: import or export."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeteredHouse:
    """What gathering needs to know of a house."""

    registers: frozenset[str]
    """Which registers it has: import, export."""
    limits: RegisterLimits
    member_since: Instant
    """Intervals before are nobody's business."""
    constant: Decimal = Decimal(1)
    """What its registers are to be multiplied by."""


class MidnightReading(NamedTuple):
    """What a register showed at a local midnight."""

    key: RegisterKey
    reading: Reading
    is_read: bool
    """The register was read close to midnight; otherwise interpolated."""


class GatheredChange(NamedTuple):
    """Where one meter ended and the next one began."""

    key: RegisterKey
    change: MeterChange


class RegisterGap(NamedTuple):
    """Intervals that lie wholly between two readings of a register."""

    key: RegisterKey
    starts: tuple[Instant, ...]


@dataclass(slots=True)
class Gathering:
    """The registers of a community, and what they have closed so far."""

    zone: ZoneInfo
    houses: Mapping[str, MeteredHouse]
    states: dict[RegisterKey, RegisterState] = field(default_factory=dict)
    rows: dict[tuple[str, Instant], IntervalRow] = field(default_factory=dict)
    midnights: list[MidnightReading] = field(default_factory=list)
    changes: list[GatheredChange] = field(default_factory=list)
    gaps: list[RegisterGap] = field(default_factory=list)

    def take(self, key: RegisterKey, reading: Reading) -> RegisterEvent | None:
        """Take a register's next reading; return what it did besides moving on."""
        before = self.states.get(key)
        step = advance(before, reading, self._limits(key))
        if before is None and step.state.edge is not None:
            # A first reading ends no interval, but may well be a bill's first one.
            self._note_midnight(key, reading, is_read=True)
        event = self._go_on(key, step)
        if before is not None:
            self._note_gap(key, before.last.at, step.closed)
        return event

    def change(
        self, key: RegisterKey, change: MeterChange, past: Past | None = None
    ) -> RegisterEvent | None:
        """Go on with another meter; `past` is what is known from before.

        Raises ChangeError, and has changed nothing then, where the change contradicts
        what is known.
        """
        state, limits = self._state(key), self._limits(key)
        if is_past(state, change, limits):
            if past is None:
                raise ChangeError("change_before_known")
            moved, closed = change_in_the_past(state, change, past, limits)
            step = Advance(moved, closed, RegisterEvent.METER_CHANGED)
        else:
            change = fitted(state, change, limits)
            step = change_meter(state, change, limits)
        self.changes.append(GatheredChange(key, change))
        return self._go_on(key, step)

    def accept_jump(self, key: RegisterKey) -> RegisterEvent | None:
        """Take a register's jump as real; raises ChangeError when there is none."""
        return self._go_on(key, accept_jump(self._state(key), self._limits(key)))

    def _state(self, key: RegisterKey) -> RegisterState:
        if key not in self.states:
            raise ChangeError("never_read")
        return self.states[key]

    def _limits(self, key: RegisterKey) -> RegisterLimits:
        return self.houses[key[0]].limits

    def _go_on(self, key: RegisterKey, step: Advance) -> RegisterEvent | None:
        self.states[key] = step.state
        self._note(key, step.closed)
        return step.event

    def _note(self, key: RegisterKey, closed: Iterable[RegisterInterval]) -> None:
        """Keep what a register has closed."""
        seconds = self._limits(key).interval_seconds
        for interval in closed:
            if interval.shown is not None:
                at_end = Reading(interval.start + seconds, interval.shown)
                is_read = interval.quality is Quality.MEASURED
                self._note_midnight(key, at_end, is_read=is_read)
            self._note_row(key, interval)

    def _note_gap(
        self, key: RegisterKey, since: Instant, closed: Iterable[RegisterInterval]
    ) -> None:
        """Keep which of the closed intervals nothing at all was read in."""
        starts = tuple(
            interval.start
            for interval in closed
            if interval.start >= since and interval.quality is Quality.INTERPOLATED
        )
        if starts:
            self.gaps.append(RegisterGap(key, starts))

    def _note_midnight(
        self, key: RegisterKey, reading: Reading, *, is_read: bool
    ) -> None:
        if midnight(local_date(reading.at, self.zone), self.zone) == reading.at:
            self.midnights.append(MidnightReading(key, reading, is_read))

    def _note_row(self, key: RegisterKey, interval: RegisterInterval) -> None:
        house_id, register = key
        house = self.houses[house_id]
        if interval.start < house.member_since:
            return
        # A register that the house does not have measures nothing.
        other = None if len(house.registers) > 1 else 0
        mwh = interval.energy.mwh
        row = IntervalRow(
            house_id,
            interval.start,
            mwh if register == "import" else other,
            mwh if register == "export" else other,
            interval.quality,
        )
        self.add_row(row)

    def add_row(self, row: IntervalRow) -> None:
        """Keep a row, together with what is known of its interval already."""
        at = (row.house_id, row.start)
        if (combined := combine(self.rows.get(at), row)) is not None:
            self.rows[at] = combined
