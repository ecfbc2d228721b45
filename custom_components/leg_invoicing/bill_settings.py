"""How totals are rounded, and which days are holidays: form, storage, meaning."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from .billing.currencies import smallest_unit
from .billing.decimal_text import NumberError, decimal_from_text
from .billing.money import NO_MONEY, Money
from .billing.rounding import EXACT
from .const import CONF_ROUNDING
from .form_checks import RefusedError, plain_number
from .forms import Answers, Fields, choice
from .holiday_settings import HOLIDAY_FIELDS, holiday_answers, holiday_settings

_COINS: Final = ("0.01", "0.05", "0.10", "1")

BILL_FIELDS: Final[Fields] = {
    CONF_ROUNDING: choice(_COINS, others=True),
    **HOLIDAY_FIELDS,
}


def bill_settings(answers: Answers, currency: str) -> dict[str, Any]:
    """Return what is stored of the form's answers."""
    try:
        coin = decimal_from_text(answers[CONF_ROUNDING])
    except NumberError as err:
        raise RefusedError(CONF_ROUNDING, "number_invalid") from err
    in_ct, unit = Money(coin.scaleb(2, EXACT)), smallest_unit(currency)
    if in_ct <= NO_MONEY or in_ct != in_ct.rounded_to(unit):
        smallest = f"{unit.units:f}"
        raise RefusedError(CONF_ROUNDING, "coin_invalid", smallest=smallest)
    return {CONF_ROUNDING: plain_number(coin), **holiday_settings(answers)}


def bill_answers(settings: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """Return the settings the way their form shows them."""
    smallest = f"{smallest_unit(currency).units:f}"
    return {
        CONF_ROUNDING: settings.get(CONF_ROUNDING, smallest),
        **holiday_answers(settings),
    }


def coin_of(settings: Mapping[str, Any]) -> Money:
    """Return what totals are rounded to; nothing where nobody chose it."""
    if CONF_ROUNDING not in settings:
        return NO_MONEY
    return Money(Decimal(settings[CONF_ROUNDING]).scaleb(2, EXACT))
