"""What people say about measurements: readings by hand, and energies."""

from collections.abc import Iterator
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import Context, HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.leg_invoicing.billing.calendar import Span
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.ledger import Revision, Source
from tests import given
from tests.playing import go, instant, rows, unwritable_ledger

MANUAL, MEASURED, INTERPOLATED = Quality.MANUAL, Quality.MEASURED, Quality.INTERPOLATED

pytestmark = [
    pytest.mark.usefixtures("recorder_mock", "no_statistics"),
    pytest.mark.freeze_time("2026-02-04 10:00:00+00:00"),
]

READ = {"house": "House 2", "register": "import", "reason": "Read off the display"}


@pytest.fixture
async def entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return a running community of two houses."""
    entry = given.community(hass)
    await given.set_up(hass, entry)
    return entry


async def of_house_2(hass: HomeAssistant, entry: MockConfigEntry) -> list[Any]:
    """Return the rows of house 2: start, kWh in, quality."""
    return [
        (start, kwh, quality)
        for _, start, kwh, _, quality in await rows(hass, entry, "house_2")
    ]


async def total(hass: HomeAssistant, entry: MockConfigEntry) -> float:
    """Return all kWh that house 2 imported."""
    return sum(float(kwh) for _, kwh, _ in await of_house_2(hass, entry))


def revisions(entry: MockConfigEntry) -> list[Revision]:
    """Return what was changed by anybody but a meter."""
    return list(entry.runtime_data.ledger.revisions(Span(0, 2**40)))


# Readings


async def silence(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Let the meter of house 2 run from 100 kWh on, be silent, and come back."""
    await go(hass, freezer, "2026-02-04 10:00:10", house_2_import=100)
    await go(hass, freezer, "2026-02-04 10:15:00", house_2_import=101)
    await go(hass, freezer, "2026-02-04 10:30:00", house_2_import=102)
    await go(hass, freezer, "2026-02-04 10:31:00", house_2_import="unavailable")
    await go(hass, freezer, "2026-02-04 11:30:00", house_2_import=110)
    await go(hass, freezer, "2026-02-04 11:45:00", house_2_import=111)
    await go(hass, freezer, "2026-02-04 11:47:00", house_2_import=111)


