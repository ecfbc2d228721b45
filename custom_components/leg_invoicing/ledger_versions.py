"""The versions of the ledger's tables, and the way from each to the next."""

from collections.abc import Callable, Mapping
from typing import Final

from sqlalchemy import Connection

from .ledger_schema import METADATA, SIGNAL, SIGNAL_SUPERSEDED, SIGNAL_VALUE

APPLICATION_ID: Final = 0x4C454721
"""Written into the file's header (`LEG!`): no other program's database has it."""

SCHEMA_VERSION: Final = 3


def _add_signals(connection: Connection) -> None:
    METADATA.create_all(connection, [SIGNAL, SIGNAL_VALUE])


def _add_superseded_signals(connection: Connection) -> None:
    METADATA.create_all(connection, [SIGNAL_SUPERSEDED])


MIGRATIONS: Mapping[int, Callable[[Connection], None]] = {
    1: _add_signals,
    2: _add_superseded_signals,
}
"""What turns a file of the version it stands under into one of the next."""


def create_tables(connection: Connection) -> None:
    """Make an empty ledger of the present version."""
    METADATA.create_all(connection)
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    _set_version(connection)


def migrate(connection: Connection) -> None:
    """Bring the tables to the present version, within the caller's transaction."""
    version: int = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    if version == SCHEMA_VERSION:
        return
    for older in range(version, SCHEMA_VERSION):
        MIGRATIONS[older](connection)
    _set_version(connection)


def _set_version(connection: Connection) -> None:
    connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")
