"""Refuse what a person asked for, in words that say what to do instead."""

from homeassistant.exceptions import ServiceValidationError

from .const import DOMAIN


def refused(key: str, **placeholders: str) -> ServiceValidationError:
    """Return a refusal in everybody's own language."""
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders=placeholders,
    )
