"""What prices per kWh are entered in, as people call it."""

from homeassistant.core import HomeAssistant

from .billing.agreements import LANGUAGES
from .documents.minor_units import minor_unit


def price_unit(hass: HomeAssistant, currency: str) -> str:
    """Return the unit of a price: `Rp./kWh`, or `0.01 JPY/kWh` without a name."""
    language = hass.config.language.split("-")[0]
    known = language if language in LANGUAGES else LANGUAGES[0]
    return f"{minor_unit(currency, known) or f'0.01 {currency}'}/kWh"
