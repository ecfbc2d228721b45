"""The ledger as it stood at an earlier time."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Engine, Row, select

from .billing.calendar import Instant, Span
from .billing.measurements import IntervalRow
from .ledger_quality import interval_row
from .ledger_reading import read_rows
from .ledger_schema import METER, REVISION, SUPERSEDED


def rows_as_of(engine: Engine, span: Span, at: Instant) -> Iterator[IntervalRow]:
    """Yield the rows that stood at an instant, by start and house.

    Of what has been replaced since, the first that was replaced stood then. What was
    only filled in since was not there: where that left nothing behind, it shows.
    """
    earlier: dict[tuple[Instant, str], IntervalRow] = {}
    for row in _superseded(engine, span, at):
        earlier.setdefault((row.start, row.house_id), row)
    for now in read_rows(engine, span, None):
        yield earlier.get((now.start, now.house_id), now)


def _superseded(engine: Engine, span: Span, at: Instant) -> Iterator[IntervalRow]:
    """Yield what has been replaced after an instant, the oldest first."""
    once = SUPERSEDED.c
    statement = (
        select(METER.c.house_id, once.start, once.imported, once.exported, once.quality)
        .join_from(SUPERSEDED, METER)
        .join(REVISION)
        .where(REVISION.c.at > at, once.start >= span.start, once.start < span.end)
        .order_by(once.revision)
    )
    with engine.connect() as connection:
        found: Row[Any]
        for found in connection.execute(statement):
            house_id, start, imported, exported, quality = found
            yield interval_row(house_id, start, imported, exported, quality)
