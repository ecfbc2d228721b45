"""How far a number can be trusted.

The values are stored in the ledger and must never be renumbered. They ascend
from best to worst, so the quality of a sum is the maximum of its parts.
"""

from collections.abc import Mapping
from enum import IntEnum


class Quality(IntEnum):
    """Quality of one interval's energy; a sum carries its worst."""

    MEASURED = 0
    """The difference of two registers, both read close to the interval's edges."""
    SUBSTITUTED = 10
    """A value the grid operator put in place of a lost one."""
    MANUAL = 20
    """Entered by a person."""
    INTERPOLATED = 30
    """A gap's energy, known as a whole, spread between two real readings."""
    ESTIMATED = 40
    """Derived from something coarser, such as an hourly sum."""
    TEMPORARY = 50
    """A placeholder the sender will replace; never billable."""
    MISSING = 60
    """Nothing is known; the energy beside it is no energy."""

    @property
    def label(self) -> str:
        """The name used in files and answers."""
        return self.name.lower()


BILLABLE = frozenset(Quality) - {Quality.TEMPORARY, Quality.MISSING}
"""Qualities that may be priced; the others stop a period from closing."""

BY_LABEL = {quality.label: quality for quality in Quality}


def tenths_of_percent(intervals: Mapping[Quality, int]) -> dict[Quality, int]:
    """Return the shares of so many intervals, which add up to the whole.

    A single interval of a year would round to nothing; it must not disappear, so
    every share is at least a tenth, at the cost of the largest.
    """
    whole = sum(intervals.values())
    shares = {q: max(1, count * 1000 // whole) for q, count in intervals.items()}
    if shares:
        largest = max(intervals, key=lambda quality: intervals[quality])
        shares[largest] += 1000 - sum(shares.values())
    return shares
