"""What a house really took and gave, whatever its meter says.

Everything follows from a seed and the instant. Energy flows only in the middle
fifth of an interval, so what a register shows at an edge does not depend on the
second in which it is read, and each interval is known to the last mWh.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

_MOST_MWH = 190_001
"""In an interval: little enough for any connection to carry it in a minute."""
_IDLE = 0.2
"""How many intervals nothing flows in, so that a meter repeats itself."""


@dataclass(frozen=True, slots=True)
class Count:
    """The two registers of a house, in mWh."""

    imported: int
    exported: int

    def __iter__(self) -> Iterator[int]:
        """Yield both."""
        yield from (self.imported, self.exported)

    def __add__(self, other: Count) -> Count:
        """Add register by register."""
        return Count(self.imported + other.imported, self.exported + other.exported)

    def __sub__(self, other: Count) -> Count:
        """Subtract register by register."""
        return Count(self.imported - other.imported, self.exported - other.exported)


@dataclass(frozen=True, slots=True)
class Truth:
    """The true registers at each edge of a span."""

    since: int
    interval: int
    counts: tuple[Count, ...]

    @classmethod
    def of(cls, seed: str, *, since: int, until: int, interval: int) -> Truth:
        """Make up a house's energy between two instants."""
        random = Random(seed)
        count = Count(random.randrange(10**9, 10**10), random.randrange(10**8, 10**9))
        counts = [count]
        for _ in range(since, until, interval):
            if random.random() >= _IDLE:
                count += Count(random.randrange(_MOST_MWH), random.randrange(_MOST_MWH))
            counts.append(count)
        return cls(since, interval, tuple(counts))

    def surging(self, instant: float, energy: Count) -> Truth:
        """Return it with more energy in the interval that an instant is in."""
        end = bisect_right(self.edges, instant)
        after = (count + energy for count in self.counts[end:])
        return replace(self, counts=(*self.counts[:end], *after))

    @property
    def edges(self) -> range:
        """All edges, the last one included."""
        end = self.since + self.interval * len(self.counts)
        return range(self.since, end, self.interval)

    def at(self, instant: float) -> Count:
        """Return what was counted up to an instant."""
        index = bisect_right(self.edges, instant) - 1
        before = self.counts[index]
        after = self.counts[min(index + 1, len(self.counts) - 1)]
        within = int(instant) - self.edges[index]
        passed = min(max(5 * within - 2 * self.interval, 0), self.interval)
        return Count(
            *(
                start + (end - start) * passed // self.interval
                for start, end in zip(before, after, strict=True)
            )
        )
