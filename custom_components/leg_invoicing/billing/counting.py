"""The intervals behind the lines of a statement.

A span is settled piece by piece; in each piece the house's energy is known equally
well. Pieces add up to the whole, so what a piece says of a line is its part of it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from .band_clock import BandClock
from .calendar import Span, local_date, midnight
from .energy import NO_ENERGY, Energy
from .line_sources import version_behind
from .measurements import IntervalRow, IntervalSlice, Measurements, Timed
from .membership import houses_of
from .meters import own_tariffs
from .models import CHARGES, CREDITS
from .money import NO_MONEY, Money
from .quality import Quality
from .settlement import settle, settle_energy
from .signals import SignalValue
from .statements import Line, Statement
from .terms import Terms

_ENERGY = CHARGES | CREDITS


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Intervals of a line that are known equally well."""

    quality: Quality
    intervals: int = 0
    energy: Energy = NO_ENERGY
    value: Money = NO_MONEY
    """What they cost, unrounded; negative when the house receives it."""

    def __add__(self, other: Counted) -> Counted:
        """Add intervals of the same quality."""
        return Counted(
            quality=self.quality,
            intervals=self.intervals + other.intervals,
            energy=self.energy + other.energy,
            value=self.value + other.value,
        )


@dataclass(frozen=True, slots=True)
class Flow:
    """Measurements that can be read more than once."""

    houses: tuple[str, ...]
    slices: Sequence[IntervalSlice]
    official: Sequence[IntervalRow]
    signals: Sequence[SignalValue]

    @classmethod
    def of(cls, measurements: Measurements) -> Flow:
        """Read measurements, all of them."""
        return cls(
            measurements.houses,
            tuple(measurements.slices),
            tuple(measurements.official),
            tuple(measurements.signals),
        )

    def within(self, span: Span) -> Measurements:
        """Return what was measured in a span."""
        return Measurements(
            self.houses,
            _within(self.slices, span),
            _within(self.official, span),
            _within(self.signals, span),
        )


def counted(
    terms: Terms, statement: Statement, flow: Flow
) -> tuple[tuple[Counted, ...], ...]:
    """Return the intervals behind each line of a statement, the best first.

    Lines that are not about energy have none. `flow` may be of more days than the
    statement.
    """
    lines = statement.lines
    apart = own_tariffs(terms.meters)
    sums: list[dict[Quality, Counted]] = [{} for _ in lines]
    bands = [_band_of(terms, statement, line) for line in lines]
    for quality, own in _pieces(terms, statement, flow):
        span = Span(own[0].start, own[-1].start + terms.community.interval_minutes * 60)
        day = local_date(span.start, terms.community.zone)
        parts = _parts(terms, statement, flow.within(span), span)
        for line, band_of, known in zip(lines, bands, sums, strict=True):
            if line.kind not in _ENERGY or not line.first <= day < line.end:
                continue
            of_line = [part for part in parts if _is_of(part, line, apart)]
            part = _part(of_line, quality, sum(map(band_of, own)))
            if part.intervals:
                known[quality] = known.get(quality, Counted(quality=quality)) + part
    return tuple(tuple(known[q] for q in sorted(known)) for known in sums)


def _pieces(
    terms: Terms, statement: Statement, flow: Flow
) -> Iterator[tuple[Quality, list[IntervalSlice]]]:
    """Yield intervals in turn that are known equally well and are of the same lines."""
    zone = terms.community.zone
    days = {day for line in statement.lines for day in (line.first, line.end)}
    edges = sorted(midnight(day, zone) for day in days)
    measurements = flow.within(statement.span)
    houses = houses_of(terms, statement.span, measurements)
    position = houses.index(statement.agreement.house_id)
    known: list[tuple[Quality, IntervalSlice]] = []

    def note(measured: IntervalSlice, *_: object) -> None:
        known.append((Quality(measured.quality[position]), measured))

    settle(terms, statement.span, measurements, note)
    for (quality, _), own in groupby(
        known, key=lambda k: (k[0], bisect_right(edges, k[1].start))
    ):
        yield quality, [measured for _, measured in own]


def _parts(
    terms: Terms, statement: Statement, measurements: Measurements, span: Span
) -> list[Line]:
    """Return the lines of a piece."""
    return [
        line
        for part in settle_energy(terms, span, measurements).statements
        if part.agreement.house_id == statement.agreement.house_id
        for line in part.lines
    ]


def _part(parts: Collection[Line], quality: Quality, intervals: int) -> Counted:
    """Return what a piece is of a line."""
    return Counted(
        quality=quality,
        intervals=intervals,
        energy=Energy.total(Energy.from_kwh(part.quantity) for part in parts),
        value=Money.total(part.exact for part in parts),
    )


def _is_of(part: Line, line: Line, apart: Collection[str]) -> bool:
    """Tell whether a line of a piece is part of a line.

    A tier is of all that is measured under the agreement's tariff, while the lines
    of pieces, which know no tiers, are meter by meter.
    """
    if (part.kind, part.band) != (line.kind, line.band):
        return False
    if line.tier is None or line.meter_id:
        return part.meter_id == line.meter_id
    return part.meter_id not in apart


def _band_of(
    terms: Terms, statement: Statement, line: Line
) -> Callable[[IntervalSlice], bool]:
    """Return what tells whether an interval is in the band of a line."""
    version = version_behind(terms, statement, line)
    schedule = None if version is None else version.bands
    if schedule is None or line.band is None:
        return lambda _: True
    community = terms.community
    clock = BandClock(community.zone, community.holidays, (schedule,))
    return lambda measured: clock.at(measured).bands == (line.band,)


def _within[T: Timed](items: Sequence[T], span: Span) -> Sequence[T]:
    first, end = (
        bisect_left(items, edge, key=lambda item: item.start)
        for edge in (span.start, span.end)
    )
    return items[first:end]
