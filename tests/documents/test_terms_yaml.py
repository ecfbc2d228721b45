"""A community's terms as YAML."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
import json
from typing import Any

from hypothesis import given, strategies as st
import pytest
import yaml

from custom_components.leg_invoicing.billing.agreements import Agreement, Owner, Party
from custom_components.leg_invoicing.billing.allocation import (
    AllocationKey,
    OfficialUse,
)
from custom_components.leg_invoicing.billing.bands import HOLIDAY, Band, Bands, Window
from custom_components.leg_invoicing.billing.benefits import (
    BenefitVersion,
    Ceiling,
    GridDiscount,
)
from custom_components.leg_invoicing.billing.fees import Fee, FeePer
from custom_components.leg_invoicing.billing.meters import (
    CommonShare,
    Meter,
    Role,
    ShareBy,
)
from custom_components.leg_invoicing.billing.money import Money, UnitPrice
from custom_components.leg_invoicing.billing.sharing_versions import SharingVersion
from custom_components.leg_invoicing.billing.tariffs import Price, Tariff
from custom_components.leg_invoicing.billing.terms import Terms
from custom_components.leg_invoicing.billing.terms_record import terms_from_record
from custom_components.leg_invoicing.billing.vat import NO_VAT, Vat, VatMode
from custom_components.leg_invoicing.documents.terms_yaml import terms_yaml
from tests.billing.build import telling

from .months import STANDARD, prices, terms

_FORMULA = ((1, "house_1"), (-1, "house_2"))


def read(text: str) -> dict[str, Any]:
    """Read the terms the way any program does."""
    return yaml.safe_load(text)


def test_form() -> None:
    """The terms are written in the form that people write by hand."""
    agreed = terms()
    ended = replace(agreed.agreements[1], end=date(2026, 1, 16))
    agreed = replace(agreed, agreements=(agreed.agreements[0], ended))

    assert terms_yaml(agreed) == (
        "community: {timezone: Europe/Zurich, currency: CHF, model: split,"
        " allocation: proportional, interval: 15,"
        " gaps: {policy: interpolate, limit_hours: 24, shape: linear}}\n"
        "tariffs:\n"
        "  standard:\n"
        "    - {valid_from: 2026-01-01, p_pv: 20, p_con: 25, p_grid_del: 6,"
        " p_grid_con: 30}\n"
        "agreements:\n"
        '  - {house: house_1, participant: "Anna Muster", tariff: standard,'
        " from: 2026-01-01}\n"
        '  - {house: house_2, participant: "Beat Beispiel", tariff: standard,'
        " from: 2026-01-01, to: 2026-01-16}\n"
    )


def test_grid_tariff_is_named_where_there_is_a_choice() -> None:
    """With several tariffs, the one that the community itself has is named."""
    agreed = terms()
    tariffs = {**agreed.tariffs, "Tarif 2": Tariff("Tarif 2", STANDARD)}
    community = replace(agreed.community, grid_tariff="Tarif 2")
    written = read(terms_yaml(replace(agreed, community=community, tariffs=tariffs)))

    assert written["community"]["grid_tariff"] == "Tarif 2"
    assert list(written["tariffs"]) == ["standard", "Tarif 2"]


def test_who_allocates_is_named_where_it_is_not_us() -> None:
    """Official allocations are billed only where the members agreed so."""
    agreed = terms()
    bill = replace(agreed.community, official_allocation=OfficialUse.BILL)
    written = read(terms_yaml(replace(agreed, community=bill)))

    assert written["community"]["official_allocation"] == "bill"


def test_what_is_told_beside_the_bill() -> None:
    """CO₂, the grid operator's discount and a ceiling stand there where there are some."""
    agreed = terms()
    told = {
        "co2_factor": UnitPrice(Decimal("128.5")),
        "grid_discount": GridDiscount(
            percent=Decimal(40), grid_fee=UnitPrice(Decimal("9.5"))
        ),
        "ceiling": Ceiling(percent=Decimal(80)),
    }
    later = BenefitVersion(
        valid_from=date(2027, 1, 1), co2_factor=UnitPrice(Decimal(112))
    )
    agreed = telling(agreed, BenefitVersion(**told), later)

    written = terms_yaml(agreed)

    assert (
        "co2: 128.5, grid_discount: {percent: 40, grid_fee: 9.5},"
        " ceiling: {percent: 80}, benefits: [{valid_from: 2027-01-01, co2: 112}]"
        in written
    )
    record = yaml.load(written, yaml.BaseLoader)  # noqa: S506
    assert terms_from_record(record).community == agreed.community


