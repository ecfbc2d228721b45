"""Reading the sensors' statistics back: all that was recorded, and nothing twice."""

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.db_schema import Statistics, StatisticsShortTerm
from homeassistant.components.recorder.models import StatisticMeanType
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_purge_done,
    async_wait_recording_done,
    do_adhoc_statistics,
)
from sqlalchemy.exc import OperationalError

from custom_components.leg_invoicing import backfill
from custom_components.leg_invoicing.billing.calendar import Span, parse_period
from custom_components.leg_invoicing.billing.energy import Energy
from custom_components.leg_invoicing.billing.measurements import Rule
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.const import DOMAIN
from custom_components.leg_invoicing.ledger import Origin, Source
from tests import given
from tests.playing import MEASURED, go, instant, number, only_outside_the_loop, rows

pytestmark = [
    pytest.mark.usefixtures("recorder_mock", "no_statistics"),
    pytest.mark.freeze_time("2026-02-03 10:07:00+00:00"),
]

ESTIMATED = Quality.ESTIMATED
HOUR, FIVE, DAY = 3600, 300, 86_400
MORNING = "2026-02-03 06:00"


@pytest.fixture
async def entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return a running community of one house that only takes energy."""
    entry = given.community(hass, [given.house(hass, 2, ["import"])])
    await given.set_up(hass, entry)
    return entry


async def recorded(
    hass: HomeAssistant,
    first: str,
    values: Iterable[float | None],
    *,
    seconds: int = HOUR,
    name: str = "house_2_import",
    sums: Iterable[float | None] | None = None,
    unit: str | None = "kWh",
    **metadata: Any,
) -> None:
    """Let the recorder have kept what a sensor showed at the end of each row.

    None is a row that is not there. Without `sums` they are what was shown.
    """
    start, values = instant(first), list(values)
    sums = values if sums is None else list(sums)
    meta: dict[str, Any] = {
        "mean_type": StatisticMeanType.NONE,
        "has_sum": True,
        "name": None,
        "source": "recorder",
        "statistic_id": f"sensor.{name}",
        "unit_class": "energy",
        "unit_of_measurement": unit,
    }
    found: list[Any] = [
        {
            "start": dt_util.utc_from_timestamp(start + n * seconds),
            "state": value,
            "sum": sums[n],
        }
        for n, value in enumerate(values)
        if value is not None or sums[n] is not None
    ]
    table = Statistics if seconds == HOUR else StatisticsShortTerm
    get_instance(hass).async_import_statistics(meta | metadata, found, table)  # type: ignore[arg-type]
    await async_wait_recording_done(hass)


async def read_back(hass: HomeAssistant, **data: Any) -> Mapping[str, Any]:
    """Read the recorder back; return the answer."""
    answer: Mapping[str, Any] = await given.call(
        hass, "backfill_from_recorder", **({"from": "2026-02-03"} | data)
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    return answer


def register(
    answer: Mapping[str, Any], name: str = "import", house: str = "house_2"
) -> Any:
    """Return what was found of a register."""
    return answer["houses"][house]["registers"][name]


def counts(answer: Mapping[str, Any], house: str = "house_2") -> list[int]:
    """Return how many intervals were found, written and kept."""
    return [answer["houses"][house][key] for key in ("intervals", "written", "kept")]


def total(found: Iterable[tuple[Any, ...]]) -> Decimal:
    """Return what rows of the ledger add up to."""
    return sum((Decimal(row[2]) for row in found if row[2]), Decimal(0))


# What is found


async def test_hours_and_five_minutes(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Hours become estimated quarters, five minutes measured ones."""
    await recorded(hass, MORNING, [100, 100.5, 101.3, 102])
    await recorded(
        hass, "2026-02-03 09:00", [101.3 + n * 0.05 for n in range(1, 13)], seconds=FIVE
    )
    await recorded(hass, "2026-02-03 08:55", [101.3], seconds=FIVE)

    answer = await read_back(hass)

    assert await rows(hass, entry) == [
        *(
            ("house_2", f"02-03 07:{quarter}", "0.125", "0", ESTIMATED)
            for quarter in ("00", "15", "30", "45")
        ),
        *(
            ("house_2", f"02-03 08:{quarter}", "0.2", "0", ESTIMATED)
            for quarter in ("00", "15", "30", "45")
        ),
        *(
            ("house_2", f"02-03 09:{quarter}", "0.15", "0", MEASURED)
            for quarter in ("00", "15", "30", "45")
        ),
    ]
    assert counts(answer) == [12, 12, 0]
    assert register(answer) == {
        "hours": 4,
        "measured": 4,
        "estimated": 8,
        "metered_from": None,
        "gaps": [
            {
                "start": "2026-02-02T23:00:00Z",
                "end": "2026-02-03T07:00:00Z",
                "reason": "missing",
                "kwh": None,
            }
        ],
        "remarks": [],
    }
    assert (answer["start"], answer["end"], answer["dry_run"]) == (
        "2026-02-02T23:00:00Z",
        "2026-02-03T10:07:00Z",
        False,
    )
    # It is settled at once.
    assert number(hass, "house_2_imported_energy") == Decimal("1.9")


