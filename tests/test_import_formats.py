"""Files of every format, from the action to the ledger."""

from collections.abc import Mapping
from datetime import timedelta
import json
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.leg_invoicing.billing.calendar import Span, iso_utc
from custom_components.leg_invoicing.billing.measurements import IntervalRow
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.formats.deliveries import Direction
from custom_components.leg_invoicing.ledger import Ledger, MeteringPoint
from script.settle_lib.command import main
from tests import given
from tests.formats.quarter_hours import AUTUMN
from tests.forms import close
from tests.meter_files import (
    FILES,
    POINT,
    eda_file,
    grid_file,
    sdat_file,
    starts,
    zipped,
)

pytestmark = [
    pytest.mark.usefixtures("recorder_mock", "no_statistics"),
    pytest.mark.freeze_time("2026-11-03 10:07:00+00:00"),
]

ALWAYS = Span(0, 2**40)
NAMES = {"eda_xlsx": "a.xlsx"}


@pytest.fixture
async def entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return a running community: house_1 has both registers, house_2 imports."""
    entry = given.community(hass)
    await given.set_up(hass, entry)
    return entry


async def bring_in(
    hass: HomeAssistant, content: bytes, name: str = "file", **data: Any
) -> Mapping[str, Any]:
    """Import a file of this content; return the answer."""
    path = given.media(hass) / name
    path.write_bytes(content)
    answer: Mapping[str, Any] = await given.call(
        hass, "import_readings", path=str(path), **data
    )
    return answer


def ledger(entry: MockConfigEntry) -> Ledger:
    """Return the ledger that is open now."""
    found: Ledger = entry.runtime_data.ledger
    return found


def rows(entry: MockConfigEntry) -> list[IntervalRow]:
    """Return everything that the ledger holds."""
    return list(ledger(entry).rows(ALWAYS))


@pytest.mark.parametrize("format_name", FILES)
async def test_every_format_is_imported_once(
    hass: HomeAssistant, entry: MockConfigEntry, format_name: str
) -> None:
    """The doubled hour of October is there twice, and a second import changes nothing."""
    content, name = FILES[format_name](), NAMES.get(format_name, "a.txt")
    asked = await bring_in(hass, content, name, dry_run=True)
    (point,) = asked["unknown_points"]
    mapping = {point: "house_2"}

    first = await bring_in(hass, content, name, mapping=mapping, confirm=True)
    before = rows(entry)
    again = await bring_in(hass, content, name, confirm=True)

    assert first["format"] == again["format"] == format_name
    of_the_day = [row for row in before if starts()[0] <= row.start <= starts()[-1]]
    assert [row.start for row in of_the_day] == starts()
    assert {row[2:5] for row in of_the_day} == {(250_000, 0, Quality.MEASURED)}
    assert first["changed"] == len(before) == again["intervals"]
    assert (again["changed"], again["allotted"], again["unknown_points"]) == (0, 0, [])
    assert rows(entry) == before


async def test_points_are_remembered(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A point is mapped once; nothing is imported before, and the point is named."""
    content = sdat_file()

    with given.refused("points_unknown", points=POINT):
        await bring_in(hass, content)
    assert rows(entry) == []
    await bring_in(hass, content, mapping={POINT: "house_2"})

    assert ledger(entry).points() == {
        POINT: MeteringPoint("house_2", frozenset({Direction.IMPORT}))
    }
    revision, *_ = ledger(entry).revisions(ALWAYS)
    assert (revision.action, revision.houses) == ("import_readings", ("house_2",))


