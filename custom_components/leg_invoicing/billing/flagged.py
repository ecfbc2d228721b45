"""What is noted of intervals about which there is something to say."""

from dataclasses import dataclass

from .calendar import Instant


@dataclass(slots=True)
class Flagged:
    """The intervals of one house that share a quality other than MEASURED."""

    first: Instant
    last: Instant
    intervals: int = 0
    energy: int = 0
    """Import and export together, in mWh."""

    def add(self, start: Instant, mwh: int) -> None:
        """Note one more."""
        self.last = start
        self.intervals += 1
        self.energy += mwh
