"""Invoices: issued statements with a number.

Numbers are `INV-<year>-<sequence>`, consecutive within a community and a year of
issue, without gaps or repeats: the next number is one more than the last one
issued in that year, never a clock's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from .agreements import Party
from .calendar import Instant, Period
from .energy import Energy
from .findings import Finding
from .models import Model
from .statements import Settlement, Statement
from .together import by_invoice, summed


class InvoiceStatus(StrEnum):
    """Where an invoice is on its way to being paid."""

    PENDING = "pending"
    SENT = "sent"
    PAID = "paid"
    OVERDUE = "overdue"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterChange:
    """Where one meter ended and the next one began."""

    register: str
    """`import` or `export`."""
    at: Instant
    final: Energy
    first: Energy


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterReadings:
    """The registers at the edges of a statement; None where unknown or absent.

    They are energies: what the meter shows, multiplied by its constant.
    """

    import_start: Energy | None = None
    import_end: Energy | None = None
    export_start: Energy | None = None
    export_end: Energy | None = None
    changes: tuple[RegisterChange, ...] = ()
    """Where meters were changed in between, in the order of time."""
    constant: Decimal = Decimal(1)

    def changes_of(self, register: str) -> tuple[RegisterChange, ...]:
        """Return the changes of a register."""
        return tuple(change for change in self.changes if change.register == register)

    def difference(self, register: str) -> Energy | None:
        """Return how far a register advanced, whatever meters counted it."""
        start: Energy | None = getattr(self, f"{register}_start")
        end: Energy | None = getattr(self, f"{register}_end")
        if start is None or end is None:
            return None
        changed = (change.final - change.first for change in self.changes_of(register))
        return end - start + Energy.total(changed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """What all invoices of a period share."""

    community_id: str
    community_name: str
    issuer: Party
    timezone: str
    currency: str
    payment_term_days: int
    """Days from issue to due date, 0 or more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """An issued statement; never changes once it is written."""

    invoice_id: str
    letterhead: Letterhead
    period: Period
    model: Model
    issued_on: date
    house_name: str
    statement: Statement
    registers: RegisterReadings
    findings: tuple[Finding, ...]
    """Findings about this house in this period, printed on the document."""
    status: InvoiceStatus = InvoiceStatus.PENDING
    parts: tuple[Invoice, ...] = ()
    """Where several houses are billed together: the same of each of them alone.

    The statement is then their sum, and the house's name and registers the first's.
    """

    @property
    def by_house(self) -> tuple[Invoice, ...]:
        """Return the invoice of each house alone."""
        return self.parts or (self,)

    @property
    def recipient(self) -> Party:
        """The participant at the time of issue."""
        return self.statement.agreement.participant

    @property
    def due_on(self) -> date:
        """The last day on which the payment is in time."""
        return self.issued_on + timedelta(days=self.letterhead.payment_term_days)


def invoice_number(year: int, sequence: int) -> str:
    """Write a number: at least three digits, more from the thousandth on."""
    return f"INV-{year}-{sequence:03}"


def issue(
    settlement: Settlement,
    letterhead: Letterhead,
    period: Period,
    *,
    issued_on: date,
    last_sequence: int,
    house_names: Mapping[str, str],
    registers: Mapping[str, RegisterReadings],
) -> tuple[Invoice, ...]:
    """Turn a settlement's statements into invoices, in the statements' order.

    `last_sequence` is the last number used in the year of issue, 0 for none;
    `registers` is by agreement id.
    """
    return tuple(
        joined(
            [
                Invoice(
                    invoice_id=invoice_number(issued_on.year, last_sequence + i),
                    letterhead=letterhead,
                    period=period,
                    model=settlement.model,
                    issued_on=issued_on,
                    house_name=house_names.get(a.house_id, a.house_id),
                    statement=statement,
                    registers=registers.get(a.agreement_id, RegisterReadings()),
                    findings=_about(statement, settlement.findings),
                )
                for statement in statements
                for a in [statement.agreement]
            ]
        )
        for i, statements in enumerate(by_invoice(settlement.statements), start=1)
    )


def joined(parts: Sequence[Invoice]) -> Invoice:
    """Return one invoice for those of several houses, or the only one."""
    if len(parts) == 1:
        return parts[0]
    findings = [finding for part in parts for finding in part.findings]
    return replace(
        parts[0],
        statement=summed([part.statement for part in parts]),
        # Two people who had a house in turn may read the same about it.
        findings=tuple(f for i, f in enumerate(findings) if f not in findings[:i]),
        parts=tuple(parts),
    )


def _about(statement: Statement, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings about the statement's house that touch its span."""
    return tuple(
        finding
        for finding in findings
        if finding.house_id == statement.agreement.house_id
        and (finding.span is None or finding.span.overlap(statement.span))
    )
