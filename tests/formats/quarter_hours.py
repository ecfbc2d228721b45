"""Days of quarter hours, as the fixtures of every format need them."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from custom_components.leg_invoicing.billing.calendar import midnight

SPRING = date(2026, 3, 29)
"""92 quarter hours."""
AUTUMN = date(2026, 10, 25)
"""100 quarter hours."""


def quarter_hours(day: date, zone: ZoneInfo) -> Iterator[datetime]:
    """Yield the start of each quarter hour of a local day, in local time."""
    first, end = midnight(day, zone), midnight(day + timedelta(days=1), zone)
    for instant in range(first, end, 900):
        yield datetime.fromtimestamp(instant, zone)
