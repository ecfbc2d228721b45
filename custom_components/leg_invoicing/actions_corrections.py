"""Actions by which a person corrects what was measured."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import probatio as vol

from .action_fields import (
    ATTR_HOUSE,
    ATTR_REASON,
    REASON,
    Action,
    energy,
    fields,
    instant,
    moment,
    point_of,
)
from .billing.calendar import Span
from .billing.energy import Energy
from .billing.register_state import Reading
from .billing.rounding import to_whole
from .const import CONF_INTERVAL
from .corrections import Said, SaidEnergy, async_correct_interval
from .hand_readings import async_add_reading
from .refusals import refused
from .runtime import LegConfigEntry

ATTR_END = "end"
ATTR_EXPORT = "export_kwh"
ATTR_IMPORT = "import_kwh"
ATTR_INTERVALS = "intervals"
ATTR_REGISTER = "register"
ATTR_START = "start"
ATTR_TIME = "time"
ATTR_VALUE = "value"

_READING = fields(
    {
        vol.Required(ATTR_HOUSE): cv.string,
        vol.Required(ATTR_REGISTER): vol.In(("import", "export")),
        vol.Required(ATTR_TIME): moment,
        vol.Required(ATTR_VALUE): energy,
        vol.Required(ATTR_REASON): REASON,
    }
)
_INTERVAL = fields(
    {
        vol.Required(ATTR_HOUSE): cv.string,
        vol.Required(ATTR_START): moment,
        vol.Exclusive(ATTR_END, "length"): moment,
        vol.Exclusive(ATTR_INTERVALS, "length"): vol.All(
            vol.Coerce(int), vol.Range(min=1)
        ),
        vol.Optional(ATTR_IMPORT): energy,
        vol.Optional(ATTR_EXPORT): energy,
        vol.Required(ATTR_REASON): REASON,
    }
)


async def _add_reading(
    hass: HomeAssistant, entry: LegConfigEntry, call: ServiceCall
) -> Mapping[str, Any]:
    point = point_of(entry, call.data[ATTR_HOUSE])
    # A meter behind transformers shows less than what flows.
    mwh = to_whole(call.data[ATTR_VALUE].mwh * point.constant)
    reading = Reading(instant(entry, call.data[ATTR_TIME]), Energy(mwh))
    register = call.data[ATTR_REGISTER]
    return await async_add_reading(hass, entry, point, register, reading, _said(call))


async def _correct_interval(
    _hass: HomeAssistant, entry: LegConfigEntry, call: ServiceCall
) -> Mapping[str, Any]:
    point = point_of(entry, call.data[ATTR_HOUSE])
    start = instant(entry, call.data[ATTR_START])
    if ATTR_END in call.data:
        end = instant(entry, call.data[ATTR_END])
    else:
        intervals = call.data.get(ATTR_INTERVALS, 1)
        end = start + intervals * entry.data[CONF_INTERVAL] * 60
    said = SaidEnergy(
        span=Span(start, end),
        imported=call.data.get(ATTR_IMPORT),
        exported=call.data.get(ATTR_EXPORT),
    )
    if said.imported is None and said.exported is None:
        raise refused("energy_needed")
    return await async_correct_interval(entry, point, said, _said(call))


def _said(call: ServiceCall) -> Said:
    return Said(
        action=call.service,
        reason=call.data[ATTR_REASON],
        at=int(dt_util.utcnow().timestamp()),
        user_id=call.context.user_id,
    )


ACTIONS = (
    Action("add_reading", _add_reading, _READING, SupportsResponse.OPTIONAL),
    Action("correct_interval", _correct_interval, _INTERVAL, SupportsResponse.OPTIONAL),
)
