"""The quarter-hour clock: when it settles, what it adds up, and what cannot stop it."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
import threading
import time
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.leg_invoicing import totals
from custom_components.leg_invoicing.billing.commitment_records import (
    version_from_record,
)
from custom_components.leg_invoicing.ledger import Ledger
from custom_components.leg_invoicing.meter_issues import MeterIssues
from custom_components.leg_invoicing.metering import Metering
from custom_components.leg_invoicing.statistics import Statistics
from tests import given
from tests.playing import (
    INTERPOLATED,
    go,
    instant,
    number,
    only_outside_the_loop,
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


async def play(hass: HomeAssistant, freezer: FrozenDateTimeFactory, day: str) -> None:
    """Let two houses use and produce energy for one and a half hours."""
    one, sun, two = Decimal(1000), Decimal(500), Decimal(2000)
    for step, moment in enumerate(
        ("10:15", "10:30", "10:45", "11:00", "11:15", "11:30", "11:45")
    ):
        one += Decimal("0.013757") * step
        sun += Decimal("0.031") * (step % 3)
        two += Decimal("0.07") + Decimal("0.000001") * step
        await go(
            hass,
            freezer,
            f"{day} {moment}",
            house_1_import=str(one),
            house_1_export=str(sun),
            house_2_import=str(two),
        )
    await go(hass, freezer, f"{day} 11:46")


async def preview(hass: HomeAssistant, period: str = "2026-02") -> dict[str, Any]:
    """Settle a period as a bill would."""
    return await given.call(hass, "preview_period", period=period)


# When


async def test_interval_is_settled_a_grace_after_its_end(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """A quarter hour waits a minute for readings behind its edge, and no longer."""
    await go(hass, freezer, "2026-02-03 10:15", house_2_import="1")
    await go(hass, freezer, "2026-02-03 10:30", house_2_import="2")
    await go(hass, freezer, "2026-02-03 10:30:59")
    assert number(hass, "house_2_imported_energy") == 0
    assert shown(hass, "house_2_last_interval") == "2026-02-03T10:15:00+00:00"

    await go(hass, freezer, "2026-02-03 10:31:00")

    assert number(hass, "house_2_imported_energy") == 1
    assert shown(hass, "house_2_last_interval") == "2026-02-03T10:30:00+00:00"


@pytest.mark.parametrize(
    ("minutes", "edges"),
    [
        (5, ("10:10", "10:15", "10:16", "2026-02-03T10:15:00+00:00")),
        (60, ("11:00", "12:00", "12:01", "2026-02-03T12:00:00+00:00")),
    ],
)
async def test_intervals_of_other_lengths(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    minutes: int,
    edges: tuple[str, ...],
) -> None:
    """The clock ticks as often as the community's intervals are long."""
    entry = given.community(hass, interval=minutes)
    await given.set_up(hass, entry)
    first, second, after, newest = edges
    await go(hass, freezer, f"2026-02-03 {first}", house_2_import="1")
    await go(hass, freezer, f"2026-02-03 {second}", house_2_import="2.5")
    await go(hass, freezer, f"2026-02-03 {after}")

    assert number(hass, "house_2_imported_energy") == Decimal("1.5")
    assert shown(hass, "house_2_last_interval") == newest


# What


