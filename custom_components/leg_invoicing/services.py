"""Actions: schema, call, answer; the work is done elsewhere."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import config_validation as cv, service
from homeassistant.util import dt as dt_util
import probatio as vol

from .billing.calendar import Period, cadence_period
from .billing.decimal_text import NumberError, decimal_from_text
from .billing.money import UnitPrice
from .billing.records import settlement_record
from .billing.tariffs import PRICE_NAMES, TariffVersion
from .books import BooksError
from .closing import async_close, async_preview, period_answer
from .community import cadence_months
from .const import CONF_TARIFF, CONF_VALID_FROM, DOMAIN
from .document_files import async_write_documents, period_folder
from .import_action import IMPORT_FIELDS, async_import_readings
from .json_numbers import plain
from .period_checks import read_period
from .runtime import LegConfigEntry, terms_now

ATTR_ACCEPT_FINDINGS = "accept_findings"
ATTR_CONFIG_ENTRY_ID = "config_entry_id"
ATTR_PERIOD = "period"

type Action = Callable[
    [HomeAssistant, LegConfigEntry, ServiceCall], Coroutine[Any, Any, Mapping[str, Any]]
]


def _price(value: object) -> Decimal:
    """Take a price exactly as it was typed."""
    try:
        return decimal_from_text(str(value))
    except NumberError as err:
        raise vol.Invalid(str(err)) from err


def _schema(fields: Mapping[Any, Any]) -> vol.Schema:
    return vol.Schema({vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string, **fields})


_PERIOD = _schema({vol.Required(ATTR_PERIOD): cv.string})
_PERIOD_OR_LAST = _schema(
    {
        vol.Optional(ATTR_PERIOD): cv.string,
        vol.Optional(ATTR_ACCEPT_FINDINGS, default=list): vol.All(
            cv.ensure_list, [cv.string]
        ),
    }
)
_PERIOD_OR_ALL = _schema({vol.Optional(ATTR_PERIOD): cv.string})
_TARIFF = _schema(
    {
        vol.Required(CONF_TARIFF): vol.All(
            cv.string, str.strip, vol.Length(min=1, max=60)
        ),
        vol.Required(CONF_VALID_FROM): cv.date,
        **{vol.Required(name): _price for name in PRICE_NAMES},
    }
)
_FILE = _schema(IMPORT_FIELDS)


def _last_period(entry: LegConfigEntry) -> Period:
    """Return the newest period of the community's cadence that is over."""
    zone = terms_now(entry).community.zone
    today = dt_util.utcnow().astimezone(zone).date()
    months = cadence_months(entry.data)
    this = cadence_period(today, months)
    return cadence_period(date.fromordinal(this.first.toordinal() - 1), months)


def _period_of(entry: LegConfigEntry, call: ServiceCall) -> Period:
    text = call.data.get(ATTR_PERIOD)
    return read_period(text) if text else _last_period(entry)


async def _preview_period(
    hass: HomeAssistant, entry: LegConfigEntry, call: ServiceCall
) -> Mapping[str, Any]:
    period = _period_of(entry, call)
    settlement = await async_preview(hass, entry, period)
    return settlement_record(settlement, period.period_id)


async def _close_period(
    hass: HomeAssistant, entry: LegConfigEntry, call: ServiceCall
) -> Mapping[str, Any]:
    period = _period_of(entry, call)
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
    return period_answer(entry, _period_of(entry, call))


async def _get_invoices(
    _hass: HomeAssistant, entry: LegConfigEntry, call: ServiceCall
) -> Mapping[str, Any]:
    closed = [c.period for c in entry.runtime_data.books.closed]
    wanted = [_period_of(entry, call)] if call.data.get(ATTR_PERIOD) else closed
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
    paths = await async_write_documents(hass, entry, _period_of(entry, call))
    return {"documents": paths}


async def _set_tariff(
    _hass: HomeAssistant, entry: LegConfigEntry, call: ServiceCall
) -> Mapping[str, Any]:
    version = TariffVersion(
        valid_from=call.data[CONF_VALID_FROM],
        **{name: UnitPrice(call.data[name]) for name in PRICE_NAMES},
    )
    data = entry.runtime_data
    await data.books.async_set_tariff(call.data[CONF_TARIFF], version)
    data.coordinator.async_books_changed()
    return {}


_ACTIONS: tuple[tuple[str, Action, vol.Schema, SupportsResponse], ...] = (
    ("preview_period", _preview_period, _PERIOD_OR_ALL, SupportsResponse.ONLY),
    ("close_period", _close_period, _PERIOD_OR_LAST, SupportsResponse.OPTIONAL),
    ("get_period", _get_period, _PERIOD_OR_ALL, SupportsResponse.ONLY),
    ("get_invoices", _get_invoices, _PERIOD_OR_ALL, SupportsResponse.ONLY),
    ("render_documents", _render_documents, _PERIOD, SupportsResponse.OPTIONAL),
    ("set_tariff", _set_tariff, _TARIFF, SupportsResponse.NONE),
    ("import_readings", async_import_readings, _FILE, SupportsResponse.OPTIONAL),
)


@callback
def async_register_actions(hass: HomeAssistant) -> None:
    """Register all actions, for administrators and automations only."""
    for name, action, schema, answers in _ACTIONS:
        service.async_register_admin_service(
            hass,
            DOMAIN,
            name,
            partial(_async_call, hass, action),
            schema,
            supports_response=answers,
        )


async def _async_call(
    hass: HomeAssistant, action: Action, call: ServiceCall
) -> ServiceResponse:
    """Find the community, do the work, and answer in plain numbers."""
    entry: LegConfigEntry = service.async_get_config_entry(
        hass, DOMAIN, call.data.get(ATTR_CONFIG_ENTRY_ID)
    )
    # An automation that starts anew gives up its call; what has begun is finished.
    answer = await asyncio.shield(hass.async_create_task(action(hass, entry, call)))
    return plain(answer) if call.return_response else None
