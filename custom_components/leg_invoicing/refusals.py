"""Refuse what a person asked for, in words that say what to do instead."""

from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError

from .billing.reasons import ReasonedError, Sentence
from .const import DOMAIN


def refused(key: str, **placeholders: str) -> ServiceValidationError:
    """Return a refusal in everybody's own language."""
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders=placeholders,
    )


def said(hass: HomeAssistant, reason: ReasonedError | Sentence) -> str:
    """Return what the rules say against something, as a placeholder of a refusal.

    A refusal is shown to everybody in their own language, and its placeholders to all
    in one: that of Home Assistant.
    """
    return reason.said_in(hass.config.language.split("-")[0])


def ledger_trouble(path: Path, err: Exception) -> dict[str, Any]:
    """Return what there is to say about a ledger that cannot be used."""
    return {
        "translation_domain": DOMAIN,
        "translation_key": "ledger_not_ready",
        "translation_placeholders": {"path": str(path), "reason": str(err)},
    }
