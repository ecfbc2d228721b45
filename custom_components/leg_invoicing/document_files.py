"""Write the documents of issued periods into the media folder.

`<media>/leg_invoicing/<community>/<period>/` holds, for each invoice, a PDF, a CSV
and a JSON file, and for the period a table, the intervals that were billed, the
signals that prices followed, if they did, and the terms they were billed by: with
these anyone can recompute the invoices.
Everything but the intervals comes from what was frozen when the period was closed,
so writing it again gives the same bytes. The intervals are written before the commit
and then left alone: what meters send later was not billed. Should they be lost, they
are taken from the ledger as it stood when the period was closed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from itertools import chain
import logging
import os
from pathlib import Path
import tempfile
from threading import Lock

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir

from .billing.calendar import Instant, Period, Span
from .billing.invoice_records import invoice_from_record
from .billing.invoices import Invoice
from .billing.official import official_by_start
from .billing.records import Record
from .books_error import BooksError
from .const import DOMAIN, FINDING_PAGES
from .documents.exact_json import dumps
from .documents.names import document_name
from .documents.pdf import render_pdf
from .documents.tables import intervals_csv, invoice_csv, period_csv, signals_csv
from .ledger import Ledger
from .runtime import LegConfigEntry, terms_now

_LOGGER = logging.getLogger(__name__)

PERIOD_TABLE = "period.csv"
INTERVALS = "intervals.csv"
SIGNALS = "signals.csv"
TERMS = "terms.yaml"

_PRINTING = Lock()
"""Held while a PDF is made: communities may be closed at the same moment."""

type _Evidence = Mapping[str, Callable[[], Iterator[str]]]
"""What reads the lines of each file that a period was, or will be, billed by."""


def media_folder(hass: HomeAssistant) -> Path:
    """Return Home Assistant's local media folder.

    Raises HomeAssistantError when the configuration names none.
    """
    if (folder := hass.config.media_dirs.get("local")) is None:
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="media_folder_missing"
        )
    return Path(folder)


def community_folder(hass: HomeAssistant, entry: LegConfigEntry) -> Path:
    """Return the folder that a community's files belong into."""
    return media_folder(hass) / DOMAIN / entry.runtime_data.books.community_id


def period_folder(hass: HomeAssistant, entry: LegConfigEntry, period: Period) -> Path:
    """Return the folder that a period's documents belong into."""
    name = period.period_id.replace("..", "_")
    return community_folder(hass, entry) / name


async def async_keep_evidence(
    hass: HomeAssistant, entry: LegConfigEntry, period: Period
) -> None:
    """Write the intervals that are about to be billed.

    A disk that does not take them will not take the documents either, and that
    is told then.
    """
    folder = period_folder(hass, entry, period)
    span = period.span(terms_now(entry).community.zone)
    with suppress(OSError):
        await hass.async_add_executor_job(
            _write_evidence,
            folder,
            _evidence(entry.runtime_data.ledger, span),
        )


async def async_write_documents(
    hass: HomeAssistant, entry: LegConfigEntry, period: Period
) -> list[str]:
    """Write all documents of a closed period; return their paths.

    A failure is a repair issue until the documents could be written.
    """
    data = entry.runtime_data
    closed = data.books.commitments.find(period)
    if closed is None:
        raise BooksError.of("period_not_found", period=period.period_id)
    issued = await data.books.async_issued(closed)
    folder = period_folder(hass, entry, period)
    span = period.span(terms_now(entry).community.zone)
    closed_at = int(closed.closed_at.timestamp())
    issue_id = f"documents_missing_{data.books.community_id}_{folder.name}"
    try:
        paths = await hass.async_add_executor_job(
            _write, folder, issued, _evidence(data.ledger, span, closed_at)
        )
    except OSError as err:
        placeholders = {"period": period.period_id, "reason": str(err)}
        _ask_for_repair(hass, issue_id, placeholders)
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="documents_failed",
            translation_placeholders=placeholders,
        ) from err
    ir.async_delete_issue(hass, DOMAIN, issue_id)
    return [str(path) for path in paths]


def _ask_for_repair(
    hass: HomeAssistant, issue_id: str, placeholders: dict[str, str]
) -> None:
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        is_fixable=False,
        learn_more_url=f"{FINDING_PAGES}/documents_missing.md",
        severity=ir.IssueSeverity.ERROR,
        translation_key="documents_missing",
        translation_placeholders=placeholders,
    )


async def async_write_missing(hass: HomeAssistant, entry: LegConfigEntry) -> None:
    """Write the documents of closed periods whose folder is not complete.

    Home Assistant may have been stopped between the commit and the documents.
    """
    for closed in entry.runtime_data.books.closed:
        try:
            # The terms are written last: where they stand, everything stands.
            terms = period_folder(hass, entry, closed.period) / TERMS
            if not await hass.async_add_executor_job(terms.exists):
                await async_write_documents(hass, entry, closed.period)
        except HomeAssistantError:
            # The other periods may do better.
            period_id = closed.period.period_id
            _LOGGER.exception("%s: no documents for %s", entry.title, period_id)


def _write(folder: Path, issued: Record, billed: _Evidence) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, content in _documents(issued):
        paths.append(folder / name)
        replace_file(folder / name, [content])
    _write_evidence(folder, billed, only_missing=True)
    replace_file(folder / TERMS, [issued["terms"].encode()])
    evidence = [path for name in billed if (path := folder / name).exists()]
    return [*paths, *evidence, folder / TERMS]


def _write_evidence(
    folder: Path, billed: _Evidence, *, only_missing: bool = False
) -> None:
    """Write what a period is computed from; a file of nothing is none."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, read in billed.items():
        if only_missing and (folder / name).exists():
            continue
        lines = read()
        if first := next(lines, None):
            replace_file(folder / name, map(str.encode, chain([first], lines)))
        else:
            (folder / name).unlink(missing_ok=True)


def _evidence(ledger: Ledger, span: Span, at: Instant | None = None) -> _Evidence:
    """Return what reads the evidence of a period, by the name of its file."""
    return {
        INTERVALS: partial(_intervals, ledger, span, at),
        SIGNALS: lambda: signals_csv(ledger.signals(span)),
    }


def _intervals(ledger: Ledger, span: Span, at: Instant | None = None) -> Iterator[str]:
    """Yield what was billed as CSV: as it stands, or as it stood then."""
    official = ledger.official(span)
    official_of = official_by_start(official) if official else None
    rows = ledger.rows(span) if at is None else ledger.rows_as_of(span, at)
    return intervals_csv(rows, official_of)


def _documents(issued: Record) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the content of each document of a period."""
    invoices = [invoice_from_record(record) for record in issued["invoices"]]
    for invoice, record in zip(invoices, issued["invoices"], strict=True):
        yield document_name(invoice, "pdf"), _printed(invoice)
        yield document_name(invoice, "csv"), invoice_csv(invoice)
        yield document_name(invoice, "json"), dumps(record).encode()
    yield PERIOD_TABLE, period_csv(invoices)


def _printed(invoice: Invoice) -> bytes:
    with _PRINTING:
        return render_pdf(invoice)


def replace_file(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a file beside its place and move it there, all or nothing."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        temporary = Path(file.name)
        try:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            # Only what is on the disk survives a power cut under its new name.
            os.fsync(file.fileno())
            file.close()
            # Temporary files are private; media files are for whoever may log in.
            temporary.chmod(0o644)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
