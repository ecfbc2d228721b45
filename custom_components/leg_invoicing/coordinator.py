"""The quarter-hour clock: closes intervals, settles them, publishes the view.

Some grace after the end of each interval the meters that were silent are read, the
closed intervals are written, and what is new since the last time is settled and
added to the totals of the period. When something older changed (a meter that came
back, an import, new prices) the period is settled anew from its start. Either
way it is the same settlement that makes the bill.
"""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime
import logging
from typing import TYPE_CHECKING, override

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_track_point_in_utc_time
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util

from .billing.calendar import (
    Instant,
    Period,
    Span,
    cadence_period,
    local_date,
    midnight,
    utc,
)
from .billing.settlement import settle
from .billing.tally import Tally, tally
from .billing.terms import Terms
from .books import Books
from .community import House, cadence_months, terms_of
from .const import DOMAIN, GRACE_SECONDS
from .ledger import Ledger
from .meter_issues import MeterIssues
from .metering import Metering
from .statistics import Statistics
from .view import View, grid_prices_in_force, open_amount, prices_in_force

if TYPE_CHECKING:
    from .runtime import LegConfigEntry

_LOGGER = logging.getLogger(__name__)


class LegCoordinator(DataUpdateCoordinator[View]):
    """Keeps the view of one community up to date."""

    config_entry: LegConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        entry: LegConfigEntry,
        books: Books,
        ledger: Ledger,
        houses: Iterable[House],
        community_device_id: str,
    ) -> None:
        """Prepare the clock of a community whose stores are open."""
        super().__init__(
            hass, _LOGGER, config_entry=entry, name=f"{DOMAIN} {entry.title}"
        )
        self.community_device_id = community_device_id
        self._books = books
        self._ledger = ledger
        houses = tuple(houses)
        community = self.terms.community
        self._interval = community.interval_minutes * 60
        self.metering = Metering(
            hass, ledger, community, houses, _member_since(self.terms)
        )
        self._issues = MeterIssues(hass, entry, self.metering, houses)
        self._statistics = Statistics(hass, entry, ledger, houses)
        self._settling = asyncio.Lock()
        self._period: Period | None = None
        """The period that the totals are of; None when they are to begin again."""
        self._so_far = Tally()
        self._settled_to: Instant = 0
        self._unsub: CALLBACK_TYPE | None = None

    @property
    def terms(self) -> Terms:
        """The community's terms as they stand."""
        return terms_of(self.config_entry.data, self._books.commitments)

    async def async_start(self) -> None:
        """Take up metering where it was left, and start the clock."""
        await self.metering.async_start()
        await self.async_refresh()
        self._schedule()

    async def async_stop(self) -> None:
        """Stop the clock; write what is complete."""
        if self._unsub is not None:
            self._unsub()
            self._unsub = None
        await self.metering.async_stop(_now())
        self._issues.async_clear()

    async def async_flush(self) -> None:
        """Have everything in the ledger that the meters have closed."""
        self._changed(await self.metering.async_flush(_now()))

    async def async_measurements_changed(self, span: Span) -> None:
        """Settle again what rests on measurements that came from elsewhere."""
        self._changed(span)
        await self.async_refresh()

    @callback
    def async_books_changed(self) -> None:
        """Settle the period again, by the terms as they are now."""
        self._period = None
        first = self._period_at(_now()).first
        self._statistics.changed_from(midnight(first, self.terms.community.zone))
        self.config_entry.async_create_task(self.hass, self.async_refresh())

    @override
    async def _async_update_data(self) -> View:
        """Settle what is new and return the view."""
        async with self._settling:
            return await self._async_settle()

    async def _async_settle(self) -> View:
        end = self._newest_end()
        terms = self.terms
        newest = Span(end - self._interval, end)
        period = self._period_at(end)
        if period != self._period:
            self._begin(period)
        unsettled = Span(self._settled_to, end) if self._settled_to < end else None
        fresh, last = await self.hass.async_add_executor_job(
            self._settle, terms, unsettled, newest
        )
        self._so_far += fresh
        self._settled_to = end
        await self._statistics.async_project(terms, end)
        self._issues.async_update(_now())
        return View(
            period=period,
            span=Span(midnight(period.first, terms.community.zone), end),
            so_far=self._so_far,
            newest=last,
            registers=self.metering.registers,
            prices=prices_in_force(terms, newest),
            grid_prices=grid_prices_in_force(terms, newest),
            open_amount=open_amount(self._books.commitments),
        )

    def _settle(
        self, terms: Terms, unsettled: Span | None, newest: Span
    ) -> tuple[Tally, Tally]:
        """Return the totals of what is new, and of the newest interval alone."""
        last = _tally(self._ledger, terms, newest)
        if unsettled is None:
            return Tally(), last
        if unsettled == newest:
            return last, last
        return _tally(self._ledger, terms, unsettled), last

    def _begin(self, period: Period) -> None:
        """Begin the totals of a period, or begin them again."""
        self._period = period
        self._so_far = Tally()
        self._settled_to = midnight(period.first, self.terms.community.zone)

    def _changed(self, span: Span | None) -> None:
        """Note that measurements changed: forget totals that contain them."""
        if span is None:
            return
        if span.start < self._settled_to:
            self._period = None
        self._statistics.changed_from(span.start)

    def _newest_end(self) -> Instant:
        """Return the end of the newest interval whose grace is over."""
        settled = _now() - GRACE_SECONDS
        return settled - settled % self._interval

    def _period_at(self, end: Instant) -> Period:
        """Return the period that the interval before an instant is in."""
        day = local_date(end - 1, self.terms.community.zone)
        return cadence_period(day, cadence_months(self.config_entry.data))

    @callback
    def _schedule(self) -> None:
        """Wake up when the next interval's grace is over."""
        wake = self._newest_end() + self._interval + GRACE_SECONDS
        self._unsub = async_track_point_in_utc_time(
            self.hass, self._async_tick, utc(wake)
        )

    async def _async_tick(self, _: datetime) -> None:
        self._schedule()
        now = _now()
        self.metering.confirm_silent(self._newest_end(), now)
        await self.async_flush()
        await self.async_refresh()


def _now() -> Instant:
    return int(dt_util.utcnow().timestamp())


def _tally(ledger: Ledger, terms: Terms, span: Span) -> Tally:
    return tally(settle(terms, span, ledger.measurements(span)))


def _member_since(terms: Terms) -> Mapping[str, Instant]:
    """Return when each house's first agreement began."""
    since: dict[str, Instant] = {}
    for agreement in terms.agreements:
        start = midnight(agreement.first, terms.community.zone)
        since[agreement.house_id] = min(start, since.get(agreement.house_id, start))
    return since
