"""The action that brings in what sensors showed where nobody listened."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse
from homeassistant.helpers import config_validation as cv
import probatio as vol

from .action_fields import Action, fields
from .billing.calendar import iso_utc, local_date
from .billing.signals import SignalValue
from .const import CONF_FROM, CONF_TO
from .import_action import ATTR_DRY_RUN, ATTR_PATH, async_require_allowed
from .refusals import refused
from .runtime import LegConfigEntry, terms_now
from .signal_imports import (
    ACTION,
    Said,
    async_import_signals,
    async_read_signals,
    async_signals_effect,
    signal_names,
)

ATTR_REPLACE = "replace"

_FILE = fields(
    {
        vol.Required(ATTR_PATH): cv.string,
        vol.Optional(CONF_FROM): cv.date,
        vol.Optional(CONF_TO): cv.date,
        vol.Optional(ATTR_REPLACE, default=False): cv.boolean,
        vol.Optional(ATTR_DRY_RUN, default=False): cv.boolean,
    }
)


async def _import_signals(
    hass: HomeAssistant, entry: LegConfigEntry, call: ServiceCall
) -> Mapping[str, Any]:
    path = Path(call.data[ATTR_PATH])
    await async_require_allowed(hass, path)
    values = await async_read_signals(hass, entry, str(path), lambda: path.open("rb"))
    said = Said(
        name=path.name,
        values=_of_days(entry, values, call.data),
        replace=call.data[ATTR_REPLACE],
    )
    if call.data[ATTR_DRY_RUN]:
        effect = await async_signals_effect(entry, said)
    else:
        effect = await async_import_signals(entry, said, call.context.user_id)
    names = signal_names(hass, terms_now(entry))
    found = {value.signal_id for value in said.values}
    return {
        "signals": sorted(name for name, signal in names.items() if signal in found),
        "values": len(said.values),
        "first": iso_utc(said.span.start) if said.span else None,
        "last": iso_utc(said.span.end - 1) if said.span else None,
        **effect.as_record(),
        "dry_run": call.data[ATTR_DRY_RUN],
    }


def _of_days(
    entry: LegConfigEntry, values: list[SignalValue], wanted: Mapping[str, Any]
) -> list[SignalValue]:
    """Return the values of the days that are wanted; of all where none are named."""
    first, end = wanted.get(CONF_FROM, date.min), wanted.get(CONF_TO, date.max)
    if end <= first:
        raise refused("span_empty", start=first.isoformat())
    zone = terms_now(entry).community.zone
    return [value for value in values if first <= local_date(value.start, zone) < end]


ACTIONS = (Action(ACTION, _import_signals, _FILE, SupportsResponse.OPTIONAL),)
