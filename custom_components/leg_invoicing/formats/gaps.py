"""Where intervals are missing between others."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..billing.calendar import Span
from ..billing.measurements import IntervalRow
from ..billing.quality import BILLABLE


class Gap(NamedTuple):
    """A stretch of time in which a house has no energy that can be billed."""

    house_id: str
    span: Span


def gaps(rows: Iterable[IntervalRow], minutes: int) -> Iterator[Gap]:
    """Yield the gaps of rows that come by house and time.

    A gap is what lies between two rows, and every run of rows without both sides
    or with nothing but placeholders.
    """
    seconds = minutes * 60
    house_id, end, gap_start = "", 0, None
    for row in rows:
        if row.house_id != house_id:
            if gap_start is not None:
                yield Gap(house_id, Span(gap_start, end))
            house_id, end, gap_start = row.house_id, row.start, None
        if gap_start is None and (row.start != end or not _is_known(row)):
            gap_start = end
        if gap_start is not None and _is_known(row):
            yield Gap(house_id, Span(gap_start, row.start))
            gap_start = None
        end = row.start + seconds
    if gap_start is not None:
        yield Gap(house_id, Span(gap_start, end))


def _is_known(row: IntervalRow) -> bool:
    return None not in {row.imported, row.exported} and row.quality in BILLABLE
