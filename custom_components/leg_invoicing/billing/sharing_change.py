"""How the way of sharing may change in the books."""

from dataclasses import replace

from .commitment_changes import require_whole
from .commitments import CommitmentError, Commitments
from .sharing_versions import SharingVersion


def with_sharing(books: Commitments, version: SharingVersion) -> Commitments:
    """Share by other keys, weights or order from a day on.

    A version of the same day is replaced. Days of a closed period stay as they were
    settled, and all houses must be known.
    """
    later = [v.valid_from for v in books.sharing if v.valid_from > version.valid_from]
    for closed in books.closed_within(version.valid_from, min(later, default=None)):
        raise CommitmentError(
            "sharing_used",
            valid_from=version.valid_from.isoformat(),
            period=closed.period.period_id,
        )
    houses = {agreement.house_id for agreement in books.agreements}
    for house_id in (*version.weights, *version.order):
        if house_id not in houses:
            raise CommitmentError("sharing_house_unknown", house=house_id)
    kept = (v for v in books.sharing if v.valid_from != version.valid_from)
    sharing = sorted((*kept, version), key=lambda v: v.valid_from)
    following = replace(books, sharing=tuple(sharing))
    require_whole(following)
    return following
