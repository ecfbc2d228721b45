"""All that one community does about signals: follows, records and asks for them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from .billing.calendar import Instant, Span
from .billing.signals import NO_SIGNALS
from .billing.signals_named import signals_named, units_named
from .billing.terms import Terms
from .ledger import Ledger
from .signal_feed import SignalFeed
from .signal_issues import SignalIssues

if TYPE_CHECKING:
    from .runtime import LegConfigEntry


class SignalRecording:
    """The signals of one community."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: LegConfigEntry,
        ledger: Ledger,
        interval_seconds: int,
    ) -> None:
        """Record nothing yet."""
        self._hass = hass
        self._ledger = ledger
        self._feed = SignalFeed(hass, ledger, interval_seconds)
        self._issues = SignalIssues(hass, entry)

    @callback
    def async_update(self, terms: Terms) -> None:
        """Follow what the terms name now, and say what cannot be followed."""
        today = dt_util.now(terms.community.zone).date()
        self._feed.follow(units_named(terms, today))
        self._issues.async_update(self._feed.problems())

    @callback
    def async_clear_issues(self) -> None:
        """Take back what was said about sensors."""
        self._issues.async_update({})

    async def async_flush(self, now: Instant) -> Span | None:
        """Write what intervals are over; return the span that it is about."""
        return await self._feed.async_flush(now)

    async def async_stop(self, now: Instant) -> None:
        """Follow nothing any more, and write what is complete."""
        self._feed.stop()
        await self._feed.async_flush(now)

    async def async_at(self, terms: Terms, interval: Span) -> Mapping[str, str]:
        """Return what was so in an interval."""
        if not signals_named(terms):
            return NO_SIGNALS
        return await self._hass.async_add_executor_job(self._at, interval)

    def _at(self, interval: Span) -> Mapping[str, str]:
        found = self._ledger.signals(interval)
        return {value.signal_id: value.value for value in found}
