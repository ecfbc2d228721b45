"""The action `import_readings`: a file that Home Assistant may read, into the ledger."""

from collections.abc import Mapping
import json
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import config_validation as cv
import probatio as vol

from .formats.detection import FORMAT_NAMES
from .formats.grid_mapping import Stamp
from .formats.grid_record import layout_record
from .imports import async_effect, async_import, async_match, async_read
from .incoming import Incoming, Wishes, answer
from .refusals import refused
from .runtime import LegConfigEntry

ATTR_PATH = "path"
ATTR_FORMAT = "format"
ATTR_MAPPING = "mapping"
ATTR_IGNORE_UNKNOWN = "ignore_unknown"
ATTR_TIMEZONE = "timezone"
ATTR_STAMP = "stamp"
ATTR_LAYOUT = "layout"
ATTR_CONFIRM = "confirm"
ATTR_DRY_RUN = "dry_run"

IMPORT_FIELDS: Mapping[Any, Any] = {
    vol.Required(ATTR_PATH): cv.string,
    vol.Optional(ATTR_FORMAT): vol.In(FORMAT_NAMES),
    vol.Optional(ATTR_MAPPING, default=dict): vol.Schema({cv.string: cv.string}),
    vol.Optional(ATTR_IGNORE_UNKNOWN, default=False): cv.boolean,
    vol.Optional(ATTR_TIMEZONE): cv.time_zone,
    vol.Optional(ATTR_STAMP): vol.In(list(Stamp)),
    vol.Optional(ATTR_LAYOUT, default=dict): dict,
    vol.Optional(ATTR_CONFIRM, default=False): cv.boolean,
    vol.Optional(ATTR_DRY_RUN, default=False): cv.boolean,
}


async def async_import_readings(
    hass: HomeAssistant, entry: LegConfigEntry, call: ServiceCall
) -> Mapping[str, Any]:
    """Import a file, or say what importing it would do.

    Raises ServiceValidationError when Home Assistant may not read the file, when it
    is broken, or when something of it is for a person to decide, and
    HomeAssistantError when the ledger cannot be written; nothing is imported then.
    """
    path = Path(call.data[ATTR_PATH])
    await async_require_allowed(hass, path)
    found = await async_read(
        hass, entry, str(path), lambda: path.open("rb"), _wishes(call.data)
    )
    incoming = await async_match(hass, entry, path.name, found, call.data[ATTR_MAPPING])
    held = await hass.async_add_executor_job(answer, hass, incoming)
    if call.data[ATTR_DRY_RUN]:
        effect = await async_effect(hass, entry, incoming)
        return {**held, "effect": effect.as_record()}
    _require_decided(incoming, call.data)
    written = await async_import(entry, incoming, call.context.user_id)
    return {**held, "changed": written.changed, "allotted": written.allotted}


async def async_require_allowed(hass: HomeAssistant, path: Path) -> None:
    """Refuse a file that Home Assistant may not read."""
    if not await hass.async_add_executor_job(hass.config.is_allowed_path, str(path)):
        raise refused("file_not_allowed", path=str(path))


def _wishes(data: Mapping[str, Any]) -> Wishes:
    said = {name: data[name] for name in (ATTR_TIMEZONE, ATTR_STAMP) if name in data}
    return Wishes(
        format_name=data.get(ATTR_FORMAT), layout={**data[ATTR_LAYOUT], **said}
    )


def _require_decided(incoming: Incoming, data: Mapping[str, Any]) -> None:
    """Refuse what nobody has decided: houses, and how a load profile is read."""
    if incoming.unknown and not data[ATTR_IGNORE_UNKNOWN]:
        raise refused("points_unknown", points=", ".join(incoming.unknown))
    for name, layout in incoming.found.layouts.items():
        if not data[ATTR_CONFIRM]:
            shown = json.dumps(layout_record(layout), ensure_ascii=False)
            raise refused("layout_not_confirmed", path=name, layout=shown)
