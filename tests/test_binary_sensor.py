"""What the binary sensors say about meters, data and the last period."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.leg_invoicing import readiness
from tests import given
from tests.playing import go

pytestmark = [
    pytest.mark.usefixtures("recorder_mock", "no_statistics"),
    pytest.mark.freeze_time("2026-02-01 10:07:00+00:00"),
]


@pytest.fixture
async def entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return a running community of two houses."""
    entry = given.community(hass)
    await given.set_up(hass, entry)
    await hass.async_block_till_done(wait_background_tasks=True)
    return entry


def shown(hass: HomeAssistant, name: str) -> State:
    """Return the state of a binary sensor."""
    state = hass.states.get(f"binary_sensor.{name}")
    assert state is not None, name
    return state


async def test_all_are_there(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Each house has two of them, the community one."""
    registry = er.async_get(hass)
    found = er.async_entries_for_config_entry(registry, entry.entry_id)

    assert sorted(e.entity_id for e in found if e.domain == "binary_sensor") == [
        "binary_sensor.house_1_data_complete",
        "binary_sensor.house_1_meter_needs_attention",
        "binary_sensor.house_2_data_complete",
        "binary_sensor.house_2_meter_needs_attention",
        "binary_sensor.sonnenweg_last_period_ready",
    ]


async def test_a_meter_that_is_silent(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """A meter without a usable reading for an hour needs attention until it is back."""
    name = "house_2_meter_needs_attention"
    await go(hass, freezer, "2026-02-01 10:15", house_2_import=100)
    await go(hass, freezer, "2026-02-01 10:16", house_2_import="unavailable")
    await go(hass, freezer, "2026-02-01 11:14")
    assert shown(hass, name).state == "off"
    assert shown(hass, name).attributes["device_class"] == "problem"

    await go(hass, freezer, "2026-02-01 11:31")
    assert shown(hass, name).state == "on"
    await go(hass, freezer, "2026-02-01 11:40", house_2_import=101)
    await go(hass, freezer, "2026-02-01 11:46")
    assert shown(hass, name).state == "off"


async def test_a_register_in_doubt(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """A register that fell and stays down needs attention."""
    await go(hass, freezer, "2026-02-01 10:15", house_2_import=100)
    await go(hass, freezer, "2026-02-01 10:16", house_2_import=3)
    await go(hass, freezer, "2026-02-01 10:31")

    assert shown(hass, "house_2_meter_needs_attention").state == "on"


async def test_data_so_far(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Data are complete when no interval of the period so far is missing."""
    assert shown(hass, "house_2_data_complete").state == "off"

    await given.measured(hass, "2026-02-01..2026-02-02", house_1="1/", house_2="0.1/0")
    await hass.async_block_till_done()

    assert shown(hass, "house_1_data_complete").state == "off"
    assert shown(hass, "house_2_data_complete").state == "on"


async def test_the_last_period(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """It is ready when it could be closed as it is, and no longer when it is closed."""
    name = "sonnenweg_last_period_ready"
    assert shown(hass, name).state == "off"
    assert shown(hass, name).attributes["period"] == "2026-01"
    assert shown(hass, name).attributes["reasons"] == [
        "missing_data:house_1",
        "missing_data:house_2",
    ]

    await given.measured(hass, "2026-01", house_1="0.1/0.25", house_2="0.1/0")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert shown(hass, name).state == "on"
    assert shown(hass, name).attributes["reasons"] == []

    await given.call(hass, "close_period", period="2026-01")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert shown(hass, name).state == "off"
    assert shown(hass, name).attributes["reasons"] == ["period_closed"]

    await go(hass, freezer, "2026-02-28 23:17")
    assert shown(hass, name).attributes["period"] == "2026-02"


async def test_a_period_is_settled_once(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The last period is not settled anew each quarter hour."""
    asked = []
    original = readiness._reasons
    monkeypatch.setattr(
        readiness, "_reasons", lambda *args: asked.append(args) or original(*args)
    )

    await go(hass, freezer, "2026-02-01 10:32", house_2_import=100)
    await go(hass, freezer, "2026-02-01 10:47", house_2_import=101)
    assert asked == []
    await given.measured(hass, "2026-01-05..2026-01-06", house_1="0.1/0.25")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(asked) == 1


async def test_a_period_that_cannot_be_checked(
    hass: HomeAssistant,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Without an answer the state is unknown, and the log says why."""

    def fail(*_: object) -> None:
        raise ValueError("broken")

    monkeypatch.setattr(readiness, "_reasons", fail)
    await given.set_up(hass, given.community(hass))
    await hass.async_block_till_done(wait_background_tasks=True)

    state = shown(hass, "sonnenweg_last_period_ready")
    assert state.state == "unknown"
    assert "period" not in state.attributes
    assert "2026-01 could not be checked" in caplog.text
