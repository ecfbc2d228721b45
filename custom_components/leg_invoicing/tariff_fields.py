"""The fields of the form for a version of a tariff: prices, and tables of what else it says."""

from collections.abc import Sequence
from typing import Any, Final

from homeassistant.helpers.selector import (
    BooleanSelector,
    ObjectSelector,
    ObjectSelectorConfig,
    SelectOptionDict,
    Selector,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)

from .billing.bands import DAYS
from .billing.discounts import DiscountOf
from .billing.fees import FeeEach, FeePer
from .billing.tariffs import PRICE_NAMES, STANDARD
from .const import CONF_VALID_FROM, CONF_VAT_MODE, CONF_VAT_RATE, CONF_VAT_REASON
from .forms import TEXT, Fields, number, tariff_fields
from .option_names import OptionNames
from .supplier_vat import SUPPLIER_VAT_FIELDS
from .tariff_input import FIELD_BANDS, FIELD_DISCOUNTS, FIELD_FEES

FIELD_DETAILS: Final = "details"
"""What a form has no other field for."""
FIELD_NAME: Final = "name"
FIELD_REST: Final = "rest"
VAT_FIELDS: Final = {
    "mode": CONF_VAT_MODE,
    "rate": CONF_VAT_RATE,
    "reason": CONF_VAT_REASON,
}
NAMED: Final = ("weekday", "fee_per", "fee_each", "discount_of")
"""The selectors inside of tables, whose options need names."""


def tariff_version_fields(price_unit: str, names: OptionNames) -> Fields:
    """Return the fields of a new version of a tariff.

    `names` are those of the choices inside of tables, which the frontend does not
    translate.
    """
    first = tariff_fields(price_unit)
    prices = {name: first[name] for name in PRICE_NAMES}
    coin = price_unit.partition("/")[0]
    amount = number(-1_000_000_000, 1_000_000_000, coin)
    return {
        CONF_VALID_FROM: first[CONF_VALID_FROM],
        **prices,
        STANDARD: prices[PRICE_NAMES[0]],
        FIELD_BANDS: _table(FIELD_BANDS, "from", _window_columns(names) | prices),
        FIELD_FEES: _table(FIELD_FEES, "amount", _fee_columns(amount, names)),
        FIELD_DISCOUNTS: _table(
            FIELD_DISCOUNTS, "percent", _discount_columns(amount, names)
        ),
        **{field: SUPPLIER_VAT_FIELDS[field] for field in VAT_FIELDS.values()},
        FIELD_DETAILS: ObjectSelector(),
    }


def _window_columns(names: OptionNames) -> dict[str, Selector[Any]]:
    return {
        "days": _choice("weekday", DAYS, names, multiple=True),
        "from": TEXT,
        "to": TEXT,
        "season": TEXT,
        FIELD_REST: BooleanSelector(),
    }


def _fee_columns(amount: Selector[Any], names: OptionNames) -> Fields:
    return {
        "amount": amount,
        "per": _choice("fee_per", list(FeePer), names),
        "each": _choice("fee_each", list(FeeEach), names),
    }


def _discount_columns(amount: Selector[Any], names: OptionNames) -> Fields:
    return {
        "percent": number(0, 100, "%"),
        "of": _choice("discount_of", list(DiscountOf), names),
        "amount": amount,
        "per": _choice("fee_per", list(FeePer), names),
    }


def _choice(
    key: str, options: Sequence[str], names: OptionNames, *, multiple: bool = False
) -> SelectSelector:
    named = [
        SelectOptionDict(value=option, label=names.get(key, {}).get(option, option))
        for option in options
    ]
    mode = SelectSelectorMode.DROPDOWN
    config = SelectSelectorConfig(options=named, mode=mode, multiple=multiple)
    return SelectSelector(config)


def _table(key: str, described_by: str, columns: Fields) -> ObjectSelector:
    return ObjectSelector(
        ObjectSelectorConfig(
            multiple=True,
            label_field=FIELD_NAME,
            description_field=described_by,
            translation_key=key,
            fields={
                column: {"selector": selector, "required": column == FIELD_NAME}
                for column, selector in ({FIELD_NAME: TEXT} | dict(columns)).items()
            },
        )
    )
