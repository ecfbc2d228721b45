"""How the way of sharing may change in the books."""

from dataclasses import replace

from .commitment_checks import require_unused, require_whole
from .commitments import CommitmentError, Commitments
from .dated import with_version
from .sharing_versions import SharingVersion


def with_sharing(books: Commitments, version: SharingVersion) -> Commitments:
    """Share by other keys, weights or order from a day on.

    A version of the same day is replaced. Days of a closed period stay as they were
    settled, and all houses must be known.
    """
    require_unused(books, books.sharing, version, "sharing_used")
    houses = {agreement.house_id for agreement in books.agreements}
    for house_id in (*version.weights, *version.order):
        if house_id not in houses:
            raise CommitmentError("sharing_house_unknown", house=house_id)
    following = replace(books, sharing=with_version(books.sharing, version))
    require_whole(following)
    return following
