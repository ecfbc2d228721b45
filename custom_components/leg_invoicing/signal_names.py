"""What people call the sensors that terms name by their ids in the registry."""

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er


@callback
def sensor_name(hass: HomeAssistant, signal_id: str) -> str:
    """Return the entity id of a sensor, also of one that was removed not long ago.

    Where Home Assistant knows nothing of it any more, that is the id it is followed by.
    """
    registry = er.async_get(hass)
    if entry := registry.async_get(signal_id):
        return entry.entity_id
    removed = registry.deleted_entities.values()
    return next((gone.entity_id for gone in removed if gone.id == signal_id), signal_id)
