"""What is written into the ledger, and what is read out of it again."""

import asyncio
from collections.abc import Iterator
import logging
from pathlib import Path
import threading
import tracemalloc
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest
from sqlalchemy import select

from custom_components.leg_invoicing.billing.calendar import Span
from custom_components.leg_invoicing.billing.energy import Energy
from custom_components.leg_invoicing.billing.measurements import (
    IntervalRow,
    IntervalSlice,
    Measurements,
    Rule,
    combine,
)
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.ledger import (
    Ledger,
    Origin,
    ReadingKind,
    Revision,
    Source,
    StoredReading,
    Version,
    Written,
)
from custom_components.leg_invoicing.ledger_rows import _HELD
from custom_components.leg_invoicing.ledger_schema import REVISION

QUARTER = 900
T0 = 1_767_222_000
"""2026-01-01 in Zurich."""
DAY = Span(T0, T0 + 96 * QUARTER)


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Keep SQLAlchemy from logging every statement, which the test plugin asks for."""
    caplog.set_level(logging.WARNING, "sqlalchemy.engine")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """Open a new ledger."""
    ledger = Ledger.open(tmp_path / "ledger.db")
    yield ledger
    ledger.close()


def row(
    house: str,
    number: int,
    imported: int | None,
    exported: int | None,
    quality: Quality = Quality.MEASURED,
) -> IntervalRow:
    """Return a row for the quarter hour with that number."""
    return IntervalRow(house, T0 + number * QUARTER, imported, exported, quality)


def write(ledger: Ledger, *rows: IntervalRow, at: int = T0, **more: Any) -> Written:
    """Write rows that came from the meters, or from somewhere else."""
    origin, how = {"source": Source.LIVE, "reason": "test", "at": at}, {}
    for name, value in more.items():
        (origin if name in Origin.__dataclass_fields__ else how)[name] = value
    return ledger.write(rows, Origin(**origin), **how)


def revision(
    at: int, source: Source, reason: str, changed: int, **who: Any
) -> Revision:
    """Return the revision of a write about the first interval of house_1."""
    nobody = {"action": "", "user_id": None, "houses": ("house_1",)}
    span = Span(T0, T0 + 1)
    about = {"at": at, "source": source, "reason": reason, "changed": changed}
    return Revision(**nobody | {"span": span} | about | who)


def read(measurements: Measurements) -> tuple[tuple[str, ...], list[IntervalSlice]]:
    """Return the houses and all slices, with lanes that compare."""
    return measurements.houses, [
        IntervalSlice(s.start, list(s.imported), list(s.exported), list(s.quality))
        for s in measurements.slices
    ]


def test_empty(ledger: Ledger) -> None:
    """A new ledger holds nothing."""
    assert ledger.houses() == ()
    assert ledger.bounds() is None
    assert list(ledger.rows(DAY)) == []
    assert list(ledger.versions("house_1", DAY)) == []
    assert read(ledger.measurements(DAY)) == ((), [])
    assert ledger.register_states() == {}
    assert ledger.reading_at("house_1", "import", T0) is None


def test_rows_come_back(ledger: Ledger) -> None:
    """What was written is read again, by start and house, in the span only."""
    rows = [
        row("house_2", 0, 5, 0),
        row("house_10", 0, None, 7, Quality.INTERPOLATED),
        row("house_2", 1, 2**40, 3, Quality.ESTIMATED),
    ]

    written = write(ledger, row("house_2", -1, 1, 1), row("house_2", 96, 1, 1), *rows)

    assert written == Written(5, Span(T0 - QUARTER, DAY.end + 1))
    assert list(ledger.rows(DAY)) == [rows[1], rows[0], rows[2]]
    assert list(ledger.rows(DAY, ["house_10", "house_99"])) == [rows[1]]
    assert ledger.houses() == ("house_10", "house_2")
    assert ledger.bounds() == Span(T0 - QUARTER, DAY.end + 1)


def test_rows_survive_closing(tmp_path: Path) -> None:
    """A closed ledger is one file, and holds the same when opened again."""
    path = tmp_path / "ledger.db"
    ledger = Ledger.open(path)
    write(ledger, row("house_1", 0, 1, 2))
    ledger.close()

    assert list(tmp_path.iterdir()) == [path]
    ledger = Ledger.open(path)
    assert list(ledger.rows(DAY)) == [row("house_1", 0, 1, 2)]
    ledger.close()


def test_writing_again_changes_nothing(ledger: Ledger) -> None:
    """The same rows a second time change nothing and leave no version behind."""
    rows = [row("house_1", i, i, None) for i in range(2500)]
    write(ledger, *rows)

    again = write(ledger, *rows, source=Source.FILE, reason="again", at=T0 + 1)

    assert again == Written(0, None)
    versions = list(ledger.versions("house_1", Span(T0, T0 + 2500 * QUARTER)))
    assert versions == [Version(r, Source.LIVE, None) for r in rows]


def test_replaced_values_are_kept(ledger: Ledger) -> None:
    """A value that another one replaces is kept with when, why and from where."""
    write(ledger, row("house_1", 0, 5, 0), row("house_1", 1, 6, 0))
    write(ledger, row("house_1", 0, 7, 0), reason="swap", at=T0 + 1)
    file = {"source": Source.FILE, "reason": "january.csv", "at": T0 + 2}

    written = write(ledger, row("house_1", 1, 6, 0), row("house_1", 0, 8, 0), **file)

    assert written == Written(1, Span(T0, T0 + 1))
    assert list(ledger.versions("house_1", DAY)) == [
        Version(
            row("house_1", 0, 5, 0),
            Source.LIVE,
            revision(T0 + 1, Source.LIVE, "swap", 1),
        ),
        Version(
            row("house_1", 0, 7, 0),
            Source.LIVE,
            revision(T0 + 2, Source.FILE, "january.csv", 1),
        ),
        Version(row("house_1", 0, 8, 0), Source.FILE, None),
        Version(row("house_1", 1, 6, 0), Source.LIVE, None),
    ]


def test_better_quality_is_a_new_version(ledger: Ledger) -> None:
    """The same value with a better quality replaces what stood there."""
    guessed = row("house_1", 0, 5, 0, Quality.ESTIMATED)
    write(ledger, guessed)

    write(ledger, row("house_1", 0, 5, 0), at=T0 + 1)

    old, new = ledger.versions("house_1", DAY)
    assert old.row == guessed
    assert new.row == row("house_1", 0, 5, 0)


def test_worse_value_changes_nothing(ledger: Ledger) -> None:
    """An estimate does not replace what was measured."""
    write(ledger, row("house_1", 0, 5, 0))

    assert write(ledger, row("house_1", 0, 6, 1, Quality.ESTIMATED)) == Written(0, None)
    assert list(ledger.rows(DAY)) == [row("house_1", 0, 5, 0)]


def test_completing_is_no_revision(ledger: Ledger) -> None:
    """A row that only fills in what was not known leaves no version behind."""
    write(ledger, row("house_1", 0, 5, None), row("house_2", 0, None, None))

    written = write(ledger, row("house_1", 0, None, 7), row("house_2", 0, 1, 2))

    assert written.changed == 2
    versions = list(ledger.versions("house_1", DAY))
    assert versions == [Version(row("house_1", 0, 5, 7), Source.LIVE, None)]
    with ledger._reader.connect() as connection:
        assert connection.execute(select(REVISION)).all() == []


def test_completing_and_correcting_is_a_revision(ledger: Ledger) -> None:
    """A row that fills in one side and corrects the other replaces what stood there."""
    write(ledger, row("house_1", 0, 5, None))

    write(ledger, row("house_1", 0, 6, 7))

    versions = ledger.versions("house_1", DAY)
    assert [version.row.imported for version in versions] == [5, 6]


def test_only_what_stood_before_is_kept(ledger: Ledger) -> None:
    """Values that follow each other in one write leave the first and the last."""
    write(ledger, row("house_1", 0, 1, 0))
    passing = [row("house_1", 0, 2, 0), *(row("house_2", i, 0, 0) for i in range(2000))]

    write(ledger, *passing, row("house_1", 0, 3, 0), at=T0 + 1)

    versions = ledger.versions("house_1", DAY)
    assert [version.row.imported for version in versions] == [1, 3]


def test_values_that_come_and_go(ledger: Ledger) -> None:
    """A write that ends where it began has changed nothing."""
    write(ledger, row("house_1", 0, 1, 0))

    there_and_back = (row("house_1", 0, 2, 0), row("house_1", 0, 1, 0))

    assert write(ledger, *there_and_back) == Written(0, None)


@pytest.mark.parametrize("broken", [row("house_1", 1, -1, 0), row("house_1", 1, 0, -1)])
def test_negative_energy_is_refused(ledger: Ledger, broken: IntervalRow) -> None:
    """Energy below zero cannot be written, nor anything written together with it."""
    with pytest.raises(Exception, match="CHECK"):
        write(ledger, row("house_1", 0, 1, 1), broken)

    assert ledger.houses() == ()
    assert ledger.bounds() is None


def test_failing_write_leaves_nothing(ledger: Ledger) -> None:
    """When the rows break off, nothing of their write remains."""

    def rows() -> Iterator[IntervalRow]:
        for i in range(3000):
            yield row("house_1", i, i, 0)
        raise OSError("the file ends here")

    with pytest.raises(OSError, match="ends here"):
        ledger.write(rows(), Origin(source=Source.FILE, at=T0))

    assert ledger.bounds() is None
    assert write(ledger, row("house_1", 0, 1, 0)).changed == 1


def test_registers_and_readings(ledger: Ledger) -> None:
    """Register states and readings are written together with the rows."""
    keys = {"house_id": "house_1", "register": "import"}
    reading = StoredReading(
        **keys, at=T0, value=Energy(12_345_678), kind=ReadingKind.READ
    )
    states = {("house_1", "import"): {"at": T0, "drop_at": None}}

    write(ledger, row("house_1", 0, 1, 0), registers=states, readings=[reading])
    assert ledger.register_states() == states
    assert ledger.reading_at(**keys, at=T0) == Energy(12_345_678)
    assert ledger.reading_at("house_1", "export", T0) is None
    assert ledger.reading_at(**keys, at=T0 + 1) is None

    newer = {("house_1", "import"): {"at": T0 + 9}, ("house_2", "export"): {"at": 0}}
    written = write(ledger, registers=newer)
    assert written == Written(0, None)
    assert ledger.register_states() == newer
    assert ledger.houses() == ("house_1", "house_2")


def test_calculated_reading_never_replaces_a_read_one(ledger: Ledger) -> None:
    """Of two readings for the same instant, the one that was read stays."""

    def keep(mwh: int, kind: ReadingKind) -> None:
        reading = StoredReading(
            house_id="house_1",
            register="import",
            at=T0,
            value=Energy(mwh),
            kind=kind,
        )
        write(ledger, readings=[reading])

    kept = []
    for mwh, kind in enumerate(
        (ReadingKind.INTERPOLATED, ReadingKind.READ, ReadingKind.INTERPOLATED)
    ):
        keep(mwh, kind)
        kept.append(ledger.reading_at("house_1", "import", T0))

    assert kept == [Energy(0), Energy(1), Energy(1)]


def test_measurements_of_all_houses(ledger: Ledger) -> None:
    """A slice has the houses' values in the order of the houses' ids."""
    for number in (0, 1):
        write(
            ledger,
            *(row(f"house_{n}", number, n, 10 * n + number) for n in (1, 2, 10, 11)),
        )

    assert read(ledger.measurements(DAY)) == (
        ("house_1", "house_10", "house_11", "house_2"),
        [
            IntervalSlice(T0, [1, 10, 11, 2], [10, 100, 110, 20], [0] * 4),
            IntervalSlice(T0 + QUARTER, [1, 10, 11, 2], [11, 101, 111, 21], [0] * 4),
        ],
    )


def test_measurements_of_one_house(ledger: Ledger) -> None:
    """A community of one house has lanes of one value."""
    write(ledger, row("house_1", 0, 5, 6))

    read_back = read(ledger.measurements(DAY))
    assert read_back == (("house_1",), [IntervalSlice(T0, [5], [6], [0])])


def test_what_is_not_known_is_missing(ledger: Ledger) -> None:
    """A house without a row, or with half a row, is MISSING and has no energy there."""
    write(
        ledger,
        row("house_1", 0, 5, None),
        row("house_2", 0, None, 7, Quality.ESTIMATED),
        row("house_2", 1, 8, 9, Quality.ESTIMATED),
        row("house_3", 1, 0, 0, Quality.TEMPORARY),
    )

    missing, estimated, temporary = 60, 40, 50
    assert read(ledger.measurements(DAY)) == (
        ("house_1", "house_2", "house_3"),
        [
            IntervalSlice(T0, [5, 0, 0], [0, 7, 0], [missing] * 3),
            IntervalSlice(
                T0 + QUARTER, [0, 8, 0], [0, 9, 0], [missing, estimated, temporary]
            ),
        ],
    )


def test_houses_of_another_time_are_left_out(ledger: Ledger) -> None:
    """A house that has left is not among the measured ones any more."""
    write(ledger, row("house_1", -1, 1, 1), row("house_2", 0, 2, 2))

    assert ledger.measurements(DAY).houses == ("house_2",)


def test_measurements_of_some_houses(ledger: Ledger) -> None:
    """Only the houses that were asked for come, known or not, once each and in order."""
    write(ledger, *(row(f"house_{n}", 0, n, 0) for n in (1, 2, 3)))

    measurements = ledger.measurements(DAY, ["house_9", "house_3", "house_1"])

    assert read(measurements) == (
        ("house_1", "house_3", "house_9"),
        [IntervalSlice(T0, [1, 3, 0], [0, 0, 0], [0, 0, 60])],
    )
    nobody = ledger.measurements(DAY, [])
    assert read(nobody) == ((), [IntervalSlice(T0, [], [], [])])


def test_who_changed_what_is_kept(ledger: Ledger) -> None:
    """A write of anybody but the meters says who, what, when and why; the newest first."""
    write(ledger, row("house_1", 0, 5, 0), row("house_2", 0, 5, 0))
    by_file = {"source": Source.FILE, "action": "import_readings", "reason": "a.csv"}
    by_hand = {"source": Source.HAND, "action": "correct", "user_id": "anna"}

    write(ledger, row("house_1", 0, 5, 0), at=T0 + 1, **by_file)
    write(
        ledger, row("house_3", 4, 1, 0), row("house_2", 2, 1, 0), at=T0 + 2, **by_file
    )
    write(ledger, row("house_1", 0, 4, 0), at=T0 + 3, rule=Rule.ALWAYS, **by_hand)

    assert list(ledger.revisions(Span(T0, T0 + 4))) == [
        revision(T0 + 3, Source.HAND, "test", 1, action="correct", user_id="anna"),
        revision(
            T0 + 2,
            Source.FILE,
            "a.csv",
            2,
            action="import_readings",
            houses=("house_2", "house_3"),
            span=Span(T0 + 2 * QUARTER, T0 + 4 * QUARTER + 1),
        ),
    ]
    assert list(ledger.revisions(Span(T0 + 4, T0 + 5))) == []


def test_what_a_person_says_stays(ledger: Ledger) -> None:
    """Only a person replaces what a person entered; a side they left open is filled."""
    manual = row("house_1", 0, 4, None, Quality.MANUAL)
    write(ledger, row("house_1", 0, 5, None))
    write(ledger, manual, source=Source.HAND, rule=Rule.ALWAYS)

    write(ledger, row("house_1", 0, 6, 7))
    write(ledger, row("house_1", 0, 8, 9), source=Source.FILE)

    *_, now = ledger.versions("house_1", DAY)
    assert now.source is Source.HAND
    assert (now.row.imported, now.row.exported) == (4, 7)
    write(ledger, manual._replace(imported=3), source=Source.HAND, rule=Rule.ALWAYS)
    assert next(ledger.rows(DAY)).imported == 3


def test_each_side_keeps_its_quality(ledger: Ledger) -> None:
    """What filled in one side says nothing about the other, on disk either."""
    write(ledger, row("house_1", 0, 5, None), row("house_2", 0, None, 6))
    guesses = [
        row(house, 0, 9, 9, Quality.ESTIMATED) for house in ("house_1", "house_2")
    ]

    assert write(ledger, *guesses).changed == 2

    first, second = ledger.rows(DAY)
    assert first == row("house_1", 0, 5, 9, Quality.ESTIMATED)._replace(
        import_quality=Quality.MEASURED
    )
    assert second == row("house_2", 0, 9, 6, Quality.ESTIMATED)._replace(
        export_quality=Quality.MEASURED
    )
    assert read(ledger.measurements(DAY))[1][0].quality == [40, 40]
    assert write(ledger, *guesses).changed == 0


ROWS = st.lists(
    st.builds(
        row,
        st.sampled_from(["a", "b", "c"]),
        st.integers(0, 3),
        st.none() | st.integers(0, 9),
        st.none() | st.integers(0, 9),
        st.sampled_from(Quality),
    ),
    max_size=12,
)


@settings(max_examples=50)
@given(writes=st.lists(ROWS, max_size=4))
def test_ledger_is_the_rule_applied(
    writes: list[list[IntervalRow]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever is written, the ledger holds what `combine` says, and every version."""
    ledger = Ledger.open(tmp_path_factory.mktemp("ledger") / "ledger.db")
    standing: dict[tuple[int, str], IntervalRow] = {}
    history: dict[tuple[int, str], list[IntervalRow]] = {}
    for rows in writes:
        before = dict(standing)
        for new in rows:
            key = (new.start, new.house_id)
            standing[key] = combine(standing.get(key), new) or standing[key]
        changed = {k: v for k, v in standing.items() if before.get(k) != v}
        for key, new in changed.items():
            if key in before and is_lost(before[key], new):
                history.setdefault(key, []).append(before[key])
        assert write(ledger, *rows).changed == len(changed)

    assert list(ledger.rows(DAY)) == [standing[key] for key in sorted(standing)]
    for (start, house), now in standing.items():
        versions = ledger.versions(house, Span(start, start + 1))
        assert [v.row for v in versions] == [*history.get((start, house), []), now]
    ledger.close()


