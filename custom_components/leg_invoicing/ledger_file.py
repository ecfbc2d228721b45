"""Open the ledger's file, or refuse to.

A file is looked at before anything can write to it. One that is damaged, that is
no ledger or that a newer version of this integration made is left exactly as it
is: whoever repairs it, or goes back to a backup, finds what there was.

The file is written ahead (WAL), so that a long settlement reads while a quarter
hour is being written. `synchronous` is FULL: what was committed is on the disk
before a bill is made from it. NORMAL could forget the last quarter hours in a
power cut, while a period closed on them would stay in the books; FULL costs one
more flush per write, of which there are a few in a quarter hour.
"""

from contextlib import closing
from pathlib import Path
import sqlite3

from sqlalchemy import Connection, Engine, NullPool, QueuePool, create_engine, event
from sqlalchemy.exc import DatabaseError

from . import ledger_versions

_WRITER_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    # What a statement of many rows might have to undo is not worth a file.
    "PRAGMA temp_store = MEMORY",
    # A file that goes through the year for house after house comes by every page of it
    # once for each: 64 MB hold a year of a hundred houses.
    "PRAGMA cache_size = -65536",
    # A large import must not leave a large side file behind for months.
    "PRAGMA journal_size_limit = 16777216",
)


class LedgerError(Exception):
    """The ledger's file cannot be used; nothing in it was changed."""

    def __init__(self, path: Path, reason: str) -> None:
        """Remember which file it is."""
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class LedgerDamagedError(LedgerError):
    """The file is damaged, or not a ledger at all."""


class LedgerTooNewError(LedgerError):
    """A newer version of the integration made the file."""


def open_file(path: Path) -> tuple[Engine, Engine]:
    """Return an engine that writes and one that only reads; make a missing file.

    Raises LedgerDamagedError or LedgerTooNewError, and then has changed nothing.
    """
    if path.exists():
        _inspect(path)
    elif _has_content(_beside(path, "-wal")):
        # SQLite would pour what is left of the lost ledger into the new one.
        raise LedgerDamagedError(path, "the file is missing, but its -wal is there")
    else:
        _create(path)
    writer = _writer(path)
    try:
        with writer.begin() as connection:
            ledger_versions.migrate(connection)
    except BaseException as err:
        writer.dispose()
        if _is_damage(err):
            raise LedgerDamagedError(path, str(err)) from err
        raise
    return writer, _reader(path)


def _is_damage(err: BaseException) -> bool:
    """Tell whether it is damage that only opening for writing comes upon.

    A disk that is full or a file that is locked is an error of a more special kind.
    """
    return type(err) is DatabaseError or isinstance(err, UnicodeDecodeError)


def _create(path: Path) -> None:
    """Make an empty ledger under another name first: it is there whole or not."""
    unfinished = _beside(path, ".new")
    for suffix in ("", "-journal", "-wal", "-shm"):
        _beside(unfinished, suffix).unlink(missing_ok=True)
    # Who is at home when can be read from it: nobody else's business.
    unfinished.touch(mode=0o600)
    engine = _writer(unfinished)
    try:
        with engine.begin() as connection:
            ledger_versions.create_tables(connection)
    finally:
        engine.dispose()
    unfinished.replace(path)


def _inspect(path: Path) -> None:
    """Raise what is wrong with a file, reading only."""
    with path.open("rb") as file:
        if file.read(16) != b"SQLite format 3\0":
            raise LedgerDamagedError(path, "this is not a database")
    index = _beside(path, "-shm")
    had_index = index.exists()
    try:
        # Without a log that still has to be applied, SQLite is told that the file
        # cannot change: then it neither locks it nor puts anything beside it.
        mode = "mode=ro" if _has_content(_beside(path, "-wal")) else "immutable=1"
        with closing(_connect(path, mode)) as connection:
            _check(path, connection)
    except (sqlite3.DatabaseError, UnicodeDecodeError) as err:
        # What is found in a damaged file need not even be text.
        raise LedgerDamagedError(path, str(err)) from err
    finally:
        if not had_index:
            index.unlink(missing_ok=True)


def _check(path: Path, connection: sqlite3.Connection) -> None:
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application_id != ledger_versions.APPLICATION_ID or version < 1:
        raise LedgerDamagedError(path, "this is not a ledger")
    if version > ledger_versions.SCHEMA_VERSION:
        raise LedgerTooNewError(path, f"its format has the version {version}")
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise LedgerDamagedError(path, found)


def _writer(path: Path) -> Engine:
    def connect() -> sqlite3.Connection:
        connection = _connect(path, "mode=rw")
        try:
            for pragma in _WRITER_PRAGMAS:
                connection.execute(pragma)
        except BaseException:
            connection.close()
            raise
        return connection

    # One connection, whoever asks: two writes wait for each other here.
    engine = create_engine(
        "sqlite://", creator=connect, poolclass=QueuePool, pool_size=1, max_overflow=0
    )
    _begin_with(engine, "BEGIN IMMEDIATE")
    return engine


def _reader(path: Path) -> Engine:
    engine = create_engine(
        "sqlite://", creator=lambda: _connect(path, "mode=ro"), poolclass=NullPool
    )
    _begin_with(engine, "BEGIN")
    return engine


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    """Connect without the driver's own idea of when a transaction begins."""
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?{mode}",
        uri=True,
        isolation_level=None,
        # A connection may be opened, used and closed by different threads in turn.
        check_same_thread=False,
    )


def _begin_with(engine: Engine, statement: str) -> None:
    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _has_content(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0
