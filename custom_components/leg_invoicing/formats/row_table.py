"""Rows of houses, kept in little memory and given back in any order.

Of two lines of one file about the same house and interval that say something else,
nobody knows which one is meant: a file with such lines is refused. In another file
read after it, the later one counts.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import NamedTuple

from ..billing.calendar import Instant, Span, iso_utc
from ..billing.measurements import IntervalRow
from ..billing.quality import BILLABLE, Quality
from . import FormatError
from .gaps import Stretch, is_known

_BLOCK = 96
"""Intervals that are stored together: 22 bytes each, as machine integers."""
_QUALITIES = {int(quality): quality for quality in Quality}
_UNKNOWN = -1
_NOTHING = 0

type _Values = tuple[int, int, int, int]
"""Import, export, and how good they are; both qualities are the row's where one
side, or none, is known."""


class _Block(NamedTuple):
    imported: array[int]
    exported: array[int]
    import_quality: array[int]
    export_quality: array[int]
    line: array[int]
    """Counted on from file to file; zero where there is no row."""

    def values(self, i: int) -> _Values:
        """Return what is known of an interval."""
        return (
            self.imported[i],
            self.exported[i],
            self.import_quality[i],
            self.export_quality[i],
        )

    @property
    def positions(self) -> Sequence[int]:
        """Where there are rows."""
        if _NOTHING not in self.line:
            return range(_BLOCK)
        return [i for i, line in enumerate(self.line) if line != _NOTHING]

    @property
    def is_complete(self) -> bool:
        """Whether there are rows everywhere, and all of them can be billed."""
        return (
            _NOTHING not in self.line
            and min(self.imported) > _UNKNOWN < min(self.exported)
            and BILLABLE.issuperset(self.import_quality)
            and BILLABLE.issuperset(self.export_quality)
        )


@dataclass(slots=True)
class RowTable:
    """The rows of one file after the other."""

    minutes: int
    repeated: int = 0
    """Rows that came again, the same."""
    contradicted: int = 0
    """Rows of an earlier file that a later one replaced by others."""
    _before: int = 0
    """How many lines the files before this one had."""
    _lines: int = 0
    _houses: dict[str, dict[int, _Block]] = field(default_factory=dict)
    _seconds: int = field(init=False)

    def __post_init__(self) -> None:
        """Say how long an interval is."""
        self._seconds = self.minutes * 60

    def begin_file(self) -> None:
        """Let the lines that follow be those of another file."""
        self._before = self._lines

    def add(self, line: int, row: IntervalRow) -> None:
        """Take a row of the present file.

        Raises FormatError when an earlier line of it says something else about the
        same house and interval.
        """
        at, i = divmod(row.start // self._seconds, _BLOCK)
        blocks = self._houses.get(row.house_id)
        if blocks is None:
            blocks = self._houses[row.house_id] = {}
        if (block := blocks.get(at)) is None:
            block = blocks[at] = _new_block()
        imported, exported, import_quality, export_quality, lines = block
        new = _values(row)
        if lines[i] != _NOTHING:
            self._meet(block, i, new, line, row)
        imported[i], exported[i], import_quality[i], export_quality[i] = new
        number = self._before + line
        self._lines = max(self._lines, number)
        if lines[i] <= self._before:
            lines[i] = number

    def take_over(self, other: RowTable, houses: Mapping[str, str]) -> None:
        """Take all rows of another table about some houses, by other names.

        No house may be in both.
        """
        for name, blocks in other._houses.items():
            if name in houses:
                self._houses[houses[name]] = blocks

    @property
    def houses(self) -> list[str]:
        """The houses, by id."""
        return sorted(self._houses)

    def by_house(self) -> Iterator[IntervalRow]:
        """Yield the rows by house and time."""
        for house_id in self.houses:
            for at, block in sorted(self._houses[house_id].items()):
                for i, line in enumerate(block.line):
                    if line != _NOTHING:
                        yield _row(house_id, self._start(at, i), block.values(i))

    def by_start(self) -> Iterator[IntervalRow]:
        """Yield the rows by time and house, as a ledger likes them best."""
        houses = self.houses
        numbers = {at for blocks in self._houses.values() for at in blocks}
        for at in sorted(numbers):
            starts = range(
                self._start(at, 0), self._start(at + 1, 0), self.minutes * 60
            )
            side_by_side = zip(
                *(
                    _rows(house_id, starts, block)
                    for house_id in houses
                    if (block := self._houses[house_id].get(at))
                ),
                strict=True,
            )
            yield from filter(None, chain.from_iterable(side_by_side))

    def stretches(self) -> Iterator[Stretch]:
        """Yield when energy is known, by house and time: whole blocks at once."""
        for house_id in self.houses:
            for at, block in sorted(self._houses[house_id].items()):
                first, end = self._start(at, 0), self._start(at + 1, 0)
                if block.is_complete:
                    yield Stretch(house_id, first, end, known=True)
                    continue
                for i in block.positions:
                    start, after = self._start(at, i), self._start(at, i + 1)
                    row = _row(house_id, start, block.values(i))
                    yield Stretch(house_id, start, after, is_known(row))

    @property
    def count(self) -> int:
        """How many rows there are."""
        return sum(
            len(block.positions)
            for blocks in self._houses.values()
            for block in blocks.values()
        )

    @property
    def bounds(self) -> Span | None:
        """From the first start to the last one, where there are rows."""
        edges = [
            (self._start(at, block.positions[0]), self._start(at, block.positions[-1]))
            for blocks in self._houses.values()
            for at, block in blocks.items()
        ]
        if not edges:
            return None
        return Span(min(start for start, _ in edges), max(last for _, last in edges))

    def _start(self, at: int, i: int) -> Instant:
        return (at * _BLOCK + i) * self.minutes * 60

    def _meet(
        self, block: _Block, i: int, new: _Values, line: int, row: IntervalRow
    ) -> None:
        """Compare a row with the one that is there."""
        if new == block.values(i):
            self.repeated += 1
        elif block.line[i] > self._before:
            raise FormatError(
                line,
                f"{row.house_id} at {iso_utc(row.start)} stands on line "
                f"{block.line[i] - self._before} with other values; keep one of the two",
            )
        else:
            self.contradicted += 1


def _values(row: IntervalRow) -> _Values:
    _, _, imported, exported, worst, import_quality, export_quality = row
    return (
        _UNKNOWN if imported is None else imported,
        _UNKNOWN if exported is None else exported,
        worst if import_quality is None else import_quality,
        worst if export_quality is None else export_quality,
    )


def _row(house_id: str, start: Instant, values: _Values) -> IntervalRow:
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


def _rows(
    house_id: str, starts: Iterable[Instant], block: _Block
) -> Iterable[IntervalRow | None]:
    """Return the rows of a block; None where there is none."""
    if block.is_complete and block.import_quality == block.export_quality:
        # As nearly all are: no step of it is taken row by row.
        qualities = map(_QUALITIES.__getitem__, block.import_quality)
        return map(
            IntervalRow,
            repeat(house_id),
            starts,
            block.imported,
            block.exported,
            qualities,
        )
    return [
        None if line == _NOTHING else _row(house_id, start, block.values(i))
        for i, (start, line) in enumerate(zip(starts, block.line, strict=True))
    ]


def _new_block() -> _Block:
    return _Block(
        imported=array("q", [_UNKNOWN]) * _BLOCK,
        exported=array("q", [_UNKNOWN]) * _BLOCK,
        import_quality=array("b", [Quality.MISSING]) * _BLOCK,
        export_quality=array("b", [Quality.MISSING]) * _BLOCK,
        line=array("I", [_NOTHING]) * _BLOCK,
    )
