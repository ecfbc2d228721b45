"""Local times without their offset, in the order in which they passed.

Where the clock is put back, the same hour passes twice, and only the order of the
rows tells which is which; where it is put forward, an hour never is. An interval is
stamped with its start or with its end, and of the ends within a repeated hour there
are two ways to write them (02:45 + 15 minutes is 03:00, or 02:00 again): the one
that goes on without a gap is meant.
"""

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from ..billing.calendar import Instant
from ..billing.reasons import ReasonedError
from .cells import plausible
from .grid_mapping import Stamp
from .reasons import profiles as because

_END_OF_DAY = ("24:00:00", "24:00")
"""How some write the midnight at which a day ends."""


def parse_local(text: str, time_format: str) -> datetime | None:
    """Read a local time; None where it is not of that format."""
    day = timedelta()
    for midnight in _END_OF_DAY:
        if text.endswith(midnight):
            text = text.removesuffix(midnight) + midnight.replace("24", "00", 1)
            day = timedelta(days=1)
            break
    try:
        # Its zone comes later: which of two instants it is, is the question.
        return datetime.strptime(text, time_format).replace(tzinfo=None) + day  # noqa: DTZ007
    except ValueError, OverflowError:
        return None


class LocalClock:
    """Finds the instants at which intervals begin."""

    def __init__(
        self, zone: ZoneInfo, time_format: str, stamp: Stamp, seconds: int
    ) -> None:
        """Remember how the times are written."""
        self._zone = zone
        self._format = time_format
        self._stamp = stamp
        self._seconds = seconds
        # Many points name the same instants one after the other.
        self._candidates = lru_cache(maxsize=4096)(self._find_candidates)

    def start(self, text: str, before: Instant | None) -> Instant:
        """Return where an interval begins, after one that began at `before`.

        Raises ReasonedError for a time that is none, or that is not later.
        """
        candidates = self._candidates(text)
        if before is None:
            return candidates[0]
        if before + self._seconds in candidates:
            return before + self._seconds
        later = next((start for start in candidates if start > before), None)
        if later is None:
            raise ReasonedError(because.NOT_LATER(text=text))
        return later

    def _find_candidates(self, text: str) -> tuple[Instant, ...]:
        """Return every start that a time may stand for, the most likely first."""
        named = parse_local(text, self._format)
        if named is None:
            reason = because.NO_TIME(text=text[:40], format=self._format)
            raise ReasonedError(reason)
        length = self._seconds if self._stamp is Stamp.END else 0
        starts = [instant - length for instant in self._instants(named)]
        if length:
            begin = named - timedelta(seconds=length)
            later = [at for at in self._instants(begin) if at not in starts]
            starts += later
        if not starts:
            raise ReasonedError(because.NEVER_WAS(text=text, zone=self._zone.key))
        return tuple(plausible(start) for start in starts)

    def _instants(self, local: datetime) -> list[Instant]:
        """Return when a clock on the wall shows a time: never, once or twice."""
        instants = []
        for fold in (0, 1):
            aware = local.replace(tzinfo=self._zone, fold=fold)
            instant = int(aware.timestamp())
            shown = datetime.fromtimestamp(instant, self._zone).replace(tzinfo=None)
            if shown == local and instant not in instants:
                instants.append(instant)
        return instants
