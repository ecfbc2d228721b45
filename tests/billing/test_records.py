"""Settlements and invoices as records: what other programs rely on."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
import json
from typing import Any

import pytest

from custom_components.leg_invoicing.billing.agreements import Party
from custom_components.leg_invoicing.billing.calendar import Span, parse_period
from custom_components.leg_invoicing.billing.findings import Finding, FindingCode
from custom_components.leg_invoicing.billing.invoice_records import (
    invoice_from_record,
    invoice_record,
)
from custom_components.leg_invoicing.billing.invoices import (
    Invoice,
    InvoiceStatus,
    Letterhead,
    RegisterChange,
    RegisterReadings,
    issue,
)
from custom_components.leg_invoicing.billing.models import Model
from custom_components.leg_invoicing.billing.records import settlement_record
from custom_components.leg_invoicing.billing.settlement import settle
from custom_components.leg_invoicing.billing.statements import Settlement
from custom_components.leg_invoicing.documents.exact_json import dumps
from tests.billing.build import agreement, kwh, measured, period, terms, version

ISSUER = Party(
    name="Sonnenweg LEG",
    address=("Sonnenweg 1", "8000 Zürich"),
    iban="CH9300762011623852957",
)


def worked_example() -> Settlement:
    """Settle January so that house_1 delivers 450.5 kWh and takes 120.3 kWh."""
    community = terms(agreement("house_1"))
    span = period("2026-01", community)
    cells = ["120.3/450.5"] + ["0/0"] * (span.seconds // 900 - 1)
    return settle(community, span, measured(span, house_1=cells))


def uneven_month() -> Settlement:
    """Settle a month with gaps, a change of price, of occupant, and a third house."""
    community = terms(
        agreement("house_1", "2026-01-01", "2026-02-10", name="Anna"),
        agreement("house_1", "2026-02-10", name="Beat"),
        agreement("house_2"),
        model=Model.SPLIT,
        versions=[version(), version("2026-02-20", p_con="25.123456789")],
    )
    span = period("2026-02", community)
    count = span.seconds // 900
    return settle(
        community,
        span,
        measured(
            span,
            house_1=["0.1/0.333333"] * (count - 2) + [None, "0.2/0 interpolated"],
            house_2="0.5/0",
            house_3="0.000001/0",
        ),
    )


def invoices(settlement: Settlement, period_id: str) -> tuple[Invoice, ...]:
    """Issue a settlement's invoices on the first of March."""
    return issue(
        settlement,
        Letterhead(
            community_id="sonnenweg",
            community_name="Sonnenweg",
            issuer=ISSUER,
            timezone="Europe/Zurich",
            currency="CHF",
            payment_term_days=30,
        ),
        parse_period(period_id),
        issued_on=date(2026, 3, 1),
        last_sequence=41,
        house_names={"house_1": "Haus Anna"},
        registers={
            "house_1@2026-01-01": RegisterReadings(
                import_start=kwh("1000.5"), import_end=kwh("1120.8")
            )
        },
    )


def test_the_published_example_is_what_a_record_says() -> None:
    """The fields of the published invoice have its names, units and values."""
    (invoice,) = invoices(worked_example(), "2026-01")
    record = invoice_record(invoice)

    assert {
        "invoice_id": "INV-2026-042",
        "house_id": "house_1",
        "period_start": "2025-12-31T23:00:00Z",
        "period_end": "2026-01-31T22:59:59Z",
        "energy_exported_kwh": Decimal("450.5"),
        "energy_imported_kwh": Decimal("120.3"),
        "export_revenue_ct": 9010,
        "import_cost_ct": Decimal("3007.5"),
        "net_amount_ct": Decimal("6002.5"),
        "status": "pending",
    }.items() <= record.items()


def test_what_is_due_is_positive_when_the_house_owes() -> None:
    """The total has the sign of a bill, the net amount that of an account."""
    (invoice,) = invoices(worked_example(), "2026-01")
    record = invoice_record(invoice)

    # 3007.5 ct are charged as 3008, so half a ct is left over.
    assert record["total_ct"] == -6002
    assert record["rounding_ct"] == Decimal("0.5")
    assert record["total_ct"] == record["rounding_ct"] - record["net_amount_ct"]


