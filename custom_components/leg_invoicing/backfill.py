"""Read the followed sensors' statistics back into the ledger.

The recorder has followed the sensors for longer than we have, so on the day of
installation there is already something to bill. It is read day by day, and written
month by month: what is better stays, and reading the same days twice changes nothing.
Where a meter has begun to count itself, what was recorded ends at its first edge.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
from sqlalchemy.exc import SQLAlchemyError

from .backfill_answer import answer
from .backfill_ledger import effects, joints, write
from .billing.backfill import Backfill
from .billing.calendar import Instant, Span, cadence_period, local_date, midnight
from .billing.gathering import RegisterKey
from .billing.measurements import Rule
from .billing.recorded import HOUR, Mark
from .community import cadence_months
from .const import DOMAIN
from .joining import async_join
from .ledger import Origin, Source
from .recorder_marks import Refusal, Series, async_find, async_marks
from .refusals import refused
from .runtime import LegConfigEntry, terms_now
from .signal_backfill import async_backfill_signals

ACTION = "backfill_from_recorder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody wants to have read back."""

    first: date | None = None
    """None: the first day of the newest period that is over."""
    end: date | None = None
    """The first day that is not wanted any more; None: up to now."""
    dry_run: bool = False
    user_id: str | None = None


@callback
def wanted_span(entry: LegConfigEntry, wanted: Wanted, now: Instant) -> Span:
    """Return the instants that are wanted; raises ServiceValidationError for none."""
    zone = terms_now(entry).community.zone
    first = wanted.first or first_day(entry, now)
    end = midnight(wanted.end, zone) if wanted.end else now
    span = Span(midnight(first, zone), min(end, now))
    if span.start >= span.end or span.start < 0:
        raise refused("backfill_no_days")
    return span


@callback
def first_day(entry: LegConfigEntry, now: Instant) -> date:
    """Return the first day of the newest period that is over."""
    months = cadence_months(entry.data)
    today = local_date(now, terms_now(entry).community.zone)
    running = cadence_period(today, months)
    return cadence_period(running.first - timedelta(days=1), months).first


async def async_backfill(
    hass: HomeAssistant,
    entry: LegConfigEntry,
    wanted: Wanted,
    on_progress: Callable[[float], None] = lambda _: None,
) -> dict[str, Any]:
    """Read the statistics of some days back; return what was found.

    Raises ServiceValidationError where no days are wanted, and HomeAssistantError
    where the recorder cannot be read or the ledger cannot be written; what has been
    written until then stays, and is found again the next time.
    """
    data = entry.runtime_data
    now = int(dt_util.utcnow().timestamp())
    span = wanted_span(entry, wanted, now)
    run = _Run(hass=hass, entry=entry, wanted=wanted, now=now)
    try:
        # A period that is being closed is billed, and kept as evidence, as it stands.
        async with data.books.changing:
            await run.async_prepare(span)
            await run.async_read(on_progress)
            await run.async_read_signals()
    except SQLAlchemyError as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="backfill_failed",
            translation_placeholders={"reason": str(err)},
        ) from err
    finally:
        if run.changed is not None:
            await data.coordinator.async_measurements_changed(run.changed)
    found = answer(run.backfill, run.refusals, run.written, run.kept)
    return {**found, "signals": run.signals, "dry_run": wanted.dry_run}


