"""From when on two terms settle differently.

What was settled by the terms before stays right up to that day. Names, addresses
and languages of participants change no energy and no amount.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from .dated import EVER, Dated
from .early_vacancy import early_vacancies
from .membership import with_vacancies
from .tariffs import TariffVersion
from .terms import Terms


def first_changed_day(before: Terms, after: Terms) -> date | None:
    """Return the first day on which energy is shared or priced differently.

    None where no day is. The rule for gaps says what may be billed unasked, which
    changes neither energy nor price.
    """
    old, new = before.community, after.community
    undated = replace(old, sharing=new.sharing, benefits=new.benefits)
    if replace(undated, gaps=new.gaps, issuer=new.issuer) != new:
        return EVER
    repriced = {version.valid_from for _, version in _prices(before) ^ _prices(after)}
    days = {
        *repriced,
        *_otherwise(old.sharing, new.sharing),
        *_otherwise(old.benefits, new.benefits),
        *_rebilled(before, after),
        *_rewired(before, after),
    }
    return min(days, default=None)


def _otherwise(before: Sequence[Dated], after: Sequence[Dated]) -> Iterator[date]:
    """Yield the first day of each version that is not in both."""
    for version in (*before, *after):
        if not (version in before and version in after):
            yield max(version.valid_from, EVER)


def _prices(terms: Terms) -> set[tuple[str, TariffVersion]]:
    return {
        (tariff.tariff_id, version)
        for tariff in terms.tariffs.values()
        for version in tariff.versions
    }


def _rebilled(before: Terms, after: Terms) -> Iterator[date]:
    """Yield the first day of each change of who is billed by which tariff."""
    old, new = _ends(before), _ends(after)
    for key in {*old, *new}:
        if key not in old or key not in new:
            yield key[2]
        elif old[key] != new[key]:
            yield min(end for end in (old[key], new[key]) if end is not None)


def _ends(
    terms: Terms,
) -> dict[tuple[str, str, date, Decimal | None, Decimal], date | None]:
    early = early_vacancies(terms).values()
    return {
        (a.house_id, a.tariff_id, a.first, a.weight, a.factor): a.end
        for a in (*with_vacancies(terms).agreements, *early)
    }


def _rewired(before: Terms, after: Terms) -> Iterator[date]:
    """Yield the first day of each change of a meter; what it is called is none."""
    old, new = ({m.meter_id: m for m in terms.meters} for terms in (before, after))
    for meter_id in old.keys() ^ new.keys():
        yield (old | new)[meter_id].since or EVER
    for meter_id in old.keys() & new.keys():
        was, now = old[meter_id], new[meter_id]
        if replace(was, name=now.name, until=now.until) != now:
            yield min(was.since or EVER, now.since or EVER)
        elif was.until != now.until:
            yield min(until for until in (was.until, now.until) if until is not None)