async def test_ignored_points_need_no_answer(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """They are listed, until somebody names their house."""
    options = {**entry.options, "ignored_points": [POINT]}
    hass.config_entries.async_update_entry(entry, options=options)
    await hass.async_block_till_done()

    answer = await bring_in(hass, sdat_file())
    assert (answer["ignored_points"], answer["unknown_points"]) == ([POINT], [])
    assert answer["changed"] == 0

    answer = await bring_in(hass, sdat_file(), mapping={POINT: "house_1"})
    assert answer["ignored_points"] == []
    assert answer["changed"] == 100


async def test_unknown_points_may_be_left_out(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """What is left out is listed, and the rest imported."""
    content = zipped(a=sdat_file(), b=sdat_file(point="CH2"))

    answer = await bring_in(
        hass, content, mapping={POINT: "house_1"}, ignore_unknown=True
    )

    assert answer["unknown_points"] == ["CH2"]
    assert answer["houses"] == ["house_1"]
    assert answer["changed"] == 100


@pytest.mark.parametrize(
    ("content", "mapping", "key"),
    [
        (sdat_file(), {POINT: "house_9"}, "house_not_found"),
        (
            zipped(a=FILES["own_csv"](), b=sdat_file(point="CH2")),
            {POINT: "house_1", "CH2": "house_1"},
            "files_clash",
        ),
    ],
    ids=["no house", "no sum"],
)
async def test_houses_that_cannot_be(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    content: bytes,
    mapping: Mapping[str, str],
    key: str,
) -> None:
    """A house must be there, and what is said of it must add up."""
    with given.refused(key):
        await bring_in(hass, content, mapping=mapping)

    assert rows(entry) == []


async def test_a_dry_run_changes_nothing(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """It says what would change, also in a closed period."""
    mapping = {POINT: "house_2"}
    await bring_in(hass, sdat_file("0.5"), mapping=mapping)
    before = rows(entry)
    close(entry, "2026-10")
    content = zipped(
        a=sdat_file("0.75", created="2026-11-02T00:00:00Z"),
        b=sdat_file("0.5", point="CH2"),
    )

    answer = await bring_in(hass, content, mapping={"CH2": "house_1"}, dry_run=True)

    assert answer["effect"] == {
        "new": 100,
        "replaced": 100,
        "kept": 0,
        "closed_periods": {"2026-10": 200},
    }
    assert rows(entry) == before
    assert set(ledger(entry).points()) == {POINT}


async def test_how_a_load_profile_is_read_must_be_confirmed(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """The refusal shows how it would be read, and every part can be said otherwise."""
    mapping = {"1": "house_2"}
    content = grid_file()

    with given.refused("layout_not_confirmed") as caught:
        await bring_in(hass, content, mapping=mapping)
    shown = caught.value.translation_placeholders["layout"]
    answer = await bring_in(
        hass,
        content,
        mapping=mapping,
        confirm=True,
        stamp="end",
        layout={"values": [{"column": 2, "unit": "Wh"}]},
    )

    assert '"timezone": "Europe/Zurich"' in shown
    assert answer["first"] == iso_utc(starts()[0] - 900)
    assert {row.imported for row in rows(entry)} == {250}


@pytest.mark.parametrize(
    "layout",
    [
        {"colour": "red"},
        {"values": []},
        {"values": [{"column": 0}]},
        {"values": [{"column": 2, "size": 1}]},
        {"minutes": 7},
        {"timezone": "Nowhere"},
        {"time_columns": [1, 2, 3]},
        {"header_line": -1},
    ],
)
async def test_layouts_that_cannot_be(
    hass: HomeAssistant, entry: MockConfigEntry, layout: Mapping[str, Any]
) -> None:
    """They are refused, with what is wrong."""
    with given.refused("layout_invalid"):
        await bring_in(hass, grid_file(), layout=layout, dry_run=True)


async def test_what_is_wrong_with_a_file_is_told(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Gaps, channels that are no energy, and intervals that came twice."""
    reactive = sdat_file().replace(b"KWH", b"KVR")
    early = sdat_file(day=AUTUMN - timedelta(days=2), created="2026-11-01T04:00:00Z")
    content = zipped(a=sdat_file(), b=reactive, c=early, d=sdat_file())

    answer = await bring_in(hass, content, mapping={POINT: "house_2"})

    assert answer["gaps"] == [
        {
            "house": "house_2",
            "from": "2026-10-23T22:00:00Z",
            "to": "2026-10-24T22:00:00Z",
        }
    ]
    assert answer["repeated"] == 100
    assert [one["reason"] for one in answer["skipped"]] == ["KVR is no energy"]
    assert answer["skipped"][0]["file"].endswith("/b")


async def test_intervals_that_do_not_fit_are_told(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """They are left out, not bent."""
    content = b"Zeit;Bezug (kWh)\n25.10.2026 00:00;1\n25.10.2026 00:10;1\n"

    answer = await bring_in(hass, content, mapping={"1": "house_2"}, confirm=True)

    assert answer["intervals"] == 0
    assert "600 seconds" in answer["skipped"][0]["reason"]


async def test_an_archive_with_a_broken_file_brings_nothing(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Not even its good files; the broken one is named with its line."""
    broken = sdat_file().replace(b"<r:Volume>0.25", b"<r:Volume>?", 1)
    content = zipped(a=sdat_file(), b=broken)

    with given.refused("file_broken", line="1"):
        await bring_in(hass, b"house\rstart\n")
    with given.refused("file_broken") as caught:
        await bring_in(hass, content, "x.zip", mapping={POINT: "house_2"})
    with given.refused("file_broken", line="-"):
        await bring_in(hass, content[:-9] + b"123456789", "x.zip")

    about = caught.value.translation_placeholders
    assert about["path"].endswith("x.zip/b")
    assert "Observation 1" in about["reason"]
    assert rows(entry) == []


async def test_two_points_of_a_house_may_come_in_two_files(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """What one file has no point for, another may: it is not known to be zero."""
    house = {POINT: "house_1", "CH2": "house_1"}
    used = sdat_file("0.25")
    produced = sdat_file("0.5", point="CH2", kind="Production")

    await bring_in(hass, used, mapping=house)
    await bring_in(hass, produced, mapping=house)
    again = [await bring_in(hass, content) for content in (used, produced)]

    assert {row[2:5] for row in rows(entry)} == {(250_000, 500_000, Quality.MEASURED)}
    assert [answer["changed"] for answer in again] == [0, 0]


async def test_a_placeholder_waits_for_its_value(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A temporary zero is no energy, and is replaced by what comes later."""
    mapping = {POINT: "house_2"}
    await bring_in(hass, sdat_file("0.000/21"), mapping=mapping)
    (quality,) = {row.quality for row in rows(entry)}

    await bring_in(hass, sdat_file("0.25", created="2026-11-02T00:00:00Z"))

    assert quality is Quality.TEMPORARY
    assert {row[2:5] for row in rows(entry)} == {(250_000, 0, Quality.MEASURED)}


@pytest.mark.parametrize(
    ("factor", "kept", "billed"), [("1", 150_000, 15), ("0.6", 250_000, 15)]
)
async def test_the_part_that_takes_part_is_taken_once(
    hass: HomeAssistant, factor: str, kept: int, billed: float
) -> None:
    """By the grid operator's factor, or else by that of the agreement."""
    house = given.house(hass, 2, ["import"])
    house["data"]["first_agreement"]["factor"] = factor
    entry = given.community(hass, [house])
    await given.set_up(hass, entry)
    content = eda_file(G_01="0.25", G_01T="0.15", G_03="0.1")

    await bring_in(hass, content, mapping={POINT: "house_2"})

    assert {row[2:5] for row in rows(entry)} == {(kept, 0, Quality.MEASURED)}
    assert official(entry) == {(100_000, None)}
    day = "2026-10-25..2026-10-26"
    preview = await given.call(hass, "preview_period", period=day)
    assert preview["statements"][0]["energy_imported_kwh"] == billed


# Official allocations


def official(entry: MockConfigEntry) -> set[tuple[int | None, int | None]]:
    """Return what was allocated, whatever the interval."""
    return {(row.imported, row.exported) for row in ledger(entry).official(ALWAYS)}


async def test_official_allocations_are_kept_beside_measurements(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Community and rest stand beside the whole; a second import changes nothing."""
    content = sdat_file("0.25", community="0.1", residual="0.15")

    first = await bring_in(hass, content, mapping={POINT: "house_2"})
    again = await bring_in(hass, content)

    assert (first["changed"], first["allotted"]) == (100, 200)
    assert (again["changed"], again["allotted"]) == (0, 0)
    assert official(entry) == {(100_000, None)}
    assert list(ledger(entry).official(Span(0, 900))) == []


async def test_official_allocations_of_our_own_csv(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """They stand in two columns of their own."""
    content = (
        b"house,start,import_kwh,export_kwh,community_import_kwh,community_export_kwh\n"
        b"house_2,2026-10-25T00:00:00Z,1,0,0.5,\n"
        b"house_1,2026-10-25T00:00:00Z,0,1,,0.25\n"
    )

    first, again = [await bring_in(hass, content, "a.csv") for _ in range(2)]

    assert (first["allotted"], again["allotted"]) == (2, 0)
    assert official(entry) == {(500_000, None), (None, 250_000)}


async def test_of_official_allocations_the_newest_delivery_counts(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """An older one that comes later changes nothing; what was replaced is kept."""
    mapping = {POINT: "house_2"}
    old = sdat_file(community="0.1")
    new = sdat_file(community="0.2", created="2026-11-02T00:00:00Z")
    same = sdat_file(community="0.2", created="2026-11-03T00:00:00Z")

    counts = [
        (await bring_in(hass, content, mapping=mapping))["allotted"]
        for content in (old, new, old, same, new)
    ]

    assert counts == [100, 100, 0, 0, 0]
    assert official(entry) == {(200_000, None)}
    with ledger(entry)._reader.connect() as connection:
        kept = connection.exec_driver_sql("SELECT mwh FROM allocation_superseded")
        assert set(kept.scalars()) == {100_000}


async def test_what_is_billed_officially(
    hass: HomeAssistant, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the community says so, the bill has the grid operator's energies."""
    entry = given.community(hass, model="split")
    hass.config_entries.async_update_entry(
        entry, options={**entry.options, "official_allocation": "bill"}
    )
    await given.set_up(hass, entry)
    content = zipped(
        a=sdat_file("0.25", community="0.1"),
        b=sdat_file("0.5", point="CH2", kind="Production", residual="0.4"),
        c=sdat_file("0", point="CH3"),
    )
    mapping = {POINT: "house_2", "CH2": "house_1", "CH3": "house_1"}
    await bring_in(hass, content, mapping=mapping)

    day = "2026-10-25..2026-10-26"
    preview = await given.call(hass, "preview_period", period=day)
    closed = await given.call(hass, "close_period", period=day)

    energies = {
        s["house_id"]: (s["local_import_kwh"], s["local_export_kwh"])
        for s in preview["statements"]
    }
    assert energies == {"house_1": (0, 10), "house_2": (10, 0)}
    assert {f["key"]: f["energy_kwh"] for f in preview["findings"]} == {
        "allocation_differs:house_1": 15,
        "allocation_differs:house_2": 15,
    }
    # What was written as evidence gives the same again.
    folder = Path(closed["folder"])
    arguments = ["--intervals", str(folder / "intervals.csv"), "--period", day]
    assert main([*arguments, "--terms", str(folder / "terms.yaml")]) == 0
    again = json.loads(capsys.readouterr().out)
    for name in ("local_import_kwh", "local_export_kwh", "total_ct"):
        assert [s[name] for s in again["statements"]] == [
            s[name] for s in preview["statements"]
        ]
    assert [f["key"] for f in again["findings"]] == [
        f["key"] for f in preview["findings"]
    ]
