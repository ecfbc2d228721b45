"""Where meters ended and others began, as the ledger keeps it."""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Connection, select

from .billing.energy import Energy
from .ledger_entries import ChangeKind, StoredChange
from .ledger_schema import METER, METER_CHANGE

_TEXTS = ("old_serial", "new_serial", "note")


SET_CHANGE = METER_CHANGE.insert().prefix_with("OR REPLACE")
"""Keeps a change, in place of one of the same register at the same instant."""


def stored_changes(connection: Connection) -> Iterator[StoredChange]:
    """Yield all changes of meters, in the order of time."""
    statement = (
        select(METER.c.house_id, METER_CHANGE)
        .join_from(METER_CHANGE, METER)
        .order_by(METER_CHANGE.c.at)
    )
    for row in connection.execute(statement).mappings():
        yield StoredChange(
            house_id=row["house_id"],
            register=row["register"],
            at=row["at"],
            final=Energy(row["final"]),
            first=Energy(row["first"]),
            kind=ChangeKind(row["kind"]),
            **{name: row[name] for name in _TEXTS},
        )


def unknown(
    connection: Connection, changes: Collection[StoredChange]
) -> list[StoredChange]:
    """Return those of some changes that are not kept as they are."""
    kept = set(stored_changes(connection)) if changes else set()
    return [change for change in changes if change not in kept]


def as_values(change: StoredChange, meter: int) -> dict[str, Any]:
    """Return a change as a row of its table."""
    return {
        "meter": meter,
        "register": change.register,
        "at": change.at,
        "final": change.final.mwh,
        "first": change.first.mwh,
        "kind": change.kind,
        **{name: getattr(change, name) for name in _TEXTS},
    }
