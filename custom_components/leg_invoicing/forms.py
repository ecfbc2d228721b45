"""The fields of the forms, and how a form is shown.

A form is a table of selectors by field name; its texts stand in `translations/`.
What an answer must satisfy beyond its selector is in `form_checks`.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, TypedDict

from homeassistant.exceptions import HomeAssistantError
from homeassistant.generated.currencies import ACTIVE_CURRENCIES
from homeassistant.helpers.selector import (
    DateSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    Selector,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
)
import probatio

from .billing.calendar import INTERVAL_MINUTES
from .billing.models import Model
from .billing.tariffs import PRICE_NAMES
from .change_form import FIELD_NEW_SERIAL, FIELD_OLD_SERIAL
from .const import (
    CADENCE_MONTHS,
    CONF_CADENCE,
    CONF_CURRENCY,
    CONF_EMAIL,
    CONF_EXPORT_REGISTER,
    CONF_HOLIDAY_COUNTRY,
    CONF_HOLIDAY_SUBDIVISION,
    CONF_HOLIDAYS,
    CONF_IBAN,
    CONF_IMPORT_REGISTER,
    CONF_INTERVAL,
    CONF_INVOICE,
    CONF_METER_CONSTANT,
    CONF_MODEL,
    CONF_NAME,
    CONF_NO_HOLIDAYS,
    CONF_OWNER_ADDRESS,
    CONF_OWNER_NAME,
    CONF_PAYMENT_TERM_DAYS,
    CONF_TARIFF,
    CONF_TIMEZONE,
    CONF_TO,
    CONF_UNIT,
    CONF_VALID_FROM,
    CONF_VAT_MODE,
    CONF_VAT_NUMBER,
    CONF_VAT_RATE,
    CONF_VAT_REASON,
    CONF_WEIGHT,
)

type Answers = Mapping[str, Any]
"""What somebody filled into a form, by field name."""
type Fields = Mapping[str, Selector[Any]]

FIELD_ISSUER_NAME: Final = "issuer_name"
FIELD_ISSUER_ADDRESS: Final = "issuer_address"
FIELD_ISSUER_IBAN: Final = "issuer_iban"
FIELD_ISSUER_VAT_NUMBER: Final = "issuer_vat_number"
FIELD_PARTICIPANT_NAME: Final = "participant_name"
FIELD_START_DATE: Final = "start_date"

OPTIONAL_FIELDS: Final = frozenset(
    {
        FIELD_ISSUER_IBAN,
        FIELD_ISSUER_VAT_NUMBER,
        CONF_VAT_MODE,
        CONF_VAT_RATE,
        CONF_VAT_NUMBER,
        CONF_VAT_REASON,
        CONF_IMPORT_REGISTER,
        CONF_EXPORT_REGISTER,
        CONF_UNIT,
        CONF_METER_CONSTANT,
        CONF_EMAIL,
        CONF_IBAN,
        CONF_TO,
        CONF_HOLIDAY_COUNTRY,
        CONF_HOLIDAY_SUBDIVISION,
        CONF_HOLIDAYS,
        CONF_NO_HOLIDAYS,
        CONF_WEIGHT,
        CONF_INVOICE,
        CONF_OWNER_NAME,
        CONF_OWNER_ADDRESS,
        # Of what is told beside the bill
        "co2",
        "co2_sensor",
        "discount_percent",
        "grid_fee",
        "ceiling_percent",
        # Of a version of a tariff
        "p_standard",
        "bands",
        "fees",
        "discounts",
        "details",
        # Of a file that is brought in
        "format",
        "import_columns",
        "export_columns",
        "point_column",
        FIELD_OLD_SERIAL,
        FIELD_NEW_SERIAL,
        # Of a meter beside the houses' own
        "added",
        "subtracted",
        "behind",
        "own_tariff",
        "sharing_houses",
        "user_sensor",
        "users",
    }
)

TEXT: Final = TextSelector()
LINES: Final = TextSelector(TextSelectorConfig(multiline=True))


def choice(
    options: Sequence[str], *, names: str | None = None, others: bool = False
) -> SelectSelector:
    """Offer some values; `names` is the key of their translated names."""
    config = SelectSelectorConfig(
        options=list(options), mode=SelectSelectorMode.DROPDOWN, custom_value=others
    )
    if names is not None:
        config["translation_key"] = names
    return SelectSelector(config)


def number(
    low: float, high: float, unit: str, *, names: str | None = None
) -> NumberSelector:
    """Ask for a number; `names` is the key of its unit's translated name."""
    config = NumberSelectorConfig(
        min=low,
        max=high,
        step="any",
        unit_of_measurement=unit,
        mode=NumberSelectorMode.BOX,
    )
    if names is not None:
        config["translation_key"] = names
    return NumberSelector(config)


