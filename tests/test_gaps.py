"""Gaps in a running community: their shape, what they block, and how they are filled."""

from pathlib import Path
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import STORAGE_DIR
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.leg_invoicing.billing.calendar import iso_utc
from custom_components.leg_invoicing.billing.energy import Energy
from custom_components.leg_invoicing.ledger import Ledger
from tests import given
from tests.playing import INTERPOLATED, go, instant, rows, unwritable_ledger

pytestmark = [
    pytest.mark.usefixtures("recorder_mock", "no_statistics"),
    pytest.mark.freeze_time("2026-02-03 10:07:00+00:00"),
]

HEADER = "house,start,import_kwh,export_kwh,quality"
DAY = "2026-02-01..2026-02-02"


async def set_up(hass: HomeAssistant, **rule: Any) -> MockConfigEntry:
    """Return a running community with a rule for gaps."""
    entry = given.community(hass, [given.house(hass, 2, ["import"])])
    usual = {"policy": "interpolate", "limit_minutes": 60, "shape": "linear"}
    options = entry.options | {"gaps": usual | rule}
    hass.config_entries.async_update_entry(entry, options=options)
    await given.set_up(hass, entry)
    return entry


async def bring_in(hass: HomeAssistant, *lines: str) -> dict[str, Any]:
    """Import a file of these lines."""
    path = given.media(hass) / "file.csv"
    path.write_text("\n".join(lines) + "\n")
    answer: dict[str, Any] = await given.call(hass, "import_readings", path=str(path))
    return answer


async def measured(hass: HomeAssistant, start: str, *energies: str) -> None:
    """Import measured quarter hours of house 2."""
    first = instant(start)
    await bring_in(
        hass,
        HEADER,
        *(
            f"house_2,{iso_utc(first + n * 900)},{kwh},0,measured"
            for n, kwh in enumerate(energies)
        ),
    )


async def newest(
    hass: HomeAssistant, entry: MockConfigEntry, count: int
) -> list[tuple[Any, ...]]:
    """Return the newest rows of the ledger: time, kWh imported, quality."""
    found = await rows(hass, entry)
    return [(start[6:], kwh, quality) for _, start, kwh, _, quality in found[-count:]]


async def silent(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, start: str, end: str
) -> None:
    """Let the meter count 1 kWh while nobody can read it."""
    await go(hass, freezer, f"2026-02-03 {start}", house_2_import="1")
    await go(hass, freezer, f"2026-02-03 {start[:-1]}6", house_2_import="unavailable")
    await go(hass, freezer, f"2026-02-03 {end}", house_2_import="2")


# The shape of what meters count while they are silent


