"""From readings to the ledger: holds the registers, writes what they close.

Readings move the registers in memory; the intervals they close wait here until
the clock, or somebody who wants to settle, has them written. Intervals and the
states they came from go into the ledger in one transaction, so a restart goes on
exactly where the ledger stands: what was read since is read again from the meter,
whose registers have forgotten nothing.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
import logging
from typing import Any

from homeassistant.core import HomeAssistant, callback

from .billing.calendar import Instant, Span
from .billing.energy import Energy
from .billing.gap_shape import Closed
from .billing.gathering import Gathering, RegisterKey
from .billing.register_state import Reading, RegisterState
from .billing.terms import Community
from .closed_writing import Kept, write_closed
from .community import Point
from .ledger import Ledger, Origin, Source
from .meter_feed import FollowedRegister, MeterFeed
from .metered import followed_registers, metered_point, sensor_of

_LOGGER = logging.getLogger(__name__)

type ChangeMeters = Callable[[Gathering], Iterable[Kept]]
"""Changes meters where they stand; returns what is to be kept of it."""

SENSOR = "sensor"
"""Beside a register's state: what it was read from.

The registry id of the sensor, the unit that a person stated for it, and the
constant of the meter.
"""


class Metering:
    """The registers of all points of a community."""

    def __init__(
        self,
        hass: HomeAssistant,
        ledger: Ledger,
        community: Community,
        points: Iterable[Point],
        member_since: Mapping[str, Instant],
    ) -> None:
        """Follow the points' registers; nothing before they are members counts."""
        points = tuple(points)
        self.interval_seconds = community.interval_minutes * 60
        self._ledger = ledger
        self._community = community
        self._metered = {
            point.point_id: metered_point(
                point, self.interval_seconds, member_since[point.point_id]
            )
            for point in points
        }
        self._sensors = {
            (point.point_id, register): sensor_of(point, registry_id)
            for point in points
            for register, registry_id in point.registers.items()
        }
        self._gathering = self.new_gathering()
        self._writing = asyncio.Lock()
        self.feed = MeterFeed(hass, tuple(followed_registers(points)), self._on_reading)

    def new_gathering(self) -> Gathering:
        """Return a gathering of the same points that has read nothing yet."""
        return Gathering(self._community.zone, self._metered)

    @property
    def states(self) -> Mapping[RegisterKey, RegisterState]:
        """Where each register stands."""
        return self._gathering.states

    @property
    def registers(self) -> dict[RegisterKey, Energy]:
        """The newest accepted value of each register."""
        return {key: state.shown for key, state in self.states.items()}

    async def async_start(self) -> None:
        """Take up the registers where the ledger left them, and listen."""
        await self._async_restore()
        self.feed.start()

    async def async_stop(self, now: Instant) -> None:
        """Stop listening; write what is complete, and where the registers stand."""
        self.feed.stop()
        await self.async_flush(now, always=True)

    def count_from(self, member_since: Mapping[str, Instant]) -> None:
        """Take over since when the points belong to the community."""
        for point_id, point in self._metered.items():
            self._metered[point_id] = replace(
                point, member_since=member_since[point_id]
            )

    def confirm_silent(self, edge: Instant, now: Instant) -> None:
        """Read the sensors that have said nothing since an interval's edge.

        A value that does not change makes no event, so an available sensor is
        taken at its word.
        """
        for followed, result in self.feed.sample(now).items():
            state = self.states.get((followed.point_id, followed.register))
            silent = state is None or state.last.at < edge
            if silent and isinstance(result, Reading):
                self._on_reading(followed, result)

    async def async_flush(self, now: Instant, *, always: bool = False) -> Span | None:
        """Write the closed intervals; return the span in which anything changed.

        With `always`, where the registers stand is written in any case.
        """
        async with self._writing:
            gathered = self._gathering
            # What is not believed closes nothing, and must survive a power cut too:
            # once a person decides, counting goes on from where the doubt began.
            in_doubt = any(state.doubt for state in gathered.states.values())
            if not (gathered.rows or gathered.midnights or in_doubt or always):
                return None
            return await self._async_write(gathered, now)

    async def _async_write(self, gathered: Gathering, now: Instant) -> Span | None:
        rows, midnights, gaps = gathered.rows, gathered.midnights, gathered.gaps
        states = dict(gathered.states)
        gathered.rows, gathered.midnights, gathered.gaps = {}, [], []
        origin = Origin(source=Source.LIVE, at=now)
        try:
            closed = Closed(list(rows.values()), midnights, gaps)
            return await self._async_store(closed, states, origin)
        except BaseException:
            # It waits on, before what was closed meanwhile. Should it have been
            # written after all, writing it again changes nothing.
            meanwhile, gathered.rows = gathered.rows, rows
            for row in meanwhile.values():
                gathered.add_row(row)
            gathered.midnights = midnights + gathered.midnights
            gathered.gaps = gaps + gathered.gaps
            raise

    async def async_change(
        self, change: ChangeMeters, origin: Origin
    ) -> tuple[Span, ...]:
        """Change meters; return the spans in which anything changed.

        Raises what `change` raises, and has changed nothing then.
        """
        spans: list[Span | None] = []
        async with self._writing:
            # What is written with where a register stands must be all it has closed.
            while self._gathering.rows or self._gathering.midnights:
                spans.append(await self._async_write(self._gathering, origin.at))
            changed = self.new_gathering()
            changed.states |= self.states
            stored = tuple(change(changed))
            spans.append(await self._async_take_over(changed, stored, origin))
        return tuple(span for span in spans if span)

    async def _async_take_over(
        self,
        changed: Gathering,
        stored: tuple[Kept, ...],
        origin: Origin,
    ) -> Span | None:
        """Go on from where registers were brought, and write what that closed."""
        closed = Closed(list(changed.rows.values()), changed.midnights, changed.gaps)
        states = self._gathering.states
        after = {k: s for k, s in changed.states.items() if s != states.get(k)}
        before = {key: states[key] for key in after if key in states}
        states |= after
        try:
            return await self._async_store(closed, after, origin, stored)
        except BaseException:
            for key in after:
                del states[key]
            states |= before
            raise

    def close_gap(self, key: RegisterKey, state: RegisterState, first: Reading) -> None:
        """Close the intervals between a reading from elsewhere and one from here."""
        gap = self.new_gathering()
        gap.states[key] = state
        gap.take(key, Reading(first.at, first.value - state.offset))
        for row in gap.rows.values():
            self._gathering.add_row(row)
        self._gathering.midnights += gap.midnights
        self._gathering.gaps += gap.gaps

    def go_on(self, key: RegisterKey, state: RegisterState) -> None:
        """Go on from where a register stood elsewhere."""
        own = self.states.get(key)
        self._gathering.states[key] = state
        if own is not None:
            # What the meter showed: the register is its own from here on.
            self._gathering.take(key, Reading(own.last.at, own.shown))

    async def _async_store(
        self,
        closed: Closed,
        states: Mapping[RegisterKey, RegisterState],
        origin: Origin,
        kept: tuple[Kept, ...] = (),
    ) -> Span | None:
        registers = {
            key: {**state.as_record(), SENSOR: self._sensors[key]}
            for key, state in states.items()
        }
        return await self._ledger.async_run(
            write_closed, self._ledger, self._community, closed, origin, registers, kept
        )

    async def _async_restore(self) -> None:
        records: Mapping[RegisterKey, Any] = await self._ledger.async_run(
            self._ledger.register_states
        )
        self._gathering = self.new_gathering()
        self._gathering.states = {
            key: self._restored(key, record)
            for key, record in records.items()
            if key in self._sensors
        }

    def _restored(self, key: RegisterKey, record: Mapping[str, Any]) -> RegisterState:
        state = RegisterState.from_record(record)
        if record.get(SENSOR) == self._sensors[key]:
            return state
        # Another sensor was chosen, or another unit. It may show the same register,
        # and go on; or another value, which must then not be held against it.
        return replace(state, trial_since=state.last.at, drop=None, jump=None)

    @callback
    def _on_reading(self, followed: FollowedRegister, reading: Reading) -> None:
        key = (followed.point_id, followed.register)
        if event := self._gathering.take(key, reading):
            _LOGGER.debug("%s %s: %s at %s", *key, event, reading.at)
