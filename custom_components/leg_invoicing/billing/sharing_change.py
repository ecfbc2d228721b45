"""How the way of sharing may change in the books."""

from dataclasses import replace

from .commitment_checks import require_whole
from .commitments import CommitmentError, Commitments
from .dated import end_of, with_version
from .sharing_versions import SharingVersion


def with_sharing(books: Commitments, version: SharingVersion) -> Commitments:
    """Share by other keys, weights or order from a day on.

    A version of the same day is replaced. Days of a closed period stay as they were
    settled, and all houses must be known.
    """
    end = end_of(books.sharing, version)
    for closed in books.closed_within(version.valid_from, end):
        raise CommitmentError(
            "sharing_used",
            valid_from=version.valid_from.isoformat(),
            period=closed.period.period_id,
        )
    houses = {agreement.house_id for agreement in books.agreements}
    for house_id in (*version.weights, *version.order):
        if house_id not in houses:
            raise CommitmentError("sharing_house_unknown", house=house_id)
    following = replace(books, sharing=with_version(books.sharing, version))
    require_whole(following)
    return following
