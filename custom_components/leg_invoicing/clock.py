"""When intervals are over: some grace after their end, until which meters may send."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from .billing.calendar import Instant
from .const import GRACE_SECONDS


def now() -> Instant:
    """Return the present, to the second."""
    return int(dt_util.utcnow().timestamp())


class IntervalClock:
    """Wakes somebody each time when an interval's grace is over."""

    def __init__(
        self, hass: HomeAssistant, interval: int, wake: Callable[[], Awaitable[None]]
    ) -> None:
        """Prepare the clock; intervals are so many seconds long."""
        self._hass = hass
        self._interval = interval
        self._wake = wake
        self._unsub: CALLBACK_TYPE | None = None

    def newest_end(self) -> Instant:
        """Return the end of the newest interval whose grace is over."""
        settled = now() - GRACE_SECONDS
        return settled - settled % self._interval

    @callback
    def async_start(self) -> None:
        """Wake up when the next interval's grace is over.

        A stretch of time, not a time of day: that could be far away when the
        computer's clock is put back.
        """
        wake = self.newest_end() + self._interval + GRACE_SECONDS
        delay = wake - dt_util.utcnow().timestamp()
        self._unsub = async_call_later(self._hass, delay, self._async_tick)

    @callback
    def async_stop(self) -> None:
        """Wake nobody any more."""
        if self._unsub is not None:
            self._unsub()
            self._unsub = None

    async def _async_tick(self, _: datetime) -> None:
        self.async_start()
        await self._wake()
