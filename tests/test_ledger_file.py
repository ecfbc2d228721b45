"""How a ledger's file is made, opened, brought up to date, or refused."""

from collections.abc import Callable
from contextlib import closing
import hashlib
import logging
from pathlib import Path
import re
import shutil
import sqlite3
import stat
import subprocess
import sys

from hypothesis import HealthCheck, given, settings, strategies as st
import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from custom_components.leg_invoicing import ledger_versions
from custom_components.leg_invoicing.billing.calendar import Span
from custom_components.leg_invoicing.billing.measurements import IntervalRow
from custom_components.leg_invoicing.ledger import (
    Ledger,
    LedgerDamagedError,
    LedgerTooNewError,
    Origin,
    Source,
)

from .ledger_killed import rows_of

ALWAYS = Span(0, 2**40)
ROWS = [row for number in range(300) for row in rows_of(number)]


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Keep SQLAlchemy from logging every statement, which the test plugin asks for."""
    caplog.set_level(logging.WARNING, "sqlalchemy.engine")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the file of a closed ledger, alone in its folder."""
    folder = tmp_path / "storage"
    folder.mkdir()
    path = folder / "leg_invoicing.sonne.db"
    ledger = Ledger.open(path)
    ledger.write(ROWS, Origin(source=Source.LIVE, at=0))
    ledger.close()
    return path


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a ledger whose process was killed."""
    path = tmp_path_factory.mktemp("killed") / "leg_invoicing.sonne.db"
    command = [sys.executable, "-m", "tests.ledger_killed", "leave_log", str(path)]
    subprocess.run(command, check=True)
    return path


@pytest.fixture
def path_with_log(killed: Path, tmp_path: Path) -> Path:
    """Return a copy of such a file, with its log and the log's index."""
    path = tmp_path / "storage" / killed.name
    shutil.copytree(killed.parent, path.parent)
    assert set(contents(path)) == {f"{path.name}{s}" for s in ("", "-wal", "-shm")}
    return path


def contents(path: Path) -> dict[str, str]:
    """Return a fingerprint of each file in a file's folder."""
    return {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in path.parent.iterdir()
    }


def rows(path: Path) -> list[IntervalRow]:
    """Open a file and return all its rows."""
    ledger = Ledger.open(path)
    try:
        return list(ledger.rows(ALWAYS))
    finally:
        ledger.close()


def change(path: Path, *statements: str) -> None:
    """Change a file the way another program would."""
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def assert_refused(path: Path, error: type[Exception], reason: str) -> None:
    """Assert that opening a file fails, names it, and leaves no trace."""
    before = contents(path)

    with pytest.raises(error, match=reason) as caught:
        Ledger.open(path)

    assert caught.value.path == path
    assert str(path) in str(caught.value)
    assert contents(path) == before


def test_new_file(tmp_path: Path) -> None:
    """A new ledger is a private file in WAL mode, and alone once it is closed."""
    path = tmp_path / "ledger.db"
    Ledger.open(path).close()

    assert list(tmp_path.iterdir()) == [path]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert rows(path) == []


def test_every_write_is_flushed(path: Path) -> None:
    """What was committed is on the disk, and keys refer to what exists."""
    ledger = Ledger.open(path)

    with ledger._writer.connect() as connection:
        settings = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("synchronous", "foreign_keys", "journal_size_limit")
        ]

    assert settings == [2, 1, 16 * 1024 * 1024]
    ledger.close()


def test_readers_cannot_write(path: Path) -> None:
    """A connection for reading refuses to change anything."""
    ledger = Ledger.open(path)

    with (
        ledger._reader.connect() as connection,
        pytest.raises(OperationalError, match="readonly"),
    ):
        connection.exec_driver_sql("DELETE FROM interval")

    ledger.close()


def test_unfinished_file_is_begun_again(tmp_path: Path) -> None:
    """What was left of a ledger whose making was interrupted is in nobody's way."""
    path = tmp_path / "ledger.db"
    for suffix in ("", "-journal", "-wal"):
        (tmp_path / f"ledger.db.new{suffix}").write_bytes(b"half a file")

    Ledger.open(path).close()

    assert list(tmp_path.iterdir()) == [path]


