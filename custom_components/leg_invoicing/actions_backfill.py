"""The action that reads the sensors' statistics back."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse
from homeassistant.helpers import config_validation as cv
import probatio as vol

from .action_fields import Action, fields
from .backfill import ACTION, Wanted, async_backfill
from .const import CONF_FROM, CONF_TO
from .runtime import LegConfigEntry

ATTR_DRY_RUN = "dry_run"

_DAYS = fields(
    {
        vol.Optional(CONF_FROM): cv.date,
        vol.Optional(CONF_TO): cv.date,
        vol.Optional(ATTR_DRY_RUN, default=False): cv.boolean,
    }
)


async def _backfill_from_recorder(
    hass: HomeAssistant, entry: LegConfigEntry, call: ServiceCall
) -> Mapping[str, Any]:
    wanted = Wanted(
        first=call.data.get(CONF_FROM),
        end=call.data.get(CONF_TO),
        dry_run=call.data[ATTR_DRY_RUN],
        user_id=call.context.user_id,
    )
    return await async_backfill(hass, entry, wanted)


ACTIONS = (Action(ACTION, _backfill_from_recorder, _DAYS, SupportsResponse.OPTIONAL),)
