"""Join registers that were read elsewhere, such as in a file, with the live ones.

What a register counted between its last reading elsewhere and its first one here
belongs to the intervals between, and to those alone: what the meter has closed
itself since stays as it is, so that everything together is the register's advance.
A hole of more than a day is for a person to fill, not for a line.
"""

from collections.abc import Iterable, Mapping

from .billing.calendar import Instant, Span
from .billing.energy import Energy
from .billing.gathering import RegisterKey
from .billing.past_change import rebased
from .billing.register_state import Edge, Reading, RegisterState
from .billing.registers import DAY_SECONDS
from .coordinator import LegCoordinator
from .ledger import Ledger, StoredChange
from .metering import Metering


async def async_join(
    coordinator: LegCoordinator,
    ledger: Ledger,
    states: Mapping[RegisterKey, RegisterState],
    now: Instant,
) -> None:
    """Close the holes between registers read elsewhere and here, or go on from them."""
    metering = coordinator.metering
    await coordinator.async_flush(always=True)
    changes = await ledger.async_run(ledger.meter_changes)
    first_edges = await ledger.async_run(
        _first_edges, ledger, states, metering.interval_seconds
    )
    for key, state in states.items():
        first = first_edges.get(key)
        if first is None:
            _go_on(metering, key, state, now)
        elif 0 < first.at - state.last.at <= DAY_SECONDS:
            live = _offset_at(state.last.at, key, metering.states[key], changes)
            metering.close_gap(key, rebased(state, live), first)


def _go_on(
    metering: Metering, key: RegisterKey, state: RegisterState, now: Instant
) -> None:
    """Go on from elsewhere: the meter itself has not come to an edge yet."""
    own = metering.states.get(key)
    reached = own.last.at if own else now
    if own is not None and (own.drop or own.jump):
        return
    if state.last.at <= now and reached - state.last.at <= DAY_SECONDS:
        metering.go_on(key, state)


def _offset_at(
    at: Instant,
    key: RegisterKey,
    live: RegisterState,
    changes: Iterable[StoredChange],
) -> Energy:
    """Return the live register's offset as it was before later changes of meter."""
    later = (c for c in changes if (c.house_id, c.register) == key and c.at > at)
    return live.offset - Energy.total(change.difference for change in later)


def _first_edges(
    ledger: Ledger, states: Mapping[RegisterKey, RegisterState], interval: int
) -> dict[RegisterKey, Reading]:
    """Return where each register's unbroken run of intervals began."""
    records = ledger.register_states()
    edges = {
        key: RegisterState.from_record(records[key]).edge
        for key in states
        if key in records
    }
    return {
        key: _first_edge(ledger, key, edge, states[key].last.at, interval)
        for key, edge in edges.items()
        if edge is not None
    }


def _first_edge(
    ledger: Ledger, key: RegisterKey, edge: Edge, since: Instant, interval: int
) -> Reading:
    """Go back from an edge through the intervals that are known, up to `since`.

    The register's value there is the one at `edge`, less what was counted since.
    """
    house_id, register = key
    at, value = edge.at, edge.value
    for row in reversed(list(ledger.rows(Span(since, edge.at), [house_id]))):
        mwh = row.imported if register == "import" else row.exported
        if mwh is None or row.start != at - interval:
            break
        at, value = row.start, value - Energy(mwh)
    return Reading(at, value)
