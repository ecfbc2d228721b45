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
- A total that is only the part that takes part counts, but for houses of which the
  agreement says the part: that is taken out of the whole when it is settled.

Which house a point belongs to is asked last, so that points nobody has mapped can be
listed and mapped without reading anew.
"""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ..billing.calendar import Instant, Span
from ..billing.measurements import IntervalRow
from ..billing.quality import Quality
from .deliveries import Direction, MeteredInterval, Share
from .lanes import BLOCK, LONGEST_SECONDS, NOTHING, Block, Lane, Register, new_block
from .regrid import MISSING, Value, added, divided, summed, sums

STRETCH_SECONDS = 28 * 86_400
"""How much of a house is in memory at a time: whole hours."""


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
    _lanes: dict[Lane, dict[int, Block]] = field(default_factory=dict)
    _versions: dict[str, int] = field(default_factory=dict)
    _version_texts: list[str] = field(default_factory=list)

    def add(self, new: MeteredInterval) -> None:
        """Take an interval in, unless a newer version of it is there already."""
        number, phase = divmod(new.start, new.seconds)
        register = Register(new.point, new.direction, new.register)
        blocks = self._lanes.setdefault(
            Lane(register, new.share, new.seconds, phase), {}
        )
        at, i = divmod(number, BLOCK)
        if (block := blocks.get(at)) is None:
            block = blocks[at] = new_block()
        if block.quality[i] != NOTHING and not self._supersedes(new, block, i):
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
        self,
        houses: Mapping[str, str],
        minutes: int,
        share: Share = Share.TOTAL,
        partly: Container[str] = (),
    ) -> Iterator[IntervalRow]:
        """Yield the rows of each house, by house and time.

        `houses` says which house a point belongs to; other points are left out.
        """
        for house_id, sides in self.sides(houses, minutes, share, partly):
            yield from _rows(house_id, sides)

    def sides(
        self,
        houses: Mapping[str, str],
        minutes: int,
        share: Share,
        partly: Container[str] = (),
    ) -> Iterator[tuple[str, tuple[Side, Side]]]:
        """Yield the import and the export of each house, register by register.

        They come one stretch of time after the other; where there is nothing at all
        in a stretch, it is left out. Totals are those of the whole for houses of
        which the agreement says that they take part `partly`.
        """
        of_house: dict[str, list[Lane]] = defaultdict(list)
        for lane in self._lanes:
            if lane.register.point in houses and lane.fits(minutes * 60):
                of_house[houses[lane.register.point]].append(lane)
        for house_id, lanes in sorted(of_house.items()):
            of_whole = share is Share.TOTAL and house_id in partly
            asked = Share.WHOLE if of_whole else share
            for stretch in self._stretches(lanes):
                yield house_id, self._sides(lanes, minutes * 60, asked, stretch)

    def _stretches(self, lanes: Iterable[Lane]) -> Iterator[Span]:
        """Yield the stretches in which lanes hold anything, in the order of time."""
        numbers = set()
        for lane in lanes:
            for at in self._lanes[lane]:
                start, end = lane.start(at, 0), lane.start(at + 1, 0)
                numbers |= {
                    *range(start // STRETCH_SECONDS, -(-end // STRETCH_SECONDS))
                }
        for number in sorted(numbers):
            start = number * STRETCH_SECONDS
            yield Span(start, start + STRETCH_SECONDS)

    def _version(self, text: str) -> int:
        number = self._versions.setdefault(text, len(self._versions))
        if number == len(self._version_texts):
            self._version_texts.append(text)
        return number

    def _supersedes(self, new: MeteredInterval, block: Block, i: int) -> bool:
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
        self, lanes: Iterable[Lane], seconds: int, share: Share, stretch: Span
    ) -> tuple[Side, Side]:
        """Return a stretch of a house's import and export, register by register."""
        found: dict[tuple[Register, Share], dict[Instant, Value]] = {}
        first, end = stretch.start, stretch.end
        for lane in lanes:
            values = found.setdefault((lane.register, lane.share), {})
            for start, value in self._on_grid(lane, seconds, stretch):
                if first <= start < end and value.beats(values.get(start)):
                    values[start] = value
        sides: dict[Direction, Side] = {d: [] for d in Direction}
        for register in sorted({lane.register for lane in lanes}):
            values = found.get((register, share), {})
            if share is Share.TOTAL or (share is Share.WHOLE and not values):
                values = _total(found, register)
            sides[register.direction].append(values)
        return sides[Direction.IMPORT], sides[Direction.EXPORT]

    def _on_grid(
        self, lane: Lane, seconds: int, stretch: Span
    ) -> Iterator[tuple[Instant, Value]]:
        """Yield a lane's values on a grid: those of a stretch, and some around it."""
        # An interval that is longer, and begins before, may reach into the stretch.
        values = self._values(lane, stretch.start - LONGEST_SECONDS, stretch.end)
        if lane.seconds < seconds:
            return summed(values, seconds, seconds // lane.seconds)
        if lane.seconds > seconds:
            return divided(values, seconds, lane.seconds // seconds)
        return values

    def _values(
        self, lane: Lane, first: Instant, end: Instant
    ) -> Iterator[tuple[Instant, Value]]:
        """Yield what a lane holds from an instant to another, in the order of time."""
        blocks = self._lanes[lane]
        for at in range(lane.block_at(first), lane.block_at(end) + 1):
            if at not in blocks:
                continue
            block = blocks[at]
            for i, quality in enumerate(block.quality):
                start = lane.start(at, i)
                if quality != NOTHING and first <= start < end:
                    version = self._version_texts[block.version[i]]
                    yield start, Value(block.mwh[i], quality, version)


def _total(
    found: Mapping[tuple[Register, Share], dict[Instant, Value]], register: Register
) -> dict[Instant, Value]:
    """Return a register's total; where there is none, what its parts come to."""
    community, residual, total = (
        found.get((register, share), {})
        for share in (Share.COMMUNITY, Share.RESIDUAL, Share.TOTAL)
    )
    return {**sums(community, residual), **total}


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
