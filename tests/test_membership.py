"""Moving in, moving out and leaving, through actions; who is billed then."""

from datetime import date
from decimal import Decimal
from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.leg_invoicing.const import DOMAIN
from tests import given
from tests.forms import Form, choose, fill, refused, shown

pytestmark = [
    pytest.mark.usefixtures("recorder_mock", "no_statistics"),
    pytest.mark.freeze_time("2026-03-10 12:00:00+00:00"),
]


@pytest.fixture
async def entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return a community of two houses that runs."""
    entry = given.community(hass)
    await given.set_up(hass, entry)
    return entry


async def tell(hass: HomeAssistant, action: str, **data: Any) -> None:
    """Call an action that has no answer."""
    await hass.services.async_call(DOMAIN, action, data, blocking=True)


async def billed(hass: HomeAssistant, period: str) -> list[tuple[str, str, bool, str]]:
    """Return whom a period bills for which house, and from when on."""
    preview = await given.call(hass, "preview_period", period=period)
    return [
        (s["house_id"], s["participant"], s["vacancy"], s["from"])
        for s in preview["statements"]
    ]


async def test_who_moves_out_leaves_the_bill_to_the_owner(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Which is the community itself, as long as nobody said otherwise."""
    await given.measured(hass, "2026-01", house_1="0.1/0.2", house_2="0.1/0")

    await tell(hass, "move_out", house="House 2", day="2026-01-16")

    assert await billed(hass, "2026-01") == [
        ("house_1", "Person 1", False, "2026-01-01"),
        ("house_2", "Person 2", False, "2026-01-01"),
        ("house_2", "Sonnenweg LEG", True, "2026-01-16"),
    ]
    closed = await given.call(hass, "close_period", period="2026-01")
    vacancy = closed["invoices"][-1]
    assert (vacancy["invoice_id"], vacancy["vacancy"]) == ("INV-2026-003", True)
    assert vacancy["recipient"]["name"] == "Sonnenweg LEG"
    # 16 days of 9.6 kWh, at 25 ct
    assert vacancy["total_ct"] == 3840

    with given.refused("ends_in_closed_period", house="House 2", period="2026-01"):
        await tell(hass, "move_out", house="house_2", day="2026-02-01")