@dataclass(slots=True, kw_only=True)
class _Run:
    """One reading, from the first day to the last."""

    hass: HomeAssistant
    entry: LegConfigEntry
    wanted: Wanted
    now: Instant
    backfill: Backfill = field(init=False)
    series: list[Series] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    written: Counter[str] = field(default_factory=Counter)
    """How many intervals were, or would be, written, by house."""
    kept: Counter[str] = field(default_factory=Counter)
    """How many there were data for already that are as good."""
    signals: dict[str, Any] = field(default_factory=dict)
    """What became of what sensors showed that prices follow, by their names."""
    changed: Span | None = None

    async def async_prepare(self, span: Span) -> None:
        """Find the statistics, and where the meters themselves began to count."""
        data = self.entry.runtime_data
        metering = data.coordinator.metering
        self.series, self.refusals = await async_find(self.hass, metering.feed)
        await data.coordinator.async_flush(always=True)
        keys = [one.key for one in self.series]
        self.backfill = Backfill(
            zone=terms_now(self.entry).community.zone,
            span=span,
            houses=metering.new_gathering().houses,
            joints=await data.ledger.async_run(
                joints, data.ledger, keys, span.start, metering.interval_seconds
            ),
            # An edge that the meter comes to from here on lies behind.
            ends={key: state.last.at for key, state in metering.states.items()},
        )

    async def async_read(self, on_progress: Callable[[float], None]) -> None:
        """Read day by day, write month by month, and let the meters go on."""
        days = _days(self.backfill.span, self.backfill.zone)
        for number, (day, span) in enumerate(days, 1):
            found = await async_marks(self.hass, self.series, span)
            await self.hass.async_add_executor_job(self._take, found)
            if number == len(days):
                await self.hass.async_add_executor_job(self._finish)
            if number == len(days) or days[number][0].month != day.month:
                await self._async_write()
            on_progress(number / len(days))
        if not self.wanted.dry_run:
            await self._async_go_on()

    def _take(self, found: Iterable[tuple[RegisterKey, list[Mark]]]) -> None:
        for key, marks in found:
            for mark in marks:
                self.backfill.take(key, mark)

    def _finish(self) -> None:
        for one in self.series:
            self.backfill.finish(one.key)

    async def _async_write(self) -> None:
        """Write what has come together."""
        back, ledger = self.backfill, self.entry.runtime_data.ledger
        rows, back.rows = back.rows, {}
        midnights, back.midnights = back.midnights, []
        origin = self._origin()
        found = await ledger.async_run(effects, ledger, rows.values(), origin)
        for house_id, effect in found.items():
            self.kept[house_id] += effect.kept
            self.written[house_id] += effect.new + effect.replaced
        if self.wanted.dry_run:
            return
        written = await ledger.async_run(
            write, ledger, rows.values(), midnights, origin
        )
        self._note(written.span)

    async def async_read_signals(self) -> None:
        """Read what sensors showed that prices follow."""
        self.signals, changed = await async_backfill_signals(
            self.hass,
            self.entry,
            self.backfill.span,
            self._origin(),
            dry_run=self.wanted.dry_run,
        )
        self._note(changed)

    def _origin(self) -> Origin:
        return Origin(
            source=Source.RECORDER,
            at=self.now,
            action=ACTION,
            user_id=self.wanted.user_id,
            rule=Rule.BETTER,
        )

    def _note(self, changed: Span | None) -> None:
        """Remember what is to be settled again."""
        if changed is not None:
            known = self.changed or changed
            self.changed = Span(
                min(known.start, changed.start), max(known.end, changed.end)
            )

    async def _async_go_on(self) -> None:
        """Let the meters that are at no edge yet go on from the last mark."""
        data = self.entry.runtime_data
        states = {
            one.key: state
            for one in self.series
            if one.key not in self.backfill.joints
            and (state := self.backfill.state(one.key)) is not None
            and self.now - state.last.at <= HOUR
        }
        await async_join(data.coordinator, data.ledger, states, self.now)
        await data.coordinator.async_flush(always=True)


def _days(span: Span, zone: ZoneInfo) -> list[tuple[date, Span]]:
    """Return the local days of a span, in whole hours, the one before them first.

    What was shown when the first day began stands in the hour before it.
    """
    first, last = (local_date(at, zone) for at in (span.start, span.end - 1))
    dates = [first + timedelta(days=n) for n in range((last - first).days + 2)]
    edges = [(day, at - at % HOUR) for day in dates for at in [midnight(day, zone)]]
    days = [(day, Span(at, after)) for (day, at), (_, after) in pairwise(edges)]
    day, span = days[0]
    return [(day, Span(span.start - HOUR, span.end)), *days[1:]]