ISSUER_FIELDS: Final[Fields] = {
    FIELD_ISSUER_NAME: TEXT,
    FIELD_ISSUER_ADDRESS: LINES,
    FIELD_ISSUER_IBAN: TEXT,
    FIELD_ISSUER_VAT_NUMBER: TEXT,
    CONF_PAYMENT_TERM_DAYS: number(0, 365, "days", names=CONF_PAYMENT_TERM_DAYS),
}


def tariff_fields(price_unit: str) -> Fields:
    """Return the fields of a first tariff, its prices in hundredths of a currency."""
    return {
        CONF_TARIFF: TEXT,
        CONF_VALID_FROM: DateSelector(),
        # A price may be negative: the grid sometimes charges for taking energy.
        **{name: number(-1_000_000, 1_000_000, price_unit) for name in PRICE_NAMES},
    }


def community_fields(timezones: Sequence[str]) -> Fields:
    """Return the fields of a community itself."""
    return {
        CONF_NAME: TEXT,
        CONF_CURRENCY: choice(sorted(ACTIVE_CURRENCIES)),
        CONF_TIMEZONE: choice(timezones),
        CONF_MODEL: choice(list(Model), names=CONF_MODEL),
        CONF_INTERVAL: choice(
            [str(minutes) for minutes in INTERVAL_MINUTES], names=CONF_INTERVAL
        ),
        CONF_CADENCE: choice(list(CADENCE_MONTHS), names=CONF_CADENCE),
    }


def first_of_next_month(today: date) -> date:
    """Return the day from which a change is usually meant to be valid."""
    months = today.year * 12 + today.month
    return date(months // 12, months % 12 + 1, 1)


class Form(TypedDict):
    """The arguments of `async_show_form`."""

    step_id: str
    data_schema: probatio.Schema
    errors: dict[str, str]
    description_placeholders: dict[str, str]


def form(
    step_id: str,
    fields: Fields,
    values: Answers,
    refusal: HomeAssistantError | None = None,
    **placeholders: str,
) -> Form:
    """Return a form filled with `values`, and with why they were refused, if so."""
    errors = {}
    if refusal is not None:
        field = getattr(refusal, "field", "base")
        errors[field] = refusal.translation_key or str(refusal)
        # The form knows a house by its name, where a refusal may only know its id.
        placeholders = {**(refusal.translation_placeholders or {}), **placeholders}
    return Form(
        step_id=step_id,
        data_schema=probatio.Schema(
            {_marker(name, values.get(name)): fields[name] for name in fields}
        ),
        errors=errors,
        description_placeholders=placeholders,
    )


def _marker(name: str, value: object) -> probatio.Marker:
    """Let a required field start with a value, and an optional one suggest it.

    A default would come back each time somebody empties an optional field.
    """
    if name in OPTIONAL_FIELDS:
        return probatio.Optional(name, description={"suggested_value": value})
    if value is None:
        return probatio.Required(name)
    return probatio.Required(name, default=value)
