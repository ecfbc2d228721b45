"""Repairs about meters: raised in time, with what a person needs, and taken back."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.leg_invoicing.const import DOMAIN
from tests import given
from tests.playing import go, number, unwritable_ledger

pytestmark = [
    pytest.mark.usefixtures("recorder_mock", "no_statistics"),
    pytest.mark.freeze_time("2026-02-03 10:07:00+00:00"),
]


@pytest.fixture
async def entry(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> MockConfigEntry:
    """Return a community of one house, whose meter has just been read."""
    await hass.config.async_set_time_zone("Europe/Zurich")
    entry = given.community(hass, [given.house(hass, 2, ["import"])])
    await given.set_up(hass, entry)
    await go(hass, freezer, "2026-02-03 10:15", house_2_import="1000")
    await go(hass, freezer, "2026-02-03 10:16", house_2_import="1000.1")
    return entry


def standing(hass: HomeAssistant) -> list[str]:
    """Return the repairs that stand."""
    issues = ir.async_get(hass).issues.values()
    return [
        issue.translation_key
        for issue in issues
        if issue.domain == DOMAIN and issue.active
    ]


def placeholders(hass: HomeAssistant) -> dict[str, str]:
    """Return what the only repair says."""
    (issue,) = (i for i in ir.async_get(hass).issues.values() if i.active)
    return issue.translation_placeholders


async def test_nothing_is_raised_while_all_is_well(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """A meter that counts is not worth a word."""
    await go(hass, freezer, "2026-02-03 10:31")

    assert standing(hass) == []


async def test_register_that_fell_is_told_after_ten_minutes(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """A drop that lasts is for a person; it is over when the register is back."""
    await go(hass, freezer, "2026-02-03 10:22", house_2_import="3.25")
    await go(hass, freezer, "2026-02-03 10:31", house_2_import="3.5")
    assert standing(hass) == []

    await go(hass, freezer, "2026-02-03 10:46")
    assert standing(hass) == ["register_dropped"]
    assert placeholders(hass) == {
        "house": "House 2",
        "register": "1.8.0",
        "entity": "sensor.house_2_import",
        "time": "2026-02-03 11:22",
        "value": "3.5 kWh",
        "unit": "?",
    }

    await go(hass, freezer, "2026-02-03 10:50", house_2_import="1000.4")
    await go(hass, freezer, "2026-02-03 11:01")
    assert standing(hass) == []


async def test_impossible_jump_is_told_after_ten_minutes(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """A jump that the next reading takes back stays unsaid, another does not."""
    await go(hass, freezer, "2026-02-03 10:30", house_2_import="4000000")
    await go(hass, freezer, "2026-02-03 10:31")
    assert standing(hass) == []

    await go(hass, freezer, "2026-02-03 10:46")
    assert standing(hass) == ["implausible_reading"]
    assert placeholders(hass)["value"] == "4000000 kWh"
    assert placeholders(hass)["time"] == "2026-02-03 11:30"

    await go(hass, freezer, "2026-02-03 10:47", house_2_import="1000.2")
    await go(hass, freezer, "2026-02-03 11:01")
    assert standing(hass) == []
    assert number(hass, "house_2_imported_energy") < 1


async def test_silent_meter_is_told_after_an_hour(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """An outage of less than an hour is nobody's concern."""
    await go(hass, freezer, "2026-02-03 10:31")
    await go(hass, freezer, "2026-02-03 10:35", house_2_import="unavailable")
    for moment in ("10:46", "11:01", "11:16", "11:31"):
        await go(hass, freezer, f"2026-02-03 {moment}")
    assert standing(hass) == []

    await go(hass, freezer, "2026-02-03 11:46")
    assert standing(hass) == ["meter_unavailable"]
    assert placeholders(hass)["time"] == "2026-02-03 11:35"

    await go(hass, freezer, "2026-02-03 11:50", house_2_import="1001")
    await go(hass, freezer, "2026-02-03 12:01")
    assert standing(hass) == []


