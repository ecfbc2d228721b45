"""Invoices and intervals as CSV: UTF-8, commas, decimal points, RFC 4180.

Columns carry the names of the records' fields, so a column means here what it
means in JSON. A text that a spreadsheet would run as a formula gets an apostrophe
in front, which spreadsheets hide.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
import csv
from decimal import Decimal
import io
from itertools import chain

from ..billing.calendar import iso_utc
from ..billing.energy import Energy
from ..billing.invoice_records import invoice_record
from ..billing.invoices import Invoice
from ..billing.measurements import IntervalRow
from ..billing.official import OfficialOf
from ..billing.records import Record
from ..billing.signals import SignalValue, signal_number
from ..billing.statements import Unit
from .exact_json import plain

_LINE_OF = ("invoice_id", "house_id", "participant")
_LINE = (
    "kind",
    "from",
    "to",
    "band",
    "name",
    "meter",
    "meter_id",
    "quantity",
    "unit",
    "unit_price_ct",
    "exact_ct",
    "amount_ct",
    "tier_above_kwh",
    "tier_to_kwh",
    "percent",
    "percent_of",
)
_INVOICE = (
    "invoice_id",
    "period_id",
    "period_start",
    "period_end",
    "issued_on",
    "due_on",
    "house_id",
    "house_name",
    "participant",
    "tariff",
    "from",
    "to",
    "energy_imported_kwh",
    "energy_exported_kwh",
    "local_import_kwh",
    "grid_import_kwh",
    "local_export_kwh",
    "grid_export_kwh",
    "import_cost_ct",
    "export_revenue_ct",
    "net_amount_ct",
    "fees_ct",
    "discounts_ct",
    "vat_ct",
    "supplier_vat_ct",
    "rounding_ct",
    "total_ct",
    "currency",
    "grid_cost_ct",
    "grid_revenue_ct",
    "saved_ct",
    "co2_avoided_g",
    "grid_discount_ct",
    "houses",
)
_AUDIT = (
    "at",
    "user",
    "user_id",
    "source",
    "action",
    "reason",
    "houses",
    "house_names",
    "changed",
    "from",
    "to",
)
_INTERVAL = "house,start,import_kwh,export_kwh,quality"
_COMMUNITY = "community_import_kwh,community_export_kwh"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def invoice_csv(invoice: Invoice) -> bytes:
    """Write the lines of an invoice, one a row."""
    records = [invoice_record(part) for part in invoice.by_house]
    rows = (
        {**{name: record[name] for name in (*_LINE_OF, "currency")}, **line}
        for record in records
        for line in (*record["lines"], *map(_session, record["sessions"]))
    )
    return _csv((*_LINE_OF, *_LINE, "currency"), rows)


def _session(session: Record) -> Record:
    """Return a charging session as a row beside the lines, which has no price."""
    return {
        **dict.fromkeys(_LINE),
        "kind": "session",
        "from": session["start"],
        "to": session["end"],
        "name": session["user"],
        "meter": session["meter"],
        "quantity": session["energy_kwh"],
        "unit": str(Unit.KWH),
    }


def period_csv(invoices: Sequence[Invoice]) -> bytes:
    """Write the invoices of a period, one a row.

    What happens to an invoice afterwards (`status`) is not in it: the file is as
    final as the invoices.
    """
    return _csv(_INVOICE, map(_invoice, invoices))


def _invoice(invoice: Invoice) -> Record:
    houses = (part.statement.agreement.house_id for part in invoice.by_house)
    return {**invoice_record(invoice), "houses": _joined(list(dict.fromkeys(houses)))}


def intervals_csv(
    rows: Iterable[IntervalRow], official_of: OfficialOf | None = None
) -> Iterator[str]:
    """Yield the intervals line by line, the header first.

    A side that is not known stays empty, which is not the same as zero. With
    `official_of`, two more columns say what the grid operator allocated.
    """
    if official_of is None:
        yield f"{_INTERVAL}\r\n"
        yield from (f"{_interval(row)}\r\n" for row in rows)
        return
    yield f"{_INTERVAL},{_COMMUNITY}\r\n"
    for row in rows:
        official = official_of(row)
        sides = (official.imported, official.exported) if official else (None, None)
        yield f"{_interval(row)},{','.join(map(_kwh, sides))}\r\n"


def _interval(row: IntervalRow) -> str:
    return (
        f"{_quoted(_harmless(row.house_id))},{iso_utc(row.start)},"
        f"{_kwh(row.imported)},{_kwh(row.exported)},{row.quality.label}"
    )


def signals_csv(values: Iterable[SignalValue]) -> Iterator[str]:
    """Yield what was so in intervals besides energy, the header first.

    Without values, yield nothing at all.
    """
    rows = iter(values)
    first = next(rows, None)
    if first is None:
        return
    yield "signal,start,value\r\n"
    for name, start, value in chain([first], rows):
        text = value if signal_number(value) is not None else _harmless(value)
        yield f"{_quoted(name)},{iso_utc(start)},{_quoted(text)}\r\n"


def audit_csv(entries: Iterable[Record]) -> bytes:
    """Write who changed what, one change a row; several houses share a cell."""
    return _csv(_AUDIT, (_flat(entry) for entry in entries))


def _flat(entry: Record) -> Record:
    return {name: _joined(value) for name, value in entry.items()}


def _joined(value: object) -> object:
    if isinstance(value, list):
        return "; ".join(value)
    return "" if value is None else value


def _csv(columns: Sequence[str], rows: Iterable[Record]) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, columns, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(_row(row, columns) for row in rows)
    return buffer.getvalue().encode()


def _row(record: Mapping[str, object], columns: Sequence[str]) -> dict[str, str]:
    # Statements of earlier versions have none of their benefits.
    return {name: _cell(record.get(name)) for name in columns}


def _cell(value: object) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    return "" if value is None else _harmless(str(value))


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _quoted(text: str) -> str:
    """Quote a text that would otherwise end its cell."""
    if not set(text) & set(',"\r\n'):
        return text
    return '"' + text.replace('"', '""') + '"'


def _kwh(mwh: int | None) -> str:
    return "" if mwh is None else f"{Energy(mwh).kwh:.6f}"
