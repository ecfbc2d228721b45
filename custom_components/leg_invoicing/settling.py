"""Settle a whole period out of the ledger, for a bill or for a look at one."""

from typing import Any

import yaml

from .billing.calendar import Period
from .billing.settlement import settle
from .billing.statements import Settlement
from .billing.terms import Terms
from .ledger import Ledger
from .register_readings import cross_checked


def settle_period(ledger: Ledger, terms: Terms, period: Period) -> Settlement:
    """Settle a period by terms; it blocks for as long as that takes."""
    span = period.span(terms.community.zone)
    settlement = settle(terms, span, ledger.measurements(span))
    return cross_checked(ledger, terms, settlement)


def terms_record(written: str) -> dict[str, Any]:
    """Return written terms as what `terms_from_record` reads."""
    # Everything stays text: a price is no binary fraction.
    record: dict[str, Any] = yaml.load(written, Loader=yaml.BaseLoader)  # noqa: S506
    return record
