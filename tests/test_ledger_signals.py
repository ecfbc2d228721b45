"""What was so in intervals besides energy, in the ledger."""

from pathlib import Path
import sqlite3

import pytest

from custom_components.leg_invoicing.billing.calendar import Span
from custom_components.leg_invoicing.billing.signals import SignalValue
from custom_components.leg_invoicing.ledger import Ledger, Origin, Source
from custom_components.leg_invoicing.ledger_signals import SignalChange, signals_effect


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where a ledger may be."""
    return tmp_path / "ledger.db"


def test_values_come_back_by_start(path: Path) -> None:
    """A span has its own values, in the order of time, also for settling."""
    values = [
        SignalValue("mode", 900, "priority"),
        SignalValue("spot", 900, "8.5"),
        SignalValue("spot", 1800, "-1"),
    ]
    ledger = Ledger.open(path)

    ledger.write_signals(reversed(values))

    assert list(ledger.signals(Span(0, 3600))) == values
    assert list(ledger.signals(Span(900, 1800))) == values[:2]
    assert list(ledger.measurements(Span(1800, 2700)).signals) == values[2:]
    ledger.close()


def test_what_stands_stays(path: Path) -> None:
    """A value may have been billed: a second one of its interval changes nothing."""
    ledger = Ledger.open(path)
    ledger.write_signals([SignalValue("spot", 900, "8.5")])

    ledger.write_signals([SignalValue("spot", 900, "9"), SignalValue("mode", 900, "x")])

    assert list(ledger.signals(Span(0, 3600))) == [
        SignalValue("mode", 900, "x"),
        SignalValue("spot", 900, "8.5"),
    ]
    ledger.close()


def test_a_ledger_from_before_signals_gets_them(path: Path) -> None:
    """The tables are added to a file of the first version."""
    Ledger.open(path).close()
    connection = sqlite3.connect(path)
    connection.executescript(
        "DROP TABLE signal_value; DROP TABLE signal; PRAGMA user_version = 1"
    )
    connection.close()

    ledger = Ledger.open(path)

    ledger.write_signals([SignalValue("spot", 900, "8.5")])
    assert list(ledger.signals(Span(0, 3600))) == [SignalValue("spot", 900, "8.5")]
    ledger.close()


def test_what_somebody_says_is_told_first(path: Path) -> None:
    """What is new, what would be replaced, and what stays, before anything is written."""
    ledger = Ledger.open(path)
    ledger.write_signals([SignalValue("spot", 900, "8.5"), SignalValue("spot", 0, "8")])
    said = [
        SignalValue("spot", 0, "8"),
        SignalValue("spot", 900, "9"),
        SignalValue("mode", 900, "eco"),
    ]

    new = SignalChange(said[2], None)
    assert ledger.signal_changes(said, replace=False) == [new]
    changes = ledger.signal_changes(said, replace=True)
    assert changes == [SignalChange(said[1], "8.5"), new]
    effect = signals_effect(changes, len(said), {"2026-01": Span(900, 1800)})
    assert effect.as_record() == {
        "new": 1,
        "replaced": 1,
        "kept": 1,
        "closed_periods": {"2026-01": 2},
    }
    ledger.close()


def test_what_is_replaced_is_kept(path: Path) -> None:
    """With who replaced it, and why; over and over."""
    ledger = Ledger.open(path)
    ledger.write_signals([SignalValue("spot", 900, "8.5")])

    for number, text in enumerate(("9", "10")):
        said = [SignalValue("spot", 900, text), SignalValue("spot", 1800, "1")]
        ledger.change_signals(
            ledger.signal_changes(said, replace=True),
            Origin(
                source=Source.FILE,
                at=5000 + number,
                action="import_signals",
                reason=f"{text}.csv",
                user_id="anna",
            ),
        )

    assert list(ledger.signals(Span(0, 3600))) == [
        SignalValue("spot", 900, "10"),
        SignalValue("spot", 1800, "1"),
    ]
    revisions = [
        (r.action, r.reason, r.user_id, r.changed, r.span)
        for r in ledger.revisions(Span(0, 6000))
    ]
    assert revisions == [
        ("import_signals", "10.csv", "anna", 1, Span(900, 901)),
        ("import_signals", "9.csv", "anna", 2, Span(900, 1801)),
    ]
    ledger.close()
    connection = sqlite3.connect(path)
    kept = connection.execute(
        "SELECT revision, value FROM signal_superseded"
    ).fetchall()
    connection.close()
    assert kept == [(1, "8.5"), (2, "9")]
