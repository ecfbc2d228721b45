"""Settle a span: energy shared per interval, priced per agreement.

    measurements, terms, span -> statements, the community's account, findings

Each interval's local production is shared by the community's key. Between two
changes (of a tariff's prices, of an occupant or of the key, all at local midnight)
energies are summed per house and stay integers, so cutting a span anywhere on the
grid and adding the parts gives the whole. Prices meet energies once per line:

    line = kWh × ct/kWh, rounded once to the ct; more: `fee_lines`, `charges`
    total of a statement = sum of its rounded lines
    community's account = Σ charges - Σ credits - VAT + input VAT - paid to the grid
                          + got from it

All houses that were measured take part in sharing, whoever pays for them, until they
leave the community. While nobody has a house its owner is billed; one without an owner
that used energy before it has joined is a finding.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby

from .account import community_account, grid_differs, without_grid_price
from .agreements import Agreement
from .calendar import Span
from .ceiling import above_ceiling
from .charges import energy_lines, vat_lines
from .checks import energy_without_agreement, flagged_intervals, missing_prices
from .currencies import smallest_unit
from .early_vacancy import early_vacancies
from .fee_lines import discount_lines, fee_lines
from .findings import Finding
from .gap_runs import GapRuns
from .layout import Lane
from .measurements import Measurements, on_every_interval
from .membership import billed_spans, houses_of, with_vacancies
from .metering import Metering
from .meters import Meter, registers_of
from .models import MODEL_LINES
from .official import OfficialSharing
from .portions import Portion, intervals_of, portions_of
from .price_checks import energy_without_comparison, energy_without_price
from .runs import Run, energy_of, lanes_by_tariff, runs_of
from .savings import benefits_of
from .segments import segments_of
from .sharing import SegmentSums, Trace, share_segments
from .sharing_rules import sharing_in
from .statements import Line, Settlement, Statement
from .terms import Terms
from .together import rounded


def settle(
    terms: Terms,
    span: Span,
    measurements: Measurements,
    trace: Trace | None = None,
) -> Settlement:
    """Settle a span of whole local days, whose edges lie on the grid of intervals.

    `trace`, if given, is called for each interval with lanes in the order of
    `houses_of`. Raises ValueError when slices lie outside the span, or when a change
    of price or occupant, at local midnight, falls inside an interval.
    """
    return _settle(terms, span, measurements, trace, energy_only=False)


def settle_energy(terms: Terms, span: Span, measurements: Measurements) -> Settlement:
    """Settle energy alone, of any span on the grid: no fees, VAT nor rounding.

    The parts of a span add up to the whole, which is what totals that go on from
    interval to interval need.
    """
    return _settle(terms, span, measurements, None, energy_only=True)


def _settle(
    terms: Terms,
    span: Span,
    measurements: Measurements,
    trace: Trace | None,
    *,
    energy_only: bool,
) -> Settlement:
    terms = with_vacancies(terms)
    shared = _share(terms, span, measurements, trace, by_month=not energy_only)
    segments, by_house = shared.segments, shared.portions
    statements = tuple(_statements(terms, shared, energy_only))
    if not energy_only:
        statements = tuple(rounded(statements, terms.community.rounding))
    community = community_account(terms, segments, statements)
    portions = list(chain.from_iterable(by_house.values()))
    findings = (
        *shared.findings,
        *energy_without_agreement(portions),
        *missing_prices(portions),
        *without_grid_price(terms, segments),
        *grid_differs(community, span),
        *energy_without_price(terms, segments, portions),
        *(() if energy_only else energy_without_comparison(terms, portions)),
        *(() if energy_only else above_ceiling(terms.community, portions)),
    )
    return Settlement(
        span=span,
        model=terms.community.model,
        houses={house_id: energy_of(own) for house_id, own in by_house.items()},
        statements=statements,
        community=community,
        findings=findings,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shared:
    """A span whose energy is shared, and not priced yet."""

    metering: Metering
    segments: Sequence[SegmentSums]
    portions: Mapping[str, Sequence[Portion]]
    """By house."""
    findings: tuple[Finding, ...]


def _share(
    terms: Terms,
    span: Span,
    measurements: Measurements,
    trace: Trace | None,
    *,
    by_month: bool,
) -> _Shared:
    minutes = terms.community.interval_minutes
    seconds = minutes * 60
    houses = houses_of(terms, span, measurements)
    cut = segments_of(terms, span, houses, by_month=by_month)
    edges = [*(each.span.start for each in cut), span.end]
    sharing = sharing_in(terms, edges, houses)
    use = terms.community.official_allocation
    official = OfficialSharing(houses, measurements.official, sharing, use)
    early = early_vacancies(terms).values()
    gaps = GapRuns(terms.community.gaps, minutes, billed_spans(terms, span, early))
    metering = Metering(terms, houses, edges)
    layout = metering.layout
    lanes = metering.lanes(
        on_every_interval(measurements, layout.points, span, minutes)
    )
    segments = share_segments(lanes, cut, seconds, layout, official.share, gaps, trace)
    portions = portions_of(terms, layout, segments)
    flagged = flagged_intervals(chain.from_iterable(portions.values()), seconds)
    return _Shared(
        metering=metering,
        segments=segments,
        portions=portions,
        findings=(
            *metering.findings((*flagged, *gaps.findings())),
            *official.findings(seconds),
        ),
    )


def _statements(
    terms: Terms, shared: _Shared, energy_only: bool
) -> Iterator[Statement]:
    rules = MODEL_LINES[terms.community.model]
    portions = chain.from_iterable(shared.portions.values())
    for (house_id, agreement), same in groupby(portions, _whose):
        if agreement is None:
            continue
        own = list(same)
        runs = list(_runs(terms, agreement, own, is_billed=not energy_only))
        billed = Span(own[0].segment.span.start, own[-1].segment.span.end)
        yield Statement(
            agreement=agreement,
            span=billed,
            first=own[0].first,
            end=own[-1].end,
            energy=energy_of(own),
            lines=tuple(_lines(terms, agreement, runs, own, energy_only)),
            intervals=intervals_of(own),
            sessions=shared.metering.sessions(house_id, billed),
            benefits=benefits_of(rules, runs, own),
        )


def _whose(portion: Portion) -> tuple[str, Agreement | None]:
    return portion.house_id, portion.agreement


def _runs(
    terms: Terms, agreement: Agreement, own: Sequence[Portion], *, is_billed: bool
) -> Iterator[Run]:
    for lanes in lanes_by_tariff(own[0].lanes):
        meters = _registers_of(lanes[0], terms.meters)
        yield from runs_of(agreement, own, lanes, meters, is_billed=is_billed)


def _lines(
    terms: Terms,
    agreement: Agreement,
    runs: Sequence[Run],
    own: Sequence[Portion],
    energy_only: bool,
) -> Iterable[Line]:
    rules = MODEL_LINES[terms.community.model]
    lines = [line for rule in rules for line in energy_lines(rule, runs)]
    if not energy_only:
        lines += fee_lines(agreement, runs, rules)
        lines += discount_lines(agreement, runs, rules)
    unit = smallest_unit(terms.community.currency)
    lines = [replace(line, smallest=unit) for line in lines]
    if not energy_only:
        lines += vat_lines(lines, own[0].first, own[-1].end)
    return lines


def _registers_of(lane: Lane, meters: Collection[Meter]) -> Sequence[Meter]:
    """Return the meters that owe fees per meter with a lane, of which it has prices."""
    if lane.tariff_id is None:
        return registers_of(lane.house_id, meters)
    return [m for m in (lane.meter,) if m is not None and not m.formula]
