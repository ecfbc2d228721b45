"""A community is set up, reloaded, taken apart, and refuses what is damaged."""

import asyncio
from collections.abc import Callable
from datetime import date
from pathlib import Path
import sqlite3
import threading
import time
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState, ConfigSubentry
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from homeassistant.helpers.storage import STORAGE_DIR
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.leg_invoicing.const import DOMAIN
from custom_components.leg_invoicing.ledger import Ledger
from custom_components.leg_invoicing.metering import Metering
from tests import given
from tests.playing import MEASURED, go, number, rows, shown, unwritable_ledger

pytestmark = [
    pytest.mark.usefixtures("recorder_mock"),
    pytest.mark.freeze_time("2026-02-03 10:07:00+00:00"),
]

FILES = (f"{DOMAIN}.{given.COMMUNITY}.db", f"{DOMAIN}.{given.COMMUNITY}.books")


@pytest.fixture
async def entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return a community of two houses that runs."""
    entry = given.community(hass)
    await given.set_up(hass, entry)
    return entry


def stored(hass: HomeAssistant, name: str) -> Path:
    """Return the path of a file of the community."""
    return Path(hass.config.path(STORAGE_DIR, name))


async def threads(expected: int) -> int:
    """Count the threads that ledgers have open; give them a moment to end."""
    for _ in range(100):
        names = [thread.name for thread in threading.enumerate()]
        found = sum(name.startswith("leg_invoicing_ledger") for name in names)
        if found == expected:
            break
        await asyncio.to_thread(time.sleep, 0.01)
    return found


def clock() -> Any:
    """Return a patch that is called when the clock ticks."""
    return patch.object(Metering, "confirm_silent")


def loaded(entry: MockConfigEntry) -> bool:
    """Tell whether a community runs."""
    return entry.state is ConfigEntryState.LOADED


# Devices


async def test_community_and_houses_are_devices(
    hass: HomeAssistant, device_registry: dr.DeviceRegistry, entry: MockConfigEntry
) -> None:
    """The community is a service; each house hangs from it, bound to its subentry."""
    devices = {
        device.name: device
        for device in dr.async_entries_for_config_entry(device_registry, entry.entry_id)
    }

    assert set(devices) == {"Sonnenweg", "House 1", "House 2"}
    community = devices["Sonnenweg"]
    assert community.identifiers == {(DOMAIN, entry.entry_id)}
    assert community.config_subentry_id is None
    for number_of_house in (1, 2):
        house = devices[f"House {number_of_house}"]
        assert house.identifiers == {(DOMAIN, f"subentry_{number_of_house}")}
        assert house.config_subentry_id == f"subentry_{number_of_house}"
        assert house.via_device_id == community.id
    assert {device.entry_type for device in devices.values()} == {
        dr.DeviceEntryType.SERVICE
    }


# The books


async def test_settings_are_entered_into_the_books_once(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """The first tariff and the first occupants are in the books, and stay one each."""
    for _ in range(2):
        books = entry.runtime_data.books
        assert {
            (a.house_id, a.participant.name, a.tariff_id, a.first, a.end)
            for a in books.agreements
        } == {
            ("house_1", "Person 1", "Standard", date(2026, 1, 1), None),
            ("house_2", "Person 2", "Standard", date(2026, 1, 1), None),
        }
        assert [v.valid_from for v in books.tariffs["Standard"].versions] == [
            date(2026, 1, 1)
        ]
        await hass.config_entries.async_reload(entry.entry_id)


async def test_changed_books_are_not_overwritten(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Who lives in a house now is in the books, whatever its form once said."""
    books = entry.runtime_data.books
    party = books.agreements[0].participant
    await books.async_change_occupant("house_1", date(2026, 2, 1), party, "Standard")

    await hass.config_entries.async_reload(entry.entry_id)

    assert [
        (a.first, a.end)
        for a in entry.runtime_data.books.agreements
        if a.house_id == "house_1"
    ] == [(date(2026, 1, 1), date(2026, 2, 1)), (date(2026, 2, 1), None)]


# Houses come and go


