"""Several statements of one participant on one invoice.

Agreements that say the same word for their invoice are billed together: with one
number, one total, and one rounding to coins. Everything else stays as it is by itself:
each house has its lines, its fees and its VAT, so that subtotals add up to the total.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import reduce

from .agreements import Agreement, AgreementError
from .benefits import ALL_COMPARED, Benefits, summed_discounts
from .calendar import Span
from .charges import rounding_lines
from .house_energy import HouseEnergy
from .money import Money
from .quality import Quality
from .reasons import community as because
from .rounding import EXACT
from .statements import Statement


def by_invoice(statements: Iterable[Statement]) -> list[list[Statement]]:
    """Return what goes on each invoice, in the order of the first statements."""
    groups: dict[tuple[str, str], list[Statement]] = {}
    for statement in statements:
        agreement = statement.agreement
        own = "" if agreement.invoice else f"{agreement.house_id} {agreement.first}"
        groups.setdefault((agreement.invoice, own), []).append(statement)
    return list(groups.values())


def rounded(statements: Sequence[Statement], coin: Money) -> Iterator[Statement]:
    """Yield the statements, the last one of each invoice with what rounds the total."""
    closing = {id(group[-1]): group for group in by_invoice(statements)}
    for statement in statements:
        group = closing.get(id(statement), [])
        lines = [line for each in group for line in each.lines]
        first, end = statement.first, statement.end
        rounding = rounding_lines(lines, first, end, coin) if group else ()
        yield replace(statement, lines=(*statement.lines, *rounding))


def others_on_invoice(statement: Statement, statements: Iterable[Statement]) -> Money:
    """Return what other statements on the invoice of one of them come to."""
    groups = by_invoice(statements)
    group = next(g for g in groups if any(each is statement for each in g))
    return Money.total(each.total for each in group) - statement.total


def summed(statements: Sequence[Statement]) -> Statement:
    """Return one statement for several, of at least one: their lines and their sums.

    Its agreement is that of the first of them.
    """
    counts = dict.fromkeys(Quality, 0)
    for statement in statements:
        for quality, count in statement.intervals.items():
            counts[quality] += count
    return Statement(
        agreement=statements[0].agreement,
        span=Span(
            min(s.span.start for s in statements), max(s.span.end for s in statements)
        ),
        first=min(statement.first for statement in statements),
        end=max(statement.end for statement in statements),
        energy=sum((s.energy for s in statements), start=HouseEnergy()),
        lines=tuple(line for statement in statements for line in statement.lines),
        intervals={quality: count for quality, count in counts.items() if count},
        sessions=tuple(s for statement in statements for s in statement.sessions),
        benefits=_summed_benefits([s.benefits for s in statements]),
    )


def _summed_benefits(each: Sequence[Benefits | None]) -> Benefits | None:
    """Return what several houses gain; nothing where it is not known of all."""
    known = [benefits for benefits in each if benefits is not None]
    if len(known) < len(each):
        return None
    avoided = [b.co2_avoided for b in known if b.co2_avoided is not None]
    return Benefits(
        grid_cost=Money.total(benefits.grid_cost for benefits in known),
        grid_revenue=Money.total(benefits.grid_revenue for benefits in known),
        not_compared=sum((b.not_compared for b in known), start=ALL_COMPARED),
        co2_avoided=reduce(EXACT.add, avoided) if avoided else None,
        grid_discounts=summed_discounts(d for b in known for d in b.grid_discounts),
    )


def check_invoices(agreements: Iterable[Agreement]) -> None:
    """Refuse that two people are billed together: there is one address on an invoice.

    Raises AgreementError for the first agreement of somebody else.
    """
    names: dict[str, str] = {}
    for agreement in agreements:
        name = agreement.participant.name
        if agreement.invoice and names.setdefault(agreement.invoice, name) != name:
            invoice = agreement.invoice
            reason = because.INVOICE_OF_OTHER(invoice=invoice, name=names[invoice])
            raise AgreementError(agreement, reason)
