"""Settle a span: energy shared per interval, priced per agreement.

    measurements, terms, span -> statements, the community's account, findings

Each interval's local production is shared by the community's key. Between two
changes (of a tariff's prices, of an occupant or of the key, all at local midnight)
energies are summed per house and stay integers, so cutting a span anywhere on the
grid and adding the parts gives the whole. Prices meet energies once per line:

    line = kWh × ct/kWh, rounded once to the ct
    total of a statement = sum of its rounded lines
    community's account = Σ charges - Σ credits - paid to the grid + got from it

All houses that were measured take part in sharing, whoever pays for them; a
house that used energy while nobody had an agreement is a finding.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import chain, groupby

from .agreements import Agreement
from .calendar import Instant, Span, local_date, midnight, on_grid
from .checks import Portion, energy_without_agreement, flagged_intervals, missing_prices
from .findings import Finding, FindingCode
from .gap_runs import GapRuns
from .measurements import Measurements, on_every_interval
from .models import MODEL_LINES, TRADES_WITH_GRID, LineRule
from .money import NO_MONEY, Money
from .official import OfficialSharing
from .quality import Quality
from .sharing import SegmentSums, Trace, share_segments
from .sharing_rules import sharing_in
from .statements import CommunityAccount, HouseEnergy, Line, Settlement, Statement
from .terms import Terms


def settle(
    terms: Terms,
    span: Span,
    measurements: Measurements,
    trace: Trace | None = None,
) -> Settlement:
    """Settle a span whose edges lie on the grid of intervals.

    `trace`, if given, is called for each interval with lanes in the order of
    `houses_of`. Raises ValueError when slices lie outside the span, or when a change
    of price or occupant, at local midnight, falls inside an interval.
    """
    houses = houses_of(terms, span, measurements)
    minutes = terms.community.interval_minutes
    seconds = minutes * 60
    edges = _edges(terms, span)
    official = OfficialSharing(
        houses,
        measurements.official,
        sharing_in(terms, edges, houses),
        terms.community.official_allocation,
    )
    gaps = GapRuns(terms.community.gaps, minutes, _billed(terms, span))
    segments = share_segments(
        on_every_interval(measurements, houses, span, minutes),
        edges,
        seconds,
        houses,
        official.share,
        gaps,
        trace,
    )
    by_house = _portions(terms, houses, segments)
    portions = list(chain.from_iterable(by_house.values()))
    statements = tuple(_statements(terms, span, by_house))
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
    """Return the span's start, every change of price, occupant or key, and its end."""
    days = {v.valid_from for tariff in terms.tariffs.values() for v in tariff.versions}
    days |= {version.valid_from for version in terms.community.sharing[1:]}
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
    terms: Terms, span: Span, portions: Mapping[str, Sequence[Portion]]
) -> Iterator[Statement]:
    rules = MODEL_LINES[terms.community.model]
    for agreement in _agreements_in(terms, span):
        own = [p for p in portions[agreement.house_id] if p.agreement is agreement]
        if not own:
            continue  # a day that a zone left out when it crossed the date line
        yield Statement(
            agreement=agreement,
            span=Span(own[0].segment.span.start, own[-1].segment.span.end),
            first=own[0].first,
            end=own[-1].end,
            energy=_energy(own),
            lines=tuple(line for rule in rules for line in _lines(rule, own)),
            intervals=_intervals(own),
        )


def _energy(portions: Iterable[Portion]) -> HouseEnergy:
    sums = (portion.segment.energy(portion.position) for portion in portions)
    return sum(sums, start=HouseEnergy())


def _intervals(portions: Iterable[Portion]) -> dict[Quality, int]:
    counts = dict.fromkeys(Quality, 0)
    for portion in portions:
        for quality, count in portion.segment.qualities(portion.position).items():
            counts[quality] += count
    return {quality: count for quality, count in counts.items() if count}


def _lines(rule: LineRule, portions: Iterable[Portion]) -> Iterator[Line]:
    """Yield a line for each price in turn; none where there is no energy."""
    for version, same_price in groupby(portions, key=lambda p: p.version):
        run = list(same_price)
        quantity = getattr(_energy(run), rule.energy)
        if version is None or not quantity:
            continue
        price = getattr(version, rule.price)
        value = quantity * price
        yield Line(
            kind=rule.kind,
            first=run[0].first,
            end=run[-1].end,
            quantity=quantity,
            unit_price=price,
            exact=value if rule.is_charge else -value,
        )


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
            bought += total.grid_import * version.p_grid_con
            sold += total.grid_export * version.p_grid_del
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
    balance = -Money.total(statement.net for statement in statements)
    if terms.community.model in TRADES_WITH_GRID:
        balance += sold - bought
    account = CommunityAccount(
        energy=energy,
        value_grid_import=bought,
        value_grid_export=sold,
        balance=balance,
        rounding=Money.total(statement.rounding for statement in statements),
    )
    return account, unpriced
