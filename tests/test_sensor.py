"""What the sensors show, and what Home Assistant is told about them."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.history import get_significant_states
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
    do_adhoc_statistics,
    statistics_during_period,
)

from custom_components.leg_invoicing.billing.calendar import parse_period
from custom_components.leg_invoicing.billing.commitments import ClosedPeriod
from custom_components.leg_invoicing.billing.money import Money
from custom_components.leg_invoicing.sensor_descriptions import (
    COMMUNITY_SENSORS,
    HOUSE_SENSORS,
)
from tests import given
from tests.playing import go, number, shown

pytestmark = [
    pytest.mark.usefixtures("recorder_mock"),
    pytest.mark.freeze_time("2026-02-03 10:07:00+00:00"),
]

PERIOD_START = "2026-01-31T23:00:00+00:00"

ENERGY = ("energy", "total", "kWh")
MONEY = ("monetary", "total", "CHF")
PRICE = (None, "measurement", "CHF/kWh")
CO2 = ("weight", "total", "kg")
SHARE = (None, "measurement", "%")
NEWEST = ("timestamp", None, None)

HOUSE_1 = {
    "imported_energy": ("0.400000", ENERGY),
    "exported_energy": ("0.600000", ENERGY),
    "net_energy": ("-0.200000", ENERGY),
    # 0.1 + 0.3/0.5 of the second quarter's 0.1
    "energy_from_the_community": ("0.160000", ENERGY),
    "energy_from_the_grid": ("0.240000", ENERGY),
    "energy_to_the_community": ("0.500000", ENERGY),
    "energy_to_the_grid": ("0.100000", ENERGY),
    "value_of_consumption": ("0.10", MONEY),
    "value_of_delivery": ("0.12", MONEY),
    "balance": ("0.02", MONEY),
    # 0.4 kWh at 30 - 25 ct, and 0.6 kWh at 20 - 6 ct
    "saved_against_the_grid": ("0.104", MONEY),
    # 100 g/kWh
    "co2_avoided": ("0.016", CO2),
    "price_of_consumption": ("0.25", PRICE),
    "price_of_delivery": ("0.20", PRICE),
    # 2 of the 239 quarter hours since the first of the month
    "data_coverage": ("0.83", SHARE),
    "last_interval": ("2026-02-03T10:45:00+00:00", NEWEST),
}
HOUSE_2 = HOUSE_1 | {
    "imported_energy": ("0.500000", ENERGY),
    "exported_energy": ("0.000000", ENERGY),
    "net_energy": ("0.500000", ENERGY),
    "energy_from_the_community": ("0.340000", ENERGY),
    "energy_from_the_grid": ("0.160000", ENERGY),
    "energy_to_the_community": ("0.000000", ENERGY),
    "energy_to_the_grid": ("0.000000", ENERGY),
    "value_of_consumption": ("0.125", MONEY),
    "value_of_delivery": ("0", MONEY),
    "balance": ("-0.125", MONEY),
    "saved_against_the_grid": ("0.025", MONEY),
    "co2_avoided": ("0.034", CO2),
}
SONNENWEG = {
    "consumption": ("0.900000", ENERGY),
    "production": ("0.600000", ENERGY),
    "shared_energy": ("0.500000", ENERGY),
    "grid_import": ("0.400000", ENERGY),
    "grid_export": ("0.100000", ENERGY),
    "cost_of_grid_import": ("0.12", MONEY),
    "revenue_of_grid_export": ("0.006", MONEY),
    # 22.5 ct charged - 12 credited - 12 to the grid + 0.6 from it
    "communitys_own_account": ("-0.009", MONEY),
    "self_sufficiency": ("55.55", SHARE),
    "self_consumption": ("83.33", SHARE),
    "price_of_grid_consumption": ("0.30", PRICE),
    "price_of_grid_delivery": ("0.06", PRICE),
    "open_amount": ("0", MONEY),
    "last_interval": ("2026-02-03T10:45:00+00:00", NEWEST),
}
ALL = {
    f"{owner}_{name}": expected
    for owner, sensors in (
        ("house_1", HOUSE_1),
        ("house_2", HOUSE_2),
        ("sonnenweg", SONNENWEG),
    )
    for name, expected in sensors.items()
}


@pytest.fixture
async def entry(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> MockConfigEntry:
    """Return a community that has just closed two quarter hours."""
    entry = given.community(hass, benefits={"co2": "100"})
    await given.set_up(hass, entry)
    for moment, one, sun, two in (
        ("10:15", "1000", "500", "2000"),
        ("10:30", "1000.1", "500.5", "2000.3"),
        ("10:45", "1000.4", "500.6", "2000.5"),
    ):
        await go(
            hass,
            freezer,
            f"2026-02-03 {moment}",
            house_1_import=one,
            house_1_export=sun,
            house_2_import=two,
        )
    await go(hass, freezer, "2026-02-03 10:46")
    return entry


async def test_all_show_what_was_worked_out_by_hand(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Two quarter hours of two houses give exactly these numbers."""
    for name, (value, kind) in ALL.items():
        if kind == NEWEST:
            assert shown(hass, name) == value
        else:
            assert number(hass, name) == Decimal(value), name
            assert "E" not in shown(hass, name), name


