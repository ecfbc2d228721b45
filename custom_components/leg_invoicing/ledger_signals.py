"""Signals in the ledger: what was so in intervals besides energy.

What sensors show is written once, when its interval is over, and stands. Only a
person replaces it; what they replace is kept, with who did it and why.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import batched
import json
from typing import NamedTuple

from sqlalchemy import Connection, Engine, and_, bindparam, func, insert, select
from sqlalchemy.dialects import sqlite

from .billing.calendar import Span
from .billing.signals import SignalValue
from .ledger_entries import Origin
from .ledger_preview import Effect
from .ledger_schema import REVISION, SIGNAL, SIGNAL_SUPERSEDED, SIGNAL_VALUE
from .ledger_statements import SET_SIGNAL_VALUE

_ROWS_AT_A_TIME = 1000

_ADD_SIGNAL = sqlite.insert(SIGNAL).on_conflict_do_nothing()
_ADD_VALUE = sqlite.insert(SIGNAL_VALUE).on_conflict_do_nothing()

_KEYS = func.json_each(bindparam("keys")).table_valued("value")
_HELD = (
    select(SIGNAL.c.signal_id, SIGNAL_VALUE.c.start, SIGNAL_VALUE.c.value)
    .join_from(
        _KEYS, SIGNAL, SIGNAL.c.signal_id == func.json_extract(_KEYS.c.value, "$[0]")
    )
    .join(
        SIGNAL_VALUE,
        and_(
            SIGNAL_VALUE.c.start == func.json_extract(_KEYS.c.value, "$[1]"),
            SIGNAL_VALUE.c.signal == SIGNAL.c.id,
        ),
    )
)


class SignalChange(NamedTuple):
    """A value that somebody says, and that does not stand yet."""

    value: SignalValue
    before: str | None
    """What stands instead; None for nothing."""


class SignalLedger:
    """The signals in an open ledger; everything here blocks."""

    def __init__(self, writer: Engine, reader: Engine) -> None:
        """Take over an open file."""
        self._writer = writer
        self._reader = reader

    def write_signals(self, values: Iterable[SignalValue]) -> None:
        """Write what sensors showed; where a value stands, it stays."""
        with self._writer.begin() as connection:
            _add(connection, values)

    def signal_changes(
        self, values: Iterable[SignalValue], *, replace: bool
    ) -> list[SignalChange]:
        """Return what of some values does not stand yet, and what stands instead."""
        with self._reader.connect() as connection:
            return _changes(connection, values, replace=replace)

    def change_signals(self, changes: Sequence[SignalChange], origin: Origin) -> None:
        """Write what somebody says was so; keep what it replaces, and who said it."""
        with self._writer.begin() as connection:
            _change(connection, changes, origin)

    def signals(self, span: Span) -> Iterator[SignalValue]:
        """Yield the values of a span, by start; they are read while being consumed."""
        return _read(self._reader, span)


def _add(connection: Connection, values: Iterable[SignalValue]) -> None:
    for some in batched(values, _ROWS_AT_A_TIME, strict=False):
        number = _numbers(connection, some)
        connection.execute(_ADD_VALUE, [_columns(value, number) for value in some])


def _changes(
    connection: Connection, values: Iterable[SignalValue], *, replace: bool
) -> list[SignalChange]:
    changes = []
    for some in batched(values, _ROWS_AT_A_TIME, strict=False):
        keys = json.dumps([(value.signal_id, value.start) for value in some])
        held = {
            (signal_id, start): text
            for signal_id, start, text in connection.execute(_HELD, {"keys": keys})
        }
        for value in some:
            before = held.get((value.signal_id, value.start))
            if before is None or (replace and before != value.value):
                changes.append(SignalChange(value, before))
    return changes


def signals_effect(
    changes: Sequence[SignalChange], values: int, closed: Mapping[str, Span]
) -> Effect:
    """Say what changes would do, of so many values, also to closed periods."""
    replaced = sum(change.before is not None for change in changes)
    effect = Effect(
        new=len(changes) - replaced, replaced=replaced, kept=values - len(changes)
    )
    effect.closed.update(
        period
        for change in changes
        for period, span in closed.items()
        if change.value.start in span
    )
    return effect


def _change(
    connection: Connection, changes: Sequence[SignalChange], origin: Origin
) -> None:
    by_whom = {"revision": _revision(connection, changes, origin)}
    for some in batched(changes, _ROWS_AT_A_TIME, strict=False):
        number = _numbers(connection, [change.value for change in some])
        if replaced := [
            _columns(change.value._replace(value=change.before), number) | by_whom
            for change in some
            if change.before is not None
        ]:
            connection.execute(insert(SIGNAL_SUPERSEDED), replaced)
        connection.execute(
            SET_SIGNAL_VALUE, [_columns(change.value, number) for change in some]
        )


def _revision(
    connection: Connection, changes: Sequence[SignalChange], origin: Origin
) -> int:
    starts = [change.value.start for change in changes]
    revision = {
        "at": origin.at,
        "source": origin.source,
        "action": origin.action,
        "reason": origin.reason,
        "user": origin.user_id,
        "houses": "[]",
        "changed": len(changes),
        "first": min(starts),
        "last": max(starts),
    }
    made = insert(REVISION).values(revision).returning(REVISION.c.id)
    return int(connection.execute(made).scalar_one())


def _read(engine: Engine, span: Span) -> Iterator[SignalValue]:
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


def _numbers(
    connection: Connection, values: Iterable[SignalValue]
) -> Mapping[str, int]:
    """Return the numbers of the values' signals, a new one for each new signal."""
    names = sorted({value.signal_id for value in values})
    connection.execute(_ADD_SIGNAL, [{"signal_id": name} for name in names])
    known = select(SIGNAL.c.signal_id, SIGNAL.c.id)
    found = connection.execute(known.where(SIGNAL.c.signal_id.in_(names)))
    return {row.signal_id: row.id for row in found}


def _columns(value: SignalValue, number: Mapping[str, int]) -> dict[str, object]:
    return {
        "start": value.start,
        "signal": number[value.signal_id],
        "value": value.value,
    }
