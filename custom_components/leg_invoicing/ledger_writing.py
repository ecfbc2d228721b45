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
)
from sqlalchemy.dialects import sqlite

from .billing.calendar import Instant, Span
from .billing.measurements import IntervalRow, combine
from .billing.quality import Quality
from .ledger_entries import Source, StoredReading, Written
from .ledger_schema import (
    INTERVAL,
    METER,
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

    def __init__(
        self, connection: Connection, *, source: Source, reason: str, at: Instant
    ) -> None:
        """Take a connection that is in a transaction."""
        self._connection = connection
        self._source = source
        self._reason = reason
        self._at = at
        self._meters = meters(connection)
        self._revision: int | None = None
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
            changed = _changes(keyed, held)
            self._keep(changed, held)
            self._set(changed)

    def write_states(self, states: Mapping[tuple[str, str], Mapping[str, Any]]) -> None:
        """Replace the states of registers, by house and register."""
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

    def _held(self, keyed: Iterable[tuple[_Key, IntervalRow]]) -> _Held:
        """Return what the ledger holds where rows are about to be written."""
        houses = {key: row.house_id for key, row in keyed}
        found = self._connection.execute(_HELD, {"keys": json.dumps(list(houses))})
        return {
            (start, meter): (
                IntervalRow(
                    houses[start, meter], start, imported, exported, Quality(quality)
                ),
                source,
            )
            for start, meter, imported, exported, quality, source in found
        }

    def _keep(self, changed: Mapping[_Key, IntervalRow], held: _Held) -> None:
        """Keep what is about to be replaced, unless it is only completed."""
        replaced = {
            key: held[key]
            for key, row in changed.items()
            if key in held and not _completes(held[key][0], row)
        }
        if not replaced:
            return
        if self._revision is None:
            self._revision = self._insert(
                REVISION,
                {"at": self._at, "source": self._source, "reason": self._reason},
            )
        self._execute(
            _KEEP_SUPERSEDED,
            (
                _values(key, row, source) | {"revision": self._revision}
                for key, (row, source) in replaced.items()
            ),
        )

    def _set(self, changed: Mapping[_Key, IntervalRow]) -> None:
        if not changed:
            return
        # In the order of the tree, whose end is where most rows belong.
        in_order = sorted(changed.items())
        self._execute(
            _SET_INTERVAL, (_values(key, row, self._source) for key, row in in_order)
        )
        self._changed += len(changed)
        starts = (in_order[0][0][0], in_order[-1][0][0] + 1)
        span = self._span or Span(*starts)
        self._span = Span(min(span.start, starts[0]), max(span.end, starts[1]))

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
    keyed: Iterable[tuple[_Key, IntervalRow]], held: _Held
) -> dict[_Key, IntervalRow]:
    """Return the rows that should stand and do not stand yet."""
    standing = {key: row for key, (row, _) in held.items()}
    for key, row in keyed:
        if (combined := combine(standing.get(key), row)) is not None:
            standing[key] = combined
    return {
        key: row
        for key, row in standing.items()
        if key not in held or row != held[key][0]
    }


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
        "quality": row.quality,
        "source": source,
    }
