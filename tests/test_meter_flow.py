"""Adding meters beside the houses' own, and changing them."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from homeassistant.config_entries import SOURCE_USER, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.leg_invoicing.billing.agreements import Owner, Party
from custom_components.leg_invoicing.billing.commitment_membership import with_owner
from custom_components.leg_invoicing.billing.meters import Meter, Role, ShareBy
from custom_components.leg_invoicing.runtime import terms_now
from tests import given
from tests.forms import Form, choose, close, fill, refused, shown

pytestmark = [
    pytest.mark.usefixtures("recorder_mock"),
    pytest.mark.freeze_time("2026-07-10 12:00:00+00:00"),
]

REGISTERS = {"import_register": "sensor.spare_import", "max_power_kw": 22}


@pytest.fixture
async def entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return a community of two houses that runs, and sensors to spare."""
    for name in ("spare_import", "spare_export", "tag"):
        given.register(hass, name)
        given.show(hass, name, 1)
    entry = given.community(hass)
    await given.set_up(hass, entry)
    return entry


async def begin(
    hass: HomeAssistant, entry: MockConfigEntry, role: str, name: str = "New one"
) -> Form:
    """Say the name and the role of a new meter."""
    form = await hass.config_entries.subentries.async_init(
        (entry.entry_id, "meter"), context={"source": SOURCE_USER}
    )
    return await submit(hass, form, {"name": name, "meter_role": role})


async def submit(hass: HomeAssistant, form: Form, *answers: dict[str, Any]) -> Form:
    """Submit one form after the other, and let everything settle that follows."""
    for answer in answers:
        form = await fill(hass.config_entries.subentries, form, answer)
    await hass.async_block_till_done()
    return form


async def added(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    role: str,
    *answers: dict[str, Any],
    name: str = "New one",
) -> Meter:
    """Add a meter; return it as settlements know it."""
    form = await submit(hass, await begin(hass, entry, role, name), *answers)
    assert form["type"] is FlowResultType.CREATE_ENTRY, form
    assert entry.state is ConfigEntryState.LOADED
    meters = {meter.name: meter for meter in terms_now(entry).meters}
    return meters[name]


def registry_id(hass: HomeAssistant, entity_id: str) -> str:
    """Return a sensor's id in the registry."""
    entity = er.async_get(hass).async_get(entity_id)
    assert entity is not None
    return entity.id


