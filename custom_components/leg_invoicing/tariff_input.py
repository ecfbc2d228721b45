"""A version of a tariff as actions and forms give it."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from homeassistant.core import HomeAssistant

from .billing.commitment_changes import with_tariff_version
from .billing.commitments import CommitmentError
from .billing.models import Model
from .billing.reasons import tariffs as because
from .billing.tariff_record import version_from_written
from .billing.tariffs import TariffError, TariffVersion, check_bands_met, check_heeded
from .billing.written import TermsError, Written
from .books import Books
from .books_error import BooksError
from .const import CONF_INTERVAL, CONF_MODEL
from .holiday_settings import names_holidays
from .refusals import refused, said

FIELD_BANDS: Final = "bands"
FIELD_FEES: Final = "fees"
FIELD_DISCOUNTS: Final = "discounts"
FIELD_VAT: Final = "vat"


def version_from_input(
    hass: HomeAssistant, given: Mapping[str, Any], settings: Mapping[str, Any]
) -> TariffVersion:
    """Read a version of a tariff of a community with all of these settings.

    Raises ServiceValidationError where it is not understood, would not be heeded, or
    has bands that no time is in.
    """
    try:
        version = version_from_written(
            Written(as_typed(given)), settings[CONF_INTERVAL]
        )
        check_heeded(version, Model(settings[CONF_MODEL]))
        _check_bands(version, has_holidays=names_holidays(settings))
    except (TermsError, TariffError) as err:
        raise refused("tariff_invalid", reason=said(hass, err)) from err
    return version


def _check_bands(version: TariffVersion, *, has_holidays: bool) -> None:
    check_bands_met(version, has_holidays=has_holidays)
    # There is a form beside this one in which to say first what holidays are.
    if (band := version.holiday_band) is not None and not has_holidays:
        raise TariffError(because.BAND_OF_NO_HOLIDAYS(band=band))


def check_tariff(books: Books, tariff_id: str, version: TariffVersion) -> None:
    """Raise BooksError when a rule forbids this version."""
    try:
        with_tariff_version(books.commitments, tariff_id, version)
    except CommitmentError as err:
        raise BooksError(err, books.house_names) from err


def as_typed(value: object) -> object:
    """Return values as the texts that a person typed."""
    match value:
        case Mapping():
            return {str(key): as_typed(each) for key, each in value.items()}
        case list() | tuple():
            return [as_typed(each) for each in value]
        case bool():
            return str(value).lower()
        case date():
            return value.isoformat()
        case None:
            return None
        case _:
            return str(value)
