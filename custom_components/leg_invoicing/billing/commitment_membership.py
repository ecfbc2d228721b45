"""How houses move out of agreements and out of the community, and who owns them.

Moving out and leaving are two things. Who moves out ends an agreement: the house
still belongs to the community, and its owner is billed until somebody else has it. A
house that leaves is billed to nobody, and what it measures does not take part.
"""

from dataclasses import replace
from datetime import date

from .agreements import Owner
from .commitment_checks import require_end_open, require_one_participant
from .commitments import CommitmentError, Commitments
from .sharing_versions import of_houses


def with_owner(books: Commitments, house_id: str, owner: Owner | None) -> Commitments:
    """Say who owns a house; None for the community itself.

    What has been issued stays.
    """
    if owner and owner.tariff_id is not None and owner.tariff_id not in books.tariffs:
        raise CommitmentError("tariff_unknown", tariff=owner.tariff_id)
    owners = {h: o for h, o in books.owners.items() if h != house_id}
    if owner is not None:
        owners[house_id] = owner
    following = replace(books, owners=owners)
    require_one_participant(following)
    return following


def with_move_out(books: Commitments, house_id: str, day: date) -> Commitments:
    """Let an occupant move out, so that a house is vacant from a day on.

    One who has moved out already does so on another day.
    """
    own = books.agreements_of(house_id)
    leaver = next((a for a in reversed(own) if a.first < day), None)
    if leaver is None:
        raise CommitmentError("nobody_moves_out", house=house_id, day=day.isoformat())
    require_end_open(books, house_id, min(day, leaver.end or day))
    for left in books.left.get(house_id, ()):
        if leaver.first < left < day:
            raise _has_left(house_id, left)
    agreements = (replace(a, end=day) if a is leaver else a for a in books.agreements)
    return replace(books, agreements=tuple(agreements))


def with_leaving(books: Commitments, house_id: str, day: date) -> Commitments:
    """Let a house leave the community, from a day on that has not been billed."""
    if left := _left_since(books, house_id, day):
        raise _has_left(house_id, left)
    if not any(a.first < day for a in books.agreements_of(house_id)):
        raise CommitmentError("nobody_moves_out", house=house_id, day=day.isoformat())
    require_end_open(books, house_id, day)
    return with_end(books, house_id, day)


def with_end(books: Commitments, house_id: str, end: date) -> Commitments:
    """End what was agreed for a house that leaves; what would begin later is void.

    The day must not lie before what has been billed.
    """
    agreements = tuple(
        replace(a, end=end) if a.house_id == house_id and a.covers(end) else a
        for a in books.agreements
        if a.house_id != house_id or a.first < end
    )
    # A house that nobody ever had is none that weights or an order can name.
    sharing = of_houses(books.sharing, (a.house_id for a in agreements))
    days = {day for day in books.left.get(house_id, ()) if day <= end}
    if _left_since(books, house_id, end) is None:
        days.add(end)
    left = {h: known for h, known in books.left.items() if h != house_id}
    owners = dict(books.owners)
    if any(a.house_id == house_id for a in agreements):
        left[house_id] = tuple(sorted(days))
    else:
        owners.pop(house_id, None)
    return replace(
        books, agreements=agreements, sharing=sharing, left=left, owners=owners
    )


def _left_since(books: Commitments, house_id: str, day: date) -> date | None:
    """Return when a house left that does not belong to the community on a day."""
    days = [left for left in books.left.get(house_id, ()) if left <= day]
    joined = [a.first for a in books.agreements_of(house_id) if a.first < day]
    if not days or any(first >= days[-1] for first in joined):
        return None
    return days[-1]


def _has_left(house_id: str, day: date) -> CommitmentError:
    return CommitmentError("house_has_left", house=house_id, day=day.isoformat())
