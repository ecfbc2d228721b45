"""What a hundredth of a currency is called, so that prices per kWh can be in it."""

from collections.abc import Mapping
from types import MappingProxyType

from .texts import TEXTS

_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "AUD": "c",
        "BGN": "st.",
        "CAD": "¢",
        "CZK": "h",
        "DKK": "øre",
        "NOK": "øre",
        "NZD": "c",
        "PLN": "gr",
        "RON": "bani",
        "SEK": "öre",
        "ZAR": "c",
    }
)
"""The same in every language; what differs is with the language's texts."""


def minor_unit(currency: str, language: str) -> str | None:
    """Return the name in a language; None where a hundredth has none in use."""
    return TEXTS[language].cents.get(currency) or _NAMES.get(currency)
