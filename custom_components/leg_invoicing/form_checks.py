"""What an answer must satisfy, and the setting it becomes.

Each function takes a form's answers and returns what is stored of them, or raises
`RefusedError`, which says the field, the thing and (in its text) the remedy.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv

from .billing.bands import Bands
from .billing.calendar import midnight, on_grid
from .billing.iban import IbanError, compact_iban
from .billing.models import Model
from .billing.tariffs import PRICE_NAMES, Tariff, TariffError, check_heeded
from .const import (
    CONF_ADDRESS,
    CONF_CADENCE,
    CONF_CURRENCY,
    CONF_IBAN,
    CONF_INTERVAL,
    CONF_ISSUER,
    CONF_METER_CONSTANT,
    CONF_MODEL,
    CONF_NAME,
    CONF_PAYMENT_TERM_DAYS,
    CONF_TARIFF,
    CONF_TIMEZONE,
    CONF_VALID_FROM,
    CONF_VAT_NUMBER,
    DOMAIN,
)
from .forms import (
    FIELD_ISSUER_ADDRESS,
    FIELD_ISSUER_IBAN,
    FIELD_ISSUER_NAME,
    FIELD_ISSUER_VAT_NUMBER,
    Answers,
)

FIXED_AFTER_CLOSE: Final = (CONF_CURRENCY, CONF_TIMEZONE, CONF_INTERVAL)
"""What every stored interval and every issued invoice depends on."""


class RefusedError(HomeAssistantError):
    """An answer cannot be accepted."""

    def __init__(self, field: str, key: str, **placeholders: str) -> None:
        """Remember the field to mark, and what its text is about."""
        super().__init__(
            translation_domain=DOMAIN,
            translation_key=key,
            translation_placeholders=placeholders,
        )
        self.field = field


def needed_text(answers: Answers, field: str) -> str:
    """Return a text that must not be blank."""
    text: str = answers[field].strip()
    if not text:
        raise RefusedError(field, "text_needed")
    return text


def optional_text(answers: Answers, field: str) -> str | None:
    """Return a text, or None if none was given."""
    return answers.get(field, "").strip() or None


def free_name(answers: Answers, taken: Iterable[str]) -> str:
    """Return a name that nobody else has, however they write it."""
    name = needed_text(answers, CONF_NAME)
    if name.casefold() in {other.casefold() for other in taken}:
        raise RefusedError(CONF_NAME, "name_taken", name=name)
    return name


def exact_number(answers: Answers, field: str) -> Decimal:
    """Return the number as it was typed; selectors hand out floats."""
    number = Decimal(str(answers[field]))
    # A number's limits stop neither "nan" nor what a program sends instead of it.
    if not number.is_finite():
        raise RefusedError(field, "number_invalid")
    return number


def constant_settings(answers: Answers) -> str:
    """Return what a meter's registers are multiplied by; text, to stay exact."""
    constant = exact_number({CONF_METER_CONSTANT: 1, **answers}, CONF_METER_CONSTANT)
    if constant <= 0:
        raise RefusedError(CONF_METER_CONSTANT, "constant_not_positive")
    return plain_number(constant)


def plain_number(number: Decimal) -> str:
    """Write a number without exponent or the zero that every whole float carries."""
    return f"{number.normalize():f}"


def optional_iban(answers: Answers, field: str) -> str | None:
    """Return the account number without spaces, or None if none was given."""
    text: str = answers.get(field, "").strip()
    if not text:
        return None
    try:
        return compact_iban(text)
    except IbanError as err:
        raise RefusedError(field, "iban_invalid", iban=text) from err


def day(answers: Answers, field: str) -> date:
    """Return a date; its selector has checked the text."""
    return cv.date(answers[field])


