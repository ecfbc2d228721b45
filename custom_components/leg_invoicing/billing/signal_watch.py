"""What a sensor showed for the longest part of each interval.

A price that is a few seconds late, or a mode that flickers, does not count by chance:
what was in force longest does. The time in which nothing was seen counts as well: where
it was longest, the interval has no value.
"""

from collections import defaultdict

from .calendar import Instant
from .signals import SignalValue


class SignalWatch:
    """Watches one signal from an instant on; what was before was not seen."""

    def __init__(self, signal_id: str, interval_seconds: int, at: Instant) -> None:
        """Begin; nothing is shown yet."""
        self._signal_id = signal_id
        self._seconds = interval_seconds
        self._value: str | None = None
        self._closed: list[SignalValue] = []
        self._begin(at)

    def _begin(self, at: Instant) -> None:
        self._start = at - at % self._seconds
        self._shown: defaultdict[str | None, int] = defaultdict(int)
        self._shown[None] = at - self._start
        self._at = at

    def show(self, value: str | None, at: Instant) -> None:
        """Take what is shown from an instant on; None for nothing usable."""
        self._advance(at)
        self._value = value

    def close(self, until: Instant) -> list[SignalValue]:
        """Return the values of the intervals that are over, each once."""
        self._advance(until)
        closed, self._closed = self._closed, []
        return closed

    def keep(self, values: list[SignalValue]) -> None:
        """Take values back that could not be written."""
        self._closed = values + self._closed

    def _advance(self, at: Instant) -> None:
        if at < self._start:
            # The clock was put back: what is between was seen, but not now.
            self._begin(at)
        while (edge := self._start + self._seconds) <= at:
            self._shown[self._value] += edge - self._at
            longest = max(self._shown, key=self._shown.__getitem__)
            if longest is not None:
                self._closed.append(SignalValue(self._signal_id, self._start, longest))
            self._begin(edge)
        self._shown[self._value] += max(0, at - self._at)
        self._at = max(self._at, at)
