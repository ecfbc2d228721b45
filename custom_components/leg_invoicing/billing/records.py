"""Settlements and invoices as plain records, for JSON and for the books.

Field names, units and meanings are an interface that other programs rely on;
fields are added, never changed. Energies are kWh, amounts ct, both exact
decimals; `net_amount_ct` is positive when the community owes the house, while
`total_ct`, what is due, is positive when the house owes.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from .agreements import Party
from .benefit_records import benefits_record
from .community_account import CommunityAccount
from .house_energy import HouseEnergy
from .line_records import line_record
from .quality import tenths_of_percent
from .rounding import EXACT
from .session_records import session_record
from .statements import Settlement, Statement

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
