"""The public holidays of a country, or of a part of it.

They come from a library that many maintain. They are dates like those that a person
lists: closed periods carry a copy of theirs, whatever the library says later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

from .calendar import Period
from .terms import Terms

_YEARS = range(2000, 2100)


class HolidayError(ValueError):
    """Nothing is known of a country, or of a part of it."""

    def __init__(self, name: str, known: Sequence[str], country: str = "") -> None:
        """Remember what was asked for, and what could have been."""
        super().__init__(f"no holidays are known of {name!r}")
        self.name = name
        self.known = known
        """The countries, or the parts of one that there are."""
        self.country = country
        """The country of which it should be a part."""


@lru_cache
def countries() -> Mapping[str, Sequence[str]]:
    """Return the ISO 3166-1 codes of all countries, each with its known parts."""
    # Importing it takes longer than settling a month; most communities never need it.
    from holidays import list_supported_countries  # noqa: PLC0415

    return list_supported_countries(include_aliases=False)


@lru_cache
def public_holidays(country: str, subdivision: str | None = None) -> frozenset[date]:
    """Return all holidays from 2000 to 2099; raises HolidayError.

    The first call for a country reads its rules from a file, so it may block.
    """
    from holidays import country_holidays  # noqa: PLC0415 # as above

    if country not in countries():
        raise HolidayError(country, tuple(countries()))
    parts = countries()[country]
    if subdivision is not None and subdivision not in parts:
        raise HolidayError(subdivision, parts, country)
    return frozenset(country_holidays(country, subdiv=subdivision, years=_YEARS))


def with_holidays_of(terms: Terms, period: Period) -> Terms:
    """Leave out the holidays that no band of a period can ask for.

    A band may begin on the day before and run over midnight.
    """
    community = terms.community
    eve = period.first - timedelta(days=1)
    days = frozenset(day for day in community.holidays if eve <= day < period.end)
    return replace(terms, community=replace(community, holidays=days))
