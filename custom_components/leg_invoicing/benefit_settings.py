"""What a community tells beside its bills: form, storage, meaning.

It is stored as it is written in a file of terms, and read by the same rules.
"""

from collections.abc import Mapping
from typing import Any, Final

from .billing.benefits_written import benefits_from_written
from .billing.written import Written
from .const import CONF_BENEFITS
from .form_checks import RefusedError, exact_number, plain_number
from .forms import Answers, Fields, number

FIELD_CO2: Final = "co2"
FIELD_DISCOUNT: Final = "discount_percent"
FIELD_GRID_FEE: Final = "grid_fee"
FIELD_CEILING: Final = "ceiling_percent"

BENEFIT_FIELDS: Final[Fields] = {
    FIELD_CO2: number(0, 5000, "g/kWh"),
    FIELD_DISCOUNT: number(0, 100, "%"),
    FIELD_GRID_FEE: number(0, 1000, "ct/kWh"),
    FIELD_CEILING: number(0, 100, "%"),
}


def benefit_settings(answers: Answers) -> dict[str, Any]:
    """Return what is stored of the form's answers; nothing and 0 are left out."""
    given = {
        field: plain_number(amount)
        for field in BENEFIT_FIELDS
        if answers.get(field) is not None
        and (amount := exact_number(answers, field)) != 0
    }
    for field, other in _TOGETHER.items():
        if field not in given and other in given:
            raise RefusedError(field, "grid_discount_incomplete")
    written: dict[str, Any] = {}
    if FIELD_CO2 in given:
        written["co2"] = given[FIELD_CO2]
    if FIELD_DISCOUNT in given:
        written["grid_discount"] = {
            "percent": given[FIELD_DISCOUNT],
            "grid_fee": given[FIELD_GRID_FEE],
        }
    if FIELD_CEILING in given:
        written["ceiling"] = {"percent": given[FIELD_CEILING]}
    return {CONF_BENEFITS: written}


_TOGETHER: Final = {FIELD_DISCOUNT: FIELD_GRID_FEE, FIELD_GRID_FEE: FIELD_DISCOUNT}
"""What makes no sense without the other."""


def benefit_answers(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings the way their form shows them."""
    written = settings.get(CONF_BENEFITS, {})
    discount = written.get("grid_discount", {})
    shown = {
        FIELD_CO2: written.get("co2"),
        FIELD_DISCOUNT: discount.get("percent"),
        FIELD_GRID_FEE: discount.get("grid_fee"),
        FIELD_CEILING: written.get("ceiling", {}).get("percent"),
    }
    return {field: float(text) for field, text in shown.items() if text is not None}


def benefits_of(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of `Community` that are set."""
    return benefits_from_written(Written(settings.get(CONF_BENEFITS, {})))
