"""Actions for those who decide about prices and keys, and for whoever asks why."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse
from homeassistant.helpers import config_validation as cv
import probatio as vol

from .action_fields import ATTR_PERIOD, Action, fields
from .actions_periods import period_of
from .runtime import LegConfigEntry
from .simulating import async_simulate

ATTR_CHANGES = "changes"

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


ACTIONS = (
    Action("simulate_period", _simulate_period, _CHANGES, SupportsResponse.ONLY),
)
