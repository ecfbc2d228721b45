"""What is said about whoever is billed for a house, as it is stored."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from .billing.meters import Meter, Role
from .billing.rounding import EXACT
from .const import (
    CONF_ADDRESS,
    CONF_EMAIL,
    CONF_FACTOR,
    CONF_FROM,
    CONF_IBAN,
    CONF_INVOICE,
    CONF_LANGUAGE,
    CONF_NAME,
    CONF_OWNER_ADDRESS,
    CONF_OWNER_NAME,
    CONF_PARTICIPANT,
    CONF_TARIFF,
    CONF_VAT_NUMBER,
    CONF_WEIGHT,
)
from .form_checks import (
    RefusedError,
    day,
    exact_number,
    needed_text,
    optional_iban,
    optional_text,
    plain_number,
)
from .forms import FIELD_PARTICIPANT_NAME, FIELD_START_DATE, Answers


def participant_settings(answers: Answers) -> dict[str, str | None]:
    """Return who has a house."""
    address = needed_text(answers, CONF_ADDRESS)
    return _billed(answers, needed_text(answers, FIELD_PARTICIPANT_NAME), address)


def owner_settings(answers: Answers) -> dict[str, str | None]:
    """Return who owns a house; where the letter goes need not be known."""
    address = optional_text(answers, CONF_OWNER_ADDRESS) or ""
    return _billed(answers, needed_text(answers, CONF_OWNER_NAME), address)


def _billed(answers: Answers, name: str, address: str) -> dict[str, str | None]:
    """Return who is billed for a house."""
    return {
        CONF_NAME: name,
        CONF_ADDRESS: address,
        CONF_EMAIL: optional_text(answers, CONF_EMAIL),
        CONF_LANGUAGE: answers[CONF_LANGUAGE],
        CONF_IBAN: optional_iban(answers, CONF_IBAN),
        CONF_VAT_NUMBER: optional_text(answers, CONF_VAT_NUMBER),
    }


def agreed_weight(answers: Answers) -> Decimal | None:
    """Return the weight agreed with an occupant, a part of 1."""
    if answers.get(CONF_WEIGHT) is None:
        return None
    return exact_number(answers, CONF_WEIGHT).scaleb(-2, EXACT)


def agreed_factor(answers: Answers, meters: Iterable[Meter]) -> Decimal:
    """Return the part of a house's energy that takes part; all of it unless said.

    A meter at the grid counts all, so all must take part then.
    """
    percent = exact_number({CONF_FACTOR: 100, **answers}, CONF_FACTOR)
    if not 0 < percent <= 100:
        raise RefusedError(CONF_FACTOR, "factor_invalid")
    if percent != 100 and any(meter.role is Role.GRID for meter in meters):
        raise RefusedError(CONF_FACTOR, "factor_with_grid")
    return percent.scaleb(-2, EXACT)


def agreement_settings(answers: Answers, meters: Iterable[Meter]) -> dict[str, Any]:
    """Return who has a house from a day on, under which tariff."""
    weight = agreed_weight(answers)
    return {
        CONF_PARTICIPANT: participant_settings(answers),
        CONF_TARIFF: answers[CONF_TARIFF],
        CONF_WEIGHT: None if weight is None else str(weight),
        CONF_INVOICE: optional_text(answers, CONF_INVOICE) or "",
        CONF_FROM: day(answers, FIELD_START_DATE).isoformat(),
        CONF_FACTOR: plain_number(agreed_factor(answers, meters)),
    }
