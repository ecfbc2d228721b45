"""How far a number can be trusted.

The values are stored in the ledger and must never be renumbered. They ascend
from best to worst, so the quality of a sum is the maximum of its parts.
"""

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
