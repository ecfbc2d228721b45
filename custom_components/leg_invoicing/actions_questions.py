"""Actions that answer what was measured, how good it is, and who changed it."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse
from homeassistant.helpers import config_validation as cv
import probatio as vol

from .action_fields import (
    ATTR_HOUSE,
    Action,
    fields,
    house_of,
    instant,
    moment,
    point_of,
)
from .audit import async_audit
from .billing.calendar import LONGEST_YEARS, Span, on_grid
from .community import points_of_entry
from .const import CONF_INTERVAL
from .corrections import local_time
from .interval_answers import async_intervals, async_statistics
from .refusals import refused
from .runtime import LegConfigEntry

ATTR_CSV = "csv"
ATTR_FROM = "from"
ATTR_TO = "to"
ATTR_VERSIONS = "versions"

LONGEST_DAYS = 31
"""How many days of intervals fit into one answer."""

_SPAN = {vol.Required(ATTR_FROM): moment, vol.Required(ATTR_TO): moment}
_INTERVALS = fields(
    {
        vol.Required(ATTR_HOUSE): cv.string,
        **_SPAN,
        vol.Optional(ATTR_VERSIONS, default=False): cv.boolean,
    }
)
_STATISTICS = fields({vol.Optional(ATTR_HOUSE): cv.string, **_SPAN})
_AUDIT = fields(
    {
        vol.Optional(ATTR_FROM): moment,
        vol.Optional(ATTR_TO): moment,
        vol.Optional(ATTR_HOUSE): cv.string,
        vol.Optional(ATTR_CSV, default=False): cv.boolean,
    }
)


def _span(entry: LegConfigEntry, call: ServiceCall) -> Span:
    """Return the span that was asked for, whose edges lie on the grid."""
    minutes = entry.data[CONF_INTERVAL]
    start, end = (instant(entry, call.data[name]) for name in (ATTR_FROM, ATTR_TO))
    for edge in (start, end):
        if not on_grid(edge, minutes):
            time = local_time(entry, edge)
            raise refused("off_grid", time=time, minutes=str(minutes))
    if start >= end:
        raise refused("span_empty", start=local_time(entry, start))
    return Span(start, end)


def _require_at_most(span: Span, days: int) -> None:
    # An hour more than whole days, for the one that clocks are put back on.
    if span.seconds > days * 86_400 + 3600:
        raise refused("span_too_long", days=str(days))


async def _get_intervals(
    hass: HomeAssistant, entry: LegConfigEntry, call: ServiceCall
) -> Mapping[str, Any]:
    span = _span(entry, call)
    _require_at_most(span, LONGEST_DAYS)
    point = point_of(entry, call.data[ATTR_HOUSE])
    with_versions = call.data[ATTR_VERSIONS]
    return await async_intervals(hass, entry, point, span, with_versions=with_versions)


async def _get_statistics(
    hass: HomeAssistant, entry: LegConfigEntry, call: ServiceCall
) -> Mapping[str, Any]:
    named = call.data.get(ATTR_HOUSE)
    house = house_of(entry, named) if named else None
    span = _span(entry, call)
    _require_at_most(span, LONGEST_YEARS * 366)
    return await async_statistics(hass, entry, house, span)


async def _get_audit(
    hass: HomeAssistant, entry: LegConfigEntry, call: ServiceCall
) -> Mapping[str, Any]:
    start, end = (call.data.get(name) for name in (ATTR_FROM, ATTR_TO))
    span = Span(
        instant(entry, start) if start else 0,
        instant(entry, end) if end else 2**40,
    )
    named = call.data.get(ATTR_HOUSE)
    # A house that was removed still has a history.
    known = {point.point_id for point in points_of_entry(entry)}
    is_former = named and named not in known and named in await _houses(hass, entry)
    house_id = named if is_former or not named else point_of(entry, named).point_id
    return await async_audit(
        hass, entry, span, house_id=house_id, as_csv=call.data[ATTR_CSV]
    )


async def _houses(hass: HomeAssistant, entry: LegConfigEntry) -> tuple[str, ...]:
    return await hass.async_add_executor_job(entry.runtime_data.ledger.houses)


ACTIONS = (
    Action("get_intervals", _get_intervals, _INTERVALS, SupportsResponse.ONLY),
    Action("get_statistics", _get_statistics, _STATISTICS, SupportsResponse.ONLY),
    Action("get_audit", _get_audit, _AUDIT, SupportsResponse.ONLY),
)
