"""The tables of all sensors: what each shows of the view."""

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
from homeassistant.const import PERCENTAGE, EntityCategory, UnitOfEnergy, UnitOfMass

from .billing.calendar import utc
from .billing.energy import Energy
from .billing.money import Money, UnitPrice
from .billing.ratio import percentage
from .billing.rounding import EXACT
from .billing.tally import HouseTally
from .billing.tariffs import Prices
from .billing.terms import Terms
from .interval_fields import community_fields, house_fields
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


_ENERGY: dict[str, Any] = {
    "device_class": SensorDeviceClass.ENERGY,
    "state_class": SensorStateClass.TOTAL,
    "native_unit_of_measurement": UnitOfEnergy.KILO_WATT_HOUR,
    "suggested_display_precision": 3,
    "kind": ShownAs.SO_FAR,
}
_MONEY: dict[str, Any] = {
    "device_class": SensorDeviceClass.MONETARY,
    "state_class": SensorStateClass.TOTAL,
    "suggested_display_precision": 2,
    "kind": ShownAs.AMOUNT_SO_FAR,
}
_PRICE: dict[str, Any] = {
    "state_class": SensorStateClass.MEASUREMENT,
    "suggested_display_precision": 4,
    "kind": ShownAs.PRICE,
}
_SHARE: dict[str, Any] = {
    "state_class": SensorStateClass.MEASUREMENT,
    "native_unit_of_measurement": PERCENTAGE,
    "suggested_display_precision": 1,
}
_NEWEST: dict[str, Any] = {
    "device_class": SensorDeviceClass.TIMESTAMP,
    "entity_category": EntityCategory.DIAGNOSTIC,
}


def _house(read: Callable[[HouseTally], Shown]) -> Callable[[View, str], Shown]:
    """Read a house's totals of the current period."""
    return lambda view, house_id: read(view.so_far.house(house_id))


def _price(name: str) -> Callable[[View, str], Shown]:
    """Read one of a house's prices."""
    return lambda view, house_id: _price_of(view.prices.get(house_id), name)


def _price_of(prices: Prices | None, name: str) -> UnitPrice | None:
    price: UnitPrice | None = getattr(prices, name, None)
    return price


def _kilograms(grams: Decimal | None) -> Decimal | None:
    # An exact zero may have decimals, and would be written as 0E-8.
    return None if grams is None else (grams.scaleb(-3, EXACT) or Decimal(0))


HOUSE_SENSORS: tuple[LegSensorDescription, ...] = (
    LegSensorDescription(
        key="imported_energy",
        value=_house(lambda house: house.energy.imported),
        **_ENERGY,
    ),
    LegSensorDescription(
        key="exported_energy",
        value=_house(lambda house: house.energy.exported),
        **_ENERGY,
    ),
    LegSensorDescription(
        key="net_energy",
        value=_house(lambda house: house.energy.imported - house.energy.exported),
        **_ENERGY,
    ),
    LegSensorDescription(
        key="energy_from_community",
        value=_house(lambda house: house.energy.local_import),
        **_ENERGY,
    ),
    LegSensorDescription(
        key="energy_from_grid",
        value=_house(lambda house: house.energy.grid_import),
        **_ENERGY,
    ),
    LegSensorDescription(
        key="energy_to_community",
        value=_house(lambda house: house.energy.local_export),
        **_ENERGY,
    ),
    LegSensorDescription(
        key="energy_to_grid",
        value=_house(lambda house: house.energy.grid_export),
        **_ENERGY,
    ),
    LegSensorDescription(
        key="value_of_consumption", value=_house(lambda house: house.cost), **_MONEY
    ),
    LegSensorDescription(
        key="value_of_delivery", value=_house(lambda house: house.revenue), **_MONEY
    ),
    LegSensorDescription(
        key="balance", value=_house(lambda house: house.balance), **_MONEY
    ),
    LegSensorDescription(
        key="saved", value=_house(lambda house: house.saved), **_MONEY
    ),
    LegSensorDescription(
        key="co2_avoided",
        device_class=SensorDeviceClass.WEIGHT,
        value=_house(lambda house: _kilograms(house.co2_avoided)),
        is_there=lambda terms: any(v.co2_factor for v in terms.community.benefits),
        state_class=SensorStateClass.TOTAL,
        native_unit_of_measurement=UnitOfMass.KILOGRAMS,
        suggested_display_precision=1,
        kind=ShownAs.SO_FAR,
    ),
    LegSensorDescription(key="price_consumption", value=_price("p_con"), **_PRICE),
    LegSensorDescription(key="price_delivery", value=_price("p_pv"), **_PRICE),
    LegSensorDescription(
        key="data_coverage",
        value=_house(lambda house: percentage(*house.coverage)),
        entity_category=EntityCategory.DIAGNOSTIC,
        **_SHARE,
    ),
    LegSensorDescription(
        key="last_interval",
        value=lambda view, _: utc(view.span.end),
        fields=house_fields,
        **_NEWEST,
    ),
)