def test_the_lines_of_a_record_add_up() -> None:
    """The printed amounts of all lines sum to the total of their record."""
    for invoice in invoices(uneven_month(), "2026-02"):
        record = invoice_record(invoice)
        assert record["lines"]
        assert sum(line["amount_ct"] for line in record["lines"]) == record["total_ct"]


def test_a_settlement_is_told_with_the_community_and_its_findings() -> None:
    """A preview says who owes what, where the community stands, and what is wrong."""
    record = settlement_record(uneven_month(), "2026-02")

    assert record["period"] == "2026-02"
    assert [
        (s["house_id"], s["participant"], s["from"], s["to"])
        for s in record["statements"]
    ] == [
        ("house_1", "Anna", "2026-02-01", "2026-02-10"),
        ("house_1", "Beat", "2026-02-10", "2026-03-01"),
        ("house_2", "House_2", "2026-02-01", "2026-03-01"),
    ]
    account = record["community"]
    assert account["total_consumption_kwh"] == (
        account["shared_kwh"] + account["grid_import_kwh"]
    )
    assert account["total_production_kwh"] == (
        account["shared_kwh"] + account["grid_export_kwh"]
    )
    # One for each stretch between two changes, under the same name.
    assert {finding["key"] for finding in record["findings"]} == {
        "missing_data:house_1",
        "interpolated_data:house_1",
        "no_agreement:house_3",
    }


def test_a_finding_says_where_and_how_much() -> None:
    """A finding's record has its span, its count and the energy at stake."""
    finding = settlement_record(uneven_month(), "2026-02")["findings"][1]

    assert finding == {
        "key": "interpolated_data:house_1",
        "code": "interpolated_data",
        "house_id": "house_1",
        "blocking": False,
        "from": "2026-02-28T22:45:00Z",
        "to": "2026-02-28T23:00:00Z",
        "intervals": 1,
        "energy_kwh": Decimal("0.2"),
        "details": {},
    }


def through_json(record: dict[str, Any]) -> Any:
    """Write a record exactly and read it back, as the books do."""
    return json.loads(dumps(record), parse_float=Decimal)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_an_invoice_survives_its_file(number: int) -> None:
    """An invoice that is read back is the one that was issued."""
    invoice = invoices(uneven_month(), "2026-02")[number]
    record = invoice_record(invoice)

    again = invoice_from_record(through_json(record))

    assert invoice_record(again) == record
    assert dumps(invoice_record(again)) == dumps(record)
    # The statement's agreement is the part of it that was billed.
    billed = replace(
        invoice.statement.agreement,
        first=invoice.statement.first,
        end=invoice.statement.end,
    )
    assert again == replace(
        invoice, statement=replace(invoice.statement, agreement=billed)
    )


def test_an_invoice_with_everything_survives_its_file() -> None:
    """All parties' details, all registers and a finding without a span are kept."""
    (invoice,) = invoices(worked_example(), "2026-01")
    everything = replace(
        invoice,
        status=InvoiceStatus.PAID,
        registers=RegisterReadings(
            import_start=kwh("0"),
            import_end=kwh("120.3"),
            export_start=kwh("7.000001"),
            export_end=kwh("457.500001"),
            constant=Decimal(40),
            changes=(
                RegisterChange(
                    register="export", at=900, final=kwh("8"), first=kwh("0.1")
                ),
            ),
        ),
        findings=(
            Finding(
                code=FindingCode.NO_TARIFF, house_id="h", details={"tariff": "Solar"}
            ),
            Finding(
                code=FindingCode.TEMPORARY_DATA,
                span=Span(0, 900),
                intervals=1,
                energy=kwh("1"),
            ),
        ),
    )
    record = invoice_record(everything)

    again = invoice_from_record(through_json(record))

    assert again.registers == everything.registers
    assert again.findings == everything.findings
    assert again.letterhead == everything.letterhead
    assert again.status is InvoiceStatus.PAID


def test_a_record_of_another_kind_is_no_invoice() -> None:
    """What lacks a field is refused, instead of becoming half an invoice."""
    (invoice,) = invoices(worked_example(), "2026-01")
    record = invoice_record(invoice)
    del record["lines"]

    with pytest.raises(KeyError, match="lines"):
        invoice_from_record(record)
