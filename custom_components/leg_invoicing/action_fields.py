"""What the actions have in common: their fields, and what describes one."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, NamedTuple

from homeassistant.core import HomeAssistant, ServiceCall, SupportsResponse
from homeassistant.helpers import config_validation as cv
import probatio as vol

from .runtime import LegConfigEntry

ATTR_CONFIG_ENTRY_ID = "config_entry_id"
ATTR_PERIOD = "period"

type Act = Callable[
    [HomeAssistant, LegConfigEntry, ServiceCall], Coroutine[Any, Any, Mapping[str, Any]]
]


class Action(NamedTuple):
    """One action, as it is registered."""

    name: str
    act: Act
    schema: vol.Schema
    answers: SupportsResponse


def fields(more: Mapping[Any, Any]) -> vol.Schema:
    """Return the schema of an action on one community."""
    return vol.Schema({vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string, **more})