async def test_sensors_show_what_the_bill_would_say(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """The sum of the settled intervals is the settlement of all, to the last digit."""
    await play(hass, freezer, "2026-02-03")

    bill = await preview(hass)

    data = entry.runtime_data.coordinator.data
    assert number(hass, "house_1_imported_energy") == Decimal("0.288897")
    for invoice in bill["statements"]:
        house = data.so_far.house(invoice["house_id"])
        assert float(house.energy.imported.kwh) == invoice["energy_imported_kwh"]
        assert float(house.energy.exported.kwh) == invoice["energy_exported_kwh"]
        assert float(house.cost.ct) == invoice["import_cost_ct"]
        assert float(house.revenue.ct) == invoice["export_revenue_ct"]
        assert float(house.balance.ct) == invoice["net_amount_ct"]


async def test_totals_are_those_of_one_settlement(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """Adding up interval by interval gives exactly what settling the period gives."""
    await play(hass, freezer, "2026-02-03")
    coordinator = entry.runtime_data.coordinator
    step_by_step = coordinator.data

    coordinator.async_books_changed()
    await hass.async_block_till_done(wait_background_tasks=True)

    assert coordinator.data is not step_by_step
    assert coordinator.data.so_far == step_by_step.so_far
    assert coordinator.data.newest == step_by_step.newest


async def test_late_data_settles_the_period_again(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """A meter that comes back changes the shares of its neighbours, and all totals."""
    for moment, sun, two in (("10:15", "5", "20"), ("10:30", "6", "20.5")):
        await go(
            hass,
            freezer,
            f"2026-02-03 {moment}",
            house_1_import="1",
            house_1_export=sun,
            house_2_import=two,
        )
    given.show(hass, "house_2_import", "unavailable")
    await go(hass, freezer, "2026-02-03 10:45", house_1_export="7")
    await go(hass, freezer, "2026-02-03 10:46")
    assert number(hass, "house_1_energy_to_the_community") == Decimal("0.5")

    # 1.2 kWh in half an hour are 0.6 in each quarter.
    await go(
        hass, freezer, "2026-02-03 11:00", house_1_export="7", house_2_import="21.7"
    )
    await go(hass, freezer, "2026-02-03 11:01")

    assert (await rows(hass, entry, "house_2"))[1:] == [
        ("house_2", "02-03 10:30", "0.6", "0", INTERPOLATED),
        ("house_2", "02-03 10:45", "0.6", "0", INTERPOLATED),
    ]
    assert number(hass, "house_2_imported_energy") == Decimal("1.7")
    assert number(hass, "house_1_energy_to_the_community") == Decimal("1.1")


async def test_imported_data_settles_the_period_again(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """What a file adds before the newest interval is in the totals at once."""
    await given.measured(hass, "2026-02-01..2026-02-02", house_2="0.01/0")

    assert number(hass, "house_2_imported_energy") == Decimal("0.96")


async def test_new_prices_settle_the_period_again(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """Prices from a day in the period on count from that day on."""
    await given.measured(hass, "2026-02-01..2026-02-03", house_2="0.01/0")
    assert number(hass, "house_2_value_of_consumption") == Decimal("0.48")

    prices = {**given.PRICES, "p_con": "50"}
    await hass.services.async_call(
        "leg_invoicing",
        "set_tariff",
        {"tariff": "Standard", "valid_from": "2026-02-02", **prices},
        blocking=True,
    )
    await hass.async_block_till_done(wait_background_tasks=True)

    assert number(hass, "house_2_value_of_consumption") == Decimal("0.72")
    assert number(hass, "house_2_price_of_consumption") == Decimal("0.5")


# The calendar


async def test_new_month_begins_with_its_first_interval(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """At 00:01 the old month is complete; the new one begins with 00:15, local time."""
    freezer.move_to("2026-02-28 22:20:00+00:00")
    entry = given.community(hass)
    await given.set_up(hass, entry)
    for moment, kwh in (("22:30", "1"), ("22:45", "2"), ("23:00", "4"), ("23:15", "8")):
        await go(hass, freezer, f"2026-02-28 {moment}", house_2_import=kwh)
        if moment == "23:00":
            await go(hass, freezer, "2026-02-28 23:01")
            reset = hass.states.get("sensor.house_2_imported_energy").attributes
            assert number(hass, "house_2_imported_energy") == 3
            assert reset["last_reset"] == "2026-01-31T23:00:00+00:00"
            assert entry.runtime_data.coordinator.data.period.period_id == "2026-02"
    await go(hass, freezer, "2026-02-28 23:16")

    reset = hass.states.get("sensor.house_2_imported_energy").attributes
    assert number(hass, "house_2_imported_energy") == 4
    assert reset["last_reset"] == "2026-02-28T23:00:00+00:00"
    assert entry.runtime_data.coordinator.data.period.period_id == "2026-03"
    # The interval before midnight belongs to the month before, in the bill too.
    bill = await preview(hass, "2026-02")
    assert {s["house_id"]: s["energy_imported_kwh"] for s in bill["statements"]} == {
        "house_1": 0,
        "house_2": 3,
    }


@pytest.mark.parametrize(
    ("cadence", "period", "start"),
    [
        ("month", "2026-02", "2026-01-31T23:00:00+00:00"),
        ("quarter", "2026-Q1", "2025-12-31T23:00:00+00:00"),
        ("year", "2026", "2025-12-31T23:00:00+00:00"),
    ],
)
async def test_changed_cadence_changes_the_period(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    entry: MockConfigEntry,
    cadence: str,
    period: str,
    start: str,
) -> None:
    """After a change of cadence, sums count from the start of the longer period."""
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, "cadence": cadence}
    )
    await hass.async_block_till_done(wait_background_tasks=True)

    assert entry.runtime_data.coordinator.data.period.period_id == period
    attributes = hass.states.get("sensor.house_2_imported_energy").attributes
    assert attributes["last_reset"] == start


@pytest.mark.usefixtures("no_statistics")
@pytest.mark.parametrize(
    ("midnight", "day", "intervals"),
    [
        ("2026-03-28 23:00", "2026-03-29..2026-03-30", 92),
        ("2026-10-24 22:00", "2026-10-25..2026-10-26", 100),
    ],
)
async def test_days_on_which_the_clocks_change(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    midnight: str,
    day: str,
    intervals: int,
) -> None:
    """A day of 23 or 25 hours has as many intervals, and all its energy."""
    freezer.move_to(dt_util.utc_from_timestamp(instant(midnight) - 600))
    entry = given.community(hass, [given.house(hass, 2, ["import"])])
    await given.set_up(hass, entry)
    for step in range(intervals + 1):
        at = dt_util.utc_from_timestamp(instant(midnight) + 900 * step)
        await go(hass, freezer, at.isoformat(), house_2_import=100 + step / 2)
    at += timedelta(seconds=60)
    await go(hass, freezer, at.isoformat())

    (statement,) = (await preview(hass, day))["statements"]
    assert statement["intervals"] == {"measured": intervals}
    assert statement["energy_imported_kwh"] == intervals / 2
    assert number(hass, "house_2_imported_energy") == Decimal(intervals) / 2


# Several things at once


@contextmanager
def slow_settlement() -> Iterator[tuple[threading.Event, list[int]]]:
    """Let settling wait until the event is set; list the lengths of what is settled."""
    go_on, settled, settle = threading.Event(), [], totals.settle_energy

    def slow(terms: Any, span: Any, measurements: Any) -> Any:
        result = settle(terms, span, measurements)
        settled.append(span.seconds // 900)
        assert go_on.wait(10)
        return result

    with patch.object(totals, "settle_energy", slow):
        try:
            yield go_on, settled
        finally:
            go_on.set()


async def until(happened: Callable[[], Any]) -> None:
    """Wait for a thread to come to a point; the loop's own clock stands still."""
    for _ in range(1000):
        if happened():
            return
        await asyncio.to_thread(time.sleep, 0.005)
    raise AssertionError


async def test_prices_changed_during_a_settlement_count(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """A settlement by old prices that is still running is followed by one by new."""
    await given.measured(hass, "2026-02-01..2026-02-03", house_2="0.01/0")
    data = entry.runtime_data
    prices = {**given.PRICES, "p_con": "50", "valid_from": "2026-01-15"}
    with slow_settlement() as (go_on, settled):
        running = hass.async_create_task(data.coordinator.async_refresh())
        await until(lambda: settled)
        await data.books.async_set_tariff("Standard", version_from_record(prices))
        data.coordinator.async_books_changed()
        go_on.set()
        await running
        await hass.async_block_till_done(wait_background_tasks=True)

    assert number(hass, "house_2_value_of_consumption") == Decimal("0.96")


async def test_measurement_written_during_its_settlement_counts(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """A row that is written just after its interval was read is settled next time."""
    coordinator = entry.runtime_data.coordinator
    for kwh, moment in (("1", "10:15"), ("2", "10:30")):
        await go(hass, freezer, f"2026-02-03 {moment}", house_1_import=kwh)
        given.show(hass, "house_1_export", "7")
    with slow_settlement() as (go_on, settled):
        freezer.move_to("2026-02-03 10:31:00+00:00")
        running = hass.async_create_task(coordinator.async_refresh())
        await until(lambda: settled)
        given.show(hass, "house_1_export", "7.75")
        await coordinator.async_flush()
        go_on.set()
        await running
    await go(hass, freezer, "2026-02-03 10:46")

    total = await preview(hass)
    assert total["statements"][0]["energy_exported_kwh"] > 0
    assert (
        float(number(hass, "house_1_exported_energy"))
        == (total["statements"][0]["energy_exported_kwh"])
    )


async def test_refreshes_at_once_settle_once(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """Three who ask at the same moment do not count the new interval three times."""
    coordinator = entry.runtime_data.coordinator
    await go(hass, freezer, "2026-02-03 10:15", house_2_import="1")
    await go(hass, freezer, "2026-02-03 10:30", house_2_import="2")
    freezer.move_to("2026-02-03 10:31:00+00:00")

    await asyncio.gather(*(coordinator.async_refresh() for _ in range(3)))

    assert number(hass, "house_2_imported_energy") == 1


async def test_stop_waits_for_a_settlement(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """The ledger is not closed under a settlement that is reading it."""
    coordinator = entry.runtime_data.coordinator
    with slow_settlement() as (go_on, settled):
        running = hass.async_create_task(coordinator.async_refresh())
        await until(lambda: settled)
        late = hass.async_create_task(coordinator.async_refresh())
        unloading = hass.async_create_task(
            hass.config_entries.async_unload(entry.entry_id)
        )
        await asyncio.to_thread(time.sleep, 0.05)
        assert not unloading.done()
        go_on.set()
        await asyncio.gather(running, late, unloading)

    assert unloading.result()
    assert coordinator.last_update_success


async def test_interrupted_settlement_begins_again(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """What an interrupted settlement has read is not taken for settled."""
    coordinator = entry.runtime_data.coordinator
    await go(hass, freezer, "2026-02-03 10:15", house_2_import="1")
    await go(hass, freezer, "2026-02-03 10:30", house_2_import="2")
    freezer.move_to("2026-02-03 10:31:00+00:00")
    with slow_settlement() as (go_on, settled):
        running = hass.async_create_task(coordinator.async_refresh())
        await until(lambda: settled)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        go_on.set()

    await coordinator.async_refresh()

    assert number(hass, "house_2_imported_energy") == 1


async def test_clock_that_is_put_back_counts_nothing_twice(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """When the computer's clock was ahead, what it settled is settled anew."""
    coordinator = entry.runtime_data.coordinator
    for moment, kwh in (("10:15", 1), ("10:30", 2), ("10:45", 4)):
        await go(hass, freezer, f"2026-02-03 {moment}", house_2_import=kwh)
    await go(hass, freezer, "2026-02-03 10:46")
    assert number(hass, "house_2_imported_energy") == 3

    freezer.move_to("2026-02-03 10:32:00+00:00")
    await coordinator.async_refresh()
    assert number(hass, "house_2_imported_energy") == 1

    # Fifteen minutes pass, whatever the computer's clock says.
    freezer.move_to("2026-02-03 10:46:30+00:00")
    async_fire_time_changed(hass, fire_all=True)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert number(hass, "house_2_imported_energy") == 3


# Nothing stops the clock


@pytest.mark.parametrize(
    "failure",
    [
        patch.object(MeterIssues, "async_update", side_effect=ValueError("broken")),
        patch.object(Ledger, "measurements", side_effect=ValueError("broken")),
        patch.object(Metering, "async_flush", side_effect=ValueError("broken")),
        patch.object(Statistics, "async_project", side_effect=ValueError("broken")),
    ],
)
async def test_clock_goes_on_after_a_failure(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    entry: MockConfigEntry,
    failure: Any,
) -> None:
    """Whatever step of a tick fails, the next one makes up for it."""
    await go(hass, freezer, "2026-02-03 10:15", house_2_import="1")
    await go(hass, freezer, "2026-02-03 10:30", house_2_import="2")
    with failure:
        await go(hass, freezer, "2026-02-03 10:31")
        assert shown(hass, "house_2_imported_energy") == "unavailable"
    await go(hass, freezer, "2026-02-03 10:45", house_2_import="4")
    await go(hass, freezer, "2026-02-03 10:46")

    assert number(hass, "house_2_imported_energy") == 3


async def test_clock_goes_on_when_the_meters_cannot_be_read(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """An error on the way to the settlement is logged, and is over the next time."""
    await go(hass, freezer, "2026-02-03 10:15", house_2_import="1")
    clock = entry.runtime_data.coordinator._clock
    # Home Assistant logs what a timer raises; here it is looked at.
    clock.async_stop()
    with (
        patch.object(Metering, "confirm_silent", side_effect=ValueError("broken")),
        pytest.raises(ValueError, match="broken"),
    ):
        await clock._async_tick(dt_util.utcnow())
    await go(hass, freezer, "2026-02-03 10:31")

    assert len(await rows(hass, entry)) == 1


async def test_sensors_are_unavailable_while_nothing_can_be_settled(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A number that may be old is not shown; the log says why, once."""
    await go(hass, freezer, "2026-02-03 10:15", house_2_import="1")
    with unwritable_ledger():
        for moment in ("10:31", "10:46", "11:01"):
            await go(hass, freezer, f"2026-02-03 {moment}")
        assert shown(hass, "house_2_imported_energy") == "unavailable"
        assert shown(hass, "sonnenweg_open_amount") == "unavailable"
    await go(hass, freezer, "2026-02-03 11:16")

    assert number(hass, "house_2_imported_energy") == 0
    assert caplog.text.count("disk is full") == 1


async def test_bill_is_not_made_without_what_waits(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """Who previews a period while the disk is full is told so, in words."""
    await go(hass, freezer, "2026-02-03 10:15", house_2_import="1")
    await go(hass, freezer, "2026-02-03 10:16")
    await go(hass, freezer, "2026-02-03 10:30", house_2_import="2")
    with unwritable_ledger(), pytest.raises(HomeAssistantError) as told:
        await preview(hass)
    assert told.value.translation_key == "ledger_not_ready"
    assert "disk is full" in told.value.translation_placeholders["reason"]

    statements = (await preview(hass))["statements"]
    assert statements[1]["energy_imported_kwh"] == 1


# Threads


async def test_nothing_blocks_the_event_loop(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """Files, SQL and settling stay out of Home Assistant's own thread."""
    package = "custom_components.leg_invoicing"
    with only_outside_the_loop(
        "sqlite3.connect",
        "sqlalchemy.engine.base.Connection.execute",
        f"{package}.ledger.Ledger.write",
        f"{package}.ledger.Ledger.measurements",
        f"{package}.ledger.Ledger.close",
        f"{package}.totals.settle_energy",
        f"{package}.statistics.settle_energy",
        f"{package}.settling.settle",
    ) as calls:
        entry = given.community(hass)
        await given.set_up(hass, entry)
        await play(hass, freezer, "2026-02-03")
        await preview(hass)
        entry.runtime_data.coordinator.async_books_changed()
        await hass.async_block_till_done(wait_background_tasks=True)
        assert await hass.config_entries.async_unload(entry.entry_id)

    assert all(calls.values()), calls
