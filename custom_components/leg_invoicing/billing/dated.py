"""What is agreed on by versions: from local midnight of its first day on, one counts.

Whatever the version before said does not count any more. The first one counts since
ever.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from typing import Protocol

SINCE_EVER = date.min
"""The day on which the first version begins."""
EVER = date(1970, 1, 1)
"""No measurement is older."""


class Dated(Protocol):
    """A version of something."""

    @property
    def valid_from(self) -> date:
        """The first local day on which it counts."""


def version_on[V: Dated](versions: Sequence[V], day: date) -> V:
    """Return the version that counts on a local day; the first is since ever."""
    return versions[bisect_right(versions, day, key=lambda v: v.valid_from) - 1]


def with_version[V: Dated](versions: Sequence[V], version: V) -> tuple[V, ...]:
    """Return the versions with one more, which replaces one of the same day."""
    kept = (v for v in versions if v.valid_from != version.valid_from)
    return tuple(sorted((*kept, version), key=lambda v: v.valid_from))


def end_of(versions: Sequence[Dated], version: Dated) -> date | None:
    """Return the day from which another one counts; None where none follows."""
    days = (v.valid_from for v in versions if v.valid_from > version.valid_from)
    return min(days, default=None)
