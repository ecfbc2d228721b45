"""Which house belongs to the community when, and who is billed for it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from custom_components.leg_invoicing.billing.agreements import Agreement, Owner, Party
from custom_components.leg_invoicing.billing.calendar import Span
from custom_components.leg_invoicing.billing.fees import Fee, FeePer
from custom_components.leg_invoicing.billing.findings import FindingCode
from custom_components.leg_invoicing.billing.measurements import Measurements
from custom_components.leg_invoicing.billing.membership import houses_of, with_vacancies
from custom_components.leg_invoicing.billing.models import Model
from custom_components.leg_invoicing.billing.settlement import settle
from custom_components.leg_invoicing.billing.tariffs import Tariff
from custom_components.leg_invoicing.billing.terms import Terms
from custom_components.leg_invoicing.billing.terms_change import first_changed_day
from custom_components.leg_invoicing.billing.vat import NO_VAT, Vat, VatMode
from tests.billing.build import (
    agreement,
    at,
    ct,
    kwh,
    measured,
    period,
    statement_of,
    terms,
    version,
)

_MAY, _JULY, _AUGUST = (date(2026, month, 1) for month in (5, 7, 8))


def _vacant(of: Terms) -> list[Agreement]:
    return [a for a in with_vacancies(of).agreements if a.vacancy]


def test_a_vacancy_goes_from_one_occupant_to_the_next() -> None:
    """And without a next one, on and on; there is none where the next day has one."""
    community = terms(
        agreement("house_1", end="2026-05-01"),
        agreement("house_1", "2026-05-01", "2026-06-01"),
        agreement("house_1", "2026-07-01", "2026-08-01"),
        agreement("house_2"),
    )

    assert [(date(2026, 6, 1), _JULY), (_AUGUST, None)] == [
        (a.first, a.end) for a in _vacant(community)
    ]
    assert with_vacancies(with_vacancies(community)) == with_vacancies(community)


def test_a_house_that_left_is_vacant_no_more() -> None:
    """From the day on which it left; another agreement lets it join again."""
    ended = agreement("house_1", end="2026-05-01")
    community = terms(ended, left={"house_1": (_MAY,)})
    assert _vacant(community) == []

    moved_out_first = terms(ended, left={"house_1": (_JULY,)})
    assert [(a.first, a.end) for a in _vacant(moved_out_first)] == [(_MAY, _JULY)]

    back = terms(
        ended,
        agreement("house_1", "2026-07-01", "2026-08-01"),
        left={"house_1": (_MAY,)},
    )
    assert [(a.first, a.end) for a in _vacant(back)] == [(_AUGUST, None)]


def test_the_community_owns_what_nobody_else_does() -> None:
    """It reads the language and takes over the tariff of whoever had the house."""
    anna = Party(name="Anna", address=("Weg 1",), language="fr", iban="CH93")
    weighted = replace(
        agreement("house_1", end="2026-05-01", tariff_id="night"),
        participant=anna,
        weight=Decimal("0.4"),
        factor=Decimal("0.5"),
        vat=Vat(mode=VatMode.ON_TOP, rate=Decimal("8.1")),
    )
    tariffs = {name: Tariff(name, (version(),)) for name in ("standard", "night")}
    community = terms(weighted, tariffs=tariffs)
    issuer = Party(name="Sonnenweg", address=("Weg 2",), iban="CH00")
    community = replace(
        community, community=replace(community.community, issuer=issuer)
    )

    (vacancy,) = _vacant(community)

    assert vacancy.participant == replace(issuer, language="fr", iban=None)
    assert (vacancy.tariff_id, vacancy.weight) == ("night", None)
    assert (vacancy.factor, vacancy.vat) == (Decimal("0.5"), NO_VAT)
    assert vacancy.agreement_id == "house_1_vacant_2026-05-01"

    owner = Owner(party=Party(name="Otto"), tariff_id="standard")
    (owned,) = _vacant(replace(community, owners={"house_1": owner}))
    assert (owned.participant, owned.tariff_id) == (owner.party, "standard")


def test_what_a_house_measures_after_it_left_does_not_take_part() -> None:
    """Neither its consumption nor its production is the community's; it gets no bill."""
    community = terms(
        agreement("house_1", end="2026-01-16"),
        agreement("house_2"),
        model=Model.SPLIT,
        left={"house_1": (date(2026, 1, 16),)},
    )
    january = period("2026-01", community)
    flowed = measured(january, house_1="0.1/0.2", house_2="0.1/0")

    settlement = settle(community, january, flowed)

    first_half = statement_of(settlement, "house_1")
    assert first_half.span == Span(january.start, at("2026-01-16T00:00+01:00"))
    assert settlement.houses["house_1"] == first_half.energy
    assert first_half.energy.exported == kwh("288")  # 15 days of 96 × 0.2 kWh
    neighbour = settlement.houses["house_2"]
    assert neighbour.local_import == kwh("144")  # as long as there was a roof
    assert neighbour.grid_import == kwh("153.6")
    assert settlement.findings == ()


def test_a_house_that_left_before_is_none_of_the_span() -> None:
    """It is listed nowhere, though its meter is still there."""
    community = terms(
        agreement("house_1", "2025-01-01", "2026-01-01"),
        agreement("house_2"),
        left={"house_1": (date(2026, 1, 1),)},
    )
    january = period("2026-01", community)
    flowed = measured(january, house_1="0.1/0", house_2="0.1/0")

    assert houses_of(community, january, flowed) == ("house_2",)
    settlement = settle(community, january, flowed)
    assert list(settlement.houses) == ["house_2"]
    assert settlement.findings == ()


def test_a_vacant_house_without_data_is_told() -> None:
    """It still takes part, so what it does not say would be the others' energy."""
    community = terms(agreement("house_1", end="2026-01-16"), agreement("house_2"))
    january = period("2026-01", community)

    settlement = settle(community, january, Measurements((), ()))

    missing = [f for f in settlement.findings if f.house_id == "house_1"]
    assert [f.code for f in missing] == [FindingCode.MISSING_DATA]
    assert missing[0].intervals == 31 * 96


def test_the_owner_owes_fees_by_time_and_no_fee_for_coming() -> None:
    """Nobody came to have the house; the meter stands there all the same."""
    fees = (
        Fee(name="Meter", amount=ct("310"), per=FeePer.MONTH),
        Fee(name="Welcome", amount=ct("1000"), per=FeePer.ONCE),
    )
    community = terms(
        agreement("house_1", end="2026-01-11"), versions=[version(fees=fees)]
    )
    january = period("2026-01", community)

    occupied, vacant = settle(
        community, january, measured(january, house_1="0/0")
    ).statements

    assert [("Meter", ct("100")), ("Welcome", ct("1000"))] == [
        (line.name, line.amount) for line in occupied.lines
    ]
    assert [("Meter", ct("210"))] == [(ln.name, ln.amount) for ln in vacant.lines]


def test_what_a_change_of_owner_or_membership_changes() -> None:
    """The issuer's name changes nothing; leaving changes what comes from its day on."""
    ended = agreement("house_1", end="2026-05-01")
    before = terms(ended)

    assert first_changed_day(before, terms(ended, left={"house_1": (_JULY,)})) == _JULY
    assert first_changed_day(before, terms(ended, left={"house_1": (_MAY,)})) == _MAY
    renamed = replace(before.community, issuer=Party(name="Sonnenweg"))
    assert first_changed_day(before, replace(before, community=renamed)) is None
