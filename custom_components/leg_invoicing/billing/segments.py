"""The stretches of a span in which no price, no occupant and no key changes.

Nor does the month, where what a price is depends on how much a month comes to.
"""

from collections.abc import Collection, Iterator
from datetime import date
from itertools import chain, pairwise

from .band_clock import Alike, BandClock
from .break_even import BreakEven
from .break_even_sums import RuleAt
from .calendar import Instant, Span, add_months, local_date, midnight, on_grid
from .dated import version_on
from .early_vacancy import early_days
from .models import Model
from .sharing import Segment
from .signals_named import co2_signal, numbers_of
from .terms import Terms


def segments_of(
    terms: Terms, span: Span, houses: Collection[str], *, by_month: bool
) -> list[Segment]:
    """Cut a span at every change, which are at local midnight; at months if asked.

    Raises ValueError when one of them, or an edge of the span, is off the grid.
    """
    days = {*_changes(terms), *early_days(terms, span, houses)}
    if by_month and terms.has_tiers:
        days |= set(_first_days(terms, span))
    return [_segment(terms, *edges) for edges in pairwise(_edges(terms, span, days))]


def _changes(terms: Terms) -> set[date]:
    """Return the days from which something else is agreed or told."""
    days = {v.valid_from for tariff in terms.tariffs.values() for v in tariff.versions}
    days |= {version.valid_from for version in terms.community.sharing[1:]}
    days |= {version.valid_from for version in terms.community.benefits[1:]}
    for meter in terms.meters:
        days |= {day for day in (meter.since, meter.until) if day is not None}
    for agreement in terms.agreements:
        days.add(agreement.first)
        if agreement.end is not None:
            days.add(agreement.end)
    return days


def _edges(terms: Terms, span: Span, days: Collection[date]) -> list[Instant]:
    """Return the span's start, those of the days that begin inside, and its end."""
    changes = {midnight(day, terms.community.zone) for day in days}
    inside = {instant for instant in changes if span.start < instant < span.end}
    edges = [span.start, *sorted(inside), span.end]
    if not all(on_grid(edge, terms.community.interval_minutes) for edge in edges):
        raise ValueError(f"{span} or a change inside it lies off the interval grid")
    return edges


def _first_days(terms: Terms, span: Span) -> Iterator[date]:
    """Yield the first days of the months that begin in a span."""
    zone = terms.community.zone
    day, last = local_date(span.start, zone), local_date(span.end - 1, zone)
    while (day := add_months(day, 1)) <= last:
        yield day


def _segment(terms: Terms, start: Instant, end: Instant) -> Segment:
    """Return the stretch between two changes, and the bands that are in force."""
    day = local_date(start, terms.community.zone)
    tariffs = terms.tariffs.values()
    versions = [v for tariff in tariffs if (v := tariff.at(day)) is not None]
    told = version_on(terms.community.benefits, day)
    numbers = {*co2_signal(told), *chain.from_iterable(map(numbers_of, versions))}
    clock = BandClock(
        terms.community.zone,
        terms.community.holidays,
        tuple(dict.fromkeys(v.bands for v in versions if v.bands)),
        tuple(sorted(numbers)),
    )
    version = terms.tariffs[terms.community.grid_tariff].at(day)
    if version is None or terms.community.model is not Model.BREAK_EVEN:
        return Segment(Span(start, end), clock)

    def break_even(alike: Alike) -> RuleAt:
        band = clock.band_of(version.bands, alike)
        if numbers_of(version):
            return lambda m: BreakEven.of(version.prices_in(band, m.signals))
        always = BreakEven.of(version.prices_in(band))
        return lambda _: always

    return Segment(Span(start, end), clock, break_even)
