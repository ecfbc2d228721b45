"""One invoice for several houses of the same participant."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from custom_components.leg_invoicing.billing.agreements import (
    AgreementError,
    Owner,
    Party,
)
from custom_components.leg_invoicing.billing.benefits import (
    Benefits,
    Discounted,
    GridDiscount,
)
from custom_components.leg_invoicing.billing.calendar import parse_period
from custom_components.leg_invoicing.billing.closed_check import changed_bills
from custom_components.leg_invoicing.billing.fees import Fee, FeePer
from custom_components.leg_invoicing.billing.invoice_records import (
    invoice_from_record,
    invoice_record,
)
from custom_components.leg_invoicing.billing.invoices import Invoice, Letterhead, issue
from custom_components.leg_invoicing.billing.models import LineKind, Model
from custom_components.leg_invoicing.billing.money import Money, UnitPrice
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.billing.settlement import settle
from custom_components.leg_invoicing.billing.statements import Settlement
from custom_components.leg_invoicing.billing.terms import Terms
from custom_components.leg_invoicing.billing.together import check_invoices, summed
from custom_components.leg_invoicing.billing.vat import Vat, VatMode
from tests.billing.build import agreement, ct, kwh, measured, period, terms, version

_LETTERHEAD = Letterhead(
    community_id="sonnenweg",
    community_name="Sonnenweg",
    issuer=Party(name="Sonnenweg"),
    timezone="Europe/Zurich",
    currency="CHF",
    payment_term_days=30,
)
_VAT = Vat(mode=VatMode.ON_TOP, rate=Decimal("8.1"))
_FEE = Fee(name="Meter", amount=ct("101"), per=FeePer.MONTH)


def _terms(rounding: str = "5", **options: object) -> Terms:
    """Return the terms of Anna, who has two houses, Beat and a house between them."""
    anna = {"name": "Anna"}
    together = [
        replace(agreement(house_id, end=end, **anna), invoice="anna")
        for house_id, end in (("house_1", "2026-01-16"), ("house_3", None))
    ]
    options = {"model": Model.SPLIT, "versions": [version(fees=[_FEE], vat=_VAT)]} | (
        options
    )
    return terms(
        *together,
        agreement("house_1", "2026-01-16", name="Beat"),
        agreement("house_2", name="Carla"),
        rounding=ct(rounding),
        **options,
    )


def _settled(community: Terms, cell: str = "0.0101/0") -> Settlement:
    january = period("2026-01", community)
    flowed = measured(january, house_1=cell, house_2="0.1/0.2", house_3="0.1/0.03")
    return settle(community, january, flowed)


def _issued(settlement: Settlement) -> tuple[Invoice, ...]:
    return issue(
        settlement,
        _LETTERHEAD,
        parse_period("2026-01"),
        issued_on=date(2026, 2, 3),
        last_sequence=0,
        house_names={"house_3": "Sunny Lane 3"},
        registers={},
    )


def test_one_invoice_has_one_number_and_all_that_is_owed() -> None:
    """Sums are those of the houses; whoever follows in a house has a bill alone."""
    settlement = _settled(_terms())

    together, beat, carla = _issued(settlement)

    assert [(i.invoice_id, i.recipient.name) for i in (together, beat)] == [
        ("INV-2026-001", "Anna"),
        ("INV-2026-002", "Beat"),
    ]
    assert carla.invoice_id == "INV-2026-003"
    assert (beat.parts, beat.by_house) == ((), (beat,))
    own = [s for s in settlement.statements if s.agreement.invoice]
    assert [part.statement for part in together.by_house] == own
    assert [part.house_name for part in together.parts] == ["house_1", "Sunny Lane 3"]
    whole = together.statement
    assert whole.total == Money.total(s.total for s in own)
    assert whole.energy == own[0].energy + own[1].energy
    assert whole.net == own[0].net + own[1].net
    assert (whole.first, whole.end) == (date(2026, 1, 1), date(2026, 2, 1))
    assert whole.span == settlement.span
    assert whole.intervals == {Quality.MEASURED: 15 * 96 + 31 * 96}
    assert whole.saved is not None
    assert summed([replace(own[0], benefits=None), own[1]]).benefits is None


def test_benefits_are_told_of_all_houses_together() -> None:
    """As far as they are told of each."""
    (together, *_) = _issued(_settled(_terms()))
    first, second = (part.statement for part in together.parts)
    assert first.benefits is not None
    assert second.benefits is not None
    discount = GridDiscount(percent=Decimal(40), grid_fee=UnitPrice(Decimal(9)))
    part = Discounted(discount=discount, energy=kwh("1.5"))

    def told(grams: tuple[str | None, str | None], both: bool) -> Benefits | None:
        of_first = replace(
            first.benefits,
            co2_avoided=grams[0] and Decimal(grams[0]),
            grid_discounts=(part,),
        )
        of_second = replace(
            second.benefits,
            co2_avoided=grams[1] and Decimal(grams[1]),
            grid_discounts=(part,) if both else (),
        )
        return summed(
            [replace(first, benefits=of_first), replace(second, benefits=of_second)]
        ).benefits

    twice = Discounted(discount=discount, energy=kwh("3"))
    both = told(("1.5", "2"), both=True)
    assert both is not None
    assert (both.co2_avoided, both.grid_discounts) == (Decimal("3.5"), (twice,))
    assert both.grid_cost == first.benefits.grid_cost + second.benefits.grid_cost
    one = told((None, "2"), both=False)
    assert one is not None
    assert (one.co2_avoided, one.grid_discounts) == (Decimal(2), (part,))
    none = told((None, None), both=False)
    assert none is not None
    assert none.co2_avoided is None


@pytest.mark.parametrize("coin", ["5", "100", "0"])
def test_the_total_is_rounded_to_coins_once(coin: str) -> None:
    """Not house by house; without it, the houses owe what they owe alone."""
    settlement = _settled(_terms(coin))
    alone = _settled(
        replace(
            _terms("0"),
            agreements=tuple(replace(a, invoice="") for a in _terms().agreements),
        )
    )
    (together, *_) = _issued(settlement)
    lines = together.statement.lines

    rounding = [line for line in lines if line.kind is LineKind.ROUNDING]
    assert len(rounding) == (coin != "0")
    if coin != "0":
        assert together.statement.total.ct % Decimal(coin) == 0
    unrounded = [line for line in lines if line.kind is not LineKind.ROUNDING]
    assert unrounded == [
        line
        for s in alone.statements
        if s.agreement.participant.name == "Anna"
        for line in s.lines
    ]
    account = settlement.community
    owed = Money.total(s.total for s in settlement.statements)
    grid = account.value_grid_export - account.value_grid_import
    assert owed + grid == account.balance + account.vat + account.rounding


def test_an_invoice_survives_its_record() -> None:
    """Its fields are sums over all houses, each of which has its own as well."""
    (together, beat, _) = _issued(_settled(_terms()))
    record = invoice_record(together)

    again = invoice_from_record(record)
    assert invoice_record(again) == record
    assert len(again.parts) == 2
    assert invoice_from_record(invoice_record(beat)).parts == ()
    assert invoice_record(beat)["houses"] == []
    assert (record["house_id"], record["participant"]) == ("house_1", "Anna")
    houses = record["houses"]
    assert [house["house_id"] for house in houses] == ["house_1", "house_3"]
    for name in (
        "energy_imported_kwh",
        "import_cost_ct",
        "net_amount_ct",
        "fees_ct",
        "vat_ct",
        "supplier_vat_ct",
        "rounding_ct",
        "total_ct",
    ):
        assert record[name] == sum(house[name] for house in houses), name


def test_what_changes_later_is_told_house_by_house() -> None:
    """A changed reading of one house is not about the other."""
    invoices = _issued(_settled(_terms()))
    january = parse_period("2026-01")

    assert changed_bills(january, invoices, _settled(_terms())) == ()
    changes = changed_bills(january, invoices, _settled(_terms(), "0.0202/0"))
    assert "house_1" in [finding.house_id for finding in changes]


def test_a_finding_about_a_house_is_told_once() -> None:
    """Though two agreements of the invoice are about the house."""
    anna = [
        replace(agreement("house_1", "2026-01-01", "2026-01-16"), invoice="anna"),
        replace(agreement("house_1", "2026-01-16"), invoice="anna"),
    ]
    community = terms(*anna)
    january = period("2026-01", community)
    cells = [None if 1400 < i < 1500 else "1/0" for i in range(2976)]

    (invoice,) = _issued(settle(community, january, measured(january, house_1=cells)))

    assert [finding.key for finding in invoice.findings] == ["missing_data:house_1"]
    assert [len(part.findings) for part in invoice.parts] == [1, 1]


def test_the_vacancies_of_one_owner_are_billed_together() -> None:
    """And with the house that the owner lives in."""
    otto = Owner(party=Party(name="Otto"), invoice="otto")
    community = terms(
        agreement("house_1", end="2026-01-11"),
        agreement("house_2", end="2026-01-21"),
        replace(agreement("house_3", name="Otto"), invoice="otto"),
        owners={"house_1": otto, "house_2": otto},
    )

    invoices = _issued(_settled(community))

    assert [i.recipient.name for i in invoices] == ["House_1", "Otto", "House_2"]
    assert [
        (part.statement.agreement.house_id, part.statement.agreement.vacancy)
        for part in invoices[1].parts
    ] == [("house_1", True), ("house_2", True), ("house_3", False)]


def test_nobody_is_billed_together_with_somebody_else() -> None:
    """There is one name and one address on an invoice."""
    anna = replace(agreement("house_1", name="Anna"), invoice="x")
    beat = replace(agreement("house_2", name="Beat"), invoice="x")

    check_invoices([anna, replace(beat, invoice="y"), replace(beat, invoice="")])
    with pytest.raises(AgreementError, match="the invoice 'x' is Anna's") as error:
        check_invoices([anna, beat])
    assert error.value.agreement is beat
