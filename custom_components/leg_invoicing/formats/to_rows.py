"""From deliveries of metering points to the intervals of houses.

Files overlap, are sent again and measure on grids of their own. Everything is taken
in first; then each house gets a row per interval of the community:

- Of two deliveries of the same interval the newer version counts; of the same
  version, the one read later.
- Shorter intervals are summed where all of them are there. Longer ones, up to an
  hour, are divided evenly; the parts sum to the whole and are ESTIMATED.
- Registers and points of the same house and direction add up. Where one of them
  is not known, neither is the sum.
- A direction that no point of the house has is zero.
- Where there is no total, it is what was allocated from the community and the rest.

Which house a point belongs to is asked last, so that points nobody has mapped can be
listed and mapped without reading anew.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ..billing.calendar import Instant
from ..billing.measurements import IntervalRow
from ..billing.quality import Quality
from .deliveries import Direction, MeteredInterval, Share
from .regrid import MISSING, Value, added, divided, summed, sums

_BLOCK = 96
"""Intervals that are stored together: thirteen bytes each, as machine integers."""
_NOTHING = -1
_LONGEST_SECONDS = 3600


class _Register(NamedTuple):
    """One counter of one point; what it measured may come in different grids."""

    point: str
    direction: Direction
    register: str


class _Lane(NamedTuple):
    register: _Register
    share: Share
    seconds: int
    phase: int
    """How far its intervals begin after a multiple of their length."""

    def fits(self, seconds: int) -> bool:
        """Tell whether the intervals can be put on a grid of that length."""
        if self.seconds <= seconds:
            return seconds % self.seconds == 0 and self.phase == 0
        return (
            self.seconds <= _LONGEST_SECONDS
            and self.seconds % seconds == 0
            and self.phase % seconds == 0
        )


class _Block(NamedTuple):
    mwh: array[int]
    quality: array[int]
    version: array[int]


type Side = list[dict[Instant, Value]]
"""The registers of one direction of a house."""


@dataclass(slots=True)
class Deliveries:
    """All that was delivered, in the newest version."""

    repeated: Counter[str] = field(default_factory=Counter)
    """Intervals of a point that came again with the same value."""
    replaced: Counter[str] = field(default_factory=Counter)
    """Intervals that came with another value in another version."""
    contradicted: Counter[str] = field(default_factory=Counter)
    """Intervals that came with another value in the same version."""
    _lanes: dict[_Lane, dict[int, _Block]] = field(default_factory=dict)
    _versions: dict[str, int] = field(default_factory=dict)
    _version_texts: list[str] = field(default_factory=list)

    def add(self, new: MeteredInterval) -> None:
        """Take an interval in, unless a newer version of it is there already."""
        number, phase = divmod(new.start, new.seconds)
        register = _Register(new.point, new.direction, new.register)
        blocks = self._lanes.setdefault(
            _Lane(register, new.share, new.seconds, phase), {}
        )
        at, i = divmod(number, _BLOCK)
        if (block := blocks.get(at)) is None:
            block = blocks[at] = _new_block()
        if block.quality[i] != _NOTHING and not self._supersedes(new, block, i):
            return
        block.mwh[i], block.quality[i] = new.mwh, new.quality
        block.version[i] = self._version(new.version)

    @property
    def points(self) -> list[str]:
        """The metering points, by id."""
        return sorted({lane.register.point for lane in self._lanes})

    def unknown(self, houses: Mapping[str, str]) -> list[str]:
        """Return the points that no house is known for."""
        return [point for point in self.points if point not in houses]

    @property
    def shares(self) -> set[Share]:
        """Which parts of energies were delivered."""
        return {lane.share for lane in self._lanes}

    def directions(self, point: str) -> set[Direction]:
        """Return which ways the energy of a point went."""
        registers = {lane.register for lane in self._lanes}
        return {r.direction for r in registers if r.point == point}

    def unfit(self, minutes: int) -> list[tuple[str, int]]:
        """Return points and lengths, in seconds, that do not fit a grid."""
        return sorted(
            {
                (lane.register.point, lane.seconds)
                for lane in self._lanes
                if not lane.fits(minutes * 60)
            }
        )

    def rows(
        self, houses: Mapping[str, str], minutes: int, share: Share = Share.TOTAL
    ) -> Iterator[IntervalRow]:
        """Yield the rows of each house, by house and time.

        `houses` says which house a point belongs to; other points are left out.
        """
        for house_id, sides in self.sides(houses, minutes, share):
            yield from _rows(house_id, sides)

    def sides(
        self, houses: Mapping[str, str], minutes: int, share: Share
    ) -> Iterator[tuple[str, tuple[Side, Side]]]:
        """Yield the import and the export of each house, register by register."""
        of_house: dict[str, list[_Lane]] = defaultdict(list)
        for lane in self._lanes:
            if lane.register.point in houses and lane.fits(minutes * 60):
                of_house[houses[lane.register.point]].append(lane)
        for house_id, lanes in sorted(of_house.items()):
            yield house_id, self._sides(lanes, minutes * 60, share)

    def _version(self, text: str) -> int:
        number = self._versions.setdefault(text, len(self._versions))
        if number == len(self._version_texts):
            self._version_texts.append(text)
        return number

    def _supersedes(self, new: MeteredInterval, block: _Block, i: int) -> bool:
        """Tell whether an interval replaces the one that is there, and count it."""
        before = self._version_texts[block.version[i]]
        if (block.mwh[i], block.quality[i]) == (new.mwh, new.quality):
            self.repeated[new.point] += 1
        elif before == new.version:
            self.contradicted[new.point] += 1
        else:
            self.replaced[new.point] += 1
        return new.version >= before

    def _sides(
        self, lanes: Iterable[_Lane], seconds: int, share: Share
    ) -> tuple[Side, Side]:
        """Return the import and the export of a house, register by register."""
        found: dict[tuple[_Register, Share], dict[Instant, Value]] = {}
        for lane in lanes:
            values = found.setdefault((lane.register, lane.share), {})
            for start, value in self._on_grid(lane, seconds):
                if value.beats(values.get(start)):
                    values[start] = value
        sides: dict[Direction, Side] = {d: [] for d in Direction}
        for register in sorted({lane.register for lane in lanes}):
            values = found.get((register, share), {})
            if share is Share.TOTAL:
                community = found.get((register, Share.COMMUNITY), {})
                residual = found.get((register, Share.RESIDUAL), {})
                values = {**sums(community, residual), **values}
            sides[register.direction].append(values)
        return sides[Direction.IMPORT], sides[Direction.EXPORT]

    def _on_grid(self, lane: _Lane, seconds: int) -> Iterator[tuple[Instant, Value]]:
        values = self._values(lane)
        if lane.seconds < seconds:
            return summed(values, seconds, seconds // lane.seconds)
        if lane.seconds > seconds:
            return divided(values, seconds, lane.seconds // seconds)
        return values

    def _values(self, lane: _Lane) -> Iterator[tuple[Instant, Value]]:
        """Yield what a lane holds, in the order of time."""
        for at, block in sorted(self._lanes[lane].items()):
            start = at * _BLOCK * lane.seconds + lane.phase
            for i, quality in enumerate(block.quality):
                if quality != _NOTHING:
                    version = self._version_texts[block.version[i]]
                    value = Value(block.mwh[i], quality, version)
                    yield start + i * lane.seconds, value


def _new_block() -> _Block:
    return _Block(
        mwh=array("q", [0]) * _BLOCK,
        quality=array("b", [_NOTHING]) * _BLOCK,
        version=array("I", [0]) * _BLOCK,
    )


def _rows(house_id: str, sides: tuple[Side, Side]) -> Iterator[IntervalRow]:
    starts = sorted({start for side in sides for values in side for start in values})
    for start in starts:
        values = [together(registers, start) for registers in sides]
        # A direction without registers is zero, but no measurement.
        known = [v.quality for v, side in zip(values, sides, strict=True) if v and side]
        if not known:
            yield IntervalRow(house_id, start, None, None, Quality.MISSING)
            continue
        imported, exported = (value.mwh if value else None for value in values)
        worst = Quality(max(known))
        better = (
            Quality(v.quality) if v and side and v.quality < worst else None
            for v, side in zip(values, sides, strict=True)
        )
        yield IntervalRow(house_id, start, imported, exported, worst, *better)


def together(registers: Side, start: Instant) -> Value | None:
    """Return the energy of one direction; None where it is not known."""
    parts = [values.get(start, MISSING) for values in registers]
    if any(part.quality == Quality.MISSING for part in parts):
        return None
    return added(parts) if parts else Value(0, Quality.MEASURED, "")
