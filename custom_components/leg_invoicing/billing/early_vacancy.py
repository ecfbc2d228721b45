"""Vacancies before anybody had a house: its owner has it, since ever.

A house joins with its first agreement. What it used or delivered before takes part in
sharing all the same, and nobody knows whether it belonged yet. Where its owner is
written down, the owner is billed for it, so that it is on somebody's bill:

    2026-06-01        2026-06-05           2026-06-11
        | not measured    | the owner          | Anna
        | nobody          | vacancy            | first agreement

The vacancy begins with the first day of what is settled on which the house was
measured, and has the prices and the part of the first agreement. It changes nothing
for the others: weights that nobody said, and what all houses share, count from the
first agreement on.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from .agreements import Agreement
from .calendar import Span, local_date
from .dated import EVER
from .membership import vacancy
from .terms import Terms


def early_vacancies(terms: Terms) -> Mapping[str, Agreement]:
    """Return the vacancy before the first agreement, by house that has an owner."""
    firsts: dict[str, Agreement] = {}
    for agreement in terms.agreements:
        firsts.setdefault(agreement.house_id, agreement)
    return {
        house_id: _before(terms, first)
        for house_id, first in firsts.items()
        if house_id in terms.owners
    }


def _before(terms: Terms, first: Agreement) -> Agreement:
    until = f"{first.house_id}_vacant_until_{first.first.isoformat()}"
    return replace(vacancy(terms, first, EVER, first.first), agreement_id=until)


def early_days(terms: Terms, span: Span, houses: Collection[str]) -> Iterator[date]:
    """Yield the days of a span on which such a vacancy of these houses may begin."""
    ends = [
        each.end
        for each in early_vacancies(terms).values()
        if each.house_id in houses and each.end is not None
    ]
    zone = terms.community.zone
    day, last = local_date(span.start, zone), local_date(span.end - 1, zone)
    while day <= last and any(day < end for end in ends):
        yield day
        day += timedelta(days=1)