async def test_a_meter_that_comes_back_fills_its_gap_in_the_shape_of_last_week(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """The ledger's own history says when the energy was probably used."""
    entry = await set_up(hass, shape="profile")
    await measured(hass, "2026-01-27 10:15", "0.1", "0.3", "0.2", "0.4")

    await silent(hass, freezer, "10:15", "11:15")
    await go(hass, freezer, "2026-02-03 11:16")

    assert await newest(hass, entry, 4) == [
        ("10:15", "0.1", INTERPOLATED),
        ("10:30", "0.3", INTERPOLATED),
        ("10:45", "0.2", INTERPOLATED),
        ("11:00", "0.4", INTERPOLATED),
    ]


async def test_by_default_a_gap_is_spread_evenly(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """Without the choice, history plays no part."""
    entry = await set_up(hass)
    await measured(hass, "2026-01-27 10:15", "0.1", "0.3", "0.2", "0.4")

    await silent(hass, freezer, "10:15", "11:15")
    await go(hass, freezer, "2026-02-03 11:16")

    assert {row[1:] for row in await newest(hass, entry, 4)} == {("0.25", INTERPOLATED)}


async def test_what_could_not_be_written_keeps_its_shape_for_later(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """A full disk costs a gap neither its energy nor its shape."""
    entry = await set_up(hass, shape="profile")
    await measured(hass, "2026-01-27 10:15", "0.1", "0.3", "0.2", "0.4")

    with unwritable_ledger():
        await silent(hass, freezer, "10:15", "11:15")
        await go(hass, freezer, "2026-02-03 11:16")
    await go(hass, freezer, "2026-02-03 11:31")

    assert [kwh for _, kwh, _ in (await newest(hass, entry, 5))[:4]] == [
        "0.1",
        "0.3",
        "0.2",
        "0.4",
    ]


async def test_the_register_at_midnight_agrees_with_the_shape(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """What a bill prints as the reading is what its intervals add up to."""
    entry = await set_up(hass, shape="profile")
    await measured(hass, "2026-01-27 22:45", "0.1", "0.3")

    await silent(hass, freezer, "22:45", "23:15")
    await go(hass, freezer, "2026-02-03 23:16")

    assert await newest(hass, entry, 2) == [
        ("22:45", "0.25", INTERPOLATED),
        ("23:00", "0.75", INTERPOLATED),
    ]
    ledger: Ledger = entry.runtime_data.ledger
    midnight = await hass.async_add_executor_job(
        ledger.reading_at, "house_2", "import", instant("2026-02-03 23:00")
    )
    assert midnight == Energy(1_250_000)


async def test_readings_from_a_file_are_shaped_by_what_is_known(
    hass: HomeAssistant,
) -> None:
    """The same file twice changes nothing, shaped or not."""
    entry = await set_up(hass, shape="profile")
    await measured(hass, "2026-01-25 10:00", "0.3", "0.1")
    file = (
        "house,time,import_kwh,export_kwh",
        "house_2,2026-02-01T10:00Z,100,",
        "house_2,2026-02-01T10:30Z,104,",
    )

    first, again = [await bring_in(hass, *file) for _ in range(2)]

    assert (first["changed"], again["changed"]) == (2, 0)
    assert await newest(hass, entry, 2) == [
        ("10:00", "3", INTERPOLATED),
        ("10:15", "1", INTERPOLATED),
    ]


# What gaps block


def day_file(quality: str = "measured", gap: range = range(0)) -> list[str]:
    """Return a day of quarter hours, of which some were interpolated."""
    start = instant("2026-02-01T00:00+01:00")
    return [
        HEADER,
        *(
            f"house_2,{iso_utc(start + n * 900)},0.1,0,"
            f"{'interpolated' if n in gap else quality}"
            for n in range(96)
        ),
    ]


async def keys(hass: HomeAssistant) -> list[str]:
    """Return the names of what is wrong with the day."""
    preview = await given.call(hass, "preview_period", period=DAY)
    return [finding["key"] for finding in preview["findings"]]


async def test_a_long_gap_blocks_until_it_is_accepted(hass: HomeAssistant) -> None:
    """The period is closed by whoever names the gap, and the invoice tells of it."""
    await set_up(hass)
    await bring_in(hass, *day_file(gap=range(10, 15)))

    with given.refused("findings_block", findings="gap_too_long:house_2"):
        await given.call(hass, "close_period", period=DAY)
    answer = await given.call(
        hass, "close_period", period=DAY, accept_findings=["gap_too_long:house_2"]
    )

    (invoice,) = answer["invoices"]
    (finding,) = invoice["findings"]
    assert finding["details"] == {"longest_hours": "1.25", "limit_hours": "1"}
    assert invoice["intervals"] == {"measured": 91, "interpolated": 5}
    assert [str(share) for share in invoice["interval_shares_percent"].values()] == [
        "94.8",
        "5.2",
    ]


async def test_substitute_values_fill_a_gap(hass: HomeAssistant) -> None:
    """What the grid operator puts in its place is better than what was calculated."""
    await set_up(hass)
    await bring_in(hass, *day_file(gap=range(10, 15)))
    assert await keys(hass) == ["gap_too_long:house_2"]

    answer = await bring_in(
        hass, HEADER, *(day_file("substituted")[n] for n in range(11, 16))
    )

    assert answer["changed"] == 5
    assert await keys(hass) == []
    closed = await given.call(hass, "close_period", period=DAY)
    assert closed["invoices"][0]["intervals"] == {"measured": 91, "substituted": 5}


async def test_substitute_values_leave_what_is_closed_as_it_is(
    hass: HomeAssistant,
) -> None:
    """Better values may come late: an issued invoice stays, to the byte."""
    await set_up(hass)
    await bring_in(hass, *day_file(gap=range(10, 15)))
    await given.call(
        hass, "close_period", period=DAY, accept_findings=["gap_too_long:house_2"]
    )
    before = frozen(hass)

    answer = await bring_in(hass, *day_file("substituted", range(0))[:40])

    assert answer["changed"] == 5
    assert frozen(hass) == before
    assert before


def frozen(hass: HomeAssistant) -> dict[str, bytes]:
    """Return the files of the books."""
    folder = Path(hass.config.path(STORAGE_DIR))
    return {
        path.name: path.read_bytes()
        for path in folder.glob("leg_invoicing.*.books*")
        if path.is_file()
    }


async def test_measured_only_needs_every_value(hass: HomeAssistant) -> None:
    """A single interpolated quarter hour is for a person to accept or to fill."""
    await set_up(hass, policy="measure_only")
    await bring_in(hass, *day_file(gap=range(10, 11)))

    with given.refused("findings_block", findings="gap_too_long:house_2"):
        await given.call(hass, "close_period", period=DAY)


async def test_a_house_that_never_was_measured_blocks_by_name(
    hass: HomeAssistant,
) -> None:
    """A meter that is not there is not a house that uses nothing."""
    await set_up(hass)

    with given.refused("findings_block", findings="missing_data:house_2"):
        await given.call(hass, "close_period", period=DAY)


async def test_the_rule_is_frozen_with_the_period(
    hass: HomeAssistant,
) -> None:
    """Whoever settles a closed period again finds the rule in its terms."""
    await set_up(hass, limit_minutes=90)
    await bring_in(hass, *day_file())
    await given.call(hass, "close_period", period=DAY)

    issued = b"".join(
        path.read_bytes()
        for path in Path(hass.config.path(STORAGE_DIR)).glob("leg_invoicing.*")
        if path.is_file() and b"agreements" in path.read_bytes()
    )

    assert b"gaps: {policy: interpolate, limit_hours: 1.5, shape: linear}" in issued
