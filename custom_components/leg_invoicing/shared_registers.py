"""Sensors that are a register in several communities, each with a part of it.

The parts are the factors that were agreed for the houses, day by day. Wherever one of
them, a day or a sensor is said, what is said elsewhere in this Home Assistant is looked
at, too, so that no energy is billed twice.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from .billing.commitments import Commitments
from .billing.participation import LEAST, WHOLE, Part, first_excess, parts_of_point
from .billing.rounding import EXACT
from .community import Point, points_of_entry
from .const import CONF_FACTOR, DOMAIN
from .form_checks import RefusedError
from .register_checks import REGISTER_FIELDS

type Registers = Iterable[tuple[str, str]]
"""Ids in the entity registry, each with the field that is to blame if it is refused."""


class _Follower(NamedTuple):
    """What takes part of a house or meter of another community."""

    entry: ConfigEntry[Any]
    point: Point
    part: Part

    @property
    def name(self) -> str:
        """Its name and that of its community."""
        return f"{self.point.name} ({self.entry.title})"


def chosen(settings: Mapping[str, Any]) -> Registers:
    """Return the registers of a house or meter, by the fields of their form."""
    return [
        (field, settings[field]) for field in REGISTER_FIELDS if settings.get(field)
    ]


@callback
def agreed_parts(entry: ConfigEntry[Any], point_id: str) -> tuple[Part, ...]:
    """Return the parts of a point by the books; the whole while they are not open."""
    if entry.state is not ConfigEntryState.LOADED:
        return (WHOLE,)
    return parts_of_point(entry.runtime_data.books.commitments, point_id)


@callback
def check_free(
    hass: HomeAssistant, entry: ConfigEntry[Any], registers: Registers
) -> None:
    """Refuse sensors of which no part will ever be left for a newcomer."""
    for field, registry_id in registers:
        others = list(_followers(hass, entry, registry_id))
        if first_excess([LEAST], [other.part for other in others]):
            lasting = [other for other in others if other.part.covers(LEAST.first)]
            raise _refusal(hass, field, registry_id, lasting, "register_taken")


@callback
def check_parts(
    hass: HomeAssistant,
    entry: ConfigEntry[Any],
    point_id: str,
    registers: Registers,
    parts: Sequence[Part],
) -> None:
    """Refuse parts of a house or meter of which too much takes part elsewhere.

    `point_id` is its id in the books, which may not know it yet.
    """
    known = {point.point_id: point for point in points_of_entry(entry)}.get(point_id)
    for field, registry_id in registers:
        is_followed = known is not None and registry_id in known.registers.values()
        before = agreed_parts(entry, point_id) if is_followed else ()
        others = list(_followers(hass, entry, registry_id))
        if over := first_excess(parts, [other.part for other in others], before):
            day, total = over
            raise _refusal(
                hass,
                field,
                registry_id,
                [other for other in others if other.part.covers(day)],
                "parts_over_one",
                day=day.isoformat(),
                total=f"{total.scaleb(2, EXACT):f}",
            )


@callback
def check_change(
    hass: HomeAssistant, entry: ConfigEntry[Any], following: Commitments
) -> None:
    """Refuse a change of a community's books by which too much takes part."""
    for point in points_of_entry(entry):
        registers = [(CONF_FACTOR, each) for each in point.registers.values()]
        parts = parts_of_point(following, point.point_id)
        check_parts(hass, entry, point.point_id, registers, parts)


def _followers(
    hass: HomeAssistant, entry: ConfigEntry[Any], registry_id: str
) -> Iterator[_Follower]:
    """Yield the parts of a sensor that take part in other communities."""
    for other in hass.config_entries.async_entries(DOMAIN):
        if other is entry:
            continue
        for point in points_of_entry(other):
            if registry_id in point.registers.values():
                for part in agreed_parts(other, point.point_id):
                    yield _Follower(other, point, part)


def _refusal(
    hass: HomeAssistant,
    field: str,
    registry_id: str,
    others: Sequence[_Follower],
    key: str,
    **details: str,
) -> RefusedError:
    """Say who else has a sensor, or that nobody can know how much of it."""
    entity = er.async_get(hass).async_get(registry_id)
    details["entity"] = entity.entity_id if entity else registry_id
    names = {
        other.name: other.entry.state is ConfigEntryState.LOADED for other in others
    }
    if not all(names.values()):
        key = "community_not_loaded"
        details = {"entity": details["entity"]}
    return RefusedError(field, key, **details, others=", ".join(names))
