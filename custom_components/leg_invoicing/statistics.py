"""Settled energy and money as external long-term statistics.

A sensor can only say what it knows now, so the energy of a quarter hour lands in
the hour in which it was settled. Statistics written here land in the hour in which
the energy flowed, and are written again when that hour changes: the recorder keeps
one row per statistic and hour. Rows hold a running sum; every projection therefore
goes from the first hour that changed to the newest one that is complete.

It happens in the background: nothing may wait for a recorder that is busy, upgraded
or broken. What could not be written is written the next time.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
import logging
from typing import TYPE_CHECKING

from homeassistant.components.recorder.statistics import (
    async_add_external_statistics,
    get_last_statistics,
    statistics_during_period,
)
from homeassistant.components.recorder.tasks import SynchronizeTask
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.recorder import get_instance
from homeassistant.helpers.translation import async_get_translations

from .billing.calendar import Instant, Span, utc
from .billing.measurements import Measurements, taker
from .billing.settlement import settle_energy
from .billing.tally import Tally, tally
from .billing.terms import Terms
from .community import House
from .const import DOMAIN
from .ledger import Ledger
from .statistic_progress import progress_of
from .statistic_series import series_of

if TYPE_CHECKING:
    from .runtime import LegConfigEntry

_LOGGER = logging.getLogger(__name__)

HOUR = 3600
AT_A_TIME_SECONDS = 7 * 24 * HOUR
"""How much is settled before it is handed to the recorder."""

LOOK_BACK_SECONDS = 48 * HOUR
"""How far a first projection goes back behind what the recorder already has.

Measurements may have changed shortly before Home Assistant was stopped.
"""


@dataclass(frozen=True, slots=True)
class _Due:
    """What the statistics should show."""

    terms: Terms
    end: Instant
    billed_to: Instant


class Statistics:
    """The external statistics of one community."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: LegConfigEntry,
        ledger: Ledger,
        houses: Iterable[House],
    ) -> None:
        """Name the statistics of the community and of each house."""
        self._hass = hass
        self._entry = entry
        self._ledger = ledger
        self._series = tuple(series_of(entry, houses))
        self._progress = progress_of(hass, entry.entry_id)
        self._due: _Due | None = None
        self._task: asyncio.Task[None] | None = None

    @callback
    def async_changed(self, instant: Instant) -> None:
        """Note that measurements changed from an instant on."""
        self._progress.change(instant)

    @callback
    def async_project(self, terms: Terms, end: Instant, billed_to: Instant) -> None:
        """Have all hours written that changed or that are complete now.

        `billed_to` is the end of the newest closed period.
        """
        self._due = _Due(terms, end, billed_to)
        if self._task is None or self._task.done():
            self._task = self._entry.async_create_background_task(
                self._hass, self._async_run(), f"{DOMAIN} statistics"
            )

    @callback
    def async_stop(self) -> None:
        """Leave the recorder alone, which may shut down now; the rest comes later."""
        self._due = None
        if self._task is not None:
            self._task.cancel()

    async def _async_run(self) -> None:
        while (due := self._due) is not None:
            self._due = None
            try:
                await self._async_write(due)
            except Exception:
                _LOGGER.exception("%s: no statistics", self._entry.title)

    async def _async_write(self, due: _Due) -> None:
        # What is still on its way to the recorder must be there to go on from.
        await self._async_recorded()
        span = await self._async_span(due)
        if span is None:
            return
        labels = await async_get_translations(
            self._hass, self._hass.config.language, "entity", {DOMAIN}
        )
        sums = await self._async_sums_before(span.start)
        for start in range(span.start, span.end, AT_A_TIME_SECONDS):
            part = Span(start, min(start + AT_A_TIME_SECONDS, span.end))
            hours = await self._hass.async_add_executor_job(
                self._hours, due.terms, part
            )
            self._hand_over(hours, sums, labels)
            self._progress.done_to = part.end

    async def _async_recorded(self) -> None:
        """Wait until the recorder has written all that it was given."""
        # Its own way of waiting overlooks what has left its queue and is just being
        # written; a task of ours is taken up after that.
        written = self._hass.loop.create_future()
        get_instance(self._hass).queue_task(SynchronizeTask(written))
        await written

    async def _async_span(self, due: _Due) -> Span | None:
        """Return the whole hours to write, and take them as not written yet."""
        bounds = await self._hass.async_add_executor_job(self._ledger.bounds)
        if bounds is None:
            return None
        progress = self._progress
        if progress.done_to is None:
            written = await self._async_last_written()
            known = written - LOOK_BACK_SECONDS if written else bounds.start
            progress.done_to = known
        progress.settle_by(due.terms, due.billed_to)
        if progress.changed_from is not None:
            progress.done_to = min(progress.done_to, progress.changed_from)
            progress.changed_from = None
        start = max(progress.done_to, bounds.start)
        start, stop = start - start % HOUR, due.end - due.end % HOUR
        return Span(start, stop) if start < stop else None

    async def _async_last_written(self) -> Instant | None:
        """Return the end of the newest hour that the recorder has."""
        one = self._series[0].statistic_id
        last = await get_instance(self._hass).async_add_executor_job(
            get_last_statistics, self._hass, 1, one, False, {"sum"}
        )
        return int(last[one][0]["start"]) + HOUR if last.get(one) else None

    async def _async_sums_before(self, start: Instant) -> dict[str, Decimal]:
        """Return the running sums that the hours before `start` end with."""
        ids = {series.statistic_id for series in self._series}
        sums = await self._async_last_sums(ids, Span(start - HOUR, start))
        if absent := ids - sums.keys():
            # New, or of a register that the house did not have for a while.
            sums |= await self._async_last_sums(absent, Span(0, start))
        return sums

    async def _async_last_sums(self, ids: set[str], span: Span) -> dict[str, Decimal]:
        found = await get_instance(self._hass).async_add_executor_job(
            statistics_during_period,
            self._hass,
            utc(span.start),
            utc(span.end),
            ids,
            "hour",
            None,
            {"sum"},
        )
        return {key: Decimal(repr(rows[-1]["sum"])) for key, rows in found.items()}

    def _hand_over(
        self,
        hours: Sequence[tuple[Instant, Tally]],
        sums: dict[str, Decimal],
        labels: Mapping[str, str],
    ) -> None:
        """Give all statistics of some hours to the recorder; take the sums on."""
        for series in self._series:
            name = f"component.{DOMAIN}.entity.sensor.{series.key}.name"
            total = sums.get(series.statistic_id, Decimal(0))
            rows, sums[series.statistic_id] = series.rows(hours, total)
            metadata = series.metadata(labels.get(name, series.key))
            async_add_external_statistics(self._hass, metadata, rows)

    def _hours(self, terms: Terms, span: Span) -> list[tuple[Instant, Tally]]:
        """Settle hour by hour; all hours of the span are in the answer."""
        measured = self._ledger.measurements(span)
        slices, official = taker(measured.slices), taker(measured.official)
        houses, signals = measured.houses, taker(measured.signals)
        hours = []
        for start in range(span.start, span.end, HOUR):
            end = start + HOUR
            hour = Measurements(houses, slices(end), official(end), signals(end))
            settled = settle_energy(terms, Span(start, end), hour)
            hours.append((start, tally(settled)))
        return hours
