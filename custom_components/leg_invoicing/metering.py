"""From readings to the ledger: holds the registers, writes what they close.

Readings move the registers in memory; the intervals they close wait here until
the clock, or somebody who wants to settle, has them written. Intervals and the
states they came from go into the ledger in one transaction, so a restart goes on
exactly where the ledger stands: what was read since is read again from the meter,
whose registers have forgotten nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
import logging
from typing import Any

from homeassistant.core import HomeAssistant, callback

from .billing.calendar import Instant, Span
from .billing.energy import Energy
from .billing.gathering import Gathering, MeteredHouse, MidnightReading, RegisterKey
from .billing.measurements import IntervalRow
from .billing.register_state import Reading, RegisterState
from .billing.registers import DAY_SECONDS, RegisterLimits
from .billing.terms import Community
from .community import House
from .ledger import Ledger, ReadingKind, Source, StoredReading
from .meter_feed import FollowedRegister, MeterFeed

_LOGGER = logging.getLogger(__name__)

SENSOR = "sensor"
"""Beside a register's state: the registry id of the sensor it was read from."""


class Metering:
    """The registers of all houses of a community."""

    def __init__(
        self,
        hass: HomeAssistant,
        ledger: Ledger,
        community: Community,
        houses: Iterable[House],
        member_since: Mapping[str, Instant],
    ) -> None:
        """Follow the houses' registers; nothing before they are members counts."""
        houses = tuple(houses)
        self._ledger = ledger
        self._zone = community.zone
        self._metered = {
            house.house_id: MeteredHouse(
                registers=frozenset(house.registers),
                limits=RegisterLimits(
                    interval_seconds=community.interval_minutes * 60,
                    max_power_w=house.max_power_w,
                ),
                member_since=member_since[house.house_id],
            )
            for house in houses
        }
        self._sensors = {
            (house.house_id, register): registry_id
            for house in houses
            for register, registry_id in house.registers.items()
        }
        self._gathering = self.new_gathering()
        self.feed = MeterFeed(hass, tuple(_followed(houses)), self._on_reading)

    def new_gathering(self) -> Gathering:
        """Return a gathering of the same houses that has read nothing yet."""
        return Gathering(self._zone, self._metered)

    @property
    def states(self) -> Mapping[RegisterKey, RegisterState]:
        """Where each register stands."""
        return self._gathering.states

    @property
    def registers(self) -> dict[RegisterKey, Energy]:
        """The newest accepted value of each register."""
        return {key: state.last.value for key, state in self.states.items()}

    async def async_start(self) -> None:
        """Take up the registers where the ledger left them, and listen."""
        await self._async_restore()
        self.feed.start()

    async def async_stop(self, now: Instant) -> None:
        """Stop listening and write what is complete."""
        self.feed.stop()
        await self.async_flush(now)

    def confirm_silent(self, edge: Instant, now: Instant) -> None:
        """Read the sensors that have said nothing since an interval's edge.

        A value that does not change makes no event, so an available sensor is
        taken at its word.
        """
        for followed, result in self.feed.sample(now).items():
            state = self.states.get((followed.house_id, followed.register))
            silent = state is None or state.last.at < edge
            if silent and isinstance(result, Reading):
                self._on_reading(followed, result)

    def adopt(self, states: Mapping[RegisterKey, RegisterState], now: Instant) -> None:
        """Go on from registers that were read elsewhere, such as from a file.

        Only where what was read reaches up to the meter's own readings, or up to
        now: a hole of more than a day is for a person to fill, not for a line.
        """
        for key, state in states.items():
            own = self.states.get(key)
            first = own.edge or own.last if own else None
            reaches = first.at if first else now
            if own is not None and (own.drop or own.jump):
                continue
            if reaches - state.last.at > DAY_SECONDS:
                continue
            self._gathering.states[key] = state
            for at in (own.edge, own.last) if own else ():
                if at is not None and at.at > self.states[key].last.at:
                    self._gathering.take(key, Reading(at.at, at.value))

    async def async_flush(self, now: Instant) -> Span | None:
        """Write the closed intervals; return the span in which anything changed."""
        gathered = self._gathering
        if not gathered.rows and not gathered.midnights:
            return None
        rows, midnights = list(gathered.rows.values()), gathered.midnights
        states = dict(gathered.states)
        gathered.rows, gathered.midnights = {}, []
        try:
            return await self._ledger.async_run(
                self._write, rows, midnights, states, now
            )
        except Exception:
            # As after a restart: go on from what the ledger holds.
            await self._async_restore()
            raise

    def _write(
        self,
        rows: list[IntervalRow],
        midnights: list[MidnightReading],
        states: Mapping[RegisterKey, RegisterState],
        now: Instant,
    ) -> Span | None:
        written = self._ledger.write(
            rows,
            source=Source.LIVE,
            reason="",
            at=now,
            registers={
                key: {**state.as_record(), SENSOR: self._sensors[key]}
                for key, state in states.items()
            },
            readings=stored_readings(midnights),
        )
        return written.span

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
        # Another sensor was chosen. It may show the same register, and go on; or
        # another meter's, whose first values must then not be held against it.
        return replace(state, trial_since=state.last.at, drop=None, jump=None)

    @callback
    def _on_reading(self, followed: FollowedRegister, reading: Reading) -> None:
        key = (followed.house_id, followed.register)
        if event := self._gathering.take(key, reading):
            _LOGGER.debug("%s %s: %s at %s", *key, event, reading.at)


def stored_readings(midnights: Iterable[MidnightReading]) -> list[StoredReading]:
    """Return midnight readings as the ledger keeps them."""
    return [
        StoredReading(
            house_id=key[0],
            register=key[1],
            at=reading.at,
            value=reading.value,
            kind=ReadingKind.READ if is_read else ReadingKind.INTERPOLATED,
        )
        for key, reading, is_read in midnights
    ]


def _followed(houses: Iterable[House]) -> Iterator[FollowedRegister]:
    for house in houses:
        for register, registry_id in house.registers.items():
            yield FollowedRegister(
                house_id=house.house_id,
                register=register,
                registry_id=registry_id,
                declared_unit=house.unit,
            )
