"""What grid operators allocated: beside the measurements, and never instead of them.

Of one energy, the newest delivery counts: an older one that arrives later changes
nothing, and of one that does not say when it was made, the later one to arrive
counts. What is replaced is kept, with the revision that did it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import batched, groupby
import json
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Select, and_, bindparam, func, insert, select
from sqlalchemy.dialects import sqlite

from .billing.calendar import Instant, Span
from .billing.measurements import IntervalRow
from .billing.quality import BILLABLE, Quality
from .formats.allotted import Allotted
from .formats.deliveries import Direction, Share
from .ledger_schema import ALLOCATION, ALLOCATION_SUPERSEDED, DELIVERY, METER

_ROWS_AT_A_TIME = 1000

_KINDS: Mapping[tuple[Share, Direction], int] = {
    (Share.COMMUNITY, Direction.IMPORT): 0,
    (Share.COMMUNITY, Direction.EXPORT): 1,
    (Share.RESIDUAL, Direction.IMPORT): 2,
    (Share.RESIDUAL, Direction.EXPORT): 3,
}
"""Stored: never renumber."""
_COMMUNITY = (0, 1)

_KEYS = func.json_each(bindparam("keys")).table_valued("value")
_HELD = (
    select(ALLOCATION, DELIVERY.c.version)
    .join_from(
        _KEYS,
        ALLOCATION,
        and_(
            *(
                column == func.json_extract(_KEYS.c.value, f"$[{i}]")
                for i, column in enumerate(ALLOCATION.primary_key)
            )
        ),
    )
    .join(DELIVERY)
)
_INSERT = sqlite.insert(ALLOCATION)
_SET = _INSERT.on_conflict_do_update(
    index_elements=list(ALLOCATION.primary_key),
    set_={name: _INSERT.excluded[name] for name in ("mwh", "quality", "delivery")},
)
_KEEP = sqlite.insert(ALLOCATION_SUPERSEDED).on_conflict_do_nothing()

type _Key = tuple[Instant, int, int]
"""The start of an interval, the number of a meter, the kind of energy."""


class _Held(NamedTuple):
    mwh: int
    quality: int
    delivery: int
    version: str


class AllocationWriting:
    """Writes allocations within one transaction."""

    def __init__(
        self,
        connection: Connection,
        meter: Callable[[str], int],
        revise: Callable[[str], int],
    ) -> None:
        """Take a connection, and how to number meters and the write itself."""
        self._connection = connection
        self._meter = meter
        self._revise = revise
        self._deliveries: dict[str, int] = {}
        self.changed = 0
        self.span: Span | None = None

    def write(self, allotted: Iterable[Allotted]) -> None:
        """Write energies in any order, some at a time."""
        for some in batched(allotted, _ROWS_AT_A_TIME, strict=False):
            standing = self._held([self._key(one) for one in some])
            for one in some:
                self._take(one, standing)

    def _take(self, one: Allotted, standing: dict[_Key, _Held]) -> None:
        key = self._key(one)
        before = standing.get(key)
        if before is not None and one.version and one.version < before.version:
            return
        delivery = self._delivery(one.version)
        new = _Held(one.mwh, one.quality, delivery, one.version)
        if new == before:
            return
        standing[key] = new
        if before is None or new[:2] != before[:2]:
            self._note(one, key, before)
        self._connection.execute(_SET, _values(key, new))

    def _note(self, one: Allotted, key: _Key, before: _Held | None) -> None:
        """Count a change, and keep what it replaces."""
        self.changed += 1
        span = self.span or Span(one.start, one.start + 1)
        self.span = Span(min(span.start, one.start), max(span.end, one.start + 1))
        revision = self._revise(one.house_id)
        if before is not None:
            values = _values(key, before) | {"revision": revision}
            self._connection.execute(_KEEP, values)

    def _key(self, one: Allotted) -> _Key:
        kind = _KINDS[one.share, one.direction]
        return one.start, self._meter(one.house_id), kind

    def _held(self, keys: list[_Key]) -> dict[_Key, _Held]:
        found = self._connection.execute(_HELD, {"keys": json.dumps(keys)})
        return {
            (start, meter, kind): _Held(mwh, quality, delivery, version)
            for start, meter, kind, mwh, quality, delivery, version in found
        }

    def _delivery(self, version: str) -> int:
        """Return the number of a delivery, a new one for a new version."""
        if version not in self._deliveries:
            known = select(DELIVERY.c.id).where(DELIVERY.c.version == version)
            number = self._connection.scalar(known)
            if number is None:
                new = insert(DELIVERY).values(version=version).returning(DELIVERY.c.id)
                number = self._connection.execute(new).scalar_one()
            self._deliveries[version] = number
        return self._deliveries[version]


def _values(key: _Key, held: _Held) -> dict[str, Any]:
    start, meter, kind = key
    return {
        "start": start,
        "meter": meter,
        "kind": kind,
        "mwh": held.mwh,
        "quality": held.quality,
        "delivery": held.delivery,
    }


def read_official(engine: Engine, span: Span) -> Iterable[IntervalRow]:
    """Return the energies that may be billed, by start and house.

    They are read while they are being consumed. Where there are none, that is known
    at once.
    """
    statement = _official(span)
    with engine.connect() as connection:
        if connection.execute(statement.limit(1)).first() is None:
            return ()
    return _rows(engine, statement.order_by(ALLOCATION.c.start, METER.c.house_id))


def _official(span: Span) -> Select[Any]:
    one = ALLOCATION.c
    return (
        select(one.start, METER.c.house_id, one.kind, one.mwh)
        .join_from(ALLOCATION, METER)
        .where(
            one.start >= span.start,
            one.start < span.end,
            one.kind.in_(_COMMUNITY),
            one.quality.in_(sorted(BILLABLE)),
        )
    )


def _rows(engine: Engine, statement: Select[Any]) -> Iterator[IntervalRow]:
    with engine.connect() as connection:
        found = connection.execute(statement).yield_per(_ROWS_AT_A_TIME)
        for (start, house_id), energies in groupby(found, key=lambda row: row[:2]):
            mwh = {kind: value for _, _, kind, value in energies}
            imported, exported = (mwh.get(kind) for kind in _COMMUNITY)
            yield IntervalRow(house_id, start, imported, exported, Quality.MEASURED)
