"""Which sensors a house may follow, and what becomes of an answer."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest

from custom_components.leg_invoicing.const import DOMAIN
from custom_components.leg_invoicing.form_checks import (
    RefusedError,
    community_settings,
    tariff_settings,
)
from custom_components.leg_invoicing.forms import first_of_next_month
from custom_components.leg_invoicing.house_fields import meter_fields
from custom_components.leg_invoicing.register_checks import (
    current_entity_id,
    other_points,
    own_sensors,
    register_settings,
)
from tests import given

IMPORT = "sensor.meter_import"
EXPORT = "sensor.meter_export"


def sensor(hass: HomeAssistant, unit: str | None, name: str = "meter_import") -> str:
    """Enter a sensor into the registry; return its id there."""
    entity = er.async_get(hass).async_get_or_create(
        "sensor", "mqtt", name, suggested_object_id=name, unit_of_measurement=unit
    )
    return entity.id


def show(hass: HomeAssistant, unit: str | None, state: str = "1") -> None:
    """Let the import sensor show a state."""
    attributes = {} if unit is None else {"unit_of_measurement": unit}
    hass.states.async_set(IMPORT, state, attributes)


def answers(**changes: str | None) -> Mapping[str, Any]:
    """Return a form's answers for one import register."""
    return {"name": "House", "import_register": IMPORT} | changes


def refusal(hass: HomeAssistant, given: Mapping[str, Any]) -> RefusedError:
    """Return why the answers are refused."""
    with pytest.raises(RefusedError) as caught:
        register_settings(hass, given)
    return caught.value


@pytest.mark.parametrize("unit", ["Wh", "kWh", "MWh"])
def test_energy(hass: HomeAssistant, unit: str) -> None:
    """A sensor that counts energy is followed by its id in the registry."""
    registry_id = sensor(hass, unit)
    show(hass, unit)

    assert register_settings(hass, answers()) == {
        "import_register": registry_id,
        "export_register": None,
    }


def test_by_registry_id(hass: HomeAssistant) -> None:
    """A sensor may also be given by that id itself."""
    registry_id = sensor(hass, "kWh")

    settings = register_settings(hass, answers(import_register=registry_id))

    assert settings["import_register"] == registry_id


def test_export_only(hass: HomeAssistant) -> None:
    """A meter that only counts production needs no import register."""
    registry_id = sensor(hass, "kWh", "meter_export")

    settings = register_settings(
        hass, {"name": "Roof", "export_register": EXPORT, "import_register": ""}
    )

    assert settings == {"import_register": None, "export_register": registry_id}


@pytest.mark.parametrize(
    ("unit", "key"),
    [
        ("W", "power_not_energy"),
        ("kW", "power_not_energy"),
        ("MW", "power_not_energy"),
        ("GWh", "wrong_unit"),
        ("kJ", "wrong_unit"),
        ("m³", "wrong_unit"),
        ("kwh", "wrong_unit"),
        ("CHF", "wrong_unit"),
    ],
)
@pytest.mark.parametrize("declared", [None, "kWh"])
def test_other_units(
    hass: HomeAssistant, unit: str, key: str, declared: str | None
) -> None:
    """A sensor of anything else is refused, whatever unit somebody declares."""
    sensor(hass, unit)
    show(hass, unit)

    refused = refusal(hass, answers(unit=declared))

    assert refused.field == "import_register"
    assert refused.translation_key == key
    assert refused.translation_placeholders == {"entity": IMPORT, "unit": unit}


def test_no_unit(hass: HomeAssistant) -> None:
    """A sensor without a unit needs one to be declared, as Tasmota's does."""
    registry_id = sensor(hass, None)
    show(hass, None, "12345.678")

    refused = refusal(hass, answers())
    assert (refused.field, refused.translation_key) == ("unit", "unit_needed")
    assert refused.translation_placeholders == {"entity": IMPORT}

    settings = register_settings(hass, answers(unit="kWh"))
    assert settings["import_register"] == registry_id


def test_unit_twice(hass: HomeAssistant) -> None:
    """A declared unit must not contradict the sensor's own."""
    sensor(hass, "Wh")
    show(hass, "Wh")

    refused = refusal(hass, answers(unit="kWh"))
    assert (refused.field, refused.translation_key) == ("unit", "unit_conflict")
    assert refused.translation_placeholders == {"entity": IMPORT, "unit": "Wh"}

    assert register_settings(hass, answers(unit="Wh"))


def test_unit_of_one_of_two(hass: HomeAssistant) -> None:
    """A declared unit is for the sensor that lacks one; the other must agree."""
    sensor(hass, None)
    sensor(hass, "kWh", "meter_export")

    assert register_settings(hass, answers(export_register=EXPORT, unit="kWh"))
    refused = refusal(hass, answers(export_register=EXPORT, unit="Wh"))
    assert refused.translation_key == "unit_conflict"
    assert refused.translation_placeholders == {"entity": EXPORT, "unit": "kWh"}


@pytest.mark.parametrize("has_state", [True, False])
def test_sensor_is_away(hass: HomeAssistant, has_state: bool) -> None:
    """While a sensor is away, its unit is the one the registry remembers."""
    sensor(hass, "kW")
    if has_state:
        show(hass, None, "unavailable")

    assert refusal(hass, answers()).translation_key == "power_not_energy"


