"""Periods, spans and the grid of intervals."""

from datetime import date
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.leg_invoicing.billing.calendar import (
    Period,
    PeriodError,
    Span,
    add_months,
    cadence_period,
    first_day_off_grid,
    interval_starts,
    iso_utc,
    local_date,
    midnight,
    on_grid,
    parse_period,
)
from tests.billing.build import at

_ZURICH = ZoneInfo("Europe/Zurich")


@pytest.mark.parametrize(
    ("period", "quarters"),
    [
        ("2026-01", 2976),
        ("2026-03", 2972),
        ("2026-10", 2980),
        ("2026-Q1", 8636),
        ("2026-Q2", 8736),
        ("2026-Q3", 8832),
        ("2026-Q4", 8836),
        ("2026", 35040),
        ("2026-03-29..2026-03-30", 92),
        ("2026-10-25..2026-10-26", 100),
        ("2026-05-01..2026-05-02", 96),
    ],
)
def test_quarter_hours_of_zurich(period: str, quarters: int) -> None:
    """The published numbers of quarter hours, clock changes included."""
    assert quarters == len(interval_starts(parse_period(period).span(_ZURICH), 15))


def test_january_in_zurich() -> None:
    """A period begins and ends at local midnight."""
    span = parse_period("2026-01").span(_ZURICH)

    assert Span(at("2025-12-31T23:00Z"), at("2026-01-31T23:00Z")) == span
    assert iso_utc(span.start) == "2025-12-31T23:00:00Z"
    assert span.seconds == 31 * 86400


@pytest.mark.parametrize(
    ("text", "first", "end", "days"),
    [
        ("1970-01", "1970-01-01", "1970-02-01", 31),
        ("2026-02", "2026-02-01", "2026-03-01", 28),
        ("2024-02", "2024-02-01", "2024-03-01", 29),
        ("2026-12", "2026-12-01", "2027-01-01", 31),
        ("2026-Q1", "2026-01-01", "2026-04-01", 90),
        ("2026-Q4", "2026-10-01", "2027-01-01", 92),
        ("2026", "2026-01-01", "2027-01-01", 365),
        ("2026-01-15..2026-02-20", "2026-01-15", "2026-02-20", 36),
    ],
)
def test_a_period_is_read_and_written(
    text: str, first: str, end: str, days: int
) -> None:
    """A period's name leads to its days and back; the end does not belong to it."""
    period = parse_period(text)

    assert Period(date.fromisoformat(first), date.fromisoformat(end)) == period
    assert text == period.period_id
    assert days == period.days
    assert period.last.isoformat() < end
    assert (period.end - period.last).days == 1


@pytest.mark.parametrize(
    ("dates", "name"),
    [
        ("2026-01-01..2026-02-01", "2026-01"),
        ("2026-04-01..2026-07-01", "2026-Q2"),
        ("2026-01-01..2027-01-01", "2026"),
        ("2026-02-01..2026-05-01", "2026-02-01..2026-05-01"),
        ("2026-02-01..2027-02-01", "2026-02-01..2027-02-01"),
        ("2026-01-01..2026-03-01", "2026-01-01..2026-03-01"),
        ("2026-01-02..2026-02-01", "2026-01-02..2026-02-01"),
        ("2026-01-01..2026-02-02", "2026-01-01..2026-02-02"),
    ],
)
def test_a_period_has_one_name(dates: str, name: str) -> None:
    """Two dates that make a month, quarter or year are called by its name."""
    assert name == parse_period(dates).period_id


@pytest.mark.parametrize(
    "text",
    [
        "",
        "january",
        "2026-1",
        "2026-13",
        "2026-00",
        "2026-Q0",
        "2026-Q5",
        "2026-q1",
        "0000",
        "9999",
        "1969-12",
        "0001",
        "2026-01-01",
        "2026-01-01..",
        "2026-02-30..2026-03-01",
        "2026-02-01..2026-02-01",
        "2026-02-01..2026-01-01",
        " 2026-01",
        "2026-01\n",
        "2026-01-01..2926-01-01",
        "٢٠٢٦-٠١",
    ],
)
def test_what_is_no_period_is_refused(text: str) -> None:
    """Nothing is guessed from half a name; the text is repeated in the message."""
    with pytest.raises(PeriodError) as raised:
        parse_period(text)

    assert str(raised.value).startswith(f"{text}: ")


@pytest.mark.parametrize(
    ("other", "shared"),
    [
        (Span(0, 10), None),
        (Span(0, 11), Span(10, 11)),
        (Span(12, 15), Span(12, 15)),
        (Span(0, 99), Span(10, 20)),
        (Span(19, 30), Span(19, 20)),
        (Span(20, 30), None),
    ],
)
def test_spans_share_no_edge(other: Span, shared: Span | None) -> None:
    """Spans that touch have nothing in common."""
    assert shared == Span(10, 20).overlap(other)
    assert shared == other.overlap(Span(10, 20))


