"""Rows of our own CSV, kept in little memory and given back by house and time.

Of two lines about the same house and interval that say something else, nobody knows
which one is meant: a file with such lines is refused. In another file read after it,
the later one counts.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from ..billing.calendar import Instant, iso_utc
from ..billing.measurements import IntervalRow
from ..billing.quality import Quality
from . import FormatError

_BLOCK = 96
"""Intervals that are stored together: 21 bytes each, as machine integers."""
_UNKNOWN = -1
_NOTHING = 0


class _Block(NamedTuple):
    imported: array[int]
    exported: array[int]
    quality: array[int]
    line: array[int]
    """Counted on from file to file; zero where there is no row."""


@dataclass(slots=True)
class OwnTable:
    """The rows of one file after the other."""

    minutes: int
    contradicted: int = 0
    """Rows of an earlier file that a later one replaced by others."""
    repeated: int = 0
    _before: int = 0
    """How many lines the files before this one had."""
    _lines: int = 0
    _houses: dict[str, dict[int, _Block]] = field(default_factory=dict)

    def begin_file(self) -> None:
        """Let the lines that follow be those of another file."""
        self._before = self._lines

    def add(self, line: int, row: IntervalRow) -> None:
        """Take a row of the present file.

        Raises FormatError when an earlier line of it says something else about the
        same house and interval.
        """
        at, i = divmod(row.start // (self.minutes * 60), _BLOCK)
        blocks = self._houses.setdefault(row.house_id, {})
        if (block := blocks.get(at)) is None:
            block = blocks[at] = _new_block()
        new = (
            _UNKNOWN if row.imported is None else row.imported,
            _UNKNOWN if row.exported is None else row.exported,
            row.quality,
        )
        if block.line[i] != _NOTHING:
            self._meet(block, i, new, line, row)
        block.imported[i], block.exported[i], block.quality[i] = new
        self._lines = self._before + line
        block.line[i] = self._lines

    @property
    def houses(self) -> list[str]:
        """The houses, by id."""
        return sorted(self._houses)

    def rows(self, house_id: str) -> Iterator[IntervalRow]:
        """Yield the rows of a house, in the order of time."""
        seconds = self.minutes * 60
        for at, block in sorted(self._houses.get(house_id, {}).items()):
            for i, line in enumerate(block.line):
                if line != _NOTHING:
                    start: Instant = (at * _BLOCK + i) * seconds
                    yield IntervalRow(
                        house_id,
                        start,
                        _known(block.imported[i]),
                        _known(block.exported[i]),
                        Quality(block.quality[i]),
                    )

    def _meet(
        self,
        block: _Block,
        i: int,
        new: tuple[int, int, int],
        line: int,
        row: IntervalRow,
    ) -> None:
        """Compare a row with the one that is there."""
        if new == (block.imported[i], block.exported[i], block.quality[i]):
            self.repeated += 1
            return
        if block.line[i] > self._before:
            raise FormatError(
                line,
                f"{row.house_id} at {iso_utc(row.start)} stands on line "
                f"{block.line[i] - self._before} with other values; keep one of the two",
            )
        self.contradicted += 1


def _known(mwh: int) -> int | None:
    return None if mwh == _UNKNOWN else mwh


def _new_block() -> _Block:
    return _Block(
        imported=array("q", [_UNKNOWN]) * _BLOCK,
        exported=array("q", [_UNKNOWN]) * _BLOCK,
        quality=array("b", [Quality.MISSING]) * _BLOCK,
        line=array("I", [_NOTHING]) * _BLOCK,
    )
