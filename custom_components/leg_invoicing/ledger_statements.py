"""Statements that replace what stands in the ledger under the same key."""

from sqlalchemy import ColumnElement, Table, literal_column
from sqlalchemy.dialects import sqlite

from .ledger_schema import INTERVAL, READING, REGISTER_STATE, SIGNAL_VALUE, SUPERSEDED


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


SET_INTERVAL = _upsert(INTERVAL)
SET_STATE = _upsert(REGISTER_STATE)
SET_SIGNAL_VALUE = _upsert(SIGNAL_VALUE)
# What was calculated never replaces what was read.
SET_READING = _upsert(READING, where=literal_column("excluded.kind") <= READING.c.kind)
# Of what one transaction does, nobody ever saw more than what stood before it.
KEEP_SUPERSEDED = sqlite.insert(SUPERSEDED).on_conflict_do_nothing()
