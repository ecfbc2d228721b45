"""Binary sensors over the view: what a person should look at, or may do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.binary_sensor import (
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .community import House, Point, points_of_entry
from .coordinator import LegCoordinator
from .entity import LegEntity
from .runtime import LegConfigEntry
from .view import View

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class LegBinarySensorDescription(BinarySensorEntityDescription):
    """A binary sensor, and what of the view it shows."""

    is_on: Callable[[View, str], bool | None]
    attributes: Callable[[View], Mapping[str, Any]] | None = None


def _is_complete(view: View, house_id: str) -> bool | None:
    known, expected = view.so_far.house(house_id).coverage
    return known == expected if expected else None


def _is_ready(view: View, _house_id: str) -> bool | None:
    return None if view.last_period is None else not view.last_period.reasons


def _about_last_period(view: View) -> Mapping[str, Any]:
    if view.last_period is None:
        return {}
    period, reasons = view.last_period.period, view.last_period.reasons
    return {"period": period.period_id, "reasons": list(reasons)}


METER_BINARY_SENSORS = (
    LegBinarySensorDescription(
        key="meter_stale",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        is_on=lambda view, point_id: point_id in view.stale,
    ),
)
"""Of everything that is measured."""
HOUSE_BINARY_SENSORS = (
    *METER_BINARY_SENSORS,
    LegBinarySensorDescription(
        key="data_complete",
        entity_category=EntityCategory.DIAGNOSTIC,
        is_on=_is_complete,
    ),
)
COMMUNITY_BINARY_SENSORS = (
    LegBinarySensorDescription(
        key="period_ready", is_on=_is_ready, attributes=_about_last_period
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: LegConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the community's binary sensors, and those of each point to its subentry."""
    coordinator = entry.runtime_data.coordinator
    async_add_entities(
        LegBinarySensor(coordinator, d) for d in COMMUNITY_BINARY_SENSORS
    )
    for point in points_of_entry(entry):
        is_house = isinstance(point, House)
        described = HOUSE_BINARY_SENSORS if is_house else METER_BINARY_SENSORS
        async_add_entities(
            [LegBinarySensor(coordinator, d, point) for d in described],
            config_subentry_id=point.subentry_id,
        )


class LegBinarySensor(LegEntity, BinarySensorEntity):
    """A binary sensor that shows one thing of the view."""

    entity_description: LegBinarySensorDescription
    _unrecorded_attributes = frozenset({"reasons"})

    def __init__(
        self,
        coordinator: LegCoordinator,
        description: LegBinarySensorDescription,
        point: Point | None = None,
    ) -> None:
        """Remember the house or meter, if it is about one."""
        super().__init__(coordinator, description, point)
        self._point_id = point.point_id if point else ""

    @property
    @override
    def is_on(self) -> bool | None:
        """Return what the view says."""
        return self.entity_description.is_on(self.coordinator.data, self._point_id)

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        """Return what the state is about, where that is not the house itself."""
        attributes = self.entity_description.attributes
        return attributes(self.coordinator.data) if attributes else None
