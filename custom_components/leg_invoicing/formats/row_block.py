"""A house's intervals for a day or so, as machine integers."""

from array import array
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import repeat
from typing import NamedTuple

from ..billing.calendar import Instant
from ..billing.measurements import IntervalRow
from ..billing.quality import BILLABLE, Quality
from .columns import Run

LENGTH = 96
"""Intervals that are stored together: 22 bytes each."""
NOTHING = 0
"""The line of a row that is not there."""
_UNKNOWN = -1
_NEW_ROW = partial(tuple.__new__, IntervalRow)
"""What a named tuple's class does, which is written in Python, in half the time."""
_QUALITIES = {int(quality): quality for quality in Quality}

type Values = tuple[int, int, int, int]
"""Import, export, and how good they are; both qualities are the row's where one
side, or none, is known."""


class Block(NamedTuple):
    """Intervals one after the other, with and without rows."""

    imported: array[int]
    exported: array[int]
    import_quality: array[int]
    export_quality: array[int]
    line: array[int]
    """Counted on from file to file."""

    @classmethod
    def new(cls) -> Block:
        """Return one without rows."""
        return cls(
            imported=array("q", [_UNKNOWN]) * LENGTH,
            exported=array("q", [_UNKNOWN]) * LENGTH,
            import_quality=array("b", [Quality.MISSING]) * LENGTH,
            export_quality=array("b", [Quality.MISSING]) * LENGTH,
            line=array("I", [NOTHING]) * LENGTH,
        )

    def values(self, i: int) -> Values:
        """Return what is known of an interval."""
        return (
            self.imported[i],
            self.exported[i],
            self.import_quality[i],
            self.export_quality[i],
        )

    def put(self, i: int, run: Run, before: int) -> bool:
        """Take a run from an interval on, but not where there are rows already.

        `before` is how many lines the files before this one had.
        """
        place, lines = slice(i, i + len(run.lines)), run.lines
        if any(self.line[place]):
            return False
        self.imported[place] = array("q", run.imported)
        self.exported[place] = array("q", run.exported)
        quality = array("b", run.qualities)
        self.import_quality[place] = self.export_quality[place] = quality
        self.line[place] = array(
            "I", range(lines.start + before, lines.stop + before, lines.step)
        )
        return True

    @property
    def positions(self) -> Sequence[int]:
        """Where there are rows."""
        if NOTHING not in self.line:
            return range(LENGTH)
        return [i for i, line in enumerate(self.line) if line != NOTHING]

    @property
    def is_complete(self) -> bool:
        """Whether there are rows everywhere, and all of them can be billed."""
        return (
            NOTHING not in self.line
            and min(self.imported) > _UNKNOWN < min(self.exported)
            and BILLABLE.issuperset(self.import_quality)
            and BILLABLE.issuperset(self.export_quality)
        )


def values_of(row: IntervalRow) -> Values:
    """Return what a row says."""
    _, _, imported, exported, worst, import_quality, export_quality = row
    return (
        _UNKNOWN if imported is None else imported,
        _UNKNOWN if exported is None else exported,
        worst if import_quality is None else import_quality,
        worst if export_quality is None else export_quality,
    )


def row_of(house_id: str, start: Instant, values: Values) -> IntervalRow:
    """Return the row that says this."""
    imported, exported, import_quality, export_quality = values
    sides = (
        None if imported == _UNKNOWN else imported,
        None if exported == _UNKNOWN else exported,
    )
    if import_quality == export_quality:
        return IntervalRow(house_id, start, *sides, Quality(import_quality))
    worst = max(import_quality, export_quality)
    better = (
        Quality(quality) if quality < worst else None
        for quality in (import_quality, export_quality)
    )
    return IntervalRow(house_id, start, *sides, Quality(worst), *better)


def rows_of(
    house_id: str, starts: Iterable[Instant], block: Block
) -> Iterable[IntervalRow | None]:
    """Return the rows of a block; None where there is none."""
    if block.is_complete and block.import_quality == block.export_quality:
        # As nearly all are: no step of it is taken row by row.
        qualities = map(_QUALITIES.__getitem__, block.import_quality)
        sides = (block.imported, block.exported, qualities)
        columns = (repeat(house_id), starts, *sides, repeat(None), repeat(None))
        return map(_NEW_ROW, zip(*columns, strict=False))
    return [
        None if line == NOTHING else row_of(house_id, start, block.values(i))
        for i, (start, line) in enumerate(zip(starts, block.line, strict=True))
    ]
