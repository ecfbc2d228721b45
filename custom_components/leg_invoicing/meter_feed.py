"""From the states of the followed sensors to readings of registers.

It decides nothing about energy: it says what a register shows and when, or why
that cannot be said.

Sensors are followed by their id in the entity registry, which stays the same
when a person renames the entity, and when a removed one comes back.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
import logging
from types import MappingProxyType

from homeassistant.core import (
    CALLBACK_TYPE,
    Event,
    EventStateChangedData,
    EventStateReportedData,
    HomeAssistant,
    State,
    callback,
)
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import (
    async_track_state_change_event,
    async_track_state_report_event,
)
import homeassistant.util.dt as dt_util

from .billing.calendar import Instant
from .billing.energy import Energy
from .billing.registers import Reading
from .meter_state import Problem, Reason, Unusable, parse_state

__all__ = [
    "FollowedRegister",
    "MeterFeed",
    "Problem",
    "Reason",
    "Unusable",
    "parse_state",
]

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedRegister:
    """A register of a point, and the sensor that shows it."""

    point_id: str
    register: str
    """`import` or `export`."""
    registry_id: str
    """The sensor's id in the entity registry."""
    declared_unit: str | None = None
    """The unit a person stated for a sensor that has none."""
    constant: Decimal = Decimal(1)
    """What the sensor's value is to be multiplied by."""

    def parse(self, state: State | None, at: Instant) -> Reading | Unusable:
        """Read the register off its sensor's state."""
        return parse_state(state, self.declared_unit, at, self.constant)