def is_lost(old: IntervalRow, new: IntervalRow) -> bool:
    """Tell whether a new row replaces more than what was not known."""
    sides = ((old.imported, new.imported), (old.exported, new.exported))
    if any(before is not None and before != after for before, after in sides):
        return True
    return all(before == after for before, after in sides)


def test_writing_looks_rows_up_by_their_key(ledger: Ledger) -> None:
    """However large the ledger is, a write looks only at the rows it is about."""
    with ledger._reader.connect() as connection:
        statement = _HELD.compile(ledger._reader)
        plan = connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {statement}", ("[[1,2]]", "$[0]", "$[1]")
        )

        steps = [step[-1] for step in plan]
        assert "SEARCH interval USING PRIMARY KEY (start=? AND meter=?)" in steps


def test_reading_and_writing_at_the_same_time(ledger: Ledger) -> None:
    """What is being read stands still while something is written."""
    rows = [row("house_1", i, i, 0) for i in range(2000)]
    write(ledger, *rows)
    span = Span(T0, T0 + 2000 * QUARTER)
    reading = ledger.rows(span)
    slices = iter(ledger.measurements(span).slices)
    first, first_slice = next(reading), next(slices)

    write(ledger, *(r._replace(imported=9999) for r in rows))

    assert [first, *reading] == rows
    lanes = [s.imported for s in (first_slice, *slices)]
    assert lanes == [[number] for number in range(2000)]
    assert {r.imported for r in ledger.rows(span)} == {9999}