def test_failing_to_make_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where making a ledger fails, there is none afterwards."""

    def fail(connection: Connection) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(ledger_versions, "create_tables", fail)

    with pytest.raises(OSError, match="no space left"):
        Ledger.open(tmp_path / "ledger.db")

    assert not (tmp_path / "ledger.db").exists()


def test_odd_names(tmp_path: Path) -> None:
    """A folder may have any name, also one that means something in an address."""
    folder = tmp_path / "a b?mode=ro#%20 ö"
    folder.mkdir()
    ledger = Ledger.open(folder / "ledger.db")
    ledger.write(ROWS, Origin(source=Source.LIVE, at=0))
    ledger.close()

    assert rows(folder / "ledger.db") == ROWS


@pytest.mark.parametrize("content", [b"", b"{}", b"\0" * 5000, b"SQLite format 2\0"])
def test_no_database(path: Path, content: bytes) -> None:
    """A file that is no database is refused; an empty one, too."""
    path.write_bytes(content)

    assert_refused(path, LedgerDamagedError, "not a database")


def test_database_of_somebody_else(path: Path) -> None:
    """A database that is no ledger is refused."""
    path.unlink()
    change(path, "CREATE TABLE states (state TEXT)")

    assert_refused(path, LedgerDamagedError, "not a ledger")


@pytest.mark.parametrize("keep", [100, 1000, 4096, 5000, 3 * 4096])
def test_truncated(path: Path, keep: int) -> None:
    """A file that was cut off anywhere is refused."""
    path.write_bytes(path.read_bytes()[:keep])

    assert_refused(path, LedgerDamagedError, "malformed|not a database|error")


def test_damaged_inside(path: Path) -> None:
    """A file with a page of rubbish in its middle is refused."""
    content = bytearray(path.read_bytes())
    middle = len(content) // 8192 * 4096
    content[middle : middle + 4096] = b"\xff" * 4096
    path.write_bytes(content)

    assert_refused(path, LedgerDamagedError, "page")


@pytest.mark.parametrize(("rubbish", "reason"), [(b"x", "no such"), (b"\x9a", "codec")])
def test_damage_that_writing_comes_upon(
    path: Path, rubbish: bytes, reason: str
) -> None:
    """A rule about a column that is not there is damage, though reading ignores it."""
    rule = b"CHECK (imported"
    content = path.read_bytes()
    assert rule in content
    path.write_bytes(content.replace(rule, rule[:-1] + rubbish))

    assert_refused(path, LedgerDamagedError, reason)


@given(data=st.data())
@settings(
    max_examples=100,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_damage(path: Path, data: st.DataObject) -> None:
    """Whatever happened to a file, it opens, or is refused and left as it is."""
    damaged = path.parent.parent / "damaged"
    damaged.mkdir(exist_ok=True)
    copy = damaged / path.name
    content = bytearray(path.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    rubbish = data.draw(st.binary(min_size=1, max_size=16))
    content[at : at + len(rubbish)] = rubbish
    copy.write_bytes(content)
    before = contents(copy)

    try:
        ledger = Ledger.open(copy)
    except LedgerDamagedError, LedgerTooNewError:
        assert contents(copy) == before
    else:
        ledger.close()


def test_killed_process(path_with_log: Path) -> None:
    """A log that a killed process left behind is applied."""
    assert rows(path_with_log) == ROWS
    assert list(path_with_log.parent.iterdir()) == [path_with_log]


def test_backup_without_index(path_with_log: Path) -> None:
    """A backup has the file and its log, but not the log's index."""
    path_with_log.with_name(f"{path_with_log.name}-shm").unlink()

    assert rows(path_with_log) == ROWS


