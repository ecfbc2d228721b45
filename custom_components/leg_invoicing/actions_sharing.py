"""The action that says how production is shared."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse
from homeassistant.helpers import config_validation as cv
import probatio as vol

from .action_fields import Action, exact, fields, house_of
from .billing.allocation import PLACES_ALL, AllocationKey
from .billing.sharing_versions import SharingVersion
from .const import CONF_VALID_FROM
from .refusals import refused
from .runtime import LegConfigEntry
from .sharing_settings import (
    FIELD_ALLOCATION,
    FIELD_ORDER,
    FIELD_PRODUCERS,
    FIELD_WEIGHTS,
    async_set_sharing,
)


def _weight(value: object) -> Decimal:
    """Take a part of the production exactly as it was typed."""
    weight = exact(value)
    if not 0 <= weight <= 1:
        raise refused("not_a_weight", value=str(value))
    return weight


_SHARING = fields(
    {
        vol.Required(CONF_VALID_FROM): cv.date,
        vol.Required(FIELD_ALLOCATION): vol.All(
            vol.In([str(key) for key in AllocationKey]), AllocationKey
        ),
        vol.Optional(FIELD_PRODUCERS, default=str(AllocationKey.PROPORTIONAL)): vol.All(
            vol.In([str(key) for key in PLACES_ALL]), AllocationKey
        ),
        vol.Optional(FIELD_WEIGHTS, default=dict): {cv.string: _weight},
        vol.Optional(FIELD_ORDER, default=list): vol.All(cv.ensure_list, [cv.string]),
    }
)


async def _set_sharing(
    _hass: HomeAssistant, entry: LegConfigEntry, call: ServiceCall
) -> Mapping[str, Any]:
    weights = call.data[FIELD_WEIGHTS]
    by_id = zip(_house_ids(entry, weights), weights.values(), strict=True)
    version = SharingVersion(
        valid_from=call.data[CONF_VALID_FROM],
        allocation=call.data[FIELD_ALLOCATION],
        producers=call.data[FIELD_PRODUCERS],
        weights=dict(by_id),
        order=tuple(_house_ids(entry, call.data[FIELD_ORDER])),
    )
    await async_set_sharing(entry.runtime_data, version)
    return {}


def _house_ids(entry: LegConfigEntry, names: Iterable[str]) -> list[str]:
    """Return the houses of these names or ids, each of which is said once."""
    house_ids: list[str] = []
    for name in names:
        house_id = house_of(entry, name).house_id
        if house_id in house_ids:
            raise refused("sharing_house_twice", house=name)
        house_ids.append(house_id)
    return house_ids


ACTIONS = (Action("set_sharing", _set_sharing, _SHARING, SupportsResponse.NONE),)
