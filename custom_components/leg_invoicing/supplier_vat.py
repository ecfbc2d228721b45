"""VAT that a participant owes on what a house delivers: form, storage, meaning."""

from collections.abc import Mapping
from typing import Any, Final

from .billing.vat import NO_VAT, Vat, VatMode
from .billing.vat_written import vat_from_written
from .billing.written import Written
from .const import CONF_VAT_MODE, CONF_VAT_NUMBER, CONF_VAT_RATE, CONF_VAT_REASON
from .form_checks import RefusedError, exact_number, optional_text
from .forms import TEXT, Answers, Fields, choice, number

SUPPLIER_VAT_FIELDS: Final[Fields] = {
    CONF_VAT_MODE: choice(list(VatMode), names=CONF_VAT_MODE),
    CONF_VAT_RATE: number(0, 99, "%"),
    CONF_VAT_NUMBER: TEXT,
    CONF_VAT_REASON: TEXT,
}


def supplier_vat(answers: Answers) -> Vat:
    """Return the tax on what a house delivers; raises RefusedError."""
    mode = VatMode(answers.get(CONF_VAT_MODE) or VatMode.NONE)
    rate = exact_number({CONF_VAT_RATE: 0, **answers}, CONF_VAT_RATE)
    reason = optional_text(answers, CONF_VAT_REASON) or ""
    if mode is VatMode.NONE:
        if rate:
            raise RefusedError(CONF_VAT_RATE, "vat_not_chosen")
        return Vat(reason=reason)
    if rate <= 0:
        raise RefusedError(CONF_VAT_RATE, "vat_rate_needed")
    if optional_text(answers, CONF_VAT_NUMBER) is None:
        raise RefusedError(CONF_VAT_NUMBER, "vat_number_needed")
    if reason:
        raise RefusedError(CONF_VAT_REASON, "vat_reason_unneeded")
    return Vat(mode=mode, rate=rate)


def supplier_vat_answers(vat: Vat, number: str | None) -> dict[str, Any]:
    """Return the tax, and whoever owes it his number, the way a form shows it."""
    return {
        CONF_VAT_MODE: str(vat.mode),
        CONF_VAT_RATE: float(vat.rate) if vat.rate else None,
        CONF_VAT_NUMBER: number,
        CONF_VAT_REASON: vat.reason or None,
    }


def vat_of(stored: Mapping[str, Any] | None) -> Vat:
    """Return a stored tax; houses of earlier versions have none."""
    return NO_VAT if stored is None else vat_from_written(Written(stored))
