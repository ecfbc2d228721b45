"""The ways in which meters misbehave, on real states, through Home Assistant."""

from collections.abc import Iterable
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, UnknownFlow
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.leg_invoicing.billing.register_state import RegisterState
from custom_components.leg_invoicing.changing import async_decide
from custom_components.leg_invoicing.const import DOMAIN
from custom_components.leg_invoicing.ledger import ChangeKind, StoredChange
from custom_components.leg_invoicing.repairs import async_create_fix_flow
from tests import given
from tests.billing.build import kwh
from tests.playing import INTERPOLATED, MEASURED, go, instant, rows, unwritable_ledger

pytestmark = [
    pytest.mark.usefixtures("recorder_mock", "no_statistics"),
    pytest.mark.freeze_time("2026-02-03 10:00:00+00:00"),
]

DAY = "2026-02-03"


@pytest.fixture
async def entry(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> MockConfigEntry:
    """Return a community of one house, whose meter stands at 1000.3 kWh at 10:16."""
    await hass.config.async_set_time_zone("Europe/Zurich")
    entry = given.community(hass, [given.house(hass, 2, ["import"])])
    await given.set_up(hass, entry)
    await meter(hass, freezer, ("10:00", 1000), ("10:10", 1000.2), ("10:16", 1000.32))
    return entry


async def meter(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    *shown: tuple[str, float | str],
) -> None:
    """Let the meter show values at times of the day."""
    for clock, value in shown:
        await go(hass, freezer, f"{DAY} {clock}", house_2_import=value)


async def each_quarter(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    clocks: Iterable[str],
) -> None:
    """Let the clock go on."""
    for clock in clocks:
        await go(hass, freezer, f"{DAY} {clock}")


async def lines(hass: HomeAssistant, entry: MockConfigEntry) -> list[tuple[Any, ...]]:
    """Return the intervals as start, kWh and quality."""
    return [
        (start[6:], energy, quality)
        for _, start, energy, _, quality in await rows(hass, entry)
    ]


def standing(hass: HomeAssistant) -> list[str]:
    """Return the repairs that stand."""
    return [
        issue.translation_key
        for issue in ir.async_get(hass).issues.values()
        if issue.domain == DOMAIN and issue.active
    ]


async def changes(entry: MockConfigEntry) -> list[StoredChange]:
    """Return the changes of meters in the ledger."""
    ledger = entry.runtime_data.ledger
    return await ledger.async_run(ledger.meter_changes)


async def repair(hass: HomeAssistant, choice: str, answers: Any = None) -> Any:
    """Choose in the only repair's menu; return the form, or what came of it."""
    assert await async_setup_component(hass, REPAIRS, {})
    (issue,) = (i for i in ir.async_get(hass).issues.values() if i.active)
    assert issue.is_fixable
    flows = hass.data[REPAIRS]["flow_manager"]
    menu = await flows.async_init(DOMAIN, context={"issue_id": issue.issue_id})
    assert menu["type"] is FlowResultType.MENU
    shown = await flows.async_configure(menu["flow_id"], {"next_step_id": choice})
    if answers is None:
        return shown
    done = await flows.async_configure(shown["flow_id"], answers)
    await hass.async_block_till_done()
    return done


async def test_row_01_zero_after_unavailable(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """A zero between two right values is nothing."""
    await meter(
        hass,
        freezer,
        ("10:20", "unavailable"),
        ("10:20:02", 0),
        ("10:20:04", 1000.4),
        ("10:30", 1000.6),
        ("10:31", 1000.61),
    )

    assert await lines(hass, entry) == [
        ("10:00", "0.3", MEASURED),
        ("10:15", "0.3", MEASURED),
    ]
    assert standing(hass) == []


async def test_row_02_restart(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """After a restart the first state is no baseline."""
    assert await hass.config_entries.async_unload(entry.entry_id)
    hass.states.async_remove("sensor.house_2_import")
    await given.set_up(hass, entry)
    await meter(
        hass,
        freezer,
        ("10:20", "unavailable"),
        ("10:21", "unknown"),
        ("10:22", 0),
        ("10:29", 1000.58),
        ("10:31", 1000.62),
    )

    assert (await lines(hass, entry))[-1] == ("10:15", "0.3", MEASURED)


async def test_row_03_jitter(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """A last digit that goes back is held."""
    await meter(
        hass, freezer, ("10:20", 1000.319), ("10:30", 1000.6), ("10:31", 1000.6)
    )

    assert (await lines(hass, entry))[-1] == ("10:15", "0.3", MEASURED)


async def test_row_04_dip_that_stays(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """A dip that stays closes nothing and asks a person, until it is gone."""
    await meter(hass, freezer, ("10:20", 950))
    await each_quarter(hass, freezer, ("10:31", "10:46", "11:01"))
    assert standing(hass) == ["register_dropped"]
    assert len(await lines(hass, entry)) == 1

    await meter(hass, freezer, ("11:02", 1001), ("11:16", 1001.3))
    assert standing(hass) == []
    assert sum(float(energy) for _, energy, _ in await lines(hass, entry)) > 1


async def test_row_05_reset_is_confirmed(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """What was counted before and after a reset is billed, and the repair is gone."""
    await meter(hass, freezer, ("10:18", 0), ("10:30", 0.3), ("10:45", 0.6))
    await meter(hass, freezer, ("11:00", 0.9), ("11:01", 0.92))
    assert standing(hass) == ["register_dropped"]

    form = await repair(hass, "meter_reset")
    assert form["description_placeholders"]["last"] == "1000.32"
    done = await repair(hass, "meter_reset", {})

    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert standing(hass) == []
    assert await lines(hass, entry) == [
        ("10:00", "0.3", MEASURED),
        ("10:15", "0.32", INTERPOLATED),
        ("10:30", "0.3", MEASURED),
        ("10:45", "0.3", MEASURED),
    ]
    (change,) = await changes(entry)
    assert change.kind is ChangeKind.RESET
    assert change.at == instant(f"{DAY} 10:16")


async def test_row_05_waiting_changes_nothing(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """Whoever waits keeps the repair, and a return ends it."""
    await meter(hass, freezer, ("10:18", 0), ("10:31", 0.3))
    waiting = await repair(hass, "wait")

    assert waiting["type"] is FlowResultType.ABORT
    assert waiting["reason"] == "waiting"
    assert standing(hass) == ["register_dropped"]


async def test_row_06_replaced_by_a_repair(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """A guided swap asks for both readings, and refuses what cannot be."""
    await meter(hass, freezer, ("10:20", 7.1), ("10:31", 7.4), ("10:46", 7.7))
    proposed = await repair(hass, "meter_replaced")
    defaults = {
        str(k): k.default()
        for k in proposed["data_schema"].schema
        if type(k).__name__ == "Required"
    }
    assert defaults == {
        "time": f"{DAY} 11:16:00",
        "final_kwh": 1000.32,
        "first_kwh": 7.1,
    }
    answers = {"time": f"{DAY} 11:18:00", "final_kwh": 999, "first_kwh": 7}
    refused = await repair(hass, "meter_replaced", answers)
    assert refused["errors"] == {"base": "final_too_low"}
    assert refused["description_placeholders"]["shown"] == "1000.32"

    answers |= {"final_kwh": 1000.36, "old_serial": "A1", "new_serial": "B2"}
    done = await repair(hass, "meter_replaced", answers)
    await meter(hass, freezer, ("11:00", 8), ("11:01", 8.02))

    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert standing(hass) == []
    total = sum(
        round(float(energy) * 10**6) for _, energy, _ in await lines(hass, entry)
    )
    assert total == 360_000 + 1_000_000
    assert {quality for *_, quality in await lines(hass, entry)} == {MEASURED}
    assert await changes(entry) == [
        StoredChange(
            house_id="house_2",
            register="import",
            at=instant(f"{DAY} 10:18"),
            final=kwh("1000.36"),
            first=kwh("7"),
            old_serial="A1",
            new_serial="B2",
        )
    ]


async def test_row_06_new_meter_begins_with_a_lie(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """What a new meter shows while it starts is not proposed as its first reading."""
    await meter(hass, freezer, ("10:20", 0), ("10:20:05", 0), ("10:20:10", 7.1))
    await meter(hass, freezer, ("10:31", 7.4))
    answers = {"time": f"{DAY} 11:18:00", "final_kwh": 1000.32, "first_kwh": 7.1}

    done = await repair(hass, "meter_replaced", answers)
    await meter(hass, freezer, ("10:45", 8), ("10:46", 8.02))

    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert standing(hass) == []
    total = sum(
        round(float(energy) * 10**6) for _, energy, _ in await lines(hass, entry)
    )
    assert total == 320_000 + 900_000


def swap(**more: Any) -> dict[str, Any]:
    """Return a call of the action."""
    return {
        "house": "house_2",
        "time": f"{DAY} 11:18:00",
        "import_final_kwh": 1000.36,
        "import_first_kwh": 1000.5,
        **more,
    }


async def test_row_06_replaced_by_an_action(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """A new meter that was mistaken for consumption is put right afterwards."""
    await meter(hass, freezer, ("10:20", 1000.54), ("10:30", 1000.74), ("10:45", 1001))
    await meter(hass, freezer, ("10:46", 1001.02), ("11:01", 1001.32))
    assert (await lines(hass, entry))[1] == ("10:15", "0.44", MEASURED)

    answer = await given.call(hass, "change_meter", **swap(reason="worn out"))

    assert answer == {
        "house_id": "house_2",
        "registers": ["import"],
        "first": "2026-02-03T10:15:00Z",
        "last": "2026-02-03T10:15:00Z",
    }
    assert await lines(hass, entry) == [
        ("10:00", "0.3", MEASURED),
        ("10:15", "0.3", MEASURED),
        ("10:30", "0.26", MEASURED),
        ("10:45", "0.3", MEASURED),
    ]
    with given.refused("change_known"):
        await given.call(hass, "change_meter", **swap())


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ({"house": "house_9"}, "house_unknown"),
        ({"export_final_kwh": 1, "export_first_kwh": 2}, "register_unknown"),
        ({"export_final_kwh": 1}, "change_incomplete"),
        ({"time": "2026-02-03 12:18:00"}, "change_in_future"),
        ({"time": "2025-02-03 11:18:00"}, "change_before_known"),
        ({"import_final_kwh": 900}, "change_negative"),
    ],
)
async def test_row_06_refused(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    entry: MockConfigEntry,
    wrong: dict[str, Any],
    key: str,
) -> None:
    """What cannot be is refused by name, and nothing changes."""
    await meter(hass, freezer, ("10:30", 1000.7), ("10:45", 1001), ("10:46", 1001.02))
    before = await lines(hass, entry)

    with given.refused(key):
        await given.call(hass, "change_meter", **swap(**wrong))
    assert await lines(hass, entry) == before
    assert await changes(entry) == []


async def test_row_06_without_readings(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A change needs the readings of both meters, to which they can have come."""
    told = {"house": "house_2", "time": f"{DAY} 10:00:00+00:00"}

    with given.refused("change_incomplete"):
        await given.call(hass, "change_meter", **told)
    with given.refused("change_negative"):
        await given.call(
            hass, "change_meter", **told, import_final_kwh=1, import_first_kwh=0
        )
    assert await changes(entry) == []


async def test_row_06_hardly_read(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """Of a meter that has closed no interval yet nothing is counted again."""
    entry = given.community(hass)
    await given.set_up(hass, entry)
    early = swap(time=f"{DAY} 10:30:00+00:00")
    freezer.move_to(f"{DAY} 10:40:00+00:00")

    with given.refused("never_read"):
        await given.call(hass, "change_meter", **early)
    await meter(hass, freezer, ("10:41", 1000))
    answer = await given.call(hass, "change_meter", **early)

    assert (answer["registers"], answer["first"]) == (["import"], None)
    assert len(await changes(entry)) == 1
    assert await rows(hass, entry) == []


async def test_row_06_nothing_changes_where_nothing_can_be_written(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """A full disk leaves the register where it was."""
    await meter(hass, freezer, ("10:20", 7.1), ("10:31", 7.4))
    metering = entry.runtime_data.coordinator.metering
    before = dict(metering.states)

    with unwritable_ledger(), given.refused("ledger_not_ready"):
        await given.call(hass, "change_meter", **swap(import_first_kwh=7))
    assert metering.states == before


async def test_doubt_survives_a_power_cut(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """What is not believed is written, although it closes nothing.

    Otherwise what a meter counts from its jump to a power cut would be lost.
    """
    await meter(hass, freezer, ("10:17", 5_000_000), ("10:31", 5_000_000.2))
    await each_quarter(hass, freezer, ("10:32",))

    ledger = entry.runtime_data.ledger
    states = await ledger.async_run(ledger.register_states)
    state = RegisterState.from_record(states["house_2", "import"])
    assert state.jump is not None
    assert state.jump.first.at == instant(f"{DAY} 10:17")
    assert state.jump.first.value == kwh(5_000_000)


async def test_row_07_offline_for_hours(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """The energy of an outage is whole, and flagged."""
    await meter(hass, freezer, ("10:20", "unavailable"))
    await each_quarter(hass, freezer, ("10:31", "11:31"))
    assert standing(hass) == ["meter_unavailable"]
    await meter(hass, freezer, ("13:15", 1005.3), ("13:16", 1005.3))

    found = await lines(hass, entry)
    assert {quality for *_, quality in found[1:]} == {INTERPOLATED}
    assert sum(round(float(energy) * 10**6) for _, energy, _ in found) == 5_300_000
    assert standing(hass) == []


async def test_row_07_back_with_the_value_from_before(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """A meter that is online again, and has not sent yet, has not been read.

    Otherwise hours of energy were counted in the seconds until it sends.
    """
    await meter(hass, freezer, ("10:20", "unavailable"))
    await each_quarter(hass, freezer, ("10:31", "11:31", "12:46"))
    await meter(hass, freezer, ("12:59:50", 1000.32))
    # Being discovered anew, it is written once more.
    anew = {**given.KWH, "icon": "mdi:meter-electric"}
    hass.states.async_set("sensor.house_2_import", "1000.32", anew)
    await meter(hass, freezer, ("13:00:10", 1001.32))
    await meter(hass, freezer, ("13:15", 1001.4), ("13:16", 1001.4))

    found = await lines(hass, entry)
    assert {quality for *_, quality in found[1:]} == {INTERPOLATED}
    assert {round(float(energy), 3) for _, energy, _ in found[2:-1]} == {0.091}


async def test_row_08_offline_same_value(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """The same value on return is zero, and flagged."""
    await meter(hass, freezer, ("10:17", "unavailable"), ("15:15", 1000.32))
    await each_quarter(hass, freezer, ("15:16",))

    found = await lines(hass, entry)
    assert {line[1:] for line in found[2:]} == {("0", INTERPOLATED)}


@pytest.mark.parametrize(
    ("choice", "total"), [("accept_jump", 4_999_000_600_000), ("reject_jump", 920_000)]
)
async def test_row_09_jump(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    entry: MockConfigEntry,
    choice: str,
    total: int,
) -> None:
    """A jump is set aside until a person accepts or rejects it."""
    await meter(hass, freezer, ("10:20", 5_000_000), ("10:31", 5_000_000.2))
    await meter(hass, freezer, ("10:45", 5_000_000.5), ("11:00", 5_000_000.6))
    await meter(hass, freezer, ("11:01", 5_000_000.9))
    assert standing(hass) == ["implausible_reading"]
    assert len(await lines(hass, entry)) == 1

    done = await repair(hass, choice, {})

    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert standing(hass) == []
    found = await lines(hass, entry)
    assert sum(round(float(energy) * 10**6) for _, energy, _ in found) == total
    assert found[1][2] is INTERPOLATED
    assert [quality for *_, quality in found[2:]] == [MEASURED] * 2


@pytest.mark.parametrize(
    ("choice", "total"), [("accept_jump", 4_000_500_000), ("reject_jump", 820_000)]
)
async def test_row_09_jump_in_steps(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    entry: MockConfigEntry,
    choice: str,
    total: int,
) -> None:
    """A jump that was seen on its way is one question, about where it ended."""
    await meter(hass, freezer, ("10:20", 2000), ("10:20:20", 4000), ("10:20:40", 5000))
    await meter(hass, freezer, ("10:31", 5000.2), ("10:45", 5000.5), ("10:46", 5000.5))

    done = await repair(hass, choice, {})

    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert standing(hass) == []
    found = await lines(hass, entry)
    assert sum(round(float(energy) * 10**6) for _, energy, _ in found) == total


async def test_row_10_same_payload_again(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """A sensor that only repeats itself is read all the same."""
    await each_quarter(hass, freezer, ("10:31", "10:46", "11:01"))

    assert [line[1:] for line in await lines(hass, entry)][2:] == [("0", MEASURED)] * 2
    assert standing(hass) == []


@pytest.mark.freeze_time("2026-10-25 00:00:00+00:00")
async def test_row_11_clock_change(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """The hour that October repeats is eight quarter hours."""
    await hass.config.async_set_time_zone("Europe/Zurich")
    entry = given.community(hass, [given.house(hass, 2, ["import"])])
    await given.set_up(hass, entry)
    for n in range(9):
        await go(
            hass,
            freezer,
            f"2026-10-25 {n // 4:02}:{n % 4 * 15:02}",
            house_2_import=1000 + n,
        )
    await go(hass, freezer, "2026-10-25 02:01", house_2_import=1008.1)

    assert [line[1:] for line in await lines(hass, entry)] == [("1", MEASURED)] * 8


async def test_row_12_units(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """A changed unit is read with the value; an unknown one is told, the newest."""
    freezer.move_to(f"{DAY} 10:25:00+00:00")
    wh = {"unit_of_measurement": "Wh"}
    hass.states.async_set("sensor.house_2_import", "1000500", wh)
    await each_quarter(hass, freezer, ("10:31",))
    assert (await lines(hass, entry))[-1][0] == "10:15"

    for unit in ("GJ", "cal"):
        hass.states.async_set(
            "sensor.house_2_import", "3.6", {"unit_of_measurement": unit}
        )
    await each_quarter(hass, freezer, ("10:46",))
    assert standing(hass) == ["unknown_unit"]
    (issue,) = (i for i in ir.async_get(hass).issues.values() if i.active)
    assert issue.translation_placeholders["unit"] == "cal"


async def test_row_14_renamed_and_removed(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    entity_registry: er.EntityRegistry,
    entry: MockConfigEntry,
) -> None:
    """A sensor is followed by its registry id; a removed one is a repair."""
    entity_registry.async_update_entity(
        "sensor.house_2_import", new_entity_id="sensor.cellar"
    )
    hass.states.async_remove("sensor.house_2_import")
    await hass.async_block_till_done()
    await go(hass, freezer, f"{DAY} 10:30", cellar=1000.62)
    await go(hass, freezer, f"{DAY} 10:31", cellar=1000.63)
    assert (await lines(hass, entry))[-1] == ("10:15", "0.32", MEASURED)

    entity_registry.async_remove("sensor.cellar")
    await each_quarter(hass, freezer, ("10:46",))
    assert standing(hass) == ["meter_missing"]


async def test_row_15_broker_down(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """While all meters are unavailable nothing is counted, and no zero either."""
    await meter(hass, freezer, ("10:17", "unavailable"))
    await each_quarter(hass, freezer, ("10:31", "10:46"))
    assert len(await lines(hass, entry)) == 1

    await meter(hass, freezer, ("11:00", 1001), ("11:16", 1001.3))
    assert [q for *_, q in await lines(hass, entry)][1:4] == [INTERPOLATED] * 3


async def test_row_16_meter_constant(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """What a meter behind transformers shows is multiplied by their ratio."""
    house = given.house(hass, 2, ["import"])
    house = house | {"data": house["data"] | {"meter_constant": "40"}}
    entry = given.community(hass, [house])
    await given.set_up(hass, entry)
    await meter(hass, freezer, ("10:00", 12.5), ("10:15", 12.55), ("10:20", 12.6))
    await each_quarter(hass, freezer, ("10:21",))

    assert await lines(hass, entry) == [("10:00", "2", MEASURED)]

    await meter(hass, freezer, ("10:25", 1), ("10:31", 1), ("10:45", 1.05))
    swapped = {"time": f"{DAY} 11:21:00", "import_final_kwh": 12.6}
    await given.call(hass, "change_meter", **swap(**swapped, import_first_kwh=1))
    assert sum(float(energy) for _, energy, _ in await lines(hass, entry)) == 4 + 2


async def test_row_06_in_a_file(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """A swap in a file of readings is joined, and the live meter goes on from it."""
    path = given.media(hass) / "readings.csv"
    path.write_text(
        "house,time,import_kwh,export_kwh,event\n"
        "house_2,2026-02-03T09:00:00Z,7000,,\n"
        "house_2,2026-02-03T09:10:00Z,7000.5,,swap\n"
        "house_2,2026-02-03T09:10:00Z,999,,swap\n"
        "house_2,2026-02-03T09:30:00Z,999.5,,\n"
    )
    await meter(hass, freezer, ("10:31", 1000.62))

    for _ in range(2):
        await given.call(hass, "import_readings", path=str(path))
        await each_quarter(hass, freezer, ("10:46",))

    found = await lines(hass, entry)
    assert [start for start, *_ in found][:6] == [
        "09:00",
        "09:15",
        "09:30",
        "09:45",
        "10:00",
        "10:15",
    ]
    total = sum(round(float(energy) * 10**6) for _, energy, _ in found[:4])
    assert total == 500_000 + 1_000_000
    assert [(c.final, c.first) for c in await changes(entry)] == [
        (kwh("7000.5"), kwh("999"))
    ]


async def test_row_06_a_file_from_before_a_change(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """Readings of the old meter join those of the live one before its change."""
    await meter(hass, freezer, ("10:20", 7.1), ("10:31", 7.4), ("10:46", 7.7))
    swapped = {"import_final_kwh": 1000.36, "import_first_kwh": 7}
    await given.call(hass, "change_meter", **swap(**swapped))
    path = given.media(hass) / "readings.csv"
    path.write_text(
        "house,time,import_kwh,export_kwh\n"
        "house_2,2026-02-03T09:00:00Z,998,\n"
        "house_2,2026-02-03T09:30:00Z,999,\n"
    )

    await given.call(hass, "import_readings", path=str(path))
    await each_quarter(hass, freezer, ("10:47",))

    found = await lines(hass, entry)
    total = sum(round(float(energy) * 10**6) for _, energy, _ in found[:4])
    assert total == 2_000_000
    assert all(float(energy) < 1 for _, energy, _ in found)


async def test_row_05_nothing_to_decide_any_more(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """A repair that is answered too late says that all is well."""
    await meter(hass, freezer, ("10:18", 0), ("10:31", 0.3))
    assert await async_setup_component(hass, REPAIRS, {})
    (issue,) = (i for i in ir.async_get(hass).issues.values() if i.active)
    flows = hass.data[REPAIRS]["flow_manager"]
    menu = await flows.async_init(DOMAIN, context={"issue_id": issue.issue_id})
    form = await flows.async_configure(menu["flow_id"], {"next_step_id": "meter_reset"})
    await meter(hass, freezer, ("10:32", 1000.6))

    done = await flows.async_configure(form["flow_id"], {})
    assert (done["type"], done["reason"]) == (FlowResultType.ABORT, "no_doubt")
    with given.refused("no_doubt"):
        await async_decide(entry, ("house_2", "import"), "meter_reset", None)
    with pytest.raises(UnknownFlow):
        await async_create_fix_flow(hass, "gone", None)


async def test_row_05_reset_that_cannot_be(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """A meter that shows too much already was not reset."""
    await meter(hass, freezer, ("10:18", 500), ("10:31", 500.3))

    form = await repair(hass, "meter_reset", {})
    assert form["errors"] == {"base": "first_too_low"}
    assert standing(hass) == ["register_dropped"]


async def test_row_06_a_full_disk_while_writing(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """Should the change itself not be written, the register stays as it was."""
    await meter(hass, freezer, ("10:20", 7.1), ("10:31", 7.4))
    data = entry.runtime_data
    before = dict(data.coordinator.metering.states)

    async def no_flush(**_: Any) -> None:
        """Have nothing to write."""

    with (
        patch.object(data.coordinator, "async_flush", no_flush),
        unwritable_ledger(),
        given.refused("change_not_written"),
    ):
        await given.call(
            hass, "change_meter", **swap(import_final_kwh=1000.32, import_first_kwh=7)
        )
    assert data.coordinator.metering.states == before


@pytest.mark.parametrize(
    ("reading", "key"),
    [("12,5", "not_a_number"), (-1, "not_a_reading"), (10**12, "not_a_reading")],
)
async def test_row_06_no_reading(
    hass: HomeAssistant, entry: MockConfigEntry, reading: Any, key: str
) -> None:
    """What no register shows is not taken for a reading."""
    with given.refused(key, value=str(reading)):
        await given.call(hass, "change_meter", **swap(import_final_kwh=reading))
