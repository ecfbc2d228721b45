"""Many intervals of the ledger in one statement.

An import of a year has millions of rows. A statement for each, or SQLAlchemy's way
from a row to its parameters, takes longer than all else that is done with them.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, repeat
import json
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, select
from sqlalchemy.exc import IntegrityError

from .billing.calendar import Instant
from .billing.measurements import IntervalRow
from .ledger_entries import Source
from .ledger_quality import interval_row, quality_number, quality_numbers
from .ledger_schema import INTERVAL

type Key = tuple[Instant, int]
"""The start of an interval and the number of a meter."""
type Keyed = tuple[Key, IntervalRow]
type Held = dict[Key, tuple[IntervalRow, int]]
"""What the ledger holds: a row and where it came from."""
type Values = Sequence[tuple[int | None, ...]]
"""Rows as the columns of `interval` have them."""

_COLUMNS = ", ".join(column.name for column in INTERVAL.columns)
_PLACES = f"({', '.join('?' for _ in INTERVAL.columns)})"
_ADD = f"INSERT INTO interval ({_COLUMNS}) VALUES {{}}"  # noqa: S608 - all is ours
# Crossed, so that SQLite looks up each of the rows and does not read the table.
_COUNT = f"""
    WITH new ({_COLUMNS}) AS (VALUES {{}})
    SELECT count(*) FROM new CROSS JOIN interval USING (start, meter)
    WHERE interval.imported IS new.imported AND interval.exported IS new.exported
    AND interval.quality = new.quality
"""  # noqa: S608 - all is ours

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


def values_of(
    rows: Sequence[IntervalRow], meters: Mapping[str, int], source: Source
) -> Values:
    """Return rows as the columns of `interval` have them, by start."""
    house_ids, starts, imported, exported, *_ = zip(*rows, strict=True)
    columns = (
        starts,
        map(meters.__getitem__, house_ids),
        imported,
        exported,
        quality_numbers(rows),
        # Enumerations would be taken through the driver's adapters, one by one.
        repeat(int(source)),
    )
    # In the order of the tree, whose end is where most rows belong.
    return sorted(zip(*columns, strict=False), key=itemgetter(0))


def by_column(key: Key, row: IntervalRow, source: int) -> dict[str, Any]:
    """Return a row by the names of the columns, for a statement of its own."""
    start, meter = key
    return {
        "start": start,
        "meter": meter,
        "imported": row.imported,
        "exported": row.exported,
        "quality": quality_number(row),
        "source": source,
    }


def add(connection: Connection, values: Values) -> bool:
    """Write rows where nothing stands; where something does, write none of them.

    To try that is quicker than to look first.
    """
    try:
        connection.exec_driver_sql(*_of_all(_ADD, values))
    except IntegrityError:
        return False
    return True


def holds(connection: Connection, values: Values) -> bool:
    """Tell whether all of the rows stand there, as where a file comes again."""
    found = connection.exec_driver_sql(*_of_all(_COUNT, values))
    return bool(found.scalar_one() == len(values))


def held_at(connection: Connection, keyed: Iterable[Keyed]) -> Held:
    """Return what the ledger holds where rows are about to be written."""
    houses = {key: row.house_id for key, row in keyed}
    found = connection.execute(_HELD, {"keys": json.dumps(list(houses))})
    return {
        (start, meter): (
            interval_row(houses[start, meter], start, imported, exported, quality),
            source,
        )
        for start, meter, imported, exported, quality, source in found
    }


def _of_all(statement: str, values: Values) -> tuple[str, tuple[int | None, ...]]:
    """Return a statement with places for all values, and the values."""
    places = ", ".join([_PLACES] * len(values))
    return statement.format(places), tuple(chain.from_iterable(values))
