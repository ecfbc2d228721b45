"""The stretches of a span in which no price, no occupant and no key changes."""

from itertools import pairwise

from .band_clock import Alike, BandClock
from .break_even import BreakEven
from .break_even_sums import RuleAt
from .calendar import Instant, Span, local_date, midnight, on_grid
from .models import Model
from .sharing import Segment
from .signals_named import numbers_of
from .terms import Terms


def segments_of(terms: Terms, span: Span) -> list[Segment]:
    """Cut a span at every change, which are at local midnight.

    Raises ValueError when one of them, or an edge of the span, is off the grid.
    """
    return [_segment(terms, *edges) for edges in pairwise(_edges(terms, span))]


def _edges(terms: Terms, span: Span) -> list[Instant]:
    """Return the span's start, each change of price, occupant, key or meter, its end."""
    days = {v.valid_from for tariff in terms.tariffs.values() for v in tariff.versions}
    days |= {version.valid_from for version in terms.community.sharing[1:]}
    days |= {meter.since for meter in terms.meters if meter.since is not None}
    for agreement in terms.agreements:
        days.add(agreement.first)
        if agreement.end is not None:
            days.add(agreement.end)
    changes = {midnight(day, terms.community.zone) for day in days}
    inside = {instant for instant in changes if span.start < instant < span.end}
    edges = [span.start, *sorted(inside), span.end]
    if not all(on_grid(edge, terms.community.interval_minutes) for edge in edges):
        raise ValueError(f"{span} or a change inside it lies off the interval grid")
    return edges


def _segment(terms: Terms, start: Instant, end: Instant) -> Segment:
    """Return the stretch between two changes, and the bands that are in force."""
    day = local_date(start, terms.community.zone)
    tariffs = terms.tariffs.values()
    versions = [v for tariff in tariffs if (v := tariff.at(day)) is not None]
    clock = BandClock(
        terms.community.zone,
        terms.community.holidays,
        tuple(dict.fromkeys(v.bands for v in versions if v.bands)),
        tuple(sorted({signal for v in versions for signal in numbers_of(v)})),
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
