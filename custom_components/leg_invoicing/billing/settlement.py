"""Settle a span: energy shared per interval, priced per agreement.

    measurements, terms, span -> statements, the community's account, findings

Each interval's local production is shared by the community's key. Between two
changes (of a tariff's prices or of an occupant, both at local midnight) energies
are summed per house and stay integers, so cutting a span anywhere on the grid
and adding the parts gives the whole. Prices meet energies once per line:

    line = kWh × ct/kWh, rounded once to the ct; fees, VAT and rounding: `charges`
    total of a statement = sum of its rounded lines
    community's account = Σ charges - Σ credits - VAT - paid to the grid + got from it

All houses that were measured take part in sharing, whoever pays for them; a
house that used energy while nobody had an agreement is a finding.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from itertools import chain, groupby, pairwise

from .agreements import Agreement
from .allocation import ALLOCATION
from .band_clock import BandClock
from .calendar import Instant, Span, local_date, midnight, on_grid
from .charges import Run, energy_lines, fee_lines, rounding_lines, vat_lines
from .checks import Portion, energy_without_agreement, flagged_intervals, missing_prices
from .findings import Finding, FindingCode
from .gap_runs import GapRuns
from .measurements import Measurements, on_every_interval
from .models import MODEL_LINES, TRADES_WITH_GRID
from .money import NO_MONEY, Money
from .official import OfficialSharing
from .quality import Quality
from .sharing import Segment, SegmentSums, Trace, share_segments, sharing_by
from .statements import CommunityAccount, HouseEnergy, Line, Settlement, Statement
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
    houses = houses_of(terms, span, measurements)
    minutes = terms.community.interval_minutes
    seconds = minutes * 60
    official = OfficialSharing(
        houses,
        measurements.official,
        sharing_by(ALLOCATION[terms.community.allocation]),
        terms.community.official_allocation,
    )
    gaps = GapRuns(terms.community.gaps, minutes, _billed(terms, span))
    segments = share_segments(
        on_every_interval(measurements, houses, span, minutes),
        [_segment(terms, *edges) for edges in pairwise(_edges(terms, span))],
        seconds,
        houses,
        official.share,
        gaps,
        trace,
    )
    by_house = _portions(terms, houses, segments)
    portions = list(chain.from_iterable(by_house.values()))
    statements = tuple(_statements(terms, span, by_house, energy_only))
    community, unpriced = _community_account(terms, segments, statements)
    findings = (
        *flagged_intervals(portions, seconds),
        *gaps.findings(),
        *official.findings(seconds),
        *energy_without_agreement(portions),
        *missing_prices(portions),
        *unpriced,
    )
    return Settlement(
        span=span,
        model=terms.community.model,
        houses={house_id: _energy(own) for house_id, own in by_house.items()},
        statements=statements,
        community=community,
        findings=findings,
    )


def houses_of(terms: Terms, span: Span, measurements: Measurements) -> tuple[str, ...]:
    """Return all houses that were measured or that somebody is billed for, by id."""
    billed = (a.house_id for a in _agreements_in(terms, span))
    return tuple(sorted({*measurements.houses, *billed}))


def _agreements_in(terms: Terms, span: Span) -> Iterator[Agreement]:
    """Yield the agreements that are valid during some part of the span."""
    zone = terms.community.zone
    first, last = local_date(span.start, zone), local_date(span.end - 1, zone)
    for agreement in terms.agreements:
        if agreement.first <= last and (agreement.end is None or agreement.end > first):
            yield agreement


def _edges(terms: Terms, span: Span) -> list[Instant]:
    """Return the span's start, every change of price or occupant, and its end."""
    days = {v.valid_from for tariff in terms.tariffs.values() for v in tariff.versions}
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
    versions = (tariff.at(day) for tariff in terms.tariffs.values())
    schedules = dict.fromkeys(v.bands for v in versions if v is not None and v.bands)
    clock = BandClock(terms.community.zone, terms.community.holidays, tuple(schedules))
    return Segment(Span(start, end), clock)


