"""What all entities of the integration have in common."""

from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .community import Point
from .const import DOMAIN
from .coordinator import LegCoordinator


class LegEntity(CoordinatorEntity[LegCoordinator]):
    """An entity on the device of a house or meter, or of the community itself."""

    _attr_has_entity_name = True

    def __init__(
        self,
        coordinator: LegCoordinator,
        description: EntityDescription,
        point: Point | None = None,
    ) -> None:
        """Name the entity after its description and its device."""
        super().__init__(coordinator)
        self.entity_description = description
        self._attr_translation_key = description.key
        owner = point.subentry_id if point else coordinator.config_entry.entry_id
        self._attr_unique_id = f"{owner}_{description.key}"
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, owner)},
            name=point.name if point else coordinator.config_entry.title,
            entry_type=DeviceEntryType.SERVICE,
        )
        if point is not None:
            self._attr_device_info["via_device_id"] = coordinator.community_device_id
