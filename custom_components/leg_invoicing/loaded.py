"""How a flow reaches what a community holds while it runs."""

from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.data_entry_flow import AbortFlow

from .runtime import LegData


async def async_loaded(entry: ConfigEntry[Any]) -> LegData:
    """Return the community's books and clock, or end the flow if it is not loaded.

    Whoever adds one house after another meets a community that is just being
    reloaded for the first; that is waited for.
    """
    async with entry.setup_lock:
        if entry.state is not ConfigEntryState.LOADED:
            raise AbortFlow("not_loaded")
        data: LegData = entry.runtime_data
        return data
