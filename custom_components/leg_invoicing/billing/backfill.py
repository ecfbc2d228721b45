"""What a recorder kept of the registers of a community, as intervals of houses.

Each register is read back by itself (`recorded`); the two sides of a house meet here,
each with its own quality. Days before a house is a member are nobody's business, and
what its own meter has counted since its first edge is not touched: that edge is the
last mark, so that what was recorded and what was metered meet without a seam.

What a register showed at a local midnight is kept too: a bill prints it.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .calendar import Instant, Span, local_date, midnight
from .energy import Energy
from .gathering import MeteredHouse, MidnightReading, RegisterKey
from .measurements import IntervalRow, combine
from .quality import Quality
from .recorded import HOUR, Hole, Mark, Reason, RegisterBack, Remark, Rise
from .register_state import Edge, Reading, RegisterState


class Remarked(NamedTuple):
    """Where something is to be said about energies that are known."""

    span: Span
    remark: Remark


class Joint(NamedTuple):
    """Where the meter itself began to count."""

    reading: Reading
    sound: bool
    """It was read close to that instant."""


@dataclass(slots=True)
class Found:
    """What was found of one register."""

    back: RegisterBack
    hours: set[Instant] = field(default_factory=set)
    """The whole hours that anything was recorded in."""
    qualities: Counter[Quality] = field(default_factory=Counter)
    """How many intervals, by quality."""
    holes: list[Hole] = field(default_factory=list)
    remarks: list[Remarked] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Backfill:
    """The registers of a community that are being read back."""

    zone: ZoneInfo
    span: Span
    """What is wanted; its end is not in the future."""
    houses: Mapping[str, MeteredHouse]
    joints: Mapping[RegisterKey, Joint] = field(default_factory=dict)
    ends: Mapping[RegisterKey, Instant] = field(default_factory=dict)
    """How far registers are read back whose meters are there, but at no edge yet."""
    found: dict[RegisterKey, Found] = field(default_factory=dict)
    rows: dict[tuple[str, Instant], IntervalRow] = field(default_factory=dict)
    """What has come together; whoever writes it takes it away."""
    midnights: list[MidnightReading] = field(default_factory=list)

    def take(self, key: RegisterKey, mark: Mark) -> None:
        """Take a register's next mark, unless the meter itself knows it better."""
        if self.span.start < mark.at <= self.span.end:
            self._found(key).hours.add((mark.at - 1) // HOUR)
        joint = self.joints.get(key)
        if mark.at <= self._end(key) and (joint is None or mark.at < joint.reading.at):
            self._move(key, mark)

    def finish(self, key: RegisterKey) -> None:
        """Join a register with the meter, and tell what is open at the end."""
        found, joint = self._found(key), self.joints.get(key)
        if joint is not None and joint.reading.at <= self.span.end:
            at, value = joint.reading.at, joint.reading.value.mwh
            self._move(key, Mark(at, None, value, joint.sound))
        last, end = found.back.last, self._end(key)
        begin = last.at if last else self._begin(key)
        # The hour that is just running is in no statistics yet.
        if end - begin > HOUR or found.back.doubt:
            reason = found.back.doubt or Reason.MISSING
            self._note_hole(key, Hole(Span(begin, end), reason, None))

    def state(self, key: RegisterKey) -> RegisterState | None:
        """Return where a register stood last, for its meter to go on from."""
        back = self._found(key).back
        if back.last is None or back.last.shown is None or back.doubt is not None:
            return None
        last = Reading(back.last.at, Energy(back.last.shown))
        return RegisterState(last=last, edge=Edge(last.at, last.value, sound=True))

    def _move(self, key: RegisterKey, mark: Mark) -> None:
        back = self._found(key).back
        is_first = back.last is None
        piece = back.take(mark)
        if back.last is not None and back.last.at == mark.at:
            self._note_midnight(key, back.last)
            if is_first:
                missing = Span(self._begin(key), mark.at)
                self._note_hole(key, Hole(missing, Reason.MISSING, None))
        if isinstance(piece, Hole):
            self._note_hole(key, piece)
        elif piece is not None:
            self._note_rise(key, piece)

    def _note_rise(self, key: RegisterKey, rise: Rise) -> None:
        house_id, register = key
        house, found = self.houses[house_id], self._found(key)
        # A register that the house does not have measures nothing.
        other = None if len(house.registers) > 1 else 0
        wanted = Span(self._begin(key), self._end(key))
        seconds = house.limits.interval_seconds
        for i, mwh in enumerate(rise.parts):
            start = rise.span.start + i * seconds
            if start not in wanted:
                continue
            found.qualities[rise.quality] += 1
            imported, exported = (mwh, other) if register == "import" else (other, mwh)
            row = IntervalRow(house_id, start, imported, exported, rise.quality)
            self.rows[house_id, start] = (
                combine(self.rows.get((house_id, start)), row) or row
            )
        if rise.remark is not None and (span := rise.span.overlap(wanted)):
            found.remarks.append(Remarked(span, rise.remark))

    def _note_hole(self, key: RegisterKey, hole: Hole) -> None:
        wanted = Span(self._begin(key), self._end(key))
        if span := hole.span.overlap(wanted):
            whole = hole.mwh if span == hole.span else None
            self._found(key).holes.append(Hole(span, hole.reason, whole))

    def _note_midnight(self, key: RegisterKey, mark: Mark) -> None:
        is_midnight = midnight(local_date(mark.at, self.zone), self.zone) == mark.at
        if is_midnight and mark.shown is not None and mark.at >= self._begin(key):
            reading = Reading(mark.at, Energy(mark.shown))
            self.midnights.append(MidnightReading(key, reading, mark.is_fine))

    def _found(self, key: RegisterKey) -> Found:
        if key not in self.found:
            back = RegisterBack(limits=self.houses[key[0]].limits)
            self.found[key] = Found(back)
        return self.found[key]

    def _begin(self, key: RegisterKey) -> Instant:
        return max(self.span.start, self.houses[key[0]].member_since)

    def _end(self, key: RegisterKey) -> Instant:
        if (joint := self.joints.get(key)) is not None:
            return min(self.span.end, joint.reading.at)
        return min(self.span.end, self.ends.get(key, self.span.end))