async def test_home_assistant_knows_units_and_classes(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Every sensor has the unit, device class and state class of what it shows."""
    for name, (_, kind) in ALL.items():
        attributes = hass.states.get(f"sensor.{name}").attributes
        told = (
            attributes.get("device_class"),
            attributes.get("state_class"),
            attributes.get("unit_of_measurement"),
        )
        assert told == kind, name


async def test_sums_are_reset_with_the_period(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """What counts from the period's start says so, and nothing else does."""
    for name, (_, kind) in ALL.items():
        reset = hass.states.get(f"sensor.{name}").attributes.get("last_reset")
        counts = kind in (ENERGY, MONEY, CO2) and name != "sonnenweg_open_amount"
        assert reset == (PERIOD_START if counts else None), name


async def test_no_sensor_is_forgotten(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """There is an entity for every row of the tables, and none beside."""
    ours = {
        entity_id.removeprefix("sensor.")
        for entity_id in hass.states.async_entity_ids("sensor")
        if not entity_id.endswith(("_import", "_export"))
        or entity_id.startswith("sensor.sonnenweg")
    }

    assert ours == set(ALL)
    assert len(ALL) == 2 * len(HOUSE_SENSORS) + len(COMMUNITY_SENSORS)


async def test_ids_never_change(
    entity_registry: er.EntityRegistry, entry: MockConfigEntry
) -> None:
    """Unique ids are made of the owner's id and the sensor's key, not of names."""
    ids = {
        e.unique_id: (e.config_subentry_id, e.translation_key, e.has_entity_name)
        for e in er.async_entries_for_config_entry(entity_registry, entry.entry_id)
        if e.domain == "sensor"
    }

    assert ids == {
        f"{owner}_{d.key}": (subentry_id, d.key, True)
        for owner, subentry_id, table in (
            ("subentry_1", "subentry_1", HOUSE_SENSORS),
            ("subentry_2", "subentry_2", HOUSE_SENSORS),
            (entry.entry_id, None, COMMUNITY_SENSORS),
        )
        for d in table
    }


async def test_no_sensor_of_what_nobody_can_tell(hass: HomeAssistant) -> None:
    """Without a factor nobody knows what CO₂ was avoided."""
    await given.set_up(hass, given.community(hass))

    assert hass.states.get("sensor.house_1_saved_against_the_grid") is not None
    assert hass.states.get("sensor.house_1_co2_avoided") is None


async def test_quality_and_clock_are_diagnostic(
    entity_registry: er.EntityRegistry, entry: MockConfigEntry
) -> None:
    """What says how well things work does not stand beside the energies."""
    diagnostic = {
        e.translation_key
        for e in er.async_entries_for_config_entry(entity_registry, entry.entry_id)
        if e.domain == "sensor" and e.entity_category == "diagnostic"
    }

    assert diagnostic == {"data_coverage", "last_interval", "last_interval_community"}


async def test_last_interval_of_a_house_has_the_known_fields(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Other programs find the newest interval under the names they know."""
    assert _fields(hass, "house_1_last_interval") == {
        "delta_ei_kwh": 0.3,
        "delta_eo_kwh": 0.1,
        "ei_kwh": 1000.4,
        "eo_kwh": 500.6,
        "net_flow_kwh": 0.2,
        "value_consumption_ct": 7.5,
        "value_pv_delivery_ct": 2,
        "tariff_p_consumption": 25,
        "tariff_p_pv_delivery": 20,
    }
    assert _fields(hass, "house_2_last_interval")["eo_kwh"] is None


async def test_last_interval_of_the_community_has_the_known_fields(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """The community's newest interval has its own names."""
    assert _fields(hass, "sonnenweg_last_interval") == {
        "total_consumption_kwh": 0.5,
        "total_production_kwh": 0.1,
        "grid_import_kwh": 0.4,
        "grid_export_kwh": 0,
        "value_grid_import_ct": 12,
        "value_grid_export_ct": 0,
        "tariff_p_grid_consumption": 30,
        "tariff_p_grid_delivery": 6,
    }


def _fields(hass: HomeAssistant, name: str) -> dict[str, Any]:
    attributes = hass.states.get(f"sensor.{name}").attributes
    return {
        key: value
        for key, value in attributes.items()
        if key not in ("device_class", "friendly_name")
    }


async def test_last_interval_is_not_recorded(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """The recorder keeps the state of the newest interval and none of its fields."""
    await async_wait_recording_done(hass)

    recorded = await get_instance(hass).async_add_executor_job(
        lambda: get_significant_states(
            hass,
            dt_util.utcnow().replace(hour=0),
            entity_ids=["sensor.house_1_last_interval"],
            significant_changes_only=False,
        )
    )

    newest = recorded["sensor.house_1_last_interval"][-1]
    assert newest.state == "2026-02-03T10:45:00+00:00"
    assert set(newest.attributes) == {"device_class", "friendly_name"}


async def test_nothing_used_is_no_ratio(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """Without consumption and production there is no self-sufficiency, not 0 %."""
    await given.set_up(hass, given.community(hass))

    assert shown(hass, "sonnenweg_self_sufficiency") == "unknown"
    assert shown(hass, "sonnenweg_self_consumption") == "unknown"
    assert shown(hass, "house_1_data_coverage") == "0.00"


async def test_without_prices_there_are_energies_only(hass: HomeAssistant) -> None:
    """Before the first tariff begins, a price is unknown and never zero."""
    prices = {"tariff": "Standard", "valid_from": "2026-06-01", **given.PRICES}
    await given.set_up(hass, given.community(hass, first_tariff=prices))

    assert shown(hass, "house_1_price_of_consumption") == "unknown"
    assert shown(hass, "sonnenweg_price_of_grid_delivery") == "unknown"
    assert _fields(hass, "house_1_last_interval")["tariff_p_consumption"] is None
    assert _fields(hass, "sonnenweg_last_interval")["tariff_p_grid_delivery"] is None


async def test_zero_is_written_as_zero(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """Energy at a price of nothing costs 0, which does not read 0E-8."""
    free = {"p_pv": "0", "p_con": "0.0000", "p_grid_del": "0", "p_grid_con": "0"}
    prices = {"tariff": "Standard", "valid_from": "2026-01-01", **free}
    await given.set_up(hass, given.community(hass, first_tariff=prices))
    await go(hass, freezer, "2026-02-03 10:15", house_2_import="10")
    await go(hass, freezer, "2026-02-03 10:30", house_2_import="11")
    await go(hass, freezer, "2026-02-03 10:31")

    assert number(hass, "house_2_imported_energy") == 1
    assert shown(hass, "house_2_value_of_consumption") == "0"
    assert shown(hass, "sonnenweg_communitys_own_account") == "0"


async def test_open_amount_is_what_houses_owe(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Invoices that a house owes are summed; credits are not set off against them."""
    books = entry.runtime_data.books
    invoices = {"INV-1": "1250", "INV-2": "-9999", "INV-3": "50"}
    closed = ClosedPeriod(
        period=parse_period("2026-01"),
        closed_at=dt_util.utcnow(),
        file_name="",
        sha256="",
        invoices={name: Money(Decimal(ct)) for name, ct in invoices.items()},
        tariffs=(),
        houses=(),
    )
    books._commitments = replace(books.commitments, closed=(closed,))

    await entry.runtime_data.coordinator.async_refresh()

    assert shown(hass, "sonnenweg_open_amount") == "13.00"


async def test_recorder_compiles_statistics_of_the_sensors(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Home Assistant's own statistics of the sensors come without a warning."""
    start = dt_util.utcnow().replace(minute=45, second=0)
    await go(
        hass,
        freezer,
        "2026-02-03 11:00",
        house_1_import="1001.4",
        house_1_export="500.6",
        house_2_import="2000.5",
    )
    await go(hass, freezer, "2026-02-03 11:01")
    await async_wait_recording_done(hass)
    caplog.clear()

    for minute in (45, 50, 55, 60):
        period = start.replace(minute=minute % 60, hour=start.hour + minute // 60)
        do_adhoc_statistics(hass, start=period)
    await async_wait_recording_done(hass)

    ids = {f"sensor.{name}" for name, (_, kind) in ALL.items() if kind != NEWEST}
    compiled = statistics_during_period(
        hass, start, period="5minute", statistic_ids=ids, types={"sum", "mean"}
    )
    ratios = {f"sensor.sonnenweg_{r}" for r in ("self_sufficiency", "self_consumption")}
    assert ids - set(compiled) <= ratios
    # All that was counted since the period's start: 0.4 and 1.
    assert compiled["sensor.house_1_imported_energy"][-1]["sum"] == pytest.approx(1.4)
    assert not [r for r in caplog.records if r.levelname in ("WARNING", "ERROR")]


@pytest.mark.parametrize(("currency", "decimals"), [("CHF", 2), ("JPY", 0), ("KWD", 3)])
async def test_amounts_have_the_decimals_of_the_currency(
    hass: HomeAssistant,
    entity_registry: er.EntityRegistry,
    currency: str,
    decimals: int,
) -> None:
    """Home Assistant shows as many of them as there are."""
    await given.set_up(hass, given.community(hass, currency=currency))

    balance = entity_registry.async_get("sensor.house_1_balance")

    assert balance is not None
    shown_with = balance.options["sensor"]["suggested_display_precision"]
    assert shown_with == decimals
