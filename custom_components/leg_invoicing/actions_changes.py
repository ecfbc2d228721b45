"""The action that tells of a change of meter."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse
from homeassistant.helpers import config_validation as cv
import probatio as vol

from .action_fields import ATTR_HOUSE, Action, exact, fields, instant, point_of
from .changing import Change, async_change_meters
from .refusals import refused
from .runtime import LegConfigEntry

_READINGS = {
    "import": ("import_final_kwh", "import_first_kwh"),
    "export": ("export_final_kwh", "export_first_kwh"),
}
_TEXT = vol.All(cv.string, str.strip, vol.Length(max=200))


def _reading(value: object) -> Decimal:
    """Take a reading exactly as it was typed."""
    reading = exact(value)
    if not 0 <= reading < 10**12:
        raise refused("not_a_reading", value=str(value))
    return reading


_CHANGE = fields(
    {
        vol.Required(ATTR_HOUSE): cv.string,
        vol.Required("time"): cv.datetime,
        **{
            vol.Optional(field): _reading
            for names in _READINGS.values()
            for field in names
        },
        vol.Optional("old_serial", default=""): _TEXT,
        vol.Optional("new_serial", default=""): _TEXT,
        vol.Optional("reason", default=""): _TEXT,
    }
)


async def _change_meter(
    _hass: HomeAssistant, entry: LegConfigEntry, call: ServiceCall
) -> Mapping[str, Any]:
    return await async_change_meters(
        entry,
        Change(
            point_id=point_of(entry, call.data[ATTR_HOUSE]).point_id,
            at=instant(entry, call.data["time"]),
            readings=_readings(call.data),
            old_serial=call.data["old_serial"],
            new_serial=call.data["new_serial"],
            reason=call.data["reason"],
            user_id=call.context.user_id,
        ),
    )


def _readings(data: Mapping[str, Any]) -> dict[str, tuple[Decimal, Decimal]]:
    """Return both readings of each register that was changed."""
    readings = {}
    for register, names in _READINGS.items():
        known = [data[name] for name in names if name in data]
        if len(known) == len(names):
            readings[register] = (known[0], known[1])
        elif known:
            raise refused("change_incomplete", register=register)
    if not readings:
        raise refused("change_incomplete", register="-")
    return readings


ACTIONS = (Action("change_meter", _change_meter, _CHANGE, SupportsResponse.OPTIONAL),)
