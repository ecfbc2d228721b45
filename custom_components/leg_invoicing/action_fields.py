"""What the actions have in common: their fields, and what describes one."""

from collections.abc import Callable, Coroutine, Iterable, Mapping
from datetime import datetime, time
from decimal import Decimal
from typing import Any, NamedTuple

from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import probatio as vol

from .billing.calendar import Instant
from .billing.decimal_text import NumberError, decimal_from_text
from .billing.energy import Energy
from .community import House, Point, houses_of_entry, points_of_entry
from .const import CONF_METER_ID, SUBENTRY_METER
from .meter_state import DIGITS
from .refusals import refused
from .runtime import LegConfigEntry, terms_now

ATTR_CONFIG_ENTRY_ID = "config_entry_id"
ATTR_HOUSE = "house"
ATTR_PERIOD = "period"
ATTR_REASON = "reason"

type Act = Callable[
    [HomeAssistant, LegConfigEntry, ServiceCall], Coroutine[Any, Any, Mapping[str, Any]]
]


class Action(NamedTuple):
    """One action, as it is registered."""

    name: str
    act: Act
    schema: vol.Schema
    answers: SupportsResponse


def fields(more: Mapping[Any, Any]) -> vol.Schema:
    """Return the schema of an action on one community."""
    return vol.Schema({vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string, **more})


def exact(value: object) -> Decimal:
    """Take a number exactly as it was typed; raises a translated error."""
    try:
        return decimal_from_text(str(value))
    except NumberError as err:
        raise refused("not_a_number", value=str(value)) from err


def energy(value: object) -> Energy:
    """Take an amount of energy in kWh, or what a register shows."""
    kwh = exact(value)
    if kwh < 0 or kwh.adjusted() >= DIGITS:
        raise refused("not_an_energy", value=str(value))
    return Energy.from_kwh(kwh)


REASON = vol.All(cv.string, str.strip, vol.Length(min=1, max=200))
"""Why somebody does something, in their words."""


def moment(value: object) -> datetime:
    """Take a day or a time of day; a day begins at midnight."""
    if isinstance(value, str) and (day := dt_util.parse_date(value)):
        return datetime.combine(day, time())
    return cv.datetime(value)


def instant(entry: LegConfigEntry, when: datetime) -> Instant:
    """Return an instant; a time without an offset is the community's own."""
    if when.tzinfo is None:
        when = when.replace(tzinfo=terms_now(entry).community.zone)
    return int(when.timestamp())


def house_of(entry: LegConfigEntry, text: str) -> House:
    """Return the house of that name or id; raises a translated error without one."""
    wanted = text.strip().casefold()
    for meter in entry.get_subentries_of_type(SUBENTRY_METER):
        if wanted in (meter.data[CONF_METER_ID], meter.title.casefold()):
            raise refused("house_needed", meter=meter.title)
    return _named(houses_of_entry(entry), text)


def point_of(entry: LegConfigEntry, text: str) -> Point:
    """Return the house or meter of that name or id, as `house_of` does."""
    return _named(points_of_entry(entry), text)


def _named[P: Point](points: Iterable[P], text: str) -> P:
    for point in points:
        if text.strip().casefold() in (point.point_id, point.name.casefold()):
            return point
    raise refused("house_unknown", house=text)