async def test_meter_that_shows_no_number_is_silent_too(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """A text where a number should be is as good as nothing."""
    await go(hass, freezer, "2026-02-03 10:35", house_2_import="E-04")
    await go(hass, freezer, "2026-02-03 11:46")

    assert standing(hass) == ["meter_unavailable"]


async def test_removed_sensor_is_told_at_once(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    entity_registry: er.EntityRegistry,
    entry: MockConfigEntry,
) -> None:
    """A sensor that is gone does not come back by itself."""
    entity_registry.async_remove("sensor.house_2_import")
    await go(hass, freezer, "2026-02-03 10:31")

    assert standing(hass) == ["meter_missing"]
    assert placeholders(hass)["entity"] == "?"
    assert placeholders(hass)["register"] == "1.8.0"


@pytest.mark.parametrize(
    ("attributes", "unit"), [({"unit_of_measurement": "GJ"}, "GJ"), ({}, "?")]
)
async def test_unknown_unit_is_told_at_once(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    entry: MockConfigEntry,
    attributes: dict[str, str],
    unit: str,
) -> None:
    """A unit that a person changed to something else is that person's to know."""
    hass.states.async_set("sensor.house_2_import", "3.6", attributes)
    await go(hass, freezer, "2026-02-03 10:31")

    assert standing(hass) == ["unknown_unit"]
    assert placeholders(hass)["unit"] == unit


async def test_two_troubles_of_one_meter_are_two_repairs(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """A meter that fell and then went silent needs both looked into."""
    await go(hass, freezer, "2026-02-03 10:22", house_2_import="3")
    await go(hass, freezer, "2026-02-03 10:25", house_2_import="unavailable")
    await go(hass, freezer, "2026-02-03 11:31")

    assert sorted(standing(hass)) == ["meter_unavailable", "register_dropped"]


async def test_repairs_go_with_the_community(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """Nobody watches the meters of a community that is not loaded."""
    await go(hass, freezer, "2026-02-03 10:22", house_2_import="3")
    await go(hass, freezer, "2026-02-03 10:46")
    assert standing(hass) == ["register_dropped"]

    assert await hass.config_entries.async_unload(entry.entry_id)

    assert standing(hass) == []


async def test_other_repairs_are_left_alone(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """What another community or the documents say stands as long as they say so."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        "documents_missing_sonnenweg_2026-01",
        is_fixable=False,
        severity=ir.IssueSeverity.ERROR,
        translation_key="documents_missing",
    )

    await go(hass, freezer, "2026-02-03 10:31")
    assert await hass.config_entries.async_unload(entry.entry_id)

    assert standing(hass) == ["documents_missing"]


async def test_ignored_repair_stays_ignored(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """Who dismissed a trouble is not told again after every restart."""
    issue_id = f"{entry.entry_id}_house_2_import_meter_unavailable"
    # As Home Assistant remembers it over a restart: known to be ignored, not raised.
    registry = ir.async_get(hass)
    registry.issues[(DOMAIN, issue_id)] = ir.IssueEntry(
        active=False,
        breaks_in_ha_version=None,
        created=None,
        data=None,
        dismissed_version="2026.10.4",
        domain=DOMAIN,
        is_fixable=None,
        is_persistent=False,
        issue_domain=None,
        issue_id=issue_id,
        learn_more_url=None,
        severity=None,
        translation_key=None,
        translation_placeholders=None,
    )
    await go(hass, freezer, "2026-02-03 10:31")
    await go(hass, freezer, "2026-02-03 10:35", house_2_import="unavailable")
    await go(hass, freezer, "2026-02-03 11:46")

    issue = registry.async_get_issue(DOMAIN, issue_id)
    assert issue.active
    assert issue.dismissed_version == "2026.10.4"


async def test_repairs_are_raised_though_nothing_can_be_settled(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """A house's trouble is told even while the ledger is in trouble itself."""
    await go(hass, freezer, "2026-02-03 10:30", house_2_import="1000.2")
    await go(hass, freezer, "2026-02-03 10:30:30", house_2_import="3")
    with unwritable_ledger():
        await go(hass, freezer, "2026-02-03 10:46")

    assert standing(hass) == ["register_dropped"]
