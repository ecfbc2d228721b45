"""Adding houses, and changing their meters and their occupants."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import SOURCE_USER, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.leg_invoicing.billing.agreements import Agreement
from custom_components.leg_invoicing.billing.meters import Meter, Role
from custom_components.leg_invoicing.billing.sharing_versions import SharingVersion
from custom_components.leg_invoicing.billing.vat import NO_VAT, Vat, VatMode
from custom_components.leg_invoicing.books import Books
from custom_components.leg_invoicing.const import DOMAIN
from custom_components.leg_invoicing.sharing_settings import async_set_sharing
from tests import given
from tests.forms import Form, choose, close, fill, refused, shown

pytestmark = [
    pytest.mark.usefixtures("recorder_mock"),
    pytest.mark.freeze_time("2026-07-10 12:00:00+00:00"),
]

METERS = {
    "name": "Annex",
    "import_register": "sensor.annex_import",
    "export_register": "sensor.annex_export",
    "max_power_kw": 30,
}
OCCUPANT = {
    "participant_name": "Ada",
    "address": " Weg 3\n8000 Zürich ",
    "email": "ada@example.org",
    "language": "fr",
    "iban": "ch93 0076 2011 6238 5295 7",
    "tariff": "Standard",
    "start_date": "2026-02-01",
}
ADA = {
    "name": "Ada",
    "address": "Weg 3\n8000 Zürich",
    "email": "ada@example.org",
    "language": "fr",
    "iban": "CH9300762011623852957",
    "vat_number": None,
}
NO_VAT_SHOWN = dict.fromkeys(("vat_mode", "vat_rate", "vat_number", "vat_reason"))
OWES_VAT = {"vat_mode": "on_top", "vat_rate": 8.1, "vat_number": "CHE-123.456.788"}


@pytest.fixture
async def entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return a community of two houses that runs, and two sensors to spare."""
    for name in ("annex_import", "annex_export"):
        given.register(hass, name)
        given.show(hass, name, 1)
    entry = given.community(hass)
    await given.set_up(hass, entry)
    # The two houses that are given took the first two numbers.
    for _ in range(2):
        await entry.runtime_data.books.async_next_house_id(date(2026, 1, 1))
    return entry


def registry_id(hass: HomeAssistant, entity_id: str) -> str:
    """Return a sensor's id in the registry."""
    entity = er.async_get(hass).async_get(entity_id)
    assert entity is not None
    return entity.id


async def begin(hass: HomeAssistant, entry: MockConfigEntry) -> Form:
    """Open the form for a new house."""
    return await hass.config_entries.subentries.async_init(
        (entry.entry_id, "house"), context={"source": SOURCE_USER}
    )


async def change(hass: HomeAssistant, entry: MockConfigEntry, step_id: str) -> Form:
    """Open one of the forms for the first house."""
    menu = await entry.start_subentry_reconfigure_flow(hass, "subentry_1")
    return await choose(hass.config_entries.subentries, menu, step_id)


async def submit(hass: HomeAssistant, form: Form, answers: dict[str, Any]) -> Form:
    """Submit a form, and let everything settle that follows."""
    form = await fill(hass.config_entries.subentries, form, answers)
    await hass.async_block_till_done()
    return form


def agreements(entry: MockConfigEntry, house_id: str) -> list[Agreement]:
    """Return who has had a house, by the books."""
    books = entry.runtime_data.books
    return [a for a in books.agreements if a.house_id == house_id]


