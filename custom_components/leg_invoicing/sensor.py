"""Sensors over the view; the tables are in `sensor_descriptions`."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, override

from homeassistant.components.sensor import SensorEntity
from homeassistant.const import UnitOfEnergy
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .billing.calendar import utc
from .billing.currencies import decimals_of
from .billing.energy import Energy
from .billing.money import Money, UnitPrice
from .community import Point, houses_of_entry, meter_points_of_entry
from .const import CONF_CURRENCY
from .coordinator import LegCoordinator
from .entity import LegEntity
from .interval_fields import FIELD_NAMES
from .runtime import LegConfigEntry
from .sensor_descriptions import COMMUNITY_SENSORS, HOUSE_SENSORS, METER_SENSORS
from .sensor_kinds import LegSensorDescription, Shown, ShownAs

PARALLEL_UPDATES = 0

_COUNTS_FROM_PERIOD_START = (ShownAs.SO_FAR, ShownAs.AMOUNT_SO_FAR)
_IN_CURRENCY = (ShownAs.AMOUNT, ShownAs.AMOUNT_SO_FAR)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: LegConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the community's sensors, and those of houses and meters to their subentries."""
    coordinator = entry.runtime_data.coordinator
    async_add_entities(LegSensor(coordinator, d) for d in COMMUNITY_SENSORS)
    of_houses = [d for d in HOUSE_SENSORS if d.is_there(coordinator.terms)]
    for house in houses_of_entry(entry):
        async_add_entities(
            [LegSensor(coordinator, d, house) for d in of_houses],
            config_subentry_id=house.subentry_id,
        )
    for meter in meter_points_of_entry(entry):
        async_add_entities(
            [
                LegSensor(coordinator, description, meter)
                for register, description in METER_SENSORS.items()
                # What is calculated has no registers, and may come to either.
                if register in meter.registers or not meter.registers
            ],
            config_subentry_id=meter.subentry_id,
        )


def _native(shown: Shown) -> Decimal | datetime | None:
    """Return a value in the unit it is shown in: kWh, CHF, CHF/kWh."""
    match shown:
        case Energy():
            return shown.kwh
        case Money():
            # An exact zero may have decimals, and would be written as 0E-8.
            return shown.units or Decimal(0)
        case UnitPrice():
            return shown.units_per_kwh
        case _:
            return shown


class LegSensor(LegEntity, SensorEntity):
    """A sensor that shows one thing of the view."""

    entity_description: LegSensorDescription
    _unrecorded_attributes = FIELD_NAMES

    def __init__(
        self,
        coordinator: LegCoordinator,
        description: LegSensorDescription,
        point: Point | None = None,
    ) -> None:
        """Fill in the community's currency."""
        super().__init__(coordinator, description, point)
        self._point_id = point.point_id if point else ""
        currency = coordinator.config_entry.data[CONF_CURRENCY]
        if description.kind in _IN_CURRENCY:
            self._attr_native_unit_of_measurement = currency
            self._attr_suggested_display_precision = decimals_of(currency)
        elif description.kind is ShownAs.PRICE:
            unit = f"{currency}/{UnitOfEnergy.KILO_WATT_HOUR}"
            self._attr_native_unit_of_measurement = unit

    @property
    @override
    def native_value(self) -> Decimal | datetime | None:
        """Return what the view says."""
        view = self.coordinator.data
        return _native(self.entity_description.value(view, self._point_id))

    @property
    @override
    def last_reset(self) -> datetime | None:
        """Return the start of the period for what is summed up in it."""
        if self.entity_description.kind not in _COUNTS_FROM_PERIOD_START:
            return None
        return utc(self.coordinator.data.span.start)

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any] | None:
        """Return the fields of the newest interval, where the sensor has them."""
        fields = self.entity_description.fields
        return fields(self.coordinator.data, self._point_id) if fields else None
