"""What Home Assistant's recorder kept of the followed sensors, as marks.

The recorder names statistics by the sensor's present name, and renames them when a
person renames the sensor. Numbers are floats there: their shortest text is taken, and
rounded to whole mWh as a cumulative value, so that differences of them telescope.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import Final, Literal

from homeassistant.components.recorder.models import StatisticMetaData
from homeassistant.components.recorder.statistics import (
    StatisticsRow,
    get_metadata,
    statistics_during_period,
)
from homeassistant.const import UnitOfEnergy
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import get_instance

from .billing.calendar import Span, utc
from .billing.energy import Energy
from .billing.gathering import RegisterKey
from .billing.recorded import FIVE_MINUTES, HOUR, Mark, marks
from .billing.rounding import EXACT
from .meter_feed import FollowedRegister, MeterFeed
from .meter_state import DIGITS, UNITS

_CONVERTED: Final = {"energy": UnitOfEnergy.KILO_WATT_HOUR}
_TOO_MUCH = Decimal(10) ** DIGITS

type _Rows = Mapping[str, list[StatisticsRow]]


class Unread(StrEnum):
    """Why the recorder cannot be asked about a register."""

    METER_MISSING = "meter_missing"
    NO_STATISTICS = "no_statistics"
    UNKNOWN_UNIT = "unknown_unit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A register that the recorder cannot be asked about."""

    key: RegisterKey
    reason: Unread
    sensor: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The statistics of a register's sensor."""

    key: RegisterKey
    statistic_id: str
    factor: Decimal
    """What makes kWh of its values, once the recorder has converted what it can."""


async def async_find(
    hass: HomeAssistant, feed: MeterFeed
) -> tuple[list[Series], list[Refusal]]:
    """Return the statistics of all followed registers, and those that have none."""
    names = {followed: feed.entity_id(followed) for followed in feed.followed}
    metadata = await get_instance(hass).async_add_executor_job(
        partial(get_metadata, hass, statistic_ids={n for n in names.values() if n})
    )
    series, refusals = [], []
    for followed, entity_id in names.items():
        known = metadata.get(entity_id or "")
        found = _series(followed, entity_id, known[1] if known else None)
        if isinstance(found, Series):
            series.append(found)
        else:
            refusals.append(found)
    return series, refusals


def _series(
    followed: FollowedRegister, entity_id: str | None, known: StatisticMetaData | None
) -> Series | Refusal:
    key = (followed.point_id, followed.register)
    refusal = partial(Refusal, key=key, sensor=entity_id or followed.registry_id)
    if entity_id is None:
        return refusal(reason=Unread.METER_MISSING, unit="")
    if known is None or not known["has_sum"]:
        return refusal(reason=Unread.NO_STATISTICS, unit="")
    unit = known["unit_of_measurement"]
    power_of_ten = UNITS.get(unit or followed.declared_unit or "")
    if known["unit_class"] in _CONVERTED:
        power_of_ten = 0
    if power_of_ten is None:
        return refusal(reason=Unread.UNKNOWN_UNIT, unit=unit or "")
    factor = followed.constant.scaleb(power_of_ten)
    return Series(key=key, statistic_id=entity_id, factor=factor)


async def async_marks(
    hass: HomeAssistant, series: Collection[Series], span: Span
) -> list[tuple[RegisterKey, list[Mark]]]:
    """Return the marks of each register in a span of whole hours, by time."""
    ids = {one.statistic_id for one in series}
    hours, fives = [
        await get_instance(hass).async_add_executor_job(_read, hass, span, ids, period)
        for period in ("hour", "5minute")
    ]
    return await hass.async_add_executor_job(_put_together, series, hours, fives)


def _read(
    hass: HomeAssistant, span: Span, ids: set[str], period: Literal["hour", "5minute"]
) -> _Rows:
    start, end = utc(span.start), utc(span.end)
    return statistics_during_period(
        hass, start, end, ids, period, dict(_CONVERTED), {"state", "sum"}
    )


def _put_together(
    series: Iterable[Series], hours: _Rows, fives: _Rows
) -> list[tuple[RegisterKey, list[Mark]]]:
    return [
        (
            one.key,
            marks(
                _marks(one, hours.get(one.statistic_id, ()), HOUR),
                _marks(one, fives.get(one.statistic_id, ()), FIVE_MINUTES),
            ),
        )
        for one in series
    ]


def _marks(
    series: Series, rows: Iterable[StatisticsRow], seconds: int
) -> dict[int, Mark]:
    found = {}
    for row in rows:
        at = int(row["start"]) + seconds
        counted = _mwh(row.get("sum"), series.factor)
        shown = _mwh(row.get("state"), series.factor)
        if counted is not None or shown is not None:
            found[at] = Mark(at, counted, shown, seconds == FIVE_MINUTES)
    return found


def _mwh(value: float | None, factor: Decimal) -> int | None:
    if value is None:
        return None
    shown = EXACT.multiply(Decimal(repr(value)), factor)
    if not shown.is_finite() or abs(shown) >= _TOO_MUCH:
        return None
    return Energy.from_kwh(shown).mwh
