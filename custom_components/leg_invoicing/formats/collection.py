"""Everything that one file, or the files of one archive, hold.

Files are taken in one after the other. Which points they name is known then; which
houses these are is asked afterwards, and only then do they become the rows of houses.
"""

from collections.abc import (
    Callable,
    Container,
    Iterable,
    Iterator,
    Mapping,
    Set as AbstractSet,
)
from dataclasses import dataclass, field
from typing import BinaryIO, NamedTuple

from ..billing.measurements import IntervalRow
from . import grid_csv, own_csv, own_readings
from .allotted import Allotted, allotted
from .catalogue import FORMATS, Format
from .deliveries import Direction, Share, Skipped
from .detection import GRID_CSV, OWN_CSV, OWN_READINGS, detected
from .grid_proposal import HEAD_BYTES
from .kept_readings import KeptReadings
from .row_table import RowTable
from .to_rows import Deliveries

type Layout = Callable[[str, grid_csv.Mapping], grid_csv.Mapping]
"""Says how a load profile is read, from its name and what was proposed."""


def as_proposed(_name: str, proposed: grid_csv.Mapping) -> grid_csv.Mapping:
    """Read a load profile as it was proposed."""
    return proposed


class LeftOut(NamedTuple):
    """What a file held and was not taken, and why."""

    name: str
    skipped: Skipped


@dataclass(slots=True)
class Collection:
    """Files, and what they hold."""

    minutes: int
    """The intervals of the community."""
    format_name: str | None = None
    """What every file is read as; None to find out."""
    layout: Layout = as_proposed
    only_look: bool = False
    """Propose how load profiles are read, but do not read them yet."""
    formats: dict[str, str] = field(default_factory=dict)
    """By the name of the file."""
    layouts: dict[str, grid_csv.Mapping] = field(default_factory=dict)
    """How load profiles are read, by the name of the file."""
    headers: dict[str, list[str]] = field(default_factory=dict)
    """How the columns of load profiles are called."""
    left_out: list[LeftOut] = field(default_factory=list)
    deliveries: Deliveries = field(default_factory=Deliveries)
    readings: KeptReadings = field(default_factory=KeptReadings)
    own: RowTable = field(init=False)
    own_official: RowTable = field(init=False)

    def __post_init__(self) -> None:
        """Begin with nothing."""
        self.own = RowTable(self.minutes)
        self.own_official = RowTable(self.minutes)

    def take(self, name: str, file: BinaryIO) -> None:
        """Read a file to its end; raises FormatError where it is broken."""
        begin = file.tell()
        head = file.read(HEAD_BYTES)
        file.seek(begin)
        format_name = self.format_name or detected(head, name)
        self.formats[name] = format_name
        if format_name == OWN_CSV:
            self._take_intervals(file)
        elif format_name == OWN_READINGS:
            for line, reading in own_readings.read(file):
                self.readings.add(name, line, reading)
        else:
            self._take_deliveries(FORMATS[format_name], name, head, file)

    @property
    def points(self) -> list[str]:
        """Everything that is named and may be a house's, by id."""
        return sorted({*self.own_points, *self.deliveries.points})

    @property
    def own_points(self) -> set[str]:
        """What our own files name: most often the houses themselves."""
        return {*self.own.houses, *self.own_official.houses, *self.readings.houses}

    def clashes(self, houses: Mapping[str, str]) -> list[str]:
        """Return the houses of which more than one kind of file says something.

        Deliveries of several points add up; nothing else does.
        """
        told = [houses[point] for point in self.own.houses if point in houses]
        told += (houses[point] for point in self.readings.houses if point in houses)
        points = self.deliveries.points
        told += {houses[point] for point in points if point in houses}
        return sorted({house_id for house_id in told if told.count(house_id) > 1})

    def directions(self, houses: Mapping[str, str]) -> dict[str, set[Direction]]:
        """Return which ways energy was delivered of, by house."""
        found: dict[str, set[Direction]] = {}
        for point in self.deliveries.points:
            if point in houses:
                known = found.setdefault(houses[point], set())
                known |= self.deliveries.directions(point)
        return found

    def table(
        self,
        houses: Mapping[str, str],
        gathered: Iterable[IntervalRow],
        elsewhere: Mapping[str, AbstractSet[Direction]],
        partly: Container[str] = (),
    ) -> RowTable:
        """Return the rows of the houses, those of their registers among them.

        `houses` says which house a point belongs to; other points are left out.
        A direction that no point here has is zero, unless it is measured elsewhere.
        Houses that take part `partly` have their whole energy.
        """
        table = RowTable(self.minutes)
        table.take_over(self.own, houses)
        for row in gathered:
            table.add(1, row)
        for row in self._delivered(houses, elsewhere, partly):
            table.add(1, row)
        return table

    def allotted(self, houses: Mapping[str, str]) -> Iterator[Allotted]:
        """Yield what grid operators allocated, house by house."""
        yield from allotted(self.deliveries, houses, self.minutes)
        own = RowTable(self.minutes)
        own.take_over(self.own_official, houses)
        for row in own.by_house():
            for direction, mwh in zip(
                Direction, (row.imported, row.exported), strict=True
            ):
                if mwh is not None:
                    share = Share.COMMUNITY
                    yield Allotted(
                        row.house_id, row.start, direction, share, mwh, row.quality
                    )

    def _take_intervals(self, file: BinaryIO) -> None:
        self.own.begin_file()
        self.own_official.begin_file()
        official = self.own_official.add
        for columns in own_csv.read_columns(file, self.minutes, official):
            self.own.take(columns)

    def _take_deliveries(
        self, format_: Format, name: str, head: bytes, file: BinaryIO
    ) -> None:
        def note(skipped: Skipped) -> None:
            self.left_out.append(LeftOut(name, skipped))

        if format_.name == GRID_CSV:
            layout = self.layout(name, grid_csv.propose(head))
            self.layouts[name] = layout
            self.headers[name] = grid_csv.header_of(head, layout)
            if self.only_look:
                return
            intervals = grid_csv.read(file, note, layout)
        else:
            intervals = format_.read(file, note)
        for interval in intervals:
            self.deliveries.add(interval)

    def _delivered(
        self,
        houses: Mapping[str, str],
        elsewhere: Mapping[str, AbstractSet[Direction]],
        partly: Container[str],
    ) -> Iterator[IntervalRow]:
        here = self.directions(houses)
        unknown = {
            house_id: elsewhere.get(house_id, frozenset()) - directions
            for house_id, directions in here.items()
        }
        for row in self.deliveries.rows(houses, self.minutes, partly=partly):
            yield _without(row, unknown[row.house_id])


def _without(row: IntervalRow, unknown: AbstractSet[Direction]) -> IntervalRow:
    """Leave out the sides that others measure."""
    if Direction.IMPORT in unknown:
        row = row._replace(imported=None)
    if Direction.EXPORT in unknown:
        row = row._replace(exported=None)
    return row
