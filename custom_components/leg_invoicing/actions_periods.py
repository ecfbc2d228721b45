"""Actions about periods: preview, close, and what was issued."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import probatio as vol

from .action_fields import ATTR_PERIOD, Action, fields
from .billing.calendar import Period, cadence_period
from .billing.records import settlement_record
from .books_error import BooksError
from .closing import async_close, async_preview, period_answer
from .community import cadence_months
from .document_files import async_write_documents, period_folder
from .period_checks import read_period
from .period_report import async_check_period
from .runtime import LegConfigEntry, terms_now

ATTR_ACCEPT_FINDINGS = "accept_findings"

_PERIOD = fields({vol.Required(ATTR_PERIOD): cv.string})
_PERIOD_OR_LAST = fields(
    {
        vol.Optional(ATTR_PERIOD): cv.string,
        vol.Optional(ATTR_ACCEPT_FINDINGS, default=list): vol.All(
            cv.ensure_list, [cv.string]
        ),
    }
)
_PERIOD_OR_ALL = fields({vol.Optional(ATTR_PERIOD): cv.string})


def _last_period(entry: LegConfigEntry) -> Period:
    """Return the newest period of the community's cadence that is over."""
    zone = terms_now(entry).community.zone
    today = dt_util.utcnow().astimezone(zone).date()
    months = cadence_months(entry.data)
    this = cadence_period(today, months)
    return cadence_period(date.fromordinal(this.first.toordinal() - 1), months)


def period_of(entry: LegConfigEntry, call: ServiceCall) -> Period:
    """Return the period that was asked for, or the newest one that is over."""
    text = call.data.get(ATTR_PERIOD)
    return read_period(text) if text else _last_period(entry)


async def _preview_period(
    hass: HomeAssistant, entry: LegConfigEntry, call: ServiceCall
) -> Mapping[str, Any]:
    period = period_of(entry, call)
    settlement = await async_preview(hass, entry, period)
    return settlement_record(settlement, period.period_id)


async def _close_period(
    hass: HomeAssistant, entry: LegConfigEntry, call: ServiceCall
) -> Mapping[str, Any]:
    period = period_of(entry, call)
    await async_close(
        hass,
        entry,
        period,
        accept=call.data[ATTR_ACCEPT_FINDINGS],
        context=call.context,
    )
    folder = period_folder(hass, entry, period)
    invoices = await _invoices(entry, [period])
    return {
        **period_answer(entry, period),
        "invoices": invoices,
        "folder": str(folder),
    }


async def _get_period(
    _hass: HomeAssistant, entry: LegConfigEntry, call: ServiceCall
) -> Mapping[str, Any]:
    return period_answer(entry, period_of(entry, call))


async def _check_period(
    hass: HomeAssistant, entry: LegConfigEntry, call: ServiceCall
) -> Mapping[str, Any]:
    return await async_check_period(hass, entry, period_of(entry, call))


async def _get_invoices(
    _hass: HomeAssistant, entry: LegConfigEntry, call: ServiceCall
) -> Mapping[str, Any]:
    closed = [c.period for c in entry.runtime_data.books.closed]
    wanted = [period_of(entry, call)] if call.data.get(ATTR_PERIOD) else closed
    return {"invoices": await _invoices(entry, wanted)}


async def _invoices(entry: LegConfigEntry, periods: list[Period]) -> list[Any]:
    books = entry.runtime_data.books
    invoices: list[Any] = []
    for period in periods:
        closed = books.commitments.find(period)
        if closed is None:
            raise BooksError.of("period_not_found", period=period.period_id)
        invoices += (await books.async_issued(closed))["invoices"]
    return invoices


async def _render_documents(
    hass: HomeAssistant, entry: LegConfigEntry, call: ServiceCall
) -> Mapping[str, Any]:
    paths = await async_write_documents(hass, entry, period_of(entry, call))
    return {"documents": paths}


ACTIONS = (
    Action("preview_period", _preview_period, _PERIOD_OR_ALL, SupportsResponse.ONLY),
    Action("check_period", _check_period, _PERIOD_OR_ALL, SupportsResponse.ONLY),
    Action("close_period", _close_period, _PERIOD_OR_LAST, SupportsResponse.OPTIONAL),
    Action("get_period", _get_period, _PERIOD_OR_ALL, SupportsResponse.ONLY),
    Action("get_invoices", _get_invoices, _PERIOD_OR_ALL, SupportsResponse.ONLY),
    Action("render_documents", _render_documents, _PERIOD, SupportsResponse.OPTIONAL),
)
