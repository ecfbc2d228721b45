"""How what a community tells beside its bills may change in the books."""

from dataclasses import replace

from .benefits import BenefitVersion
from .commitments import CommitmentError, Commitments
from .dated import end_of, with_version


def with_benefits(books: Commitments, version: BenefitVersion) -> Commitments:
    """Tell that from a day on.

    A version of the same day is replaced. Days of a closed period stay as they were
    told.
    """
    end = end_of(books.benefits, version)
    for closed in books.closed_within(version.valid_from, end):
        raise CommitmentError(
            "benefits_used",
            valid_from=version.valid_from.isoformat(),
            period=closed.period.period_id,
        )
    return replace(books, benefits=with_version(books.benefits, version))
