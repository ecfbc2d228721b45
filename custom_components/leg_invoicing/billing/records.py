"""Settlements and invoices as plain records, for JSON and for the books.

Field names, units and meanings are an interface that other programs rely on;
fields are added, never changed. Energies are kWh, amounts ct, both exact
decimals; `net_amount_ct` is positive when the community owes the house, while
`total_ct`, what is due, is positive when the house owes.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from .agreements import Agreement, Party
from .benefit_records import benefits_from_record, benefits_record
from .calendar import Span, iso_utc, parse_period
from .currencies import smallest_unit
from .energy import Energy
from .findings import Finding, FindingCode
from .house_energy import HouseEnergy
from .invoices import Invoice, InvoiceStatus, Letterhead
from .line_records import line_from_record, line_record
from .models import Model
from .quality import BY_LABEL, tenths_of_percent
from .register_records import registers_from_record, registers_record
from .rounding import EXACT
from .session_records import session_from_record, session_record
from .statements import CommunityAccount, Settlement, Statement

type Record = dict[str, Any]


def settlement_record(settlement: Settlement, period_id: str) -> Record:
    """Return what a settlement says, without who lives where."""
    return {
        "period": period_id,
        "statements": [statement_record(s) for s in settlement.statements],
        "community": community_record(settlement.community),
        "findings": [finding.as_record() for finding in settlement.findings],
    }


def statement_record(statement: Statement) -> Record:
    """Return one statement."""
    energy = statement.energy
    return {
        "house_id": statement.agreement.house_id,
        "participant": statement.agreement.participant.name,
        "tariff": statement.agreement.tariff_id,
        "vacancy": statement.agreement.vacancy,
        "from": statement.first.isoformat(),
        "to": statement.end.isoformat(),
        **_energy_record(energy),
        "import_cost_ct": statement.import_cost.ct,
        "export_revenue_ct": statement.export_revenue.ct,
        "net_amount_ct": statement.net.ct,
        "fees_ct": statement.fees.ct,
        "discounts_ct": statement.discounts.ct,
        "vat_ct": statement.vat_amount.ct,
        "supplier_vat_ct": statement.supplier_vat_amount.ct,
        "rounding_ct": statement.rounding.ct,
        "total_ct": statement.total.ct,
        **benefits_record(statement),
        "lines": [line_record(line) for line in statement.lines],
        "sessions": [session_record(session) for session in statement.sessions],
        "intervals": {q.label: n for q, n in statement.intervals.items()},
        "interval_shares_percent": {
            q.label: Decimal(tenths).scaleb(-1, EXACT)
            for q, tenths in tenths_of_percent(statement.intervals).items()
        },
    }


def _energy_record(energy: HouseEnergy) -> Record:
    return {
        "energy_imported_kwh": energy.imported.kwh,
        "energy_exported_kwh": energy.exported.kwh,
        "local_import_kwh": energy.local_import.kwh,
        "grid_import_kwh": energy.grid_import.kwh,
        "local_export_kwh": energy.local_export.kwh,
        "grid_export_kwh": energy.grid_export.kwh,
    }


def community_record(account: CommunityAccount) -> Record:
    """Return the community's own account; CO₂ only where it is told."""
    co2 = account.co2_avoided
    return {
        "total_consumption_kwh": account.energy.imported.kwh,
        "total_production_kwh": account.energy.exported.kwh,
        "shared_kwh": account.shared.kwh,
        "grid_import_kwh": account.energy.grid_import.kwh,
        "grid_export_kwh": account.energy.grid_export.kwh,
        "value_grid_import_ct": account.value_grid_import.ct,
        "value_grid_export_ct": account.value_grid_export.ct,
        "balance_ct": account.balance.ct,
        "vat_ct": account.vat.ct,
        "input_vat_ct": account.input_vat.ct,
        "rounding_ct": account.rounding.ct,
        "saved_ct": account.saved.ct,
        **({} if co2 is None else {"co2_avoided_g": co2}),
        **_grid_record(account),
    }


def _grid_record(account: CommunityAccount) -> Record:
    """Return what the meter at the grid says, to compare with the operator's bill."""
    if account.grid_meter is None or account.losses is None:
        return {}
    return {
        "grid_meter_import_kwh": account.grid_meter.imported.kwh,
        "grid_meter_export_kwh": account.grid_meter.exported.kwh,
        "losses_kwh": account.losses.kwh,
    }


def invoice_record(invoice: Invoice) -> Record:
    """Return an invoice; `invoice_from_record` reads it back without loss."""
    statement = invoice.statement
    return {
        "invoice_id": invoice.invoice_id,
        "period_id": invoice.period.period_id,
        "period_start": iso_utc(statement.span.start),
        # The last second that belongs to the statement.
        "period_end": iso_utc(statement.span.end - 1),
        "status": str(invoice.status),
        "issued_on": invoice.issued_on.isoformat(),
        "due_on": invoice.due_on.isoformat(),
        "currency": invoice.letterhead.currency,
        "model": str(invoice.model),
        **statement_record(statement),
        "house_name": invoice.house_name,
        "agreement_id": statement.agreement.agreement_id,
        "issuer": party_record(invoice.letterhead.issuer),
        "recipient": party_record(invoice.recipient),
        "community_id": invoice.letterhead.community_id,
        "community_name": invoice.letterhead.community_name,
        "timezone": invoice.letterhead.timezone,
        "payment_term_days": invoice.letterhead.payment_term_days,
        "registers": registers_record(invoice.registers),
        "findings": [finding.as_record() for finding in invoice.findings],
    }


def party_record(party: Party) -> Record:
    """Return somebody on an invoice."""
    return {
        "name": party.name,
        "address": list(party.address),
        "email": party.email,
        "language": party.language,
        "iban": party.iban,
        "vat_number": party.vat_number,
    }


def invoice_from_record(record: Mapping[str, Any]) -> Invoice:
    """Rebuild an invoice from its record.

    Numbers may be integers, decimals or the decimals' text. Raises KeyError or
    ValueError when the record is not one that `invoice_record` made.
    """
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


def party_from_record(record: Mapping[str, Any]) -> Party:
    """Rebuild somebody on an invoice."""
    return Party(
        name=record["name"],
        address=tuple(record["address"]),
        email=record["email"],
        language=record["language"],
        iban=record["iban"],
        # Those of earlier versions have none.
        vat_number=record.get("vat_number"),
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
