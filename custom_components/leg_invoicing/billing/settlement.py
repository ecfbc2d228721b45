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
leave the community. While nobody has a house its owner is billed; one that used
energy before it has joined is a finding.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from .account import community_account, grid_differs
from .calendar import Span
from .ceiling import above_ceiling
from .charges import energy_lines, vat_lines
from .checks import energy_without_agreement, flagged_intervals, missing_prices
from .currencies import smallest_unit
from .fee_lines import discount_lines, fee_lines
from .gap_runs import GapRuns
from .layout import Lane
from .measurements import Measurements, on_every_interval
from .membership import agreements_in, billed_spans, houses_of, with_vacancies
from .metering import Metering
from .meters import Meter, registers_of
from .models import MODEL_LINES
from .official import OfficialSharing
from .portions import Portion, intervals_of, portions_of
from .price_checks import energy_without_price
from .runs import energy_of, lanes_by_tariff, runs_of
from .savings import benefits_of
from .segments import segments_of
from .sharing import Trace, share_segments
from .sharing_rules import sharing_in
from .statements import Settlement, Statement
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
    houses = houses_of(terms, span, measurements)
    minutes = terms.community.interval_minutes
    seconds = minutes * 60
    cut = segments_of(terms, span, by_month=not energy_only)
    edges = [*(each.span.start for each in cut), span.end]
    official = OfficialSharing(
        houses,
        measurements.official,
        sharing_in(terms, edges, houses),
        terms.community.official_allocation,
    )
    gaps = GapRuns(terms.community.gaps, minutes, billed_spans(terms, span))
    metering = Metering(terms, houses, edges)
    points = on_every_interval(measurements, metering.layout.points, span, minutes)
    segments = share_segments(
        metering.lanes(points),
        cut,
        seconds,
        metering.layout,
        official.share,
        gaps,
        trace,
    )
    by_house = portions_of(terms, metering.layout, segments)
    portions = list(chain.from_iterable(by_house.values()))
    statements = tuple(_statements(terms, span, by_house, metering, energy_only))
    if not energy_only:
        statements = tuple(rounded(statements, terms.community.rounding))
    community, unpriced = community_account(terms, segments, statements)
    findings = (
        *metering.findings((*flagged_intervals(portions, seconds), *gaps.findings())),
        *official.findings(seconds),
        *energy_without_agreement(portions),
        *missing_prices(portions),
        *unpriced,
        *grid_differs(community, span),
        *energy_without_price(terms, segments, portions),
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


def _statements(
    terms: Terms,
    span: Span,
    portions: Mapping[str, Sequence[Portion]],
    metering: Metering,
    energy_only: bool,
) -> Iterator[Statement]:
    rules = MODEL_LINES[terms.community.model]
    for agreement in agreements_in(terms, span):
        own = [p for p in portions[agreement.house_id] if p.agreement is agreement]
        if not own:
            continue  # a day that a zone left out when it crossed the date line
        runs = [
            run
            for lanes in lanes_by_tariff(own[0].lanes)
            for run in runs_of(
                agreement,
                own,
                lanes,
                _registers_of(lanes[0], terms.meters),
                is_billed=not energy_only,
            )
        ]
        lines = [line for rule in rules for line in energy_lines(rule, runs)]
        if not energy_only:
            lines += fee_lines(agreement, runs, rules)
            lines += discount_lines(agreement, runs, rules)
        unit = smallest_unit(terms.community.currency)
        lines = [replace(line, smallest=unit) for line in lines]
        if not energy_only:
            lines += vat_lines(lines, own[0].first, own[-1].end)
        billed = Span(own[0].segment.span.start, own[-1].segment.span.end)
        yield Statement(
            agreement=agreement,
            span=billed,
            first=own[0].first,
            end=own[-1].end,
            energy=energy_of(own),
            lines=tuple(lines),
            intervals=intervals_of(own),
            sessions=metering.sessions(agreement.house_id, billed),
            benefits=benefits_of(rules, runs, own),
        )


def _registers_of(lane: Lane, meters: Collection[Meter]) -> Sequence[Meter]:
    """Return the meters that owe fees per meter with a lane, of which it has prices."""
    if lane.tariff_id is None:
        return registers_of(lane.house_id, meters)
    return [m for m in (lane.meter,) if m is not None and not m.formula]
