"""Write into the ledger, within one transaction.

What should stand after a row arrives is decided by `billing.measurements.combine`.
Here it is carried out: what changes is written, and what it replaces is kept
beside it, with the time and the reason.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import batched
import json
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Table,
    and_,
    bindparam,
    func,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects import sqlite

from .billing.calendar import Instant, Span
from .billing.measurements import IntervalRow, Rule, combine
from .ledger_changes import as_values, stored_changes
from .ledger_entries import Origin, Source, StoredChange, StoredReading, Written
from .ledger_quality import interval_row, quality_number
from .ledger_schema import (
    INTERVAL,
    METER,
    METER_CHANGE,
    READING,
    REGISTER_STATE,
    REVISION,
    SUPERSEDED,
)

_ROWS_AT_A_TIME = 1000

type _Key = tuple[Instant, int]
"""The start of an interval and the number of a meter."""
type _Held = dict[_Key, tuple[IntervalRow, int]]
"""What the ledger holds: a row and where it came from."""


def _upsert(table: Table, *, where: ColumnElement[bool] | None = None) -> sqlite.Insert:
    """Return an insert that replaces what stands under the same key."""
    statement = sqlite.insert(table)
    return statement.on_conflict_do_update(
        index_elements=list(table.primary_key),
        set_={
            column.name: statement.excluded[column.name]
            for column in table.columns
            if not column.primary_key
        },
        where=where,
    )


_SET_INTERVAL = _upsert(INTERVAL)
_SET_STATE = _upsert(REGISTER_STATE)
_SET_CHANGE = _upsert(METER_CHANGE)
# What was calculated never replaces what was read.
_SET_READING = _upsert(READING, where=literal_column("excluded.kind") <= READING.c.kind)
# Of what one transaction does, nobody ever saw more than what stood before it.
_KEEP_SUPERSEDED = sqlite.insert(SUPERSEDED).on_conflict_do_nothing()


# The keys go in as one value: a parameter for each of them takes far longer.
_KEYS = func.json_each(bindparam("keys")).table_valued("value")
_HELD = select(INTERVAL).join_from(
    _KEYS,
    INTERVAL,
    and_(
        INTERVAL.c.start == func.json_extract(_KEYS.c.value, "$[0]"),
        INTERVAL.c.meter == func.json_extract(_KEYS.c.value, "$[1]"),
    ),
)


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
        self._span: Span | None = None

    @property
    def written(self) -> Written:
        """What has been changed so far."""
        return Written(self._changed, self._span)

    def write_rows(self, rows: Iterable[IntervalRow]) -> None:
        """Write rows in any order, some at a time."""
        for some in batched(rows, _ROWS_AT_A_TIME, strict=False):
            keyed = [((row.start, self._meter(row.house_id)), row) for row in some]
            held = self._held(keyed)
            changed = _changes(keyed, held, self._origin)
            if not changed:
                continue
            self._keep(changed, held)
            self._set(changed)
            if self._origin.is_told:
                self.concerns(*(row.house_id for row, _ in changed.values()))

    def concerns(self, *house_ids: str) -> None:
        """Have it kept who changed something about houses, and why."""
        self._houses.update(house_ids)
        self._revise()

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
            _SET_STATE,
            (
                {
                    "meter": self._meter(house_id),
                    "register": register,
                    "state": json.dumps(state, separators=(",", ":")),
                }
                for (house_id, register), state in states.items()
            ),
        )

    def write_readings(self, readings: Iterable[StoredReading]) -> None:
        """Keep what registers showed."""
        self._execute(
            _SET_READING,
            (
                {
                    "meter": self._meter(reading.house_id),
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
        changes = list(changes)
        held = set(stored_changes(self._connection)) if changes else set()
        new = [change for change in changes if change not in held]
        if new:
            self.concerns(*(change.house_id for change in new))
        self._execute(
            _SET_CHANGE,
            (as_values(change, self._meter(change.house_id)) for change in new),
        )

    def _held(self, keyed: Iterable[tuple[_Key, IntervalRow]]) -> _Held:
        """Return what the ledger holds where rows are about to be written."""
        houses = {key: row.house_id for key, row in keyed}
        found = self._connection.execute(_HELD, {"keys": json.dumps(list(houses))})
        return {
            (start, meter): (
                interval_row(houses[start, meter], start, imported, exported, quality),
                source,
            )
            for start, meter, imported, exported, quality, source in found
        }

    def _keep(self, changed: _Held, held: _Held) -> None:
        """Keep what is about to be replaced, unless it is only completed."""
        replaced = {
            key: held[key]
            for key, (row, _) in changed.items()
            if key in held and not _completes(held[key][0], row)
        }
        if not replaced:
            return
        self.concerns(*(row.house_id for row, _ in replaced.values()))
        revision = self._revise()
        self._execute(
            _KEEP_SUPERSEDED,
            (
                _values(key, row, source) | {"revision": revision}
                for key, (row, source) in replaced.items()
            ),
        )

    def _set(self, changed: _Held) -> None:
        # In the order of the tree, whose end is where most rows belong.
        in_order = sorted(changed.items())
        self._execute(
            _SET_INTERVAL,
            (_values(key, row, source) for key, (row, source) in in_order),
        )
        self._changed += len(changed)
        starts = (in_order[0][0][0], in_order[-1][0][0] + 1)
        span = self._span or Span(*starts)
        self._span = Span(min(span.start, starts[0]), max(span.end, starts[1]))

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

    def _meter(self, house_id: str) -> int:
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


def meters(connection: Connection) -> dict[str, int]:
    """Return the number of each house's meter."""
    found = connection.execute(select(METER.c.house_id, METER.c.id))
    return dict(found.tuples().all())


def _changes(
    keyed: Iterable[tuple[_Key, IntervalRow]], held: _Held, origin: Origin
) -> _Held:
    """Return the rows that should stand and do not stand yet."""
    standing = dict(held)
    for key, row in keyed:
        before, source = standing.get(key, (None, origin.source))
        # What a person said is not a meter's or a file's to change.
        keeps = source == Source.HAND and origin.rule is not Rule.ALWAYS
        rule = Rule.FILL if keeps else origin.rule
        if (combined := combine(before, row, rule)) is not None:
            standing[key] = combined, source if keeps else origin.source
    return {key: new for key, new in standing.items() if new != held.get(key)}


def _completes(before: IntervalRow, after: IntervalRow) -> bool:
    """Tell whether a row keeps what was known and only fills in what was not."""
    sides = ((before.imported, after.imported), (before.exported, after.exported))
    filled = any(old is None and new is not None for old, new in sides)
    return filled and all(old in (None, new) for old, new in sides)


def _values(key: _Key, row: IntervalRow, source: int) -> dict[str, Any]:
    start, meter = key
    return {
        "start": start,
        "meter": meter,
        "imported": row.imported,
        "exported": row.exported,
        "quality": quality_number(row),
        "source": source,
    }
