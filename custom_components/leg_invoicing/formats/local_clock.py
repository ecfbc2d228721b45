"""Local times without an offset, in the order of a file, as instants.

The hour that October repeats stands there twice, one after the other; which one is
meant follows from what stood before. Nothing else is guessed: a time that does not
exist, that comes twice or goes back, and a repeated hour that stands there once are
refused.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from ..billing.calendar import Instant
from ..billing.reasons import ReasonedError
from .reasons import profiles as because


class LocalClock:
    """Follows the local times of one file."""

    def __init__(self, zone: ZoneInfo) -> None:
        """Begin before the first time."""
        self._zone = zone
        self._last: datetime | None = None

    def instant(self, naive: datetime) -> Instant:
        """Return the instant of the next time.

        Raises ReasonedError, which says what is wrong.
        """
        first, second = (
            naive.replace(tzinfo=self._zone, fold=fold).astimezone(UTC)
            for fold in (0, 1)
        )
        if first.astimezone(self._zone).replace(tzinfo=None) != naive:
            raise ReasonedError(because.NEVER_WAS(text=str(naive), zone=self._zone.key))
        time = first if self._last is None or first > self._last else second
        if self._last is not None:
            self._check(naive, time, self._last)
        self._last = time
        return int(time.timestamp())

    def _check(self, naive: datetime, time: datetime, last: datetime) -> None:
        if time <= last:
            raise ReasonedError(because.STANDS_AGAIN(time=naive))
        again = last.astimezone(self._zone).replace(fold=1).astimezone(UTC)
        if last < again < time:
            raise ReasonedError(because.ONCE_OF_TWO(time=naive))
