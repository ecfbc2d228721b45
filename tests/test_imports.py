"""Importing files: all of a file or nothing, and never twice."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.leg_invoicing.billing.calendar import Span, parse_period
from custom_components.leg_invoicing.billing.energy import Energy
from custom_components.leg_invoicing.billing.measurements import IntervalRow
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.ledger import Ledger, Source
from tests import given
from tests.billing.build import at

pytestmark = [
    pytest.mark.usefixtures("recorder_mock", "no_statistics"),
    pytest.mark.freeze_time("2026-02-03 10:07:00+00:00"),
]

DAY = "2026-02-01..2026-02-02"
HEADER = "house,start,import_kwh,export_kwh,quality"
READINGS = "house,time,import_kwh,export_kwh"
NOON = at("2026-02-01T12:00+01:00")


@pytest.fixture
async def entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return a running community: house_1 has both registers, house_2 imports."""
    entry = given.community(hass)
    await given.set_up(hass, entry)
    return entry


def written(hass: HomeAssistant, *lines: str, name: str = "file.csv") -> str:
    """Write a file of lines into the media folder; return its path."""
    path = given.media(hass) / name
    path.write_text("\n".join(lines) + "\n")
    return str(path)


async def bring_in(hass: HomeAssistant, path: str) -> Mapping[str, Any]:
    """Import a file; return the answer."""
    answer: Mapping[str, Any] = await given.call(hass, "import_readings", path=path)
    return answer


def ledger(entry: MockConfigEntry) -> Ledger:
    """Return the ledger that is open now."""
    found: Ledger = entry.runtime_data.ledger
    return found


def rows(entry: MockConfigEntry) -> list[IntervalRow]:
    """Return everything that the ledger holds."""
    return list(ledger(entry).rows(Span(0, 2**40)))


# Files of intervals


async def test_a_file_fills_the_ledger(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """The answer says what the file held, and what of it was new."""
    path = given.interval_file(
        given.media(hass), DAY, {"house_1": ("0.1", "0.25"), "house_2": ("0.3", "0")}
    )

    answer = await bring_in(hass, str(path))

    assert answer == {
        "format": "own_csv",
        "intervals": 192,
        "changed": 192,
        "allotted": 0,
        "houses": ["house_1", "house_2"],
        "first": "2026-01-31T23:00:00Z",
        "last": "2026-02-01T22:45:00Z",
        "gaps": [],
        "unknown_points": [],
        "ignored_points": [],
        "skipped": [],
        "repeated": 0,
        "replaced": 0,
        "contradicted": 0,
        "layouts": {},
    }
    first, *_, last = rows(entry)
    start = parse_period(DAY).span(entry.runtime_data.coordinator.terms.community.zone)
    assert first == IntervalRow(
        "house_1", start.start, 100_000, 250_000, Quality.MEASURED
    )
    assert last == IntervalRow("house_2", start.end - 900, 300_000, 0, Quality.MEASURED)


async def test_the_same_file_twice_changes_nothing(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A file that was read already is read, and found to be known."""
    path = str(given.interval_file(given.media(hass), DAY, {"house_1": ("0.1", "0")}))
    await bring_in(hass, path)
    before = rows(entry)

    answer = await bring_in(hass, path)

    assert (answer["intervals"], answer["changed"]) == (96, 0)
    assert rows(entry) == before


async def test_what_a_file_replaces_is_kept(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """The ledger remembers what stood there, and the file that replaced it."""
    for kwh in ("1", "2"):
        line = f"house_1,2026-02-01T12:00:00+01:00,{kwh},0,measured"
        await bring_in(hass, written(hass, HEADER, line, name=f"{kwh}.csv"))

    once, now = ledger(entry).versions("house_1", Span(NOON, NOON + 900))

    assert (once.row.imported, now.row.imported) == (1_000_000, 2_000_000)
    assert once.superseded is not None
    assert once.superseded.reason == "2.csv"
    assert now.source is Source.FILE


async def test_what_arrives_is_shown_at_once(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """The totals of the current period contain what a file brought."""
    await given.measured(hass, DAY, house_1="0.5/0", house_2="0/0")

    tally = entry.runtime_data.coordinator.data.so_far
    assert tally.house("house_1").energy.imported == Energy(48_000_000)


async def test_an_empty_file_brings_nothing(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A file that has only a first line is no error."""
    answer = await bring_in(hass, written(hass, HEADER))

    assert answer["intervals"] == answer["changed"] == 0
    assert answer["houses"] == []
    assert answer["first"] is answer["last"] is None


# Refusals

GOOD = "house_1,2026-02-01T12:00:00+01:00,1,0,measured"


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("house_1,2026-02-01T12:15:00+01:00,many,0,measured", "import_kwh"),
        ("house_1,2026-02-01T12:15:00,1,0,measured", "offset"),
        ("house_1,2026-02-01T12:20:00+01:00,1,0,measured", "15 minutes"),
        ("house_1,2026-02-01T12:15:00+01:00,-1,0,measured", "negative"),
        ("house_1,2026-02-01T12:15:00+01:00,1,0,guessed", "guessed"),
        ("house_1,2026-02-01T12:15:00+01:00,1", "commas"),
        ("house_1,2026-02-01T12:00:00+01:00,2,0,measured", "line 2 with other"),
        ('"house_1,2026-02-01T12:15:00+01:00,1,0,measured', "quotation"),
    ],
)
async def test_an_error_in_the_last_line_leaves_the_ledger_as_it_was(
    hass: HomeAssistant, entry: MockConfigEntry, bad: str, reason: str
) -> None:
    """A broken file is refused with the line and what is wrong there."""
    path = written(hass, HEADER, *[GOOD] * 3, bad)

    with given.refused("file_broken", path=path, line="5") as caught:
        await bring_in(hass, path)

    assert reason in caught.value.translation_placeholders["reason"]
    assert rows(entry) == []


