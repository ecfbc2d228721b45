"""Rows of houses, kept in little memory and given back in any order.

Of two lines of one file about the same house and interval that say something else,
nobody knows which one is meant: a file with such lines is refused. In another file
read after it, the later one counts.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from ..billing.calendar import Instant, Span, iso_utc
from ..billing.measurements import IntervalRow
from . import FormatError
from .columns import Columns, Run
from .gaps import Stretch, is_known
from .reasons import tables as because
from .row_block import LENGTH, NOTHING, Block, Values, row_of, rows_of, values_of


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
    _houses: dict[str, dict[int, Block]] = field(default_factory=dict)
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
        at, i = divmod(row.start // self._seconds, LENGTH)
        block = self._block(row.house_id, at)
        new = values_of(row)
        if block.line[i] != NOTHING:
            self._meet(block, i, new, line, row)
        imported, exported, import_quality, export_quality, lines = block
        imported[i], exported[i], import_quality[i], export_quality[i] = new
        number = self._before + line
        self._lines = max(self._lines, number)
        if lines[i] <= self._before:
            lines[i] = number

    def take(self, columns: Columns) -> None:
        """Take rows of the present file, as `add` takes each of them."""
        runs = columns.runs(self._seconds)
        if runs is None:
            self._add_each(columns.rows())
            return
        for run in runs:
            self._take_run(run)

    def _add_each(self, rows: Iterable[tuple[int, IntervalRow]]) -> None:
        for line, row in rows:
            self.add(line, row)

    def _take_run(self, run: Run) -> None:
        """Take the intervals of a run, those of a block at once."""
        number, count, done = run.starts[0] // self._seconds, len(run.starts), 0
        while done < count:
            at, i = divmod(number + done, LENGTH)
            part = run.part(done, done + LENGTH - i)
            if self._block(run.house_id, at).put(i, part, self._before):
                self._lines = max(self._lines, self._before + part.lines[-1])
            else:
                self._add_each(part.rows())
            done += len(part.starts)

    def _block(self, house_id: str, at: int) -> Block:
        """Return the block of a house, a new one where there is none."""
        blocks = self._houses.get(house_id)
        if blocks is None:
            blocks = self._houses[house_id] = {}
        if (block := blocks.get(at)) is None:
            block = blocks[at] = Block.new()
        return block

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
                    if line != NOTHING:
                        yield row_of(house_id, self._start(at, i), block.values(i))

    def by_start(self) -> Iterator[IntervalRow]:
        """Yield the rows by time and house, as a ledger likes them best."""
        numbers = {at for blocks in self._houses.values() for at in blocks}
        return chain.from_iterable(map(self._side_by_side, sorted(numbers)))

    def _side_by_side(self, at: int) -> Iterator[IntervalRow]:
        """Yield the rows of all houses' blocks of one number, by time."""
        starts = range(self._start(at, 0), self._start(at + 1, 0), self._seconds)
        blocks = (
            rows_of(house_id, starts, block)
            for house_id in self.houses
            if (block := self._houses[house_id].get(at))
        )
        return filter(None, chain.from_iterable(zip(*blocks, strict=True)))

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
                    row = row_of(house_id, start, block.values(i))
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
        return (at * LENGTH + i) * self.minutes * 60

    def _meet(
        self, block: Block, i: int, new: Values, line: int, row: IntervalRow
    ) -> None:
        """Compare a row with the one that is there."""
        if new == block.values(i):
            self.repeated += 1
        elif block.line[i] > self._before:
            reason = because.STANDS_TWICE(
                house=row.house_id,
                time=iso_utc(row.start),
                line=block.line[i] - self._before,
            )
            raise FormatError(line, reason)
        else:
            self.contradicted += 1
