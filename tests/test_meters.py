"""Meters beside the houses' own, from what they show to sensors and bills."""

from decimal import Decimal
import json
from pathlib import Path
import subprocess
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.leg_invoicing.billing.signals import SignalValue
from custom_components.leg_invoicing.diagnostics import (
    async_get_config_entry_diagnostics,
)
from tests import given
from tests.playing import MEASURED, go, instant, number, rows

pytestmark = [
    pytest.mark.usefixtures("recorder_mock"),
    pytest.mark.freeze_time("2026-02-03 10:07:00+00:00"),
]

PUMP: dict[str, Any] = {"role": "heat_pump", "house": "house_2", "behind": "house_2"}
REST: dict[str, Any] = {
    "role": "grid",
    "formula": "house_1 + house_2 - meter_1",
}


@pytest.fixture
async def entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return a community of two houses, a heat pump and a calculated meter."""
    entry = given.community(
        hass,
        meters=[
            given.meter(hass, 1, "Pump", ["import"], **PUMP),
            given.meter(hass, 2, "Rest", **REST),
        ],
    )
    await given.set_up(hass, entry)
    return entry


async def play(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Let two quarter hours pass."""
    for moment, one, two, pump in (
        ("10:15", "1000", "2000", "50"),
        ("10:30", "1000.1", "2000.5", "50.2"),
        ("10:45", "1000.3", "2001", "50.6"),
        ("10:46", "1000.3", "2001", "50.6"),
    ):
        await go(
            hass,
            freezer,
            f"2026-02-03 {moment}",
            house_1_import=one,
            house_1_export="7",
            house_2_import=two,
            pump_import=pump,
        )


