"""Close a period: from the ledger and the books to numbered invoices.

The order is what makes it safe to be interrupted: settle and check (nothing has
happened yet), write the period's file, replace the index (the commit), and only
then documents, statistics and the event, all of which can be made again from what
was committed.
"""

from collections.abc import Iterable
from datetime import datetime
import logging
from typing import Any

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from .billing.calendar import Period, iso_utc
from .billing.commitments import ClosedPeriod
from .billing.invoice_records import invoice_record
from .billing.invoices import Invoice, issue
from .billing.public_holidays import with_holidays_of
from .billing.records import Record, settlement_record
from .billing.statements import Settlement
from .billing.terms import Terms
from .book_files import period_file_name
from .community import houses_of_entry, letterhead_of
from .const import EVENT_PERIOD_CLOSED
from .document_files import async_keep_evidence, async_write_documents, media_folder
from .documents.terms_yaml import terms_yaml
from .period_checks import require_accepted, require_closable, require_statements
from .register_readings import registers_of
from .runtime import LegConfigEntry, terms_now
from .settling import settle_period

_LOGGER = logging.getLogger(__name__)


async def async_preview(
    hass: HomeAssistant, entry: LegConfigEntry, period: Period
) -> Settlement:
    """Settle a period without storing anything."""
    terms = terms_now(entry)
    await entry.runtime_data.coordinator.async_flush()
    return await hass.async_add_executor_job(
        settle_period, entry.runtime_data.ledger, terms, period
    )


async def async_close(
    hass: HomeAssistant,
    entry: LegConfigEntry,
    period: Period,
    *,
    accept: Iterable[str],
    context: Context,
) -> ClosedPeriod:
    """Close a period and issue its invoices.

    Raises ServiceValidationError when the period has not ended, has been billed,
    bills nobody, or has blocking findings that `accept` does not name; nothing has
    happened then.
    """
    async with entry.runtime_data.books.changing:
        closed = await _async_issue(hass, entry, period, accept, context)
        _LOGGER.info("%s: closed %s", entry.title, period.period_id)
        await _async_publish(hass, entry, closed, context)
    return closed


async def _async_issue(
    hass: HomeAssistant,
    entry: LegConfigEntry,
    period: Period,
    accept: Iterable[str],
    context: Context,
) -> ClosedPeriod:
    """Do everything up to the commit, and the commit."""
    data, terms = entry.runtime_data, terms_now(entry)
    now = dt_util.utcnow().astimezone(terms.community.zone)
    require_closable(data.books.commitments, period, terms, now)
    media_folder(hass)
    settlement = await async_preview(hass, entry, period)
    require_statements(period, settlement)
    accepted = require_accepted(period, settlement.findings, accept)
    invoices = await _async_invoices(hass, entry, settlement, period, now)
    closed = ClosedPeriod(
        period=period,
        closed_at=now,
        file_name=period_file_name(data.books.community_id, period.period_id),
        sha256="",
        invoices={i.invoice_id: i.statement.total for i in invoices},
        tariffs=_tariffs_used(terms, settlement),
        houses=tuple(sorted({s.agreement.house_id for s in settlement.statements})),
        accepted=accepted,
        user_id=context.user_id,
        context_id=context.id,
    )
    await async_keep_evidence(hass, entry, period)
    await data.books.async_issue(
        closed, _issued_record(terms, settlement, invoices, closed)
    )
    return closed


async def _async_publish(
    hass: HomeAssistant,
    entry: LegConfigEntry,
    closed: ClosedPeriod,
    context: Context,
) -> None:
    """Tell what was closed, on paper and otherwise."""
    period_id = closed.period.period_id
    try:
        await async_write_documents(hass, entry, closed.period)
    except HomeAssistantError:
        # The period is closed whatever becomes of the paper; there is a repair.
        _LOGGER.exception("%s: no documents for %s", entry.title, period_id)
    finally:
        entry.runtime_data.coordinator.async_books_changed()
        hass.bus.async_fire(
            EVENT_PERIOD_CLOSED,
            {
                "config_entry_id": entry.entry_id,
                "period_id": period_id,
                "invoices": list(closed.invoices),
            },
            context=context,
        )


async def _async_invoices(
    hass: HomeAssistant,
    entry: LegConfigEntry,
    settlement: Settlement,
    period: Period,
    now: datetime,
) -> tuple[Invoice, ...]:
    data = entry.runtime_data
    houses = houses_of_entry(entry)
    constants = {house.house_id: house.constant for house in houses}
    registers = await hass.async_add_executor_job(
        registers_of, data.ledger, settlement, constants
    )
    return issue(
        settlement,
        letterhead_of(entry),
        period,
        issued_on=now.date(),
        last_sequence=data.books.commitments.last_sequence.get(now.year, 0),
        house_names={house.house_id: house.name for house in houses},
        registers=registers,
    )


def _tariffs_used(terms: Terms, settlement: Settlement) -> tuple[str, ...]:
    billed = {statement.agreement.tariff_id for statement in settlement.statements}
    billed |= {m.tariff_id for m in terms.meters if m.tariff_id is not None}
    return tuple(sorted({terms.community.grid_tariff, *billed}))


def _issued_record(
    terms: Terms,
    settlement: Settlement,
    invoices: Iterable[Invoice],
    closed: ClosedPeriod,
) -> Record:
    """Return all that is frozen with the period, terms included."""
    return {
        "period_id": closed.period.period_id,
        "closed_at": closed.closed_at.isoformat(),
        "accepted": list(closed.accepted),
        "settlement": settlement_record(settlement, closed.period.period_id),
        "terms": terms_yaml(with_holidays_of(terms, closed.period)),
        "invoices": [invoice_record(invoice) for invoice in invoices],
    }


def period_answer(entry: LegConfigEntry, period: Period) -> dict[str, Any]:
    """Return where a period stands, as actions answer it."""
    zone = terms_now(entry).community.zone
    closed = entry.runtime_data.books.commitments.find(period)
    span = period.span(zone)
    return {
        "period_id": period.period_id,
        "start": iso_utc(span.start),
        "end": iso_utc(span.end - 1),
        "status": "closed" if closed else "open",
        "invoices": list(closed.invoices) if closed else [],
    }
