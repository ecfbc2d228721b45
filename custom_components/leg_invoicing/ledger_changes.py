"""What rows would change in the ledger: what it holds, and what should stand."""

from collections.abc import Iterable
import json

from sqlalchemy import Connection, and_, bindparam, func, select

from .billing.calendar import Instant
from .billing.measurements import IntervalRow, Rule, combine
from .ledger_entries import Origin, Source
from .ledger_quality import interval_row
from .ledger_schema import INTERVAL, METER

type Key = tuple[Instant, int]
"""The start of an interval and the number of a meter."""
type Held = dict[Key, tuple[IntervalRow, int]]
"""What the ledger holds: a row and where it came from."""

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


def meters(connection: Connection) -> dict[str, int]:
    """Return the number of each house's meter."""
    found = connection.execute(select(METER.c.house_id, METER.c.id))
    return dict(found.tuples().all())


def held_rows(connection: Connection, keyed: Iterable[tuple[Key, IntervalRow]]) -> Held:
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


def changes(
    keyed: Iterable[tuple[Key, IntervalRow]], held: Held, origin: Origin
) -> Held:
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


def completes(before: IntervalRow, after: IntervalRow) -> bool:
    """Tell whether a row keeps what was known and only fills in what was not."""
    sides = ((before.imported, after.imported), (before.exported, after.exported))
    filled = any(old is None and new is not None for old, new in sides)
    return filled and all(old in (None, new) for old, new in sides)
