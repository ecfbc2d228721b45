"""Write into a ledger in a process that is killed, and look at what is left.

Usage: python -m tests.ledger_killed leave_log|half_way|any_time PATH
"""

from collections.abc import Callable
from contextlib import closing
from itertools import count
import os
from pathlib import Path
import random
import signal
import sqlite3
import sys
import time

# This must come first: it keeps Home Assistant, which takes long to start, out.
from script.settle_lib import pure_wings  # noqa: F401

# isort: split

from custom_components.leg_invoicing.billing.calendar import Span
from custom_components.leg_invoicing.billing.energy import Energy
from custom_components.leg_invoicing.billing.measurements import IntervalRow
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.ledger import (
    Ledger,
    Origin,
    ReadingKind,
    Source,
    StoredReading,
)

HOUSES = 5
ALWAYS = Span(0, 2**40)
KEY = ("house_1", "import")


def rows_of(number: int, *, imported: int | None = None) -> list[IntervalRow]:
    """Return the rows of all houses for the interval with that number."""
    energy = number if imported is None else imported
    return [
        IntervalRow(f"house_{house}", 900 * number, energy, house, Quality.MEASURED)
        for house in range(1, HOUSES + 1)
    ]


def write(ledger: Ledger, number: int) -> None:
    """Write an interval, correct the one before, and say how far the register is."""
    before = rows_of(number - 1, imported=number + 1_000_000) if number else []
    ledger.write(
        [*before, *rows_of(number)],
        Origin(source=Source.LIVE, reason=f"write {number}", at=900 * number),
        registers={KEY: {"at": 900 * number}},
        readings=[
            StoredReading(
                house_id=KEY[0],
                register=KEY[1],
                at=900 * number,
                value=Energy(number),
                kind=ReadingKind.READ,
            )
        ],
    )


def count_whole(path: Path) -> int:
    """Return how many writes are in a ledger; every one of them must be whole."""
    ledger = Ledger.open(path)
    state = ledger.register_states().get(KEY)
    done = 0 if state is None else state["at"] // 900 + 1
    expected = [
        row
        for number in range(done)
        for row in rows_of(
            number, imported=None if number == done - 1 else number + 1_000_001
        )
    ]
    assert list(ledger.rows(ALWAYS)) == expected
    versions = ledger.versions("house_3", ALWAYS)
    reasons = [v.superseded.reason for v in versions if v.superseded]
    assert reasons == [f"write {number}" for number in range(1, done)]
    for number in range(done + 1):
        kept = Energy(number) if number < done else None
        assert ledger.reading_at(*KEY, 900 * number) == kept
    ledger.close()
    return done


def leave_log(path: Path) -> None:
    """Die before SQLite can put all of its log into the file."""
    ledger = Ledger.open(path)
    for numbers in (range(200), range(200, 300)):
        rows = [row for number in numbers for row in rows_of(number)]
        ledger.write(rows, Origin(source=Source.LIVE, at=0))
        if numbers.start == 0:
            with closing(sqlite3.connect(path)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    os._exit(0)


def half_way(path: Path) -> None:
    """Kill a process during a write of which much is on the disk already."""
    log, much = log_of(path), 1024 * 1024

    def work() -> None:
        ledger = Ledger.open(path)
        for number in range(3):
            write(ledger, number)
        endless = (row for number in count(3) for row in rows_of(number))
        ledger.write(endless, Origin(source=Source.FILE, at=0))

    kill(work, when=lambda: size(log) > much)

    assert size(log) > much
    assert count_whole(path) == 3


def any_time(path: Path) -> None:
    """Kill one process after the other, each at some moment, all on one file."""
    log, done = log_of(path), 0

    def work() -> None:
        ledger = Ledger.open(path)
        for number in count(done):
            write(ledger, number)

    for _ in range(10):
        enough = random.randrange(10_000, 1_000_000)
        kill(work, when=lambda enough=enough: size(log) > enough)
        before, done = done, count_whole(path)
        assert done > before


def log_of(path: Path) -> Path:
    """Return the file in which SQLite notes what it has not put in its place yet."""
    return path.with_name(f"{path.name}-wal")


def size(path: Path) -> int:
    """Return how much there is of a file."""
    return path.stat().st_size if path.exists() else 0


def kill(work: Callable[[], None], *, when: Callable[[], bool]) -> None:
    """Do some work in another process, and kill it without a warning."""
    child = os.fork()
    if child == 0:
        work()
    while not when():
        time.sleep(0.001)
    os.kill(child, signal.SIGKILL)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL


if __name__ == "__main__":
    {"leave_log": leave_log, "half_way": half_way, "any_time": any_time}[sys.argv[1]](
        Path(sys.argv[2])
    )
