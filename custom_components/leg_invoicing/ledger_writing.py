"""Write into the ledger, within one transaction.

What should stand after a row arrives is decided by `billing.measurements.combine`.
Here it is carried out: what changes is written, and what it replaces is kept
beside it, with the time and the reason.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import batched
import json
from typing import Any

from sqlalchemy import Connection, Executable, Table, insert, update

from .billing.calendar import Span
from .billing.measurements import IntervalRow
from .formats.allotted import Allotted
from .ledger_allocations import AllocationWriting
from .ledger_changes import SET_CHANGE, as_values, unknown
from .ledger_entries import Origin, StoredChange, StoredReading, Written
from .ledger_merging import changes as changes_of, completes, meters
from .ledger_points import MeteringPoint, forget_point, write_point
from .ledger_rows import Held, add, by_column, held_at, holds, values_of
from .ledger_schema import METER, REVISION
from .ledger_statements import KEEP_SUPERSEDED, SET_INTERVAL, SET_READING, SET_STATE

_ROWS_AT_A_TIME = 500


class Writing:
    """One transaction, and what it has changed so far."""

    def __init__(self, connection: Connection, origin: Origin) -> None:
        """Take a connection that is in a transaction."""
        self._connection = connection
        self._origin = origin
        self._meters = meters(connection)
        self._revision: int | None = None
        self._houses: set[str] = set()
        self._changed = 0
        self._allotted = 0
        self._span: Span | None = None

    @property
    def written(self) -> Written:
        """What has been changed so far."""
        return Written(self._changed, self._span, self._allotted)

    def write_rows(self, rows: Iterable[IntervalRow]) -> None:
        """Write rows in any order, some at a time."""
        for some in batched(rows, _ROWS_AT_A_TIME, strict=False):
            for house_id in sorted({row.house_id for row in some}):
                self.meter(house_id)
            values = values_of(some, self._meters, self._origin.source)
            if add(self._connection, values):
                self._count(some)
            elif not holds(self._connection, values):
                self._merge(some)

    def concerns(self, *house_ids: str) -> None:
        """Have it kept who changed something about houses, and why."""
        self._houses.update(house_ids)
        self._revise()

    def write_allotted(self, allotted: Iterable[Allotted]) -> None:
        """Write what grid operators allocated."""
        writing = AllocationWriting(self._connection, self.meter, self._revise_for)
        writing.write(allotted)
        self._allotted += writing.changed
        if writing.span is not None:
            self._cover(writing.span)

    def write_point(self, name: str, point: MeteringPoint | None) -> None:
        """Remember which house a metering point is, or forget it."""
        if point is None:
            forget_point(self._connection, name)
            return
        self.concerns(point.house_id)
        meter = self.meter(point.house_id)
        write_point(self._connection, name, meter, point.directions)

    def finish(self) -> None:
        """Say in the revision, if there is one, what has been changed."""
        if self._revision is None:
            return
        self._connection.execute(
            update(REVISION)
            .where(REVISION.c.id == self._revision)
            .values(
                houses=json.dumps(sorted(self._houses)),
                changed=self._changed,
                first=self._span.start if self._span else None,
                last=self._span.end - 1 if self._span else None,
            )
        )

    def write_states(self, states: Mapping[tuple[str, str], Mapping[str, Any]]) -> None:
        """Replace the states of registers, by house and register."""
        if self._origin.is_told and states:
            self.concerns(*(house_id for house_id, _ in states))
        self._execute(
            SET_STATE,
            (
                {
                    "meter": self.meter(house_id),
                    "register": register,
                    "state": json.dumps(state, separators=(",", ":")),
                }
                for (house_id, register), state in states.items()
            ),
        )

    def write_readings(self, readings: Iterable[StoredReading]) -> None:
        """Keep what registers showed, and who read them by hand."""
        readings = tuple(readings)
        if by_hand := [r.house_id for r in readings if r.is_by_hand]:
            self.concerns(*by_hand)
        self._execute(
            SET_READING,
            (
                {
                    "meter": self.meter(reading.house_id),
                    "register": reading.register,
                    "at": reading.at,
                    "value": reading.value.mwh,
                    "kind": reading.kind,
                }
                for reading in readings
            ),
        )

    def write_changes(self, changes: Iterable[StoredChange]) -> None:
        """Keep where meters ended and others began, and who said so."""
        new = unknown(self._connection, list(changes))
        if new:
            self.concerns(*(change.house_id for change in new))
        values = (as_values(change, self.meter(change.house_id)) for change in new)
        self._execute(SET_CHANGE, values)

    def _merge(self, rows: Iterable[IntervalRow]) -> None:
        """Write rows where others stand."""
        keyed = [((row.start, self.meter(row.house_id)), row) for row in rows]
        held = held_at(self._connection, keyed)
        changed = changes_of(keyed, held, self._origin)
        if not changed:
            return
        self._keep(changed, held)
        in_order = sorted(changed.items())
        self._execute(
            SET_INTERVAL,
            (by_column(key, row, source) for key, (row, source) in in_order),
        )
        self._count([row for _, (row, _) in in_order])

    def _count(self, changed: Sequence[IntervalRow]) -> None:
        """Remember what has been changed."""
        self._changed += len(changed)
        starts = [row.start for row in changed]
        self._cover(Span(min(starts), max(starts) + 1))
        if self._origin.is_told:
            self.concerns(*{row.house_id for row in changed})

    def _cover(self, changed: Span) -> None:
        span = self._span or changed
        self._span = Span(min(span.start, changed.start), max(span.end, changed.end))

    def _revise_for(self, house_id: str) -> int:
        self._houses.add(house_id)
        return self._revise()

    def _keep(self, changed: Held, held: Held) -> None:
        """Keep what is about to be replaced, unless it is only completed."""
        replaced = {
            key: held[key]
            for key, (row, _) in changed.items()
            if key in held and not completes(held[key][0], row)
        }
        if not replaced:
            return
        self.concerns(*(row.house_id for row, _ in replaced.values()))
        revision = self._revise()
        self._execute(
            KEEP_SUPERSEDED,
            (
                by_column(key, row, source) | {"revision": revision}
                for key, (row, source) in replaced.items()
            ),
        )

    def _revise(self) -> int:
        """Return the number of this write's revision."""
        if self._revision is None:
            origin = self._origin
            self._revision = self._insert(
                REVISION,
                {
                    "at": origin.at,
                    "source": origin.source,
                    "action": origin.action,
                    "reason": origin.reason,
                    "user": origin.user_id,
                    "houses": "[]",
                    "changed": 0,
                },
            )
        return self._revision

    def meter(self, house_id: str) -> int:
        """Return the number of a house's meter, a new one for a new house."""
        if house_id not in self._meters:
            self._meters[house_id] = self._insert(METER, {"house_id": house_id})
        return self._meters[house_id]

    def _insert(self, table: Table, values: Mapping[str, object]) -> int:
        """Insert a row and return the number that it got."""
        statement = insert(table).values(values).returning(table.c.id)
        return int(self._connection.execute(statement).scalar_one())

    def _execute(self, statement: Executable, values: Iterator[dict[str, Any]]) -> None:
        """Execute a statement for each of the values, if there are any."""
        if each := list(values):
            self._connection.execute(statement, each)
