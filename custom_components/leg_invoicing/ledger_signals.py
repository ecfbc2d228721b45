"""Signals in the ledger: what was so in intervals besides energy.

A value is written once, when its interval is over, and stands: what was billed by it
can be computed again for ever.
"""

from collections.abc import Iterable, Iterator
from itertools import batched

from sqlalchemy import Connection, Engine, select
from sqlalchemy.dialects import sqlite

from .billing.calendar import Span
from .billing.signals import SignalValue
from .ledger_schema import SIGNAL, SIGNAL_VALUE

_ROWS_AT_A_TIME = 1000

_ADD_SIGNAL = sqlite.insert(SIGNAL).on_conflict_do_nothing()
_ADD_VALUE = sqlite.insert(SIGNAL_VALUE).on_conflict_do_nothing()


def write_signals(connection: Connection, values: Iterable[SignalValue]) -> None:
    """Write values in any order; where one stands, it stays."""
    for some in batched(values, _ROWS_AT_A_TIME, strict=False):
        names = sorted({value.signal_id for value in some})
        connection.execute(_ADD_SIGNAL, [{"signal_id": name} for name in names])
        known = select(SIGNAL.c.signal_id, SIGNAL.c.id)
        found = connection.execute(known.where(SIGNAL.c.signal_id.in_(names)))
        number = {row.signal_id: row.id for row in found}
        connection.execute(
            _ADD_VALUE,
            [
                {
                    "start": value.start,
                    "signal": number[value.signal_id],
                    "value": value.value,
                }
                for value in some
            ],
        )


def read_signals(engine: Engine, span: Span) -> Iterator[SignalValue]:
    """Yield the values of a span, by start; they are read while they are consumed."""
    value = SIGNAL_VALUE.c
    statement = (
        select(SIGNAL.c.signal_id, value.start, value.value)
        .join_from(SIGNAL_VALUE, SIGNAL)
        .where(value.start >= span.start, value.start < span.end)
        .order_by(value.start, SIGNAL.c.signal_id)
    )
    with engine.connect() as connection:
        found = connection.execute(statement).yield_per(_ROWS_AT_A_TIME)
        for signal_id, start, text in found:
            yield SignalValue(signal_id, start, text)
