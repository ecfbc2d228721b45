"""Time-of-use bands: which of a tariff's prices an instant has.

A band is made of windows: some days of the week, from a time until another one, in
some part of the year. Times are those of the wall clock; a window that ends at or
before its own beginning runs over midnight and belongs to the day on which it
begins. Every instant is in exactly one band, or the bands are refused with the
stretch that is in none or in two, and its days of the year if not all. On the days on which clocks change, an interval
belongs to the band of the time that clocks show when it begins.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise, product
from operator import itemgetter
from typing import NamedTuple

from .reasons import ReasonedError, Sentence, tariffs as because
from .seasons import WHOLE_YEAR, YEAR, Season, seasons_of

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday")
"""What a day can be. A holiday is one only where some band asks for holidays."""
HOLIDAY = DAYS.index("holiday")
DAY_MINUTES = 24 * 60

_ONE_DAY = timedelta(days=1)
_OVER_FEBRUARY = (date(2027, 2, 28), date(2027, 3, 1))
"""Neighbours in years that leave out 29 February."""
_NEIGHBOURS = (_OVER_FEBRUARY, *((day - _ONE_DAY, day) for day in YEAR))
"""All dates that follow each other in some year."""


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
    holiday_band: str | None = field(init=False, compare=False)
    """The first band that asks for holidays."""

    def __post_init__(self) -> None:
        """Refuse bands that leave out time, or claim it twice."""
        if len(set(self.names)) < len(self.names):
            raise BandError(because.ALIKE_BANDS(names=", ".join(self.names)))
        # A band that names no days has all of them, which does not ask for holidays.
        asking = (
            band.name
            for band in self.bands
            for window in band.windows
            if HOLIDAY in window.days and len(window.days) < len(DAYS)
        )
        object.__setattr__(self, "holiday_band", next(asking, None))
        for yesterday, today in self._kinds_of_days():
            if (reason := self._refusal(yesterday, today)) is not None:
                raise BandError(self._dated(reason, yesterday.kind, today.kind))

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
        yesterday = today - _ONE_DAY
        pieces = _pieces(
            self, self._day(yesterday, holidays), self._day(today, holidays)
        )
        minute = time.hour * 60 + time.minute
        return next(piece.band for piece in pieces if minute < piece.end)

    def _day(self, day: date, holidays: frozenset[date]) -> _Day:
        is_holiday = self.holiday_band is not None and day in holidays
        return _Day(day, HOLIDAY if is_holiday else day.weekday())

    def _kinds_of_days(self) -> Iterator[tuple[_Day, _Day]]:
        """Yield one after the other all kinds of days that can follow each other."""
        kinds = [((kind - 1) % HOLIDAY, kind) for kind in range(HOLIDAY)]
        if self.holiday_band is not None:
            kinds += [(kind, HOLIDAY) for kind in range(len(DAYS))]
            kinds += [(HOLIDAY, kind) for kind in range(HOLIDAY)]
        for (first, second), (before, after) in product(self._dates(), kinds):
            yield _Day(first, before), _Day(second, after)

    def _dates(self) -> Iterator[tuple[date, date]]:
        """Yield neighbouring dates: those at which seasons change, and others."""
        seasons = {window.season for band in self.bands for window in band.windows}
        edges = {(1, 1), *(edge for season in seasons for edge in season)}
        yield _OVER_FEBRUARY
        for day in YEAR:
            if (day.month, day.day) in edges:
                after = (day + _ONE_DAY, day + 2 * _ONE_DAY)
                yield from pairwise((day - _ONE_DAY, day, *after))

    def _refusal(self, yesterday: _Day, today: _Day) -> Sentence | None:
        """Return what is wrong on a day; None where nothing is."""
        try:
            _pieces(self, yesterday, today)
        except BandError as err:
            return err.reason
        return None

    def _dated(self, reason: Sentence, before: int, after: int) -> Sentence:
        """Add the days of the year on which it is so; all of them go without saying."""
        days = [
            today
            for yesterday, today in _NEIGHBOURS
            if self._refusal(_Day(yesterday, before), _Day(today, after)) == reason
        ]
        seasons = seasons_of(days)
        if seasons == (WHOLE_YEAR,):
            return reason
        named = tuple(map(str, seasons))
        span = because.OF_THE_YEAR(span=reason.words["span"], days=named)
        return Sentence(reason.text, {**reason.words, "span": span})


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
