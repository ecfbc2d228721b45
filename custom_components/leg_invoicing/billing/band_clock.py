"""Tells for every interval which bands of which tariffs it is in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from .bands import Bands
from .calendar import Instant
from .measurements import IntervalSlice

type BandNames = tuple[str, ...]
"""A band of each schedule."""


@dataclass(frozen=True, slots=True)
class BandClock:
    """The bands of several tariffs by the clocks of a community."""

    zone: ZoneInfo
    holidays: frozenset[date]
    schedules: tuple[Bands, ...]
    """Each once."""

    def at(self, instant: Instant) -> BandNames:
        """Return the bands that an interval is in, by its start."""
        time = datetime.fromtimestamp(instant, self.zone)
        return tuple(bands.at(time, self.holidays) for bands in self.schedules)

    def band_of(self, bands: Bands | None, names: BandNames) -> str | None:
        """Return the band of one of the schedules; None where there are no bands."""
        return None if bands is None else names[self.schedules.index(bands)]

    def by_bands(
        self, slices: Iterable[IntervalSlice]
    ) -> Iterator[tuple[BandNames, Iterator[IntervalSlice]]]:
        """Yield intervals that follow each other in the same bands, as `groupby`."""
        if not self.schedules:
            yield (), iter(slices)
            return
        yield from groupby(slices, lambda measured: self.at(measured.start))