def community_settings(answers: Answers, today: date) -> dict[str, Any]:
    """Return the settings of a community, except its name."""
    minutes = int(answers[CONF_INTERVAL])
    _check_grid(ZoneInfo(answers[CONF_TIMEZONE]), minutes, today)
    return {
        CONF_CURRENCY: answers[CONF_CURRENCY],
        CONF_TIMEZONE: answers[CONF_TIMEZONE],
        CONF_MODEL: answers[CONF_MODEL],
        CONF_INTERVAL: minutes,
        CONF_CADENCE: answers[CONF_CADENCE],
    }


def _check_grid(zone: ZoneInfo, minutes: int, today: date) -> None:
    """Refuse intervals that do not begin at local midnight, summer or winter.

    Half an hour off UTC (India, and Lord Howe Island's summer time), an hour of
    UTC would belong to two days, and so perhaps to two bills.
    """
    months = (date(today.year, month, 1) for month in range(1, 13))
    if not all(on_grid(midnight(first, zone), minutes) for first in months):
        raise RefusedError(
            CONF_INTERVAL,
            "interval_not_on_grid",
            interval=str(minutes),
            timezone=zone.key,
        )


def check_unchanged(
    before: Mapping[str, Any], after: Mapping[str, Any], period_id: str
) -> None:
    """Refuse a change of what the closed period was settled with."""
    for field in FIXED_AFTER_CLOSE:
        if before[field] != after[field]:
            raise RefusedError(field, "fixed_after_close", period=period_id)


def check_interval(before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Refuse another length of intervals: those measured would not fit it."""
    if before[CONF_INTERVAL] != after[CONF_INTERVAL]:
        raise RefusedError(
            CONF_INTERVAL, "fixed_after_measuring", interval=str(before[CONF_INTERVAL])
        )


def check_bands(tariffs: Iterable[Tariff], settings: Mapping[str, Any]) -> None:
    """Refuse intervals inside which a band of a tariff begins."""
    minutes = settings[CONF_INTERVAL]
    for tariff in tariffs:
        for version in tariff.versions:
            if isinstance(version.bands, Bands) and not version.bands.fits(minutes):
                raise RefusedError(
                    CONF_INTERVAL,
                    "band_inside_interval",
                    interval=str(minutes),
                    tariff=tariff.tariff_id,
                    valid_from=version.valid_from.isoformat(),
                )


def check_model(tariffs: Iterable[Tariff], settings: Mapping[str, Any]) -> None:
    """Refuse a model that would not heed what a tariff says."""
    model = Model(settings[CONF_MODEL])
    for tariff in tariffs:
        for version in tariff.versions:
            try:
                check_heeded(version, model)
            except TariffError as err:
                raise RefusedError(
                    CONF_MODEL,
                    "model_without_tiers",
                    tariff=tariff.tariff_id,
                    valid_from=version.valid_from.isoformat(),
                ) from err


def issuer_settings(answers: Answers) -> dict[str, Any]:
    """Return who sends the invoices, and when they are due."""
    return {
        CONF_ISSUER: {
            CONF_NAME: needed_text(answers, FIELD_ISSUER_NAME),
            CONF_ADDRESS: needed_text(answers, FIELD_ISSUER_ADDRESS),
            CONF_IBAN: optional_iban(answers, FIELD_ISSUER_IBAN),
            CONF_VAT_NUMBER: optional_text(answers, FIELD_ISSUER_VAT_NUMBER),
        },
        CONF_PAYMENT_TERM_DAYS: int(exact_number(answers, CONF_PAYMENT_TERM_DAYS)),
    }


def tariff_settings(answers: Answers) -> dict[str, str]:
    """Return a version of a tariff; its prices are text, to stay exact."""
    prices = {name: exact_number(answers, name) for name in PRICE_NAMES}
    return {
        CONF_TARIFF: needed_text(answers, CONF_TARIFF),
        CONF_VALID_FROM: day(answers, CONF_VALID_FROM).isoformat(),
        **{name: plain_number(price) for name, price in prices.items()},
    }
