"""Where intervals are missing between others."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..billing.calendar import Instant, Span
from ..billing.measurements import IntervalRow
from ..billing.quality import BILLABLE


class Gap(NamedTuple):
    """A stretch of time in which a house has no energy that can be billed."""

    house_id: str
    span: Span


class Stretch(NamedTuple):
    """Some time in which the energy of a house is known, or is not."""

    house_id: str
    start: Instant
    end: Instant
    known: bool


def gaps(rows: Iterable[IntervalRow], minutes: int) -> Iterator[Gap]:
    """Yield the gaps of rows that come by house and time.

    A gap is what lies between two rows, and every run of rows without both sides
    or with nothing but placeholders.
    """
    seconds = minutes * 60
    return gaps_between(
        Stretch(row.house_id, row.start, row.start + seconds, is_known(row))
        for row in rows
    )


def gaps_between(stretches: Iterable[Stretch]) -> Iterator[Gap]:
    """Yield the gaps of stretches that come by house and time."""
    house_id, end, gap_start = "", 0, None
    for stretch in stretches:
        if stretch.house_id != house_id:
            if gap_start is not None:
                yield Gap(house_id, Span(gap_start, end))
            house_id, end, gap_start = stretch.house_id, stretch.start, None
        if gap_start is None and (stretch.start != end or not stretch.known):
            gap_start = end
        if gap_start is not None and stretch.known:
            yield Gap(house_id, Span(gap_start, stretch.start))
            gap_start = None
        end = stretch.end
    if gap_start is not None:
        yield Gap(house_id, Span(gap_start, end))


def is_known(row: IntervalRow) -> bool:
    """Tell whether both sides of a row can be billed."""
    return None not in {row.imported, row.exported} and row.quality in BILLABLE
