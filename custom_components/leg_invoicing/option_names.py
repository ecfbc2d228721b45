"""What the options of selectors are called, where the frontend does not look itself."""

from collections.abc import Iterable, Mapping

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from .const import DOMAIN

type OptionNames = Mapping[str, Mapping[str, str]]
"""By the key of a selector, and then by option."""


async def async_option_names(
    hass: HomeAssistant, selectors: Iterable[str]
) -> OptionNames:
    """Return the names of some selectors' options, in Home Assistant's language."""
    language = hass.config.language
    texts = await async_get_translations(hass, language, "selector", {DOMAIN})
    names: dict[str, dict[str, str]] = {}
    for selector in selectors:
        path = f"component.{DOMAIN}.selector.{selector}.options."
        names[selector] = {
            key.removeprefix(path): text
            for key, text in texts.items()
            if key.startswith(path)
        }
    return names
