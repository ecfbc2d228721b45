"""Parts of the year: which days they have, and how few of them have some days."""

from datetime import date

from hypothesis import given, strategies as st
import pytest

from custom_components.leg_invoicing.billing.seasons import (
    WHOLE_YEAR,
    YEAR,
    Season,
    seasons_of,
)


@pytest.mark.parametrize(
    ("season", "written"),
    [
        (Season((10, 1), (3, 31)), "10-01..03-31"),
        (Season((2, 29), (2, 29)), "02-29"),
        (WHOLE_YEAR, "01-01..12-31"),
    ],
)
def test_a_season_is_written_by_its_first_and_last_day(
    season: Season, written: str
) -> None:
    """A single day stands there once."""
    assert str(season) == written


def test_days_of_any_year_are_days_of_all_years() -> None:
    """The years in which they were found do not matter."""
    days = (date(2027, 3, 1), date(2028, 2, 29))

    assert seasons_of(days) == (Season((2, 29), (3, 1)),)


def test_no_days_are_no_seasons() -> None:
    """Nothing is joined to nothing."""
    assert seasons_of(()) == ()


@given(st.sets(st.sampled_from(YEAR), min_size=1))
def test_seasons_have_the_days_that_they_are_made_of(days: set[date]) -> None:
    """Each of them once, and none besides, also over New Year."""
    found = [day for season in seasons_of(days) for day in YEAR if season.covers(day)]

    assert sorted(found) == sorted(days)