def test_a_span_contains_its_start_and_not_its_end() -> None:
    """The end belongs to the next span."""
    span = Span(10, 20)

    assert [i in span for i in (9, 10, 19, 20)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("zone", "day", "instant"),
    [
        ("Europe/Zurich", "2026-03-29", "2026-03-29T00:00+01:00"),
        ("Europe/Zurich", "2026-03-30", "2026-03-30T00:00+02:00"),
        # There is no midnight: the clocks go from 24:00 to 01:00.
        ("America/Santiago", "2026-09-06", "2026-09-06T01:00-03:00"),
        # Midnight comes twice, and the day begins with the first one.
        ("America/Havana", "2026-11-01", "2026-11-01T00:00-04:00"),
        # At midnight the clocks go back to 23:00 of the day before.
        ("Asia/Beirut", "2026-10-25", "2026-10-25T00:00+02:00"),
    ],
)
def test_days_begin_where_clocks_change_at_midnight(
    zone: str, day: str, instant: str
) -> None:
    """The first instant of a day lies on that day, and the one before does not."""
    here = ZoneInfo(zone)
    start = midnight(date.fromisoformat(day), here)

    assert at(instant) == start
    assert day == local_date(start, here).isoformat()
    assert day > local_date(start - 1, here).isoformat()


@given(
    st.sampled_from(["Europe/Zurich", "America/Santiago", "Asia/Beirut", "UTC"]),
    st.dates(date(2000, 1, 1), date(2050, 1, 1)),
)
def test_every_instant_belongs_to_one_day(zone: str, day: date) -> None:
    """Days follow each other without a gap, each 23 to 25 hours long."""
    here = ZoneInfo(zone)
    period = Period(day, date.fromordinal(day.toordinal() + 1))
    span = period.span(here)

    assert 23 * 3600 <= span.seconds <= 25 * 3600
    assert day == local_date(span.start, here) == local_date(span.end - 1, here)


@pytest.mark.parametrize(
    ("day", "months", "period"),
    [
        ("2026-01-31", 1, "2026-01"),
        ("2026-03-31", 3, "2026-Q1"),
        ("2026-04-01", 3, "2026-Q2"),
        ("2026-12-31", 3, "2026-Q4"),
        ("2026-12-31", 12, "2026"),
    ],
)
def test_a_day_falls_into_a_period_of_the_cadence(
    day: str, months: int, period: str
) -> None:
    """Months, quarters and years are counted from January."""
    assert parse_period(period) == cadence_period(date.fromisoformat(day), months)


@pytest.mark.parametrize(
    ("first", "months", "then"),
    [
        ("2026-01-01", 1, "2026-02-01"),
        ("2026-12-01", 1, "2027-01-01"),
        ("2026-01-01", 12, "2027-01-01"),
        ("2026-01-01", -1, "2025-12-01"),
    ],
)
def test_months_are_added(first: str, months: int, then: str) -> None:
    """December is followed by January of the next year."""
    assert then == add_months(date.fromisoformat(first), months).isoformat()


@pytest.mark.parametrize(
    ("zone", "minutes", "period", "off_grid"),
    [
        ("Europe/Zurich", 60, "2026", None),
        ("Asia/Kolkata", 30, "2026", None),
        ("Asia/Kolkata", 60, "2026-02", "2026-02-01"),
        ("Asia/Kathmandu", 15, "2026", None),
        ("Asia/Kathmandu", 30, "2026-02", "2026-02-01"),
        # Half an hour off UTC in winter only, which begins on 5 April.
        ("Australia/Lord_Howe", 60, "2026-04", "2026-04-06"),
        ("Australia/Lord_Howe", 60, "2026-04-01..2026-04-06", "2026-04-06"),
        ("Australia/Lord_Howe", 60, "2026-04-01..2026-04-05", None),
    ],
)
def test_intervals_that_midnight_cuts_are_found(
    zone: str, minutes: int, period: str, off_grid: str | None
) -> None:
    """The first day that does not begin with an interval, the period's end included."""
    found = first_day_off_grid(parse_period(period), ZoneInfo(zone), minutes)

    assert off_grid == (found.isoformat() if found else None)


def test_the_grid_is_of_utc() -> None:
    """An interval begins on a multiple of its length."""
    assert on_grid(at("2026-01-01T00:45Z"), 15)
    assert not on_grid(at("2026-01-01T00:45Z"), 30)
    assert not on_grid(at("2026-01-01T00:44:59Z"), 15)
