"""A meter that takes part in two communities, with a part of its energy in each."""

from datetime import date
from decimal import Decimal
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import SOURCE_USER, ConfigSubentryData
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.leg_invoicing.const import DOMAIN
from tests import given
from tests.forms import Form, choose, fill, refused, shown
from tests.playing import MEASURED, go, number, rows

pytestmark = [
    pytest.mark.usefixtures("recorder_mock"),
    pytest.mark.freeze_time("2026-02-03 10:07:00+00:00"),
]

SENSOR = "sensor.house_1_import"
METERS = {"name": "Annex", "import_register": SENSOR, "max_power_kw": 30}
OCCUPANT = {
    "participant_name": "Ada",
    "address": "Weg 3",
    "language": "de",
    "tariff": "Standard",
    "start_date": "2026-01-01",
}
PUMP = {"name": "Pump", "meter_role": "heat_pump", "is_calculated": False}


def part(house: ConfigSubentryData, factor: str) -> ConfigSubentryData:
    """Return a house of which a part takes part."""
    first = {**house["data"]["first_agreement"], "factor": factor}
    return {**house, "data": {**house["data"], "first_agreement": first}}


def annex(hass: HomeAssistant, number: int) -> ConfigSubentryData:
    """Return a house as another community has it, under another name."""
    return {
        **given.house(hass, number, ["import", "export"]),
        "subentry_id": f"bachweg_{number}",
        "title": f"Annex {number}",
    }


