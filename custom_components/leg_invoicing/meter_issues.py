"""Repairs about meters: raised when something is wrong, gone when it is not.

A finding of this kind is live: it says that a person should look at a meter now.
What a meter's silence did to a bill is a finding of the settlement.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util

from .billing.calendar import Instant, utc
from .billing.register_state import Doubt
from .community import Point
from .const import DOMAIN, FINDING_PAGES
from .meter_feed import FollowedRegister, Problem, Reason
from .metered import shown_kwh
from .metering import Metering

if TYPE_CHECKING:
    from .runtime import LegConfigEntry

DOUBT_PATIENCE_SECONDS = 600
"""A register that is off course for less is expected to come back by itself."""

SILENCE_PATIENCE_SECONDS = 3600
"""A sensor that is unavailable for less is not worth a person's attention."""

_OBIS = {"import": "1.8.0", "export": "2.8.0"}
"""Registers by the numbers on the meter, the same in every language."""

_ISSUE_OF_REASON = {
    Reason.METER_MISSING: "meter_missing",
    Reason.UNKNOWN_UNIT: "unknown_unit",
    Reason.UNAVAILABLE: "meter_unavailable",
    Reason.NOT_A_NUMBER: "meter_unavailable",
}


@dataclass(frozen=True, slots=True)
class MeterIssue:
    """A repair as it should stand now."""

    issue_id: str
    point_id: str
    translation_key: str
    placeholders: Mapping[str, str]
    data: dict[str, str | int | float | None] | None = None
    """For the flow in which a person repairs it."""


class MeterIssues:
    """The repairs about the meters of one community."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: LegConfigEntry,
        metering: Metering,
        points: Iterable[Point],
    ) -> None:
        """Watch the registers of the community's points."""
        self._hass = hass
        self._entry_id = entry.entry_id
        self._prefix = f"{entry.entry_id}_"
        self._metering = metering
        self._names = {point.point_id: point.name for point in points}

    @callback
    def async_update(self, now: Instant) -> None:
        """Raise what is wrong now, and take back what is not any more."""
        standing = set()
        for issue in self.standing(now):
            standing.add(issue.issue_id)
            ir.async_create_issue(
                self._hass,
                DOMAIN,
                issue.issue_id,
                is_fixable=issue.data is not None,
                learn_more_url=f"{FINDING_PAGES}/{issue.translation_key}.md",
                data=issue.data,
                severity=ir.IssueSeverity.WARNING,
                translation_key=issue.translation_key,
                translation_placeholders=dict(issue.placeholders),
            )
        for issue_id in self._raised() - standing:
            ir.async_delete_issue(self._hass, DOMAIN, issue_id)

    @callback
    def async_clear(self) -> None:
        """Take back everything: nobody watches these meters any more."""
        for issue_id in self._raised():
            ir.async_delete_issue(self._hass, DOMAIN, issue_id)

    def _raised(self) -> set[str]:
        """Return what stands; one that is not active only recalls a dismissal."""
        issues = ir.async_get(self._hass).issues.values()
        return {
            issue.issue_id
            for issue in issues
            if issue.domain == DOMAIN
            and issue.issue_id.startswith(self._prefix)
            and issue.active
        }

    def standing(self, now: Instant) -> Iterator[MeterIssue]:
        """Yield what is wrong with the meters now, and for long enough to say so."""
        for followed in self._metering.feed.followed:
            problem = self._metering.feed.problems.get(followed)
            if problem is not None and _deserves_attention(problem, now):
                yield self._about_problem(followed, problem)
            state = self._metering.states.get((followed.point_id, followed.register))
            if state is None:
                continue
            for key, doubt in (
                ("register_dropped", state.drop),
                ("implausible_reading", state.jump),
            ):
                if doubt and now - doubt.since >= DOUBT_PATIENCE_SECONDS:
                    yield self._about_doubt(followed, key, doubt)

    def _about_problem(
        self, followed: FollowedRegister, problem: Problem
    ) -> MeterIssue:
        return self._issue(
            followed,
            _ISSUE_OF_REASON[problem.reason],
            since=problem.since,
            unit=problem.shown,
        )

    def _about_doubt(
        self, followed: FollowedRegister, key: str, doubt: Doubt
    ) -> MeterIssue:
        state = self._metering.states[followed.point_id, followed.register]
        shown = shown_kwh(doubt.latest.value - state.offset, followed.constant)
        issue = self._issue(followed, key, since=doubt.since, value=f"{shown} kWh")
        about: dict[str, str | int | float | None] = {
            "entry_id": self._entry_id,
            "point_id": followed.point_id,
            "register": followed.register,
        }
        return replace(issue, data=about)

    def _issue(
        self,
        followed: FollowedRegister,
        key: str,
        *,
        since: Instant,
        value: str = "",
        unit: str = "",
    ) -> MeterIssue:
        time = dt_util.as_local(utc(since))
        point_id, register = followed.point_id, followed.register
        return MeterIssue(
            f"{self._prefix}{point_id}_{register}_{key}",
            point_id,
            key,
            {
                "house": self._names[point_id],
                "register": _OBIS[register],
                "entity": self._metering.feed.entity_id(followed) or "?",
                "time": f"{time:%Y-%m-%d %H:%M}",
                "value": value,
                "unit": unit or "?",
            },
        )


def _deserves_attention(problem: Problem, now: Instant) -> bool:
    silent = _ISSUE_OF_REASON[problem.reason] == "meter_unavailable"
    return not silent or now - problem.since >= SILENCE_PATIENCE_SECONDS
