"""A version of a tariff as actions and forms give it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from homeassistant.core import HomeAssistant

from .billing.commitment_changes import with_tariff_version
from .billing.commitments import CommitmentError
from .billing.models import Model
from .billing.rates import Rate, SignalPrice
from .billing.tariff_record import version_from_written
from .billing.tariff_written import written_version
from .billing.tariffs import PRICE_NAMES, TariffError, TariffVersion, check_heeded
from .billing.written import TermsError, Written
from .books import Books
from .books_error import BooksError
from .const import CONF_INTERVAL, CONF_MODEL, CONF_VALID_FROM
from .refusals import refused, said

FIELD_BANDS: Final = "bands"
FIELD_FEES: Final = "fees"
FIELD_DISCOUNTS: Final = "discounts"
FIELD_VAT: Final = "vat"
FIELD_DETAILS: Final = "details"
"""What a form has no field for: all but four prices that count at all times."""


def version_from_input(
    hass: HomeAssistant, given: Mapping[str, Any], settings: Mapping[str, Any]
) -> TariffVersion:
    """Read a version of a tariff of a community with these settings.

    Raises ServiceValidationError where it is not understood, or would not be heeded.
    """
    try:
        version = version_from_written(
            Written(as_typed(given)), settings[CONF_INTERVAL]
        )
        check_heeded(version, Model(settings[CONF_MODEL]))
    except (TermsError, TariffError) as err:
        raise refused("tariff_invalid", reason=said(hass, err)) from err
    return version


def check_tariff(books: Books, tariff_id: str, version: TariffVersion) -> None:
    """Raise BooksError when a rule forbids this version."""
    try:
        with_tariff_version(books.commitments, tariff_id, version)
    except CommitmentError as err:
        raise BooksError(err, books.house_names) from err


def version_answers(version: TariffVersion) -> dict[str, Any]:
    """Return a tariff version the way a form shows it.

    Of a price that differs by band, the first is shown, and all are details; of one
    that follows a sensor, what is added to it.
    """
    written = written_version(version)
    details = {
        key: value
        for key, value in written.items()
        if key != CONF_VALID_FROM
        and not (key in PRICE_NAMES and isinstance(value, str))
    }
    shown = {name: price.rates[0][1] for name, price in version.prices()}
    return {
        **{name: float(_number(rate)) for name, rate in shown.items()},
        FIELD_DETAILS: details or None,
    }


def _number(rate: Rate) -> Decimal:
    return rate.offset if isinstance(rate, SignalPrice) else rate.ct_per_kwh


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
