"""Where the numbers of a bill come from: its lines, and the intervals behind them.

A period that is open is settled anew. Of one that is closed, the lines are those that
were issued, and the terms those that were frozen with it; the intervals are what the
ledger holds now, and an explanation says where they no longer come to what was billed.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from homeassistant.core import HomeAssistant

from .billing.calendar import Period
from .billing.commitments import ClosedPeriod
from .billing.counting import Flow, counted
from .billing.explained import explained
from .billing.explanations import explanation_record
from .billing.figure_records import figure_record
from .billing.figures import Figure, figures_of
from .billing.invoice_records import invoice_from_record
from .billing.money import Money
from .billing.statements import Statement
from .billing.terms import Terms
from .billing.terms_record import terms_from_record
from .billing.together import others_on_invoice
from .closing import async_preview
from .documents.arithmetic import arithmetic, line_in_words
from .documents.figures import figure_in_words
from .ledger import Ledger
from .refusals import refused
from .runtime import LegConfigEntry, terms_now
from .settling import terms_record
from .signal_input import entity_ids, with_entities


class Bill(NamedTuple):
    """A statement, and what it was settled by."""

    statement: Statement
    terms: Terms
    others: Money
    """What other houses on the same invoice come to."""
    invoice_id: str | None = None
    """None while its period is open."""


async def async_bill_of_invoice(
    entry: LegConfigEntry,
    invoice_id: str,
    house_id: str | None,
    agreement_id: str | None,
) -> Bill:
    """Return an issued invoice, or what it says of one house.

    Raises a translated error where there is none, or where there are several houses
    on it and none is named.
    """
    for closed in entry.runtime_data.books.closed:
        if invoice_id in closed.invoices:
            bills = await _async_issued(entry, closed)
            own = [bill for bill in bills if bill.invoice_id == invoice_id]
            return _only(entry, own, house_id, agreement_id, invoice_id)
    raise refused("invoice_not_found", invoice=invoice_id)


async def async_bill_of_house(
    hass: HomeAssistant,
    entry: LegConfigEntry,
    period: Period,
    house_id: str,
    agreement_id: str | None,
) -> Bill:
    """Return what a house was, or would be, billed in a period.

    Where several people had it, the agreement says whose bill is meant.
    """
    closed = entry.runtime_data.books.commitments.find(period)
    if closed:
        bills = await _async_issued(entry, closed)
    else:
        terms, settlement = terms_now(entry), await async_preview(hass, entry, period)
        statements = settlement.statements
        bills = [
            Bill(each, terms, others_on_invoice(each, statements))
            for each in statements
        ]
    return _only(entry, bills, house_id, agreement_id, period.period_id)


def _only(
    entry: LegConfigEntry,
    bills: Sequence[Bill],
    house_id: str | None,
    agreement_id: str | None,
    among: str,
) -> Bill:
    """Return the bill of a house, or of an agreement about it."""
    own = [
        bill for bill in bills if house_id in (None, bill.statement.agreement.house_id)
    ]
    if not own:
        names = entry.runtime_data.books.house_names
        billed = dict.fromkeys(b.statement.agreement.house_id for b in bills)
        raise refused(
            "house_not_billed",
            house=names.get(str(house_id), str(house_id)),
            period=among,
            billed=", ".join(names.get(each, each) for each in billed) or "–",
        )
    ids = [bill.statement.agreement.agreement_id for bill in own]
    if agreement_id is None and len(own) == 1:
        return own[0]
    if agreement_id in ids:
        return own[ids.index(agreement_id)]
    raise refused("agreement_needed", agreements=", ".join(ids))


async def async_explain(
    hass: HomeAssistant, entry: LegConfigEntry, bill: Bill, number: int | None
) -> dict[str, Any]:
    """Explain one line of a bill, or all of them."""
    lines = await hass.async_add_executor_job(
        _explained, entry.runtime_data.ledger, bill, entity_ids(hass, bill.terms)
    )
    lines = [
        {**line, "follows": with_entities(hass, line["follows"])} for line in lines
    ]
    if number is not None:
        if not 1 <= number <= len(lines):
            raise refused("line_not_found", line=str(number), lines=str(len(lines)))
        lines = [lines[number - 1]]
    statement = bill.statement
    figures = figures_of(statement) if number is None else ()
    return {
        "invoice_id": bill.invoice_id,
        "house_id": statement.agreement.house_id,
        "agreement_id": statement.agreement.agreement_id,
        "participant": statement.agreement.participant.name,
        "from": statement.first.isoformat(),
        "to": statement.end.isoformat(),
        "total_ct": statement.total.ct,
        "lines": lines,
        "figures": [_figure(figure, bill.terms) for figure in figures],
    }


async def _async_issued(entry: LegConfigEntry, closed: ClosedPeriod) -> Sequence[Bill]:
    issued = await entry.runtime_data.books.async_issued(closed)
    terms = terms_from_record(terms_record(issued["terms"]))
    invoices = map(invoice_from_record, issued["invoices"])
    return [
        Bill(
            part.statement,
            terms,
            invoice.statement.total - part.statement.total,
            invoice.invoice_id,
        )
        for invoice in invoices
        for part in invoice.by_house
    ]


def _figure(figure: Figure, terms: Terms) -> dict[str, Any]:
    community = terms.community
    said = figure_in_words(figure, community.currency, community.timezone)
    return {**figure_record(figure), "arithmetic": said}


def _explained(
    ledger: Ledger, bill: Bill, signals: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Read the intervals of a bill, and explain its lines; it blocks meanwhile."""
    statement, terms = bill.statement, bill.terms
    counts = counted(terms, statement, Flow.of(ledger.measurements(statement.span)))
    community = terms.community
    return [
        {
            **explanation_record(explanation),
            "description": line_in_words(
                explanation.line, community.currency, community.timezone
            ),
            "arithmetic": arithmetic(
                explanation, community.currency, community.timezone, signals
            ),
        }
        for explanation in explained(statement, terms, counts, bill.others)
    ]
