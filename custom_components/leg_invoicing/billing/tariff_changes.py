"""Which prices were set when, by whom, and what stood in their place before.

Prices that were billed never change; those that were not may. So that this does not
happen unseen, the books keep what was replaced.
"""

from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from typing import NamedTuple

from .commitment_changes import with_tariff_version
from .commitments import Commitments, TariffChange
from .tariffs import TariffVersion

NEWEST = 500
"""How many changes are kept; a version is some hundred bytes, in one file."""


class KnownVersion(NamedTuple):
    """A version of a tariff with what is known about it."""

    version: TariffVersion
    end: date | None
    """The first day that it does not count; None while no other follows."""
    periods: tuple[str, ...]
    """The closed periods that were billed with it."""
    change: TariffChange | None
    """How it came to be; None where that is not known (any more)."""


def with_tariff_set(
    books: Commitments,
    tariff_id: str,
    version: TariffVersion,
    at: datetime,
    user_id: str | None,
) -> Commitments:
    """Do as `with_tariff_version`, and note it; what changes nothing is not noted."""
    following = with_tariff_version(books, tariff_id, version)
    if following == books:
        return books
    known = books.tariffs.get(tariff_id)
    own = known.versions if known else ()
    change = TariffChange(
        at=at,
        user_id=user_id,
        tariff_id=tariff_id,
        valid_from=version.valid_from,
        before=next((v for v in own if v.valid_from == version.valid_from), None),
    )
    changes = (*books.tariff_changes, change)[-NEWEST:]
    return replace(following, tariff_changes=changes)


def versions_in_force(books: Commitments, tariff_id: str) -> tuple[KnownVersion, ...]:
    """Return the versions of a tariff by date."""
    versions = books.tariffs[tariff_id].versions
    ends = (*(after.valid_from for _, after in pairwise(versions)), None)
    # The newest change of a day is the one that stands.
    changes = {
        c.valid_from: c for c in books.tariff_changes if c.tariff_id == tariff_id
    }
    return tuple(
        KnownVersion(
            version,
            end,
            tuple(
                closed.period.period_id
                for closed in books.closed_within(version.valid_from, end)
                if tariff_id in closed.tariffs
            ),
            changes.get(version.valid_from),
        )
        for version, end in zip(versions, ends, strict=True)
    )
