"""Settle a span: energy shared per interval, priced per agreement.

    measurements, terms, span -> statements, the community's account, findings

Each interval's local production is shared by the community's key. Between two
changes (of a tariff's prices, of an occupant or of the key, all at local midnight)
energies are summed per house and stay integers, so cutting a span anywhere on the
grid and adding the parts gives the whole. Prices meet energies once per line:

    line = kWh × ct/kWh, rounded once to the ct; fees, VAT and rounding: `charges`
    total of a statement = sum of its rounded lines
    community's account = Σ charges - Σ credits - VAT + input VAT - paid to the grid
                          + got from it

All houses that were measured take part in sharing, whoever pays for them, until they
leave the community. While nobody has a house its owner is billed; one that used
energy before it has joined is a finding.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import chain

from .account import community_account
from .agreements import Agreement
from .calendar import Span, local_date
from .charges import energy_lines, fee_lines, rounding_lines, vat_lines
from .checks import Portion, energy_without_agreement, flagged_intervals, missing_prices
from .gap_runs import GapRuns
from .measurements import Measurements, on_every_interval
from .membership import (
    absences,
    agreements_in,
    billed_spans,
    houses_of,
    members_only,
    with_vacancies,
)
from .models import MODEL_LINES
from .money import Money
from .official import OfficialSharing
from .price_checks import energy_without_price
from .quality import Quality
from .runs import energy_of, runs_of
from .savings import benefits_of
from .segments import segments_of
from .sharing import SegmentSums, Trace, share_segments
from .sharing_rules import sharing_in
from .statements import Line, Settlement, Statement
from .terms import Terms


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
    cut = segments_of(terms, span)
    official = OfficialSharing(
        houses,
        measurements.official,
        sharing_in(terms, [*(each.span.start for each in cut), span.end], houses),
        terms.community.official_allocation,
    )
    gaps = GapRuns(terms.community.gaps, minutes, billed_spans(terms, span))
    segments = share_segments(
        members_only(
            on_every_interval(measurements, houses, span, minutes),
            houses,
            absences(terms),
        ),
        cut,
        seconds,
        houses,
        official.share,
        gaps,
        trace,
    )
    by_house = _portions(terms, houses, segments)
    portions = list(chain.from_iterable(by_house.values()))
    statements = tuple(_statements(terms, span, by_house, energy_only))
    community, unpriced = community_account(terms, segments, statements)
    findings = (
        *flagged_intervals(portions, seconds),
        *gaps.findings(),
        *official.findings(seconds),
        *energy_without_agreement(portions),
        *missing_prices(portions),
        *unpriced,
        *energy_without_price(terms, segments, portions),
    )
    return Settlement(
        span=span,
        model=terms.community.model,
        houses={house_id: energy_of(own) for house_id, own in by_house.items()},
        statements=statements,
        community=community,
        findings=findings,
    )


def _portions(
    terms: Terms, houses: Sequence[str], segments: Sequence[SegmentSums]
) -> dict[str, list[Portion]]:
    """Return each house's portions in the order of time."""
    zone = terms.community.zone
    agreements: Mapping[str, list[Agreement]] = defaultdict(list)
    for agreement in terms.agreements:
        agreements[agreement.house_id].append(agreement)
    portions: dict[str, list[Portion]] = {house_id: [] for house_id in houses}
    for segment in segments:
        first = local_date(segment.span.start, zone)
        end = local_date(segment.span.end - 1, zone) + timedelta(days=1)
        for position, house_id in enumerate(houses):
            billed = next((a for a in agreements[house_id] if a.covers(first)), None)
            version = terms.tariffs[billed.tariff_id].at(first) if billed else None
            portions[house_id].append(
                Portion(
                    house_id=house_id,
                    position=position,
                    segment=segment,
                    first=first,
                    end=end,
                    agreement=billed,
                    version=version,
                )
            )
    return portions


def _statements(
    terms: Terms,
    span: Span,
    portions: Mapping[str, Sequence[Portion]],
    energy_only: bool,
) -> Iterator[Statement]:
    rules = MODEL_LINES[terms.community.model]
    for agreement in agreements_in(terms, span):
        own = [p for p in portions[agreement.house_id] if p.agreement is agreement]
        if not own:
            continue  # a day that a zone left out when it crossed the date line
        runs = list(runs_of(agreement, own, with_vat=not energy_only))
        lines = [line for rule in rules for line in energy_lines(rule, runs)]
        if not energy_only:
            lines += fee_lines(agreement, runs, rules)
            lines += _closing_lines(lines, terms.community.rounding, own)
        yield Statement(
            agreement=agreement,
            span=Span(own[0].segment.span.start, own[-1].segment.span.end),
            first=own[0].first,
            end=own[-1].end,
            energy=energy_of(own),
            lines=tuple(lines),
            intervals=_intervals(own),
            benefits=benefits_of(rules, runs),
        )


def _closing_lines(
    lines: Sequence[Line], coin: Money, own: Sequence[Portion]
) -> list[Line]:
    """Return the lines that follow those of energy and fees."""
    first, end = own[0].first, own[-1].end
    taxes = list(vat_lines(lines, first, end))
    return [*taxes, *rounding_lines([*lines, *taxes], first, end, coin)]


def _intervals(portions: Iterable[Portion]) -> dict[Quality, int]:
    counts = dict.fromkeys(Quality, 0)
    for portion in portions:
        for quality, count in portion.segment.qualities(portion.position).items():
            counts[quality] += count
    return {quality: count for quality, count in counts.items() if count}
