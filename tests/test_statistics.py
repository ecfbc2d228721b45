"""Statistics of settled energy: in the right hour, once, and corrected when late."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import Recorder, get_instance
from homeassistant.components.recorder.statistics import (
    list_statistic_ids,
    statistics_during_period,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.leg_invoicing import statistics
from custom_components.leg_invoicing.billing.calendar import parse_period
from custom_components.leg_invoicing.billing.commitment_records import (
    version_from_record,
)
from custom_components.leg_invoicing.billing.commitments import ClosedPeriod
from custom_components.leg_invoicing.billing.measurements import IntervalRow
from custom_components.leg_invoicing.ledger import Ledger, Origin, Source
from custom_components.leg_invoicing.statistic_progress import PROGRESS
from tests import given
from tests.playing import MEASURED, go, instant, number
from tests.test_signals import PRICE, set_tariff, spot

__all__ = ["spot"]

pytestmark = [
    pytest.mark.usefixtures("recorder_mock"),
    pytest.mark.freeze_time("2026-02-03 09:40:00+00:00"),
]

PREFIX = "leg_invoicing:sonnenweg_"

COMMUNITY = {
    "consumption": "Consumption",
    "production": "Production",
    "shared_energy": "Shared energy",
    "grid_import": "Grid import",
    "grid_export": "Grid export",
    "value_grid_import": "Cost of grid import",
    "value_grid_export": "Revenue of grid export",
    "own_account": "Community’s own account",
}
IMPORTS = {
    "imported_energy": "Imported energy",
    "energy_from_community": "Energy from the community",
    "energy_from_grid": "Energy from the grid",
    "value_of_consumption": "Value of consumption",
}
EXPORTS = {
    "exported_energy": "Exported energy",
    "energy_to_community": "Energy to the community",
    "energy_to_grid": "Energy to the grid",
    "value_of_delivery": "Value of delivery",
}


@pytest.fixture
async def entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return a community of two houses that has measured nothing yet."""
    entry = given.community(hass)
    await given.set_up(hass, entry)
    return entry


async def projected(
    hass: HomeAssistant, name: str
) -> list[tuple[str, float | None, float | None]]:
    """Return the rows of a statistic: hour, what it adds, and the sum so far."""
    await hass.async_block_till_done(wait_background_tasks=True)
    await async_wait_recording_done(hass)
    found = await get_instance(hass).async_add_executor_job(
        statistics_during_period,
        hass,
        dt_util.utc_from_timestamp(0),
        None,
        {PREFIX + name},
        "hour",
        None,
        {"state", "sum"},
    )
    return [
        (
            f"{dt_util.utc_from_timestamp(row['start']):%m-%d %H:%M}",
            row["state"],
            row["sum"],
        )
        for row in found.get(PREFIX + name, [])
    ]


async def play(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    readings: Iterable[tuple[str, float | str]],
    meter: str = "house_2_import",
) -> None:
    """Let a meter show values, and the clock tick a minute after each."""
    for moment, kwh in readings:
        await go(hass, freezer, f"2026-02-03 {moment}", **{meter: kwh})
        await go(hass, freezer, f"2026-02-03 {moment[:-1]}{int(moment[-1]) + 1}")


THREE_HOURS = (
    ("09:45", "100"),
    ("10:00", "100.1"),
    ("10:15", "100.3"),
    ("10:30", "100.3"),
    ("10:45", "100.3"),
    ("11:00", "101.3"),
    ("11:15", "101.4"),
    ("11:30", "101.5"),
    ("11:45", "101.5"),
    ("12:00", "101.5"),
)
PLAYED = [
    ("02-03 09:00", 0.1, 0.1),
    ("02-03 10:00", 1.2, 1.3),
    ("02-03 11:00", 0.2, 1.5),
]


# What they are


