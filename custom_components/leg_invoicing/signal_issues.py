"""Repairs about the sensors that prices follow."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN, FINDING_PAGES
from .signal_feed import SignalProblem

if TYPE_CHECKING:
    from .runtime import LegConfigEntry


class SignalIssues:
    """The repairs about the sensors that one community's terms name."""

    def __init__(self, hass: HomeAssistant, entry: LegConfigEntry) -> None:
        """Begin with none raised."""
        self._hass = hass
        self._entry = entry
        self._raised: set[str] = set()

    @callback
    def async_update(self, problems: Mapping[str, tuple[SignalProblem, str]]) -> None:
        """Raise what is wrong now, and take back what is not any more."""
        standing = set()
        for signal_id, (problem, entity) in problems.items():
            issue_id = f"signal_{self._entry.entry_id}_{signal_id}_{problem}"
            standing.add(issue_id)
            ir.async_create_issue(
                self._hass,
                DOMAIN,
                issue_id,
                is_fixable=False,
                learn_more_url=f"{FINDING_PAGES}/price_missing.md",
                severity=ir.IssueSeverity.WARNING,
                translation_key=str(problem),
                translation_placeholders={
                    "entity": entity,
                    "community": self._entry.title,
                },
            )
        for issue_id in self._raised - standing:
            ir.async_delete_issue(self._hass, DOMAIN, issue_id)
        self._raised = standing
