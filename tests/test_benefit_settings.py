"""Setting what a community tells beside its bills."""

from datetime import date
from decimal import Decimal
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.leg_invoicing.billing.benefits import (
    BenefitVersion,
    BenefitVersions,
    Ceiling,
    GridDiscount,
)
from custom_components.leg_invoicing.billing.money import UnitPrice
from custom_components.leg_invoicing.billing.rates import SignalPrice
from custom_components.leg_invoicing.billing.signals_named import signals_named
from custom_components.leg_invoicing.const import DOMAIN
from custom_components.leg_invoicing.runtime import terms_now
from tests import given
from tests.forms import Form, choose, close, fill, refused, shown

pytestmark = pytest.mark.usefixtures("recorder_mock")

_DAYS = "2026-02-01..2026-02-03"
_ALL = {
    "co2": 128.5,
    "discount_percent": 40.0,
    "grid_fee": 9.5,
    "ceiling_percent": 80.0,
}


_SINCE = {"valid_from": "2026-01-01"}


@pytest.fixture
async def entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return a community that runs."""
    entry = given.community(hass)
    await given.set_up(hass, entry)
    return entry


async def _begin(hass: HomeAssistant, entry: MockConfigEntry) -> Form:
    menu = await hass.config_entries.options.async_init(entry.entry_id)
    return await choose(hass.config_entries.options, menu, "benefits")


def _told(entry: MockConfigEntry) -> BenefitVersions:
    return terms_now(entry).community.benefits


async def test_what_is_told(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Nothing is told at first; what is set counts from its day on."""
    form = await _begin(hass, entry)
    assert shown(form) == {
        **dict.fromkeys([*_ALL, "co2_sensor"]),
        "valid_from": "2026-01-01",
    }
    assert form["description_placeholders"] == {"versions": ""}

    result = await fill(hass.config_entries.options, form, _ALL | _SINCE)
    await hass.async_block_till_done()

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert "benefits" not in entry.options
    told = BenefitVersion(
        valid_from=date(2026, 1, 1),
        co2_factor=UnitPrice(Decimal("128.5")),
        grid_discount=GridDiscount(
            percent=Decimal(40), grid_fee=UnitPrice(Decimal("9.5"))
        ),
        ceiling=Ceiling(percent=Decimal(80)),
    )
    assert _told(entry) == (BenefitVersion(), told)
    # There is something to show now.
    assert hass.states.get("sensor.house_1_co2_avoided") is not None


@pytest.mark.freeze_time("2026-12-03 10:07:00+00:00")
async def test_another_year(hass: HomeAssistant) -> None:
    """What was before is kept and shown, also what was stored without a day."""
    entry = given.community(hass, benefits={"co2": "128", "ceiling": {"percent": "80"}})
    await given.set_up(hass, entry)
    form = await _begin(hass, entry)
    assert shown(form)["valid_from"] == "2027-01-01"
    assert shown(form)["ceiling_percent"] == 80.0

    answers = {"valid_from": "2027-01-01", "co2": 112.0}
    await fill(hass.config_entries.options, form, answers)
    await hass.async_block_till_done()

    always, later = _told(entry)
    assert always.ceiling == Ceiling(percent=Decimal(80))
    assert later == BenefitVersion(
        valid_from=date(2027, 1, 1), co2_factor=UnitPrice(Decimal(112))
    )
    form = await _begin(hass, entry)
    assert form["description_placeholders"]["versions"].splitlines() == [
        "| 2027-01-01 | 112 | – | – | – |",
        "| – | 128 | – | – | 80 |",
    ]
    assert (shown(form)["co2"], shown(form)["ceiling_percent"]) == (112.0, None)


