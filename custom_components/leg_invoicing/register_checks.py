"""Whether the chosen sensors can be followed as a house's registers.

A register is followed by its id in the entity registry, which a renamed sensor
keeps. It must count energy: a sensor that measures power, or whose unit nobody
knows, would be billed as something it is not.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT, UnitOfPower
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from .community import Point, points_of_entry
from .const import (
    CONF_EXPORT_REGISTER,
    CONF_IMPORT_REGISTER,
    CONF_MAX_POWER_KW,
    CONF_METER_CONSTANT,
    CONF_UNIT,
    DOMAIN,
)
from .form_checks import RefusedError, constant_settings, exact_number
from .forms import Answers
from .house_fields import ENERGY_UNITS

REGISTER_FIELDS: Final = (CONF_IMPORT_REGISTER, CONF_EXPORT_REGISTER)

USUAL_METER: Final[Mapping[str, Any]] = {CONF_MAX_POWER_KW: 30, CONF_METER_CONSTANT: 1}
"""What most meters are like."""

_POWER_UNITS: Final = frozenset(UnitOfPower)


@callback
def own_sensors(hass: HomeAssistant) -> list[str]:
    """Return the sensors that we calculate ourselves."""
    registry = er.async_get(hass)
    return [
        entity.entity_id
        for entry in hass.config_entries.async_entries(DOMAIN)
        for entity in er.async_entries_for_config_entry(registry, entry.entry_id)
    ]


@callback
def other_names(entry: ConfigEntry[Any], itself: str | None) -> list[str]:
    """Return what the other houses and meters of a community are called.

    `itself` is the subentry that may keep its name.
    """
    others = (s for s in entry.subentries.values() if s.subentry_id != itself)
    return [subentry.title for subentry in others]


@callback
def other_points(entry: ConfigEntry[Any], itself: str | None) -> list[Point]:
    """Return the other houses and meters of a community that have registers."""
    return [p for p in points_of_entry(entry) if p.subentry_id != itself]


@callback
def current_entity_id(hass: HomeAssistant, registry_id: str | None) -> str | None:
    """Return what a followed sensor is called now; None without one."""
    entity = er.async_get(hass).async_get(registry_id) if registry_id else None
    return entity.entity_id if entity else None


@callback
def point_settings(
    hass: HomeAssistant, answers: Answers, others: Iterable[Point]
) -> dict[str, Any]:
    """Return the settings of what registers measure.

    `others` are the other houses and meters of the community. Raises RefusedError for
    what cannot be measured, or is by one of them.
    """
    return {
        **register_settings(hass, answers, others),
        CONF_UNIT: answers.get(CONF_UNIT),
        CONF_MAX_POWER_KW: float(exact_number(answers, CONF_MAX_POWER_KW)),
        CONF_METER_CONSTANT: constant_settings(answers),
    }


@callback
def point_answers(hass: HomeAssistant, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return these settings the way their form shows them; usual ones where none."""
    registers = {
        field: current_entity_id(hass, settings.get(field)) for field in REGISTER_FIELDS
    }
    values = {**USUAL_METER, **settings, **registers}
    return values | {CONF_METER_CONSTANT: float(values[CONF_METER_CONSTANT])}


@callback
def register_settings(
    hass: HomeAssistant, answers: Answers, others: Iterable[Point] = ()
) -> dict[str, str | None]:
    """Return the registry ids of the chosen registers, as `point_settings` does."""
    entities = {
        field: registered(hass, field, answers[field])
        for field in REGISTER_FIELDS
        if answers.get(field)
    }
    if not entities:
        raise RefusedError(CONF_IMPORT_REGISTER, "register_needed")
    used = {uuid: point.name for point in others for uuid in point.registers.values()}
    chosen: set[str] = set()
    for field, entity in entities.items():
        _check_unit(hass, field, entity, answers.get(CONF_UNIT))
        name = entity.entity_id
        if entity.id in chosen:
            raise RefusedError(field, "register_twice", entity=name)
        if entity.id in used:
            house = used[entity.id]
            raise RefusedError(field, "register_used", entity=name, house=house)
        chosen.add(entity.id)
    return {
        field: entities[field].id if field in entities else None
        for field in REGISTER_FIELDS
    }


def registered(hass: HomeAssistant, field: str, entity_id: str) -> er.RegistryEntry:
    """Return a chosen sensor; raises RefusedError for one that could get lost."""
    entity = er.async_get(hass).async_get(entity_id)
    if entity is None:
        raise RefusedError(field, "no_unique_id", entity=entity_id)
    return entity


def _check_unit(
    hass: HomeAssistant, field: str, entity: er.RegistryEntry, declared: str | None
) -> None:
    unit, name = _unit(hass, entity), entity.entity_id
    if unit is None:
        if declared is None:
            raise RefusedError(CONF_UNIT, "unit_needed", entity=name)
    elif unit in _POWER_UNITS:
        raise RefusedError(field, "power_not_energy", entity=name, unit=unit)
    elif unit not in ENERGY_UNITS:
        raise RefusedError(field, "wrong_unit", entity=name, unit=unit)
    elif declared not in {None, unit}:
        raise RefusedError(CONF_UNIT, "unit_conflict", entity=name, unit=unit)


def _unit(hass: HomeAssistant, entity: er.RegistryEntry) -> str | None:
    """Return the unit a sensor reports in, or reported in when it last worked."""
    state = hass.states.get(entity.entity_id)
    shown = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT) if state else None
    return shown or entity.unit_of_measurement or None
