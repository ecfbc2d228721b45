"""From what meters show to the rows of the ledger, with Home Assistant in between."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
import logging
import threading
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.leg_invoicing.billing.agreements import Party
from custom_components.leg_invoicing.billing.energy import Energy
from custom_components.leg_invoicing.ledger import Ledger
from custom_components.leg_invoicing.meter_feed import MeterFeed
from custom_components.leg_invoicing.metering import Metering
from tests import given
from tests.playing import (
    INTERPOLATED,
    MEASURED,
    go,
    instant,
    number,
    rows,
    shown,
    unwritable_ledger,
)

pytestmark = [
    pytest.mark.usefixtures("recorder_mock"),
    pytest.mark.freeze_time("2026-02-03 10:07:00+00:00"),
]


@pytest.fixture
async def entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return a community of two houses whose meters are about to show something."""
    entry = given.community(hass)
    await given.set_up(hass, entry)
    return entry


async def test_differences_of_registers_are_written(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """Two meters over two quarter hours leave exactly their advance in the ledger."""
    for moment, one, sun, two in (
        ("10:15", "1000", "500", "2000"),
        ("10:30", "1000.1", "500.5", "2000.3"),
        ("10:45", "1000.400001", "500.6", "2000.5"),
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

    assert await rows(hass, entry) == [
        ("house_1", "02-03 10:15", "0.1", "0.5", MEASURED),
        ("house_2", "02-03 10:15", "0.3", "0", MEASURED),
        ("house_1", "02-03 10:30", "0.300001", "0.1", MEASURED),
        ("house_2", "02-03 10:30", "0.2", "0", MEASURED),
    ]


async def test_value_at_the_edge_lies_between_the_readings(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """A meter that speaks beside the edges is read on the line between its readings."""
    for moment, kwh in (
        ("10:10", "10"),
        ("10:20", "11"),  # 10.5 at 10:15
        ("10:29", "11.9"),
        ("10:32", "12.2"),  # 12 at 10:30
    ):
        await go(hass, freezer, f"2026-02-03 {moment}", house_2_import=kwh)
    await go(hass, freezer, "2026-02-03 10:46")

    written = await rows(hass, entry, "house_2")
    assert written[0] == ("house_2", "02-03 10:15", "1.5", "0", MEASURED)


async def test_silent_sensor_is_taken_at_its_word(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """An available sensor that says nothing closes its quarter hours with zero."""
    await go(hass, freezer, "2026-02-03 10:15", house_2_import="2000")
    await go(hass, freezer, "2026-02-03 10:31")
    await go(hass, freezer, "2026-02-03 10:46")

    assert await rows(hass, entry, "house_2") == [
        ("house_2", "02-03 10:15", "0", "0", MEASURED),
        ("house_2", "02-03 10:30", "0", "0", MEASURED),
    ]


async def test_meter_that_never_speaks_is_read_by_the_clock(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """A sensor that stood still since before the start is metered all the same."""
    entry = given.community(hass)
    given.show(hass, "house_2_import", "2000")
    await given.set_up(hass, entry)
    for moment in ("10:16", "10:31", "10:46"):
        await go(hass, freezer, f"2026-02-03 {moment}")

    assert await rows(hass, entry, "house_2") == [
        ("house_2", "02-03 10:30", "0", "0", MEASURED),
    ]


async def test_outage_is_missing_and_then_interpolated(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """What a meter counted while it was away is spread over the gap, and not lost."""
    await go(hass, freezer, "2026-02-03 10:15", house_2_import="1000")
    await go(hass, freezer, "2026-02-03 10:30", house_2_import="1000.1")
    await go(hass, freezer, "2026-02-03 10:31")
    await go(hass, freezer, "2026-02-03 10:40", house_2_import="unavailable")
    await go(hass, freezer, "2026-02-03 10:46")
    await go(hass, freezer, "2026-02-03 11:01")
    assert len(await rows(hass, entry, "house_2")) == 1
    assert number(hass, "house_2_imported_energy") == Decimal("0.1")

    # 0.6 kWh in 40 minutes are 0.225 in each quarter hour.
    await go(hass, freezer, "2026-02-03 11:10", house_2_import="1000.7")
    await go(hass, freezer, "2026-02-03 11:15", house_2_import="1000.8")
    await go(hass, freezer, "2026-02-03 11:16")

    assert await rows(hass, entry, "house_2") == [
        ("house_2", "02-03 10:15", "0.1", "0", MEASURED),
        ("house_2", "02-03 10:30", "0.225", "0", INTERPOLATED),
        ("house_2", "02-03 10:45", "0.225", "0", INTERPOLATED),
        ("house_2", "02-03 11:00", "0.25", "0", INTERPOLATED),
    ]
    assert number(hass, "house_2_imported_energy") == Decimal("0.8")


async def test_reading_at_midnight_is_kept(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """The register at local midnight, as a bill prints it, is in the ledger."""
    for moment, kwh in (
        ("22:30", "7"),
        ("22:45", "7.25"),
        ("23:00", "7.5"),
        ("23:15", "8"),
    ):
        await go(hass, freezer, f"2026-02-03 {moment}", house_2_import=kwh)
    await go(hass, freezer, "2026-02-03 23:16")

    def read(at: str) -> Energy | None:
        return entry.runtime_data.ledger.reading_at("house_2", "import", instant(at))

    midnight = "2026-02-04T00:00+01:00"
    kept = await hass.async_add_executor_job(read, midnight)
    assert kept == Energy(7_500_000)
    utc_midnight = "2026-02-04T00:00+00:00"
    assert await hass.async_add_executor_job(read, utc_midnight) is None


# Restarts


async def test_reload_goes_on_from_what_was_read_last(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """A short reload is no gap: where the registers stood has been written."""
    await go(hass, freezer, "2026-02-03 10:15", house_2_import="1000")
    await go(hass, freezer, "2026-02-03 10:30", house_2_import="1000.1")
    await go(hass, freezer, "2026-02-03 10:31")
    await go(hass, freezer, "2026-02-03 10:36", house_2_import="1000.2")

    assert await hass.config_entries.async_unload(entry.entry_id)
    await go(hass, freezer, "2026-02-03 10:50", house_2_import="1000.5")
    await given.set_up(hass, entry)
    # 1000.2 at 10:36 and 1000.6 at 10:52 are 1000.425 at 10:45.
    await go(hass, freezer, "2026-02-03 10:52", house_2_import="1000.6")
    await go(hass, freezer, "2026-02-03 11:00", house_2_import="1000.9")
    await go(hass, freezer, "2026-02-03 11:01")

    assert await rows(hass, entry, "house_2") == [
        ("house_2", "02-03 10:15", "0.1", "0", MEASURED),
        ("house_2", "02-03 10:30", "0.325", "0", MEASURED),
        ("house_2", "02-03 10:45", "0.475", "0", MEASURED),
    ]
    assert number(hass, "house_2_imported_energy") == Decimal("0.9")


async def test_power_cut_goes_on_from_the_ledger(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """Without a last write the gap is longer, and the energy is the same."""
    await go(hass, freezer, "2026-02-03 10:15", house_2_import="1000")
    await go(hass, freezer, "2026-02-03 10:30", house_2_import="1000.1")
    await go(hass, freezer, "2026-02-03 10:31")
    await go(hass, freezer, "2026-02-03 10:36", house_2_import="1000.2")

    async def die(self: Metering, _now: int) -> None:
        self.feed.stop()

    with patch.object(Metering, "async_stop", die):
        assert await hass.config_entries.async_unload(entry.entry_id)
    await given.set_up(hass, entry)
    # From 1000.1 at 10:30: 0.5 kWh × 15/22 of them until 10:45, rounded down.
    await go(hass, freezer, "2026-02-03 10:52", house_2_import="1000.6")
    await go(hass, freezer, "2026-02-03 11:00", house_2_import="1000.9")
    await go(hass, freezer, "2026-02-03 11:01")

    assert await rows(hass, entry, "house_2") == [
        ("house_2", "02-03 10:15", "0.1", "0", MEASURED),
        ("house_2", "02-03 10:30", "0.340909", "0", INTERPOLATED),
        ("house_2", "02-03 10:45", "0.459091", "0", INTERPOLATED),
    ]
    assert number(hass, "house_2_imported_energy") == Decimal("0.9")


async def test_first_value_after_a_start_is_no_baseline(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """A device that shows 0 after the start, and then its register, has used little."""
    await go(hass, freezer, "2026-02-03 10:15", house_2_import="1000")
    await go(hass, freezer, "2026-02-03 10:30", house_2_import="1000.1")
    await go(hass, freezer, "2026-02-03 10:31")
    assert await hass.config_entries.async_unload(entry.entry_id)
    given.show(hass, "house_2_import", "unavailable")
    await given.set_up(hass, entry)

    await go(hass, freezer, "2026-02-03 10:33", house_2_import="unknown")
    await go(hass, freezer, "2026-02-03 10:34", house_2_import="0.000")
    await go(hass, freezer, "2026-02-03 10:35", house_2_import="1000.2")
    await go(hass, freezer, "2026-02-03 10:45", house_2_import="1000.3")
    await go(hass, freezer, "2026-02-03 10:46")

    assert (await rows(hass, entry, "house_2"))[1:] == [
        ("house_2", "02-03 10:30", "0.2", "0", MEASURED)
    ]


async def test_stopping_home_assistant_writes_what_is_complete(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """Entries are not unloaded at the end, so the end itself has things written."""
    await go(hass, freezer, "2026-02-03 10:15", house_2_import="1000")
    await go(hass, freezer, "2026-02-03 10:30", house_2_import="1000.1")

    hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await hass.async_block_till_done(wait_background_tasks=True)

    path = entry.runtime_data.ledger.path
    ledger = await hass.async_add_executor_job(Ledger.open, path)
    states = await hass.async_add_executor_job(ledger.register_states)
    assert await hass.async_add_executor_job(ledger.bounds) is not None
    assert states["house_2", "import"]["value"] == 1_000_100_000
    await hass.async_add_executor_job(ledger.close)


async def test_another_sensor_is_not_held_to_the_old_register(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """When a meter is replaced, counting begins at what the new one shows."""
    await go(hass, freezer, "2026-02-03 10:15", house_2_import="1000")
    await go(hass, freezer, "2026-02-03 10:30", house_2_import="1000.1")
    await go(hass, freezer, "2026-02-03 10:31")
    subentry = entry.subentries["subentry_2"]
    data = {**subentry.data, "import_register": given.register(hass, "new_meter")}
    hass.config_entries.async_update_subentry(entry, subentry, data=data)
    await hass.async_block_till_done(wait_background_tasks=True)

    for moment, kwh in (
        ("10:40", "3.0"),
        ("10:45", "3.1"),
        ("11:00", "3.3"),
        ("11:15", "3.4"),
    ):
        await go(hass, freezer, f"2026-02-03 {moment}", new_meter=kwh)
    await go(hass, freezer, "2026-02-03 11:16")

    assert await rows(hass, entry, "house_2") == [
        ("house_2", "02-03 10:15", "0.1", "0", MEASURED),
        ("house_2", "02-03 10:45", "0.2", "0", MEASURED),
        ("house_2", "02-03 11:00", "0.1", "0", MEASURED),
    ]


async def test_corrected_unit_is_not_held_to_the_old_register(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """When a person corrects the unit of a sensor without one, counting goes on."""
    house = given.house(hass, 2, ["import"])
    house["data"] = {**house["data"], "unit": "kWh"}
    entry = given.community(hass, [house])
    await given.set_up(hass, entry)

    async def play(*readings: tuple[str, str]) -> None:
        for moment, value in readings:
            freezer.move_to(f"2026-02-03 {moment}:00+00:00")
            hass.states.async_set("sensor.house_2_import", value)
            await go(hass, freezer, f"2026-02-03 {moment}")

    await play(("10:15", "70122"), ("10:30", "70123"), ("10:31", "70123"))
    subentry = entry.subentries["subentry_2"]
    data = {**subentry.data, "unit": "Wh"}
    hass.config_entries.async_update_subentry(entry, subentry, data=data)
    await hass.async_block_till_done(wait_background_tasks=True)
    await play(
        ("10:45", "70123"),
        ("10:50", "70223"),
        ("11:00", "70323"),
        ("11:15", "70823"),
        ("11:16", "70823"),
    )

    assert (await rows(hass, entry))[-1] == (
        "house_2",
        "02-03 11:00",
        "0.5",
        "0",
        MEASURED,
    )


async def test_register_that_a_house_gave_up_is_forgotten(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """The state of a register that is no longer followed does not come back."""
    await go(hass, freezer, "2026-02-03 10:15", house_1_import="5", house_1_export="1")
    await go(hass, freezer, "2026-02-03 10:30", house_1_import="6", house_1_export="2")
    await go(hass, freezer, "2026-02-03 10:31")
    subentry = entry.subentries["subentry_1"]
    data = {**subentry.data, "export_register": None}

    hass.config_entries.async_update_subentry(entry, subentry, data=data)
    await hass.async_block_till_done(wait_background_tasks=True)

    metering = entry.runtime_data.coordinator.metering
    assert set(metering.states) == {("house_1", "import")}
    assert metering.registers == {("house_1", "import"): Energy(6_000_000)}


# Who is measured


async def test_nothing_is_written_before_a_house_is_a_member(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """Readings before the first agreement are nobody's business."""
    houses = [given.house(hass, 2, ["import"], first="2026-02-04")]
    entry = given.community(hass, houses)
    await given.set_up(hass, entry)
    for moment, kwh in (
        ("22:30", "1"),
        ("22:45", "2"),
        ("23:00", "3"),
        ("23:15", "4"),
    ):
        await go(hass, freezer, f"2026-02-03 {moment}", house_2_import=kwh)
    await go(hass, freezer, "2026-02-03 23:16")

    assert await rows(hass, entry) == [("house_2", "02-03 23:00", "1", "0", MEASURED)]


async def test_house_that_joins_earlier_is_measured_at_once(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """When somebody moves in before the first agreement, that is when it begins."""
    houses = [given.house(hass, 2, ["import"], first="2026-03-01")]
    entry = given.community(hass, houses)
    await given.set_up(hass, entry)
    data = entry.runtime_data
    await go(hass, freezer, "2026-02-03 10:15", house_2_import="1")

    await data.books.async_change_occupant(
        "house_2", date(2026, 2, 1), Party(name="Ada"), "Standard"
    )
    data.coordinator.async_books_changed()
    await go(hass, freezer, "2026-02-03 10:30", house_2_import="2")
    await go(hass, freezer, "2026-02-03 10:31")

    assert await rows(hass, entry) == [("house_2", "02-03 10:15", "1", "0", MEASURED)]


async def test_house_that_only_produces(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """A roof that has only an export register consumes nothing, and that is known."""
    entry = given.community(hass, [given.house(hass, 3, ["export"])])
    await given.set_up(hass, entry)
    await go(hass, freezer, "2026-02-03 10:15", house_3_export="70")
    await go(hass, freezer, "2026-02-03 10:30", house_3_export="72.5")
    await go(hass, freezer, "2026-02-03 10:31")

    assert await rows(hass, entry) == [("house_3", "02-03 10:15", "0", "2.5", MEASURED)]
    assert number(hass, "house_3_value_of_delivery") == Decimal("0.50")
    assert shown(hass, "sonnenweg_self_sufficiency") == "unknown"
    assert shown(hass, "sonnenweg_self_consumption") == "0.00"


async def test_half_a_house_is_no_measurement(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """Where one of two registers is silent, the row waits for the other side."""
    await go(hass, freezer, "2026-02-03 10:15", house_1_import="5")
    await go(hass, freezer, "2026-02-03 10:30", house_1_import="6")
    await go(hass, freezer, "2026-02-03 10:31")

    assert await rows(hass, entry) == [("house_1", "02-03 10:15", "1", None, MEASURED)]
    assert shown(hass, "house_1_data_coverage") == "0.00"


async def test_what_is_doubted_is_logged_for_whoever_asks(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A reading that is not believed leaves a line in the debug log."""
    caplog.set_level(logging.DEBUG, "custom_components.leg_invoicing")
    await go(hass, freezer, "2026-02-03 10:15", house_2_import="1000")
    await go(hass, freezer, "2026-02-03 10:16", house_2_import="3")

    assert "house_2 import: drop_pending" in caplog.text


# When the disk fails


async def test_what_cannot_be_written_waits(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """A full disk costs no energy, and not even the quality of what was measured."""
    await go(hass, freezer, "2026-02-03 10:15", house_2_import="1000")
    with unwritable_ledger():
        await go(hass, freezer, "2026-02-03 10:30", house_2_import="1000.1")
        await go(hass, freezer, "2026-02-03 10:31")
        await go(hass, freezer, "2026-02-03 10:45", house_2_import="1000.3")
        await go(hass, freezer, "2026-02-03 10:46")
        assert shown(hass, "house_2_imported_energy") == "unavailable"
    await go(hass, freezer, "2026-02-03 11:00", house_2_import="1000.6")
    await go(hass, freezer, "2026-02-03 11:01")

    assert await rows(hass, entry) == [
        ("house_2", "02-03 10:15", "0.1", "0", MEASURED),
        ("house_2", "02-03 10:30", "0.2", "0", MEASURED),
        ("house_2", "02-03 10:45", "0.3", "0", MEASURED),
    ]
    assert number(hass, "house_2_imported_energy") == Decimal("0.6")


@contextmanager
def slow_ledger() -> Iterator[threading.Event]:
    """Let writing wait until the event is set."""
    go_on, write = threading.Event(), Ledger.write

    def slow(self: Ledger, *args: Any, **kwargs: Any) -> Any:
        assert go_on.wait(10)
        return write(self, *args, **kwargs)

    with patch.object(Ledger, "write", slow):
        try:
            yield go_on
        finally:
            go_on.set()


async def test_reading_during_a_failing_write_is_not_lost(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """The other side of a row that comes while its first one fails is added to it."""
    metering = entry.runtime_data.coordinator.metering
    failing = threading.Event()

    def fail(*_args: Any, **_kwargs: Any) -> None:
        assert failing.wait(10)
        raise OSError("gone")

    await go(hass, freezer, "2026-02-03 22:45", house_1_import="1", house_1_export="7")
    await go(hass, freezer, "2026-02-03 22:46")
    await go(hass, freezer, "2026-02-03 23:00", house_1_import="2")
    with patch.object(Ledger, "write", fail):
        flush = hass.async_create_task(metering.async_flush(0))
        await asyncio.sleep(0)
        given.show(hass, "house_1_export", "7.5")
        failing.set()
        with pytest.raises(OSError, match="gone"):
            await flush
    await go(hass, freezer, "2026-02-03 23:01")

    assert await rows(hass, entry) == [("house_1", "02-03 22:45", "1", "0.5", MEASURED)]
    ledger = entry.runtime_data.ledger
    midnight = instant("2026-02-04T00:00+01:00")
    for register, mwh in (("import", 2_000_000), ("export", 7_500_000)):
        kept = await hass.async_add_executor_job(
            ledger.reading_at, "house_1", register, midnight
        )
        assert kept == Energy(mwh)


async def test_interrupted_write_is_repeated(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """Where nobody knows whether it was written, writing again changes nothing."""
    metering = entry.runtime_data.coordinator.metering
    await go(hass, freezer, "2026-02-03 22:45", house_2_import="1")
    await go(hass, freezer, "2026-02-03 22:46")
    await go(hass, freezer, "2026-02-03 23:00", house_2_import="2")
    with slow_ledger() as go_on:
        flush = hass.async_create_task(metering.async_flush(0))
        await asyncio.sleep(0)
        flush.cancel()
        with pytest.raises(asyncio.CancelledError):
            await flush
        go_on.set()
        await go(hass, freezer, "2026-02-03 23:01")

    assert await rows(hass, entry) == [("house_2", "02-03 22:45", "1", "0", MEASURED)]
    assert number(hass, "house_2_imported_energy") == 1


async def test_whoever_asks_may_leave(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """An automation that is stopped while it flushes does not stop the flush."""
    await go(hass, freezer, "2026-02-03 10:15", house_2_import="1")
    await go(hass, freezer, "2026-02-03 10:31")
    await go(hass, freezer, "2026-02-03 10:45", house_2_import="2")
    coordinator = entry.runtime_data.coordinator
    with slow_ledger() as go_on:
        asking = hass.async_create_task(coordinator.async_flush())
        await asyncio.sleep(0)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        go_on.set()
        await hass.async_block_till_done()

    assert len(await rows(hass, entry)) == 2


async def test_nobody_listens_after_the_end(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """After unloading, what the sensors show moves no register."""
    metering = entry.runtime_data.coordinator.metering
    await go(hass, freezer, "2026-02-03 10:15", house_2_import="1")
    assert await hass.config_entries.async_unload(entry.entry_id)

    with patch.object(MeterFeed, "_on_state") as heard:
        await go(hass, freezer, "2026-02-03 10:31", house_2_import="2")

    assert not heard.called
    assert metering.registers["house_2", "import"] == Energy(1_000_000)
