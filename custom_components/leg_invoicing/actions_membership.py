"""Actions by which people move in and out, and houses leave."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse
from homeassistant.helpers import config_validation as cv
import probatio as vol

from .action_fields import ATTR_HOUSE, Action, exact, fields, house_of
from .billing.agreements import Agreement
from .billing.agreements_written import agreement_from_written
from .billing.commitment_membership import with_leaving, with_move_out
from .billing.commitments import Commitments
from .billing.written import TermsError, Written
from .const import (
    CONF_FACTOR,
    CONF_FROM,
    CONF_INVOICE,
    CONF_PARTICIPANT,
    CONF_TARIFF,
    CONF_VAT,
    CONF_WEIGHT,
)
from .refusals import refused, said
from .runtime import LegConfigEntry
from .tariff_input import as_typed

ATTR_DAY = "day"

_WHERE_AND_WHEN = {
    vol.Required(ATTR_HOUSE): cv.string,
    vol.Required(ATTR_DAY): cv.date,
}

_AGREED = {
    # What mappings hold is read with more care than a schema takes.
    vol.Required(CONF_PARTICIPANT): vol.Any(dict, cv.string),
    vol.Optional(CONF_TARIFF): cv.string,
    vol.Optional(CONF_WEIGHT): exact,
    vol.Optional(CONF_FACTOR): exact,
    vol.Optional(CONF_VAT): dict,
    vol.Optional(CONF_INVOICE): cv.string,
}
_HOUSE_AND_DAY = fields(_WHERE_AND_WHEN)
_MOVE = fields(_WHERE_AND_WHEN | _AGREED)


async def _change(
    change: Callable[[Commitments, str, date], Commitments],
    _hass: HomeAssistant,
    entry: LegConfigEntry,
    call: ServiceCall,
) -> Mapping[str, Any]:
    data = entry.runtime_data
    house_id, day = house_of(entry, call.data[ATTR_HOUSE]).house_id, call.data[ATTR_DAY]
    await data.books.async_change(lambda books: change(books, house_id, day))
    data.coordinator.async_books_changed()
    return {}


async def _change_occupant(
    hass: HomeAssistant, entry: LegConfigEntry, call: ServiceCall
) -> Mapping[str, Any]:
    newcomer = _newcomer(hass, entry, call.data)
    data = entry.runtime_data
    await data.books.async_change_occupant(
        newcomer.house_id,
        newcomer.first,
        newcomer.participant,
        newcomer.tariff_id,
        weight=newcomer.weight,
        vat=newcomer.vat,
        invoice=newcomer.invoice,
        factor=newcomer.factor,
    )
    data.coordinator.async_books_changed()
    return {}


def _newcomer(
    hass: HomeAssistant, entry: LegConfigEntry, given: Mapping[str, Any]
) -> Agreement:
    """Read what is agreed; the tariff, and what takes part, are as before."""
    house_id, day = house_of(entry, given[ATTR_HOUSE]).house_id, given[ATTR_DAY]
    books = entry.runtime_data.books
    agreements = books.commitments.agreements_of(house_id)
    agreed = {key: value for key, value in given.items() if key in _AGREED}
    if earlier := [a for a in agreements if a.first < day]:
        before = earlier[-1]
        as_before = {CONF_TARIFF: before.tariff_id, CONF_FACTOR: before.factor}
        agreed = as_before | agreed
    written = {**agreed, ATTR_HOUSE: house_id, CONF_FROM: day}
    try:
        return agreement_from_written(Written(as_typed(written)), books.tariffs)
    except TermsError as err:
        raise refused("agreement_invalid", reason=said(hass, err)) from err


ACTIONS = (
    Action("change_occupant", _change_occupant, _MOVE, SupportsResponse.NONE),
    *(
        Action(name, partial(_change, change), _HOUSE_AND_DAY, SupportsResponse.NONE)
        for name, change in (
            ("move_out", with_move_out),
            ("leave_community", with_leaving),
        )
    ),
)
