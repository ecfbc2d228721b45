"""What a period must satisfy before it is closed.

Each check refuses in words that say what to do instead, and changes nothing.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from homeassistant.exceptions import ServiceValidationError

from .billing.calendar import Period, PeriodError, parse_period
from .billing.commitment_checks import require_unbilled
from .billing.commitments import CommitmentError, Commitments
from .billing.findings import Finding
from .billing.statements import Settlement
from .billing.terms import Terms
from .books_error import BooksError
from .const import GRACE_SECONDS
from .refusals import refused


def read_period(text: str) -> Period:
    """Read a period's name; raises a translated error when it is none."""
    try:
        return parse_period(text)
    except PeriodError as err:
        raise refused("period_invalid", period=text) from err


def require_closable(
    books: Commitments, period: Period, terms: Terms, now: datetime
) -> None:
    """Refuse a period of which a day has been billed, or that is not over."""
    try:
        require_unbilled(books, period)
    except CommitmentError as err:
        raise BooksError(err) from err
    if now.timestamp() < period.span(terms.community.zone).end + GRACE_SECONDS:
        raise refused(
            "period_unfinished", period=period.period_id, end=period.end.isoformat()
        )


def require_statements(period: Period, settlement: Settlement) -> None:
    """Refuse to close for good what nobody would get an invoice for."""
    if not settlement.statements:
        raise refused("nothing_to_bill", period=period.period_id)


def require_accepted(
    period: Period, findings: Iterable[Finding], accept: Iterable[str]
) -> tuple[str, ...]:
    """Return the blocking findings, all accepted; refuse a name that names none."""
    findings, accepted = tuple(findings), set(accept)
    if unknown := accepted - {finding.key for finding in findings}:
        raise refused("findings_not_there", findings=", ".join(sorted(unknown)))
    blocking = {finding.key for finding in findings if finding.blocking}
    if in_the_way := blocking - accepted:
        raise refused(
            "findings_block",
            period=period.period_id,
            findings=", ".join(sorted(in_the_way)),
        )
    return tuple(sorted(blocking))


def in_the_way(
    books: Commitments,
    period: Period,
    terms: Terms,
    now: datetime,
    settlement: Settlement,
) -> tuple[str, ...]:
    """Return why a period cannot be closed now without accepting anything.

    They are the codes of refusals and the names of findings; none where it can.
    """
    reasons = []
    for require in (
        partial(require_closable, books, period, terms, now),
        partial(require_statements, period, settlement),
    ):
        try:
            require()
        except ServiceValidationError as err:
            reasons.append(str(err.translation_key))
    findings = (finding.key for finding in settlement.findings if finding.blocking)
    return (*reasons, *sorted(set(findings)))
