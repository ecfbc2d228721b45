"""Settle a whole period out of the ledger, for a bill or for a look at one."""

from .billing.calendar import Period
from .billing.settlement import settle
from .billing.statements import Settlement
from .billing.terms import Terms
from .ledger import Ledger
from .register_readings import cross_checked


def settle_period(ledger: Ledger, terms: Terms, period: Period) -> Settlement:
    """Settle a period by terms; it blocks for as long as that takes."""
    span = period.span(terms.community.zone)
    return cross_checked(ledger, settle(terms, span, ledger.measurements(span)))
