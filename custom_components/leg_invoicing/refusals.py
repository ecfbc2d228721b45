"""Refuse what a person asked for, in words that say what to do instead."""

from pathlib import Path
from typing import Any

from homeassistant.exceptions import ServiceValidationError

from .const import DOMAIN


def refused(key: str, **placeholders: str) -> ServiceValidationError:
    """Return a refusal in everybody's own language."""
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders=placeholders,
    )


def ledger_trouble(path: Path, err: Exception) -> dict[str, Any]:
    """Return what there is to say about a ledger that cannot be used."""
    return {
        "translation_domain": DOMAIN,
        "translation_key": "ledger_not_ready",
        "translation_placeholders": {"path": str(path), "reason": str(err)},
    }
