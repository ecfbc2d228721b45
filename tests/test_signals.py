"""Sensors that prices follow, from their states to the bill."""

from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from sqlalchemy.exc import OperationalError

from custom_components.leg_invoicing.billing.calendar import Span
from custom_components.leg_invoicing.const import DOMAIN
from custom_components.leg_invoicing.ledger import Ledger
from tests import given
from tests.forms import price_form, shown as fields_of
from tests.playing import go, shown

pytestmark = [
    pytest.mark.usefixtures("recorder_mock"),
    pytest.mark.freeze_time("2026-02-03 09:58:00+00:00"),
]

PRICE = "sensor.spot"
_PRICES = {"p_pv": 20, "p_con": 25, "p_grid_del": 6}


@pytest.fixture
async def spot(hass: HomeAssistant) -> str:
    """Return the registry id of a sensor that shows a price."""
    entry = er.async_get(hass).async_get_or_create(
        "sensor", "exchange", "spot", suggested_object_id="spot"
    )
    show(hass, "0.10")
    return entry.id


@pytest.fixture
async def entry(hass: HomeAssistant, spot: str) -> MockConfigEntry:
    """Return a community whose grid's price follows the sensor."""
    entry = given.community(hass, model="split")
    await given.set_up(hass, entry)
    await set_tariff(hass, p_grid_con={"entity": PRICE, "offset": 2})
    return entry


def show(hass: HomeAssistant, value: str, unit: str = "CHF/kWh") -> None:
    """Let the exchange have a price."""
    hass.states.async_set(PRICE, value, {"unit_of_measurement": unit})


async def set_tariff(hass: HomeAssistant, **changes: Any) -> None:
    """Set prices from this month on."""
    await hass.services.async_call(
        DOMAIN,
        "set_tariff",
        {"tariff": "Standard", "valid_from": "2026-02-01"}
        | {**_PRICES, "p_grid_con": 30}
        | changes,
        blocking=True,
    )
    await hass.async_block_till_done(wait_background_tasks=True)


async def recorded(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, str]:
    """Return what the ledger says, by the time of day."""
    ledger: Ledger = entry.runtime_data.ledger

    def read() -> dict[str, str]:
        return {
            f"{value.start // 3600 % 24:02}:{value.start // 60 % 60:02}": value.value
            for value in ledger.signals(Span(0, 2**40))
        }

    return await hass.async_add_executor_job(read)


def issues(hass: HomeAssistant) -> list[str]:
    """Return the repairs about signals that stand."""
    found = ir.async_get(hass).issues.values()
    return [
        i.translation_key
        for i in found
        if i.active and str(i.translation_key).startswith("signal_")
    ]