METER_SENSORS: Mapping[str, LegSensorDescription] = {
    "import": LegSensorDescription(
        key="imported_energy",
        value=lambda view, meter_id: view.so_far.meter(meter_id).imported,
        **_ENERGY,
    ),
    "export": LegSensorDescription(
        key="exported_energy",
        value=lambda view, meter_id: view.so_far.meter(meter_id).exported,
        **_ENERGY,
    ),
}
"""Of meters beside the houses' own, by register; their names are those of houses'."""

COMMUNITY_SENSORS: tuple[LegSensorDescription, ...] = (
    LegSensorDescription(
        key="consumption", value=lambda view, _: view.so_far.energy.imported, **_ENERGY
    ),
    LegSensorDescription(
        key="production", value=lambda view, _: view.so_far.energy.exported, **_ENERGY
    ),
    LegSensorDescription(
        key="shared_energy",
        value=lambda view, _: view.so_far.energy.local_import,
        **_ENERGY,
    ),
    LegSensorDescription(
        key="grid_import",
        value=lambda view, _: view.so_far.energy.grid_import,
        **_ENERGY,
    ),
    LegSensorDescription(
        key="grid_export",
        value=lambda view, _: view.so_far.energy.grid_export,
        **_ENERGY,
    ),
    LegSensorDescription(
        key="value_grid_import",
        value=lambda view, _: view.so_far.value_grid_import,
        **_MONEY,
    ),
    LegSensorDescription(
        key="value_grid_export",
        value=lambda view, _: view.so_far.value_grid_export,
        **_MONEY,
    ),
    LegSensorDescription(
        key="own_account", value=lambda view, _: view.so_far.balance, **_MONEY
    ),
    LegSensorDescription(
        key="self_sufficiency",
        value=lambda view, _: percentage(
            view.so_far.energy.local_import.mwh, view.so_far.energy.imported.mwh
        ),
        **_SHARE,
    ),
    LegSensorDescription(
        key="self_consumption",
        value=lambda view, _: percentage(
            view.so_far.energy.local_import.mwh, view.so_far.energy.exported.mwh
        ),
        **_SHARE,
    ),
    LegSensorDescription(
        key="price_grid_consumption",
        value=lambda view, _: _price_of(view.grid_prices, "p_grid_con"),
        **_PRICE,
    ),
    LegSensorDescription(
        key="price_grid_delivery",
        value=lambda view, _: _price_of(view.grid_prices, "p_grid_del"),
        **_PRICE,
    ),
    LegSensorDescription(
        key="open_amount",
        value=lambda view, _: view.open_amount,
        **_MONEY | {"kind": ShownAs.AMOUNT},
    ),
    LegSensorDescription(
        key="last_interval_community",
        value=lambda view, _: utc(view.span.end),
        fields=community_fields,
        **_NEWEST,
    ),
)
