"""The action that says what is told beside the bills."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse
from homeassistant.helpers import config_validation as cv
import probatio as vol

from .action_fields import ATTR_CONFIG_ENTRY_ID, Action, exact, fields
from .benefit_input import FIELD_CO2, benefits_from_input
from .billing.benefit_change import with_benefits
from .const import CONF_VALID_FROM
from .runtime import LegConfigEntry

_BENEFITS = fields(
    {
        vol.Required(CONF_VALID_FROM): cv.date,
        # What mappings hold is read with more care than a schema takes.
        vol.Optional(FIELD_CO2): vol.Any(dict, exact),
        vol.Optional("grid_discount"): dict,
        vol.Optional("ceiling"): dict,
    }
)


async def _set_benefits(
    hass: HomeAssistant, entry: LegConfigEntry, call: ServiceCall
) -> Mapping[str, Any]:
    given = {k: v for k, v in call.data.items() if k != ATTR_CONFIG_ENTRY_ID}
    version = benefits_from_input(hass, given)
    await entry.runtime_data.books.async_change(lambda b: with_benefits(b, version))
    # There may be sensors to be added, and others to be followed.
    await hass.config_entries.async_reload(entry.entry_id)
    return {}


ACTIONS = (Action("set_benefits", _set_benefits, _BENEFITS, SupportsResponse.NONE),)
