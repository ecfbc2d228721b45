"""Tells for every interval which bands of which tariffs it is in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .bands import Bands
from .measurements import IntervalSlice
from .signal_bands import NO_BAND, ModeBands
from .signals import signal_number

type BandNames = tuple[str, ...]
"""A band of each schedule; `NO_BAND` where a mode is not known."""
type Schedule = Bands | ModeBands


class Alike(NamedTuple):
    """What intervals have in common whose energies are summed together."""

    bands: BandNames = ()
    missing: tuple[str, ...] = ()
    """The signals of which there is no number."""

    @property
    def is_incomplete(self) -> bool:
        """Tell whether something that a price may depend on is not known."""
        return bool(self.missing) or NO_BAND in self.bands


@dataclass(frozen=True, slots=True)
class BandClock:
    """The bands of several tariffs by the clocks of a community, or by a mode."""

    zone: ZoneInfo
    holidays: frozenset[date]
    schedules: tuple[Schedule, ...]
    """Each once."""
    signals: tuple[str, ...] = ()
    """The signals whose numbers prices follow, each once."""

    def at(self, measured: IntervalSlice) -> Alike:
        """Return the bands that an interval is in, by its start, and what is missing."""
        time = datetime.fromtimestamp(measured.start, self.zone)
        signals = measured.signals
        return Alike(
            tuple(
                schedule.of(signals)
                if isinstance(schedule, ModeBands)
                else schedule.at(time, self.holidays)
                for schedule in self.schedules
            ),
            tuple(s for s in self.signals if signal_number(signals.get(s)) is None),
        )

    def band_of(self, schedule: Schedule | None, alike: Alike) -> str | None:
        """Return the band of one of the schedules; None where there are no bands."""
        if schedule is None:
            return None
        return alike.bands[self.schedules.index(schedule)]

    def by_bands(
        self, slices: Iterable[IntervalSlice]
    ) -> Iterator[tuple[Alike, Iterator[IntervalSlice]]]:
        """Yield intervals that follow each other in the same bands, as `groupby`."""
        if not self.schedules and not self.signals:
            yield Alike(), iter(slices)
            return
        yield from groupby(slices, self.at)