def test_sharing_stands_there_as_people_write_it() -> None:
    """A key since ever in short, and later ones in a list."""
    agreed = terms()
    versions = (
        SharingVersion(
            allocation=AllocationKey.HYBRID,
            weights={"house_1": Decimal("0.40"), "house_2": Decimal("0.6")},
            order=("house_2", "house_1"),
        ),
        SharingVersion(
            valid_from=date(2026, 7, 1),
            allocation=AllocationKey.EQUAL,
            producers=AllocationKey.PRIORITY,
        ),
    )
    weighted = replace(agreed.agreements[0], weight=Decimal("0.30"))
    agreed = replace(
        agreed,
        community=replace(agreed.community, sharing=versions),
        agreements=(weighted,),
    )

    text = terms_yaml(agreed)

    assert (
        " allocation: hybrid, weights: {house_1: 0.4, house_2: 0.6},"
        " order: [house_2, house_1], interval: 15,"
    ) in text
    assert (
        ", sharing: [{valid_from: 2026-07-01, allocation: equal,"
        " producers: priority}]}\n"
    ) in text
    assert text.endswith(" from: 2026-01-01, weight: 0.3}\n")


def test_what_tariffs_and_totals_need_is_read_back() -> None:
    """Bands, fees, VAT, holidays and coins come back as they were."""
    bands = Bands((Band("Tag", (Window(start=360, end=1320),)),), rest="no")
    version = replace(
        STANDARD[0],
        bands=bands,
        p_con=Price(
            (("Tag", UnitPrice(Decimal(25))), ("no", UnitPrice(Decimal("1E1"))))
        ),
        fees=(Fee(name="A: b", amount=Money(Decimal(500)), per=FeePer.MONTH),),
        vat=Vat(reason="#1, too small"),
    )
    agreed = terms(versions=(version,), rounding=Money(Decimal(5)))
    days = frozenset({date(2026, 8, 1), date(2026, 12, 25)})
    agreed = replace(agreed, community=replace(agreed.community, holidays=days))
    # Texts only, as `script/settle` reads them.
    record = yaml.load(terms_yaml(agreed), yaml.BaseLoader)  # noqa: S506

    again = terms_from_record(record)

    assert again.community.holidays == days
    assert again.community.rounding == Money(Decimal(5))
    assert again.tariffs == agreed.tariffs


def test_that_there_are_no_holidays_is_said_where_a_band_asks() -> None:
    """Otherwise the file would be refused, as if they had been forgotten."""
    some = Band("some", (Window(days=frozenset({HOLIDAY})),))
    asking = replace(STANDARD[0], bands=Bands((some,), rest="other"))

    assert "holidays: []" in terms_yaml(terms(versions=(asking,)))
    assert "holidays" not in terms_yaml(terms())


def test_owners_and_those_who_left_are_read_back() -> None:
    """Who is billed for a vacant house, and which house is none any more."""
    agreed = terms()
    agreed = replace(
        agreed,
        community=replace(agreed.community, issuer=Party(name="no: LEG")),
        agreements=(
            replace(agreed.agreements[0], end=date(2026, 6, 1), invoice="Anna: 1"),
        ),
        owners={
            "house_1": Owner(
                party=Party(name="Otto Owner", vat_number="CHE: 1"),
                tariff_id="standard",
                invoice="no",
                vat=Vat(mode=VatMode.ON_TOP, rate=Decimal("8.1")),
            )
        },
        left={"house_1": (date(2026, 7, 1), date(2026, 9, 1))},
    )
    record = yaml.load(terms_yaml(agreed), yaml.BaseLoader)  # noqa: S506

    again = terms_from_record(record)

    assert again.community.issuer == agreed.community.issuer
    assert again.agreements[0].invoice == "Anna: 1"
    assert (again.owners, again.left) == (agreed.owners, agreed.left)
    nobody = replace(agreed, owners={"house_1": Owner(party=Party(name="Otto"))})
    assert 'owners: {house_1: {name: "Otto"}}\n' in terms_yaml(nobody)


