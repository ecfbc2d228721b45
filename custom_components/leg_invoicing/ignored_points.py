"""Metering points that are nobody's here: said once, and remembered."""

from collections.abc import Iterable

from homeassistant.core import HomeAssistant, callback

from .const import CONF_IGNORED_POINTS
from .runtime import LegConfigEntry


def ignored_points(entry: LegConfigEntry) -> frozenset[str]:
    """Return the points that a person chose to leave out."""
    return frozenset(entry.options.get(CONF_IGNORED_POINTS, ()))


@callback
def ignore_points(
    hass: HomeAssistant, entry: LegConfigEntry, points: Iterable[str]
) -> None:
    """Leave these points out from now on, too."""
    ignored = sorted(ignored_points(entry).union(points))
    options = {**entry.options, CONF_IGNORED_POINTS: ignored}
    if ignored:
        # Where nothing is new, this changes nothing.
        hass.config_entries.async_update_entry(entry, options=options)
