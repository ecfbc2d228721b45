"""What a community tells beside its bills: form, storage, meaning.

What counts from a day on stands in the books. What earlier versions stored without a
day stands in the entry's options, as it is written in a file of terms, and counts
until the first of those days.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.selector import (
    DateSelector,
    EntitySelector,
    EntitySelectorConfig,
)

from .benefit_input import FIELD_CO2, unit_but_grams
from .billing.benefits import BenefitVersion
from .billing.benefits_written import (
    benefit_version_from_written,
    undated_from_written,
    written_told,
)
from .billing.dated import SINCE_EVER
from .billing.written import Written
from .const import CONF_BENEFITS, CONF_VALID_FROM
from .form_checks import RefusedError, day, exact_number, plain_number
from .forms import Answers, Fields, number

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
    CONF_VALID_FROM: DateSelector(),
    FIELD_CO2: _NUMBERS[FIELD_CO2],
    FIELD_CO2_SENSOR: EntitySelector(EntitySelectorConfig(domain="sensor")),
    **_NUMBERS,
}


_TOGETHER: Final = {FIELD_DISCOUNT: FIELD_GRID_FEE, FIELD_GRID_FEE: FIELD_DISCOUNT}
"""What makes no sense without the other."""
_NONE: Final = "–"


def benefit_version(hass: HomeAssistant, answers: Answers) -> BenefitVersion:
    """Return what the form's answers mean; nothing and 0 tell nothing."""
    given = {
        field: plain_number(amount)
        for field in _NUMBERS
        if answers.get(field) is not None
        and (amount := exact_number(answers, field)) != 0
    }
    for field, other in _TOGETHER.items():
        if field not in given and other in given:
            raise RefusedError(field, "grid_discount_incomplete")
    written: dict[str, Any] = {"valid_from": day(answers, CONF_VALID_FROM).isoformat()}
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
    return benefit_version_from_written(Written(written))


def _followed(hass: HomeAssistant, sensor: str) -> str:
    """Return the registry's id of a sensor that shows grams."""
    entry = er.async_get(hass).async_get(sensor)
    if entry is None:
        raise RefusedError(FIELD_CO2_SENSOR, "no_unique_id", entity=sensor)
    if (unit := unit_but_grams(hass, sensor)) is not None:
        raise RefusedError(FIELD_CO2_SENSOR, "not_grams", entity=sensor, unit=unit)
    return entry.id


def benefit_answers(
    hass: HomeAssistant, version: BenefitVersion, first: date
) -> dict[str, Any]:
    """Return what the form for another version begins with: what another one says."""
    shown = _shown(hass, version)
    sensor = shown.pop(FIELD_CO2_SENSOR, None)
    answers = {field: float(text) for field, text in shown.items()}
    return {**answers, FIELD_CO2_SENSOR: sensor, CONF_VALID_FROM: first.isoformat()}


def benefits_in_words(hass: HomeAssistant, versions: Sequence[BenefitVersion]) -> str:
    """Return what is told since when as rows of a table, the newest first."""
    return "\n".join(
        f"| {' | '.join(_cells(hass, version))} |"
        for version in reversed(versions)
        if version != BenefitVersion()
    )


def _cells(hass: HomeAssistant, version: BenefitVersion) -> Iterator[str]:
    shown = _shown(hass, version)
    is_dated = version.valid_from != SINCE_EVER
    yield version.valid_from.isoformat() if is_dated else _NONE
    yield shown.get(FIELD_CO2_SENSOR) or shown.get(FIELD_CO2, _NONE)
    for field in (FIELD_DISCOUNT, FIELD_GRID_FEE, FIELD_CEILING):
        yield shown.get(field, _NONE)


def _shown(hass: HomeAssistant, version: BenefitVersion) -> dict[str, str]:
    """Return what a version says by the form's fields, without those it leaves out."""
    written = written_told(version)
    discount, co2 = written.get("grid_discount", {}), written.get("co2")
    sensor = None
    if isinstance(co2, Mapping):
        sensor, co2 = er.async_get(hass).async_get(co2["signal"]), None
    shown = {
        FIELD_CO2: co2,
        FIELD_CO2_SENSOR: sensor.entity_id if sensor else None,
        FIELD_DISCOUNT: discount.get("percent"),
        FIELD_GRID_FEE: discount.get("grid_fee"),
        FIELD_CEILING: written.get("ceiling", {}).get("percent"),
    }
    return {field: text for field, text in shown.items() if text is not None}


def undated_benefits(settings: Mapping[str, Any]) -> BenefitVersion:
    """Return what is told without a day."""
    return undated_from_written(Written(settings.get(CONF_BENEFITS, {})))
