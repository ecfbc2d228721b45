"""Actions about tariffs."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse
from homeassistant.helpers import config_validation as cv
import probatio as vol

from .action_fields import Action, exact, fields
from .billing.money import UnitPrice
from .billing.tariffs import PRICE_NAMES, TariffVersion
from .const import CONF_TARIFF, CONF_VALID_FROM
from .runtime import LegConfigEntry

_TARIFF = fields(
    {
        vol.Required(CONF_TARIFF): vol.All(
            cv.string, str.strip, vol.Length(min=1, max=60)
        ),
        vol.Required(CONF_VALID_FROM): cv.date,
        **{vol.Required(name): exact for name in PRICE_NAMES},
    }
)


async def _set_tariff(
    _hass: HomeAssistant, entry: LegConfigEntry, call: ServiceCall
) -> Mapping[str, Any]:
    version = TariffVersion(
        valid_from=call.data[CONF_VALID_FROM],
        **{name: UnitPrice(call.data[name]) for name in PRICE_NAMES},
    )
    data = entry.runtime_data
    await data.books.async_set_tariff(call.data[CONF_TARIFF], version)
    data.coordinator.async_books_changed()
    return {}


ACTIONS = (Action("set_tariff", _set_tariff, _TARIFF, SupportsResponse.NONE),)