def test_the_metering_concept_is_read_back() -> None:
    """Meters stand there as people write them, a name like a date in quotes."""
    meters = (
        Meter(
            meter_id="ev",
            role=Role.EV_CHARGER,
            house_id="house_1",
            user_signal="tag",
            users={"A1": "house_1", "A2": "house_2"},
            participants={"A2": "Anna: Meier"},
        ),
        Meter(meter_id="rest", role=Role.HOUSE, house_id="house_1", formula=_FORMULA),
        Meter(
            meter_id="stairs",
            role=Role.COMMON_AREA,
            name="no",
            share=CommonShare(by=ShareBy.UNITS, of={"house_1": Decimal("0.10")}),
        ),
    )
    text = terms_yaml(replace(terms(), meters=meters))

    assert text.endswith(
        "meters:\n"
        "  ev: {house: house_1, role: ev_charger, user: tag, users: {A1: house_1,"
        ' A2: {house: house_2, participant: "Anna: Meier"}}}\n'
        '  rest: {house: house_1, role: house, formula: "house_1 - house_2"}\n'
        '  stairs: {role: common_area, name: "no",'
        " share: {by: units, of: {house_1: 0.10}}}\n"
    )
    record = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506
    assert terms_from_record(record).meters == meters


def test_a_factor_is_read_back() -> None:
    """It stands with the agreement, where it is not all of the house."""
    agreed = terms()
    partly = replace(agreed.agreements[0], factor=Decimal("0.25"))
    text = terms_yaml(replace(agreed, agreements=(partly, agreed.agreements[1])))

    assert "from: 2026-01-01, factor: 0.25}" in text
    assert text.count("factor") == 1


def test_nobody_has_an_agreement() -> None:
    """Terms without agreements hold an empty list of them."""
    assert read(terms_yaml(replace(terms(), agreements=())))["agreements"] == []


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12
    )
)
def test_prices_are_exact(price: Decimal) -> None:
    """A price stands there with exactly the digits that give its value."""
    versions = [prices(date(2026, 1, 1), "20", "25", "6", "30")]
    versions = [replace(versions[0], p_con=Price.flat(UnitPrice(price)))]
    text = terms_yaml(terms(versions=versions))
    # The safe loader makes floats; this one leaves numbers as the text they are.
    loader = yaml.BaseLoader
    (version,) = yaml.load(text, loader)["tariffs"]["standard"]  # noqa: S506
    assert Decimal(version["p_con"]) == price


@pytest.mark.parametrize(
    ("vat", "number", "end"),
    [
        (
            Vat(mode=VatMode.ON_TOP, rate=Decimal("8.10")),
            "CHE-123.456.788",
            'vat: {mode: on_top, rate: 8.10, number: "CHE-123.456.788"}}',
        ),
        (
            Vat(reason="too small"),
            None,
            'vat: {mode: none, reason: "too small"}}',
        ),
        (NO_VAT, "1", "vat: {mode: none, number: 1}}"),
    ],
)
def test_a_producer_s_vat_stands_in_his_agreement(
    vat: Vat, number: str | None, end: str
) -> None:
    """Rate, reason and number are written, and read back the same."""
    agreed = terms()
    anna = agreed.agreements[0]
    participant = Party(name=anna.participant.name, vat_number=number)
    anna = replace(anna, participant=participant, vat=vat, agreement_id="")

    text = terms_yaml(replace(agreed, agreements=(anna,)))

    assert text.endswith(f", {end}\n")
    record = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506
    assert terms_from_record(record).agreements == (anna,)


@pytest.mark.parametrize(
    "word", ["no", "Yes", "NULL", "on", "y", "1e3", "a: b", "#", "", "-"]
)
def test_words_stay_words(word: str) -> None:
    """A name that YAML would take for something else is read back as a name."""
    _read_back(word)


@given(st.text())
def test_any_text_is_read_back(text: str) -> None:
    """Whatever people, houses and tariffs are called, they are read back."""
    _read_back(text)


def _read_back(text: str) -> None:
    community = replace(terms().community, grid_tariff=text, timezone=text)
    agreement = Agreement(
        house_id=text,
        participant=Party(name=text),
        tariff_id=text,
        first=date(2026, 1, 1),
    )
    tariffs = {text: Tariff(text, STANDARD)}
    written = terms_yaml(
        Terms(community=community, tariffs=tariffs, agreements=(agreement,))
    )

    assert read(written)["community"]["timezone"] == text
    assert list(read(written)["tariffs"]) == [text]
    assert read(written)["agreements"] == [
        {
            "house": text,
            "participant": text,
            "tariff": text,
            "from": date(2026, 1, 1),
        }
    ]
    quoted = written.partition("participant: ")[2]
    assert json.JSONDecoder().raw_decode(quoted)[0] == text
