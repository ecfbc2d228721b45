"""What a community tells beside its bills, as actions give it.

It is written as in a file of terms, but for a sensor, which is named as people know it:

    co2: {entity: sensor.grid_co2}
"""

from collections.abc import Mapping
import re
from typing import Any, Final

from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from . import signal_reasons as because
from .billing.benefits import BenefitVersion
from .billing.benefits_written import benefit_version_from_written
from .billing.reasons import ReasonedError
from .billing.signal_record import ENTITY, SIGNAL
from .billing.written import Written
from .refusals import refused, said
from .tariff_input import as_typed

FIELD_CO2: Final = "co2"
_GRAMS_PER_KWH: Final = re.compile(r"g\b.*/ ?kWh|gCO.*/ ?kWh")


def benefits_from_input(
    hass: HomeAssistant, given: Mapping[str, Any]
) -> BenefitVersion:
    """Read what is told from a day on.

    Raises ServiceValidationError where it is not understood.
    """
    try:
        written = as_typed(with_grams(hass, given))
        return benefit_version_from_written(Written(written))
    except ReasonedError as err:
        raise refused("benefits_invalid", reason=said(hass, err)) from err


def with_grams(hass: HomeAssistant, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is told with the sensor of CO₂ named by its id, if there is one.

    Raises ReasonedError where it cannot be followed.
    """
    co2 = given.get(FIELD_CO2)
    if not isinstance(co2, Mapping) or ENTITY not in co2:
        return dict(given)
    entity_id = str(co2[ENTITY])
    entry = er.async_get(hass).async_get(entity_id)
    if entry is None:
        raise ReasonedError(because.UNKNOWN_ENTITY(name=FIELD_CO2, entity=entity_id))
    unit = unit_but_grams(hass, entity_id)
    if unit is not None and "multiplier" not in co2:
        raise ReasonedError(
            because.NOT_GRAMS(name=FIELD_CO2, entity=entity_id, unit=unit)
        )
    # What is multiplied for one unit must not be for another one.
    pinned = {} if unit is None else {"unit": unit}
    rest = {key: value for key, value in co2.items() if key != ENTITY}
    return {**given, FIELD_CO2: {SIGNAL: entry.id, **pinned, **rest}}


def unit_but_grams(hass: HomeAssistant, entity_id: str) -> str | None:
    """Return the unit of a sensor that shows anything but grams per kWh, if it does."""
    state = hass.states.get(entity_id)
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT) if state else None
    return None if unit is None or _GRAMS_PER_KWH.fullmatch(unit) else unit
