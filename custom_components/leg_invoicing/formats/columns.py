"""Rows of intervals as columns side by side, as regular files have them.

What a meter-data file says of a house mostly goes on from interval to interval. Taken
as a whole, such a run costs a small part of what its rows cost one by one.
"""

from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import NamedTuple, cast

from ..billing.calendar import Instant
from ..billing.measurements import IntervalRow
from ..billing.quality import Quality

_SHORTEST = 8
"""Intervals that are worth being taken as a run."""


class Run(NamedTuple):
    """Intervals of one house, each right after the one before; both sides known."""

    lines: range
    house_id: str
    starts: Sequence[Instant]
    imported: Sequence[int]
    exported: Sequence[int]
    qualities: Sequence[Quality]

    def part(self, first: int, end: int) -> Run:
        """Return some of the intervals, by their numbers."""
        if first == 0 and end >= len(self.starts):
            return self
        part = slice(first, end)
        return Run(
            self.lines[part],
            self.house_id,
            self.starts[part],
            self.imported[part],
            self.exported[part],
            self.qualities[part],
        )

    def rows(self) -> Iterator[tuple[int, IntervalRow]]:
        """Yield each row with the number of its line."""
        lines, house_id, *columns = self
        return zip(lines, map(IntervalRow, repeat(house_id), *columns), strict=True)


class Columns(NamedTuple):
    """Rows that stand on lines one below the other."""

    line: int
    """Where the first of them stands."""
    house_ids: Sequence[str]
    starts: Sequence[Instant]
    imported: Sequence[int | None]
    exported: Sequence[int | None]
    qualities: Sequence[Quality]

    @classmethod
    def of_row(cls, line: int, row: IntervalRow) -> Columns:
        """Return a single row; both sides are as good as each other."""
        return cls(line, *((value,) for value in row[:5]))  # type: ignore[arg-type]

    def rows(self) -> Iterator[tuple[int, IntervalRow]]:
        """Yield each row with the number of its line."""
        return enumerate(map(IntervalRow, *self[1:], strict=True), self.line)

    def runs(self, seconds: int) -> list[Run] | None:
        """Return the rows as one run for each house; None where they are none.

        Houses must take turns, or there be one only, and none may leave out any
        interval of so many seconds.
        """
        houses = len(set(self.house_ids))
        if (
            len(self.starts) < houses * _SHORTEST
            or self.house_ids[houses:] != self.house_ids[:-houses]
            or None in self.imported
            or None in self.exported
        ):
            return None
        found = [self._run(number, houses) for number in range(houses)]
        return found if all(_goes_on(run.starts, seconds) for run in found) else None

    def _run(self, number: int, houses: int) -> Run:
        """Return the rows of the house whose turn comes at a number."""
        turns = slice(number, None, houses)
        return Run(
            range(self.line, self.line + len(self.starts))[turns],
            self.house_ids[number],
            self.starts[turns],
            cast(Sequence[int], self.imported[turns]),
            cast(Sequence[int], self.exported[turns]),
            self.qualities[turns],
        )


def _goes_on(starts: Sequence[Instant], seconds: int) -> bool:
    """Tell whether each start is so many seconds after the one before."""
    end = starts[0] + len(starts) * seconds
    return starts == list(range(starts[0], end, seconds))
