"""Records what the sensors showed that a community's terms name.

Sensors are followed by their id in the entity registry, so a new name changes nothing.
What is unavailable, unknown, or in another unit than the terms were written for is
missing. What happened while nobody was listening was not seen, but for one thing: Home
Assistant knows since when a state has been in force.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from homeassistant.const import (
    ATTR_UNIT_OF_MEASUREMENT,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
)
from homeassistant.core import (
    CALLBACK_TYPE,
    Event,
    EventStateChangedData,
    HomeAssistant,
    State,
    callback,
)
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.util import dt as dt_util

from .billing.calendar import Instant, Span
from .billing.signal_watch import SignalWatch
from .ledger import Ledger

_NOTHING = {STATE_UNAVAILABLE, STATE_UNKNOWN, ""}
_NOBODY: Mapping[str, frozenset[str]] = MappingProxyType({})

type Units = Mapping[str, frozenset[str]]
"""The units that a signal must be in, by signal; none where any will do."""


class SignalProblem(StrEnum):
    """Why a sensor cannot be read, where a person has to do something."""

    MISSING = "signal_missing"
    """It is gone from the entity registry."""
    UNIT = "signal_unit"
    """It shows another unit than the terms were written for."""


class SignalFeed:
    """Follows the sensors that one community's terms name."""

    def __init__(
        self, hass: HomeAssistant, ledger: Ledger, interval_seconds: int
    ) -> None:
        """Follow nothing yet."""
        self._hass = hass
        self._ledger = ledger
        self._seconds = interval_seconds
        self._registry = er.async_get(hass)
        self._units = _NOBODY
        self._watches: dict[str, SignalWatch] = {}
        self._signals: dict[str, str] = {}
        """By what the sensors are called at present."""
        self._unsubscribe: list[CALLBACK_TYPE] = []

    @callback
    def follow(self, units: Units) -> None:
        """Follow the signals that are named; forget those that are not any more."""
        if units == self._units:
            return
        self._units = units
        now = _now()
        self._watches = {
            signal_id: self._watches.get(signal_id)
            or SignalWatch(signal_id, self._seconds, now - now % self._seconds)
            for signal_id in units
        }
        self._listen()

    @callback
    def stop(self) -> None:
        """Listen no longer."""
        while self._unsubscribe:
            self._unsubscribe.pop()()

    def problems(self) -> dict[str, tuple[SignalProblem, str]]:
        """Return what is wrong by signal, with the sensor's name or unit."""
        found = {}
        for signal_id in self._units:
            entry = self._registry.async_get(signal_id)
            if entry is None:
                name = self._removed(signal_id)
                found[signal_id] = SignalProblem.MISSING, name
                continue
            state = self._hass.states.get(entry.entity_id)
            if (
                state is not None
                and state.state not in _NOTHING
                and not _is_in(self._units[signal_id], state)
            ):
                found[signal_id] = SignalProblem.UNIT, entry.entity_id
        return found

    def _removed(self, signal_id: str) -> str:
        """Return what a sensor was called that was removed not long ago, or its id."""
        removed = self._registry.deleted_entities.values()
        return next((e.entity_id for e in removed if e.id == signal_id), signal_id)

    async def async_flush(self, now: Instant) -> Span | None:
        """Write what intervals are over; return the span that it is about."""
        closed = {
            signal_id: watch.close(now) for signal_id, watch in self._watches.items()
        }
        values = [value for own in closed.values() for value in own]
        if not values:
            return None
        try:
            await self._ledger.async_run(self._ledger.write_signals, values)
        except BaseException:
            for signal_id, own in closed.items():
                if signal_id in self._watches:
                    self._watches[signal_id].keep(own)
            raise
        starts = [value.start for value in values]
        return Span(min(starts), max(starts) + 1)

    def _listen(self) -> None:
        """Find out what the sensors are called, and what they show."""
        self.stop()
        self._signals = {
            entry.entity_id: signal_id
            for signal_id in self._units
            if (entry := self._registry.async_get(signal_id)) is not None
        }
        self._unsubscribe = [
            async_track_state_change_event(
                self._hass, self._signals, self._on_state_changed
            ),
            self._hass.bus.async_listen(
                er.EVENT_ENTITY_REGISTRY_UPDATED, self._on_registry_updated
            ),
        ]
        now = _now()
        for name, signal_id in self._signals.items():
            state = self._hass.states.get(name)
            since = int(state.last_changed_timestamp) if state else now
            self._show(signal_id, state, max(since, now - now % self._seconds))
        for signal_id in self._units.keys() - self._signals.values():
            self._show(signal_id, None, now)

    @callback
    def _on_state_changed(self, event: Event[EventStateChangedData]) -> None:
        signal_id = self._signals[event.data["entity_id"]]
        self._show(signal_id, event.data["new_state"], int(event.time_fired_timestamp))

    @callback
    def _on_registry_updated(
        self, event: Event[er.EventEntityRegistryUpdatedData]
    ) -> None:
        """Find renamed and recreated sensors again; miss those that are gone."""
        names = {
            entry.entity_id
            for signal_id in self._units
            if (entry := self._registry.async_get(signal_id)) is not None
        }
        if event.data["entity_id"] in names | self._signals.keys():
            self._listen()

    def _show(self, signal_id: str, state: State | None, at: Instant) -> None:
        self._watches[signal_id].show(shown(state, self._units[signal_id]), at)


def shown(state: State | None, units: frozenset[str]) -> str | None:
    """Return what a state says in units that it must be in; None for nothing usable."""
    if state is None or not _is_in(units, state) or state.state.strip() in _NOTHING:
        return None
    return state.state.strip()


def _is_in(units: frozenset[str], state: State) -> bool:
    return units <= {state.attributes.get(ATTR_UNIT_OF_MEASUREMENT, "")}


def _now() -> Instant:
    return int(dt_util.utcnow().timestamp())