async def test_what_is_wrong_is_said_in_the_language_of_home_assistant(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """The reason is as much of a translation as the sentence around it."""
    hass.config.language = "it"
    path = written(
        hass, HEADER, GOOD, "house_1,2026-02-01T12:15:00+01:00,-1,0,measured"
    )

    with given.refused("file_broken", path=path, line="3") as caught:
        await bring_in(hass, path)

    told = caught.value.translation_placeholders["reason"]
    assert told.startswith("import_kwh: -1 è negativo; l’energia ha una colonna")


@pytest.mark.parametrize(
    "header", ["", "house;start;import_kwh;export_kwh", "house,start,import_kw", "\0"]
)
async def test_a_file_of_another_kind_is_refused(
    hass: HomeAssistant, entry: MockConfigEntry, header: str
) -> None:
    """A file without our columns is refused at its first line."""
    path = written(hass, header, GOOD)

    with given.refused("file_broken", path=path, line="1"):
        await bring_in(hass, path)


@pytest.mark.parametrize("name", ["nothing.csv", "a_folder"])
async def test_what_cannot_be_read_is_refused(
    hass: HomeAssistant, entry: MockConfigEntry, name: str
) -> None:
    """A file that is missing, or a folder, has no line to name."""
    (given.media(hass) / "a_folder").mkdir()
    path = str(given.media(hass) / name)

    with given.refused("file_broken", path=path, line="-"):
        await bring_in(hass, path)


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "{config}/secrets.yaml",
        "{config}/media/../.storage/leg_invoicing.sonnenweg.books",
        "{config}/media/link.csv",
        "relative.csv",
        "",
    ],
)
async def test_only_allowed_folders_are_read(
    hass: HomeAssistant, entry: MockConfigEntry, path: str
) -> None:
    """No way leads out of the folders that Home Assistant may read."""
    config = Path(hass.config.config_dir)
    (given.media(hass) / "link.csv").symlink_to(config / ".storage")
    path = path.format(config=config)

    with given.refused("file_not_allowed"):
        await bring_in(hass, path)


