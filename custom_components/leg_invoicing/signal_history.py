"""What the recorder kept of the sensors that a community's terms name.

Its states say what a sensor showed for the longest part of an interval, by the rule for
what is shown now; it keeps them for some days. Its hourly statistics are means, which
may have been shown in no interval, so they are not taken. While Home Assistant did not
run, nobody looked: what was shown last is not taken for what came next.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from itertools import chain
from operator import itemgetter

from homeassistant.components.recorder.db_schema import RecorderRuns, States
from homeassistant.components.recorder.history import get_significant_states
from homeassistant.components.recorder.models import process_timestamp
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers.recorder import get_instance, session_scope
from sqlalchemy import func, select

from .billing.calendar import Instant, Span, local_date, midnight, utc
from .billing.signal_watch import SignalWatch
from .billing.signals import SignalValue
from .billing.signals_named import units_named
from .billing.terms import Terms
from .signal_feed import shown

# States at the very start of a span are not between it and its end for the recorder.
_JUST_BEFORE = timedelta(microseconds=1)


async def async_past_signals(
    hass: HomeAssistant, terms: Terms, names: Mapping[str, str], span: Span
) -> list[SignalValue]:
    """Return what the recorder knows of signals in the intervals of a span.

    `names` are the signals by what their sensors are called.
    """
    return await get_instance(hass).async_add_executor_job(
        _past, hass, terms, names, span
    )


def _past(
    hass: HomeAssistant, terms: Terms, names: Mapping[str, str], span: Span
) -> list[SignalValue]:
    """Go through the days, so that only the states of one are in memory."""
    zone, seconds = terms.community.zone, terms.community.interval_minutes * 60
    unseen = _unseen(hass, span)
    watches = {
        entity_id: SignalWatch(signal_id, seconds, span.start)
        for entity_id, signal_id in names.items()
    }
    found: list[SignalValue] = []
    start = span.start
    while start < span.end:
        today = local_date(start, zone)
        day = Span(start, min(midnight(today + timedelta(days=1), zone), span.end))
        start, units = day.end, units_named(terms, today)
        gaps = [gap for each in unseen if (gap := each.overlap(day)) is not None]
        for entity_id, watch in watches.items():
            of_signal = units[names[entity_id]]
            for at, value in _course(hass, entity_id, of_signal, day, gaps):
                watch.show(value, at)
            found += watch.close(day.end)
    return found


def _course(
    hass: HomeAssistant,
    entity_id: str,
    units: frozenset[str],
    day: Span,
    gaps: Iterable[Span],
) -> list[tuple[Instant, str | None]]:
    """Return what a sensor showed on a day from when on; None for nothing."""
    since, until = utc(day.start) - _JUST_BEFORE, utc(day.end)
    states: Iterable[State] = get_significant_states(  # type: ignore[assignment]
        hass, since, until, [entity_id], significant_changes_only=False
    ).get(entity_id, ())
    seen = (
        (max(int(state.last_updated_timestamp), day.start), shown(state, units))
        for state in states
    )
    # Where both are at the same time, nobody looked any more.
    return sorted(chain(seen, ((gap.start, None) for gap in gaps)), key=itemgetter(0))


def _unseen(hass: HomeAssistant, span: Span) -> list[Span]:
    """Return when nobody looked: what was before each start, and after all states."""
    run = RecorderRuns.start
    with session_scope(hass=hass, read_only=True) as session:
        starts = session.scalars(
            select(run).where(run > utc(span.start), run < utc(span.end))
        )
        begun = [process_timestamp(start).timestamp() for start in starts]
        heard = [
            session.scalar(
                select(func.max(States.last_updated_ts)).where(
                    States.last_updated_ts < at
                )
            )
            for at in begun
        ]
    return [
        Span(int(before or span.start), int(at))
        for before, at in zip(heard, begun, strict=True)
    ]