async def test_a_house_that_left_is_billed_to_nobody(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Nor does what it measures take part."""
    await given.measured(hass, "2026-01", house_1="0.1/0.2", house_2="0.1/0")

    await tell(hass, "leave_community", house="house 2", day="2026-01-16")

    preview = await given.call(hass, "preview_period", period="2026-01")
    assert preview["community"]["total_consumption_kwh"] == 297.6 + 144
    assert preview["findings"] == []
    assert await billed(hass, "2026-01") == [
        ("house_1", "Person 1", False, "2026-01-01"),
        ("house_2", "Person 2", False, "2026-01-01"),
    ]
    assert entry.runtime_data.books.commitments.left == {
        "house_2": (date(2026, 1, 16),)
    }
    with given.refused("house_has_left", house="House 2", day="2026-01-16"):
        await tell(hass, "leave_community", house="house_2", day="2026-02-01")


async def test_a_house_that_is_removed_has_left(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """With the end of the day; starting again changes nothing about it."""
    hass.config_entries.async_remove_subentry(entry, "subentry_2")
    await hass.async_block_till_done()
    left = {"house_2": (date(2026, 3, 11),)}
    assert entry.runtime_data.books.commitments.left == left

    await hass.config_entries.async_reload(entry.entry_id)
    assert entry.runtime_data.books.commitments.left == left


async def test_nobody_moves_out_before_anybody_was_there(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """The house and the day are named."""
    with given.refused("nobody_moves_out", house="House 1", day="2026-01-01"):
        await tell(hass, "move_out", house="house_1", day="2026-01-01")
    with given.refused("house_unknown", house="garage"):
        await tell(hass, "move_out", house="garage", day="2026-01-01")


async def test_somebody_moves_in(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """On the day that is said; the tariff, and what takes part, are as before."""
    await given.measured(hass, "2026-01", house_1="0.1/0.2", house_2="0.1/0")

    await tell(
        hass,
        "change_occupant",
        house="House 2",
        day="2026-01-16",
        participant={
            "name": "Anna Meier",
            "address": ["Sonnenweg 2", "3000 Bern"],
            "language": "de",
        },
        vat={"mode": "on_top", "rate": 8.1, "number": "CHE-123.456.788"},
        weight=0.4,
        invoice="Meier",
    )

    assert await billed(hass, "2026-01") == [
        ("house_1", "Person 1", False, "2026-01-01"),
        ("house_2", "Person 2", False, "2026-01-01"),
        ("house_2", "Anna Meier", False, "2026-01-16"),
    ]
    before, anna = entry.runtime_data.books.commitments.agreements_of("house_2")
    assert (anna.tariff_id, anna.factor) == (before.tariff_id, before.factor)
    assert (anna.weight, anna.vat.rate) == (Decimal("0.4"), Decimal("8.1"))
    assert anna.invoice == "Meier"
    assert anna.participant.address == ("Sonnenweg 2", "3000 Bern")
    assert anna.participant.vat_number == "CHE-123.456.788"


async def test_somebody_moves_in_after_a_vacancy(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A name is enough; another tariff and another part may be said."""
    await given.measured(hass, "2026-01", house_1="0.1/0.2", house_2="0.1/0")
    await tell(hass, "move_out", house="house_2", day="2026-01-10")

    await tell(
        hass,
        "change_occupant",
        house="house_2",
        day="2026-01-16",
        participant="Anna Meier",
        tariff="Standard",
        factor=0.5,
    )

    assert await billed(hass, "2026-01") == [
        ("house_1", "Person 1", False, "2026-01-01"),
        ("house_2", "Person 2", False, "2026-01-01"),
        ("house_2", "Sonnenweg LEG", True, "2026-01-10"),
        ("house_2", "Anna Meier", False, "2026-01-16"),
    ]
    with given.refused("agreement_overlaps", house="House 2", first="2026-01-16"):
        await tell(
            hass,
            "change_occupant",
            house="house_2",
            day="2026-01-16",
            participant="Otto",
        )


@pytest.mark.parametrize(
    ("agreed", "reason"),
    [
        ({"tariff": "Standart"}, "Standard"),
        ({"participant": {"address": "Sonnenweg 2"}}, "name is missing"),
        ({"participant": {"name": "Anna", "language": "nl"}}, "participant.language"),
        ({"factor": 1.5}, "factor: "),
        ({"vat": {"mode": "on_top", "rate": 8.1}}, "add number"),
        # Nobody had the house by then whose tariff could go on.
        ({"day": "2025-12-01"}, "tariff is missing"),
    ],
)
async def test_what_is_agreed_must_be_understood(
    hass: HomeAssistant, entry: MockConfigEntry, agreed: dict[str, Any], reason: str
) -> None:
    """The field is named, and nothing has changed."""
    before = entry.runtime_data.books.commitments
    usual = {"house": "House 2", "day": "2026-01-16", "participant": "Anna"}

    with given.refused("agreement_invalid") as refusal:
        await tell(hass, "change_occupant", **(usual | agreed))

    assert reason in refusal.value.translation_placeholders["reason"]
    assert entry.runtime_data.books.commitments == before


async def _changed(
    hass: HomeAssistant, entry: MockConfigEntry, step_id: str, **answers: Any
) -> Form:
    """Answer one of the forms about the second house."""
    menu = await entry.start_subentry_reconfigure_flow(hass, "subentry_2")
    flows = hass.config_entries.subentries
    result = await fill(flows, await choose(flows, menu, step_id), answers)
    await hass.async_block_till_done()
    return result


async def test_an_owner_is_billed_with_the_house_next_door(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Entered in forms: a vacancy, its owner, and one invoice for both houses."""
    await given.measured(hass, "2026-01", house_1="0.1/0.2", house_2="0.1/0")
    owner = {"owner_name": "Person 1", "owner_address": "Weg 1", "language": "de"}
    result = await _changed(
        hass, entry, "owner", **owner, tariff="Standard", invoice="one"
    )
    assert result["reason"] == "reconfigure_successful"
    await _changed(hass, entry, "move_out", start_date="2026-01-16")
    books = entry.runtime_data.books
    (first,) = books.commitments.agreements_of("house_1")
    await books.async_correct_agreement(
        first.agreement_id, first.participant, "Standard", invoice="one"
    )

    closed = await given.call(hass, "close_period", period="2026-01")

    together, person_2 = closed["invoices"]
    assert person_2["participant"] == "Person 2"
    assert [(house["house_id"], house["vacancy"]) for house in together["houses"]] == [
        ("house_1", False),
        ("house_2", True),
    ]
    # 297.6 kWh and 153.6 kWh at 25 ct, less 595.2 kWh at 20 ct
    assert together["total_ct"] == 7440 + 3840 - 11904
    names = {path.name for path in given.media(hass).rglob("*.pdf")}
    assert names == {"INV-2026-001_house_1.pdf", "INV-2026-002_house_2.pdf"}
    assert dict(books.closed[0].invoices).keys() == {"INV-2026-001", "INV-2026-002"}
    assert books.closed[0].houses == ("house_1", "house_2")


async def test_an_owner_is_shown_again_and_taken_back(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """An emptied name leaves vacancies to the community; a word has one person."""
    owner = {"owner_name": "Otto", "language": "de", "tariff": "Standard"}
    await _changed(hass, entry, "owner", **owner, invoice="one")
    menu = await entry.start_subentry_reconfigure_flow(hass, "subentry_2")
    form = await choose(hass.config_entries.subentries, menu, "owner")
    assert owner.items() <= shown(form).items()
    assert shown(form)["invoice"] == "one"

    books = entry.runtime_data.books
    (first,) = books.commitments.agreements_of("house_1")
    with given.refused("invoice_of_another", invoice="one", participant="Otto"):
        await books.async_correct_agreement(
            first.agreement_id, first.participant, "Standard", invoice="one"
        )

    await _changed(hass, entry, "owner", language="de", tariff="Standard")
    assert books.commitments.owners == {}


async def test_an_owner_may_owe_vat_on_what_the_house_delivers(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Refused as an occupant's is, and credited for a vacancy; no address is none."""
    await given.measured(hass, "2026-01", house_1="0.1/0.2", house_2="0.1/0.2")
    otto = {"owner_name": "Otto", "language": "de", "tariff": "Standard"}
    vat = {"vat_mode": "on_top", "vat_rate": 8.1}
    form = await _changed(hass, entry, "owner", **otto, **vat)
    assert refused(form, "vat_number", "vat_number_needed")
    vat |= {"vat_number": "CHE-123.456.788"}
    await fill(hass.config_entries.subentries, form, otto | vat)
    await _changed(hass, entry, "move_out", start_date="2026-01-16")

    menu = await entry.start_subentry_reconfigure_flow(hass, "subentry_2")
    form = await choose(hass.config_entries.subentries, menu, "owner")
    assert vat.items() <= shown(form).items()
    assert shown(form)["owner_address"] == ""

    closed = await given.call(hass, "close_period", period="2026-01")
    vacancy = closed["invoices"][-1]
    assert vacancy["recipient"]["address"] == []
    # 16 days of 19.2 kWh at 20 ct: 6144 × 8.1 % = 497.664
    assert vacancy["supplier_vat_ct"] == 498
    assert vacancy["recipient"]["vat_number"] == "CHE-123.456.788"


async def test_a_form_lets_a_house_leave(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A day on which nobody had it yet is refused where it was entered."""
    form = await _changed(hass, entry, "leave", start_date="2026-01-01")
    assert refused(form, "base", "nobody_moves_out", house="House 2")

    result = await fill(
        hass.config_entries.subentries, form, {"start_date": "2026-04-01"}
    )
    assert result["reason"] == "reconfigure_successful"
    assert entry.runtime_data.books.commitments.left == {"house_2": (date(2026, 4, 1),)}


async def test_an_owner_is_billed_for_days_before_anybody_came(
    hass: HomeAssistant,
) -> None:
    """Where the house was measured then; another owner changes no closed period."""
    late = given.house(hass, 2, ["import"], first="2026-01-16")
    first = given.house(hass, 1, ["import", "export"])
    entry = given.community(hass, [first, late])
    await given.set_up(hass, entry)
    await given.measured(hass, "2026-01", house_1="0.1/0.2", house_2="0.1/0")
    preview = await given.call(hass, "preview_period", period="2026-01")
    assert [finding["key"] for finding in preview["findings"]] == [
        "no_agreement:house_2"
    ]

    otto = {"owner_name": "Otto", "language": "de", "tariff": "Standard"}
    await _changed(hass, entry, "owner", **otto)
    assert await billed(hass, "2026-01") == [
        ("house_1", "Person 1", False, "2026-01-01"),
        ("house_2", "Otto", True, "2026-01-01"),
        ("house_2", "Person 2", False, "2026-01-16"),
    ]
    closed = await given.call(hass, "close_period", period="2026-01")

    # 15 days of 9.6 kWh at 25 ct
    assert [invoice["total_ct"] for invoice in closed["invoices"]][1] == 3600
    books = entry.runtime_data.books
    before = books.closed
    await _changed(hass, entry, "owner", **otto | {"owner_name": "Paula"})
    assert books.closed == before
    explained = await given.call(hass, "explain_line", invoice="INV-2026-002")
    assert explained["participant"] == "Otto"
