"""From readings to the ledger: holds the registers, writes what they close.

Readings move the registers in memory; the intervals they close wait here until
the clock, or somebody who wants to settle, has them written. Intervals and the
states they came from go into the ledger in one transaction, so a restart goes on
exactly where the ledger stands: what was read since is read again from the meter,
whose registers have forgotten nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
import logging
from typing import Any

from homeassistant.core import HomeAssistant, callback

from .billing.calendar import Instant, Span, local_date, midnight
from .billing.energy import NO_ENERGY, Energy
from .billing.measurements import IntervalRow, combine
from .billing.quality import Quality
from .billing.registers import (
    Reading,
    RegisterInterval,
    RegisterLimits,
    RegisterState,
    advance,
)
from .billing.terms import Community
from .community import House
from .ledger import Ledger, Source, StoredReading
from .ledger_entries import ReadingKind
from .meter_feed import FollowedRegister, MeterFeed

_LOGGER = logging.getLogger(__name__)

type RegisterKey = tuple[str, str]
"""House id and register: import or export."""


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
        self._ledger = ledger
        self._community = community
        self._houses = {house.house_id: house for house in houses}
        self._member_since = member_since
        self._states: dict[RegisterKey, RegisterState] = {}
        self._rows: dict[tuple[str, Instant], IntervalRow] = {}
        self._midnights: list[StoredReading] = []
        self._limits = {
            house.house_id: RegisterLimits(
                interval_seconds=community.interval_minutes * 60,
                max_power_w=house.max_power_w,
            )
            for house in self._houses.values()
        }
        self.feed = MeterFeed(hass, tuple(self._followed()), self._on_reading)

    @property
    def states(self) -> Mapping[RegisterKey, RegisterState]:
        """Where each register stands."""
        return self._states

    @property
    def registers(self) -> dict[RegisterKey, Energy]:
        """The newest accepted value of each register."""
        return {key: state.last.value for key, state in self._states.items()}

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
            state = self._states.get((followed.house_id, followed.register))
            silent = state is None or state.last.at < edge
            if silent and isinstance(result, Reading):
                self._on_reading(followed, result)

    async def async_flush(self, now: Instant) -> Span | None:
        """Write the closed intervals; return the span in which anything changed."""
        if not self._rows:
            return None
        rows, self._rows = self._rows, {}
        midnights, self._midnights = self._midnights, []
        try:
            written = await self._ledger.async_run(
                self._write, list(rows.values()), midnights, dict(self._states), now
            )
        except Exception:
            # As after a restart: go on from what the ledger holds.
            await self._async_restore()
            raise
        return written

    def _write(
        self,
        rows: list[IntervalRow],
        midnights: list[StoredReading],
        states: Mapping[RegisterKey, RegisterState],
        now: Instant,
    ) -> Span | None:
        written = self._ledger.write(
            rows,
            source=Source.LIVE,
            reason="",
            at=now,
            registers={key: state.as_record() for key, state in states.items()},
            readings=midnights,
        )
        return written.span

    async def _async_restore(self) -> None:
        records: Mapping[RegisterKey, Any] = await self._ledger.async_run(
            self._ledger.register_states
        )
        self._states = {
            key: RegisterState.from_record(record)
            for key, record in records.items()
            if key[0] in self._houses and key[1] in self._houses[key[0]].registers
        }

    def _followed(self) -> Iterator[FollowedRegister]:
        for house in self._houses.values():
            for register, registry_id in house.registers.items():
                yield FollowedRegister(
                    house_id=house.house_id,
                    register=register,
                    registry_id=registry_id,
                    declared_unit=house.unit,
                )

    @callback
    def _on_reading(self, followed: FollowedRegister, reading: Reading) -> None:
        key = (followed.house_id, followed.register)
        step = advance(self._states.get(key), reading, self._limits[followed.house_id])
        self._states[key] = step.state
        if step.event is not None:
            _LOGGER.debug("%s %s: %s at %s", *key, step.event, reading.at)
        self._note(key, step.state, step.closed)

    def _note(
        self,
        key: RegisterKey,
        state: RegisterState,
        closed: Iterable[RegisterInterval],
    ) -> None:
        """Keep closed intervals, and the register at local midnights."""
        value = state.edge.value if state.edge else NO_ENERGY
        seconds = self._community.interval_minutes * 60
        # Backwards from the newest edge, whose value is known.
        for interval in reversed(tuple(closed)):
            end = interval.start + seconds
            if self._is_midnight(end):
                self._midnights.append(_stored(key, end, value, interval.quality))
            value -= interval.energy
            self._add_row(key, interval)

    def _add_row(self, key: RegisterKey, interval: RegisterInterval) -> None:
        house_id, register = key
        if interval.start < self._member_since[house_id]:
            return
        # A register the house does not have measures nothing.
        other = None if len(self._houses[house_id].registers) > 1 else 0
        mwh = interval.energy.mwh
        row = IntervalRow(
            house_id,
            interval.start,
            mwh if register == "import" else other,
            mwh if register == "export" else other,
            interval.quality,
        )
        at = (house_id, interval.start)
        self._rows[at] = combine(self._rows.get(at), row) or row

    def _is_midnight(self, instant: Instant) -> bool:
        zone = self._community.zone
        return midnight(local_date(instant, zone), zone) == instant


def _stored(
    key: RegisterKey, at: Instant, value: Energy, quality: Quality
) -> StoredReading:
    house_id, register = key
    measured = quality is Quality.MEASURED
    return StoredReading(
        house_id=house_id,
        register=register,
        at=at,
        value=value,
        kind=ReadingKind.READ if measured else ReadingKind.INTERPOLATED,
    )
