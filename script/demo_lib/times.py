"""Which days and quarter hours the demonstration is about."""

from dataclasses import dataclass
from datetime import date, datetime, time as clock, timedelta
import time

from .profiles import ZONE


def _midnight(day: date) -> int:
    return int(datetime.combine(day, clock(), ZONE).timestamp())


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """The month that gets billed, and the one that goes on."""

    last_month: date
    """Its first day; the meters have counted since its midnight."""
    this_month: date

    @classmethod
    def of(cls, day: date) -> Times:
        """Return them for somebody who looks on a day."""
        this_month = day.replace(day=1)
        last_month = (this_month - timedelta(days=1)).replace(day=1)
        return cls(last_month=last_month, this_month=this_month)

    @classmethod
    def now(cls) -> Times:
        """Return them for today, in Switzerland."""
        return cls.of(datetime.now(ZONE).date())

    @property
    def since(self) -> int:
        """The instant from which there are quarter hours."""
        return _midnight(self.last_month)

    @property
    def until(self) -> int:
        """The instant at which this month began."""
        return _midnight(self.this_month)

    @property
    def moving_day(self) -> date:
        """The first day of whoever moved in last month."""
        return self.last_month.replace(day=16)

    @property
    def period_id(self) -> str:
        """How the integration calls last month."""
        return f"{self.last_month:%Y-%m}"

    @property
    def first_prices(self) -> date:
        """A day from which prices are known."""
        return self.last_month.replace(month=1, day=1)


def days_between(since: int, until: int) -> list[int]:
    """Return a midnight, all after it, and an instant at which they end."""
    first, last = (datetime.fromtimestamp(at, ZONE).date() for at in (since, until))
    days = range((last - first).days + 1)
    return sorted({*(_midnight(first + timedelta(days=n)) for n in days), until})


def last_edge(minutes: int) -> int:
    """Return the newest edge between two intervals."""
    now = int(time.time())
    return now - now % (minutes * 60)