def test_unit_was_changed(hass: HomeAssistant) -> None:
    """What a sensor shows now counts more than what the registry remembers."""
    sensor(hass, "kWh")
    show(hass, "GJ")

    refused = refusal(hass, answers())

    assert refused.translation_placeholders == {"entity": IMPORT, "unit": "GJ"}


def test_name_of_a_followed_sensor(hass: HomeAssistant) -> None:
    """A sensor is shown by its name of today; where none is followed, none is."""
    registry_id = sensor(hass, "kWh")
    er.async_get(hass).async_update_entity(IMPORT, new_entity_id="sensor.cellar")

    assert current_entity_id(hass, registry_id) == "sensor.cellar"
    assert current_entity_id(hass, "gone") is None
    assert current_entity_id(hass, None) is None


def test_nothing_chosen(hass: HomeAssistant) -> None:
    """A house without any register measures nothing."""
    refused = refusal(hass, answers(import_register=None))

    assert refused.field == "import_register"
    assert refused.translation_key == "register_needed"


def test_no_unique_id(hass: HomeAssistant) -> None:
    """A sensor that the registry does not know could not be followed."""
    show(hass, "kWh")

    refused = refusal(hass, answers())

    assert refused.field == "import_register"
    assert refused.translation_key == "no_unique_id"


def test_same_register_twice(hass: HomeAssistant) -> None:
    """What a house takes cannot also be what it delivers."""
    sensor(hass, "kWh")

    refused = refusal(hass, answers(export_register=IMPORT))

    assert refused.field == "export_register"
    assert refused.translation_key == "register_twice"
    assert refused.translation_placeholders == {"entity": IMPORT}


def test_register_of_another_house(hass: HomeAssistant) -> None:
    """No register is billed twice in a community; a house may keep its own."""
    entry = given.community(hass)
    used = answers(import_register="sensor.house_2_import")

    with pytest.raises(RefusedError) as caught:
        register_settings(hass, used, other_points(entry, "subentry_1"))

    assert caught.value.translation_key == "register_used"
    assert caught.value.translation_placeholders == {
        "entity": "sensor.house_2_import",
        "house": "House 2",
    }
    assert register_settings(hass, used, other_points(entry, "subentry_2"))


def test_own_sensors_are_not_on_offer(hass: HomeAssistant) -> None:
    """What we calculate is no meter; everything else is on offer."""
    entry = given.community(hass)
    er.async_get(hass).async_get_or_create(
        "sensor", DOMAIN, "x", suggested_object_id="ours", config_entry=entry
    )

    assert own_sensors(hass) == ["sensor.ours"]
    selector = meter_fields(own_sensors(hass))["import_register"]
    assert selector.config["exclude_entities"] == ["sensor.ours"]
    assert selector.config["domain"] == ["sensor"]
    assert "device_class" not in selector.config
    assert "filter" not in selector.config


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (20, "20"),
        (20.0, "20"),
        (100.0, "100"),
        (0.1, "0.1"),
        (0, "0"),
        (-0.5, "-0.5"),
        (25.123456, "25.123456"),
        (1e-05, "0.00001"),
        (1000000, "1000000"),
    ],
)
def test_prices_stay_exact(typed: float, stored: str) -> None:
    """A price is stored the way it was typed."""
    settings = tariff_settings(
        {
            "tariff": " Standard ",
            "valid_from": "2026-01-01",
            "p_pv": typed,
            "p_con": 1,
            "p_grid_del": 1,
            "p_grid_con": 1,
        }
    )

    assert settings["p_pv"] == stored
    assert settings["tariff"] == "Standard"


def is_accepted(zone: str, minutes: str) -> bool:
    """Tell whether intervals of that length fit the zone."""
    answers = {
        "currency": "CHF",
        "timezone": zone,
        "model": "pool",
        "interval": minutes,
        "cadence": "month",
    }
    try:
        community_settings(answers, date(2026, 6, 1))
    except RefusedError:
        return False
    return True


@pytest.mark.parametrize(
    ("zone", "fits"),
    [
        ("UTC", ["5", "15", "30", "60"]),
        ("Europe/Zurich", ["5", "15", "30", "60"]),
        ("Asia/Kolkata", ["5", "15", "30"]),
        ("Australia/Lord_Howe", ["5", "15", "30"]),
        ("Asia/Kathmandu", ["5", "15"]),
    ],
)
def test_grid(zone: str, fits: list[str]) -> None:
    """Days begin on an interval's edge, or the interval is refused."""
    offered = ("5", "15", "30", "60")
    accepted = [minutes for minutes in offered if is_accepted(zone, minutes)]

    assert accepted == fits


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (date(2026, 1, 1), date(2026, 2, 1)),
        (date(2026, 11, 30), date(2026, 12, 1)),
        (date(2026, 12, 31), date(2027, 1, 1)),
    ],
)
def test_next_month(today: date, first: date) -> None:
    """The month after December is January of the next year."""
    assert first_of_next_month(today) == first
