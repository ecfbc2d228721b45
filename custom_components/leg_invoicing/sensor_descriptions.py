"""The tables of all sensors: what each shows of the view."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.const import EntityCategory, UnitOfMass

from .billing.calendar import utc
from .billing.money import UnitPrice
from .billing.ratio import percentage
from .billing.rounding import EXACT
from .billing.tally import HouseTally
from .billing.tariffs import Prices
from .interval_fields import community_fields, house_fields
from .sensor_kinds import (
    ENERGY,
    MONEY,
    NEWEST,
    PRICE,
    SHARE,
    LegSensorDescription,
    Shown,
    ShownAs,
)
from .view import View


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
        **ENERGY,
    ),
    LegSensorDescription(
        key="exported_energy",
        value=_house(lambda house: house.energy.exported),
        **ENERGY,
    ),
    LegSensorDescription(
        key="net_energy",
        value=_house(lambda house: house.energy.imported - house.energy.exported),
        **ENERGY,
    ),
    LegSensorDescription(
        key="energy_from_community",
        value=_house(lambda house: house.energy.local_import),
        **ENERGY,
    ),
    LegSensorDescription(
        key="energy_from_grid",
        value=_house(lambda house: house.energy.grid_import),
        **ENERGY,
    ),
    LegSensorDescription(
        key="energy_to_community",
        value=_house(lambda house: house.energy.local_export),
        **ENERGY,
    ),
    LegSensorDescription(
        key="energy_to_grid",
        value=_house(lambda house: house.energy.grid_export),
        **ENERGY,
    ),
    LegSensorDescription(
        key="value_of_consumption", value=_house(lambda house: house.cost), **MONEY
    ),
    LegSensorDescription(
        key="value_of_delivery", value=_house(lambda house: house.revenue), **MONEY
    ),
    LegSensorDescription(
        key="balance", value=_house(lambda house: house.balance), **MONEY
    ),
    LegSensorDescription(key="saved", value=_house(lambda house: house.saved), **MONEY),
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
    LegSensorDescription(key="price_consumption", value=_price("p_con"), **PRICE),
    LegSensorDescription(key="price_delivery", value=_price("p_pv"), **PRICE),
    LegSensorDescription(
        key="data_coverage",
        value=_house(lambda house: percentage(*house.coverage)),
        entity_category=EntityCategory.DIAGNOSTIC,
        **SHARE,
    ),
    LegSensorDescription(
        key="last_interval",
        value=lambda view, _: utc(view.span.end),
        fields=house_fields,
        **NEWEST,
    ),
)

METER_SENSORS: Mapping[str, LegSensorDescription] = {
    "import": LegSensorDescription(
        key="imported_energy",
        value=lambda view, meter_id: view.so_far.meter(meter_id).imported,
        **ENERGY,
    ),
    "export": LegSensorDescription(
        key="exported_energy",
        value=lambda view, meter_id: view.so_far.meter(meter_id).exported,
        **ENERGY,
    ),
}
"""Of meters beside the houses' own, by register; their names are those of houses'."""

COMMUNITY_SENSORS: tuple[LegSensorDescription, ...] = (
    LegSensorDescription(
        key="consumption", value=lambda view, _: view.so_far.energy.imported, **ENERGY
    ),
    LegSensorDescription(
        key="production", value=lambda view, _: view.so_far.energy.exported, **ENERGY
    ),
    LegSensorDescription(
        key="shared_energy",
        value=lambda view, _: view.so_far.energy.local_import,
        **ENERGY,
    ),
    LegSensorDescription(
        key="grid_import",
        value=lambda view, _: view.so_far.energy.grid_import,
        **ENERGY,
    ),
    LegSensorDescription(
        key="grid_export",
        value=lambda view, _: view.so_far.energy.grid_export,
        **ENERGY,
    ),
    LegSensorDescription(
        key="value_grid_import",
        value=lambda view, _: view.so_far.value_grid_import,
        **MONEY,
    ),
    LegSensorDescription(
        key="value_grid_export",
        value=lambda view, _: view.so_far.value_grid_export,
        **MONEY,
    ),
    LegSensorDescription(
        key="own_account", value=lambda view, _: view.so_far.balance, **MONEY
    ),
    LegSensorDescription(
        key="self_sufficiency",
        value=lambda view, _: percentage(
            view.so_far.energy.local_import.mwh, view.so_far.energy.imported.mwh
        ),
        **SHARE,
    ),
    LegSensorDescription(
        key="self_consumption",
        value=lambda view, _: percentage(
            view.so_far.energy.local_import.mwh, view.so_far.energy.exported.mwh
        ),
        **SHARE,
    ),
    LegSensorDescription(
        key="price_grid_consumption",
        value=lambda view, _: _price_of(view.grid_prices, "p_grid_con"),
        **PRICE,
    ),
    LegSensorDescription(
        key="price_grid_delivery",
        value=lambda view, _: _price_of(view.grid_prices, "p_grid_del"),
        **PRICE,
    ),
    LegSensorDescription(
        key="open_amount",
        value=lambda view, _: view.open_amount,
        **MONEY | {"kind": ShownAs.AMOUNT},
    ),
    LegSensorDescription(
        key="last_interval_community",
        value=lambda view, _: utc(view.span.end),
        fields=community_fields,
        **NEWEST,
    ),
)
