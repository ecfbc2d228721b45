"""What later measurements would change in a period that was billed.

What was issued never changes. When measurements of a closed period change all the
same, the period is settled once more, by the terms that were frozen with it, and
for each house

    difference = what it would owe now − what it was billed

is a finding, until it is corrected or gone.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from .calendar import Period
from .energy import Energy
from .findings import Finding, FindingCode
from .house_energy import HouseEnergy
from .invoices import Invoice
from .money import NO_MONEY, Money
from .statements import Settlement, Statement


def changed_bills(
    period: Period, issued: Iterable[Invoice], settlement: Settlement
) -> tuple[Finding, ...]:
    """Return a finding for each house that would be billed differently, by id.

    `settlement` is of the same period, by the terms it was issued by.
    """
    parts = (part for invoice in issued for part in invoice.by_house)
    billed = _by_house(part.statement for part in parts)
    now = _by_house(settlement.statements)
    findings = []
    for house_id in sorted({*billed, *now}):
        (owed, then), (owes, energy) = billed[house_id], now[house_id]
        if owed == owes:
            continue
        findings.append(
            Finding(
                code=FindingCode.CLOSED_PERIOD_CHANGED,
                house_id=house_id,
                span=settlement.span,
                energy=_moved(then, energy),
                details={
                    "period": period.period_id,
                    "billed": f"{owed.units:.2f}",
                    "now": f"{owes.units:.2f}",
                    "difference": f"{(owes - owed).units:+.2f}",
                },
            )
        )
    return tuple(findings)


def _by_house(
    statements: Iterable[Statement],
) -> Mapping[str, tuple[Money, HouseEnergy]]:
    """Return what each house owes, and its energy; several people may share it."""
    sums: dict[str, tuple[Money, HouseEnergy]] = defaultdict(
        lambda: (NO_MONEY, HouseEnergy())
    )
    for statement in statements:
        owed, energy = sums[statement.agreement.house_id]
        sums[statement.agreement.house_id] = (
            owed + statement.total,
            energy + statement.energy,
        )
    return sums


def _moved(before: HouseEnergy, after: HouseEnergy) -> Energy:
    """Return how far the registers' energies are apart."""
    imported = abs(after.imported.mwh - before.imported.mwh)
    return Energy(imported + abs(after.exported.mwh - before.exported.mwh))