def bachweg(hass: HomeAssistant, *houses: ConfigSubentryData) -> MockConfigEntry:
    """Return another community, which has been added, but not been set up."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Bachweg",
        unique_id="bachweg",
        data=given.community_data(community_id="bachweg"),
        options={
            "issuer": {"name": "Bachweg", "address": "Bachweg 1", "iban": None},
            "payment_term_days": 30,
        },
        subentries_data=houses,
    )
    entry.add_to_hass(hass)
    return entry


@pytest.fixture
async def sonnenweg(hass: HomeAssistant) -> MockConfigEntry:
    """Return a community of two houses that runs, all of which takes part."""
    entry = given.community(hass)
    await given.set_up(hass, entry)
    return entry


@pytest.fixture
async def neighbour(hass: HomeAssistant, sonnenweg: MockConfigEntry) -> MockConfigEntry:
    """Return another one that runs as well, of one house with sensors of its own."""
    entry = bachweg(hass, annex(hass, 3))
    await given.set_up(hass, entry)
    await entry.runtime_data.books.async_next_house_id(date(2026, 1, 1))
    return entry


async def submit(hass: HomeAssistant, form: Form, answers: dict[str, Any]) -> Form:
    """Submit a form, and let everything settle that follows."""
    form = await fill(hass.config_entries.subentries, form, answers)
    await hass.async_block_till_done()
    return form


async def new(
    hass: HomeAssistant, entry: MockConfigEntry, answers: dict[str, Any]
) -> Form:
    """Begin to add a house or, without registers in its first form, a meter."""
    kind = "house" if "import_register" in answers else "meter"
    form = await hass.config_entries.subentries.async_init(
        (entry.entry_id, kind), context={"source": SOURCE_USER}
    )
    return await submit(hass, form, answers)


async def change(
    hass: HomeAssistant, entry: MockConfigEntry, subentry_id: str, step_id: str
) -> Form:
    """Open one of the forms about a house."""
    menu = await entry.start_subentry_reconfigure_flow(hass, subentry_id)
    return await choose(hass.config_entries.subentries, menu, step_id)


async def halve(hass: HomeAssistant, sonnenweg: MockConfigEntry) -> None:
    """Let half of the first house take part from February on."""
    form = await change(hass, sonnenweg, "subentry_1", "change_of_occupant")
    answers = OCCUPANT | {"start_date": "2026-02-01", "factor": 50}
    result = await submit(hass, form, answers)
    assert result["reason"] == "reconfigure_successful"


async def test_two_communities_bill_the_whole_of_a_meter(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """Each follows it, and bills its half; together they bill what it counted."""
    house = given.house(hass, 1, ["import", "export"])
    ours = given.community(hass, [part(house, "0.5"), given.house(hass, 2, ["import"])])
    theirs = bachweg(hass, part(annex(hass, 1), "0.5"))
    await given.set_up(hass, ours)

    for moment, imported, exported in (
        ("10:15", "1000", "7"),
        ("10:30", "1000.4", "7"),
        ("10:45", "1000.4", "7.6"),
        ("10:46", "1000.4", "7.6"),
    ):
        readings = {"house_1_import": imported, "house_1_export": exported}
        await go(hass, freezer, f"2026-02-03 {moment}", **readings, house_2_import="5")

    bills = []
    for entry in (ours, theirs):
        assert await rows(hass, entry, "house_1") == [
            ("house_1", "02-03 10:15", "0.4", "0", MEASURED),
            ("house_1", "02-03 10:30", "0", "0.6", MEASURED),
        ]
        preview = await given.call(
            hass, "preview_period", period="2026-02", config_entry_id=entry.entry_id
        )
        bills.append(preview["statements"][0])
    assert [bill["energy_imported_kwh"] for bill in bills] == [0.2, 0.2]
    assert [bill["energy_exported_kwh"] for bill in bills] == [0.3, 0.3]
    # 0.4 kWh at 25 ct, and 0.6 kWh at 20 ct
    assert sum(bill["import_cost_ct"] for bill in bills) == 10
    assert sum(bill["export_revenue_ct"] for bill in bills) == 12


async def test_each_community_has_its_own_devices(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """What they say about the meter stands side by side, under their own names."""
    ours = given.community(hass)
    theirs = bachweg(hass, part(annex(hass, 1), "0.5"))
    await given.set_up(hass, ours)

    devices, entities = dr.async_get(hass), er.async_get(hass)
    for entry, names in (
        (ours, {"Sonnenweg", "House 1", "House 2"}),
        (theirs, {"Bachweg", "Annex 1"}),
    ):
        of_entry = dr.async_entries_for_config_entry(devices, entry.entry_id)
        assert {device.name for device in of_entry} == names
        assert er.async_entries_for_config_entry(entities, entry.entry_id)
    await go(hass, freezer, "2026-02-03 10:15", house_1_import="3", house_1_export="0")
    await go(hass, freezer, "2026-02-03 10:30", house_1_import="4", house_1_export="0")
    await go(hass, freezer, "2026-02-03 10:31", house_1_import="4", house_1_export="0")
    assert number(hass, "house_1_imported_energy") == 1
    assert number(hass, "annex_1_imported_energy") == Decimal("0.5")


async def test_a_sensor_that_is_taken_for_good(
    hass: HomeAssistant, sonnenweg: MockConfigEntry, neighbour: MockConfigEntry
) -> None:
    """Nothing of it is left, whatever will be said about the newcomer."""
    names = {"entity": SENSOR, "others": "House 1 (Sonnenweg)"}
    form = await new(hass, neighbour, METERS)
    assert refused(form, "import_register", "register_taken", **names)

    form = await new(hass, neighbour, PUMP)
    form = await submit(hass, form, {"import_register": SENSOR, "max_power_kw": 30})
    assert refused(form, "import_register", "register_taken", **names)


async def test_a_new_house_takes_what_is_left(
    hass: HomeAssistant, sonnenweg: MockConfigEntry, neighbour: MockConfigEntry
) -> None:
    """Not more, and not before there is anything; then nobody else takes more."""
    await halve(hass, sonnenweg)
    form = await new(hass, neighbour, METERS)
    assert form["step_id"] == "occupant"

    form = await submit(hass, form, OCCUPANT | {"factor": 50})
    over = {"entity": SENSOR, "others": "House 1 (Sonnenweg)"}
    assert refused(
        form, "factor", "parts_over_one", day="2026-01-01", total="150", **over
    )
    later = OCCUPANT | {"start_date": "2026-02-01"}
    form = await submit(hass, form, later | {"factor": 50.5})
    assert refused(
        form, "factor", "parts_over_one", day="2026-02-01", total="100.5", **over
    )
    form = await submit(hass, form, later | {"factor": 50})
    assert form["type"] is FlowResultType.CREATE_ENTRY

    form = await change(hass, sonnenweg, "subentry_1", "change_of_occupant")
    answers = OCCUPANT | {"start_date": "2026-02-02", "factor": 60}
    form = await submit(hass, form, answers)
    assert refused(
        form,
        "factor",
        "parts_over_one",
        day="2026-02-02",
        total="110",
        others="Annex (Bachweg)",
    )
    result = await submit(hass, form, answers | {"factor": 40})
    assert result["reason"] == "reconfigure_successful"


async def test_a_house_goes_from_one_community_to_the_other(
    hass: HomeAssistant, sonnenweg: MockConfigEntry, neighbour: MockConfigEntry
) -> None:
    """All of it takes part in both, on different days."""
    await hass.services.async_call(
        DOMAIN,
        "leave_community",
        {
            "house": "House 1",
            "day": "2026-03-01",
            "config_entry_id": sonnenweg.entry_id,
        },
        blocking=True,
    )
    form = await new(hass, neighbour, METERS)
    form = await submit(hass, form, OCCUPANT | {"start_date": "2026-02-28"})
    assert refused(form, "factor", "parts_over_one", day="2026-02-28", total="200")
    form = await submit(hass, form, OCCUPANT | {"start_date": "2026-03-01"})
    assert form["type"] is FlowResultType.CREATE_ENTRY

    form = await change(hass, sonnenweg, "subentry_1", "change_of_occupant")
    form = await submit(hass, form, OCCUPANT | {"start_date": "2026-04-01"})
    assert refused(form, "factor", "parts_over_one", day="2026-04-01", total="200")


async def test_the_sensor_of_a_house_that_takes_part_already(
    hass: HomeAssistant, sonnenweg: MockConfigEntry, neighbour: MockConfigEntry
) -> None:
    """Another one is refused from the first day on which both count."""
    await halve(hass, sonnenweg)
    form = await change(hass, neighbour, "bachweg_3", "meters")
    answers = shown(form) | {"import_register": SENSOR}
    answers = {key: value for key, value in answers.items() if value is not None}
    form = await submit(hass, form, answers)
    assert refused(
        form,
        "import_register",
        "parts_over_one",
        entity=SENSOR,
        day="2026-01-01",
        total="200",
        others="House 1 (Sonnenweg)",
    )


async def test_a_meter_takes_part_with_its_house(
    hass: HomeAssistant, sonnenweg: MockConfigEntry, neighbour: MockConfigEntry
) -> None:
    """Its register may be followed elsewhere for what its house leaves."""
    await halve(hass, sonnenweg)
    form = await new(hass, neighbour, PUMP)
    form = await submit(hass, form, {"import_register": SENSOR, "max_power_kw": 30})
    form = await submit(hass, form, {"house": "house_3", "start_date": "2026-02-01"})
    over = {"entity": SENSOR, "others": "House 1 (Sonnenweg)"}
    assert refused(
        form, "base", "parts_over_one", day="2026-02-01", total="150", **over
    )

    form_of_house = await change(hass, neighbour, "bachweg_3", "change_of_occupant")
    half = OCCUPANT | {"start_date": "2026-02-01", "factor": 50}
    await submit(hass, form_of_house, half)
    form = await submit(hass, form, {"house": "house_3", "start_date": "2026-02-01"})
    assert form["type"] is FlowResultType.CREATE_ENTRY

    # What its house takes part with is what it does, too.
    form = await change(hass, neighbour, "bachweg_3", "change_of_occupant")
    form = await submit(hass, form, half | {"start_date": "2026-02-03", "factor": 51})
    assert refused(
        form, "factor", "parts_over_one", day="2026-02-03", total="101", **over
    )


async def test_a_community_that_does_not_run(
    hass: HomeAssistant, sonnenweg: MockConfigEntry, neighbour: MockConfigEntry
) -> None:
    """Nobody knows which part is left; whoever takes less may go on."""
    await halve(hass, sonnenweg)
    form = await new(hass, neighbour, METERS)
    form = await submit(
        hass, form, OCCUPANT | {"start_date": "2026-02-01", "factor": 50}
    )
    assert await hass.config_entries.async_unload(sonnenweg.entry_id)

    form = await new(hass, neighbour, METERS | {"name": "Shed"})
    assert refused(form, "import_register", "register_used", house="Annex")
    (annex,) = (s for s in neighbour.subentries.values() if s.title == "Annex")
    form = await change(hass, neighbour, annex.subentry_id, "change_of_occupant")
    answers = OCCUPANT | {"start_date": "2026-02-02", "factor": 51}
    form = await submit(hass, form, answers)
    assert refused(form, "factor", "community_not_loaded", others="House 1 (Sonnenweg)")
    result = await submit(hass, form, answers | {"factor": 49})
    assert result["reason"] == "reconfigure_successful"

    er.async_get(hass).async_remove(SENSOR)
    form = await change(hass, neighbour, annex.subentry_id, "change_of_occupant")
    form = await submit(hass, form, answers | {"start_date": "2026-02-03"})
    assert refused(form, "factor", "community_not_loaded")

    # Its own sensors can be changed although it does not run.
    form = await change(hass, sonnenweg, "subentry_1", "meters")
    kept = {"name": "Home", "export_register": "sensor.house_1_export"}
    result = await submit(hass, form, kept | {"max_power_kw": 30})
    assert result["reason"] == "reconfigure_successful"
