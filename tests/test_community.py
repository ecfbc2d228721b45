"""What a community's settings become."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components.leg_invoicing.billing.agreements import Party
from custom_components.leg_invoicing.billing.commitment_changes import (
    with_agreement,
    with_tariff_version,
)
from custom_components.leg_invoicing.billing.commitments import Commitments
from custom_components.leg_invoicing.billing.models import Model
from custom_components.leg_invoicing.billing.terms import GapPolicy, GapRule, GapShape
from custom_components.leg_invoicing.community import (
    address_lines,
    cadence_months,
    community_of,
    houses_of_entry,
    letterhead_of,
    party_of,
    settings_of,
    terms_of,
)
from tests import given
from tests.billing.build import agreement, version


def test_the_terms_are_the_settings_and_the_books() -> None:
    """A settlement takes its community from the entry, the rest from the books."""
    books = with_tariff_version(Commitments(), "Standard", version())
    books = with_agreement(books, agreement("house_1", tariff_id="Standard"))
    issuer = {"name": "Sonnenweg LEG", "address": "Weg 1\nOrt", "iban": None}
    settings = {
        **given.community_data(model="split", interval=30, currency="EUR"),
        "issuer": issuer,
    }

    terms = terms_of(settings, books)

    assert terms.community.timezone == "Europe/Zurich"
    assert terms.community.currency == "EUR"
    assert terms.community.model is Model.SPLIT
    assert terms.community.interval_minutes == 30
    assert terms.community.grid_tariff == "Standard"
    assert terms.tariffs is books.tariffs
    assert terms.agreements is books.agreements


def test_a_rule_for_gaps_comes_from_the_options(hass: HomeAssistant) -> None:
    """Communities that were set up before there was a choice have the usual rule."""
    entry = given.community(hass)
    assert community_of(settings_of(entry)).gaps == GapRule()

    chosen = {"policy": "measure_only", "limit_minutes": 90, "shape": "profile"}
    options = entry.options | {"gaps": chosen}
    hass.config_entries.async_update_entry(entry, options=options)

    assert community_of(settings_of(entry)).gaps == GapRule(
        policy=GapPolicy.MEASURE_ONLY, limit_minutes=90, shape=GapShape.PROFILE
    )


@pytest.mark.parametrize(
    ("cadence", "months"), [("month", 1), ("quarter", 3), ("year", 12)]
)
def test_cadences(cadence: str, months: int) -> None:
    """A settlement period is a month, a quarter or a year."""
    assert cadence_months(given.community_data(cadence=cadence)) == months


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ("Sonnenweg 1\n8000 Zürich", ("Sonnenweg 1", "8000 Zürich")),
        ("  c/o Muster \r\n\r\n Sonnenweg 1\r\n", ("c/o Muster", "Sonnenweg 1")),
        ("\n \n", ()),
    ],
)
def test_addresses(typed: str, lines: tuple[str, ...]) -> None:
    """An address has the lines that were typed, without blanks."""
    assert address_lines(typed) == lines


def test_a_participant_is_who_was_entered() -> None:
    """All that a house's form asks for is on the participant."""
    answers = given.participant("Zoë", "fr") | {
        "email": "zoe@example.org",
        "iban": "CH9300762011623852957",
    }

    assert party_of(answers) == Party(
        name="Zoë",
        address=("Sonnenweg 1", "8000 Zürich"),
        email="zoe@example.org",
        language="fr",
        iban="CH9300762011623852957",
    )


def test_the_letterhead_is_the_issuers(hass: HomeAssistant) -> None:
    """Invoices come from the issuer, with the community's name and terms."""
    letterhead = letterhead_of(given.community(hass))

    assert letterhead.community_id == given.COMMUNITY
    assert letterhead.community_name == "Sonnenweg"
    assert letterhead.issuer == Party(
        name="Sonnenweg LEG",
        address=("Sonnenweg 1", "8000 Zürich"),
        iban="CH9300762011623852957",
    )
    assert (letterhead.currency, letterhead.payment_term_days) == ("CHF", 30)


def power(house: Any, kilowatts: float) -> Any:
    """Return a house's subentry with another connection."""
    return house | {"data": house["data"] | {"max_power_kw": kilowatts}}


def test_houses_stand_in_the_order_of_their_ids(hass: HomeAssistant) -> None:
    """A house has the registers it was given, and its power in watts."""
    entry = given.community(
        hass,
        [
            power(given.house(hass, 2, ["import"]), 1.001),
            given.house(hass, 1, ["import", "export"]),
        ],
    )

    first, second = houses_of_entry(entry)

    assert (first.house_id, first.name) == ("house_1", "House 1")
    assert set(first.registers) == {"import", "export"}
    assert (second.house_id, second.subentry_id) == ("house_2", "subentry_2")
    assert set(second.registers) == {"import"}
    assert (first.max_power_w, second.max_power_w) == (30_000, 1001)
