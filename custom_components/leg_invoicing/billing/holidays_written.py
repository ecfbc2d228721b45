"""Holidays as a person writes them: dates, or a country and what differs.

holidays: [2026-08-01, 2026-12-25]
holidays: {country: CH, subdivision: ZH, also: [2026-04-20], except: [2026-05-01]}
"""

from collections.abc import Mapping
from datetime import date

from .public_holidays import HolidayError, public_holidays
from .reasons import community as because
from .written import Written, listed


def holidays_from_written(written: Written) -> frozenset[date]:
    """Read the days that bands may treat as holidays; raises TermsError."""
    if isinstance(written.value, list):
        return _days(written)
    if not isinstance(written.value, Mapping):
        written.refuse(because.HOLIDAYS_WRITTEN())
    part = written.fields(("country",), ("subdivision", "also", "except"))
    days = _of_country(part)
    if "also" in part:
        days |= _days(part["also"])
    if "except" in part:
        days -= _days(part["except"])
    return days


def _of_country(part: Mapping[str, Written]) -> frozenset[date]:
    subdivision = part["subdivision"].text() if "subdivision" in part else None
    try:
        return public_holidays(part["country"].text(), subdivision)
    except HolidayError as err:
        if err.country and err.known:
            hint = listed(err.known)
            part["subdivision"].refuse(because.UNKNOWN_PART(part=err.name, hint=hint))
        if err.country:
            part["subdivision"].refuse(because.NO_PARTS(country=err.country))
        part["country"].refuse(because.UNKNOWN_COUNTRY(country=err.name))


def _days(written: Written) -> frozenset[date]:
    return frozenset(item.day() for item in written.items())
