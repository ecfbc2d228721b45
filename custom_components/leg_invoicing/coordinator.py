"""What is done with each interval: it is closed, settled, and shown in the view.

Some grace after the end of each interval the meters that were silent are read, the
closed intervals are written, and what is new is settled. Whatever fails, the clock
goes on, and what could not be done is done with the next interval.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
import logging
from typing import TYPE_CHECKING, override

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed
from sqlalchemy.exc import SQLAlchemyError

from .billing.calendar import (
    Instant,
    Period,
    Span,
    cadence_period,
    local_date,
    midnight,
)
from .billing.terms import Terms
from .books import Books
from .clock import IntervalClock, now
from .closed_periods import ClosedPeriods
from .community import (
    House,
    cadence_months,
    member_since,
    points_of_entry,
    settings_of,
    terms_of,
)
from .const import DOMAIN
from .ledger import Ledger
from .meter_issues import MeterIssue, MeterIssues
from .metering import Metering
from .readiness import LastPeriod
from .refusals import ledger_trouble
from .signal_recording import SignalRecording
from .statistics import Statistics
from .totals import PeriodTotals
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
        points = points_of_entry(entry)
        self.metering = Metering(
            hass, ledger, community, points, member_since(self.terms)
        )
        self._issues = MeterIssues(hass, entry, self.metering, points)
        self.closed_periods = ClosedPeriods(hass, entry, books, ledger, houses)
        self._last_period = LastPeriod(
            hass, entry, ledger, self._async_show_last_period
        )
        self._signals = SignalRecording(hass, entry, ledger, self._interval)
        self._statistics = Statistics(hass, entry, ledger, houses)
        self._totals = PeriodTotals(hass, ledger)
        self._settling = asyncio.Lock()
        self._clock = IntervalClock(hass, self._interval, self._async_interval_over)

    @property
    def terms(self) -> Terms:
        """The community's terms as they stand."""
        return terms_of(settings_of(self.config_entry), self._books.commitments)

    async def async_start(self) -> None:
        """Take up metering where it was left, and start the clock.

        Raises ConfigEntryNotReady when the period cannot be settled.
        """
        await self.metering.async_start()
        await self.async_config_entry_first_refresh()
        self.closed_periods.async_start(self.terms)
        self._clock.async_start()

    async def async_stop(self) -> None:
        """Stop the clock; write what is complete."""
        self._clock.async_stop()
        await self.async_shutdown()
        async with self._settling:
            self._statistics.async_stop()
            try:
                await self._signals.async_stop(now())
                await self.metering.async_stop(now())
            except SQLAlchemyError:
                # The registers have forgotten nothing: it is read again from them.
                _LOGGER.exception("%s could not be written", self._ledger.path)

    def meter_issues(self, now: Instant) -> tuple[MeterIssue, ...]:
        """Return what is wrong with the meters."""
        return tuple(self._issues.standing(now))

    @callback
    def async_clear_issues(self) -> None:
        """Take back what was said about meters and periods."""
        self._issues.async_clear()
        self._signals.async_clear_issues()
        self.closed_periods.async_clear()

    async def async_flush(self, *, always: bool = False) -> None:
        """Have everything in the ledger that the meters have closed.

        It comes to its end even if whoever asked for it is gone: a change that is
        written and not noted would never be settled. Raises HomeAssistantError when
        it cannot be written; it is then tried again with the next interval.
        """
        flush = self._async_flush(always=always)
        task = self.hass.async_create_task(flush, f"{self.name} flush")
        try:
            await asyncio.shield(task)
        except SQLAlchemyError as err:
            raise HomeAssistantError(**ledger_trouble(self._ledger.path, err)) from err

    async def _async_flush(self, *, always: bool = False) -> None:
        self._changed(await self._signals.async_flush(now()))
        self._changed(await self.metering.async_flush(now(), always=always))

    async def async_measurements_changed(self, span: Span) -> None:
        """Settle again what rests on measurements that came from elsewhere."""
        self._changed(span)
        await self.async_refresh()

    @callback
    def async_books_changed(self) -> None:
        """Settle the period again, by the terms as they are now."""
        self._totals.async_forget()
        self.metering.count_from(member_since(self.terms))
        self.config_entry.async_create_task(self.hass, self.async_refresh())

    @override
    async def _async_update_data(self) -> View:
        """Write and settle what is new and return the view."""
        async with self._settling:
            self._issues.async_update(now())
            self._signals.async_update(self.terms)
            try:
                await self._async_flush()
                return await self._async_settle()
            except SQLAlchemyError as err:
                raise UpdateFailed(**ledger_trouble(self._ledger.path, err)) from err

    async def _async_settle(self) -> View:
        end, terms = self._clock.newest_end(), self.terms
        newest = Span(end - self._interval, end)
        period = self._period_at(end)
        so_far, last = await self._totals.async_settle(terms, period, newest)
        signals = await self._signals.async_at(terms, newest)
        self._statistics.async_project(terms, end, self._billed_to())
        before = self._period_at(midnight(period.first, terms.community.zone))
        self._last_period.async_ask(before, terms, self._books.commitments)
        return View(
            period=period,
            span=Span(midnight(period.first, terms.community.zone), end),
            so_far=so_far,
            newest=last,
            registers=self.metering.registers,
            prices=prices_in_force(terms, newest, last, signals),
            grid_prices=grid_prices_in_force(terms, newest, signals),
            open_amount=open_amount(self._books.commitments),
            stale=frozenset(issue.point_id for issue in self.meter_issues(now())),
            last_period=self._last_period.answer,
        )

    @callback
    def _changed(self, span: Span | None) -> None:
        """Note that measurements changed."""
        if span is not None:
            self._totals.async_changed(span)
            self._statistics.async_changed(span.start)
            self.closed_periods.async_changed(self.terms, span)
            self._last_period.async_changed(self.terms, span)

    @callback
    def _async_show_last_period(self) -> None:
        """Show an answer that was found after the view was made."""
        if self.data is not None and self.last_update_success:
            answer = self._last_period.answer
            self.async_set_updated_data(replace(self.data, last_period=answer))

    def _period_at(self, end: Instant) -> Period:
        """Return the period that the interval before an instant is in."""
        day = local_date(end - 1, self.terms.community.zone)
        return cadence_period(day, cadence_months(self.config_entry.data))

    def _billed_to(self) -> Instant:
        """Return the end of the newest closed period."""
        zone = self.terms.community.zone
        ends = (midnight(closed.period.end, zone) for closed in self._books.closed)
        return max(ends, default=0)

    async def _async_interval_over(self) -> None:
        self.metering.confirm_silent(self._clock.newest_end(), now())
        await self.async_refresh()