class MeterFeed:
    """Follows the sensors of the points' registers."""

    def __init__(
        self,
        hass: HomeAssistant,
        followed: Iterable[FollowedRegister],
        on_reading: Callable[[FollowedRegister, Reading], None],
    ) -> None:
        """Take whom to follow, and whom to tell."""
        self._hass = hass
        self._registry = er.async_get(hass)
        self._followed = tuple(followed)
        self._registry_ids = frozenset(f.registry_id for f in self._followed)
        self._on_reading = on_reading
        self._entity_ids: dict[FollowedRegister, str] = {}
        self._shown_by: dict[str, list[FollowedRegister]] = {}
        self._problems: dict[FollowedRegister, Problem] = {}
        self._shown: dict[FollowedRegister, Energy] = {}
        self._returned: set[FollowedRegister] = set()
        self._unsubscribe: list[CALLBACK_TYPE] = []
        self._unsubscribe_registry: CALLBACK_TYPE | None = None

    @property
    def followed(self) -> tuple[FollowedRegister, ...]:
        """The registers that are followed."""
        return self._followed

    @property
    def problems(self) -> Mapping[FollowedRegister, Problem]:
        """The registers that cannot be read at present, and why."""
        return MappingProxyType(self._problems)

    def entity_id(self, followed: FollowedRegister) -> str | None:
        """Return what the followed sensor is called at present."""
        return self._entity_ids.get(followed)

    @callback
    def start(self) -> None:
        """Begin to follow. Current states are no events: `sample` reads those."""
        self._unsubscribe_registry = self._hass.bus.async_listen(
            er.EVENT_ENTITY_REGISTRY_UPDATED,
            self._on_registry_updated,
            event_filter=self._concerns_a_followed_sensor,
        )
        self._follow()
        for followed in self._followed:
            # While Home Assistant starts, sensors show nothing yet: nothing is wrong.
            self._note(followed, self._current(followed, _now()), _now(), quiet=True)

    @callback
    def stop(self) -> None:
        """Follow no longer."""
        self._unfollow()
        if self._unsubscribe_registry is not None:
            self._unsubscribe_registry()
            self._unsubscribe_registry = None

    @callback
    def sample(self, now: Instant) -> dict[FollowedRegister, Reading | Unusable]:
        """Return what every register shows now, or why it cannot be read.

        Home Assistant tells nothing when a meter sends the same value again, so
        what an available sensor shows is a reading at any time.
        """
        self._returned.clear()
        shown = {followed: self._current(followed, now) for followed in self._followed}
        for followed, result in shown.items():
            self._note(followed, result, now)
        return shown

    def _current(self, followed: FollowedRegister, now: Instant) -> Reading | Unusable:
        entity_id = self._entity_ids.get(followed)
        if entity_id is None:
            return Unusable(Reason.METER_MISSING)
        state = self._hass.states.get(entity_id)
        return followed.parse(state, now)

    def _follow(self) -> None:
        """Find out what the sensors are called, and listen to them."""
        self._unfollow()
        shown_by = defaultdict(list)
        for followed in self._followed:
            if entry := self._registry.async_get(followed.registry_id):
                self._entity_ids[followed] = entry.entity_id
                shown_by[entry.entity_id].append(followed)
        self._shown_by = dict(shown_by)
        self._unsubscribe = [
            async_track_state_change_event(self._hass, shown_by, self._on_state),
            async_track_state_report_event(self._hass, shown_by, self._on_state),
        ]

    def _unfollow(self) -> None:
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._unsubscribe = []
        self._entity_ids = {}
        self._shown_by = {}

    @callback
    def _on_state(
        self, event: Event[EventStateChangedData] | Event[EventStateReportedData]
    ) -> None:
        """Take what a sensor shows, new or again."""
        entity_id, state = event.data["entity_id"], event.data["new_state"]
        at = int(state.last_reported_timestamp if state else event.time_fired_timestamp)
        for followed in self._shown_by.get(entity_id, ()):
            result = followed.parse(state, at)
            outage = self._problems.get(followed)
            self._note(followed, result, at)
            if isinstance(result, Reading):
                if outage and outage.lasted(at):
                    self._returned.add(followed)
                self._take(followed, result)

    def _take(self, followed: FollowedRegister, reading: Reading) -> None:
        """Hand a reading on, unless it may be from before an outage."""
        if followed in self._returned and reading.value == self._shown.get(followed):
            return
        self._returned.discard(followed)
        self._shown[followed] = reading.value
        self._on_reading(followed, reading)

    @callback
    def _concerns_a_followed_sensor(
        self, data: er.EventEntityRegistryUpdatedData
    ) -> bool:
        if data["entity_id"] in self._shown_by:
            return True
        entry = self._registry.async_get(data["entity_id"])
        return entry is not None and entry.id in self._registry_ids

    @callback
    def _on_registry_updated(
        self, _event: Event[er.EventEntityRegistryUpdatedData]
    ) -> None:
        """Find renamed and recreated sensors again; miss those that are gone."""
        self._follow()
        for followed in self._followed:
            result = self._current(followed, _now())
            # A sensor that has just been renamed shows nothing until it is set up.
            if result != Unusable(Reason.UNAVAILABLE):
                self._note(followed, result, _now())

    def _note(
        self,
        followed: FollowedRegister,
        result: Reading | Unusable,
        at: Instant,
        *,
        quiet: bool = False,
    ) -> None:
        """Remember what is wrong with a register, and log once that it changed."""
        before = self._problems.get(followed)
        if isinstance(result, Reading):
            if before is not None and before.told:
                _LOGGER.info("%s can be read again", self._name(followed))
            self._problems.pop(followed, None)
            return
        if before is not None and before.reason == result.reason:
            # The reason is the same, the unit that nobody knows perhaps another.
            self._problems[followed] = replace(before, shown=result.shown)
            return
        tell = not (quiet and result.reason is Reason.UNAVAILABLE)
        if tell:
            _LOGGER.info("%s cannot be read: %s", self._name(followed), result.reason)
        self._problems[followed] = Problem(
            reason=result.reason,
            shown=result.shown,
            since=before.since if before else at,
            told=tell,
        )

    def _name(self, followed: FollowedRegister) -> str:
        """Return how the log calls a register."""
        entity_id = self._entity_ids.get(followed, followed.registry_id)
        return f"The {followed.register} register of {followed.point_id} ({entity_id})"


def _now() -> Instant:
    return int(dt_util.utcnow().timestamp())
