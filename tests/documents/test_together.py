"""One document for several houses of the same participant."""

import csv
from dataclasses import replace
from datetime import date
from decimal import Decimal
import io

import pytest

from custom_components.leg_invoicing.billing.calendar import (
    interval_starts,
    parse_period,
)
from custom_components.leg_invoicing.billing.invoices import Invoice, issue, joined
from custom_components.leg_invoicing.billing.measurements import (
    IntervalSlice,
    Measurements,
)
from custom_components.leg_invoicing.billing.money import Money
from custom_components.leg_invoicing.billing.settlement import settle
from custom_components.leg_invoicing.documents.names import document_name
from custom_components.leg_invoicing.documents.pdf import render_pdf
from custom_components.leg_invoicing.documents.tables import invoice_csv, period_csv

from .months import ANNA, HOUSES, LETTERHEAD, terms
from .reading import amount, lines, overlaps


def together(language: str = "en") -> Invoice:
    """Return the invoice of Anna, who has two houses, one of them for half a month."""
    agreed = terms(rounding=Money(Decimal(5)))
    anna = replace(ANNA, language=language)
    first, second = (
        replace(a, participant=anna, invoice="anna") for a in agreed.agreements
    )
    first = replace(first, end=date(2026, 1, 16))
    owner = replace(agreed.community.issuer, name=anna.name)
    agreed = replace(
        agreed,
        agreements=(first, second),
        community=replace(agreed.community, issuer=owner),
    )
    span = parse_period("2026-01").span(agreed.community.zone)
    slices = (
        IntervalSlice(start, (40_001, 30_000), (0, 45_037), (0, 0))
        for start in interval_starts(span, 15)
    )
    invoice, _ = issue(
        settle(agreed, span, Measurements(HOUSES, slices)),
        LETTERHEAD,
        parse_period("2026-01"),
        issued_on=date(2026, 2, 3),
        last_sequence=0,
        house_names={"house_1": "Sonnenweg 7", "house_2": "Sonnenweg 9"},
        registers={},
    )
    return invoice


def vacant(language: str) -> Invoice:
    """Return the invoice of two houses, one of which is vacant."""
    invoice = together(language)
    first, second = invoice.parts
    agreement = replace(first.statement.agreement, vacancy=True)
    first = replace(first, statement=replace(first.statement, agreement=agreement))
    return joined([first, second])


def test_each_house_has_its_lines_and_a_subtotal() -> None:
    """The subtotals and the rounding add up to the one total."""
    invoice = together()
    pdf = render_pdf(invoice)
    text = lines(pdf)

    assert text.count("Sonnenweg 7 (house_1)") == 1
    assert "Sonnenweg 9 (house_2)" in text
    subtotals = [amount(line) for line in text if line.startswith("Subtotal")]
    (rounding,) = (amount(line) for line in text if line.startswith("Rounding"))
    (total,) = (amount(line) for line in text if line.startswith("Total"))
    assert len(subtotals) == 2
    assert sum(subtotals) + rounding == total == invoice.statement.total.units
    assert overlaps(pdf) == []
    assert render_pdf(together()) == pdf


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Nobody had the house on these days."),
        ("de", "In diesen Tagen war das Haus nicht bewohnt."),
        ("fr", "Pendant ces jours, la maison était inoccupée."),
        ("it", "In questi giorni la casa non era abitata."),
    ],
)
def test_a_vacancy_is_told(language: str, text: str) -> None:
    """Below the title of a document of its own, below the house's name otherwise."""
    invoice = vacant(language)
    for document in (invoice, invoice.parts[0]):
        (found,) = (ln for ln in lines(render_pdf(document)) if ln.startswith(text))
        assert found.startswith(text)
    occupied = lines(render_pdf(invoice.parts[1]))
    assert not any(line.startswith(text) for line in occupied)


def test_tables_name_all_houses() -> None:
    """One row an invoice, and each line with the house that it is of."""
    invoice = together()
    (row,) = csv.DictReader(io.StringIO(period_csv([invoice]).decode()))
    rows = list(csv.DictReader(io.StringIO(invoice_csv(invoice).decode())))

    assert (row["house_id"], row["houses"]) == ("house_1", "house_1; house_2")
    assert Decimal(row["total_ct"]) == invoice.statement.total.ct
    assert {each["house_id"] for each in rows} == {"house_1", "house_2"}
    assert sum(Decimal(each["amount_ct"]) for each in rows) == Decimal(row["total_ct"])
    assert document_name(invoice, "pdf") == "INV-2026-001_house_1.pdf"