async def test_a_ledger_that_cannot_be_written_takes_nothing(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A full disk in the midst of a file leaves none of it behind."""
    many = given.interval_file(
        given.media(hass), "2026-01", {"house_1": ("0.1", "0.2")}
    )
    with ledger(entry)._writer.begin() as connection:
        # Room for a few pages more, which this file does not fit into.
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(HomeAssistantError, match="could not be written"):
        await bring_in(hass, str(many))

    assert rows(entry) == []


# Files of readings


async def test_readings_go_through_the_rules_of_a_live_meter(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Readings become intervals, and midnight's reading is kept for the bill."""
    path = written(
        hass,
        READINGS,
        "house_1,2026-02-01T23:30:00+01:00,100,10",
        "house_1,2026-02-01T23:45:00+01:00,100.5,10.25",
        "house_1,2026-02-02T00:00:00+01:00,101.5,10.25",
        "house_1,2026-02-02T00:15:00+01:00,101.75,unavailable",
    )

    answer = await bring_in(hass, path)

    assert answer["intervals"] == answer["changed"] == 3
    assert [(row.imported, row.exported) for row in rows(entry)] == [
        (500_000, 250_000),
        (1_000_000, 0),
        (250_000, None),
    ]
    midnight = at("2026-02-02T00:00+01:00")
    assert ledger(entry).reading_at("house_1", "import", midnight) == Energy(
        101_500_000
    )


async def test_readings_of_a_register_that_the_house_does_not_have_are_left_out(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A house that cannot deliver has not delivered, whatever a file says."""
    path = written(
        hass,
        READINGS,
        "house_2,2026-02-01T12:00:00+01:00,100,7",
        "house_2,2026-02-01T12:15:00+01:00,101,9",
    )

    await bring_in(hass, path)

    assert rows(entry) == [IntervalRow("house_2", NOON, 1_000_000, 0, Quality.MEASURED)]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("house_1,2026-02-01T12:15:00+01:00,-1,0", "negative"),
        ("house_1,2026-02-01T11:00:00+01:00,1,0", "earlier"),
    ],
)
async def test_a_broken_file_of_readings_is_refused(
    hass: HomeAssistant, entry: MockConfigEntry, bad: str, reason: str
) -> None:
    """Readings are all taken or none, too."""
    path = written(
        hass,
        READINGS,
        "house_1,2026-02-01T11:45:00+01:00,1,0",
        "house_1,2026-02-01T12:00:00+01:00,2,0",
        bad,
    )

    with given.refused("file_broken", path=path, line="4") as caught:
        await bring_in(hass, path)

    assert reason in caught.value.translation_placeholders["reason"]
    assert rows(entry) == []


async def test_readings_of_a_file_meet_those_of_the_meter(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """What the register counted between a file's end and the meter is spread there."""
    entry = given.community(hass, [given.house(hass, 1, ["import"])])
    await given.set_up(hass, entry)
    for time, kwh in ("10:15", "102"), ("10:30", "102.5"):
        freezer.move_to(f"2026-02-03 {time}:00+00:00")
        given.show(hass, "house_1_import", kwh)
    await hass.async_block_till_done()
    path = written(
        hass,
        "house,time,import_kwh,export_kwh",
        "house_1,2026-02-03T10:30:00+01:00,100,",
        "house_1,2026-02-03T10:45:00+01:00,100.5,",
    )

    await bring_in(hass, path)

    # 9:45 to 10:15 UTC is the hole, in which the register counted 1.5 kWh.
    assert [(row.imported, row.quality) for row in rows(entry)] == [
        (500_000, Quality.MEASURED),
        (750_000, Quality.INTERPOLATED),
        (750_000, Quality.INTERPOLATED),
        (500_000, Quality.MEASURED),
    ]


async def test_a_meter_that_has_said_nothing_goes_on_from_the_file(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """A register that was read into a file first loses nothing until its first edge."""
    entry = given.community(hass, [given.house(hass, 1, ["import"])])
    await given.set_up(hass, entry)
    path = written(
        hass,
        "house,time,import_kwh,export_kwh",
        "house_1,2026-02-03T10:45:00+01:00,100,",
        "house_1,2026-02-03T11:00:00+01:00,100.5,",
    )
    await bring_in(hass, path)

    freezer.move_to("2026-02-03 10:15:00+00:00")
    given.show(hass, "house_1_import", "101.25")
    await hass.async_block_till_done()
    await entry.runtime_data.coordinator.async_flush()

    assert [(row.imported, row.quality) for row in rows(entry)] == [
        (500_000, Quality.MEASURED),
        (750_000, Quality.MEASURED),
    ]


async def read_live(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, **kwh: str
) -> MockConfigEntry:
    """Return a community of one meter that showed values at some times."""
    entry = given.community(hass, [given.house(hass, 1, ["import"])])
    await given.set_up(hass, entry)
    for time, value in kwh.items():
        freezer.move_to(f"2026-02-03 {time[1:3]}:{time[3:]}:00+00:00")
        given.show(hass, "house_1_import", value)
    await hass.async_block_till_done()
    return entry


async def test_a_hole_of_days_is_for_a_person_to_fill(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """Between a file and a meter that came days later nothing is made up."""
    entry = await read_live(hass, freezer, t1015="102", t1030="102.5")
    path = written(
        hass,
        READINGS,
        "house_1,2026-02-01T10:30:00+01:00,10,",
        "house_1,2026-02-01T10:45:00+01:00,11,",
    )

    await bring_in(hass, path)

    assert [row.imported for row in rows(entry)] == [1_000_000, 500_000]


async def test_a_meter_in_doubt_is_not_joined_to_a_file(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """A register that has just fallen waits for a person, not for a file."""
    entry = await read_live(hass, freezer, t1008="102", t1009="5")
    metering = entry.runtime_data.coordinator.metering
    before = dict(metering.states)
    assert before["house_1", "import"].drop is not None
    path = written(
        hass,
        READINGS,
        "house_1,2026-02-03T10:45:00+01:00,100,",
        "house_1,2026-02-03T11:00:00+01:00,100.5,",
    )

    await bring_in(hass, path)

    assert metering.states == before


async def test_what_is_known_between_a_file_and_the_meter_stays(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """A hole is closed around the intervals that are measured already."""
    entry = await read_live(hass, freezer, t1015="102", t1030="102.5")
    known = "house_1,2026-02-03T10:45:00+01:00,0.125,0,measured"
    await bring_in(hass, written(hass, HEADER, known, name="known.csv"))
    path = written(
        hass,
        READINGS,
        "house_1,2026-02-03T10:15:00+01:00,100,",
        "house_1,2026-02-03T10:30:00+01:00,100.5,",
    )

    await bring_in(hass, path)

    found = {row.start: row for row in rows(entry)}
    assert len(found) == 5
    assert found[at("2026-02-03T10:45+01:00")].imported == 125_000
    assert found[at("2026-02-03T10:30+01:00")].quality is Quality.INTERPOLATED
    assert found[at("2026-02-03T11:00+01:00")].quality is Quality.INTERPOLATED


async def test_swap_that_does_not_fit(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """What only shows when all readings are there is refused with its line, too."""
    content = (
        "house,time,import_kwh,export_kwh,event\n"
        "house_1,2026-02-01T00:00:00Z,100,,\n"
        "house_1,2026-02-01T00:10:00Z,99,,swap\n"
        "house_1,2026-02-01T00:10:00Z,7000,,swap\n"
    )
    path = given.media(hass) / "a.csv"
    path.write_text(content)

    with given.refused("file_broken", line="4"):
        await given.call(hass, "import_readings", path=str(path))