def test_damaged_with_log(path_with_log: Path) -> None:
    """A damaged file is left as it is, and so is the log that belongs to it."""
    content = bytearray(path_with_log.read_bytes())
    content[4096 * 3 : 4096 * 8] = b"\xff" * 4096 * 5
    path_with_log.write_bytes(content)
    path_with_log.with_name(f"{path_with_log.name}-shm").unlink()

    assert_refused(path_with_log, LedgerDamagedError, "page")


def test_lost_file_with_log(path_with_log: Path) -> None:
    """A log without its file is not poured into a new one."""
    path_with_log.unlink()

    assert_refused(path_with_log, LedgerDamagedError, "missing")


def test_newer_version(path: Path) -> None:
    """A file that a newer version of the integration made is left alone."""
    change(path, f"PRAGMA user_version = {ledger_versions.SCHEMA_VERSION + 1}")

    newer = ledger_versions.SCHEMA_VERSION + 1
    assert_refused(path, LedgerTooNewError, f"version {newer}")


def test_version_that_never_was(path: Path) -> None:
    """A file of a version before the first one is no ledger."""
    change(path, "PRAGMA user_version = 0")

    assert_refused(path, LedgerDamagedError, "not a ledger")


def add_note(connection: Connection) -> None:
    """Bring a ledger from the present version to the next."""
    connection.exec_driver_sql("ALTER TABLE meter ADD COLUMN note TEXT")
    connection.exec_driver_sql("UPDATE meter SET note = 'house ' || house_id")


def add_index(connection: Connection) -> None:
    """Bring it to the one after that; needs what the one before brought."""
    connection.exec_driver_sql("CREATE INDEX meter_note ON meter (note)")


def fail(connection: Connection) -> None:
    """Change something, then break down."""
    connection.exec_driver_sql("DELETE FROM interval")
    raise OSError("no space left")


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let the integration be one whose ledgers have gone through more migrations."""

    def set_migrations(*migrations: Callable[[Connection], None]) -> None:
        steps = dict(enumerate(migrations, ledger_versions.SCHEMA_VERSION))
        version = ledger_versions.SCHEMA_VERSION + len(migrations)
        monkeypatch.setattr(ledger_versions, "MIGRATIONS", steps)
        monkeypatch.setattr(ledger_versions, "SCHEMA_VERSION", version)

    return set_migrations


def test_older_version_is_brought_up_to_date(
    path: Path, newer: Callable[..., None]
) -> None:
    """An older file goes through all migrations in order, once, and keeps its rows."""
    newer(add_note, add_index)
    version = ledger_versions.SCHEMA_VERSION

    assert rows(path) == ROWS
    assert rows(path) == ROWS
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (version,)
        notes = connection.execute("SELECT note FROM meter INDEXED BY meter_note")
        assert notes.fetchone() == ("house house_1",)


def test_failing_migration_changes_nothing(
    path: Path, newer: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """When one migration fails, none of them has happened."""
    before = contents(path)

    with monkeypatch.context():
        newer(add_note, fail)
        with pytest.raises(OSError, match="no space left"):
            Ledger.open(path)

    assert contents(path) == before


def test_copied_file(path: Path, tmp_path: Path) -> None:
    """A closed ledger can be copied like any other file."""
    copy = tmp_path / "copy.db"
    shutil.copy(path, copy)

    assert rows(copy) == ROWS


def test_documented_queries(path: Path) -> None:
    """The queries in the documentation work on a file that is opened for reading."""
    ledger = Ledger.open(path)
    corrected = [row._replace(imported=7) for row in rows_of(0)]
    ledger.write(corrected, Origin(source=Source.FILE, reason="january.csv", at=0))
    page = (Path(__file__).parents[1] / "docs" / "ledger.md").read_text("utf-8")
    queries = re.findall(r"```sql\n(.*?)```", page, re.DOTALL)

    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        results = [connection.execute(query).fetchall() for query in queries]

    assert results[0][0] == ("1970-01-04 02:45:00", 0.000299, 1e-06, 0)
    assert results[1] == []
    assert results[2][0][:3] == ("1970-01-01 00:00:00", "january.csv", "house_1")
    ledger.close()
