"""The fields of the forms about a house and whoever is billed for it."""

from collections.abc import Sequence
from typing import Final

from homeassistant.helpers.selector import (
    DateSelector,
    EntitySelector,
    EntitySelectorConfig,
    LanguageSelector,
    LanguageSelectorConfig,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from .billing.agreements import LANGUAGES
from .const import (
    CONF_ADDRESS,
    CONF_EMAIL,
    CONF_EXPORT_REGISTER,
    CONF_FACTOR,
    CONF_IBAN,
    CONF_IMPORT_REGISTER,
    CONF_INVOICE,
    CONF_LANGUAGE,
    CONF_MAX_POWER_KW,
    CONF_METER_CONSTANT,
    CONF_NAME,
    CONF_OWNER_ADDRESS,
    CONF_OWNER_NAME,
    CONF_TARIFF,
    CONF_UNIT,
    CONF_WEIGHT,
)
from .forms import (
    FIELD_PARTICIPANT_NAME,
    FIELD_START_DATE,
    LINES,
    TEXT,
    Fields,
    choice,
    number,
)
from .supplier_vat import SUPPLIER_VAT_FIELDS

ENERGY_UNITS: Final = ("Wh", "kWh", "MWh")
"""The units in which a register may count."""


def meter_fields(own_sensors: Sequence[str]) -> Fields:
    """Return the fields of a house's meters.

    Sensors without a device class stay on offer: Tasmota gives the registers of
    most meters none. What we calculate ourselves is no meter and is left out.
    """
    sensor = EntitySelector(
        EntitySelectorConfig(domain="sensor", exclude_entities=list(own_sensors))
    )
    return {
        CONF_NAME: TEXT,
        CONF_IMPORT_REGISTER: sensor,
        CONF_EXPORT_REGISTER: sensor,
        CONF_UNIT: choice(ENERGY_UNITS),
        CONF_MAX_POWER_KW: number(0.1, 100_000, "kW"),
        CONF_METER_CONSTANT: number(0.001, 100_000, "×"),
    }


def participant_fields(tariffs: Sequence[str]) -> Fields:
    """Return the fields of somebody who is billed for a house."""
    return {
        FIELD_PARTICIPANT_NAME: TEXT,
        CONF_ADDRESS: LINES,
        CONF_EMAIL: TextSelector(TextSelectorConfig(type=TextSelectorType.EMAIL)),
        CONF_LANGUAGE: LanguageSelector(
            LanguageSelectorConfig(languages=list(LANGUAGES), native_name=True)
        ),
        CONF_IBAN: TEXT,
        **SUPPLIER_VAT_FIELDS,
        CONF_TARIFF: choice(tariffs),
    }


def agreement_fields(tariffs: Sequence[str], invoices: Sequence[str] = ()) -> Fields:
    """Return the fields of what is agreed with whoever has a house."""
    return {
        **participant_fields(tariffs),
        CONF_WEIGHT: number(0, 100, "%"),
        CONF_INVOICE: choice(invoices, others=True),
    }


def occupant_fields(tariffs: Sequence[str], invoices: Sequence[str] = ()) -> Fields:
    """Return the fields of somebody who has a house from a day on."""
    return {
        **agreement_fields(tariffs, invoices),
        FIELD_START_DATE: DateSelector(),
        CONF_FACTOR: number(0.01, 100, "%"),
    }


def owner_fields(tariffs: Sequence[str], invoices: Sequence[str] = ()) -> Fields:
    """Return the fields of a house's owner, whom nobody has to name."""
    fields = dict(participant_fields(tariffs))
    for field in (FIELD_PARTICIPANT_NAME, CONF_ADDRESS):
        del fields[field]
    return {
        CONF_OWNER_NAME: TEXT,
        CONF_OWNER_ADDRESS: LINES,
        **fields,
        CONF_INVOICE: choice(invoices, others=True),
    }


DAY_FIELDS: Final[Fields] = {FIELD_START_DATE: DateSelector()}
"""The day on which somebody moves out, or a house leaves."""