async def test_a_meter_is_read_like_a_house(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """Its registers close intervals of their own, which its sensor adds up."""
    await play(hass, freezer)

    assert await rows(hass, entry, "meter_1") == [
        ("meter_1", "02-03 10:15", "0.2", "0", MEASURED),
        ("meter_1", "02-03 10:30", "0.4", "0", MEASURED),
    ]
    assert number(hass, "pump_imported_energy") == number(hass, "pump_import") - 50
    assert hass.states.get("sensor.pump_exported_energy") is None
    assert hass.states.get("binary_sensor.pump_meter_needs_attention") is not None


async def test_a_meter_is_no_house(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Nobody moves out of one; the refusal does not say that there is none."""
    for name in ("pump", "meter_2"):
        with given.refused("house_needed"):
            await hass.services.async_call(
                "leg_invoicing",
                "move_out",
                {"house": name, "day": "2026-02-01"},
                blocking=True,
            )


async def test_a_calculated_meter_has_sensors(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """What is calculated is shown, though nothing is read."""
    await play(hass, freezer)

    assert str(number(hass, "rest_imported_energy").normalize()) == "0.7"
    assert number(hass, "rest_exported_energy") == 0
    assert await rows(hass, entry, "meter_2") == []


async def test_each_meter_is_a_device(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A meter's device hangs from the community, under its own name."""
    registry = dr.async_get(hass)
    names = {
        device.name: device.via_device_id
        for device in dr.async_entries_for_config_entry(registry, entry.entry_id)
    }

    community = entry.runtime_data.coordinator.community_device_id
    assert names["Pump"] == names["Rest"] == community


async def test_a_silent_meter_is_a_repair_under_its_name(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """Whoever reads the repair knows which meter to look at."""
    await play(hass, freezer)
    hass.states.async_set("sensor.pump_import", "unavailable")
    await go(hass, freezer, "2026-02-03 11:01")
    await go(hass, freezer, "2026-02-03 12:16")

    issues = [
        issue.translation_placeholders
        for issue in ir.async_get(hass).issues.values()
        if issue.translation_key == "meter_unavailable" and issue.active
    ]
    assert [issue["house"] for issue in issues if issue] == ["Pump"]
    problem = hass.states.get("binary_sensor.pump_meter_needs_attention")
    assert problem is not None
    assert problem.state == "on"


async def test_a_meter_can_be_replaced(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """Actions take a meter by its name or its id, as they take a house."""
    await play(hass, freezer)

    answer = await given.call(
        hass,
        "change_meter",
        config_entry_id=entry.entry_id,
        house="Pump",
        time="2026-02-03 11:40:00",
        import_final_kwh="50.5",
        import_first_kwh="50.45",
    )
    assert answer["house_id"] == "meter_1"

    answer = await given.call(
        hass,
        "correct_interval",
        config_entry_id=entry.entry_id,
        house="meter_1",
        start="2026-02-03 11:15:00",
        import_kwh="0.3",
        reason="seen",
    )
    assert answer["intervals"] == 1
    answer = await given.call(
        hass,
        "get_intervals",
        config_entry_id=entry.entry_id,
        house="meter_1",
        **{"from": "2026-02-03 11:00:00", "to": "2026-02-03 12:00:00"},
    )
    assert answer["house"] == "Pump"
    assert answer["intervals"][0]["quality"] == "manual"


async def test_a_file_names_a_meter(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Our own files hold a meter's intervals under its id."""
    await given.measured(hass, "2026-01", meter_1="0.1/0")

    assert len(await rows(hass, entry, "meter_1")) == 31 * 96


async def test_diagnostics(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Whoever helps sees how meters are set up, and no names."""
    told = await async_get_config_entry_diagnostics(hass, entry)

    pump, rest = told["meters"]
    assert pump == {
        "meter_id": "meter_1",
        "role": "heat_pump",
        "house_id": "house_2",
        "behind": "house_2",
        "formula": [],
        "share": None,
        "users": 0,
        "registers": ["import"],
        "unit": None,
        "max_power_w": 30000,
        "meter_constant": "1",
    }
    assert rest["formula"] == ["+1 house_1", "+1 house_2", "-1 meter_1"]
    assert "Pump" not in str(told)


TWO_DAYS = "2026-02-01..2026-02-03"


@pytest.fixture
async def february(hass: HomeAssistant) -> MockConfigEntry:
    """Return a community with a heat pump and a staircase, measured for two days."""
    stairs = {"by": "area", "of": {"house_1": "80", "house_2": "120"}}
    entry = given.community(
        hass,
        meters=[
            given.meter(hass, 1, "Pump", ["import"], **PUMP, tariff="Standard"),
            given.meter(
                hass, 2, "Stairs", ["import"], role="common_area", share=stairs
            ),
        ],
    )
    await given.set_up(hass, entry)
    await given.measured(
        hass,
        TWO_DAYS,
        house_1="0.1/0.25",
        house_2="0.3/0",
        meter_1="0.2/0",
        meter_2="0.05/0",
    )
    return entry


async def test_a_closed_period_names_its_meters(
    hass: HomeAssistant, february: MockConfigEntry
) -> None:
    """Each bill has lines of its own for the heat pump and for a part of the stairs."""
    answer = await given.call(hass, "close_period", period=TWO_DAYS)

    assert sorted(
        (i["house_id"], ln["meter"], Decimal(str(ln["quantity"])))
        for i in answer["invoices"]
        for ln in i["lines"]
        if ln["kind"] == "import"
    ) == [
        ("house_1", "", Decimal("19.2")),
        ("house_1", "Stairs", Decimal("3.84")),
        ("house_2", "", Decimal("19.2")),
        ("house_2", "Pump", Decimal("38.4")),
        ("house_2", "Stairs", Decimal("5.76")),
    ]
    assert all(invoice["findings"] == [] for invoice in answer["invoices"])
    (closed,) = february.runtime_data.books.closed
    assert closed.tariffs == ("Standard",)


async def test_settle_agrees_with_what_was_closed(
    hass: HomeAssistant, february: MockConfigEntry
) -> None:
    """What was exported as evidence has all points, and gives the same bills."""
    answer = await given.call(hass, "close_period", period=TWO_DAYS)
    folder = Path(answer["folder"])

    settled = await hass.async_add_executor_job(_settled, folder)
    assert [s["total_ct"] for s in settled["statements"]] == [
        i["total_ct"] for i in answer["invoices"]
    ]
    points = {line.partition(",")[0] for line in _lines(folder)}
    assert points == {"house", "house_1", "house_2", "meter_1", "meter_2"}


async def test_a_removed_meter_stays_on_the_bill(
    hass: HomeAssistant, february: MockConfigEntry
) -> None:
    """What it counted until today is billed; what was closed does not change."""
    hass.config_entries.async_remove_subentry(february, "meter_subentry_2")
    await hass.async_block_till_done()

    answer = await given.call(hass, "close_period", period=TWO_DAYS)
    names = {ln["meter"] for i in answer["invoices"] for ln in i["lines"]}
    assert "Stairs" in names

    hass.config_entries.async_remove_subentry(february, "meter_subentry_1")
    await hass.async_block_till_done(wait_background_tasks=True)
    checked = await given.call(hass, "check_period", period=TWO_DAYS)
    assert checked["closed_period_changes"] == []


async def test_registers_of_meters_are_compared(
    hass: HomeAssistant, february: MockConfigEntry
) -> None:
    """Intervals that do not add up to a meter's register are found under its name."""
    path = given.media(hass) / "registers.csv"
    path.write_text(
        "house,time,import_kwh,export_kwh\n"
        "meter_2,2026-02-01T00:00:00+01:00,100,0\n"
        "meter_2,2026-02-02T23:45:00+01:00,109.55,0\n"
        "meter_2,2026-02-03T00:00:00+01:00,109.6,0\n"
        "meter_1,2026-02-01T00:00:00+01:00,100,0\n"
        "meter_1,2026-02-02T23:45:00+01:00,119.8,0\n"
        "meter_1,2026-02-03T00:00:00+01:00,120,0\n"
    )
    await given.call(hass, "import_readings", path=str(path))

    checked = await given.call(hass, "check_period", period=TWO_DAYS)
    (finding,) = checked["findings"]
    assert (finding["code"], finding["house"]) == ("register_mismatch", "House 2")
    assert finding["details"]["meters"] == "Pump"


async def test_whoever_charges_pays(hass: HomeAssistant) -> None:
    """What a charger's sensor says decides whose bill an interval is on."""
    tag = given.register(hass, "tag")
    charger = {"role": "ev_charger", "house": "house_1", "behind": "house_1"}
    users = {"user": tag, "users": {"A1B2": "house_2"}}
    entry = given.community(
        hass, meters=[given.meter(hass, 1, "Wallbox", ["import"], **charger, **users)]
    )
    await given.set_up(hass, entry)
    await given.measured(
        hass, TWO_DAYS, house_1="0.5/0", house_2="0.1/0", meter_1="0.2/0"
    )
    starts = range(instant("2026-01-31 23:00"), instant("2026-02-02 23:00"), 900)
    values = {start: "A1B2" if n < 48 else "C3" for n, start in enumerate(starts)}
    await hass.async_add_executor_job(
        entry.runtime_data.ledger.write_signals,
        [SignalValue(tag, start, value) for start, value in values.items()],
    )

    bill = await given.call(hass, "preview_period", period=TWO_DAYS)

    charged = {
        s["house_id"]: Decimal(str(ln["quantity"]))
        for s in bill["statements"]
        for ln in s["lines"]
        if ln["meter"] == "Wallbox"
    }
    assert charged == {"house_1": Decimal("28.8"), "house_2": Decimal("9.6")}
    (finding,) = bill["findings"]
    assert (finding["code"], finding["details"]["users"]) == ("unknown_user", "C3")


def _lines(folder: Path) -> list[str]:
    return (folder / "intervals.csv").read_text(encoding="utf-8").splitlines()


def _settled(folder: Path) -> dict[str, Any]:
    """Settle the exported evidence, as anybody can."""
    done = subprocess.run(
        [
            Path(__file__).resolve().parent.parent / "script/settle",
            *("--intervals", folder / "intervals.csv"),
            *("--terms", folder / "terms.yaml"),
            *("--period", TWO_DAYS),
            "--json",
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    settled: dict[str, Any] = json.loads(done.stdout)
    return settled
