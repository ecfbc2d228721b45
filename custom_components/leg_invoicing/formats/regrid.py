"""Energies on one grid of intervals, put on another."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ..billing.calendar import Instant
from ..billing.quality import Quality


class Value(NamedTuple):
    """The energy of an interval, and what it is worth."""

    mwh: int
    quality: int
    version: str

    def beats(self, other: Value | None) -> bool:
        """Tell whether this value counts, of two from different grids."""
        if other is None or self.quality != other.quality:
            return other is None or self.quality < other.quality
        return self.version > other.version


MISSING = Value(0, Quality.MISSING, "")


def added(parts: Iterable[Value]) -> Value:
    """Sum energies; the quality is the worst, the version the newest of them."""
    mwh, quality, version = zip(*parts, strict=True)
    return Value(sum(mwh), max(quality), max(version))


def summed(
    values: Iterable[tuple[Instant, Value]], seconds: int, parts: int
) -> Iterator[tuple[Instant, Value]]:
    """Sum shorter intervals; where not all parts are there, the sum is missing."""
    whole: dict[Instant, list[Value]] = defaultdict(list)
    for start, value in values:
        whole[start - start % seconds].append(value)
    for start, found in whole.items():
        yield start, added(found) if len(found) == parts else MISSING


def divided(
    values: Iterable[tuple[Instant, Value]], seconds: int, parts: int
) -> Iterator[tuple[Instant, Value]]:
    """Divide longer intervals evenly; rounded so that the parts sum to the whole."""
    for start, (mwh, quality, version) in values:
        edges = [mwh * i // parts for i in range(parts + 1)]
        worse = max(quality, Quality.ESTIMATED)
        for i in range(parts):
            part = Value(edges[i + 1] - edges[i], worse, version)
            yield start + i * seconds, part


def sums(
    community: Mapping[Instant, Value], residual: Mapping[Instant, Value]
) -> dict[Instant, Value]:
    """Sum two shares where both are known to be."""
    return {
        start: added((community[start], residual[start]))
        for start in community.keys() & residual.keys()
    }
