"""What the registers showed at the edges of statements, and what they say of them."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from .billing.calendar import Instant, Span
from .billing.cross_check import Counted, register_mismatches
from .billing.energy import Energy
from .billing.house_energy import HouseEnergy
from .billing.invoices import RegisterChange, RegisterReadings
from .billing.point_energy import point_energies
from .billing.statements import Settlement
from .billing.terms import Terms
from .ledger import Ledger, ReadingKind, StoredChange


def cross_checked(ledger: Ledger, terms: Terms, settlement: Settlement) -> Settlement:
    """Return a settlement with what its registers contradict."""
    changes, read = ledger.meter_changes(), {ReadingKind.READ}
    findings = [
        finding
        for point, counted in _counted(ledger, terms, settlement)
        for finding in register_mismatches(
            counted, _registers(ledger, point, counted.span, changes, read)
        )
    ]
    return replace(settlement, findings=(*settlement.findings, *findings))


def _counted(
    ledger: Ledger, terms: Terms, settlement: Settlement
) -> Iterator[tuple[str, Counted]]:
    """Yield what the intervals of each point add up to, while one bill is due for it.

    Where houses have several meters, or take part in part, they are billed otherwise.
    """
    measured = lru_cache(lambda span: point_energies(ledger.measurements(span)))
    for statement in settlement.statements:
        house_id, span = statement.agreement.house_id, statement.span
        energy = statement.energy
        if terms.meters or statement.agreement.factor != 1:
            energy = measured(span).get(house_id, HouseEnergy())
        yield house_id, Counted(house_id=house_id, span=span, energy=energy)
    for meter in terms.meters:
        if not meter.formula:
            span, point = settlement.span, meter.meter_id
            energy = measured(span).get(point, HouseEnergy())
            yield (
                point,
                Counted(
                    house_id=meter.house_id,
                    span=span,
                    energy=energy,
                    meter=meter.label,
                ),
            )


def registers_of(
    ledger: Ledger, settlement: Settlement, constants: Mapping[str, Decimal]
) -> dict[str, RegisterReadings]:
    """Return the registers at the edges of each statement, by its agreement."""
    changes = ledger.meter_changes()
    return {
        statement.agreement.agreement_id: replace(
            _registers(
                ledger,
                statement.agreement.house_id,
                statement.span,
                changes,
                set(ReadingKind),
            ),
            constant=constants.get(statement.agreement.house_id, Decimal(1)),
        )
        for statement in settlement.statements
    }


def _registers(
    ledger: Ledger,
    point: str,
    span: Span,
    changes: Collection[StoredChange],
    kinds: Collection[ReadingKind],
) -> RegisterReadings:
    def at_edge(register: str, at: Instant) -> Energy | None:
        kept = ledger.readings(point, register, Span(at, at + 1))
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
            if change.house_id == point and change.at in span
        ),
    )