async def test_days_of_a_closed_period(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """They stay as they were told; the first day after them is offered."""
    close(entry, "2026-01")
    form = await _begin(hass, entry)
    assert shown(form)["valid_from"] == "2026-02-01"

    form = await fill(hass.config_entries.options, form, _ALL | _SINCE)
    assert refused(
        form, "base", "benefits_used", valid_from="2026-01-01", period="2026-01"
    )

    result = await fill(
        hass.config_entries.options, form, _ALL | {"valid_from": "2026-02-01"}
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()


@pytest.mark.parametrize("unit", ["g/kWh", "gCO2eq/kWh", None])
async def test_grams_of_a_sensor(
    hass: HomeAssistant,
    entity_registry: er.EntityRegistry,
    entry: MockConfigEntry,
    unit: str | None,
) -> None:
    """A sensor is followed by its id, and shown by what it is called."""
    sensor = entity_registry.async_get_or_create("sensor", "test", "grid_co2")
    unit_of = {} if unit is None else {"unit_of_measurement": unit}
    hass.states.async_set(sensor.entity_id, "128", unit_of)

    form = await _begin(hass, entry)
    answers = {"co2_sensor": sensor.entity_id, **_SINCE}
    await fill(hass.config_entries.options, form, answers)
    await hass.async_block_till_done()

    assert _told(entry)[1].co2_factor == SignalPrice(sensor.id)
    assert signals_named(terms_now(entry)) == {sensor.id}
    form = await _begin(hass, entry)
    again = shown(form)
    assert (again["co2"], again["co2_sensor"]) == (None, sensor.entity_id)
    assert form["description_placeholders"]["versions"] == (
        f"| 2026-01-01 | {sensor.entity_id} | – | – | – |"
    )


@pytest.mark.parametrize(
    ("answers", "field", "key"),
    [
        ({"co2_sensor": "sensor.gone"}, "co2_sensor", "no_unique_id"),
        ({"co2_sensor": "sensor.test_power"}, "co2_sensor", "not_grams"),
        ({"co2_sensor": "sensor.test_power", "co2": 128.0}, "co2", "co2_twice"),
    ],
)
async def test_a_sensor_of_something_else(
    hass: HomeAssistant,
    entity_registry: er.EntityRegistry,
    entry: MockConfigEntry,
    answers: dict[str, Any],
    field: str,
    key: str,
) -> None:
    """What cannot be followed, or shows no grams, is refused."""
    sensor = entity_registry.async_get_or_create("sensor", "test", "power")
    hass.states.async_set(sensor.entity_id, "3", {"unit_of_measurement": "kg/kWh"})

    form = await _begin(hass, entry)
    form = await fill(hass.config_entries.options, form, answers | _SINCE)

    assert refused(form, field, key, entity=answers["co2_sensor"])


@pytest.mark.parametrize(
    ("wrong", "field", "key"),
    [
        ({"discount_percent": 40.0}, "grid_fee", "grid_discount_incomplete"),
        ({"grid_fee": 9.5}, "discount_percent", "grid_discount_incomplete"),
        ({"co2": float("nan")}, "co2", "number_invalid"),
    ],
)
async def test_refusals(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    wrong: dict[str, Any],
    field: str,
    key: str,
) -> None:
    """A discount needs both of its numbers; once corrected, it is taken."""
    form = await _begin(hass, entry)
    form = await fill(hass.config_entries.options, form, wrong | _SINCE)
    assert refused(form, field, key)
    assert _told(entry) == (BenefitVersion(),)

    result = await fill(hass.config_entries.options, form, _ALL | _SINCE)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def _set(hass: HomeAssistant, **told: Any) -> None:
    """Say by the action what is told from New Year on."""
    await hass.services.async_call(DOMAIN, "set_benefits", told | _SINCE, blocking=True)


async def test_an_action_tells_the_same(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """In the words of a terms file; what is to be shown is there when it is done."""
    await _set(
        hass,
        config_entry_id=entry.entry_id,
        co2=128.5,
        grid_discount={"percent": 40, "grid_fee": 9.5},
        ceiling={"percent": 80},
    )

    by_action = _told(entry)
    assert hass.states.get("sensor.house_1_co2_avoided") is not None
    form = await _begin(hass, entry)
    await fill(hass.config_entries.options, form, _ALL | _SINCE)
    await hass.async_block_till_done()
    assert _told(entry) == by_action

    close(entry, "2026-01")
    with given.refused("benefits_used", valid_from="2026-01-01", period="2026-01"):
        await _set(hass, co2=1)


async def test_an_action_follows_a_sensor(
    hass: HomeAssistant, entity_registry: er.EntityRegistry, entry: MockConfigEntry
) -> None:
    """One that shows kilograms, too, for as long as it does so."""
    sensor = entity_registry.async_get_or_create("sensor", "test", "co2")
    hass.states.async_set(sensor.entity_id, "0.1", {"unit_of_measurement": "kg/kWh"})
    co2 = {"entity": sensor.entity_id, "multiplier": 1000}

    await _set(hass, co2=co2)

    assert _told(entry)[1].co2_factor == SignalPrice(
        sensor.id, Decimal(1000), unit="kg/kWh"
    )


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (
            {"co2": {"entity": "sensor.gone"}},
            "co2: sensor.gone is not among Home Assistant's entities",
        ),
        (
            {"co2": {"entity": "sensor.test_power"}},
            "co2: sensor.test_power shows kg/kWh; choose a sensor in g/kWh",
        ),
        ({"co2": -1}, "co2: "),
        ({"grid_discount": {"percent": 40}}, "grid_fee is missing"),
        ({"ceiling": {"percent": 180}}, "ceiling.percent: "),
    ],
)
async def test_an_action_that_is_not_understood(
    hass: HomeAssistant,
    entity_registry: er.EntityRegistry,
    entry: MockConfigEntry,
    told: dict[str, Any],
    reason: str,
) -> None:
    """The field is named, and nothing has changed."""
    sensor = entity_registry.async_get_or_create("sensor", "test", "power")
    hass.states.async_set(sensor.entity_id, "3", {"unit_of_measurement": "kg/kWh"})

    with given.refused("benefits_invalid") as refusal:
        await _set(hass, **told)

    assert reason in refusal.value.translation_placeholders["reason"]
    assert _told(entry) == (BenefitVersion(),)


@pytest.mark.freeze_time("2026-02-03 10:07:00+00:00")
async def test_what_a_closed_period_tells(hass: HomeAssistant) -> None:
    """Invoices say what was saved; prices above a ceiling are found, and block nothing."""
    entry = given.community(hass, benefits={"co2": "128", "ceiling": {"percent": "50"}})
    await given.set_up(hass, entry)
    await given.measured(hass, _DAYS, house_1="0.1/0.25", house_2="0.3/0")

    checked = await given.call(hass, "check_period", period=_DAYS)
    closed = await given.call(hass, "close_period", period=_DAYS)

    # House 2 used 36 kWh of the community's and 21.6 kWh of the grid's.
    assert checked["ready"]
    assert [(f["key"], f["details"]) for f in checked["findings"]][1] == (
        "price_above_ceiling:house_2",
        {
            "percent": "50",
            "charged_ct": "1440",
            "allowed_ct": "1188",
            "difference_ct": "252",
        },
    )
    invoice = closed["invoices"][1]
    assert (invoice["saved_ct"], invoice["co2_avoided_g"]) == (288, 4608)
    folder = given.media(hass) / "leg_invoicing" / given.COMMUNITY
    (terms,) = folder.rglob("terms.yaml")
    assert "co2: 128, ceiling: {percent: 50}" in terms.read_text()