def _billed(terms: Terms, span: Span) -> dict[str, list[Span]]:
    """Return when somebody has each house."""
    zone = terms.community.zone
    spans: dict[str, list[Span]] = defaultdict(list)
    for agreement in terms.agreements:
        start = midnight(agreement.first, zone)
        end = midnight(agreement.end, zone) if agreement.end else span.end
        spans[agreement.house_id].append(Span(start, end))
    return spans


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
    for agreement in _agreements_in(terms, span):
        own = [p for p in portions[agreement.house_id] if p.agreement is agreement]
        if not own:
            continue  # a day that a zone left out when it crossed the date line
        lines = _energy_lines(terms, own)
        if not energy_only:
            lines += _other_lines(terms, own, lines)
        yield Statement(
            agreement=agreement,
            span=Span(own[0].segment.span.start, own[-1].segment.span.end),
            first=own[0].first,
            end=own[-1].end,
            energy=_energy(own),
            lines=tuple(lines),
            intervals=_intervals(own),
        )


def _energy_lines(terms: Terms, own: Sequence[Portion]) -> list[Line]:
    runs, rules = list(_runs(own)), MODEL_LINES[terms.community.model]
    return [line for rule in rules for line in energy_lines(rule, runs)]


def _other_lines(
    terms: Terms, own: Sequence[Portion], lines: Sequence[Line]
) -> list[Line]:
    """Return the lines that follow those of the energy of an agreement."""
    agreement, first, end = own[0].agreement, own[0].first, own[-1].end
    rules = MODEL_LINES[terms.community.model]
    others = list(fee_lines(agreement, _runs(own), rules)) if agreement else []
    others += vat_lines([*lines, *others], first, end)
    others += rounding_lines([*lines, *others], first, end, terms.community.rounding)
    return others


def _runs(portions: Iterable[Portion]) -> Iterator[Run]:
    """Yield the days that one version of a tariff prices, as far as there is one."""
    for version, same_prices in groupby(portions, key=lambda p: p.version):
        own = list(same_prices)
        if version is not None:
            energy = partial(_energy, own)
            yield Run(
                version=version, first=own[0].first, end=own[-1].end, energy=energy
            )


def _energy(portions: Iterable[Portion], band: str | None = None) -> HouseEnergy:
    sums = (portion.energy(band) for portion in portions)
    return sum(sums, start=HouseEnergy())


def _intervals(portions: Iterable[Portion]) -> dict[Quality, int]:
    counts = dict.fromkeys(Quality, 0)
    for portion in portions:
        for quality, count in portion.segment.qualities(portion.position).items():
            counts[quality] += count
    return {quality: count for quality, count in counts.items() if count}


def _community_account(
    terms: Terms, segments: Iterable[SegmentSums], statements: Iterable[Statement]
) -> tuple[CommunityAccount, list[Finding]]:
    """Return the community's side, and where its grid tariff has no price."""
    tariff = terms.tariffs[terms.community.grid_tariff]
    energy, bought, sold = HouseEnergy(), NO_MONEY, NO_MONEY
    unpriced = []
    for segment in segments:
        total = segment.total()
        energy += total
        version = tariff.at(local_date(segment.span.start, terms.community.zone))
        if version is not None:
            for band, rate in version.p_grid_con.rates:
                bought += segment.total(version.bands, band).grid_import * rate
            for band, rate in version.p_grid_del.rates:
                sold += segment.total(version.bands, band).grid_export * rate
        elif total.grid_import or total.grid_export:
            unpriced.append(
                Finding(
                    code=FindingCode.NO_TARIFF,
                    span=segment.span,
                    intervals=segment.intervals,
                    energy=total.grid_import + total.grid_export,
                    details={"tariff": tariff.tariff_id},
                )
            )
    statements = list(statements)
    balance = Money.total(_gain(statement) for statement in statements)
    if terms.community.model in TRADES_WITH_GRID:
        balance += sold - bought
    account = CommunityAccount(
        energy=energy,
        value_grid_import=bought,
        value_grid_export=sold,
        balance=balance,
        rounding=Money.total(statement.rounding for statement in statements),
        vat=Money.total(statement.vat_amount for statement in statements),
    )
    return account, unpriced


def _gain(statement: Statement) -> Money:
    """Return what the community gains by a statement, without VAT and rounding."""
    in_prices = statement.vat_amount - statement.vat_on_top
    return statement.fees - statement.net - in_prices
