"""Invoices and intervals as CSV."""

import csv
from datetime import UTC, datetime
from decimal import Decimal
import io
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.leg_invoicing.billing.calendar import Instant
from custom_components.leg_invoicing.billing.invoice_records import invoice_record
from custom_components.leg_invoicing.billing.measurements import IntervalRow
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.documents.tables import (
    audit_csv,
    intervals_csv,
    invoice_csv,
    period_csv,
)

from .months import addressed, invoice, issued

START: Instant = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())


def read(table: bytes) -> list[dict[str, str]]:
    """Read a table the way any program does."""
    return list(csv.DictReader(io.StringIO(table.decode(), newline=""), strict=True))


def same(cell: str, value: Any) -> bool:
    """Tell whether a cell holds a record's value, numbers by their value."""
    if isinstance(value, Decimal):
        return "E" not in cell and Decimal(cell) == value
    return cell == ("" if value is None else value)


def test_lines_equal_the_record() -> None:
    """Each row of an invoice's table holds what its record's line holds."""
    record = invoice_record(invoice())
    rows = read(invoice_csv(invoice()))

    assert len(rows) == len(record["lines"]) == 2
    for row, line in zip(rows, record["lines"], strict=True):
        expected = {**record, **line}
        assert line.keys() - {"vat", "parts", "is_average"} < row.keys()
        assert all(same(cell, expected[name]) for name, cell in row.items())


def test_period_equals_the_records() -> None:
    """Each row of a period's table holds what its invoice's record holds."""
    invoices = issued()
    rows = read(period_csv(invoices))

    assert [row["invoice_id"] for row in rows] == ["INV-2026-001", "INV-2026-002"]
    for row, one in zip(rows, invoices, strict=True):
        record = invoice_record(one)
        assert row.pop("houses") == record["house_id"]
        assert all(same(cell, record[name]) for name, cell in row.items())


def test_status_is_not_frozen() -> None:
    """A table that is written once does not claim to know what was paid."""
    assert b"pending" not in period_csv(issued())


def test_form() -> None:
    """Tables are UTF-8 with commas and line ends as RFC 4180 wants them."""
    table = period_csv([addressed(invoice(), name='Łucja "Lu", Š')])
    header, row, end = table.decode().split("\r\n")
    assert header.startswith("invoice_id,period_id,period_start,")
    assert '"Łucja ""Lu"", Š"' in row
    assert end == ""


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_formulas_are_defused(start: str) -> None:
    """A name that a spreadsheet would run as a formula is only a text."""
    name = f"{start}HYPERLINK(1)"
    for table in (period_csv, lambda invoices: invoice_csv(*invoices)):
        (row, *_) = read(table([addressed(invoice(), name=name)]))
        assert row["participant"] == f"'{name}"


def test_negative_amounts_stay_numbers() -> None:
    """An amount below zero is no formula."""
    (row,) = read(period_csv(issued()[1:]))
    assert Decimal(row["total_ct"]) < 0


def test_intervals() -> None:
    """Intervals are written with six decimals, in UTC, and empty where unknown."""
    rows = [
        IntervalRow("house_1", START, 1, 1_234_567, Quality.MEASURED),
        IntervalRow("house_2", START + 900, None, 0, Quality.INTERPOLATED),
    ]
    assert list(intervals_csv(rows)) == [
        "house,start,import_kwh,export_kwh,quality\r\n",
        "house_1,2026-01-01T00:00:00Z,0.000001,1.234567,measured\r\n",
        "house_2,2026-01-01T00:15:00Z,,0.000000,interpolated\r\n",
    ]


ROWS = st.builds(
    IntervalRow,
    st.text(min_size=1),
    st.integers(0, 4_000_000_000),
    st.none() | st.integers(0, 10**15),
    st.none() | st.integers(0, 10**15),
    st.sampled_from(Quality),
)


@given(st.lists(ROWS))
def test_intervals_are_read_back(rows: list[IntervalRow]) -> None:
    """Every interval is read back as it was, whatever its house is called."""
    table = "".join(intervals_csv(rows)).encode()
    for row, cells in zip(rows, read(table), strict=True):
        assert cells["house"] in (row.house_id, f"'{row.house_id}")
        assert datetime.fromisoformat(cells["start"]).timestamp() == row.start
        for name, mwh in (("import_kwh", row.imported), ("export_kwh", row.exported)):
            read_back = Decimal(cells[name]).scaleb(6) if cells[name] else None
            assert read_back == mwh
        assert cells["quality"] == row.quality.label


def test_intervals_are_not_held() -> None:
    """The table of a year is written while its rows are still being read."""

    def endless() -> Any:
        while True:
            yield IntervalRow("house_1", START, 0, 0, Quality.MEASURED)

    table = intervals_csv(endless())
    assert next(table).startswith("house,")
    assert next(table).startswith("house_1,")


def test_changes_are_one_a_row() -> None:
    """Who changed what is one row; several houses share a cell, nothing is empty."""
    entry = {
        "at": "2026-02-04T10:09:00Z",
        "user": "=Anna",
        "user_id": None,
        "source": "hand",
        "action": "correct_interval",
        "reason": "Seen, twice",
        "houses": ["house_1", "house_2"],
        "house_names": ["House 1", "House 2"],
        "changed": 2,
        "from": None,
        "to": None,
    }

    (row,) = read(audit_csv([entry]))

    assert row == {
        **{name: str(value) for name, value in entry.items()},
        "user": "'=Anna",
        "user_id": "",
        "houses": "house_1; house_2",
        "house_names": "House 1; House 2",
        "from": "",
        "to": "",
    }
