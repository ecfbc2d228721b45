"""Readings from a file and from the meter itself, joined without a seam."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.leg_invoicing.billing.energy import Energy
from tests import given
from tests.playing import INTERPOLATED, MEASURED, go, instant, number, rows

pytestmark = [
    pytest.mark.usefixtures("recorder_mock", "no_statistics"),
    pytest.mark.freeze_time("2026-02-03 10:07:00+00:00"),
]

PLAYED = [
    ("house_2", "02-03 10:15", "2", "0", MEASURED),
    ("house_2", "02-03 10:30", "3", "0", MEASURED),
]


@pytest.fixture
async def entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return a community of one house whose meter is about to show something."""
    entry = given.community(hass, [given.house(hass, 2, ["import"])])
    await given.set_up(hass, entry)
    return entry


async def play(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Let the meter count from 100 to 105 kWh in half an hour."""
    for moment, kwh in (("10:15", 100), ("10:30", 102), ("10:45", 105)):
        await go(hass, freezer, f"2026-02-03 {moment}", house_2_import=kwh)
    await go(hass, freezer, "2026-02-03 10:46")


async def read_file(
    hass: HomeAssistant, readings: Iterable[tuple[str, float]]
) -> dict[str, Any]:
    """Import readings of the house's meter."""
    path = given.media(hass) / "readings.csv"
    lines = ["house,time,import_kwh,export_kwh"]
    lines += [f"house_2,{moment}+00:00,{kwh}," for moment, kwh in readings]
    path.write_text("\n".join(lines) + "\n")
    answer = await given.call(hass, "import_readings", path=str(path))
    await hass.async_block_till_done(wait_background_tasks=True)
    return answer


async def test_hole_up_to_the_first_live_reading_is_closed(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """The hole gets what the register counted in it; what was measured stays."""
    await play(hass, freezer)

    # From 98 at 09:30 to 100 at 10:15, nothing of it in the first quarter.
    await read_file(
        hass,
        [("2026-02-03T09:15", 97), ("2026-02-03T09:30", 98), ("2026-02-03T09:45", 98)],
    )

    assert await rows(hass, entry) == [
        ("house_2", "02-03 09:15", "1", "0", MEASURED),
        ("house_2", "02-03 09:30", "0", "0", MEASURED),
        ("house_2", "02-03 09:45", "1", "0", INTERPOLATED),
        ("house_2", "02-03 10:00", "1", "0", INTERPOLATED),
        *PLAYED,
    ]
    # All that the register advanced, from 97 to 105.
    assert number(hass, "house_2_imported_energy") == 8


async def test_meter_goes_on_after_a_file(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """A file with earlier readings does not disturb the register that is running."""
    await play(hass, freezer)
    await read_file(
        hass,
        [
            ("2026-02-03T09:15", 97),
            ("2026-02-03T10:15", 100),
            ("2026-02-03T10:20", 101),
        ],
    )

    await go(hass, freezer, "2026-02-03 11:00", house_2_import=107)
    await go(hass, freezer, "2026-02-03 11:01")

    assert (await rows(hass, entry))[-3:] == [
        *PLAYED,
        ("house_2", "02-03 10:45", "2", "0", MEASURED),
    ]
    assert number(hass, "house_2_imported_energy") == 10


async def test_file_before_the_first_edge_is_gone_on_from(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """A meter that has been read once goes on from where the file ends."""
    await go(hass, freezer, "2026-02-03 10:08", house_2_import=100)
    await read_file(hass, [("2026-02-03T09:45", 98), ("2026-02-03T10:00", 99)])
    await go(hass, freezer, "2026-02-03 10:15", house_2_import=100.5)
    await go(hass, freezer, "2026-02-03 10:16")

    assert await rows(hass, entry) == [
        ("house_2", "02-03 09:45", "1", "0", MEASURED),
        ("house_2", "02-03 10:00", "1.5", "0", MEASURED),
    ]


async def test_file_before_any_reading_is_gone_on_from(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """Whoever begins with a file has no hole between the file and the meter."""
    await read_file(hass, [("2026-02-03T09:45", 98), ("2026-02-03T10:00", 99)])
    await go(hass, freezer, "2026-02-03 10:15", house_2_import=99.5)
    await go(hass, freezer, "2026-02-03 10:16")

    assert (await rows(hass, entry))[-1] == (
        "house_2",
        "02-03 10:00",
        "0.5",
        "0",
        MEASURED,
    )


async def test_midnight_in_the_hole_is_kept(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """The reading at a midnight between file and meter is there for the bill."""
    await play(hass, freezer)
    # 10 kWh in 20 hours, half a kWh an hour: 91.375 at 23:00.
    await read_file(hass, [("2026-02-02T14:00", 89.875), ("2026-02-02T14:15", 90)])

    kept = await hass.async_add_executor_job(
        entry.runtime_data.ledger.reading_at,
        "house_2",
        "import",
        instant("2026-02-03T00:00+01:00"),
    )
    assert kept == Energy(94_375_000)
    assert number(hass, "house_2_imported_energy") == Decimal("15.125")


async def test_hole_of_more_than_a_day_stays_open(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """Nobody's week is made up from a line between two readings."""
    await play(hass, freezer)
    await read_file(hass, [("2026-02-01T09:45", 50), ("2026-02-01T10:00", 51)])

    assert [row[1] for row in await rows(hass, entry)] == [
        "02-01 09:45",
        "02-03 10:15",
        "02-03 10:30",
    ]


@pytest.mark.parametrize(
    "moments",
    [
        ("2026-02-01T09:45", "2026-02-01T10:00"),
        ("2026-02-04T09:45", "2026-02-04T10:00"),
    ],
)
async def test_far_away_file_is_not_gone_on_from(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    entry: MockConfigEntry,
    moments: tuple[str, str],
) -> None:
    """Readings of long ago, or of a time to come, do not move the meter's register."""
    await go(hass, freezer, "2026-02-03 10:08", house_2_import=100)
    await read_file(hass, [(moments[0], 50), (moments[1], 51)])
    await go(hass, freezer, "2026-02-03 10:15", house_2_import=100.5)
    await go(hass, freezer, "2026-02-03 10:16")
    await go(hass, freezer, "2026-02-03 10:30", house_2_import=101)
    await go(hass, freezer, "2026-02-03 10:31")

    live = [row for row in await rows(hass, entry) if row[1].startswith("02-03 ")]
    assert live == [("house_2", "02-03 10:15", "0.5", "0", MEASURED)]


async def test_register_in_doubt_is_not_gone_on_from(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """A meter that has just fallen stays a matter for a person."""
    await go(hass, freezer, "2026-02-03 10:08", house_2_import=100)
    await go(hass, freezer, "2026-02-03 10:09", house_2_import=3)
    await read_file(hass, [("2026-02-03T09:45", 98), ("2026-02-03T10:00", 99)])

    state = entry.runtime_data.coordinator.metering.states["house_2", "import"]
    assert state.last.value == Energy(100_000_000)
    assert state.drop is not None


async def test_run_ends_where_a_side_is_not_known(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """Each register's own intervals count, not those of the one beside it."""
    entry = given.community(hass, [given.house(hass, 1, ["import", "export"])])
    await given.set_up(hass, entry)
    for moment, one in (("10:15", 5), ("10:30", 6), ("10:45", 8)):
        sun = {} if moment == "10:15" else {"house_1_export": 40 + one}
        await go(hass, freezer, f"2026-02-03 {moment}", house_1_import=one, **sun)
    await go(hass, freezer, "2026-02-03 10:46")
    path = given.media(hass) / "readings.csv"
    path.write_text(
        "house,time,import_kwh,export_kwh\n"
        "house_1,2026-02-03T09:45+00:00,,44\n"
        "house_1,2026-02-03T10:00+00:00,4,45\n"
    )
    await given.call(hass, "import_readings", path=str(path))
    await hass.async_block_till_done(wait_background_tasks=True)

    # The export register went from 45 at 10:00 to 46 at 10:30, when it was first read.
    assert await rows(hass, entry) == [
        ("house_1", "02-03 09:45", None, "1", MEASURED),
        ("house_1", "02-03 10:00", "1", "0.5", INTERPOLATED),
        ("house_1", "02-03 10:15", "1", "0.5", INTERPOLATED),
        ("house_1", "02-03 10:30", "2", "2", MEASURED),
    ]
