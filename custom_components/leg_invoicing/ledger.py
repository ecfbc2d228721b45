"""The meter ledger of a community: what was measured, interval by interval.

It holds one row per house and interval: integer energies, their quality and where
they came from. Nothing known is ever lost: what another value replaces is kept,
with the time and the reason. The states of the registers stand in the same file
and change in the same transaction as the rows that were derived from them, so
whatever happens, a restart finds both or neither.

Everything here blocks. Writing belongs into the ledger's own thread (`async_run`),
reading into any but Home Assistant's own; neither waits for the other.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event
from types import MappingProxyType
from typing import Any, Self

from sqlalchemy import Engine, func, select

from .billing.calendar import Instant, Span
from .billing.energy import Energy
from .billing.measurements import IntervalRow, Measurements
from .billing.records import Record
from .formats.allotted import Allotted
from .ledger_allocations import read_official
from .ledger_changes import stored_changes
from .ledger_entries import (
    ChangeKind,
    Origin,
    ReadingKind,
    Revision,
    Source,
    StoredChange,
    StoredReading,
    Version,
    Written,
)
from .ledger_file import LedgerDamagedError, LedgerTooNewError, open_file
from .ledger_history import rows_as_of
from .ledger_merging import meters
from .ledger_points import MeteringPoint, read_points
from .ledger_preview import Effect, preview
from .ledger_reading import (
    read_measurements,
    read_readings,
    read_revisions,
    read_rows,
    read_versions,
)
from .ledger_schema import INTERVAL
from .ledger_signals import SignalLedger
from .ledger_states import read_states
from .ledger_writing import Writing

__all__ = [
    "ChangeKind",
    "Effect",
    "Ledger",
    "LedgerDamagedError",
    "LedgerTooNewError",
    "MeteringPoint",
    "Origin",
    "ReadingKind",
    "Revision",
    "Source",
    "StoredChange",
    "StoredReading",
    "Version",
    "Written",
]

type RegisterKey = tuple[str, str]
"""House id and register: `import` or `export`."""

_LONGEST_HOLD_SECONDS = 3600
_NO_POINTS: Mapping[str, MeteringPoint | None] = MappingProxyType({})
_NO_STATES: Mapping[RegisterKey, Mapping[str, Any]] = MappingProxyType({})


class Ledger(SignalLedger):
    """One community's ledger, open."""

    def __init__(self, path: Path, writer: Engine, reader: Engine) -> None:
        """Take over an open file; `open` is what makes a ledger."""
        super().__init__(writer, reader)
        self.path = path
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="leg_invoicing_ledger")

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a file, or make one where there is none.

        Raises LedgerDamagedError or LedgerTooNewError, and then has changed nothing.
        """
        return cls(path, *open_file(path))

    async def async_close(self) -> None:
        """Do what was begun, close the file, and see the thread end."""
        await self.async_run(self.close)
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, self._thread.shutdown)

    def close(self) -> None:
        """Close the file; what was begun before is not waited for."""
        self._thread.shutdown(wait=False)
        self._writer.dispose()
        self._reader.dispose()

    async def async_run[**P, R](
        self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Call something in the ledger's thread, one call after the other."""
        return await asyncio.get_running_loop().run_in_executor(
            self._thread, partial(function, *args, **kwargs)
        )

    async def async_hold(self) -> Callable[[], None]:
        """Let no write begin until what is returned is called, or an hour is over."""
        loop = asyncio.get_running_loop()
        is_held, released = loop.create_future(), Event()

        def hold() -> None:
            loop.call_soon_threadsafe(is_held.set_result, None)
            released.wait(_LONGEST_HOLD_SECONDS)

        self._thread.submit(hold)
        await is_held
        return released.set

    def write(
        self,
        rows: Iterable[IntervalRow],
        origin: Origin,
        *,
        registers: Mapping[RegisterKey, Mapping[str, Any]] = _NO_STATES,
        readings: Iterable[StoredReading] = (),
        allotted: Iterable[Allotted] = (),
        points: Mapping[str, MeteringPoint | None] = _NO_POINTS,
        changes: Iterable[StoredChange] = (),
    ) -> Written:
        """Write everything or, if anything fails, nothing.

        Rows may come in any order and number: only some are in memory at a time.
        A metering point that is None is forgotten.
        """
        with self._writer.begin() as connection:
            writing = Writing(connection, origin)
            writing.write_rows(rows)
            writing.write_states(registers)
            writing.write_readings(readings)
            writing.write_allotted(allotted)
            for name, point in points.items():
                writing.write_point(name, point)
            writing.write_changes(changes)
            writing.finish()
        return writing.written

    def rows(
        self, span: Span, houses: Collection[str] | None = None
    ) -> Iterator[IntervalRow]:
        """Yield what stands, by start and house: of all houses, or of some."""
        return read_rows(self._reader, span, houses)

    def rows_as_of(self, span: Span, at: Instant) -> Iterator[IntervalRow]:
        """Yield what stood at an instant, by start and house."""
        return rows_as_of(self._reader, span, at)

    def measurements(
        self, span: Span, houses: Collection[str] | None = None
    ) -> Measurements:
        """Return what stands, for settling; it is read while it is being consumed.

        Without `houses`, those that have a row in the span. Half a row is MISSING.
        """
        found = read_measurements(self._reader, span, houses)
        official, signals = self.official(span), self.signals(span)
        return replace(found, official=official, signals=signals)

    def official(self, span: Span) -> Iterable[IntervalRow]:
        """Return what grid operators allocated, by start and house, to be billed."""
        return read_official(self._reader, span)

    def points(self) -> dict[str, MeteringPoint]:
        """Return which houses metering points are."""
        return read_points(self._reader)

    def preview(
        self, rows: Iterable[IntervalRow], origin: Origin, closed: Mapping[str, Span]
    ) -> Effect:
        """Say what writing rows would do, also to closed periods, and do nothing."""
        return preview(self._reader, rows, origin, closed)

    def versions(self, house_id: str, span: Span) -> Iterator[Version]:
        """Yield what once stood and what stands now, by start, the oldest first."""
        return read_versions(self._reader, house_id, span)

    def revisions(self, span: Span) -> Iterator[Revision]:
        """Yield who changed what in a span of time, the newest first."""
        return read_revisions(self._reader, span)

    def register_states(self) -> dict[RegisterKey, Record]:
        """Return the state of each register, as it was written with the last rows."""
        return read_states(self._reader)

    def reading_at(self, house_id: str, register: str, at: Instant) -> Energy | None:
        """Return what a register showed at a local midnight, if that was kept."""
        found = self.readings(house_id, register, Span(at, at + 1))
        return found[0].value if found else None

    def readings(self, house_id: str, register: str, span: Span) -> list[StoredReading]:
        """Return what a register showed at local midnights, in ascending order."""
        return read_readings(self._reader, house_id, register, span)

    def meter_changes(self) -> list[StoredChange]:
        """Return where meters ended and others began, in the order of time."""
        with self._reader.connect() as connection:
            return list(stored_changes(connection))

    def houses(self) -> tuple[str, ...]:
        """Return every house that was ever written about, by id."""
        with self._reader.connect() as connection:
            return tuple(sorted(meters(connection)))

    def bounds(self) -> Span | None:
        """Return from the first start to one second behind the last one."""
        # Two selections: each is one step down the tree, both in one read it all.
        first, last = (
            select(function(INTERVAL.c.start)).scalar_subquery()
            for function in (func.min, func.max)
        )
        with self._reader.connect() as connection:
            start, end = connection.execute(select(first, last)).one()
        return None if start is None else Span(start, end + 1)
