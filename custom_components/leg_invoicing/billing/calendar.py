"""Periods, spans and the grid of intervals.

Instants are Unix seconds in UTC. Spans are half-open, `[start, end)`, so that
neighbouring periods share no interval and leave none out. Local time appears
here and in tariffs only: a period is made of local days, which have 23, 24 or
25 hours.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
import re
from zoneinfo import ZoneInfo

type Instant = int
"""Unix seconds, UTC."""

INTERVAL_MINUTES = (5, 15, 30, 60)
"""The lengths an interval may have."""


_EARLIEST = date(1970, 1, 1)
"""Where instants begin; clocks before were minutes and seconds off every grid."""

_LATEST = date(9000, 1, 1)
"""The months and years after a period must have dates, too."""

LONGEST_YEARS = 10
"""What is settled or summed up at once; a mistyped year would be computed for hours."""


class PeriodError(ValueError):
    """The text does not name a settlement period."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch of time, `[start, end)`."""

    start: Instant
    end: Instant

    @property
    def seconds(self) -> int:
        """Length in seconds."""
        return self.end - self.start

    def __contains__(self, instant: Instant) -> bool:
        """Tell whether an instant lies in the span; its end does not."""
        return self.start <= instant < self.end

    def overlap(self, other: Span) -> Span | None:
        """Return the part shared with another span, if there is any."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Span(start, end) if start < end else None


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A settlement period: whole local days, the last one exclusive."""

    first: date
    end: date

    @property
    def period_id(self) -> str:
        """The shortest of `2026-01`, `2026-Q1`, `2026`, `2026-01-01..2026-03-01`."""
        months = (self.end.year - self.first.year) * 12 + (
            self.end.month - self.first.month
        )
        if self.first.day == self.end.day == 1:
            year, month = self.first.year, self.first.month
            if months == 1:
                return f"{year:04}-{month:02}"
            if months == 3 and month % 3 == 1:
                return f"{year:04}-Q{month // 3 + 1}"
            if months == 12 and month == 1:
                return f"{year:04}"
        return f"{self.first.isoformat()}..{self.end.isoformat()}"

    @property
    def last(self) -> date:
        """The last day that belongs to the period."""
        return self.end - timedelta(days=1)

    @property
    def days(self) -> int:
        """Number of local days."""
        return (self.end - self.first).days

    def span(self, zone: ZoneInfo) -> Span:
        """Return the period's instants in a time zone."""
        return Span(midnight(self.first, zone), midnight(self.end, zone))


def midnight(day: date, zone: ZoneInfo) -> Instant:
    """Return the instant at which a local day begins."""
    return int(datetime.combine(day, time(), zone).timestamp())


def local_date(instant: Instant, zone: ZoneInfo) -> date:
    """Return the local day an instant falls on."""
    return datetime.fromtimestamp(instant, zone).date()


def utc(instant: Instant) -> datetime:
    """Return an instant as an aware UTC datetime."""
    return datetime.fromtimestamp(instant, UTC)


def iso_utc(instant: Instant) -> str:
    """Write an instant as `2026-01-01T00:00:00Z`."""
    return f"{utc(instant):%Y-%m-%dT%H:%M:%SZ}"


def add_months(first: date, months: int) -> date:
    """Return the first day of the month that many months later."""
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def _month(year: str, month: str) -> Period:
    first = date(int(year), int(month), 1)
    return Period(first, add_months(first, 1))


def _quarter(year: str, quarter: str) -> Period:
    first = date(int(year), int(quarter) * 3 - 2, 1)
    return Period(first, add_months(first, 3))


def _year(year: str) -> Period:
    return Period(date(int(year), 1, 1), date(int(year) + 1, 1, 1))


def _dates(first: str, end: str) -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(end))


_FORMS = (
    (re.compile(r"(\d{4})-(\d{2})", re.ASCII), _month),
    (re.compile(r"(\d{4})-Q([1-4])", re.ASCII), _quarter),
    (re.compile(r"(\d{4})", re.ASCII), _year),
    (re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})", re.ASCII), _dates),
)


def parse_period(text: str) -> Period:
    """Read `2026-01`, `2026-Q1`, `2026` or `2026-01-01..2026-03-01` (end exclusive).

    Raises PeriodError when the text is none of them, or names no day.
    """
    for pattern, build in _FORMS:
        if match := pattern.fullmatch(text):
            try:
                period = build(*match.groups())
            except ValueError as err:
                raise PeriodError(f"{text}: {err}") from err
            if period.first >= period.end:
                raise PeriodError(f"{text}: the end lies before the beginning")
            if period.first < _EARLIEST:
                raise PeriodError(f"{text}: that is too long ago; check the year")
            if period.end > _LATEST:
                raise PeriodError(f"{text}: that is too far ahead; check the year")
            if period.days > LONGEST_YEARS * 366:
                raise PeriodError(f"{text}: settle at most ten years at once")
            return period
    raise PeriodError(
        f"{text}: write a month (2026-01), a quarter (2026-Q1), a year (2026) "
        "or two dates (2026-01-01..2026-03-01, the second one exclusive)"
    )


def cadence_period(day: date, months: int) -> Period:
    """Return the period of 1, 3 or 12 whole months that a local day falls in."""
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return Period(first, add_months(first, months))


def interval_starts(span: Span, minutes: int) -> range:
    """Return the starts of all intervals of a span, whose edges lie on the grid."""
    return range(span.start, span.end, minutes * 60)


def on_grid(instant: Instant, minutes: int) -> bool:
    """Tell whether an instant is an interval's edge."""
    return instant % (minutes * 60) == 0


def first_day_off_grid(period: Period, zone: ZoneInfo, minutes: int) -> date | None:
    """Return the first day of a period that does not begin with an interval.

    In zones that are half an hour or less off UTC, an interval of an hour would
    belong to two days; None where every day of the period fits.
    """
    days = (period.first + timedelta(days=n) for n in range(period.days + 1))
    return next(
        (day for day in days if not on_grid(midnight(day, zone), minutes)), None
    )