async def test_what_the_recorder_compiles(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """What the recorder makes of states itself is measured, to the last digit."""
    assert await async_setup_component(hass, "sensor", {})
    start = instant("2026-02-03 11:55")
    for n in range(4):
        moment = dt_util.utc_from_timestamp(start + n * FIVE)
        freezer.move_to(moment)
        given.show(hass, "house_2_import", f"{1234.567891 + n / 10:.6f}")
        await async_wait_recording_done(hass)
        freezer.move_to(dt_util.utc_from_timestamp(start + (n + 1) * FIVE))
        do_adhoc_statistics(hass, start=moment)
        await async_wait_recording_done(hass)
    entry.runtime_data.coordinator.metering.states.clear()  # type: ignore[attr-defined]

    await read_back(hass)

    assert await rows(hass, entry) == [("house_2", "02-03 12:00", "0.3", "0", MEASURED)]


async def test_last_month_can_be_billed(hass: HomeAssistant) -> None:
    """On the day of installation, the period that is over is complete."""
    entry = given.community(hass, [given.house(hass, 2, ["import"])])
    await given.set_up(hass, entry)
    span = parse_period("2026-01").span(
        entry.runtime_data.coordinator.terms.community.zone
    )
    await recorded(hass, "2025-12-31 22:00", [100 + n / 4 for n in range(31 * 24 + 1)])

    answer = await given.call(hass, "backfill_from_recorder", to="2026-02-01")

    assert (instant(answer["start"]), instant(answer["end"])) == (span.start, span.end)
    assert counts(answer) == [31 * 96, 31 * 96, 0]
    assert register(answer)["gaps"] == []
    settled = await given.call(hass, "preview_period", period="2026-01")
    assert [f["code"] for f in settled["findings"] if f["blocking"]] == []
    (statement,) = settled["statements"]
    assert statement["house_id"] == "house_2"
    ledger = entry.runtime_data.ledger
    readings = [
        ledger.reading_at("house_2", "import", at) for at in (span.start, span.end)
    ]
    assert readings == [Energy(100_000_000), Energy(286_000_000)]


@pytest.mark.parametrize(
    ("day", "count"),
    [("2026-03-29", 92), ("2026-10-25", 100)],
    ids=["spring", "autumn"],
)
async def test_day_of_the_change_of_clocks(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, day: str, count: int
) -> None:
    """A day of 23 or 25 hours has as many quarter hours as it has."""
    freezer.move_to("2026-11-02 10:07:00+00:00")
    entry = given.community(hass, [given.house(hass, 2, ["import"])])
    await given.set_up(hass, entry)
    end = f"{day[:-2]}{int(day[-2:]) + 1}"
    span = Span(*(instant(f"{d}T00:00{o}") for d, o in _offsets(day, end)))
    hours = span.seconds // HOUR
    first = dt_util.utc_from_timestamp(span.start - HOUR).isoformat()
    await recorded(hass, first, [100 + n for n in range(hours + 1)])

    answer = await read_back(hass, **{"from": day, "to": end})

    assert counts(answer) == [count, count, 0]
    assert register(answer)["gaps"] == []
    assert total(await rows(hass, entry)) == hours
    for moment in (span.start, span.end):
        assert entry.runtime_data.ledger.reading_at("house_2", "import", moment)


def _offsets(day: str, end: str) -> list[tuple[str, str]]:
    offsets = ("+01:00", "+02:00") if day < "2026-06" else ("+02:00", "+01:00")
    return list(zip((day, end), offsets, strict=True))


async def test_both_sides(hass: HomeAssistant) -> None:
    """Each register is as good as it is, and one that has nothing is not known."""
    entry = given.community(hass)
    await given.set_up(hass, entry)
    await recorded(hass, MORNING, [100, 101], name="house_1_import")
    exported = [5 + n / 10 for n in range(13)]
    await recorded(
        hass, "2026-02-03 06:55", exported, seconds=FIVE, name="house_1_export"
    )

    answer = await read_back(hass)

    first = next(iter(entry.runtime_data.ledger.rows(Span(0, 2**40))))
    assert first.sides == ((250_000, ESTIMATED), (300_000, MEASURED))
    assert register(answer, "export", "house_1")["measured"] == 4
    assert register(answer) == {
        "refused": "no_statistics",
        "sensor": "sensor.house_2_import",
        "unit": "",
    }


async def test_days_before_the_first_agreement(hass: HomeAssistant) -> None:
    """A house that is a member since today has no yesterday."""
    house = given.house(hass, 2, ["import"], first="2026-02-03")
    entry = given.community(hass, [house])
    await given.set_up(hass, entry)
    await recorded(hass, "2026-02-02 20:00", [100 + n for n in range(6)])

    answer = await read_back(hass, **{"from": "2026-01-01"})

    assert [row[1] for row in await rows(hass, entry)][0] == "02-02 23:00"
    assert counts(answer) == [12, 12, 0]
    assert [gap["start"] for gap in register(answer)["gaps"]] == [
        "2026-02-03T02:00:00Z"
    ]


# Sensors and units


async def test_renamed_sensor(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """The recorder renames its statistics, and they are found by the new name."""
    assert await async_setup_component(hass, "sensor", {})
    await recorded(hass, MORNING, [100, 101])
    er.async_get(hass).async_update_entity(
        "sensor.house_2_import", new_entity_id="sensor.cellar"
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    await async_wait_recording_done(hass)

    assert counts(await read_back(hass)) == [4, 4, 0]
    assert total(await rows(hass, entry)) == 1


@pytest.mark.parametrize(
    ("unit", "factor"), [("Wh", 1000), ("MWh", 0.001), ("GJ", 0.0036)]
)
async def test_units(
    hass: HomeAssistant, entry: MockConfigEntry, unit: str, factor: float
) -> None:
    """Any unit of energy will do."""
    values = [kwh * factor for kwh in (100, 101.234567)]
    await recorded(hass, MORNING, values, unit=unit)

    await read_back(hass)

    assert total(await rows(hass, entry)) == Decimal("1.234567")


async def test_stated_unit(hass: HomeAssistant) -> None:
    """A sensor without a unit has the one that a person stated."""
    house = given.house(hass, 2, ["import"])
    entry = given.community(hass, [{**house, "data": {**house["data"], "unit": "Wh"}}])
    await given.set_up(hass, entry)
    await recorded(hass, MORNING, [100_000, 101_500], unit=None, unit_class=None)

    await read_back(hass)

    assert total(await rows(hass, entry)) == Decimal("1.5")


async def test_meter_behind_transformers(hass: HomeAssistant) -> None:
    """What the sensor showed is multiplied, as it is while the meter runs."""
    house = given.house(hass, 2, ["import"])
    data = {**house["data"], "meter_constant": "40"}
    entry = given.community(hass, [{**house, "data": data}])
    await given.set_up(hass, entry)
    await recorded(hass, MORNING, [100, 100.1])

    await read_back(hass)

    assert total(await rows(hass, entry)) == 4


async def test_unit_that_is_none_of_energy(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """It is refused by the sensor's name, and nothing is written."""
    await recorded(hass, MORNING, [100, 101], unit="m³", unit_class="volume")

    answer = await read_back(hass)

    assert register(answer) == {
        "refused": "unknown_unit",
        "sensor": "sensor.house_2_import",
        "unit": "m³",
    }
    assert await rows(hass, entry) == []


async def test_sensor_that_is_gone(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """A sensor that nobody knows any more is refused."""
    er.async_get(hass).async_remove("sensor.house_2_import")
    await hass.async_block_till_done()

    assert register(await read_back(hass))["refused"] == "meter_missing"


async def test_values_that_no_register_shows(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A row with an absurd value, or none, is as good as absent."""
    values = [100, 1e300, None, 101]
    await recorded(hass, MORNING, values, sums=[None, 1e300, None, 101])

    answer = await read_back(hass)

    assert [gap["kwh"] for gap in register(answer)["gaps"]] == [None, 1]
    assert await rows(hass, entry) == []


# Registers that misbehave


async def test_register_that_began_anew(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """The recorder's sum goes on over a reset, and the answer says so."""
    await recorded(hass, MORNING, [3000, 3001, 0.5, 1], sums=[10, 11, 11.5, 12])

    answer = await read_back(hass)

    assert total(await rows(hass, entry)) == 2
    assert register(answer)["remarks"] == [
        {
            "start": "2026-02-03T08:00:00Z",
            "end": "2026-02-03T09:00:00Z",
            "remark": "restarted",
        }
    ]


async def test_gaps_and_jumps(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """What is missing or impossible is left out, and told with its energy."""
    values = [100, None, None, 103, 900, 104, 103, 105, 106]
    await recorded(hass, "2026-02-03 01:00", values)

    answer = await read_back(hass)

    assert [
        (gap["start"][11:16], gap["end"][11:16], gap["reason"], gap["kwh"])
        for gap in register(answer)["gaps"]
    ] == [
        ("23:00", "02:00", "missing", None),
        ("02:00", "05:00", "missing", 3),
        ("05:00", "07:00", "jumped", 1),
        ("07:00", "09:00", "fell", 1),
    ]
    assert {row[1][:8] for row in await rows(hass, entry)} == {"02-03 09"}


# What is there already


async def test_twice(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """The second time everything is there, and nobody has changed anything."""
    await recorded(hass, MORNING, [100, 101, None, None, 104])
    await read_back(hass)
    before = await rows(hass, entry)
    ledger = entry.runtime_data.ledger
    revisions = list(ledger.revisions(Span(0, 2**40)))

    answer = await read_back(hass)

    assert counts(answer) == [4, 0, 4]
    assert await rows(hass, entry) == before
    assert list(ledger.revisions(Span(0, 2**40))) == revisions


async def test_after_the_recorder_was_purged(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """What was measured stays so when the recorder only has the hours any more."""
    fives = [100 + n / 10 for n in range(13)]
    await recorded(hass, "2026-02-03 06:55", fives, seconds=FIVE)
    await recorded(hass, MORNING, [fives[0], fives[-1]])
    await read_back(hass)
    before = await rows(hass, entry)
    assert {row[4] for row in before} == {MEASURED}
    freezer.move_to("2026-02-20 10:07:00+00:00")
    await hass.services.async_call("recorder", "purge", {"keep_days": 1}, blocking=True)
    await async_wait_purge_done(hass)

    answer = await read_back(hass, to="2026-02-04")

    assert (register(answer)["estimated"], counts(answer)) == (4, [4, 0, 4])
    assert await rows(hass, entry) == before


async def test_who_did_it(
    hass: HomeAssistant, entry: MockConfigEntry, hass_admin_user: MockUser
) -> None:
    """A revision says who read back what."""
    await recorded(hass, MORNING, [100, 101])
    await hass.services.async_call(
        DOMAIN,
        "backfill_from_recorder",
        {"from": "2026-02-03"},
        blocking=True,
        context=Context(user_id=hass_admin_user.id),
    )

    (revision,) = entry.runtime_data.ledger.revisions(Span(0, 2**40))
    assert (revision.source, revision.action, revision.user_id, revision.changed) == (
        Source.RECORDER,
        "backfill_from_recorder",
        hass_admin_user.id,
        4,
    )


async def test_dry_run(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Looking changes nothing, and says what would be written."""
    await recorded(hass, "2026-02-02 23:00", [100 + n for n in range(10)])

    answer = await read_back(hass, dry_run=True)

    assert (counts(answer), answer["dry_run"]) == ([36, 36, 0], True)
    assert await rows(hass, entry) == []
    assert entry.runtime_data.ledger.register_states() == {}


async def test_better_data_stay(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """What is better stays, what a person said as well; what is worse is replaced."""
    await recorded(hass, MORNING, [100, 101])
    fives = [101 + n * 0.1 for n in range(13)]
    await recorded(hass, "2026-02-03 07:55", fives, seconds=FIVE)
    path = given.media(hass) / "file.csv"
    lines = [
        f"house_2,2026-02-03T{moment}:00Z,9,0,{quality}"
        for moment, quality in (
            ("07:00", "measured"),
            ("07:15", "temporary"),
            ("08:00", "interpolated"),
            ("08:15", "measured"),
        )
    ]
    path.write_text("\n".join(["house,start,import_kwh,export_kwh,quality", *lines]))
    await given.call(hass, "import_readings", path=str(path))

    answer = await read_back(hass)

    assert counts(answer) == [8, 6, 2]
    found = {row[1][6:]: (row[2], row[4]) for row in await rows(hass, entry)}
    assert found["07:00"] == found["08:15"] == ("9", MEASURED)
    assert found["07:15"] == ("0.25", ESTIMATED)
    assert found["08:00"] == ("0.3", MEASURED)


async def test_what_a_person_said_stays(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A value by hand is not the recorder's to change, however good that is."""
    ledger = entry.runtime_data.ledger
    await recorded(
        hass, "2026-02-03 07:55", [100 + n * 0.1 for n in range(7)], seconds=FIVE
    )
    await read_back(hass, to="2026-02-04")
    row = next(iter(ledger.rows(Span(0, 2**40))))
    by_hand = row._replace(imported=7, quality=Quality.MANUAL)
    origin = Origin(
        source=Source.HAND, at=row.start, action="correct", rule=Rule.ALWAYS
    )
    ledger.write([by_hand], origin)

    assert counts(await read_back(hass)) == [2, 0, 2]
    assert next(iter(ledger.rows(Span(0, 2**40)))) == by_hand


# The meter itself


async def test_joint_with_the_meter(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """Recorded and metered intervals sum to what the register advanced."""
    await recorded(hass, MORNING, [100, 101, 102, 103])
    for moment, kwh in (
        ("10:08", 103.1),
        ("10:22", 104.1),
        ("10:38", 105),
        ("10:52", 106),
    ):
        await go(hass, freezer, f"2026-02-03 {moment}", house_2_import=kwh)
    live = await rows(hass, entry)
    assert [row[1] for row in live] == ["02-03 10:15", "02-03 10:30"]

    answer = await read_back(hass)
    again = await read_back(hass)

    found = await rows(hass, entry)
    assert found[-2:] == live
    state = entry.runtime_data.coordinator.metering.states["house_2", "import"]
    assert total(found) == state.edge.value.kwh - 100
    assert [row[1] for row in found] == [
        f"02-03 {n // 4:02}:{n % 4 * 15:02}" for n in range(28, 43)
    ]
    assert register(answer)["metered_from"] == "2026-02-03T10:15:00Z"
    assert counts(again) == [13, 0, 13]


async def test_meter_before_its_first_edge(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """A meter that was read once goes on from what was recorded."""
    await recorded(hass, MORNING, [100, 101, 102, 103])
    await go(hass, freezer, "2026-02-03 10:08", house_2_import=103.1)

    await read_back(hass)
    await go(hass, freezer, "2026-02-03 10:14:30", house_2_import=103.4)
    await go(hass, freezer, "2026-02-03 10:16:30", house_2_import=103.6)
    await read_back(hass)

    found = await rows(hass, entry)
    assert found[-1] == ("house_2", "02-03 10:00", "0.45", "0", MEASURED)
    assert total(found) == Decimal("3.45")
    assert len(found) == 13


async def test_joint_with_a_meter_that_was_replaced(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """What another meter showed later does not change what this one showed first."""
    await recorded(hass, MORNING, [100, 101, 102, 103])
    await go(hass, freezer, "2026-02-03 10:14", house_2_import=103.1)
    await go(hass, freezer, "2026-02-03 10:16", house_2_import=103.3)
    await go(hass, freezer, "2026-02-03 10:29", house_2_import=104)
    await given.call(
        hass,
        "change_meter",
        house="house_2",
        time="2026-02-03 11:29:00",
        import_final_kwh=104,
        import_first_kwh=7000,
    )
    await go(hass, freezer, "2026-02-03 10:31", house_2_import=7000.2)
    await go(hass, freezer, "2026-02-03 10:46", house_2_import=7000.2)

    answer = await read_back(hass)

    assert register(answer)["gaps"][1:] == []
    found = [row for row in await rows(hass, entry) if row[1] < "02-03 10:30"]
    assert found[-1][1] == "02-03 10:15"
    # Half of what was counted while the meter was read, at 10:15 and at 10:30.
    assert total(found) == Decimal("4.1")


async def test_statistics_of_long_ago_are_not_gone_on_from(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entry: MockConfigEntry
) -> None:
    """Where the recorder ends hours ago, the meter begins by itself."""
    await recorded(hass, "2026-02-03 01:00", [100, 101])
    await read_back(hass)

    assert not entry.runtime_data.coordinator.metering.states


# Days, and what goes wrong


@pytest.mark.parametrize(
    "days",
    [
        {"from": "2026-02-04"},
        {"from": "2026-02-03", "to": "2026-02-03"},
        {"from": "1960-01-01"},
    ],
)
async def test_no_days(
    hass: HomeAssistant, entry: MockConfigEntry, days: dict[str, str]
) -> None:
    """Days to come, none at all, or those before all clocks are refused."""
    with given.refused("backfill_no_days"):
        await read_back(hass, **days)


async def test_ledger_that_cannot_be_written(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """It is said, and can be tried again."""
    await recorded(hass, MORNING, [100, 101])
    # What the meters have is written before; here only what is read back fails.
    target = "custom_components.leg_invoicing.backfill.write"
    error = OperationalError("", {}, Exception("disk is full"))
    with patch(target, side_effect=error), given.refused("backfill_failed"):
        await read_back(hass)
    assert await rows(hass, entry) == []

    assert counts(await read_back(hass)) == [4, 4, 0]


async def test_failure_in_the_second_month(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """What was written before is settled, and is there the next time."""
    await recorded(hass, "2026-01-31 10:00", [100 + n for n in range(70)])
    coordinator = entry.runtime_data.coordinator
    calls = Counter[str]()
    original = backfill.write

    def write(*args: Any) -> Any:
        calls["write"] += 1
        if calls["write"] > 1:
            raise OperationalError("", {}, Exception("disk is full"))
        return original(*args)

    with (
        patch.object(backfill, "write", write),
        patch.object(coordinator, "async_measurements_changed") as changed,
        given.refused("backfill_failed"),
    ):
        await read_back(hass, **{"from": "2026-01-31"})

    span = changed.await_args.args[0]
    assert span == Span(instant("2026-01-31 11:00"), instant("2026-01-31 22:45") + 1)
    answer = await read_back(hass, **{"from": "2026-01-31"})
    assert counts(answer)[1:] == [(69 - 12) * 4, 12 * 4]


async def test_threads(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Nothing that takes long is done in the event loop."""
    await recorded(hass, MORNING, [100, 101])
    package = "custom_components.leg_invoicing."
    targets = (
        package + "recorder_marks.statistics_during_period",
        package + "recorder_marks.get_metadata",
        package + "recorder_marks.marks",
        package + "backfill.Backfill.take",
        package + "backfill.effects",
        package + "backfill.write",
    )
    with only_outside_the_loop(*targets) as calls:
        await read_back(hass)

    assert all(calls.values())
