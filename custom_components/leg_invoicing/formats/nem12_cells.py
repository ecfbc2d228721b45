"""What the cells of NEM12 records hold. Each raises ValueError with what is wrong."""

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
import re

from ..billing.calendar import Instant
from ..billing.quality import Quality
from ..billing.reasons import ReasonedError
from .cells import plausible
from .reasons import nem12 as because, tables

QUALITIES = {
    "A": Quality.MEASURED,
    "S": Quality.SUBSTITUTED,
    "F": Quality.SUBSTITUTED,
    "E": Quality.ESTIMATED,
    "N": Quality.MISSING,
}

_MARKET_TIME = timezone(timedelta(hours=10))
_DATE = re.compile(r"\d{8}", re.ASCII)
_TIME = re.compile(r"\d{8}(\d{4}(\d\d)?)?", re.ASCII)


def require_cells(record: Sequence[str], least: int) -> None:
    """Refuse a record that ends too early."""
    if len(record) < least:
        cells = len(record)
        raise ReasonedError(
            because.SHORT_RECORD(kind=record[0], cells=cells, least=least)
        )


def midnight(text: str) -> Instant:
    """Read a date as the instant at which it begins in market time."""
    if not _DATE.fullmatch(text):
        raise ReasonedError(because.NO_DATE(text=text[:20]))
    day = datetime.fromisoformat(text).replace(tzinfo=_MARKET_TIME)
    return plausible(int(day.timestamp()))


def market_time(text: str) -> str:
    """Return a time of the market, as text: its order is that of time."""
    if text and not _TIME.fullmatch(text):
        raise ReasonedError(because.NO_TIME(text=text[:20]))
    return text


def quality_of(flag: str) -> Quality:
    """Read a quality with its method, such as A or S14."""
    if flag[:1] not in QUALITIES:
        known = ", ".join(QUALITIES)
        reason = tables.UNKNOWN_QUALITY(quality=flag[:20], known=known)
        raise ReasonedError(reason)
    return QUALITIES[flag[:1]]


def whole(text: str) -> int:
    """Read the number of an interval."""
    if not re.fullmatch(r"\d{1,4}", text, re.ASCII):
        raise ReasonedError(because.NO_INTERVAL(text=text[:20]))
    return int(text)
