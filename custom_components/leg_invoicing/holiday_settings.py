"""Which days are holidays: those of a country, and what differs from them."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryError
from homeassistant.helpers.selector import (
    CountrySelector,
    TextSelector,
    TextSelectorConfig,
)

from .billing.public_holidays import HolidayError, public_holidays
from .billing.tariffs import Tariff
from .const import (
    CONF_HOLIDAY_COUNTRY,
    CONF_HOLIDAY_SUBDIVISION,
    CONF_HOLIDAYS,
    CONF_NO_HOLIDAYS,
    DOMAIN,
)
from .form_checks import RefusedError, optional_text
from .forms import TEXT, Answers, Fields

_DAYS: Final = TextSelector(TextSelectorConfig(multiple=True))

HOLIDAY_FIELDS: Final[Fields] = {
    CONF_HOLIDAY_COUNTRY: CountrySelector(),
    CONF_HOLIDAY_SUBDIVISION: TEXT,
    CONF_HOLIDAYS: _DAYS,
    CONF_NO_HOLIDAYS: _DAYS,
}


def holiday_settings(answers: Answers) -> dict[str, Any]:
    """Return what is stored of the form's answers.

    Raises RefusedError, and may block where a country is new.
    """
    settings = {
        CONF_HOLIDAY_COUNTRY: optional_text(answers, CONF_HOLIDAY_COUNTRY),
        CONF_HOLIDAY_SUBDIVISION: optional_text(answers, CONF_HOLIDAY_SUBDIVISION),
        CONF_HOLIDAYS: _days(answers, CONF_HOLIDAYS),
        CONF_NO_HOLIDAYS: _days(answers, CONF_NO_HOLIDAYS),
    }
    if settings[CONF_HOLIDAY_SUBDIVISION] and not settings[CONF_HOLIDAY_COUNTRY]:
        raise RefusedError(CONF_HOLIDAY_COUNTRY, "holiday_country_needed")
    try:
        holidays_of(settings)
    except HolidayError as err:
        if err.country:
            raise RefusedError(
                CONF_HOLIDAY_SUBDIVISION,
                "holiday_subdivision_unknown",
                subdivision=err.name,
                known=", ".join(err.known) or "–",
            ) from err
        raise RefusedError(
            CONF_HOLIDAY_COUNTRY, "holiday_country_unknown", country=err.name
        ) from err
    return settings


def _days(answers: Answers, field: str) -> list[str]:
    texts = (text.strip() for text in answers.get(field) or ())
    return [day.isoformat() for day in sorted({_day(text, field) for text in texts})]


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as err:
        raise RefusedError(field, "holiday_invalid", day=text) from err


def holiday_answers(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings the way their form shows them."""
    return {
        CONF_HOLIDAY_COUNTRY: settings.get(CONF_HOLIDAY_COUNTRY),
        CONF_HOLIDAY_SUBDIVISION: settings.get(CONF_HOLIDAY_SUBDIVISION),
        CONF_HOLIDAYS: settings.get(CONF_HOLIDAYS, []),
        CONF_NO_HOLIDAYS: settings.get(CONF_NO_HOLIDAYS, []),
    }


def holidays_of(settings: Mapping[str, Any]) -> frozenset[date]:
    """Return the holidays that bands may ask for; raises HolidayError.

    It blocks where a country's have not been read before: `async_read_holidays`.
    """
    country = settings.get(CONF_HOLIDAY_COUNTRY)
    days = (
        public_holidays(country, settings.get(CONF_HOLIDAY_SUBDIVISION))
        if country
        else frozenset[date]()
    )
    also = map(date.fromisoformat, settings.get(CONF_HOLIDAYS, ()))
    but = map(date.fromisoformat, settings.get(CONF_NO_HOLIDAYS, ()))
    return days.union(also).difference(but)


def names_holidays(settings: Mapping[str, Any]) -> bool:
    """Tell whether anybody has said which days are holidays."""
    return bool(settings.get(CONF_HOLIDAY_COUNTRY) or settings.get(CONF_HOLIDAYS))


def check_holidays(tariffs: Iterable[Tariff], settings: Mapping[str, Any]) -> None:
    """Refuse that there are no holidays where a band of a tariff asks for them."""
    if names_holidays(settings):
        return
    for tariff in tariffs:
        for version in tariff.versions:
            if version.holiday_band is not None:
                raise RefusedError(
                    CONF_HOLIDAY_COUNTRY,
                    "holidays_needed",
                    band=version.holiday_band,
                    tariff=tariff.tariff_id,
                    valid_from=version.valid_from.isoformat(),
                )


async def async_read_holidays(hass: HomeAssistant, settings: Mapping[str, Any]) -> None:
    """Read a country's holidays, so that from now on they are there at once.

    Raises ConfigEntryError where they are no longer known: a band that asks for
    holidays would have the wrong price.
    """
    try:
        await hass.async_add_executor_job(holidays_of, settings)
    except HolidayError as err:
        raise ConfigEntryError(
            translation_domain=DOMAIN,
            translation_key="holidays_unknown",
            translation_placeholders={"place": err.name},
        ) from err
