"""Charging sessions and meters on documents."""

import csv
from dataclasses import replace
import io

from custom_components.leg_invoicing.billing.calendar import Span
from custom_components.leg_invoicing.billing.energy import Energy
from custom_components.leg_invoicing.billing.findings import Finding, FindingCode
from custom_components.leg_invoicing.billing.invoice_records import (
    invoice_from_record,
    invoice_record,
)
from custom_components.leg_invoicing.billing.invoices import Invoice
from custom_components.leg_invoicing.billing.sessions import Session
from custom_components.leg_invoicing.documents.tables import invoice_csv

from .months import in_english, invoice, with_findings
from .reading import lines

_EVENING = 1_767_981_600  # 2026-01-09, 19:00 in Zurich


def _charged(count: int) -> Invoice:
    """Return an invoice on which somebody charged so many times."""
    made = invoice()
    sessions = tuple(
        Session(
            meter="Wallbox",
            span=Span(_EVENING + 7200 * i, _EVENING + 7200 * i + 5400),
            energy=Energy(1_234_000 + i),
            user="A1" if i else None,
        )
        for i in range(count)
    )
    named = tuple(replace(line, meter="Wallbox") for line in made.statement.lines)
    statement = replace(made.statement, sessions=sessions, lines=named)
    return replace(made, statement=statement)


def test_sessions_are_listed() -> None:
    """When, at which charger, by whom, and how much."""
    printed = lines(in_english(_charged(2)))
    head = printed.index("Charging sessions")

    assert printed[head + 1 : head + 3] == [
        "9 Jan 2026, 19:00 – 20:30, Wallbox 1.234 kWh",
        "9 Jan 2026, 21:00 – 22:30, Wallbox, A1 1.234 kWh",
    ]
    assert any("Wallbox" in line for line in printed[:head])


def test_very_many_sessions_are_summed_up() -> None:
    """A bill stays one that can be read; its record lists them all."""
    printed = lines(in_english(_charged(100)))

    assert "40 further sessions 49.363 kWh" in printed
    assert sum("kWh" in line and "Wallbox," in line for line in printed) == 59


def test_nobody_charged() -> None:
    """Most bills have no such list."""
    assert "Charging sessions" not in lines(in_english(invoice()))


def test_sessions_are_read_back() -> None:
    """Meters and sessions are part of an invoice's record."""
    charged = _charged(2)
    record = invoice_record(charged)

    assert record["sessions"][1] == {
        "meter": "Wallbox",
        "user": "A1",
        "start": "2026-01-09T20:00:00Z",
        "end": "2026-01-09T21:30:00Z",
        "energy_kwh": Energy(1_234_001).kwh,
    }
    assert {line["meter"] for line in record["lines"]} == {"Wallbox"}
    again = invoice_from_record(record).statement
    assert (again.sessions, again.lines) == (
        charged.statement.sessions,
        charged.statement.lines,
    )
    del record["sessions"]
    assert invoice_from_record(record).statement.sessions == ()


def test_sessions_are_rows_without_a_price() -> None:
    """The amounts of a table still add up to the bill."""
    *priced, first, second = csv.DictReader(
        io.StringIO(invoice_csv(_charged(2)).decode())
    )

    assert all(row["kind"] != "session" for row in priced)
    assert (first["kind"], first["name"], first["meter"]) == ("session", "", "Wallbox")
    assert (second["name"], second["quantity"], second["unit"]) == (
        "A1",
        "1.234001",
        "kWh",
    )
    assert (second["from"], second["amount_ct"]) == ("2026-01-09T20:00:00Z", "")


def test_a_finding_names_the_meters() -> None:
    """Whoever reads the bill knows which of the house's meters it was."""
    finding = Finding(
        code=FindingCode.MISSING_DATA, intervals=2, details={"meters": "Wallbox"}
    )

    printed = " ".join(lines(in_english(with_findings(invoice(), finding))))

    assert "Wallbox: The meter’s values are missing." in printed
