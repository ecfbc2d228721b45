"""The newest interval under the field names that other programs know."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from .billing.energy import Energy
from .billing.money import UnitPrice
from .billing.tariffs import Prices
from .json_numbers import plain
from .view import View


def house_fields(view: View, house_id: str) -> Mapping[str, Any]:
    """Return a house's newest interval."""
    house = view.newest.house(house_id)
    prices = view.prices.get(house_id)
    fields = {
        "delta_ei_kwh": house.energy.imported.kwh,
        "delta_eo_kwh": house.energy.exported.kwh,
        "ei_kwh": _kwh(view.registers.get((house_id, "import"))),
        "eo_kwh": _kwh(view.registers.get((house_id, "export"))),
        "net_flow_kwh": (house.energy.imported - house.energy.exported).kwh,
        "value_consumption_ct": house.cost.ct,
        "value_pv_delivery_ct": house.revenue.ct,
        "tariff_p_consumption": _ct(prices, "p_con"),
        "tariff_p_pv_delivery": _ct(prices, "p_pv"),
    }
    return plain(fields)


def community_fields(view: View, _house_id: str) -> Mapping[str, Any]:
    """Return the community's newest interval."""
    newest, prices = view.newest, view.grid_prices
    fields = {
        "total_consumption_kwh": newest.energy.imported.kwh,
        "total_production_kwh": newest.energy.exported.kwh,
        "grid_import_kwh": newest.energy.grid_import.kwh,
        "grid_export_kwh": newest.energy.grid_export.kwh,
        "value_grid_import_ct": newest.value_grid_import.ct,
        "value_grid_export_ct": newest.value_grid_export.ct,
        "tariff_p_grid_consumption": _ct(prices, "p_grid_con"),
        "tariff_p_grid_delivery": _ct(prices, "p_grid_del"),
    }
    return plain(fields)


def _ct(prices: Prices | None, name: str) -> Decimal | None:
    price: UnitPrice | None = getattr(prices, name, None)
    return None if price is None else price.ct_per_kwh


def _kwh(energy: Energy | None) -> Decimal | None:
    return None if energy is None else energy.kwh


FIELD_NAMES = frozenset(
    {
        "delta_ei_kwh",
        "delta_eo_kwh",
        "ei_kwh",
        "eo_kwh",
        "net_flow_kwh",
        "value_consumption_ct",
        "value_pv_delivery_ct",
        "tariff_p_consumption",
        "tariff_p_pv_delivery",
        "total_consumption_kwh",
        "total_production_kwh",
        "grid_import_kwh",
        "grid_export_kwh",
        "value_grid_import_ct",
        "value_grid_export_ct",
        "tariff_p_grid_consumption",
        "tariff_p_grid_delivery",
    }
)
"""Attributes that the recorder need not keep: the statistics have their history."""