async def test_one_thread_writes(ledger: Ledger) -> None:
    """Calls through the ledger run one after the other, in a thread of their own."""
    running = []

    def call(number: int, *, name: str) -> str:
        running.append(number)
        assert running == [number]
        running.remove(number)
        return f"{threading.current_thread().name} {name}{number}"

    results = await asyncio.gather(
        *(ledger.async_run(call, i, name="call") for i in range(20))
    )

    assert results == [f"leg_invoicing_ledger_0 call{i}" for i in range(20)]


async def test_closing_waits_for_what_is_being_written(tmp_path: Path) -> None:
    """Closing through the ledger's thread comes after what was begun before."""
    ledger = Ledger.open(tmp_path / "ledger.db")
    rows = (row("house_1", i, i, 0) for i in range(5000))
    writing = ledger.async_run(ledger.write, rows, Origin(source=Source.FILE, at=T0))

    written, _ = await asyncio.gather(writing, ledger.async_close())

    assert written.changed == 5000
    assert list(tmp_path.iterdir()) == [tmp_path / "ledger.db"]
    with pytest.raises(RuntimeError):
        await ledger.async_run(ledger.houses)


def test_rows_are_not_gathered_in_memory(ledger: Ledger) -> None:
    """However many rows there are, only some of them are in memory at a time."""
    count = 20_000
    span = Span(T0, T0 + count * QUARTER)
    write(ledger, row("house_1", -1, 0, 0))
    tracemalloc.start()
    try:
        rows = (row("house_1", i, i, 0) for i in range(count))
        ledger.write(rows, Origin(source=Source.FILE, at=T0))
        assert sum(1 for _ in ledger.rows(span)) == count
        assert sum(1 for _ in ledger.measurements(span).slices) == count
        assert sum(1 for _ in ledger.versions("house_1", span)) == count
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # All of them together would take more than three million bytes.
    assert peak < 2_000_000
