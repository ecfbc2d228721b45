"""Which house belongs to the community when, and who is billed while nobody has it.

A house joins with its first agreement, and belongs to the community until it leaves:

    2026-01-01   2026-05-01   2026-06-01              2026-09-01
        | Anna       | vacancy    | Beat                  | left
        | agreement  | the owner  | agreement             | nobody

Somebody who moves out ends an agreement, not the membership: what the house uses and
delivers until the next agreement is billed to its owner. What it measures after it
left is no energy of the community, until another agreement lets it join again. What it
measured before it joined is in `early_vacancy`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby, zip_longest

from .agreements import Agreement, Owner, check_agreements
from .calendar import Instant, Span, local_date, midnight
from .layout import houses_named
from .measurements import IntervalSlice, Measurements
from .quality import Quality
from .terms import Terms

_FOR_EVER: Instant = 2**40

type Absences = dict[str, list[Span]]
"""When houses have left, and not come back yet."""


def with_vacancies(terms: Terms) -> Terms:
    """Return the terms with an agreement for each vacancy; there are none left then."""
    agreements = check_agreements((*terms.agreements, *_vacancies(terms)))
    return replace(terms, agreements=agreements)


def _vacancies(terms: Terms) -> Iterator[Agreement]:
    for earlier, end in stays(terms.agreements, terms.left):
        if earlier.end is not None and (end is None or earlier.end < end):
            yield vacancy(terms, earlier, earlier.end, end)


def stays(
    agreements: Iterable[Agreement], left: Mapping[str, Sequence[date]]
) -> Iterator[tuple[Agreement, date | None]]:
    """Yield agreements with the first day that is neither theirs nor a vacancy's.

    That is when the next agreement of the house begins, or when it leaves; None
    where neither is known. The agreements are by house and date.
    """
    for house_id, of_house in groupby(agreements, lambda a: a.house_id):
        own = list(of_house)
        for earlier, later in zip_longest(own, own[1:]):
            if earlier.end is None:
                yield earlier, None
                continue
            ends = [day for day in left.get(house_id, ()) if day >= earlier.end]
            if later is not None:
                ends.append(later.first)
            yield earlier, min(ends, default=None)


def vacancy(terms: Terms, known: Agreement, first: date, end: date | None) -> Agreement:
    """Return what is agreed with the owner, besides what is known of another agreement.

    Where no owner was entered it is the community itself, which takes over the
    tariff and reads the language of whoever had the house.
    """
    itself = replace(
        terms.community.issuer, language=known.participant.language, iban=None
    )
    owner = terms.owners.get(known.house_id, Owner(party=itself))
    return replace(
        known,
        participant=owner.party,
        tariff_id=owner.tariff_id or known.tariff_id,
        first=first,
        end=end,
        weight=None,
        vat=owner.vat,
        invoice=owner.invoice,
        agreement_id=f"{known.house_id}_vacant_{first.isoformat()}",
        vacancy=True,
    )


def absences(terms: Terms) -> Absences:
    """Return when houses that have left do not belong to the community."""
    found: Absences = {}
    for house_id, days in terms.left.items():
        joins = [a.first for a in terms.agreements if a.house_id == house_id]
        for day in days:
            back = min((first for first in joins if first >= day), default=None)
            zone = terms.community.zone
            end = midnight(back, zone) if back else _FOR_EVER
            found.setdefault(house_id, []).append(Span(midnight(day, zone), end))
    return found


def members_only(
    slices: Iterator[IntervalSlice], houses: Sequence[str], away: Absences
) -> Iterator[IntervalSlice]:
    """Leave out what houses measured while they did not belong to the community."""
    lanes = [(i, away[house]) for i, house in enumerate(houses) if house in away]
    if not lanes:
        yield from slices
        return
    for measured in slices:
        gone = {i for i, spans in lanes if any(measured.start in s for s in spans)}
        yield _without(measured, gone) if gone else measured


def _without(measured: IntervalSlice, gone: set[int]) -> IntervalSlice:
    missing = Quality.MISSING
    return measured._replace(
        imported=[0 if i in gone else e for i, e in enumerate(measured.imported)],
        exported=[0 if i in gone else e for i, e in enumerate(measured.exported)],
        quality=[missing if i in gone else q for i, q in enumerate(measured.quality)],
    )


def houses_of(terms: Terms, span: Span, measurements: Measurements) -> tuple[str, ...]:
    """Return all houses that were measured or that somebody is billed for, by id.

    A house that does not belong to the community on any day of the span is none,
    unless a meter names it.
    """
    billed = {a.house_id for a in agreements_in(with_vacancies(terms), span)}
    away = absences(terms)
    gone = {h for h in away if any(span.overlap(s) == span for s in away[h])}
    named = houses_named(terms.meters)
    others = {meter.meter_id for meter in terms.meters} - named
    measured = {*measurements.houses} - others
    return tuple(sorted((measured | billed) - gone | named))


def agreements_in(terms: Terms, span: Span) -> Iterator[Agreement]:
    """Yield the agreements that are valid during some part of the span."""
    zone = terms.community.zone
    first, last = local_date(span.start, zone), local_date(span.end - 1, zone)
    for agreement in terms.agreements:
        if agreement.first <= last and (agreement.end is None or agreement.end > first):
            yield agreement


def billed_spans(
    terms: Terms, span: Span, early: Iterable[Agreement] = ()
) -> dict[str, list[Span]]:
    """Return when somebody has each house."""
    zone = terms.community.zone
    spans: dict[str, list[Span]] = defaultdict(list)
    for agreement in (*terms.agreements, *early):
        start = midnight(agreement.first, zone)
        end = midnight(agreement.end, zone) if agreement.end else span.end
        spans[agreement.house_id].append(Span(start, end))
    return spans
