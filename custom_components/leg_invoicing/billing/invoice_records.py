"""Invoices as plain records, and back without loss."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from .agreements import Agreement
from .benefit_records import benefits_from_record
from .calendar import Span, iso_utc, parse_period
from .currencies import smallest_unit
from .energy import Energy
from .findings import Finding, FindingCode
from .house_energy import HouseEnergy
from .invoices import Invoice, InvoiceStatus, Letterhead, joined
from .line_records import line_from_record
from .models import Model
from .money import Money
from .quality import BY_LABEL
from .records import Record, party_from_record, party_record, statement_record
from .register_records import registers_from_record, registers_record
from .session_records import session_from_record
from .statements import Statement


def invoice_record(invoice: Invoice) -> Record:
    """Return an invoice; `invoice_from_record` reads it back without loss."""
    return {
        "invoice_id": invoice.invoice_id,
        "period_id": invoice.period.period_id,
        "status": str(invoice.status),
        "issued_on": invoice.issued_on.isoformat(),
        "due_on": invoice.due_on.isoformat(),
        "currency": invoice.letterhead.currency,
        "model": str(invoice.model),
        **_house_record(invoice),
        **_taxes(invoice),
        "issuer": party_record(invoice.letterhead.issuer),
        "recipient": party_record(invoice.recipient),
        "community_id": invoice.letterhead.community_id,
        "community_name": invoice.letterhead.community_name,
        "timezone": invoice.letterhead.timezone,
        "payment_term_days": invoice.letterhead.payment_term_days,
        "houses": [_house_record(part) for part in invoice.parts],
    }


def _house_record(invoice: Invoice) -> Record:
    """Return what an invoice says of a house, or sums up of several."""
    statement = invoice.statement
    return {
        "period_start": iso_utc(statement.span.start),
        # The last second that belongs to the statement.
        "period_end": iso_utc(statement.span.end - 1),
        **statement_record(statement),
        "house_name": invoice.house_name,
        "agreement_id": statement.agreement.agreement_id,
        "registers": registers_record(invoice.registers),
        "findings": [finding.as_record() for finding in invoice.findings],
    }


def _taxes(invoice: Invoice) -> Record:
    """Return the taxes, which are computed house by house."""
    own = [part.statement for part in invoice.by_house]
    return {
        "vat_ct": Money.total(s.vat_amount for s in own).ct,
        "supplier_vat_ct": Money.total(s.supplier_vat_amount for s in own).ct,
    }


def invoice_from_record(record: Mapping[str, Any]) -> Invoice:
    """Rebuild an invoice from its record.

    Numbers may be integers, decimals or the decimals' text. Raises KeyError or
    ValueError when the record is not one that `invoice_record` made.
    """
    houses = record.get("houses") or [record]
    return joined([_of_house({**record, **house}) for house in houses])


def _of_house(record: Mapping[str, Any]) -> Invoice:
    """Rebuild the invoice of a house alone."""
    agreement = Agreement(
        house_id=record["house_id"],
        participant=party_from_record(record["recipient"]),
        tariff_id=record["tariff"],
        first=date.fromisoformat(record["from"]),
        end=date.fromisoformat(record["to"]),
        agreement_id=record["agreement_id"],
        # Invoices of earlier versions are all of occupants.
        vacancy=record.get("vacancy", False),
    )
    return Invoice(
        invoice_id=record["invoice_id"],
        letterhead=Letterhead(
            community_id=record["community_id"],
            community_name=record["community_name"],
            issuer=party_from_record(record["issuer"]),
            timezone=record["timezone"],
            currency=record["currency"],
            payment_term_days=record["payment_term_days"],
        ),
        period=parse_period(record["period_id"]),
        model=Model(record["model"]),
        issued_on=date.fromisoformat(record["issued_on"]),
        house_name=record["house_name"],
        statement=_statement_from_record(record, agreement),
        registers=registers_from_record(record["registers"]),
        findings=tuple(_finding_from_record(f) for f in record["findings"]),
        status=InvoiceStatus(record["status"]),
    )


def _statement_from_record(
    record: Mapping[str, Any], agreement: Agreement
) -> Statement:
    return Statement(
        agreement=agreement,
        span=Span(_instant(record["period_start"]), _instant(record["period_end"]) + 1),
        first=date.fromisoformat(record["from"]),
        end=date.fromisoformat(record["to"]),
        energy=HouseEnergy(
            imported=_energy(record["energy_imported_kwh"]),
            exported=_energy(record["energy_exported_kwh"]),
            local_import=_energy(record["local_import_kwh"]),
            local_export=_energy(record["local_export_kwh"]),
        ),
        lines=tuple(
            line_from_record(line, smallest_unit(record["currency"]))
            for line in record["lines"]
        ),
        # Statements of earlier versions know of none.
        sessions=tuple(map(session_from_record, record.get("sessions", ()))),
        intervals={BY_LABEL[label]: n for label, n in record["intervals"].items()},
        benefits=benefits_from_record(record),
    )


def _finding_from_record(record: Mapping[str, Any]) -> Finding:
    start, end = record["from"], record["to"]
    return Finding(
        code=FindingCode(record["code"]),
        house_id=record["house_id"],
        span=Span(_instant(start), _instant(end)) if start and end else None,
        intervals=record["intervals"],
        energy=_energy_or_none(record["energy_kwh"]),
        details=record["details"],
    )


def _energy(kwh: Decimal | str) -> Energy:
    return Energy.from_kwh(Decimal(kwh))


def _energy_or_none(kwh: Decimal | str | None) -> Energy | None:
    return None if kwh is None else _energy(kwh)


def _instant(iso: str) -> int:
    return int(datetime.fromisoformat(iso).timestamp())
