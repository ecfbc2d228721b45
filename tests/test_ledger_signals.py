"""What was so in intervals besides energy, in the ledger."""

from pathlib import Path
import sqlite3

import pytest

from custom_components.leg_invoicing.billing.calendar import Span
from custom_components.leg_invoicing.billing.signals import SignalValue
from custom_components.leg_invoicing.ledger import Ledger


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
