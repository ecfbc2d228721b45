"""Parts of the year: days that come back every year."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple, override

_FIRST_OF_YEAR = date(2028, 1, 1)
"""Of any leap year: 29 February is a day of the year, too."""
YEAR = tuple(_FIRST_OF_YEAR + timedelta(days=number) for number in range(366))
"""All days that a year can have."""


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

    @override
    def __str__(self) -> str:
        """Return it as `10-01..03-31`, a single day as `02-29`."""
        edges = (f"{month:02}-{day:02}" for month, day in dict.fromkeys(self))
        return "..".join(edges)


WHOLE_YEAR = Season((1, 1), (12, 31))


def seasons_of(days: Iterable[date]) -> tuple[Season, ...]:
    """Return as few seasons as have these days of some year, and no others."""
    wanted = {(day.month, day.day) for day in days}
    all_days = ((day.month, day.day) for day in YEAR)
    runs = [tuple(run) for has, run in groupby(all_days, wanted.__contains__) if has]
    seasons = [Season(run[0], run[-1]) for run in runs]
    if (
        len(seasons) > 1
        and seasons[0].first == WHOLE_YEAR.first
        and seasons[-1].last == WHOLE_YEAR.last
    ):
        seasons[-1] = Season(seasons[-1].first, seasons.pop(0).last)
    return tuple(seasons)
