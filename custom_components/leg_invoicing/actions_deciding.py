"""Actions for those who decide about prices and keys, and for whoever asks why."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse
from homeassistant.helpers import config_validation as cv
import probatio as vol

from .action_fields import ATTR_HOUSE, ATTR_PERIOD, Action, fields, house_of
from .actions_periods import period_of
from .explaining import async_bill_of_house, async_bill_of_invoice, async_explain
from .refusals import refused
from .runtime import LegConfigEntry
from .simulating import async_simulate

ATTR_AGREEMENT = "agreement"
ATTR_CHANGES = "changes"
ATTR_INVOICE = "invoice"
ATTR_LINE = "line"

_CHANGES = fields(
    {
        vol.Optional(ATTR_PERIOD): cv.string,
        # What it holds is read with more care than a schema takes.
        vol.Required(ATTR_CHANGES): dict,
    }
)


async def _simulate_period(
    hass: HomeAssistant, entry: LegConfigEntry, call: ServiceCall
) -> Mapping[str, Any]:
    changes = call.data[ATTR_CHANGES]
    return await async_simulate(hass, entry, period_of(entry, call), changes)


_LINE = fields(
    {
        vol.Optional(ATTR_PERIOD): cv.string,
        vol.Optional(ATTR_INVOICE): cv.string,
        vol.Optional(ATTR_HOUSE): cv.string,
        vol.Optional(ATTR_AGREEMENT): cv.string,
        vol.Optional(ATTR_LINE): vol.Coerce(int),
    }
)


async def _explain_line(
    hass: HomeAssistant, entry: LegConfigEntry, call: ServiceCall
) -> Mapping[str, Any]:
    data, agreement = call.data, call.data.get(ATTR_AGREEMENT)
    named = data.get(ATTR_HOUSE)
    house_id = house_of(entry, named).house_id if named else None
    if ATTR_INVOICE in data:
        number = data[ATTR_INVOICE]
        bill = await async_bill_of_invoice(entry, number, house_id, agreement)
    elif house_id is not None:
        period = period_of(entry, call)
        bill = await async_bill_of_house(hass, entry, period, house_id, agreement)
    else:
        raise refused("bill_needed")
    return await async_explain(hass, entry, bill, data.get(ATTR_LINE))


ACTIONS = (
    Action("simulate_period", _simulate_period, _CHANGES, SupportsResponse.ONLY),
    Action("explain_line", _explain_line, _LINE, SupportsResponse.ONLY),
)
