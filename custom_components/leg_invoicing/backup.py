"""Hold still while Home Assistant is being backed up.

A backup copies file after file. The ledger is two files while it is being written,
and a closed period is a file of its own and a line in the index: what belongs
together must not change in between. Meters are read on; what they close waits.
"""

from collections.abc import Callable

from homeassistant.core import HomeAssistant
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN
from .runtime import LegConfigEntry, LegData

_HELD: HassKey[list[Callable[[], None]]] = HassKey(f"{DOMAIN}_backup")
"""What lets each community go on."""


async def async_pre_backup(hass: HomeAssistant) -> None:
    """Finish what is being written in every community, and begin nothing new."""
    held = hass.data.setdefault(_HELD, [])
    entries: list[LegConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    try:
        for entry in entries:
            held.append(await _async_hold(entry.runtime_data))
    except BaseException:
        # The backup fails, and nobody would come to let the others go on.
        await async_post_backup(hass)
        raise


async def async_post_backup(hass: HomeAssistant) -> None:
    """Go on."""
    for release in hass.data.pop(_HELD, []):
        release()


async def _async_hold(data: LegData) -> Callable[[], None]:
    """Wait until nothing is being changed; return what lets changes happen again."""
    await data.books.changing.acquire()
    try:
        release_ledger = await data.ledger.async_hold()
    except BaseException:
        data.books.changing.release()
        raise

    def release() -> None:
        release_ledger()
        data.books.changing.release()

    return release
