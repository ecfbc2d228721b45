"""What the registers showed at the edges of statements, and what they say of them."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from decimal import Decimal

from .billing.calendar import Instant, Span
from .billing.cross_check import register_mismatches
from .billing.energy import Energy
from .billing.invoices import RegisterChange, RegisterReadings
from .billing.statements import Settlement, Statement
from .ledger import Ledger, ReadingKind, StoredChange


def cross_checked(ledger: Ledger, settlement: Settlement) -> Settlement:
    """Return a settlement with what its registers contradict."""
    changes = ledger.meter_changes()
    findings = [
        finding
        for statement in settlement.statements
        for finding in register_mismatches(
            statement, _registers(ledger, statement, changes, {ReadingKind.READ})
        )
    ]
    return replace(settlement, findings=(*settlement.findings, *findings))


def registers_of(
    ledger: Ledger, settlement: Settlement, constants: Mapping[str, Decimal]
) -> dict[str, RegisterReadings]:
    """Return the registers at the edges of each statement, by its agreement."""
    changes = ledger.meter_changes()
    return {
        statement.agreement.agreement_id: replace(
            _registers(ledger, statement, changes, set(ReadingKind)),
            constant=constants.get(statement.agreement.house_id, Decimal(1)),
        )
        for statement in settlement.statements
    }


def _registers(
    ledger: Ledger,
    statement: Statement,
    changes: Collection[StoredChange],
    kinds: Collection[ReadingKind],
) -> RegisterReadings:
    house_id, span = statement.agreement.house_id, statement.span

    def at_edge(register: str, at: Instant) -> Energy | None:
        kept = ledger.readings(house_id, register, Span(at, at + 1))
        return next((r.value for r in kept if r.kind in kinds), None)

    return RegisterReadings(
        import_start=at_edge("import", span.start),
        import_end=at_edge("import", span.end),
        export_start=at_edge("export", span.start),
        export_end=at_edge("export", span.end),
        changes=tuple(
            RegisterChange(
                register=change.register,
                at=change.at,
                final=change.final,
                first=change.first,
            )
            for change in changes
            if change.house_id == house_id and change.at in span
        ),
    )
