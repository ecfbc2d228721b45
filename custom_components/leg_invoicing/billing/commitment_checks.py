"""What no change of a community's books may break.

Each check raises `CommitmentError`; whoever calls it has changed nothing yet.
"""

from collections.abc import Sequence
from datetime import date

from .calendar import Period
from .commitments import CommitmentError, Commitments
from .dated import Dated, end_of
from .meters import Role
from .rounding import EXACT
from .sharing_versions import overweight


def require_unbilled(books: Commitments, period: Period) -> None:
    """Refuse a period of which any day has been billed already."""
    other = next(books.closed_within(period.first, period.end), None)
    if other is None:
        return
    if other.period == period:
        raise CommitmentError("period_closed", period=period.period_id)
    raise CommitmentError(
        "period_overlaps", period=period.period_id, other=other.period.period_id
    )


def require_tariff(books: Commitments, tariff_id: str) -> None:
    """Refuse a tariff that there is not."""
    if tariff_id not in books.tariffs:
        raise CommitmentError("tariff_unknown", tariff=tariff_id)


def require_open(books: Commitments, house_id: str, first: date) -> None:
    """Refuse a change that reaches back into a period that has been billed."""
    for closed in books.closed:
        if first < closed.period.end and house_id in closed.houses:
            raise CommitmentError(
                "agreement_in_closed_period",
                house=house_id,
                period=closed.period.period_id,
            )
    require_unshared(books, first)


def require_end_open(books: Commitments, house_id: str, day: date) -> None:
    """Refuse that somebody no longer has a house on a day that has been billed."""
    if books.closed and day < (period := books.closed[-1].period).end:
        raise CommitmentError(
            "ends_in_closed_period",
            house=house_id,
            period=period.period_id,
            first=period.end.isoformat(),
        )


def require_unused(
    books: Commitments, versions: Sequence[Dated], version: Dated, refusal: str
) -> None:
    """Refuse a version that would count on days of a closed period."""
    end = end_of(versions, version)
    for closed in books.closed_within(version.valid_from, end):
        raise CommitmentError(
            refusal,
            valid_from=version.valid_from.isoformat(),
            period=closed.period.period_id,
        )


def require_unshared(books: Commitments, first: date) -> None:
    """Refuse a day on which energy has been shared among the other houses.

    No invoice would ever ask the house for what it used then.
    """
    if books.closed and first < (period := books.closed[-1].period).end:
        raise CommitmentError(
            "joins_closed_period",
            period=period.period_id,
            first=period.end.isoformat(),
        )


def require_whole(books: Commitments) -> None:
    """Refuse weights that sum to more than there is to share."""
    if over := overweight(books.sharing, books.agreements):
        day, total = over
        percent = f"{total.scaleb(2, EXACT):f}"
        raise CommitmentError("weights_over_one", day=day.isoformat(), total=percent)


def require_all_counted(books: Commitments) -> None:
    """Refuse that houses take part in part where a meter counts all at the grid."""
    counts_all = any(meter.role is Role.GRID for meter in books.meters)
    if counts_all and any(agreement.factor != 1 for agreement in books.agreements):
        raise CommitmentError("factor_with_grid")


def require_one_participant(books: Commitments) -> None:
    """Refuse that two people are billed together."""
    names = {o.invoice: o.party.name for o in books.owners.values() if o.invoice}
    billed = [(o.invoice, o.party.name) for o in books.owners.values()]
    billed += [(a.invoice, a.participant.name) for a in books.agreements]
    for invoice, name in billed:
        if invoice and names.setdefault(invoice, name) != name:
            raise CommitmentError(
                "invoice_of_another", invoice=invoice, participant=names[invoice]
            )
