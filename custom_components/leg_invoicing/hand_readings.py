"""Readings of registers that people took, into the ledger.

What a reading by hand says about a gap is decided in `billing.hand_reading`. Here
the ledger is asked what is known, and what follows is written in one transaction
with where the register stands, as it is for a live meter.
"""

from dataclasses import dataclass
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from sqlalchemy.exc import SQLAlchemyError

from .billing.energy import NO_ENERGY, Energy
from .billing.gathering import Gathering, MidnightReading, RegisterKey
from .billing.hand_reading import (
    ContradictionError,
    count_again,
    fitted,
    stretch_around,
)
from .billing.register_state import Reading
from .community import Point
from .corrections import Said, bounds, kwh_text, local_time, not_written
from .hand_course import Known, course_of, go_on_from, known_of
from .ledger import ReadingKind, StoredReading
from .refusals import refused
from .runtime import LegConfigEntry


@dataclass(slots=True, kw_only=True)
class _HandReading:
    """A reading by hand that is about to be taken."""

    key: RegisterKey
    reading: Reading
    """What the meter showed."""
    known: Known
    counted: int = 0
    """How many intervals were counted again."""

    def take(self, gathering: Gathering) -> list[StoredReading]:
        """Count again what lies around the reading; return what is to be kept.

        Raises ContradictionError, and has changed nothing then.
        """
        state = gathering.states.get(self.key)
        offset = NO_ENERGY if state is None else state.offset
        limits = gathering.houses[self.key[0]].limits
        at, length = self.reading.at, limits.interval_seconds
        course = course_of(self.known, state, length)
        stretch = stretch_around(course, at, length)
        shift = self.known.offset(at, offset)
        reading = fitted(Reading(at, self.reading.value + shift), stretch, limits)
        again = Gathering(gathering.zone, gathering.houses)
        rows = count_again(again, self.key, stretch, reading)
        self.counted = len(rows)
        gathering.rows |= {(row.house_id, row.start): row for row in rows}
        if stretch.is_open:
            new = again.states[self.key]
            gathering.states[self.key] = go_on_from(state, new, offset)
        gathering.gaps += again.gaps
        gathering.midnights += [
            MidnightReading(
                self.key,
                Reading(m.at, m.value - self.known.offset(m.at, offset)),
                is_read=False,
            )
            for _, m, _ in again.midnights
        ]
        return [self._stored(reading.value - shift)]

    def _stored(self, shown: Energy) -> StoredReading:
        house_id, register = self.key
        return StoredReading(
            house_id=house_id,
            register=register,
            at=self.reading.at,
            value=shown,
            kind=ReadingKind.HAND,
        )


async def async_add_reading(
    hass: HomeAssistant,
    entry: LegConfigEntry,
    point: Point,
    register: str,
    reading: Reading,
    said: Said,
) -> dict[str, Any]:
    """Take a reading by hand; return what it changed.

    Raises ServiceValidationError when it contradicts what is known, and
    HomeAssistantError when it cannot be written; nothing has changed then.
    """
    data, key = entry.runtime_data, (point.point_id, register)
    if register not in point.registers:
        raise refused("register_unknown", house=point.name, register=register)
    if reading.at > said.at:
        raise refused("in_the_future", time=local_time(entry, reading.at))
    length = data.coordinator.metering.interval_seconds
    async with data.books.changing:
        await data.coordinator.async_flush()
        known = await hass.async_add_executor_job(
            known_of, data.ledger, key, reading.at, said.at, length
        )
        by_hand = _HandReading(key=key, reading=reading, known=known)
        try:
            spans = await data.coordinator.metering.async_change(
                by_hand.take, said.origin
            )
        except ContradictionError as err:
            raise _contradiction(entry, point, register, by_hand, err) from err
        except SQLAlchemyError as err:
            raise not_written(data.ledger) from err
    for span in spans:
        await data.coordinator.async_measurements_changed(span)
    return {"intervals": by_hand.counted, **bounds(spans, length)}


def _contradiction(
    entry: LegConfigEntry,
    point: Point,
    register: str,
    by_hand: _HandReading,
    err: ContradictionError,
) -> HomeAssistantError:
    state = entry.runtime_data.coordinator.metering.states.get(by_hand.key)
    newest = NO_ENERGY if state is None else state.offset
    other = err.other.value - by_hand.known.offset(err.other.at, newest)
    return refused(
        err.code,
        house=point.name,
        register=register,
        value=kwh_text(by_hand.reading.value),
        time=local_time(entry, by_hand.reading.at),
        other_value=kwh_text(other),
        other_time=local_time(entry, err.other.at),
    )
