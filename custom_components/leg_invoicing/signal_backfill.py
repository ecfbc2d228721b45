"""Read back what the recorder kept of the sensors that prices follow.

Only what is not known yet is written, and nothing into closed periods, which stay as
they were billed.
"""

from typing import Any

from homeassistant.core import HomeAssistant

from .billing.calendar import Span
from .const import GRACE_SECONDS
from .ledger import Origin
from .runtime import LegConfigEntry, closed_spans, terms_now
from .signal_history import async_past_signals
from .signal_imports import async_write_signals, signal_names


async def async_backfill_signals(
    hass: HomeAssistant,
    entry: LegConfigEntry,
    span: Span,
    origin: Origin,
    *,
    dry_run: bool,
) -> tuple[dict[str, Any], Span | None]:
    """Return what was found by sensor, and the span in which anything was written.

    Raises HomeAssistantError where the ledger cannot be written.
    """
    terms, ledger = terms_now(entry), entry.runtime_data.ledger
    names = signal_names(hass, terms)
    # The recorder writes what is shown some seconds later.
    until = max(span.start, min(span.end, origin.at - GRACE_SECONDS))
    found = await async_past_signals(hass, terms, names, Span(span.start, until))
    closed = closed_spans(entry).values()
    changes = [
        change
        for change in await ledger.async_run(
            ledger.signal_changes, found, replace=False
        )
        if not any(change.value.start in period for period in closed)
    ]
    answer = {}
    for entity_id, signal_id in sorted(names.items()):
        intervals = sum(value.signal_id == signal_id for value in found)
        written = sum(change.value.signal_id == signal_id for change in changes)
        answer[entity_id] = {
            "intervals": intervals,
            "written": written,
            "kept": intervals - written,
        }
    if dry_run or not changes:
        return answer, None
    await async_write_signals(ledger, changes, origin)
    starts = [change.value.start for change in changes]
    return answer, Span(min(starts), max(starts) + 1)