async def test_a_reading_in_a_gap_divides_it(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """The energy before and after the reading is spread anew; the sum stays."""
    await silence(hass, freezer)
    assert await of_house_2(hass, entry) == [
        ("02-04 10:15", "1", MEASURED),
        ("02-04 10:30", "2", INTERPOLATED),
        ("02-04 10:45", "2", INTERPOLATED),
        ("02-04 11:00", "2", INTERPOLATED),
        ("02-04 11:15", "2", INTERPOLATED),
        ("02-04 11:30", "1", MEASURED),
    ]

    answer = await given.call(
        hass, "add_reading", time="2026-02-04T11:00:00+00:00", value=104, **READ
    )

    assert answer == {
        "intervals": 4,
        "from": "2026-02-04T10:30:00Z",
        "to": "2026-02-04T11:30:00Z",
    }
    assert await of_house_2(hass, entry) == [
        ("02-04 10:15", "1", MEASURED),
        ("02-04 10:30", "1", INTERPOLATED),
        ("02-04 10:45", "1", INTERPOLATED),
        ("02-04 11:00", "3", INTERPOLATED),
        ("02-04 11:15", "3", INTERPOLATED),
        ("02-04 11:30", "1", MEASURED),
    ]


async def test_readings_close_together_are_as_good_as_a_person(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """An interval between two close readings is manual when one is by hand."""
    await silence(hass, freezer)

    at = {"time": "2026-02-04 12:15:00", "value": "107.5"}
    await given.call(hass, "add_reading", **at, **READ)

    assert (await of_house_2(hass, entry))[4] == ("02-04 11:15", "2.5", MANUAL)
    assert await total(hass, entry) == 10


async def test_several_readings_and_a_corrected_one(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Each reading counts, off the grid too, and the newest word about one instant."""
    await silence(hass, freezer)

    for time, value in (("11:50", 105), ("12:05", 106), ("11:50", 104)):
        at = {"time": f"2026-02-04 {time}:00", "value": value}
        await given.call(hass, "add_reading", **at, **READ)

    assert await of_house_2(hass, entry) == [
        ("02-04 10:15", "1", MEASURED),
        ("02-04 10:30", "1.5", INTERPOLATED),
        # 104 kWh at 10:50, from where on it is 2 kWh in a quarter hour.
        ("02-04 10:45", "1.833333", INTERPOLATED),
        ("02-04 11:00", "2.266667", INTERPOLATED),
        ("02-04 11:15", "2.4", INTERPOLATED),
        ("02-04 11:30", "1", MEASURED),
    ]
    assert await total(hass, entry) == 10


async def test_a_reading_before_the_first_one(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """What was used before the sensor came is known from an older reading."""
    await go(hass, freezer, "2026-02-04 10:07:00", house_2_import=110)

    at = {"time": "2026-02-04", "value": 100}
    await given.call(hass, "add_reading", **at, **READ)
    await go(hass, freezer, "2026-02-04 10:15:00", house_2_import=111)
    await go(hass, freezer, "2026-02-04 10:30:00", house_2_import=112)
    await go(hass, freezer, "2026-02-04 10:32:00")

    found = await of_house_2(hass, entry)
    assert found[0][0] == "02-03 23:00"
    assert [row[2] for row in found[-2:]] == [INTERPOLATED, MEASURED]
    assert await total(hass, entry) == pytest.approx(12)
    ledger = entry.runtime_data.ledger
    midnight = instant("2026-02-03 23:00")
    assert ledger.reading_at("house_2", "import", midnight).kwh == 100


async def test_a_reading_after_the_last_one(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """The register goes on from a reading by hand when the meter comes back."""
    await go(hass, freezer, "2026-02-04 10:00:00", house_2_import=100)
    await go(hass, freezer, "2026-02-04 10:01:00", house_2_import="unavailable")
    await go(hass, freezer, "2026-02-04 12:00:00")

    at = {"time": "2026-02-04T11:00:00+00:00", "value": 104}
    await given.call(hass, "add_reading", **at, **READ)
    assert [kwh for _, kwh, _ in await of_house_2(hass, entry)] == ["1"] * 4
    # It was misread, as it turns out.
    at = {"time": "2026-02-04T11:00:00+00:00", "value": 102}
    await given.call(hass, "add_reading", **at, **READ)
    await hass.config_entries.async_reload(entry.entry_id)
    await go(hass, freezer, "2026-02-04 12:30:00", house_2_import=105)
    await go(hass, freezer, "2026-02-04 12:32:00")

    assert await of_house_2(hass, entry) == [
        *((f"02-04 10:{m:02}", "0.5", INTERPOLATED) for m in (0, 15, 30, 45)),
        *((f"02-04 11:{m:02}", "0.5", INTERPOLATED) for m in (0, 15, 30, 45)),
        *((f"02-04 12:{m:02}", "0.5", INTERPOLATED) for m in (0, 15)),
    ]


async def test_a_reading_where_all_is_measured_changes_nothing(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """What a meter measured stays as it is; the reading is kept, and who took it."""
    await silence(hass, freezer)
    before = await of_house_2(hass, entry)

    at = {"time": "2026-02-04T10:20:00+00:00", "value": "101.4"}
    answer = await given.call(hass, "add_reading", **at, **READ)

    assert answer == {"intervals": 0, "from": None, "to": None}
    assert await of_house_2(hass, entry) == before
    (revision,) = (r for r in revisions(entry) if r.source is Source.HAND)
    assert revision.houses == ("house_2",)
    assert revision.changed == 0


@pytest.mark.parametrize(
    ("time", "value", "key", "other"),
    [
        ("10:50", "101.8", "reading_too_low", ("102", "2026-02-04 11:30")),
        ("10:50", "110.2", "reading_too_high", ("110", "2026-02-04 12:30")),
        ("10:20", "102.2", "reading_too_high", ("102", "2026-02-04 11:30")),
        ("10:35", "106", "reading_too_far", ("102", "2026-02-04 11:30")),
        ("11:25", "103", "reading_too_far", ("110", "2026-02-04 12:30")),
    ],
)
async def test_a_reading_that_contradicts_others_is_refused(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    time: str,
    value: str,
    key: str,
    other: tuple[str, str],
) -> None:
    """Both readings are named, and nothing changes."""
    await silence(hass, freezer)
    before = await of_house_2(hass, entry)

    expected = {
        "house": "House 2",
        "value": value,
        "other_value": other[0],
        "other_time": other[1],
    }
    with given.refused(key, **expected):
        at = {"time": f"2026-02-04T{time}:00+00:00", "value": value}
        await given.call(hass, "add_reading", **at, **READ)

    assert await of_house_2(hass, entry) == before
    assert not [r for r in revisions(entry) if r.source is Source.HAND]


async def test_a_reading_across_a_change_of_meter(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """A reading is compared with what the meter of its time showed."""
    from custom_components.leg_invoicing.billing.energy import Energy
    from custom_components.leg_invoicing.billing.meter_change import MeterChange
    from custom_components.leg_invoicing.ledger import Origin, StoredChange

    await silence(hass, freezer)
    at, final, first = instant("2026-02-04 11:50"), Energy(111_000_000), Energy(0)
    key = ("house_2", "import")

    def change(gathering: Any) -> Iterator[StoredChange]:
        gathering.change(key, MeterChange(at=at, final=final, first=first))
        yield StoredChange(
            house_id=key[0], register=key[1], at=at, final=final, first=first
        )

    metering = entry.runtime_data.coordinator.metering
    await metering.async_change(change, Origin(source=Source.HAND, at=at))
    await go(hass, freezer, "2026-02-04 12:00:00", house_2_import=1)
    await go(hass, freezer, "2026-02-04 12:15:00", house_2_import=2)
    await go(hass, freezer, "2026-02-04 12:17:00")

    for time, value in (("11:00", 104), ("12:05", "1.3")):
        at_time = {"time": f"2026-02-04T{time}:00+00:00", "value": value}
        await given.call(hass, "add_reading", **at_time, **READ)

    found = await of_house_2(hass, entry)
    assert [kwh for _, kwh, _ in found] == ["1", "1", "1", "3", "3", "1", "1", "1"]
    with given.refused("reading_too_high", other_value="2"):
        at_time = {"time": "2026-02-04T12:10:00+00:00", "value": 105}
        await given.call(hass, "add_reading", **at_time, **READ)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"house": "House 9"}, "house_unknown"),
        ({"register": "export"}, "register_unknown"),
        ({"time": "2026-02-04 11:00:01"}, "in_the_future"),
    ],
)
async def test_a_reading_must_be_possible(
    hass: HomeAssistant, entry: MockConfigEntry, changes: dict[str, str], key: str
) -> None:
    """A reading of what is not there, or not yet, is refused."""
    reading = {**READ, "time": "2026-02-04 11:00:00", "value": 1}

    with given.refused(key):
        await given.call(hass, "add_reading", **{**reading, **changes})


async def test_a_reading_that_cannot_be_written(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """The register stays where it was, and the person is told."""
    await go(hass, freezer, "2026-02-04 10:00:00", house_2_import=100)
    metering = entry.runtime_data.coordinator.metering
    before = dict(metering.states)

    at = {"time": "2026-02-04 11:00:00", "value": 100}
    with unwritable_ledger(), given.refused("ledger_not_written"):
        await given.call(hass, "add_reading", **at, **READ)
    other = {**READ, "house": "House 1"}
    with unwritable_ledger(), given.refused("ledger_not_written"):
        await given.call(hass, "add_reading", **at, **other)

    assert metering.states == before


# Energies


CORRECT = {"house": "house_2", "reason": "The utility says so"}


async def test_an_energy_by_hand(
    hass: HomeAssistant, entry: MockConfigEntry, hass_admin_user: MockUser
) -> None:
    """An interval gets the energy that a person enters, with reason and author."""
    await given.measured(hass, "2026-02-01..2026-02-02", house_2="0.1/0")

    answer = await hass.services.async_call(
        "leg_invoicing",
        "correct_interval",
        {**CORRECT, "start": "2026-02-01 00:15:00", "import_kwh": "0.7"},
        blocking=True,
        return_response=True,
        context=Context(user_id=hass_admin_user.id),
    )

    assert answer == {
        "intervals": 1,
        "from": "2026-01-31T23:15:00Z",
        "to": "2026-01-31T23:30:00Z",
    }
    assert (await of_house_2(hass, entry))[:3] == [
        ("01-31 23:00", "0.1", MEASURED),
        ("01-31 23:15", "0.7", MANUAL),
        ("01-31 23:30", "0.1", MEASURED),
    ]
    revision = revisions(entry)[0]
    assert (revision.source, revision.action) == (Source.HAND, "correct_interval")
    assert (revision.reason, revision.user_id) == (
        "The utility says so",
        hass_admin_user.id,
    )
    coordinator = entry.runtime_data.coordinator
    assert coordinator.data.so_far.house("house_2").energy.imported.mwh == 10_200_000


async def test_a_persons_word_stays(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A file that comes later does not replace what a person entered."""
    start = "2026-02-01 00:00:00"
    await given.call(hass, "correct_interval", start=start, import_kwh=1, **CORRECT)
    await given.measured(hass, "2026-02-01..2026-02-02", house_2="0.1/0")

    assert (await of_house_2(hass, entry))[0] == ("01-31 23:00", "1", MANUAL)
    await given.call(hass, "correct_interval", start=start, import_kwh=2, **CORRECT)
    assert (await of_house_2(hass, entry))[0] == ("01-31 23:00", "2", MANUAL)


@pytest.mark.parametrize("length", [{"end": "2026-02-01 00:45:00"}, {"intervals": 3}])
async def test_a_run_is_spread_evenly(
    hass: HomeAssistant, entry: MockConfigEntry, length: dict[str, Any]
) -> None:
    """The energy of a run is divided into whole mWh that sum to it."""
    energy = {"start": "2026-02-01", "import_kwh": "0.000005", "export_kwh": 3}
    house = {**CORRECT, "house": "house_1"}
    await given.call(hass, "correct_interval", **energy, **length, **house)

    assert await rows(hass, entry) == [
        ("house_1", "01-31 23:00", "0.000001", "1", MANUAL),
        ("house_1", "01-31 23:15", "0.000002", "1", MANUAL),
        ("house_1", "01-31 23:30", "0.000002", "1", MANUAL),
    ]


async def test_a_side_that_is_not_said_stays(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Only a register that the house does not have is taken as nothing."""
    start = {"start": "2026-02-01", "import_kwh": 1}
    for house in ("house_1", "house_2"):
        await given.call(
            hass, "correct_interval", **start, **{**CORRECT, "house": house}
        )

    assert [row[2:4] for row in await rows(hass, entry)] == [("1", None), ("1", "0")]


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"start": "2026-02-01 00:05:00"}, "off_grid"),
        ({"end": "2026-02-01 00:05:00"}, "off_grid"),
        ({"end": "2026-01-31"}, "span_invalid"),
        ({"intervals": 31 * 96 + 1}, "span_invalid"),
        ({"start": "2026-02-04 11:00:00"}, "in_the_future"),
        ({"import_kwh": 9}, "energy_too_high"),
        ({"house": "nobody"}, "house_unknown"),
    ],
)
async def test_an_energy_must_be_possible(
    hass: HomeAssistant, entry: MockConfigEntry, changes: dict[str, Any], key: str
) -> None:
    """An energy off the grid, in the future or beyond the connection is refused."""
    energy = {**CORRECT, "start": "2026-02-01", "import_kwh": 1}

    with given.refused(key):
        await given.call(hass, "correct_interval", **{**energy, **changes})

    assert await rows(hass, entry) == []


async def test_an_energy_must_be_said(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A correction of neither side is refused."""
    with given.refused("energy_needed"):
        await given.call(hass, "correct_interval", start="2026-02-01", **CORRECT)


async def test_an_energy_that_cannot_be_written(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """The person is told when the disk is full."""
    energy = {**CORRECT, "start": "2026-02-01", "import_kwh": 1}

    with unwritable_ledger(), given.refused("ledger_not_written"):
        await given.call(hass, "correct_interval", **energy)