async def test_heat_pump(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Three forms make a meter that is measured and billed."""
    form = await begin(hass, entry, "heat_pump", "Boiler")
    assert form["step_id"] == "registers"
    assert form["description_placeholders"]["meter"] == "Boiler"
    assert shown(form) == {
        "import_register": None,
        "unit": None,
        "max_power_kw": 30,
        "meter_constant": 1.0,
    }
    form = await submit(hass, form, REGISTERS)
    assert form["step_id"] == "assignment"
    assert shown(form) == {
        "house": None,
        "behind": None,
        "own_tariff": None,
        "start_date": "2026-07-01",
    }
    result = await submit(hass, form, {"house": "house_2", "behind": "house_2"})

    assert result["type"] is FlowResultType.CREATE_ENTRY
    (subentry,) = (s for s in entry.subentries.values() if s.title == "Boiler")
    assert subentry.subentry_type == "meter"
    assert subentry.unique_id == "meter_1"
    assert subentry.data == {
        "meter_id": "meter_1",
        "import_register": registry_id(hass, "sensor.spare_import"),
        "export_register": None,
        "unit": None,
        "max_power_kw": 22.0,
        "meter_constant": "1",
        "terms": {
            "house": "house_2",
            "role": "heat_pump",
            "since": "2026-07-01",
            "behind": "house_2",
        },
    }
    (meter,) = terms_now(entry).meters
    assert (meter.name, meter.role, meter.behind) == (
        "Boiler",
        Role.HEAT_PUMP,
        "house_2",
    )


async def test_ids_are_never_used_again(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A meter that was removed takes its number along, and counts for today still."""
    mine = {"house": "house_1"}
    first = await added(hass, entry, "pv", REGISTERS, mine, name="Roof")
    (subentry,) = entry.get_subentries_of_type("meter")
    hass.config_entries.async_remove_subentry(entry, subentry.subentry_id)
    await hass.async_block_till_done()
    (gone,) = terms_now(entry).meters
    assert str(gone.until) == "2026-07-11"

    second = await added(hass, entry, "pv", REGISTERS, mine, name="Roof two")
    assert (first.meter_id, second.meter_id) == ("meter_1", "meter_2")


async def test_common_area_by_area(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Square metres are asked for under the names of the houses."""
    form = await begin(hass, entry, "common_area", "Stairs")
    form = await submit(hass, form, REGISTERS)
    assert shown(form) == {
        "share_by": "equal",
        "behind": None,
        "own_tariff": None,
        "start_date": "2026-07-01",
    }
    form = await submit(hass, form, {"share_by": "area"})
    assert form["step_id"] == "parts"
    assert shown(form) == {"House 1": 0.0, "House 2": 0.0}
    form = await submit(hass, form, {"House 1": 0, "House 2": 0})
    assert refused(form, "base", "meter_share")
    form = await submit(hass, form, {"House 1": 80.5, "House 2": 0})

    assert form["type"] is FlowResultType.CREATE_ENTRY
    (meter,) = terms_now(entry).meters
    assert meter.share is not None
    assert (meter.share.by, meter.share.of) == (
        ShareBy.AREA,
        {"house_1": Decimal("80.5")},
    )


async def test_percentages_add_up(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Per cent that are not 100 together are refused, with what they add up to."""
    form = await submit(
        hass,
        await begin(hass, entry, "common_area"),
        REGISTERS,
        {"share_by": "percent"},
        {"House 1": 40, "House 2": 50},
    )
    assert refused(form, "base", "meter_share")
    assert "90" in form["description_placeholders"]["reason"]

    form = await submit(hass, form, {"House 1": 40, "House 2": 60})
    assert form["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("answer", "houses"),
    [({}, {}), ({"sharing_houses": ["house_2"]}, {"house_2": Decimal(1)})],
)
async def test_equal_parts(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    answer: dict[str, Any],
    houses: dict[str, Decimal],
) -> None:
    """Some houses, or all of them where none is chosen, pay the same."""
    meter = await added(
        hass, entry, "common_area", REGISTERS, {"share_by": "equal"}, answer
    )

    assert meter.share is not None
    assert meter.share.of == houses


async def test_charger_with_users(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """A charger knows which house each tag is, and the sensor that shows them."""
    mine = {"house": "house_1", "behind": "house_1", "own_tariff": "Standard"}
    form = await submit(hass, await begin(hass, entry, "ev_charger"), REGISTERS, mine)
    assert form["step_id"] == "users"
    assert shown(form) == {"user_sensor": None, "users": []}
    tags = [{"tag": " A1B2 ", "house": "house_2"}]

    form = await submit(hass, form, {"users": tags})
    assert refused(form, "base", "meter_users")
    form = await submit(hass, form, {"user_sensor": "sensor.tag"})
    assert refused(form, "base", "meter_user")
    form = await submit(hass, form, {"user_sensor": "sensor.nobody", "users": tags})
    assert refused(form, "user_sensor", "no_unique_id", entity="sensor.nobody")
    form = await submit(hass, form, {"user_sensor": "sensor.tag", "users": tags})

    assert form["type"] is FlowResultType.CREATE_ENTRY
    (meter,) = terms_now(entry).meters
    assert meter.tariff_id == "Standard"
    assert meter.user_signal == registry_id(hass, "sensor.tag")
    assert (meter.users, meter.participants) == ({"A1B2": "house_2"}, {})


async def test_tags_of_participants(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Theirs who have the house, or own it; a corrected name keeps its tags."""
    owner = Owner(party=Party(name="Otto Owner"))
    books = entry.runtime_data.books
    await books.async_change(lambda b: with_owner(b, "house_2", owner))
    form = await submit(
        hass, await begin(hass, entry, "ev_charger"), REGISTERS, {"house": "house_1"}
    )
    of_house = {"tag": "A1", "house": "house_2"}
    tag = {"tag": "B2", "house": "house_2"}
    wrong = [of_house, tag | {"participant": "Person 1"}]
    of_owner = {"tag": "C3", "house": "house_2", "participant": "Otto Owner"}
    right = [of_house, tag | {"participant": "Person 2"}, of_owner]

    form = await submit(hass, form, {"user_sensor": "sensor.tag", "users": wrong})
    assert refused(form, "base", "meter_users")
    reason = form["description_placeholders"]["reason"]
    assert reason == "nobody called 'Person 1' has House 2; use Otto Owner, Person 2"
    await submit(hass, form, {"user_sensor": "sensor.tag", "users": right})

    (meter,) = terms_now(entry).meters
    assert meter.users == {"A1": "house_2", "B2": "house_2", "C3": "house_2"}
    assert meter.participants == {"B2": "Person 2", "C3": "Otto Owner"}
    # A charger without tags has nothing to be carried along.
    other = er.async_get(hass).async_get_or_create("sensor", "test", "other_import")
    hass.states.async_set(other.entity_id, "1", {"unit_of_measurement": "kWh"})
    registers = REGISTERS | {"import_register": other.entity_id}
    form = await begin(hass, entry, "ev_charger", name="Another one")
    await submit(hass, form, registers, {"house": "house_1"}, {})
    flow = await entry.start_subentry_reconfigure_flow(hass, "subentry_2")
    flow = await choose(hass.config_entries.subentries, flow, "details")
    corrected = {"participant_name": "Petra Muster", "address": "Weg 2"}
    await fill(hass.config_entries.subentries, flow, corrected)
    await hass.async_block_till_done()
    meter, _ = terms_now(entry).meters
    assert meter.participants == {"B2": "Petra Muster", "C3": "Otto Owner"}
    (subentry,) = (s for s in entry.subentries.values() if s.title == "New one")
    form = await entry.start_subentry_reconfigure_flow(hass, subentry.subentry_id)
    form = await submit(hass, form, {"name": "New one"}, REGISTERS, {})
    assert shown(form)["users"] == [
        of_house,
        tag | {"participant": "Petra Muster"},
        of_owner,
    ]


async def test_charger_of_its_house_alone(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Nobody is told apart where nothing tells who charges."""
    meter = await added(hass, entry, "ev_charger", REGISTERS, {"house": "house_1"}, {})

    assert (meter.user_signal, meter.users) == (None, {})


async def test_one_meter_at_the_grid(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """The community's connection belongs to no house, and there is one of them."""
    form = await begin(hass, entry, "grid", "Transformer")
    assert set(shown(form)) >= {"import_register", "export_register"}
    form = await submit(hass, form, REGISTERS)
    assert set(shown(form)) == {"start_date"}
    form = await submit(hass, form, {})
    assert form["type"] is FlowResultType.CREATE_ENTRY

    form = await begin(hass, entry, "grid", "Another")
    form = await submit(hass, form, {"import_register": "sensor.spare_export"})
    assert refused(form, "base", "meter_role")


async def test_no_meter_at_the_grid_of_parts(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Where a house takes part in part, nobody can tell its part from the rest."""
    books = entry.runtime_data.books
    half = [replace(a, factor=Decimal("0.5")) for a in books.agreements]
    await books.async_change(lambda b: replace(b, agreements=tuple(half)))

    form = await submit(hass, await begin(hass, entry, "grid"), REGISTERS)

    assert refused(form, "base", "factor_with_grid")


async def test_a_meter_that_only_calculations_use(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """It belongs to nobody, and what is calculated from it belongs to a house."""
    form = await begin(hass, entry, "component", "Cellar")
    form = await submit(hass, form, REGISTERS)
    assert set(shown(form)) == {"start_date"}
    form = await submit(hass, form, {})
    assert form["type"] is FlowResultType.CREATE_ENTRY
    (cellar,) = terms_now(entry).meters
    assert (cellar.role, cellar.house_id) == (Role.COMPONENT, None)

    form = await hass.config_entries.subentries.async_init(
        (entry.entry_id, "meter"), context={"source": SOURCE_USER}
    )
    form = await submit(
        hass,
        form,
        {"name": "Flat", "meter_role": "house", "is_calculated": True},
        {"added": ["house_2"], "subtracted": [cellar.meter_id]},
        {"house": "house_2"},
    )

    assert form["type"] is FlowResultType.CREATE_ENTRY
    (_, flat) = terms_now(entry).meters
    assert flat.formula == ((1, "house_2"), (-1, "meter_1"))


async def test_calculated_meter(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """A difference of two meters has no registers of its own."""
    mine = {"house": "house_1"}
    hass.config.language = "de"
    await added(hass, entry, "ev_charger", REGISTERS, mine, {}, name="Wallbox")
    form = await hass.config_entries.subentries.async_init(
        (entry.entry_id, "meter"), context={"source": SOURCE_USER}
    )
    form = await submit(
        hass,
        form,
        {"name": "Rest", "meter_role": "house", "is_calculated": True},
    )
    assert form["step_id"] == "formula"
    form = await submit(hass, form, {"subtracted": ["meter_1"]})
    assert refused(form, "added", "points_needed")
    form = await submit(
        hass, form, {"added": ["house_2", "meter_1"], "subtracted": ["meter_1"]}
    )
    assert refused(form, "base", "meter_formula")
    reason = form["description_placeholders"]["reason"]
    assert reason == "die Berechnung nennt «Wallbox» zweimal; behalte eines davon"
    form = await submit(hass, form, {"added": ["house_2"], "subtracted": ["meter_1"]})
    form = await submit(hass, form, {"house": "house_2"})

    assert form["type"] is FlowResultType.CREATE_ENTRY
    rest = terms_now(entry).meters[-1]
    assert rest.formula == ((1, "house_2"), (-1, "meter_1"))
    (subentry,) = (s for s in entry.subentries.values() if s.title == "Rest")
    assert "import_register" not in subentry.data


@pytest.mark.parametrize(
    ("wrong", "field", "key", "placeholders"),
    [
        ({"max_power_kw": "nan"}, "max_power_kw", "number_invalid", {}),
        ({"import_register": ""}, "import_register", "register_needed", {}),
        (
            {"import_register": "sensor.house_2_import"},
            "import_register",
            "register_used",
            {"entity": "sensor.house_2_import", "house": "House 2"},
        ),
    ],
)
async def test_register_refusals(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    wrong: dict[str, str],
    field: str,
    key: str,
    placeholders: dict[str, str],
) -> None:
    """A meter's registers are refused for what a house's are."""
    answers = REGISTERS | wrong
    if not answers["import_register"]:
        del answers["import_register"]
    form = await submit(hass, await begin(hass, entry, "pv"), answers)

    assert form["step_id"] == "registers"
    assert refused(form, field, key, **placeholders)


@pytest.mark.parametrize("name", ["House 1", "wallbox"])
async def test_names_are_taken_once(
    hass: HomeAssistant, entry: MockConfigEntry, name: str
) -> None:
    """No two houses or meters have the same name, which actions find them by."""
    mine = {"house": "house_1"}
    await added(hass, entry, "ev_charger", REGISTERS, mine, {}, name="Wallbox")

    form = await begin(hass, entry, "pv", name)
    assert form["step_id"] == "user"
    assert refused(form, "name", "name_taken", name=name)


async def test_meter_joins_after_the_last_closed_period(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """What was shared without it stays; the form says from when on it can count."""
    close(entry, "2026-05")
    form = await submit(hass, await begin(hass, entry, "pv"), REGISTERS)
    form = await submit(hass, form, {"house": "house_1", "start_date": "2026-05-31"})
    assert form["step_id"] == "assignment"
    assert refused(
        form, "base", "joins_closed_period", period="2026-05", first="2026-06-01"
    )

    form = await submit(hass, form, {"house": "house_1", "start_date": "2026-06-01"})
    assert form["type"] is FlowResultType.CREATE_ENTRY


async def test_behind_itself(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """A circle of meters is refused where it is closed."""
    mine = {"house": "house_1"}
    await added(hass, entry, "pv", REGISTERS, mine, name="Upper")
    lower = {"import_register": "sensor.spare_export"}
    below = mine | {"behind": "meter_1"}
    await added(hass, entry, "pv", lower, below, name="Lower")
    upper = entry.get_subentries_of_type("meter")[0]

    form = await entry.start_subentry_reconfigure_flow(hass, upper.subentry_id)
    assert shown(form) == {"name": "Upper"}
    form = await submit(hass, form, {"name": "Upper"}, REGISTERS)
    form = await submit(hass, form, mine | {"behind": "meter_2"})
    assert refused(form, "base", "meter_behind")


async def test_change_everything(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """What is now is offered again; what is changed counts from the next look on."""
    mine = {"house": "house_1", "behind": "house_1"}
    tags = [{"tag": "A1", "house": "house_2"}]
    users = {"user_sensor": "sensor.tag", "users": tags}
    await added(hass, entry, "ev_charger", REGISTERS, mine, users, name="Wallbox")
    (subentry,) = entry.get_subentries_of_type("meter")

    form = await entry.start_subentry_reconfigure_flow(hass, subentry.subentry_id)
    form = await submit(hass, form, {"name": "House 2"})
    assert refused(form, "name", "name_taken", name="House 2")
    form = await submit(hass, form, {"name": "Garage"})
    assert shown(form)["import_register"] == "sensor.spare_import"
    form = await submit(hass, form, {"import_register": "sensor.spare_export"})
    assert shown(form) == {"house": "house_1", "behind": "house_1", "own_tariff": None}
    form = await submit(hass, form, {"house": "house_2"})
    assert shown(form) == users
    form = await submit(hass, form, {})

    assert form["reason"] == "reconfigure_successful"
    (meter,) = terms_now(entry).meters
    assert (meter.meter_id, meter.name, meter.house_id) == (
        "meter_1",
        "Garage",
        "house_2",
    )
    assert (meter.behind, meter.user_signal) == (None, None)
    assert str(meter.since) == "2026-07-01"
    (subentry,) = entry.get_subentries_of_type("meter")
    spare = registry_id(hass, "sensor.spare_export")
    assert subentry.data["import_register"] == spare


async def test_change_shares(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Parts are offered again as long as they are of the same kind."""
    parts = {"House 1": 30, "House 2": 70}
    by = {"share_by": "percent"}
    await added(hass, entry, "common_area", REGISTERS, by, parts, name="Stairs")
    (subentry,) = entry.get_subentries_of_type("meter")

    form = await entry.start_subentry_reconfigure_flow(hass, subentry.subentry_id)
    form = await submit(hass, form, {"name": "Stairs"}, REGISTERS, by)
    assert shown(form) == {"House 1": 30.0, "House 2": 70.0}

    form = await entry.start_subentry_reconfigure_flow(hass, subentry.subentry_id)
    form = await submit(hass, form, {"name": "Stairs"}, REGISTERS)
    form = await submit(hass, form, {"share_by": "units"})
    assert shown(form) == {"House 1": 0.0, "House 2": 0.0}


async def test_no_house_yet(hass: HomeAssistant) -> None:
    """The form offers none; a meter at the grid needs none."""
    for name in ("spare_import", "spare_export"):
        given.register(hass, name)
        given.show(hass, name, 1)
    entry = given.community(hass, [])
    await given.set_up(hass, entry)

    form = await submit(hass, await begin(hass, entry, "pv"), REGISTERS)
    assert form["step_id"] == "assignment"

    grid = await added(hass, entry, "grid", REGISTERS, {"start_date": "2026-07-01"})
    assert grid.role is Role.GRID


async def test_community_that_does_not_run(hass: HomeAssistant) -> None:
    """Without its books nothing can be said about a meter."""
    entry = given.community(hass)

    form = await hass.config_entries.subentries.async_init(
        (entry.entry_id, "meter"), context={"source": SOURCE_USER}
    )

    assert form["type"] is FlowResultType.ABORT
    assert form["reason"] == "not_loaded"
