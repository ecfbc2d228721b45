"""The qualities of an interval's two sides as the one number that the ledger keeps.

Most intervals have one quality for both: that is the number itself, and for what
was measured it is 0, which takes no room in the file. Where one side is better than
the other, its quality stands in the bits above:

    bits 0-5 the worst quality; bits 6-7 which side is better; bits 8-13 how good it is
"""

from collections.abc import Iterable, Sequence

from .billing.calendar import Instant
from .billing.measurements import IntervalRow
from .billing.quality import Quality

_WORST = 0x3F
_IMPORT_IS_BETTER = 1 << 6
_EXPORT_IS_BETTER = 2 << 6


def quality_number(row: IntervalRow) -> int:
    """Return the number of a row's qualities."""
    if row.import_quality is not None:
        return row.quality | _IMPORT_IS_BETTER | row.import_quality << 8
    if row.export_quality is not None:
        return row.quality | _EXPORT_IS_BETTER | row.export_quality << 8
    return row.quality


def quality_numbers(rows: Sequence[IntervalRow]) -> Iterable[int]:
    """Return the numbers of many rows' qualities, without their enumeration."""
    *_, worst, import_qualities, export_qualities = zip(*rows, strict=True)
    if {*import_qualities, *export_qualities} == {None}:
        return map(int, worst)
    return map(int, map(quality_number, rows))


def worst_quality(number: int) -> int:
    """Return the worst of the qualities in a number."""
    return number & _WORST


def interval_row(
    house_id: str,
    start: Instant,
    imported: int | None,
    exported: int | None,
    number: int,
) -> IntervalRow:
    """Return a row as it was before its qualities became a number."""
    worst = Quality(worst_quality(number))
    if number == worst:
        return IntervalRow(house_id, start, imported, exported, worst)
    better = Quality(number >> 8)
    qualities = (better, None) if number & _IMPORT_IS_BETTER else (None, better)
    return IntervalRow(house_id, start, imported, exported, worst, *qualities)
