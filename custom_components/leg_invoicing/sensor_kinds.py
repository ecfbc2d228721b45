"""What a sensor is: how its value is read of the view, and shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum, auto
from typing import Any

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import PERCENTAGE, EntityCategory, UnitOfEnergy

from .billing.energy import Energy
from .billing.money import Money, UnitPrice
from .billing.terms import Terms
from .view import View

type Shown = Energy | Money | UnitPrice | Decimal | datetime | None


class ShownAs(Enum):
    """What Home Assistant is to add to a value."""

    PLAIN = auto()
    SO_FAR = auto()
    """Counts from the beginning of the period."""
    AMOUNT_SO_FAR = auto()
    """The same, in the community's currency."""
    AMOUNT = auto()
    """In the community's currency."""
    PRICE = auto()
    """In the community's currency per kWh."""


@dataclass(frozen=True, kw_only=True)
class LegSensorDescription(SensorEntityDescription):
    """What a sensor shows of the view, of the house it belongs to."""

    value: Callable[[View, str], Shown]
    fields: Callable[[View, str], Mapping[str, Any]] | None = None
    kind: ShownAs = ShownAs.PLAIN
    is_there: Callable[[Terms], bool] = lambda _: True
    """Tell by the community's terms whether there is anything to show."""


ENERGY: dict[str, Any] = {
    "device_class": SensorDeviceClass.ENERGY,
    "state_class": SensorStateClass.TOTAL,
    "native_unit_of_measurement": UnitOfEnergy.KILO_WATT_HOUR,
    "suggested_display_precision": 3,
    "kind": ShownAs.SO_FAR,
}
MONEY: dict[str, Any] = {
    "device_class": SensorDeviceClass.MONETARY,
    "state_class": SensorStateClass.TOTAL,
    "kind": ShownAs.AMOUNT_SO_FAR,
}
PRICE: dict[str, Any] = {
    "state_class": SensorStateClass.MEASUREMENT,
    "suggested_display_precision": 4,
    "kind": ShownAs.PRICE,
}
SHARE: dict[str, Any] = {
    "state_class": SensorStateClass.MEASUREMENT,
    "native_unit_of_measurement": PERCENTAGE,
    "suggested_display_precision": 1,
}
NEWEST: dict[str, Any] = {
    "device_class": SensorDeviceClass.TIMESTAMP,
    "entity_category": EntityCategory.DIAGNOSTIC,
}
