"""Local times without an offset, in the order of a file, as instants.

The hour that October repeats stands there twice, one after the other; which one is
meant follows from what stood before. Nothing else is guessed: a time that does not
exist, that comes twice or goes back, and a repeated hour that stands there once are
refused.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from ..billing.calendar import Instant


class LocalClock:
    """Follows the local times of one file."""

    def __init__(self, zone: ZoneInfo) -> None:
        """Begin before the first time."""
        self._zone = zone
        self._last: datetime | None = None

    def instant(self, naive: datetime) -> Instant:
        """Return the instant of the next time.

        Raises ValueError with a sentence that says what is wrong.
        """
        first, second = (
            naive.replace(tzinfo=self._zone, fold=fold).astimezone(UTC)
            for fold in (0, 1)
        )
        if first.astimezone(self._zone).replace(tzinfo=None) != naive:
            raise ValueError(
                f"{naive} does not exist in {self._zone}, where clocks went forward; "
                "export the file again, in local time"
            )
        time = first if self._last is None or first > self._last else second
        if self._last is not None:
            self._check(naive, time, self._last)
        self._last = time
        return int(time.timestamp())

    def _check(self, naive: datetime, time: datetime, last: datetime) -> None:
        if time <= last:
            raise ValueError(
                f"{naive} stands there again or too late; times must ascend, and only "
                "the hour that October repeats comes twice"
            )
        again = last.astimezone(self._zone).replace(fold=1).astimezone(UTC)
        if last < again < time:
            raise ValueError(
                f"the hour before {naive} happened twice, but stands there once; it is "
                "not known which one is meant, so export it with both"
            )
