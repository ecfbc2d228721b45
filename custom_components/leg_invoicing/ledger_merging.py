"""What rows would change in the ledger: what it holds, and what should stand."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from .billing.measurements import IntervalRow, Rule, combine
from .ledger_entries import Origin, Source
from .ledger_rows import Held, Keyed
from .ledger_schema import METER


def meters(connection: Connection) -> dict[str, int]:
    """Return the number of each house's meter."""
    found = connection.execute(select(METER.c.house_id, METER.c.id))
    return dict(found.tuples().all())


def changes(keyed: Iterable[Keyed], held: Held, origin: Origin) -> Held:
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
