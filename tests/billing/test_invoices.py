"""Statements that become invoices."""

from datetime import date

import pytest

from custom_components.leg_invoicing.billing.agreements import Party
from custom_components.leg_invoicing.billing.calendar import parse_period
from custom_components.leg_invoicing.billing.findings import Finding, FindingCode
from custom_components.leg_invoicing.billing.invoices import (
    Invoice,
    InvoiceStatus,
    Letterhead,
    RegisterReadings,
    invoice_number,
    issue,
)
from custom_components.leg_invoicing.billing.measurements import Measurements
from custom_components.leg_invoicing.billing.settlement import settle
from tests.billing.build import agreement, kwh, measured, period, terms

_LETTERHEAD = Letterhead(
    community_id="sonnenweg",
    community_name="Sonnenweg",
    issuer=Party(name="Sonnenweg"),
    timezone="Europe/Zurich",
    currency="CHF",
    payment_term_days=30,
)


def _issued(**options: object) -> tuple[Invoice, ...]:
    community = terms(
        agreement("house_1", "2026-01-01", "2026-01-16", name="Anna"),
        agreement("house_1", "2026-01-16", name="Beat"),
        agreement("house_2", name="Carla"),
    )
    january = period("2026-01", community)
    cells = [None, *["1/0"] * 2975]
    settlement = settle(
        community,
        january,
        measured(january, house_1=cells, house_2=cells, house_3="1/0"),
    )
    defaults = {
        "issued_on": date(2026, 2, 3),
        "last_sequence": 0,
        "house_names": {"house_1": "Sunny Lane 1"},
        "registers": {},
    }
    return issue(
        settlement, _LETTERHEAD, parse_period("2026-01"), **(defaults | options)
    )


@pytest.mark.parametrize(
    ("sequence", "number"),
    [(1, "INV-2026-001"), (999, "INV-2026-999"), (1000, "INV-2026-1000")],
)
def test_numbers_have_three_digits_at_least(sequence: int, number: str) -> None:
    """From the thousandth on they have more."""
    assert number == invoice_number(2026, sequence)


def test_numbers_follow_the_last_one_in_the_year_of_issue() -> None:
    """Invoices are numbered in the order of the statements."""
    invoices = _issued(last_sequence=7, issued_on=date(2027, 1, 2))

    assert [(i.invoice_id, i.recipient.name) for i in invoices] == [
        ("INV-2027-008", "Anna"),
        ("INV-2027-009", "Beat"),
        ("INV-2027-010", "Carla"),
    ]


def test_an_invoice_says_when_it_is_due() -> None:
    """The payment term counts from the day of issue; nobody has paid yet."""
    (invoice, *_) = _issued()

    assert date(2026, 3, 5) == invoice.due_on
    assert invoice.status is InvoiceStatus.PENDING
    assert invoice.letterhead is _LETTERHEAD
    assert invoice.period == parse_period("2026-01")


def test_a_house_without_a_name_is_called_by_its_id() -> None:
    """The name that people gave it comes first."""
    assert [invoice.house_name for invoice in _issued()] == [
        "Sunny Lane 1",
        "Sunny Lane 1",
        "house_2",
    ]


def test_registers_go_to_their_agreement() -> None:
    """Readings are those of the agreement's own days; others have none."""
    readings = RegisterReadings(import_start=kwh("1"), import_end=kwh("2"))

    invoices = _issued(registers={"house_1@2026-01-16": readings})

    assert [RegisterReadings(), readings, RegisterReadings()] == [
        invoice.registers for invoice in invoices
    ]


def test_a_finding_stands_on_the_invoices_it_is_about() -> None:
    """Findings of another house, or of the time before one moved in, do not."""
    assert [[finding.key for finding in invoice.findings] for invoice in _issued()] == [
        ["missing_data:house_1"],
        [],
        ["missing_data:house_2"],
    ]


def test_a_finding_without_a_time_is_about_all_of_a_house() -> None:
    """Where it is not known when, every invoice of the house carries it."""
    community = terms(agreement("house_1"))
    january = period("2026-01", community)
    settlement = settle(community, january, Measurements((), ()))
    timeless = Finding(code=FindingCode.METER_MISSING, house_id="house_1")
    object.__setattr__(settlement, "findings", (timeless,))

    (invoice,) = issue(
        settlement,
        _LETTERHEAD,
        parse_period("2026-01"),
        issued_on=date(2026, 2, 3),
        last_sequence=0,
        house_names={},
        registers={},
    )

    assert (timeless,) == invoice.findings
