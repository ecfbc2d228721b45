"""Actions about what was measured."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse
from homeassistant.helpers import config_validation as cv
import probatio as vol

from .action_fields import Action, fields
from .imports import async_import_file
from .runtime import LegConfigEntry

ATTR_PATH = "path"

_FILE = fields({vol.Required(ATTR_PATH): cv.string})


async def _import_readings(
    hass: HomeAssistant, entry: LegConfigEntry, call: ServiceCall
) -> Mapping[str, Any]:
    return await async_import_file(
        hass, entry, call.data[ATTR_PATH], call.context.user_id
    )


ACTIONS = (
    Action("import_readings", _import_readings, _FILE, SupportsResponse.OPTIONAL),
)