async def test_house_that_is_added_is_there_at_once(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A new subentry reloads the community, with a device, sensors and an agreement."""
    new = given.house(hass, 3, ["import"], first="2026-02-01")
    subentry = ConfigSubentry(
        data=new["data"],
        subentry_id=new["subentry_id"],
        subentry_type="house",
        title=new["title"],
        unique_id=new["unique_id"],
    )

    hass.config_entries.async_add_subentry(entry, subentry)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert number(hass, "house_3_imported_energy") == 0
    assert entry.runtime_data.books.agreements[-1].first == date(2026, 2, 1)


async def test_house_that_is_removed_keeps_its_measurements(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    device_registry: dr.DeviceRegistry,
    entry: MockConfigEntry,
) -> None:
    """Its agreement ends with the day; what was measured can still be billed."""
    await go(hass, freezer, "2026-02-03 10:15", house_2_import="1")
    await go(hass, freezer, "2026-02-03 10:30", house_2_import="2")
    await go(hass, freezer, "2026-02-03 10:31")

    hass.config_entries.async_remove_subentry(entry, "subentry_2")
    await hass.async_block_till_done(wait_background_tasks=True)

    ends = {a.house_id: a.end for a in entry.runtime_data.books.agreements}
    assert ends == {"house_1": None, "house_2": date(2026, 2, 4)}
    assert await rows(hass, entry) == [("house_2", "02-03 10:15", "1", "0", MEASURED)]
    assert hass.states.get("sensor.house_2_imported_energy") is None
    names = {
        device.name
        for device in dr.async_entries_for_config_entry(device_registry, entry.entry_id)
    }
    assert names == {"Sonnenweg", "House 1"}
    # It is still the community's consumption of this month.
    assert number(hass, "sonnenweg_consumption") == 1

    freezer.move_to("2026-02-20 10:07:00+00:00")
    await hass.config_entries.async_reload(entry.entry_id)

    assert entry.runtime_data.books.agreements[-1].end == date(2026, 2, 4)


# Unloading


async def test_unloading_stops_the_clock_and_closes_the_ledger(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """Nothing ticks, and no file is open, once the community is unloaded."""
    data = entry.runtime_data
    assert await threads(1) == 1

    assert await hass.config_entries.async_unload(entry.entry_id)
    with clock() as tick:
        await go(hass, freezer, "2026-02-03 12:00")

    assert not tick.called
    assert await threads(0) == 0
    with pytest.raises(RuntimeError):
        await data.ledger.async_run(data.ledger.bounds)
    assert shown(hass, "sonnenweg_consumption") == "unavailable"


async def test_reloading_leaves_nothing_behind(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """After three reloads there is one clock, one thread, and the same sensors."""
    before = set(hass.states.async_entity_ids())
    for _ in range(3):
        assert await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)

    with clock() as ticks:
        await go(hass, freezer, "2026-02-03 10:16")

    assert ticks.call_count == 1
    assert await threads(1) == 1
    assert set(hass.states.async_entity_ids()) == before


async def test_platform_that_stays_keeps_everything(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """Where the sensors cannot be unloaded, the community goes on measuring."""
    with patch.object(
        hass.config_entries, "async_unload_platforms", return_value=False
    ):
        assert not await hass.config_entries.async_unload(entry.entry_id)

    await go(hass, freezer, "2026-02-03 10:15", house_2_import="1")
    await go(hass, freezer, "2026-02-03 10:30", house_2_import="2")
    await go(hass, freezer, "2026-02-03 10:31")
    assert len(await rows(hass, entry)) == 1
    await entry.runtime_data.coordinator.async_stop()


async def test_full_disk_does_not_hold_a_community_open(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What cannot be written at the end is read again from the meters."""
    await go(hass, freezer, "2026-02-03 10:15", house_2_import="1")
    await go(hass, freezer, "2026-02-03 10:16")
    await go(hass, freezer, "2026-02-03 10:30", house_2_import="2")
    with unwritable_ledger():
        assert await hass.config_entries.async_unload(entry.entry_id)
    assert "could not be written" in caplog.text
    assert await threads(0) == 0

    await given.set_up(hass, entry)
    await go(hass, freezer, "2026-02-03 10:45", house_2_import="3")
    await go(hass, freezer, "2026-02-03 10:46")
    await go(hass, freezer, "2026-02-03 11:00", house_2_import="4")
    await go(hass, freezer, "2026-02-03 11:01")

    assert number(hass, "house_2_imported_energy") == 1


async def test_stopped_home_assistant_ticks_no_more(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """With Home Assistant the clock and the ledger's thread come to an end."""
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await hass.async_block_till_done(wait_background_tasks=True)

    with clock() as tick:
        await go(hass, freezer, "2026-02-03 12:00")

    assert not tick.called
    assert await threads(0) == 0


async def test_removing_a_community_deletes_no_file(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """Measurements and books are worth more than a click; they stay on the disk."""
    await go(hass, freezer, "2026-02-03 10:15", house_2_import="1")
    await go(hass, freezer, "2026-02-03 10:31")

    await hass.config_entries.async_remove(entry.entry_id)

    for name in FILES:
        assert stored(hass, name).stat().st_size > 0


# When setting up fails


async def test_platform_that_fails_leaves_nothing_open(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """An error after the clock was started stops it and closes the ledger."""
    entry = given.community(hass)
    with patch.object(
        hass.config_entries, "async_forward_entry_setups", side_effect=ValueError
    ):
        assert not await hass.config_entries.async_setup(entry.entry_id)

    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert await threads(0) == 0
    with clock() as tick:
        await go(hass, freezer, "2026-02-03 12:00", house_2_import="1")
    assert not tick.called


async def test_first_settlement_that_fails_is_tried_again(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """Without a first view there are no sensors yet, and a later attempt succeeds."""
    entry = given.community(hass)
    broken = sqlite3.OperationalError("busy")
    with patch.object(Ledger, "measurements", side_effect=broken):
        assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert await threads(0) == 0

    await go(hass, freezer, "2026-02-03 10:20")

    assert loaded(entry)
    assert number(hass, "sonnenweg_consumption") == 0


async def test_disk_that_is_not_there_yet_is_waited_for(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """An unreadable disk is no damage: setting up is tried again."""
    entry = given.community(hass)
    with patch.object(Ledger, "open", side_effect=OSError("not mounted")):
        assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "ledger_not_ready"
    assert entry.error_reason_translation_placeholders["reason"] == "not mounted"

    await go(hass, freezer, "2026-02-03 10:20")

    assert loaded(entry)


def _scribble(path: Path) -> None:
    path.write_bytes(b"this was a database once" * 100)


def _make_newer(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.commit()
    connection.close()


def _scramble(path: Path) -> None:
    path.write_text("{")


def _lose(path: Path) -> None:
    path.unlink()


def _make_newer_books(path: Path) -> None:
    path.write_text(path.read_text().replace('"version": 1', '"version": 2'))


DAMAGES = [
    ("ledger_damaged", FILES[0], _scribble),
    ("ledger_too_new", FILES[0], _make_newer),
    ("books_damaged", FILES[1], _scramble),
    ("books_damaged", FILES[1], _lose),
    ("books_damaged", FILES[1], _make_newer_books),
]


@pytest.mark.parametrize(("issue", "name", "damage"), DAMAGES)
async def test_damage_stops_the_community_and_changes_nothing(
    hass: HomeAssistant,
    issue_registry: ir.IssueRegistry,
    entry: MockConfigEntry,
    issue: str,
    name: str,
    damage: Callable[[Path], None],
) -> None:
    """Nothing is billed from damaged files; they stay as found until one is restored."""
    assert await hass.config_entries.async_unload(entry.entry_id)
    path = stored(hass, name)
    sound = await hass.async_add_executor_job(path.read_bytes)
    await hass.async_add_executor_job(damage, path)
    found = _contents(hass)

    assert not await hass.config_entries.async_setup(entry.entry_id)

    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.error_reason_translation_key == issue
    raised = issue_registry.async_get_issue(DOMAIN, f"{issue}_sonnenweg")
    assert raised.severity is ir.IssueSeverity.CRITICAL
    assert raised.translation_key == issue
    assert name in raised.translation_placeholders["path"]
    assert _contents(hass) == found
    assert await threads(0) == 0

    await hass.async_add_executor_job(path.write_bytes, sound)
    assert await hass.config_entries.async_reload(entry.entry_id)

    assert issue_registry.async_get_issue(DOMAIN, f"{issue}_sonnenweg") is None
    assert loaded(entry)


def _contents(hass: HomeAssistant) -> dict[str, Any]:
    """Return the bytes of the community's files, where they are."""
    paths = [stored(hass, name) for name in FILES]
    return {path.name: path.read_bytes() for path in paths if path.exists()}
