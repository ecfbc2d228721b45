"""The lines of a house's bills, and how each comes to its amount."""

from custom_components.leg_invoicing.billing.calendar import Period
from custom_components.leg_invoicing.billing.counting import Flow, counted
from custom_components.leg_invoicing.billing.explained import explained
from custom_components.leg_invoicing.billing.explanations import explanation_record
from custom_components.leg_invoicing.billing.figure_records import figure_record
from custom_components.leg_invoicing.billing.figures import figures_of
from custom_components.leg_invoicing.billing.measurements import Measurements
from custom_components.leg_invoicing.billing.money import Money
from custom_components.leg_invoicing.billing.records import Record
from custom_components.leg_invoicing.billing.settlement import settle
from custom_components.leg_invoicing.billing.statements import Statement
from custom_components.leg_invoicing.billing.terms import Terms
from custom_components.leg_invoicing.billing.together import others_on_invoice
from custom_components.leg_invoicing.billing.written import nearest
from custom_components.leg_invoicing.documents.arithmetic import (
    arithmetic,
    line_in_words,
)
from custom_components.leg_invoicing.documents.figures import figure_in_words
from script.settle_lib.refusal import RefusalError


def explained_bills(
    house_id: str, terms: Terms, period: Period, measurements: Measurements
) -> Record:
    """Settle a period, and explain what a house is billed.

    Raises RefusalError where it is billed nothing.
    """
    span, flow = period.span(terms.community.zone), Flow.of(measurements)
    bills: dict[str, list[Statement]] = {}
    statements = settle(terms, span, flow.within(span)).statements
    for statement in statements:
        bills.setdefault(statement.agreement.house_id, []).append(statement)
    if house_id not in bills:
        raise RefusalError(
            f"--explain: nobody is billed for {house_id!r} in {period.period_id}; "
            f"{nearest(house_id, bills) if bills else 'nor for any other house'}"
        )
    return {
        "period": period.period_id,
        "house_id": house_id,
        "bills": [
            _bill(terms, own, flow, others_on_invoice(own, statements))
            for own in bills[house_id]
        ],
    }


def _bill(terms: Terms, statement: Statement, flow: Flow, others: Money) -> Record:
    community = terms.community
    counts = counted(terms, statement, flow)
    return {
        "participant": statement.agreement.participant.name,
        "from": statement.first.isoformat(),
        "to": statement.end.isoformat(),
        "total_ct": statement.total.ct,
        "lines": [
            {
                **explanation_record(each),
                "description": line_in_words(
                    each.line, community.currency, community.timezone
                ),
                "arithmetic": arithmetic(each, community.currency, community.timezone),
            }
            for each in explained(statement, terms, counts, others)
        ],
        "figures": [
            {
                **figure_record(each),
                "arithmetic": figure_in_words(
                    each, community.currency, community.timezone
                ),
            }
            for each in figures_of(statement)
        ],
    }
