"""What the ledger knows of registers, for a change of meter in the past."""

from collections.abc import Collection, Mapping

from .billing.calendar import Instant, Span
from .billing.energy import Energy
from .billing.gathering import RegisterKey
from .billing.past_change import Past
from .billing.register_grid import RegisterInterval
from .billing.register_state import Reading, RegisterState
from .ledger import Ledger, StoredChange

_LOOK_BACK = 400 * 86_400
"""How long before a change a gap around it may have begun."""

_SIDES = {"import": 0, "export": 1}


def pasts_of(
    ledger: Ledger,
    states: Mapping[RegisterKey, RegisterState | None],
    changes: Collection[StoredChange],
    at: Instant,
) -> dict[RegisterKey, Past]:
    """Return what is known of registers around an instant."""
    return {
        key: _past_of(
            ledger,
            key,
            state,
            [change for change in changes if (change.house_id, change.register) == key],
            at,
        )
        for key, state in states.items()
    }


def _past_of(
    ledger: Ledger,
    key: RegisterKey,
    state: RegisterState | None,
    changes: Collection[StoredChange],
    at: Instant,
) -> Past:
    edge = state.edge if state else None
    if state is None or edge is None:
        return Past(rows={})
    later = Energy.total(change.difference for change in changes if change.at > at)
    # At the instant of a change, the old meter is what was read.
    since = max((c.at + 1 for c in changes if c.at <= at), default=at - _LOOK_BACK)
    return Past(
        rows=_rows(ledger, key, Span(at - _LOOK_BACK, edge.at)),
        readings=tuple(
            Reading(reading.at, reading.value)
            for reading in ledger.readings(*key, Span(since, at + 1))
        ),
        newest=Reading(edge.at, edge.value - state.offset + later),
        changes=tuple(change.at for change in changes),
    )


def _rows(
    ledger: Ledger, key: RegisterKey, span: Span
) -> dict[Instant, RegisterInterval]:
    house_id, register = key
    return {
        row.start: RegisterInterval(row.start, Energy(side.mwh), side.quality)
        for row in ledger.rows(span, [house_id])
        for side in (row.sides[_SIDES[register]],)
        if side.mwh is not None
    }
