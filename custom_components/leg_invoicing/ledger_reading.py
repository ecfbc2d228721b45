"""Read intervals out of the ledger, as a stream.

For settling, SQLite itself puts the houses of an interval side by side: a line of
text per interval and quantity is taken over several times faster than a row per
house. All lines of an interval are made in one pass over the same rows, so the line
of the meters says whose value stands where.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache, partial
from heapq import merge
import json
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Engine,
    Row,
    Select,
    Table,
    and_,
    case,
    func,
    null,
    or_,
    select,
)

from .billing.calendar import Span
from .billing.energy import Energy
from .billing.measurements import IntervalRow, IntervalSlice, Measurements
from .billing.quality import Quality
from .ledger_entries import ReadingKind, Revision, Source, StoredReading, Version
from .ledger_merging import meters
from .ledger_quality import interval_row, worst_quality
from .ledger_schema import INTERVAL, METER, READING, REVISION, SUPERSEDED

_ROWS_AT_A_TIME = 1000

_MISSING = int(Quality.MISSING)

_IS_HALF = or_(INTERVAL.c.imported.is_(None), INTERVAL.c.exported.is_(None))

_LANES = (
    func.group_concat(INTERVAL.c.meter),
    func.group_concat(func.coalesce(INTERVAL.c.imported, 0)),
    func.group_concat(func.coalesce(INTERVAL.c.exported, 0)),
    func.group_concat(case((_IS_HALF, _MISSING), else_=INTERVAL.c.quality)),
)

type _Pick = Callable[[Sequence[int]], Sequence[int]]
"""Takes the houses' values out of a lane, in the houses' order."""


def read_rows(
    engine: Engine, span: Span, houses: Collection[str] | None
) -> Iterator[IntervalRow]:
    """Yield rows by start and house."""
    row = INTERVAL.c
    statement = (
        select(METER.c.house_id, row.start, row.imported, row.exported, row.quality)
        .join_from(INTERVAL, METER)
        .where(_within(INTERVAL, span))
        .order_by(row.start, METER.c.house_id)
    )
    if houses is not None:
        statement = statement.where(METER.c.house_id.in_(houses))
    with engine.connect() as connection:
        found = connection.execute(statement).yield_per(_ROWS_AT_A_TIME)
        for house_id, start, imported, exported, quality in found:
            yield interval_row(house_id, start, imported, exported, quality)


def read_readings(
    engine: Engine, house_id: str, register: str, span: Span
) -> list[StoredReading]:
    """Return what a register showed at local midnights of a span."""
    kept = READING.c
    statement = (
        select(kept.at, kept.value, kept.kind)
        .join_from(READING, METER)
        .where(
            METER.c.house_id == house_id,
            kept.register == register,
            kept.at >= span.start,
            kept.at < span.end,
        )
        .order_by(kept.at)
    )
    with engine.connect() as connection:
        return [
            StoredReading(
                house_id=house_id,
                register=register,
                at=at,
                value=Energy(mwh),
                kind=ReadingKind(kind),
            )
            for at, mwh, kind in connection.execute(statement)
        ]


def read_measurements(
    engine: Engine, span: Span, houses: Collection[str] | None
) -> Measurements:
    """Return what settling takes: houses by id, and a slice per interval."""
    with engine.connect() as connection:
        numbers = meters(connection)
        if houses is None:
            measured = set(connection.execute(_measured_in(span)).scalars())
            houses = [house for house, meter in numbers.items() if meter in measured]
    in_order = tuple(sorted(set(houses)))
    return Measurements(
        houses=in_order,
        slices=_slices(engine, span, [numbers.get(house) for house in in_order]),
    )


def read_versions(engine: Engine, house_id: str, span: Span) -> Iterator[Version]:
    """Yield what once stood and what stands now, by start, the oldest first."""
    once = (
        _of_house(SUPERSEDED, house_id, span)
        .add_columns(SUPERSEDED.c.revision)
        .order_by(SUPERSEDED.c.start, SUPERSEDED.c.revision)
    )
    now = (
        _of_house(INTERVAL, house_id, span)
        .add_columns(null())
        .order_by(INTERVAL.c.start)
    )
    revisions = lru_cache(1)(partial(_revision, engine))
    with engine.connect() as connection:
        found = (
            connection.execute(statement).yield_per(_ROWS_AT_A_TIME)
            for statement in (once, now)
        )
        # Of the same start, `merge` takes what once stood first.
        for row in merge(*found, key=lambda row: row.start):
            start, imported, exported, quality, source, revision = row
            yield Version(
                row=interval_row(house_id, start, imported, exported, quality),
                source=Source(source),
                superseded=None if revision is None else revisions(revision),
            )


def read_revisions(engine: Engine, span: Span) -> Iterator[Revision]:
    """Yield the revisions that were made in a span of time, the newest first."""
    statement = (
        select(REVISION)
        .where(REVISION.c.at >= span.start, REVISION.c.at < span.end)
        .order_by(REVISION.c.at.desc(), REVISION.c.id.desc())
    )
    with engine.connect() as connection:
        for found in connection.execute(statement).yield_per(_ROWS_AT_A_TIME):
            yield _as_revision(found)


def _revision(engine: Engine, number: int) -> Revision:
    with engine.connect() as connection:
        found = connection.execute(select(REVISION).where(REVISION.c.id == number))
        return _as_revision(found.one())


def _as_revision(found: Row[Any]) -> Revision:
    return Revision(
        at=found.at,
        source=Source(found.source),
        action=found.action,
        reason=found.reason,
        user_id=found.user,
        houses=tuple(json.loads(found.houses)),
        changed=found.changed,
        span=None if found.first is None else Span(found.first, found.last + 1),
    )


def _of_house(table: Table, house_id: str, span: Span) -> Select[Any]:
    values = ("start", "imported", "exported", "quality", "source")
    return (
        select(*(table.c[name] for name in values))
        .join_from(table, METER)
        .where(METER.c.house_id == house_id, _within(table, span))
    )


def _within(table: Table, span: Span) -> ColumnElement[bool]:
    return and_(table.c.start >= span.start, table.c.start < span.end)


def _measured_in(span: Span) -> Select[tuple[int]]:
    """Select the meters that have a row in a span."""
    # LIMIT makes SQLite look for the first row only, for each meter: in a span that
    # is measured it is the first or one of the first.
    first = (
        select(INTERVAL.c.start)
        .where(INTERVAL.c.meter == METER.c.id, _within(INTERVAL, span))
        .limit(1)
        .scalar_subquery()
    )
    return select(METER.c.id).where(first.is_not(None))


def _slices(
    engine: Engine, span: Span, wanted: Sequence[int | None]
) -> Iterator[IntervalSlice]:
    """Yield the intervals that anybody has a row for, with a lane per quantity."""
    statement = (
        select(INTERVAL.c.start, *_LANES)
        .where(_within(INTERVAL, span))
        .group_by(INTERVAL.c.start)
        .order_by(INTERVAL.c.start)
    )
    known = None
    with engine.connect() as connection:
        found = connection.execute(statement).yield_per(_ROWS_AT_A_TIME)
        for start, meters_line, imported, exported, quality_line in found:
            # Nearly always these are the same as in the interval before.
            if (meters_line, quality_line) != known:
                known = meters_line, quality_line
                pick = _pick(_lane(meters_line), wanted)
                numbers = _lane(quality_line)
                quality = pick([*map(worst_quality, numbers), _MISSING])
            yield IntervalSlice(
                start,
                pick([*_lane(imported), 0]),
                pick([*_lane(exported), 0]),
                quality,
            )


def _lane(line: str) -> list[int]:
    return list(map(int, line.split(",")))


def _pick(present: Sequence[int], wanted: Sequence[int | None]) -> _Pick:
    """Return what takes the wanted meters' values out of a lane.

    A meter without a row gets the value that stands behind the last one.
    """
    place = {meter: i for i, meter in enumerate(present)}
    places = [-1 if meter is None else place.get(meter, -1) for meter in wanted]
    if len(places) > 1:
        return itemgetter(*places)
    return lambda lane: [lane[place] for place in places]