async def test_new_house(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Two forms make a house that is measured and billed."""
    form = await begin(hass, entry)
    assert shown(form) == {
        "name": None,
        "import_register": None,
        "export_register": None,
        "unit": None,
        "max_power_kw": 30,
        "meter_constant": 1,
    }
    form = await submit(hass, form, METERS)
    assert form["description_placeholders"]["house"] == "Annex"
    result = await submit(hass, form, OCCUPANT)

    assert result["type"] is FlowResultType.CREATE_ENTRY
    (house,) = (s for s in entry.subentries.values() if s.title == "Annex")
    house_id = house.unique_id
    assert house.subentry_type == "house"
    assert house.data == {
        "house_id": house_id,
        "import_register": registry_id(hass, "sensor.annex_import"),
        "export_register": registry_id(hass, "sensor.annex_export"),
        "unit": None,
        "max_power_kw": 30.0,
        "meter_constant": "1",
        "first_agreement": {
            "participant": ADA,
            "tariff": "Standard",
            "weight": None,
            "invoice": "",
            "from": "2026-02-01",
            "factor": "1",
            "vat": {"mode": "none"},
        },
    }
    assert entry.state is ConfigEntryState.LOADED
    (agreement,) = agreements(entry, house_id)
    assert agreement.participant.name == "Ada"
    assert agreement.participant.address == ("Weg 3", "8000 Zürich")
    assert agreement.first == date(2026, 2, 1)
    assert hass.states.get("sensor.annex_imported_energy") is not None


@pytest.mark.parametrize(
    ("language", "offered"), [("de-CH", "de"), ("it", "it"), ("nl", "en")]
)
async def test_what_is_offered(
    hass: HomeAssistant, entry: MockConfigEntry, language: str, offered: str
) -> None:
    """Whoever accepts what is offered bills the house from this month on."""
    hass.config.language = language
    form = await submit(hass, await begin(hass, entry), METERS)

    assert shown(form) == {
        "participant_name": None,
        "address": None,
        "email": None,
        "language": offered,
        "iban": None,
        **NO_VAT_SHOWN,
        "tariff": "Standard",
        "weight": None,
        "invoice": None,
        "start_date": "2026-07-01",
        "factor": 100,
    }
    result = await submit(hass, form, {"participant_name": "Ada", "address": "Weg 3"})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    participant = result["data"]["first_agreement"]["participant"]
    assert participant["email"] is None
    assert participant["iban"] is None


async def test_houses_in_a_row(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """A second house can follow at once, while the first is still taken up."""
    ids = []
    for number in (8, 9):
        name = f"meter_{number}"
        given.register(hass, name)
        given.show(hass, name, number)
        form = await begin(hass, entry)
        flows = hass.config_entries.subentries
        form = await fill(
            flows, form, {"name": name, "import_register": f"sensor.{name}"}
        )
        result = await fill(flows, form, OCCUPANT)
        assert result["type"] is FlowResultType.CREATE_ENTRY
        ids.append(result["data"]["house_id"])

    await hass.async_block_till_done()
    assert len(set(ids)) == 2
    assert entry.state is ConfigEntryState.LOADED
    assert len(entry.runtime_data.books.agreements) == 4


@pytest.mark.parametrize(
    ("wrong", "field", "key", "placeholders"),
    [
        ({"name": " "}, "name", "text_needed", {}),
        ({"name": "house 1 "}, "name", "name_taken", {"name": "house 1"}),
        ({"max_power_kw": "nan"}, "max_power_kw", "number_invalid", {}),
        ({"meter_constant": "nan"}, "meter_constant", "number_invalid", {}),
        (
            {"export_register": "sensor.annex_import"},
            "export_register",
            "register_twice",
            {"entity": "sensor.annex_import"},
        ),
        (
            {"import_register": "sensor.house_2_import"},
            "import_register",
            "register_used",
            {"entity": "sensor.house_2_import", "house": "House 2"},
        ),
        (
            {"import_register": "sensor.nobody"},
            "import_register",
            "no_unique_id",
            {"entity": "sensor.nobody"},
        ),
    ],
)
async def test_meter_refusals(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    wrong: dict[str, str],
    field: str,
    key: str,
    placeholders: dict[str, str],
) -> None:
    """A wrong answer is refused by its name; once corrected, there is a house."""
    form = await submit(hass, await begin(hass, entry), METERS | wrong)
    assert form["step_id"] == "user"
    assert refused(form, field, key, **placeholders)

    form = await submit(hass, form, METERS)
    result = await submit(hass, form, OCCUPANT)
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("wrong", "field", "key"),
    [
        ({"participant_name": " "}, "participant_name", "text_needed"),
        ({"address": " "}, "address", "text_needed"),
        ({"iban": "DE00"}, "iban", "iban_invalid"),
        ({"vat_rate": 8.1}, "vat_rate", "vat_not_chosen"),
        (OWES_VAT | {"vat_rate": 0}, "vat_rate", "vat_rate_needed"),
        (OWES_VAT | {"vat_number": " "}, "vat_number", "vat_number_needed"),
        (OWES_VAT | {"vat_reason": "small"}, "vat_reason", "vat_reason_unneeded"),
    ],
)
@pytest.mark.parametrize("step_id", ["occupant", "details", "change_of_occupant"])
async def test_participant_refusals(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    step_id: str,
    wrong: dict[str, Any],
    field: str,
    key: str,
) -> None:
    """Every form about a participant refuses the same, and changes nothing."""
    before = entry.runtime_data.books.agreements
    if step_id == "occupant":
        form = await submit(hass, await begin(hass, entry), METERS)
    else:
        form = await change(hass, entry, step_id)
    right = {name: value for name, value in OCCUPANT.items() if name in shown(form)}

    form = await submit(hass, form, right | wrong)
    assert form["step_id"] == step_id
    assert refused(form, field, key)
    assert entry.runtime_data.books.agreements == before

    await submit(hass, form, right)
    assert entry.runtime_data.books.agreements != before


async def test_house_joins_after_the_last_closed_period(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """What was shared without it stays; the form says from when on it can join."""
    close(entry, "2026-05")
    form = await submit(hass, await begin(hass, entry), METERS)

    form = await submit(hass, form, OCCUPANT)
    assert refused(
        form, "base", "joins_closed_period", period="2026-05", first="2026-06-01"
    )

    result = await submit(hass, form, OCCUPANT | {"start_date": "2026-06-01"})
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_house_cannot_be_written(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """When the disk is full the form stays, and can be sent again."""
    form = await submit(hass, await begin(hass, entry), METERS)
    error = HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="books_not_written",
        translation_placeholders={"path": "/x"},
    )
    with patch.object(Books, "async_next_house_id", side_effect=error):
        form = await submit(hass, form, OCCUPANT)
    assert refused(form, "base", "books_not_written", path="/x")

    result = await submit(hass, form, OCCUPANT)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_other_meters(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """A house may keep a register, change another, and get another name."""
    form = await change(hass, entry, "meters")
    assert shown(form) == {
        "name": "House 1",
        "import_register": "sensor.house_1_import",
        "export_register": "sensor.house_1_export",
        "unit": None,
        "max_power_kw": 30.0,
        "meter_constant": 1.0,
    }
    before = entry.subentries["subentry_1"].data

    result = await submit(
        hass,
        form,
        {
            "name": "HOUSE 1",
            "import_register": "sensor.house_1_import",
            "export_register": "sensor.annex_export",
            "max_power_kw": 55.5,
            "meter_constant": 40.0,
        },
    )

    assert result["reason"] == "reconfigure_successful"
    house = entry.subentries["subentry_1"]
    assert house.title == "HOUSE 1"
    assert house.data == before | {
        "export_register": registry_id(hass, "sensor.annex_export"),
        "max_power_kw": 55.5,
        "meter_constant": "40",
    }
    assert entry.state is ConfigEntryState.LOADED


async def test_fewer_meters(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """An emptied field takes its register away."""
    form = await change(hass, entry, "meters")

    await submit(
        hass, form, {"name": "House 1", "import_register": "sensor.house_1_import"}
    )

    assert entry.subentries["subentry_1"].data["export_register"] is None


async def test_meter_refusals_of_a_known_house(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A house that is known can take no other house's name or register."""
    form = await change(hass, entry, "meters")
    form = await submit(hass, form, METERS | {"name": "House 2"})
    assert form["step_id"] == "meters"
    assert refused(form, "name", "name_taken", name="House 2")

    form = await submit(
        hass, form, METERS | {"import_register": "sensor.house_2_import"}
    )
    assert refused(form, "import_register", "register_used", house="House 2")

    result = await submit(hass, form, METERS)
    assert result["reason"] == "reconfigure_successful"


async def test_renamed_sensor(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """A renamed sensor is offered by its new name, and remains the register."""
    er.async_get(hass).async_update_entity(
        "sensor.house_1_import", new_entity_id="sensor.cellar"
    )
    await hass.async_block_till_done()

    form = await change(hass, entry, "meters")

    assert shown(form)["import_register"] == "sensor.cellar"
    before = entry.subentries["subentry_1"].data["import_register"]
    await submit(hass, form, {"name": "House 1", "import_register": "sensor.cellar"})
    assert entry.subentries["subentry_1"].data["import_register"] == before


async def test_removed_sensor(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """A sensor that is gone leaves its field empty."""
    er.async_get(hass).async_remove("sensor.house_1_import")
    await hass.async_block_till_done()

    form = await change(hass, entry, "meters")

    assert shown(form)["import_register"] is None
    assert shown(form)["export_register"] == "sensor.house_1_export"


async def test_meters_of_a_community_that_does_not_run(hass: HomeAssistant) -> None:
    """Meters can be exchanged while the books are closed."""
    given.register(hass, "annex_import")
    given.show(hass, "annex_import", 1)
    entry = given.community(hass)

    form = await change(hass, entry, "meters")
    result = await fill(
        hass.config_entries.subentries,
        form,
        {"name": "House 1", "import_register": "sensor.annex_import"},
    )

    assert result["reason"] == "reconfigure_successful"


async def test_details(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Correcting a participant's data leaves the dates of the agreement alone."""
    form = await change(hass, entry, "details")
    assert shown(form) == {
        "participant_name": "Person 1",
        "address": "Sonnenweg 1\n8000 Zürich",
        "email": None,
        "language": "en",
        "iban": None,
        **NO_VAT_SHOWN,
        "vat_mode": "none",
        "tariff": "Standard",
        "weight": None,
        "invoice": None,
    }
    assert form["description_placeholders"] == {
        "house": "House 1",
        "participant": "Person 1",
        "first": "2026-01-01",
    }

    answers = {name: OCCUPANT[name] for name in shown(form) if name in OCCUPANT}
    answers |= {"weight": 7.5, "invoice": " ada "}
    result = await submit(hass, form, answers)

    assert result["reason"] == "reconfigure_successful"
    (agreement,) = agreements(entry, "house_1")
    assert agreement.participant.name == "Ada"
    assert agreement.participant.iban == "CH9300762011623852957"
    assert agreement.first == date(2026, 1, 1)
    assert (agreement.weight, agreement.invoice) == (Decimal("0.075"), "ada")
    form = await change(hass, entry, "details")
    assert (shown(form)["weight"], shown(form)["invoice"]) == (7.5, "ada")


async def test_change_of_occupant(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """The newcomer's agreement begins on the day the other one ends."""
    form = await change(hass, entry, "change_of_occupant")
    assert shown(form) == {
        "participant_name": None,
        "address": None,
        "email": None,
        "language": "en",
        "iban": None,
        **NO_VAT_SHOWN,
        "tariff": "Standard",
        "start_date": "2026-08-01",
        "factor": 100.0,
        "weight": None,
        "invoice": None,
    }

    answers = OCCUPANT | {"start_date": "2026-06-16", "weight": 12.5}
    result = await submit(hass, form, answers)

    assert result["reason"] == "reconfigure_successful"
    earlier, later = agreements(entry, "house_1")
    assert (earlier.participant.name, earlier.end) == ("Person 1", date(2026, 6, 16))
    assert (later.participant.name, later.first) == ("Ada", date(2026, 6, 16))
    assert later.end is None
    assert later.weight == Decimal("0.125")


async def test_a_participant_who_owes_vat(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """His tax counts from the day of his agreement, and can be corrected."""
    form = await begin(hass, entry)
    form = await submit(hass, form, METERS)
    await submit(hass, form, OCCUPANT | OWES_VAT)
    on_top = Vat(mode=VatMode.ON_TOP, rate=Decimal("8.1"))
    books = entry.runtime_data.books
    agreement = next(a for a in books.agreements if a.participant.name == "Ada")
    assert agreement.vat == on_top
    assert agreement.participant.vat_number == "CHE-123.456.788"

    form = await change(hass, entry, "change_of_occupant")
    later = OCCUPANT | OWES_VAT | {"start_date": "2026-08-01"}
    await submit(hass, form, later)
    assert [a.vat for a in agreements(entry, "house_1")] == [NO_VAT, on_top]

    form = await change(hass, entry, "details")
    answers = {name: OCCUPANT[name] for name in shown(form) if name in OCCUPANT}
    await submit(hass, form, answers | {"vat_reason": "too small"})
    corrected, following = agreements(entry, "house_1")
    assert (corrected.vat, following.vat) == (Vat(reason="too small"), on_top)
    form = await change(hass, entry, "details")
    assert shown(form)["vat_reason"] == "too small"


async def test_a_newcomers_share_has_to_fit(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Together with the shares of the others it is 100 % at most."""
    shared = SharingVersion(
        valid_from=date(2026, 7, 1), weights={"house_2": Decimal("0.9")}
    )
    await async_set_sharing(entry.runtime_data, shared)
    form = await change(hass, entry, "change_of_occupant")
    answers = OCCUPANT | {"start_date": "2026-08-01"}

    form = await submit(hass, form, answers | {"weight": 10.1})
    assert refused(form, "base", "weights_over_one", day="2026-08-01", total="100.1")

    result = await submit(hass, form, answers | {"weight": 10})
    assert result["reason"] == "reconfigure_successful"


async def test_who_is_current(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Until the day of the change it is the earlier occupant who is corrected."""
    form = await change(hass, entry, "change_of_occupant")
    await submit(hass, form, OCCUPANT | {"start_date": "2026-08-01"})

    form = await change(hass, entry, "details")
    assert form["description_placeholders"]["participant"] == "Person 1"


async def test_who_was_last(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """In an empty house it is the last occupant who is corrected."""
    await entry.runtime_data.books.async_end_agreements("house_1", date(2026, 6, 1))

    form = await change(hass, entry, "details")

    assert form["description_placeholders"]["participant"] == "Person 1"


@pytest.mark.parametrize(
    ("start", "key", "placeholders"),
    [
        (
            "2026-06-16",
            "agreement_in_closed_period",
            {"house": "House 1", "period": "2026-06"},
        ),
        (
            "2026-01-01",
            "agreement_overlaps",
            {"house": "House 1", "first": "2026-01-01"},
        ),
    ],
)
async def test_change_refusals(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    start: str,
    key: str,
    placeholders: dict[str, str],
) -> None:
    """Nobody moves in during a closed period, or twice on one day."""
    close(entry, "2026-06")
    form = await change(hass, entry, "change_of_occupant")

    form = await submit(hass, form, OCCUPANT | {"start_date": start})
    assert refused(form, "base", key, **placeholders)
    assert len(agreements(entry, "house_1")) == 1

    result = await submit(hass, form, OCCUPANT | {"start_date": "2026-07-01"})
    assert result["reason"] == "reconfigure_successful"


@pytest.mark.parametrize("step_id", ["details", "change_of_occupant"])
async def test_nobody_in_the_books(
    hass: HomeAssistant, entry: MockConfigEntry, step_id: str
) -> None:
    """Where the books know nobody, nobody can be corrected or move out."""
    menu = await entry.start_subentry_reconfigure_flow(hass, "subentry_1")

    with patch.object(Books, "agreements", ()):
        result = await hass.config_entries.subentries.async_configure(
            menu["flow_id"], {"next_step_id": step_id}
        )

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "no_occupant"


async def test_not_loaded(hass: HomeAssistant) -> None:
    """A house can only be added, or change hands, while the books are open."""
    entry = given.community(hass)

    result = await begin(hass, entry)
    assert result["reason"] == "not_loaded"

    for step_id in ("details", "change_of_occupant"):
        menu = await entry.start_subentry_reconfigure_flow(hass, "subentry_1")
        result = await hass.config_entries.subentries.async_configure(
            menu["flow_id"], {"next_step_id": step_id}
        )
        assert result["type"] is FlowResultType.ABORT
        assert result["reason"] == "not_loaded"


@pytest.mark.parametrize("step_id", ["occupant", "change_of_occupant"])
async def test_a_part_of_a_house_takes_part(
    hass: HomeAssistant, entry: MockConfigEntry, step_id: str
) -> None:
    """A house that is in another community as well has a part here, kept exactly."""
    if step_id == "occupant":
        form = await submit(hass, await begin(hass, entry), METERS)
    else:
        form = await change(hass, entry, step_id)
    answers = OCCUPANT | {"start_date": "2026-07-01"}

    form = await submit(hass, form, answers | {"factor": "nan"})
    assert refused(form, "factor", "number_invalid")
    form = await submit(hass, form, answers | {"factor": 62.5})
    newest = max(
        entry.runtime_data.books.agreements, key=lambda agreement: agreement.first
    )
    assert newest.factor == Decimal("0.625")

    await entry.runtime_data.coordinator.async_refresh()
    form = await change(hass, entry, "change_of_occupant")
    offered = {"occupant": 100.0, "change_of_occupant": 62.5}
    assert shown(form)["factor"] == offered[step_id]


async def test_a_meter_at_the_grid_counts_whole_houses(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """What a meter at the grid counts cannot be told apart by communities."""
    books = entry.runtime_data.books
    grid = Meter(meter_id="meter_1", role=Role.GRID)
    await books.async_change(lambda b: replace(b, meters=(grid,)))
    form = await change(hass, entry, "change_of_occupant")

    answers = OCCUPANT | {"start_date": "2026-07-01"}
    form = await submit(hass, form, answers | {"factor": 50})

    assert refused(form, "factor", "factor_with_grid")
