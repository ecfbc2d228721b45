"""Let meters run and the clock go, quarter hour by quarter hour."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
import sqlite3
import threading
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)
from sqlalchemy.exc import OperationalError

from custom_components.leg_invoicing.billing.calendar import Span
from custom_components.leg_invoicing.billing.measurements import IntervalRow
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.ledger import Ledger
from tests import given

MEASURED = Quality.MEASURED
INTERPOLATED = Quality.INTERPOLATED


def instant(text: str) -> int:
    """Return an instant; without an offset it is UTC."""
    moment = dt_util.parse_datetime(text, raise_on_error=True)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt_util.UTC)
    return int(moment.timestamp())


async def go(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, moment: str, **kwh: float | str
) -> None:
    """Let it be a moment, and meters show what they are said to show."""
    freezer.move_to(dt_util.utc_from_timestamp(instant(moment)))
    for name, value in kwh.items():
        given.show(hass, name, value)
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)


def shown(hass: HomeAssistant, name: str) -> str:
    """Return what a sensor shows."""
    state = hass.states.get(f"sensor.{name}")
    assert state is not None, name
    return state.state


def number(hass: HomeAssistant, name: str) -> Decimal:
    """Return the number that a sensor shows."""
    return Decimal(shown(hass, name))


async def rows(
    hass: HomeAssistant, entry: MockConfigEntry, house_id: str | None = None
) -> list[tuple[Any, ...]]:
    """Return the rows of the ledger: house, start, kWh in and out, quality."""
    ledger: Ledger = entry.runtime_data.ledger
    houses = None if house_id is None else [house_id]

    def read() -> list[IntervalRow]:
        return list(ledger.rows(Span(0, 2**40), houses))

    found = await hass.async_add_executor_job(read)
    return [
        (
            row.house_id,
            f"{dt_util.utc_from_timestamp(row.start):%m-%d %H:%M}",
            _kwh(row.imported),
            _kwh(row.exported),
            row.quality,
        )
        for row in found
    ]


def _kwh(mwh: int | None) -> str | None:
    return None if mwh is None else f"{Decimal(mwh).scaleb(-6).normalize():f}"


@contextmanager
def unwritable_ledger() -> Iterator[None]:
    """Let the disk be full for the ledger."""
    error = OperationalError("", {}, sqlite3.OperationalError("disk is full"))
    with patch.object(Ledger, "write", side_effect=error):
        yield


@contextmanager
def only_outside_the_loop(*targets: str) -> Iterator[dict[str, int]]:
    """Fail when a function is called in the event loop's thread; count the calls."""
    calls = dict.fromkeys(targets, 0)
    loop = threading.get_ident()
    patches = [patch(target, _guarded(target, loop, calls)) for target in targets]
    for one in patches:
        one.start()
    try:
        yield calls
    finally:
        for one in patches:
            one.stop()


def _guarded(target: str, loop: int, calls: dict[str, int]) -> Any:
    module, _, name = target.rpartition(".")
    original = getattr(_imported(module), name)

    def guarded(*args: Any, **kwargs: Any) -> Any:
        assert threading.get_ident() != loop, f"{target} was called in the event loop"
        calls[target] += 1
        return original(*args, **kwargs)

    return guarded


def _imported(path: str) -> Any:
    from pkgutil import resolve_name

    return resolve_name(path)
