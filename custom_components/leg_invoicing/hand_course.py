"""What the ledger knows of a register, as a reading by hand is compared with it.

The ledger keeps what meters showed. Where a meter was replaced, what the next one
shows is no longer comparable; the register's own course goes on. So everything is
brought onto that course first, whose newest part the register's state knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from .billing.calendar import Instant, Span
from .billing.energy import NO_ENERGY, Energy
from .billing.gathering import RegisterKey
from .billing.hand_reading import Course
from .billing.measurements import Side
from .billing.register_state import Edge, Reading, RegisterState
from .ledger import ChangeKind, Ledger, ReadingKind, StoredChange, StoredReading

_EVER = Span(0, 2**40)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the ledger holds of a register."""

    readings: tuple[StoredReading, ...]
    """What meters showed, and what people read; nothing that was calculated."""
    changes: tuple[StoredChange, ...]
    sides: Mapping[Instant, Side]
    """The register's part of the intervals that are known, by start."""
    replaced_at: Instant | None
    """When the reading was taken that a person corrects."""

    def is_replaced(self, reading: Reading) -> bool:
        """Tell whether a reading is the one that is corrected."""
        return reading.at == self.replaced_at

    def offset(self, at: Instant, newest: Energy) -> Energy:
        """Return what to add to what the meter of that time showed."""
        later = (c.difference for c in self.changes if c.at > at)
        return newest - Energy.total(later)


def known_of(
    ledger: Ledger, key: RegisterKey, at: Instant, now: Instant, interval_seconds: int
) -> Known:
    """Read what concerns a reading at an instant."""
    house_id, register = key
    kept = ledger.readings(house_id, register, _EVER)
    replaced = any(r.is_by_hand and r.at == at for r in kept)
    readings = tuple(
        reading
        for reading in kept
        if reading.kind is not ReadingKind.INTERPOLATED
        and not (replaced and reading.at == at)
    )
    # Without an earlier reading, what is known is followed back to its beginning.
    edges = [r.at for r in readings if r.at % interval_seconds == 0]
    start = max((edge for edge in edges if edge <= at), default=0)
    end = min((edge for edge in edges if edge >= at), default=now)
    side = ("import", "export").index(register)
    rows = ledger.rows(Span(start, end), [house_id])
    return Known(
        readings=readings,
        changes=tuple(
            change
            for change in ledger.meter_changes()
            if (change.house_id, change.register) == key
        ),
        sides={
            row.start: row.sides[side]
            for row in rows
            if row.sides[side].mwh is not None
        },
        replaced_at=at if replaced else None,
    )


def course_of(
    known: Known, state: RegisterState | None, interval_seconds: int
) -> Course:
    """Return the course of a register and where it stands."""
    newest = state.offset if state else NO_ENERGY
    readings = [
        Reading(r.at, r.value + known.offset(r.at, newest)) for r in known.readings
    ]
    readings += [
        Reading(c.at, c.first + known.offset(c.at, newest))
        for c in known.changes
        if c.kind is ChangeKind.REPLACED
    ]
    edge = state.edge if state else None
    newest_edge = Reading(edge.at, edge.value) if edge else None
    if state and not known.is_replaced(state.last):
        readings.append(state.last)
        if edge and newest_edge and edge.sound:
            readings.append(newest_edge)
    on_edge = [r.at % interval_seconds == 0 for r in readings]
    pairs = tuple(zip(readings, on_edge, strict=True))
    return Course(
        anchors=tuple(reading for reading, is_anchor in pairs if is_anchor),
        loose=tuple(reading for reading, is_anchor in pairs if not is_anchor),
        newest=newest_edge,
        sides=known.sides,
    )


def go_on_from(
    before: RegisterState | None, counted: RegisterState, offset: Energy
) -> RegisterState:
    """Return where a register stands that goes on from a reading by hand.

    Its edge counts as unsound: what a meter measures from there on begins with
    what a person read.
    """
    edge = counted.edge
    gone_on = RegisterState(
        last=counted.last,
        edge=None if edge is None else Edge(edge.at, edge.value, sound=False),
        trial_since=counted.trial_since,
        offset=offset,
    )
    if before is None:
        return gone_on
    if before.trial_since is None:
        gone_on = replace(gone_on, trial_since=None)
    # A doubt about what came before the reading is over; about what came since, not.
    if before.last.at < counted.last.at:
        return gone_on
    return replace(gone_on, drop=before.drop, jump=before.jump)
