"""From when on two terms settle differently.

What was settled by the terms before stays right up to that day. Names, addresses
and languages of participants change no energy and no amount.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from .tariffs import TariffVersion
from .terms import Terms

EVER = date(1970, 1, 1)
"""No measurement is older."""


def first_changed_day(before: Terms, after: Terms) -> date | None:
    """Return the first day on which energy is shared or priced differently.

    None where no day is. The rule for gaps says what may be billed unasked, which
    changes neither energy nor price.
    """
    if replace(before.community, gaps=after.community.gaps) != after.community:
        return EVER
    repriced = {version.valid_from for _, version in _prices(before) ^ _prices(after)}
    return min({*repriced, *_rebilled(before, after)}, default=None)


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


def _ends(terms: Terms) -> dict[tuple[str, str, date], date | None]:
    return {(a.house_id, a.tariff_id, a.first): a.end for a in terms.agreements}
