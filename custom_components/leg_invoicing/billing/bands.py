"""Time-of-use bands: which of a tariff's prices an instant has.

A band is made of windows: some days of the week, from a time until another one, in
some part of the year. Times are those of the wall clock; a window that ends at or
before its own beginning runs over midnight and belongs to the day on which it
begins. Every instant is in exactly one band, or the bands are refused with the
stretch that is in none or in two. On the days on which clocks change, an interval
belongs to the band of the time that clocks show when it begins.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise, product
from operator import itemgetter
from typing import NamedTuple

from .reasons import ReasonedError, tariffs as because

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday")
"""What a day can be. A holiday is one only where some band asks for holidays."""
HOLIDAY = DAYS.index("holiday")
DAY_MINUTES = 24 * 60

_LEAP_YEAR = 2028
"""Any: what is checked for its days, and where 29 February is left out, holds for
those of every year."""


class Season(NamedTuple):
    """Days that come back every year, both included; they may run over New Year."""

    first: tuple[int, int]
    """Month and day."""
    last: tuple[int, int]

    def covers(self, day: date) -> bool:
        """Tell whether a day is one of them."""
        this = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= this <= self.last
        return this >= self.first or this <= self.last


WHOLE_YEAR = Season((1, 1), (12, 31))


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A stretch of some days."""

    days: frozenset[int] = frozenset(range(len(DAYS)))
    """Positions in `DAYS` of those on which it begins."""
    start: int = 0
    """Minute of the day, 0 to 1439."""
    end: int = DAY_MINUTES
    """Minute of the day, 1 to 1440; of the next day where it is not after `start`."""
    season: Season = WHOLE_YEAR

    def of_day(self, day: _Day) -> tuple[int, int] | None:
        """Return what of a day it takes if it begins on it."""
        if not self._begins_on(day):
            return None
        return self.start, self.end if self.end > self.start else DAY_MINUTES

    def of_morning_after(self, day: _Day) -> tuple[int, int] | None:
        """Return what of the next day it takes if it begins on a day."""
        if self.end > self.start or not self._begins_on(day):
            return None
        return 0, self.end

    def _begins_on(self, day: _Day) -> bool:
        return day.kind in self.days and self.season.covers(day.date)


@dataclass(frozen=True, slots=True)
class Band:
    """A name for some time, by which prices are given."""

    name: str
    windows: tuple[Window, ...]


class _Day(NamedTuple):
    """A day, and what it counts as: a position in `DAYS`."""

    date: date
    kind: int


class _Piece(NamedTuple):
    """Minutes of a day that are a band's."""

    start: int
    end: int
    band: str


class BandError(ReasonedError):
    """Something is in no band, or in two."""


@dataclass(frozen=True, slots=True)
class Bands:
    """All bands of a tariff; together they are every instant, each once.

    Raises BandError where they are not, or where two share a name.
    """

    bands: tuple[Band, ...]
    rest: str | None = None
    """The name of the band that has whatever the others leave."""
    _has_holidays: bool = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse bands that leave out time, or claim it twice."""
        if len(set(self.names)) < len(self.names):
            raise BandError(because.ALIKE_BANDS(names=", ".join(self.names)))
        # A band that names no days has all of them, which does not ask for holidays.
        asked = (window.days for band in self.bands for window in band.windows)
        is_asked = any(HOLIDAY in days and len(days) < len(DAYS) for days in asked)
        object.__setattr__(self, "_has_holidays", is_asked)
        for yesterday, today in self._kinds_of_days():
            _pieces(self, yesterday, today)

    @property
    def names(self) -> tuple[str, ...]:
        """The bands' names, in the order in which they were written."""
        rest = () if self.rest is None else (self.rest,)
        return (*(band.name for band in self.bands), *rest)

    def fits(self, minutes: int) -> bool:
        """Tell whether no band begins inside an interval of so many minutes."""
        edges = ((w.start, w.end) for band in self.bands for w in band.windows)
        return not any(start % minutes or end % minutes for start, end in edges)

    def at(self, time: datetime, holidays: frozenset[date]) -> str:
        """Return the band at a local time."""
        today = time.date()
        yesterday = today - timedelta(days=1)
        pieces = _pieces(
            self, self._day(yesterday, holidays), self._day(today, holidays)
        )
        minute = time.hour * 60 + time.minute
        return next(piece.band for piece in pieces if minute < piece.end)

    def _day(self, day: date, holidays: frozenset[date]) -> _Day:
        is_holiday = self._has_holidays and day in holidays
        return _Day(day, HOLIDAY if is_holiday else day.weekday())

    def _kinds_of_days(self) -> Iterator[tuple[_Day, _Day]]:
        """Yield one after the other all kinds of days that can follow each other."""
        kinds = [((kind - 1) % HOLIDAY, kind) for kind in range(HOLIDAY)]
        if self._has_holidays:
            kinds += [(kind, HOLIDAY) for kind in range(len(DAYS))]
            kinds += [(HOLIDAY, kind) for kind in range(HOLIDAY)]
        for (first, second), (before, after) in product(self._dates(), kinds):
            yield _Day(first, before), _Day(second, after)

    def _dates(self) -> Iterator[tuple[date, date]]:
        """Yield neighbouring dates: those at which seasons change, and others."""
        seasons = {window.season for band in self.bands for window in band.windows}
        edges = {(1, 1), *(edge for season in seasons for edge in season)}
        one = timedelta(days=1)
        yield date(_LEAP_YEAR - 1, 2, 28), date(_LEAP_YEAR - 1, 3, 1)
        for month, day in sorted(edges):
            edge = date(_LEAP_YEAR, month, day)
            yield from pairwise((edge - one, edge, edge + one, edge + 2 * one))


@lru_cache(maxsize=4096)
def _pieces(bands: Bands, yesterday: _Day, today: _Day) -> tuple[_Piece, ...]:
    """Cut a day into the bands that it has; raises BandError where that fails."""
    found = sorted(_claims(bands, yesterday, today), key=itemgetter(0, 1))
    pieces, minute, last = [], 0, ""
    for start, end, band in found:
        if start < minute:
            span = _span(today, start, min(minute, end))
            raise BandError(because.IN_TWO_BANDS(span=span, one=last, other=band))
        if start > minute:
            pieces.append(_rest(bands, today, minute, start))
        pieces.append(_Piece(start, end, band))
        minute, last = end, band
    if minute < DAY_MINUTES:
        pieces.append(_rest(bands, today, minute, DAY_MINUTES))
    return tuple(pieces)


def _claims(bands: Bands, yesterday: _Day, today: _Day) -> Iterator[_Piece]:
    for band in bands.bands:
        for window in band.windows:
            for piece in (window.of_morning_after(yesterday), window.of_day(today)):
                if piece is not None:
                    yield _Piece(*piece, band.name)


def _rest(bands: Bands, today: _Day, start: int, end: int) -> _Piece:
    if bands.rest is None:
        raise BandError(because.IN_NO_BAND(span=_span(today, start, end)))
    return _Piece(start, end, bands.rest)


def _span(day: _Day, start: int, end: int) -> str:
    return f"{DAYS[day.kind]} {clock_time(start)}-{clock_time(end)}"


def clock_time(minute: int) -> str:
    """Write a minute of the day as clocks show it; the last one is 24:00."""
    return f"{minute // 60:02}:{minute % 60:02}"