async def test_every_register_has_its_statistics(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """Ids, names and units are as documented; absent registers have no statistics."""
    await play(hass, freezer, THREE_HOURS[:2])
    await async_wait_recording_done(hass)

    listed = await get_instance(hass).async_add_executor_job(list_statistic_ids, hass)

    ours = {s["statistic_id"]: s for s in listed if s["source"] == "leg_invoicing"}
    expected = {
        **{PREFIX + key: f"Sonnenweg {label}" for key, label in COMMUNITY.items()},
        **{
            f"{PREFIX}house_1_{key}": f"House 1 {label}"
            for key, label in (IMPORTS | EXPORTS).items()
        },
        **{
            f"{PREFIX}house_2_{key}": f"House 2 {label}"
            for key, label in IMPORTS.items()
        },
    }
    assert {key: s["name"] for key, s in ours.items()} == expected
    for key, described in ours.items():
        is_money = "value" in key or "account" in key
        assert described["statistics_unit_of_measurement"] == (
            "CHF" if is_money else "kWh"
        )
        assert described["unit_class"] == (None if is_money else "energy")
        assert described["has_sum"]
        assert described["mean_type"] == 0


async def test_names_are_translated(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """Statistics are called in the language of the household."""
    hass.config.language = "de"
    await given.set_up(hass, given.community(hass))
    await play(hass, freezer, THREE_HOURS[:2])
    await async_wait_recording_done(hass)

    listed = await get_instance(hass).async_add_executor_job(list_statistic_ids, hass)

    names = {s["statistic_id"]: s["name"] for s in listed}
    assert names[f"{PREFIX}consumption"] == "Sonnenweg Verbrauch"


async def test_nothing_measured_is_no_statistic(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """As long as the ledger is empty there are no rows of zeros."""
    await go(hass, freezer, "2026-02-03 10:01")

    assert await projected(hass, "consumption") == []


# Where energy lands


async def test_energy_lands_in_the_hour_in_which_it_flowed(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """What flowed from 10:45 to 11:00 and was settled after 11:00 counts at 10."""
    await play(hass, freezer, THREE_HOURS)

    assert await projected(hass, "house_2_imported_energy") == PLAYED
    assert await projected(hass, "consumption") == PLAYED
    # 25 ct each; 30 ct to the grid, for all of it.
    assert await projected(hass, "house_2_value_of_consumption") == [
        ("02-03 09:00", 0.025, 0.025),
        ("02-03 10:00", 0.3, 0.325),
        ("02-03 11:00", 0.05, 0.375),
    ]
    assert (await projected(hass, "own_account"))[-1] == ("02-03 11:00", -0.01, -0.075)


async def test_only_complete_hours_are_written(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """The present hour waits until the grace of its last interval is over."""
    await play(hass, freezer, THREE_HOURS[:5])
    assert await projected(hass, "consumption") == PLAYED[:1]

    await go(hass, freezer, "2026-02-03 11:00", house_2_import="101.3")
    assert await projected(hass, "consumption") == PLAYED[:1]

    await go(hass, freezer, "2026-02-03 11:01")
    assert await projected(hass, "consumption") == PLAYED[:2]


async def test_shares_of_the_hour_are_those_of_its_intervals(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """Production and consumption in different quarters of an hour are not shared."""
    for moment, sun, two in (
        ("10:00", "5", "100"),
        ("10:15", "6", "100"),
        ("10:30", "6", "101"),
        ("10:45", "6.25", "101.5"),
        ("11:00", "6.25", "101.5"),
    ):
        await go(
            hass,
            freezer,
            f"2026-02-03 {moment}",
            house_1_import="1",
            house_1_export=sun,
            house_2_import=two,
        )
    await go(hass, freezer, "2026-02-03 11:01")

    assert await projected(hass, "shared_energy") == [("02-03 10:00", 0.25, 0.25)]
    assert await projected(hass, "house_1_energy_to_grid") == [("02-03 10:00", 1, 1)]


# Corrections


async def test_late_data_corrects_its_hours_and_all_sums_after(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """What a meter brings back after an outage goes where it belongs."""
    await play(hass, freezer, THREE_HOURS[:3])
    await play(hass, freezer, [("10:18", "unavailable"), ("11:00", "unavailable")])
    assert await projected(hass, "consumption") == [
        ("02-03 09:00", 0.1, 0.1),
        ("02-03 10:00", 0.2, 0.3),
    ]

    # 1.8 kWh in an hour and three quarters; 45 minutes of them before 11.
    await go(hass, freezer, "2026-02-03 12:00", house_2_import="102.4")
    await go(hass, freezer, "2026-02-03 12:01")

    assert await projected(hass, "consumption") == [
        ("02-03 09:00", 0.1, 0.1),
        ("02-03 10:00", 1.1, 1.2),
        ("02-03 11:00", 1.2, 2.4),
    ]


async def test_imported_days_come_before_the_live_ones(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """A file with earlier days begins the sums earlier, without a gap or a step."""
    await play(hass, freezer, THREE_HOURS)

    await given.measured(hass, "2026-02-02..2026-02-03", house_2="0.01/0")

    rows = await projected(hass, "consumption")
    assert len(rows) == 37
    assert rows[0] == ("02-01 23:00", 0.04, 0.04)
    assert rows[23] == ("02-02 22:00", 0.04, 0.96)
    assert rows[33] == ("02-03 08:00", 0, 0.96)
    assert rows[-1] == ("02-03 11:00", 0.2, 2.46)


async def test_corrections_shortly_after_another_add_up(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """A second correction goes on from the first, even if that is not written yet."""
    recorder = get_instance(hass)
    await play(hass, freezer, THREE_HOURS)
    queue, kept = recorder.queue_task, []
    # The recorder is busy with the first correction ...
    with patch.object(recorder, "queue_task", kept.append):
        await given.measured(hass, "2026-02-01..2026-02-02", house_2="0.01/0")
        await hass.async_block_till_done()
        await given.measured(hass, "2026-02-02..2026-02-03", house_2="0.01/0")
        await hass.async_block_till_done()
    # ... and now takes what was put before it.
    for task in kept:
        queue(task)

    rows = await projected(hass, "consumption")
    assert rows[0] == ("01-31 23:00", 0.04, 0.04)
    assert rows[-1] == ("02-03 11:00", 0.2, 3.42)
    sums = [total for _, _, total in rows]
    changes = [change for _, change, _ in rows]
    assert sums == [pytest.approx(sum(changes[: i + 1])) for i in range(len(changes))]


async def test_changed_prices_change_what_is_not_billed(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """New prices count in statistics from their first day on, in months before too."""
    await given.measured(hass, "2026-01-31..2026-02-02", house_2="0.01/0")
    assert (await projected(hass, "value_grid_import"))[-1][2] == pytest.approx(0.576)
    data = entry.runtime_data

    # January is over, and has not been billed.
    prices = {**given.PRICES, "p_grid_con": "60", "valid_from": "2026-01-31"}
    await data.books.async_set_tariff("Standard", version_from_record(prices))
    data.coordinator.async_books_changed()

    rows = await projected(hass, "value_grid_import")
    assert rows[0] == ("01-30 23:00", 0.024, 0.024)
    assert rows[47] == ("02-01 22:00", 0.024, pytest.approx(1.152))


@pytest.mark.usefixtures("spot")
async def test_prices_that_follow_a_sensor(hass: HomeAssistant) -> None:
    """Each hour has its own price, also where it was brought in later."""
    await given.set_up(hass, given.community(hass, model="split"))
    await set_tariff(hass, p_grid_con={"entity": PRICE})
    await given.measured(hass, "2026-02-02..2026-02-03", house_2="0.25/0")
    before = await projected(hass, "house_2_value_of_consumption")
    assert before[-1][2] == 0
    path = given.media(hass) / "prices.csv"
    path.write_text(
        "signal,start,end,value\n"
        f"{PRICE},2026-02-02T10:00:00Z,2026-02-02T11:00:00Z,0.1\n"
        f"{PRICE},2026-02-02T11:00:00Z,2026-02-02T11:30:00Z,0.3\n"
    )

    await given.call(hass, "import_signals", path=str(path))

    rows = await projected(hass, "house_2_value_of_consumption")
    assert [row for row in rows if row[1]] == [
        ("02-02 10:00", 0.1, 0.1),
        ("02-02 11:00", 0.15, 0.25),
    ]


@pytest.mark.usefixtures("spot")
async def test_whoever_charged_is_told_later(hass: HomeAssistant) -> None:
    """What a charger gave moves to the house whose tag was there, hour by hour."""
    tag = er.async_get(hass).async_get_or_create("sensor", "charger", "tag")
    charger = {"role": "ev_charger", "house": "house_1", "behind": "house_1"}
    users = {"user": tag.id, "users": {"B2": "house_2"}}
    wallbox = given.meter(hass, 1, "Wallbox", ["import"], **charger, **users)
    await given.set_up(hass, given.community(hass, model="split", meters=[wallbox]))
    await given.measured(
        hass,
        "2026-02-02..2026-02-03",
        house_1="0.5/0",
        house_2="0.25/0",
        meter_1="0.1/0",
    )
    assert (await projected(hass, "house_2_imported_energy"))[-1][2] == 24
    path = given.media(hass) / "tags.csv"
    path.write_text(
        "signal,start,end,value\n"
        f"{tag.entity_id},2026-02-02T10:00:00Z,2026-02-02T12:00:00Z,B2\n"
    )

    await given.call(hass, "import_signals", path=str(path))

    rows = await projected(hass, "house_2_imported_energy")
    assert [row[:2] for row in rows[10:14]] == [
        ("02-02 09:00", 1),
        ("02-02 10:00", 1.4),
        ("02-02 11:00", 1.4),
        ("02-02 12:00", 1),
    ]
    assert rows[-1][2] == pytest.approx(24.8)
    assert (await projected(hass, "house_1_imported_energy"))[-1][2] == 47.2


async def test_changed_model_leaves_what_was_billed(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """Another pricing model counts after the newest closed period, after a reload."""
    await given.measured(hass, "2026-01-31..2026-02-02", house_2="0.01/0")
    await projected(hass, "consumption")
    data = entry.runtime_data
    closed = ClosedPeriod(
        period=parse_period("2026-01"),
        closed_at=dt_util.utcnow(),
        file_name="",
        sha256="",
        invoices={},
        tariffs=("Standard",),
        houses=("house_2",),
    )
    changed = replace(data.books.commitments, closed=(closed,))
    with (
        patch("custom_components.leg_invoicing.books.Books._check_period_files"),
        patch("custom_components.leg_invoicing.async_write_missing"),
    ):
        await data.books._async_commit(changed)
        hass.config_entries.async_update_entry(
            entry, data={**entry.data, "model": "split"}
        )
        await hass.async_block_till_done(wait_background_tasks=True)

    # Under `split`, what comes from the grid costs 30 ct instead of 25.
    rows = await projected(hass, "house_2_value_of_consumption")
    assert rows[23] == ("01-31 22:00", 0.01, pytest.approx(0.24))
    assert rows[24] == ("01-31 23:00", 0.012, pytest.approx(0.252))
    assert rows[47] == ("02-01 22:00", 0.012, pytest.approx(0.528))


async def test_names_that_change_write_nothing(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """A corrected address changes no hour."""
    await play(hass, freezer, THREE_HOURS)
    data = entry.runtime_data
    agreement = data.books.agreements[0]
    party = replace(agreement.participant, name="Ada")

    with patch.object(statistics, "async_add_external_statistics") as written:
        await data.books.async_correct_agreement(
            agreement.agreement_id, party, "Standard"
        )
        data.coordinator.async_books_changed()
        await hass.async_block_till_done(wait_background_tasks=True)

    assert not written.called


async def test_new_occupant_changes_nothing_before(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """A change of occupant is projected from its day on only."""
    await given.measured(hass, "2026-02-01..2026-02-03", house_2="0.01/0")
    await projected(hass, "consumption")
    data = entry.runtime_data
    party = data.books.agreements[0].participant

    with patch.object(statistics, "async_add_external_statistics") as written:
        await data.books.async_change_occupant(
            "house_2", date(2026, 2, 2), party, "Standard"
        )
        data.coordinator.async_books_changed()
        await hass.async_block_till_done(wait_background_tasks=True)

    _, _, rows = written.call_args.args
    assert rows[0]["start"].timestamp() == instant("2026-02-01 23:00")


# Restarts


@pytest.mark.parametrize("restarted", [False, True])
async def test_sums_go_on_after_a_restart(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    entry: MockConfigEntry,
    restarted: bool,
) -> None:
    """Whether the community is reloaded or Home Assistant restarted, sums go on."""
    await play(hass, freezer, THREE_HOURS[:6])
    await projected(hass, "consumption")
    assert await hass.config_entries.async_unload(entry.entry_id)
    if restarted:
        del hass.data[PROGRESS]
    await given.set_up(hass, entry)
    await play(hass, freezer, THREE_HOURS[6:])

    assert await projected(hass, "consumption") == PLAYED


async def test_change_just_before_a_restart_is_projected_after_it(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """Hours of the last two days are compared with the ledger at every start."""
    await play(hass, freezer, THREE_HOURS)
    await projected(hass, "consumption")
    path = entry.runtime_data.ledger.path
    assert await hass.config_entries.async_unload(entry.entry_id)
    del hass.data[PROGRESS]
    row = IntervalRow("house_2", instant("2026-02-03 09:30"), 500_000, 0, MEASURED)

    def write() -> None:
        ledger = Ledger.open(path)
        ledger.write([row], Origin(source=Source.FILE, at=0))
        ledger.close()

    await hass.async_add_executor_job(write)
    await given.set_up(hass, entry)

    assert await projected(hass, "consumption") == [
        ("02-03 09:00", 0.6, 0.6),
        ("02-03 10:00", 1.2, 1.8),
        ("02-03 11:00", 0.2, 2),
    ]


async def test_projection_that_was_interrupted_is_finished_after_a_reload(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """A correction of long ago is not forgotten when the community is reloaded."""
    await play(hass, freezer, THREE_HOURS)
    await projected(hass, "consumption")
    recorder = get_instance(hass)
    with patch.object(recorder, "async_block_till_done", asyncio.Event().wait):
        await given.measured(hass, "2026-01-31..2026-02-01", house_2="0.01/0")
        await hass.config_entries.async_unload(entry.entry_id)
    await given.set_up(hass, entry)

    rows = await projected(hass, "consumption")
    assert rows[0] == ("01-30 23:00", 0.04, 0.04)
    assert rows[-1][2] == pytest.approx(2.46)


async def test_register_that_comes_back_goes_on(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """Statistics of a register that was away for a while keep the sum they had."""
    await play(hass, freezer, THREE_HOURS[:6])
    subentry = entry.subentries["subentry_2"]
    with_import = dict(subentry.data)
    without = {**with_import, "import_register": None, "export_register": "elsewhere"}
    hass.config_entries.async_update_subentry(entry, subentry, data=without)
    await hass.async_block_till_done(wait_background_tasks=True)
    await go(hass, freezer, "2026-02-03 12:01")
    await go(hass, freezer, "2026-02-03 13:01")
    assert (await projected(hass, "house_2_imported_energy"))[-1][2] == 1.3

    subentry = entry.subentries["subentry_2"]
    hass.config_entries.async_update_subentry(entry, subentry, data=with_import)
    await hass.async_block_till_done(wait_background_tasks=True)
    given.show(hass, "house_2_import", "unavailable")
    await go(hass, freezer, "2026-02-03 14:01")

    assert (await projected(hass, "house_2_imported_energy"))[-1] == (
        "02-03 13:00",
        0,
        1.3,
    )


# When something fails


async def test_long_projections_are_handed_over_in_pieces(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """Years of hours are never in memory at once, and the sums do not notice."""
    with patch.object(statistics, "AT_A_TIME_SECONDS", 5 * 3600):
        await given.measured(hass, "2026-02-02..2026-02-03", house_2="0.01/0")
        rows = await projected(hass, "consumption")

    assert len(rows) == 34
    assert rows[23] == ("02-02 22:00", 0.04, 0.96)


async def test_sums_are_exact_decimals(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """Ten times 0.1 is 1: sums do not drift as binary fractions would."""
    await given.measured(hass, "2026-02-02..2026-02-03", house_2="0.025/0")

    rows = await projected(hass, "consumption")

    assert [total for _, _, total in rows[:24]] == [n / 10 for n in range(1, 25)]


async def test_failed_projection_is_made_up_for(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An error of the recorder is logged; the next tick writes what is missing."""
    await play(hass, freezer, THREE_HOURS[:2])
    with patch.object(
        statistics, "async_add_external_statistics", side_effect=ValueError("broken")
    ):
        await play(hass, freezer, THREE_HOURS[2:6])
    assert "Sonnenweg: no statistics" in caplog.text
    assert number(hass, "house_2_imported_energy") > 1
    await play(hass, freezer, THREE_HOURS[6:])

    assert await projected(hass, "consumption") == PLAYED


async def test_recorder_that_hangs_holds_up_nothing(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """While the recorder is being upgraded, sensors and invoices go on."""
    never: Any = asyncio.Event().wait
    with patch.object(Recorder, "async_block_till_done", lambda _self: never()):
        for moment, kwh in THREE_HOURS:
            freezer.move_to(f"2026-02-03 {moment}:00+00:00")
            given.show(hass, "house_2_import", kwh)
            freezer.move_to(f"2026-02-03 {moment}:59+00:00")
            await entry.runtime_data.coordinator.async_refresh()
        freezer.move_to("2026-02-03 12:01:00+00:00")
        await entry.runtime_data.coordinator.async_refresh()
        await hass.async_block_till_done()
        assert float(number(hass, "house_2_imported_energy")) == 1.5
        assert await hass.config_entries.async_unload(entry.entry_id)

    await given.set_up(hass, entry)
    assert await projected(hass, "consumption") == PLAYED
