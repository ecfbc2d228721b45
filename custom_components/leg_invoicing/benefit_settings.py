"""What a community tells beside its bills: form, storage, meaning.

It is stored as it is written in a file of terms, and read by the same rules.
"""

from collections.abc import Mapping
import re
from typing import Any, Final

from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.selector import EntitySelector, EntitySelectorConfig

from .billing.benefits_written import benefits_from_written
from .billing.written import Written
from .const import CONF_BENEFITS
from .form_checks import RefusedError, exact_number, plain_number
from .forms import Answers, Fields, number

FIELD_CO2: Final = "co2"
FIELD_CO2_SENSOR: Final = "co2_sensor"
FIELD_DISCOUNT: Final = "discount_percent"
FIELD_GRID_FEE: Final = "grid_fee"
FIELD_CEILING: Final = "ceiling_percent"

_NUMBERS: Final[Fields] = {
    FIELD_CO2: number(0, 5000, "g/kWh"),
    FIELD_DISCOUNT: number(0, 100, "%"),
    FIELD_GRID_FEE: number(0, 1000, "ct/kWh"),
    FIELD_CEILING: number(0, 100, "%"),
}
BENEFIT_FIELDS: Final[Fields] = {
    FIELD_CO2: _NUMBERS[FIELD_CO2],
    FIELD_CO2_SENSOR: EntitySelector(EntitySelectorConfig(domain="sensor")),
    **_NUMBERS,
}


_TOGETHER: Final = {FIELD_DISCOUNT: FIELD_GRID_FEE, FIELD_GRID_FEE: FIELD_DISCOUNT}
"""What makes no sense without the other."""
_GRAMS_PER_KWH: Final = re.compile(r"g\b.*/ ?kWh|gCO.*/ ?kWh")


def benefit_settings(hass: HomeAssistant, answers: Answers) -> dict[str, Any]:
    """Return what is stored of the form's answers; nothing and 0 are left out."""
    given = {
        field: plain_number(amount)
        for field in _NUMBERS
        if answers.get(field) is not None
        and (amount := exact_number(answers, field)) != 0
    }
    for field, other in _TOGETHER.items():
        if field not in given and other in given:
            raise RefusedError(field, "grid_discount_incomplete")
    written: dict[str, Any] = {}
    if sensor := answers.get(FIELD_CO2_SENSOR):
        if FIELD_CO2 in given:
            raise RefusedError(FIELD_CO2, "co2_twice", entity=sensor)
        written["co2"] = {"signal": _followed(hass, sensor)}
    elif FIELD_CO2 in given:
        written["co2"] = given[FIELD_CO2]
    if FIELD_DISCOUNT in given:
        written["grid_discount"] = {
            "percent": given[FIELD_DISCOUNT],
            "grid_fee": given[FIELD_GRID_FEE],
        }
    if FIELD_CEILING in given:
        written["ceiling"] = {"percent": given[FIELD_CEILING]}
    return {CONF_BENEFITS: written}


def _followed(hass: HomeAssistant, sensor: str) -> str:
    """Return the registry's id of a sensor that shows grams."""
    entry = er.async_get(hass).async_get(sensor)
    if entry is None:
        raise RefusedError(FIELD_CO2_SENSOR, "no_unique_id", entity=sensor)
    state = hass.states.get(sensor)
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT) if state else None
    if unit is not None and not _GRAMS_PER_KWH.fullmatch(unit):
        raise RefusedError(FIELD_CO2_SENSOR, "not_grams", entity=sensor, unit=unit)
    return entry.id


def benefit_answers(hass: HomeAssistant, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings the way their form shows them."""
    written = settings.get(CONF_BENEFITS, {})
    discount, co2 = written.get("grid_discount", {}), written.get("co2")
    is_followed = isinstance(co2, Mapping)
    shown = {
        FIELD_CO2: None if is_followed else co2,
        FIELD_DISCOUNT: discount.get("percent"),
        FIELD_GRID_FEE: discount.get("grid_fee"),
        FIELD_CEILING: written.get("ceiling", {}).get("percent"),
    }
    answers = {field: float(text) for field, text in shown.items() if text is not None}
    sensor = er.async_get(hass).async_get(co2["signal"]) if is_followed else None
    return {**answers, FIELD_CO2_SENSOR: sensor.entity_id if sensor else None}


def benefits_of(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of `Community` that are set."""
    return benefits_from_written(Written(settings.get(CONF_BENEFITS, {})))
