"""Actions about tariffs."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse
from homeassistant.helpers import config_validation as cv
import probatio as vol

from .action_fields import Action, exact, fields
from .billing.tariff_record import VERSION_KEYS
from .billing.tariffs import PRICE_NAMES, STANDARD
from .community import settings_of
from .const import CONF_CURRENCY, CONF_TARIFF, CONF_VALID_FROM
from .runtime import LegConfigEntry
from .signal_input import with_signals
from .tariff_history import async_tariffs
from .tariff_input import (
    FIELD_BANDS,
    FIELD_DISCOUNTS,
    FIELD_FEES,
    FIELD_VAT,
    version_from_input,
)

_TARIFF = fields(
    {
        vol.Required(CONF_TARIFF): vol.All(
            cv.string, str.strip, vol.Length(min=1, max=60)
        ),
        vol.Required(CONF_VALID_FROM): cv.date,
        # What mappings and lists hold is read with more care than a schema takes.
        **{vol.Required(name): vol.Any(dict, exact) for name in PRICE_NAMES},
        vol.Optional(STANDARD): vol.Any(dict, exact),
        vol.Optional(FIELD_BANDS): vol.Any(list, dict),
        vol.Optional(FIELD_FEES): list,
        vol.Optional(FIELD_DISCOUNTS): list,
        vol.Optional(FIELD_VAT): dict,
    }
)


async def _set_tariff(
    hass: HomeAssistant, entry: LegConfigEntry, call: ServiceCall
) -> Mapping[str, Any]:
    own = {key: call.data[key] for key in VERSION_KEYS if key in call.data}
    given = with_signals(hass, entry.data[CONF_CURRENCY], own)
    version = version_from_input(hass, given, settings_of(entry))
    data = entry.runtime_data
    tariff_id, user_id = call.data[CONF_TARIFF], call.context.user_id
    await data.books.async_set_tariff(tariff_id, version, user_id)
    data.coordinator.async_books_changed()
    return {}


async def _get_tariffs(
    hass: HomeAssistant, entry: LegConfigEntry, _call: ServiceCall
) -> Mapping[str, Any]:
    return await async_tariffs(hass, entry.runtime_data.books.commitments)


ACTIONS = (
    Action("set_tariff", _set_tariff, _TARIFF, SupportsResponse.NONE),
    Action("get_tariffs", _get_tariffs, fields({}), SupportsResponse.ONLY),
)
