"""Actions by which people move out, and houses leave."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse
from homeassistant.helpers import config_validation as cv
import probatio as vol

from .action_fields import ATTR_HOUSE, Action, fields, house_of
from .billing.commitment_membership import with_leaving, with_move_out
from .billing.commitments import Commitments
from .runtime import LegConfigEntry

ATTR_DAY = "day"

_HOUSE_AND_DAY = fields(
    {vol.Required(ATTR_HOUSE): cv.string, vol.Required(ATTR_DAY): cv.date}
)


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


ACTIONS = tuple(
    Action(name, partial(_change, change), _HOUSE_AND_DAY, SupportsResponse.NONE)
    for name, change in (
        ("move_out", with_move_out),
        ("leave_community", with_leaving),
    )
)
