"""Change meters: what a person says about them, from the registers to the ledger.

A change goes through the same rules whether it is told by an action or in a repair.
What it closes, where the register stands then, and the change itself are written in
one transaction; whatever it counts again is settled again.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
from sqlalchemy.exc import SQLAlchemyError

from .billing.calendar import Instant, Span, iso_utc
from .billing.energy import Energy
from .billing.gathering import Gathering, RegisterKey
from .billing.meter_change import ChangeError, MeterChange, rejected_jump, reset
from .billing.past_change import Past
from .community import Point, points_of_entry
from .const import DOMAIN
from .ledger import ChangeKind, Origin, Source, StoredChange
from .metered import stored_changes
from .refusals import refused
from .register_past import pasts_of
from .runtime import LegConfigEntry

type Pasts = Mapping[RegisterKey, Past]
type _Step = Callable[[Gathering, Pasts], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A meter that was replaced, as a person tells it."""

    point_id: str
    at: Instant
    readings: Mapping[str, tuple[Decimal, Decimal]]
    """By register: what the old meter showed last, in kWh, and the new one first."""
    old_serial: str = ""
    new_serial: str = ""
    reason: str = ""
    user_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What is to be done, by whom, and how it is kept."""

    point: Point
    registers: Collection[str]
    at: Instant
    step: _Step
    action: str
    reason: str = ""
    user_id: str | None = None
    kind: ChangeKind = ChangeKind.REPLACED
    old_serial: str = ""
    new_serial: str = ""

    @property
    def keys(self) -> tuple[RegisterKey, ...]:
        """The registers that it is about."""
        return tuple((self.point.point_id, register) for register in self.registers)


async def async_change_meters(entry: LegConfigEntry, change: Change) -> dict[str, Any]:
    """Go on with another meter; return what was counted again.

    Raises ServiceValidationError where the house or a register is not there, or
    where a reading contradicts what is known; nothing has changed then.
    """
    point = _point(entry, change.point_id)
    if change.at > dt_util.utcnow().timestamp():
        raise refused("change_in_future", time=iso_utc(change.at))

    def step(gathering: Gathering, pasts: Pasts) -> None:
        for register, (final, first) in change.readings.items():
            key = (point.point_id, register)
            told = MeterChange(
                at=change.at,
                final=Energy.from_kwh(final).scaled(point.constant),
                first=Energy.from_kwh(first).scaled(point.constant),
            )
            gathering.change(key, told, pasts[key])

    told = _Told(
        point=point,
        registers=tuple(change.readings),
        at=change.at,
        step=step,
        action="change_meter",
        reason=change.reason,
        user_id=change.user_id,
        old_serial=change.old_serial,
        new_serial=change.new_serial,
    )
    return await _async_apply(entry, told)


def _reset(gathering: Gathering, key: RegisterKey) -> None:
    gathering.change(key, reset(gathering.states[key]))


def _reject(gathering: Gathering, key: RegisterKey) -> None:
    gathering.change(key, rejected_jump(gathering.states[key]))


def _accept(gathering: Gathering, key: RegisterKey) -> None:
    gathering.accept_jump(key)


_DECISIONS: Mapping[
    str, tuple[Callable[[Gathering, RegisterKey], None], ChangeKind]
] = {
    "meter_reset": (_reset, ChangeKind.RESET),
    "reject_jump": (_reject, ChangeKind.JUMP_REJECTED),
    "accept_jump": (_accept, ChangeKind.REPLACED),
}


async def async_decide(
    entry: LegConfigEntry, key: RegisterKey, decision: str, user_id: str | None
) -> None:
    """End the doubt about a register, the way a person decided.

    Raises ServiceValidationError where it is not in doubt, or not like that.
    """
    point_id, register = key
    decide, kind = _DECISIONS[decision]

    def step(gathering: Gathering, _: Pasts) -> None:
        state = gathering.states.get(key)
        if state is None or state.doubt is None:
            raise ChangeError("no_doubt")
        decide(gathering, key)

    told = _Told(
        point=_point(entry, point_id),
        registers=(register,),
        at=int(dt_util.utcnow().timestamp()),
        step=step,
        action=decision,
        user_id=user_id,
        kind=kind,
    )
    await _async_apply(entry, told)


async def _async_apply(entry: LegConfigEntry, told: _Told) -> dict[str, Any]:
    """Change registers and the ledger, and settle again what that touches."""
    data = entry.runtime_data
    if missing := set(told.registers) - set(told.point.registers):
        raise refused(
            "register_unknown", house=told.point.name, register=", ".join(missing)
        )
    # A period that is being closed is billed, and kept as evidence, as it stands.
    async with data.books.changing:
        await data.coordinator.async_flush(always=True)
        spans = await _async_write(entry, told)
    for span in spans:
        await data.coordinator.async_measurements_changed(span)
    await data.coordinator.async_refresh()
    return {
        "house_id": told.point.point_id,
        "registers": list(told.registers),
        "first": iso_utc(min(span.start for span in spans)) if spans else None,
        "last": iso_utc(max(span.end for span in spans) - 1) if spans else None,
    }


async def _async_write(entry: LegConfigEntry, told: _Told) -> tuple[Span, ...]:
    data = entry.runtime_data
    metering, ledger = data.coordinator.metering, data.ledger
    states = {key: metering.states.get(key) for key in told.keys}
    known = await ledger.async_run(ledger.meter_changes)
    pasts = await ledger.async_run(pasts_of, ledger, states, known, told.at)

    def change(gathering: Gathering) -> list[StoredChange]:
        told.step(gathering, pasts)
        return _stored(gathering, known, told)

    origin = Origin(
        source=Source.LIVE,
        at=int(dt_util.utcnow().timestamp()),
        action=told.action,
        reason=told.reason,
        user_id=told.user_id,
    )
    try:
        return await metering.async_change(change, origin)
    except ChangeError as err:
        house = told.point.name
        raise refused(err.code, house=house, **err.details) from err
    except SQLAlchemyError as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="change_not_written",
            translation_placeholders={"path": str(ledger.path)},
        ) from err


def _stored(
    gathering: Gathering, known: Collection[StoredChange], told: _Told
) -> list[StoredChange]:
    """Return the changes as they are kept; raises ChangeError for a known one."""
    taken = {(change.house_id, change.register, change.at) for change in known}
    if any((*key, change.at) in taken for key, change in gathering.changes):
        raise ChangeError("change_known")
    return [
        replace(
            change,
            kind=told.kind,
            old_serial=told.old_serial,
            new_serial=told.new_serial,
            note=told.reason,
        )
        for change in stored_changes(gathering.changes)
    ]


def _point(entry: LegConfigEntry, point_id: str) -> Point:
    for point in points_of_entry(entry):
        if point.point_id == point_id:
            return point
    raise refused("house_unknown", house=point_id)