async def test_a_price_that_changes_at_the_quarter(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """Each interval has its own price, on the sensors and on the bill."""
    await go(hass, freezer, "2026-02-03 10:00:00", house_2_import="1")
    await go(hass, freezer, "2026-02-03 10:15:00", house_2_import="2")
    await go(hass, freezer, "2026-02-03 10:15:04")
    show(hass, "-0.05")
    await go(hass, freezer, "2026-02-03 10:30:00", house_2_import="4")
    await go(hass, freezer, "2026-02-03 10:31:00")

    assert await recorded(hass, entry) == {"10:00": "0.10", "10:15": "-0.05"}
    assert shown(hass, "sonnenweg_price_of_grid_consumption") == "-0.0300"
    answer = await given.call(hass, "preview_period", period="2026-02")
    (line,) = answer["statements"][1]["lines"]
    # 1 kWh at 12 ct and 2 kWh at -3 ct
    assert (line["is_average"], line["exact_ct"]) == (True, 6)
    keys = {finding["key"] for finding in answer["findings"]}
    assert "price_missing:house_2" not in keys


async def test_an_unavailable_price_is_a_finding(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """The last value is not taken for the next: the energy is not priced."""
    await go(hass, freezer, "2026-02-03 10:00:00", house_2_import="1")
    await go(hass, freezer, "2026-02-03 10:15:00", house_2_import="2")
    show(hass, STATE_UNAVAILABLE)
    await go(hass, freezer, "2026-02-03 10:30:00", house_2_import="4")
    show(hass, "0.20")
    await go(hass, freezer, "2026-02-03 10:45:00", house_2_import="5")
    await go(hass, freezer, "2026-02-03 10:46:00")

    assert await recorded(hass, entry) == {"10:00": "0.10", "10:30": "0.20"}
    answer = await given.call(hass, "preview_period", period="2026-02")
    (line,) = answer["statements"][1]["lines"]
    assert (line["quantity"], line["exact_ct"]) == (2, 34)
    (finding,) = (f for f in answer["findings"] if f["key"] == "price_missing:house_2")
    assert (finding["blocking"], finding["energy_kwh"]) == (True, 2)
    checked = await given.call(hass, "check_period", period="2026-02")
    sensors = {each["key"]: each.get("sensor") for each in checked["findings"]}
    assert sensors["price_missing:house_2"] == PRICE
    assert shown(hass, "sonnenweg_price_of_grid_consumption") == "0.2200"


async def test_a_renamed_sensor_is_followed(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """Its id in the registry stays."""
    registry = er.async_get(hass)
    registry.async_update_entity(PRICE, new_entity_id="sensor.exchange")
    hass.states.async_remove(PRICE)
    await hass.async_block_till_done()
    attributes = {"unit_of_measurement": "CHF/kWh"}
    hass.states.async_set("sensor.exchange", "0.30", attributes)
    await go(hass, freezer, "2026-02-03 10:15:00")
    await go(hass, freezer, "2026-02-03 10:16:00")

    assert await recorded(hass, entry) == {"10:00": "0.30"}
    assert issues(hass) == []


async def test_a_sensor_that_is_gone_is_told(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """A repair says so, as long as it is gone and somebody needs it."""
    await go(hass, freezer, "2026-02-03 10:05:00")
    er.async_get(hass).async_remove(PRICE)
    hass.states.async_remove(PRICE)
    await hass.async_block_till_done()
    await go(hass, freezer, "2026-02-03 10:16:00")

    assert await recorded(hass, entry) == {}
    assert issues(hass) == ["signal_missing"]
    told = next(
        i.translation_placeholders or {}
        for i in ir.async_get(hass).issues.values()
        if i.translation_key == "signal_missing"
    )
    assert told["entity"] == PRICE
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    assert issues(hass) == []


async def test_another_unit_is_no_price(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """A number in another unit is missing until the unit is right again."""
    show(hass, "100", "CHF/MWh")
    await go(hass, freezer, "2026-02-03 10:16:00")
    assert issues(hass) == ["signal_unit"]
    assert await recorded(hass, entry) == {}

    show(hass, "0.11")
    await go(hass, freezer, "2026-02-03 10:31:00")
    assert issues(hass) == []
    assert await recorded(hass, entry) == {"10:15": "0.11"}


async def test_a_restart_in_the_middle_of_an_interval(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """What is over was written; since when a state is in force is known."""
    await go(hass, freezer, "2026-02-03 10:15:30")
    show(hass, "0.20")
    await go(hass, freezer, "2026-02-03 10:25:00")
    assert await hass.config_entries.async_unload(entry.entry_id)
    await go(hass, freezer, "2026-02-03 10:26:00")
    await given.set_up(hass, entry)
    await go(hass, freezer, "2026-02-03 10:31:00")
    assert await recorded(hass, entry) == {"10:00": "0.10", "10:15": "0.20"}

    assert await hass.config_entries.async_unload(entry.entry_id)
    await go(hass, freezer, "2026-02-03 10:40:00")
    # After a restart of Home Assistant, states are as old as the restart.
    hass.states.async_remove(PRICE)
    show(hass, "0.20")
    await given.set_up(hass, entry)
    await go(hass, freezer, "2026-02-03 10:46:00")
    assert "10:30" not in await recorded(hass, entry)


async def test_what_cannot_be_written_waits(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """A full disk loses no price."""
    error = OperationalError("", {}, Exception("disk is full"))
    with patch.object(Ledger, "write_signals", side_effect=error):
        await go(hass, freezer, "2026-02-03 10:16:00")
    assert await recorded(hass, entry) == {}

    await go(hass, freezer, "2026-02-03 10:31:00")

    assert await recorded(hass, entry) == {"10:00": "0.10", "10:15": "0.10"}


async def test_a_mode_chooses_the_band(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """The state of a select says which price counts."""
    er.async_get(hass).async_get_or_create(
        "select", "charger", "mode", suggested_object_id="mode"
    )
    hass.states.async_set("select.mode", "boost")
    await set_tariff(
        hass,
        bands={
            "entity": "select.mode",
            "modes": {"priority": ["priority", "boost"], "normal": ["normal"]},
        },
        p_grid_con={"priority": 40, "normal": {"entity": PRICE}},
    )
    await go(hass, freezer, "2026-02-03 10:00:00", house_2_import="1")
    await go(hass, freezer, "2026-02-03 10:15:00", house_2_import="2")
    hass.states.async_set("select.mode", "normal")
    await go(hass, freezer, "2026-02-03 10:30:00", house_2_import="4")
    await go(hass, freezer, "2026-02-03 10:31:00")

    answer = await given.call(hass, "preview_period", period="2026-02")

    lines = answer["statements"][1]["lines"]
    assert [(line["band"], line["exact_ct"]) for line in lines] == [
        ("priority", 40),
        ("normal", 20),
    ]


@pytest.mark.parametrize(
    ("unit", "multiplier"),
    [("CHF/kWh", "100"), ("ct/kWh", "1"), ("Rp./kWh", "1"), ("CHF/MWh", "0.1")],
)
async def test_the_unit_proposes_the_multiplier(
    hass: HomeAssistant, entry: MockConfigEntry, unit: str, multiplier: str
) -> None:
    """Whatever unit a price is in, it becomes ct/kWh."""
    show(hass, "8", unit)

    await set_tariff(hass, p_grid_con={"entity": PRICE})

    versions = entry.runtime_data.books.tariffs["Standard"].versions
    ((_, rate),) = versions[-1].p_grid_con.rates
    assert (rate.multiplier, rate.unit) == (Decimal(multiplier), unit)


@pytest.mark.parametrize(
    ("price", "value", "unit", "reason"),
    [
        ({"entity": "sensor.nothing"}, "8", "CHF/kWh", "is not among"),
        ({"entity": PRICE}, "cheap", "CHF/kWh", "shows cheap, which is no number"),
        ({"entity": PRICE}, "8", "EUR/kWh", "the community's currency is CHF"),
        ({"entity": PRICE, "multiplier": 1}, "8", "€/MWh", "currency is CHF"),
        ({"entity": PRICE}, "8", "", "write by which multiplier"),
        ({"entity": PRICE}, "8", "g/kWh", "write by which multiplier"),
        ({"entity": PRICE, "unit": "ct/kWh"}, "8", "CHF/kWh", "and not ct/kWh"),
    ],
)
async def test_a_sensor_that_cannot_be_followed_is_refused(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    price: dict[str, Any],
    value: str,
    unit: str,
    reason: str,
) -> None:
    """The sentence says what is wrong with it."""
    show(hass, value, unit)

    with given.refused("tariff_invalid") as refusal:
        await set_tariff(hass, p_grid_con=price)

    assert reason in refusal.value.translation_placeholders["reason"]


async def test_why_a_sensor_is_not_followed_is_said_in_german(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """No English sentence stands inside a German one."""
    hass.config.language = "de"
    show(hass, "8", "")

    with given.refused("tariff_invalid") as refusal:
        await set_tariff(hass, p_grid_con={"entity": PRICE})

    assert refusal.value.translation_placeholders["reason"] == (
        f"p_grid_con: {PRICE} zeigt keine Einheit; schreibe, mit welchem multiplier "
        "daraus ct/kWh werden"
    )


async def test_the_form_names_the_sensor(
    hass: HomeAssistant, entry: MockConfigEntry, spot: str
) -> None:
    """Who changes prices sees the entity, and need not enter it again."""
    details = fields_of(await price_form(hass, entry))["details"]
    assert details["p_grid_con"] == {
        "entity": PRICE,
        "multiplier": "100",
        "offset": "2",
        "unit": "CHF/kWh",
    }


async def test_evidence_has_the_signals(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """Beside the intervals that were billed stand the prices that they had."""
    await go(hass, freezer, "2026-02-03 10:00:00", house_2_import="1")
    await go(hass, freezer, "2026-02-03 10:15:00", house_2_import="2")
    await go(hass, freezer, "2026-02-04 10:16:00")

    answer = await given.call(
        hass,
        "close_period",
        period="2026-02-03..2026-02-04",
        accept_findings=await keys(hass, "2026-02-03..2026-02-04"),
    )

    path = Path(answer["folder"]) / "signals.csv"
    text = await hass.async_add_executor_job(path.read_text)
    assert "2026-02-03T10:00:00Z,0.10" in text


async def keys(hass: HomeAssistant, period: str) -> list[str]:
    """Return what blocks closing a period."""
    answer = await given.call(hass, "preview_period", period=period)
    return [f["key"] for f in answer["findings"] if f["blocking"]]
