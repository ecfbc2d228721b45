"""How what is measured at points comes to lanes, while no meter changes."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .common_area import CommonArea
from .layout import Layout, has_own_lines
from .measurements import IntervalSlice
from .metering_notes import MeteringNotes
from .meters import CommonShare, Meter, Role, counted_through, parts_of
from .quality import BILLABLE, Quality
from .wiring_steps import (
    AddUp,
    Charge,
    Count,
    Passing,
    ShareOut,
    Step,
    TakeOut,
    TakePart,
)

type _LaneKey = tuple[str | None, str | None]
"""A house, and the meter if the lane has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What counts while no meter and no agreement changes."""

    meters: tuple[Meter, ...]
    members: Sequence[str]
    """The houses that share what all of them share."""
    factors: Mapping[str, Decimal]
    """The part of a house that takes part, where it is not all of it."""
    occupants: Mapping[str, str]
    """The names of whoever is billed for the houses."""
    away: Collection[str]
    """The houses that have left: what they measure is in no lane."""


class Wiring:
    """Takes intervals from points to lanes."""

    def __init__(self, layout: Layout, agreed: Agreed, notes: MeteringNotes) -> None:
        """Find out what happens to each interval."""
        self._layout, self._agreed, self._notes = layout, agreed, notes
        self._places = {point: i for i, point in enumerate(layout.points)}
        self._sources = [frozenset({i}) for i in range(len(layout.points))]
        """By place: the points in the ledger that a point's energy depends on."""
        self._counting = dict(_counting(layout.houses, agreed.meters))
        self._paid = {
            point: meter
            for point, meter in self._counting.items()
            if (meter.house_id if meter else point) not in agreed.away
        }
        """Of these, the ones that somebody of the community pays for."""
        self._lane_of: dict[_LaneKey, int] = {
            (lane.house_id, lane.meter.meter_id if lane.meter else None): lane.position
            for lane in layout.lanes
        }
        self._steps: list[Step] = [
            *self._formulas(),
            *self._behind(),
            *self._factors(),
            *self._payers(),
        ]
        self._lane_sources = self._sources_of_lanes()
        self._best = [
            Quality.MISSING
            if lane.house_id in agreed.away and not sources
            else Quality.MEASURED
            for lane, sources in zip(layout.lanes, self._lane_sources, strict=True)
        ]
        """By lane, what it is where all that it depends on was measured."""
        self._grid = next((m for m in agreed.meters if m.role is Role.GRID), None)
        self._labels = {point: point for point in layout.points}
        self._labels |= {meter.meter_id: meter.label for meter in layout.meters}

    def lanes(self, measured: IntervalSlice) -> IntervalSlice:
        """Return an interval of points as an interval of lanes."""
        nothing = [0] * len(self._layout.lanes)
        passing = Passing(
            measured,
            (list(measured.imported), list(measured.exported)),
            (nothing, nothing[:]),
        )
        for step in self._steps:
            step(passing)
        imported, exported = passing.lanes
        return measured._replace(
            imported=imported,
            exported=exported,
            quality=self._quality(measured),
            grid=self._at_grid(passing),
        )

    def _formulas(self) -> Iterator[Step]:
        registers = dict(self._places)
        for meter in self._agreed.meters:
            if meter.formula:
                terms = tuple((sign, registers[p]) for sign, p in meter.formula)
                self._places[meter.meter_id] = len(self._sources)
                self._sources.append(frozenset(place for _, place in terms))
                yield AddUp(meter=meter, terms=terms, notes=self._notes)

    def _behind(self) -> Iterator[Step]:
        """Yield what is taken out of a meter before what is taken out of those behind."""
        behind: dict[str, list[str]] = {}
        for meter in self._agreed.meters:
            if meter.behind in self._paid and meter.meter_id in self._counting:
                behind.setdefault(meter.behind, []).append(meter.meter_id)
        waiting = [above for above in behind if not self._is_behind(above, behind)]
        for above in waiting:
            waiting += [meter_id for meter_id in behind[above] if meter_id in behind]
            places = [self._places[meter_id] for meter_id in behind[above]]
            yield TakeOut(above=self._places[above], behind=places)
            self._depend_on_each_other([self._places[above], *places])

    def _is_behind(self, point: str, behind: Mapping[str, Sequence[str]]) -> bool:
        return any(point in others for others in behind.values())

    def _depend_on_each_other(self, places: Sequence[int]) -> None:
        together = frozenset[int]().union(*(self._sources[place] for place in places))
        for place in places:
            self._sources[place] = together

    def _factors(self) -> Iterator[Step]:
        for point, meter in self._paid.items():
            house_id = point if meter is None else meter.house_id
            factor = self._agreed.factors.get(house_id or "")
            if factor is not None:
                yield TakePart(place=self._places[point], factor=factor)

    def _payers(self) -> Iterator[Step]:
        """Yield how points come to the lanes of who pays for them."""
        pairs = []
        for point, meter in self._paid.items():
            place = self._places[point]
            if meter is None:
                pairs.append((place, self._lane_of[point, None]))
            elif meter.share is not None:
                yield self._shared_out(meter, meter.share, place)
            elif meter.role is Role.EV_CHARGER:
                yield self._charger(meter, meter.house_id, place)
            else:
                pairs.append((place, self._lane_of[_lane(meter)]))
        yield Count(pairs=pairs)

    def _shared_out(self, meter: Meter, share: CommonShare, place: int) -> Step:
        parts = self._parts(share)
        return ShareOut(
            place=place,
            area=CommonArea.of(list(parts.values())),
            into=[self._lane_of[house_id, meter.meter_id] for house_id in parts],
        )

    def _parts(self, share: CommonShare) -> Mapping[str, Decimal]:
        return parts_of(share, self._agreed.members or self._layout.houses)

    def _charger(self, meter: Meter, owner: str | None, place: int) -> Step:
        away = self._agreed.away
        users = meter.users_while(self._agreed.occupants)
        users = {user: h for user, h in users.items() if h not in away}
        payers = (owner, *users.values())
        return Charge(
            meter=meter,
            owner=owner or "",
            users=users,
            register=None if meter.formula else place,
            place=place,
            lane_of={h or "": self._lane_of[h, meter.meter_id] for h in payers},
            notes=self._notes,
        )

    def _sources_of_lanes(self) -> Sequence[frozenset[int]]:
        """Return what each lane depends on; a charger's users do not wait for it."""
        sources: list[frozenset[int]] = [frozenset() for _ in self._layout.lanes]
        for point, meter in self._paid.items():
            if meter is not None and meter.share is not None:
                parts = self._parts(meter.share)
                lanes = [self._lane_of[house_id, point] for house_id in parts]
            else:
                lanes = [
                    self._lane_of[(point, None) if meter is None else _lane(meter)]
                ]
            for lane in lanes:
                sources[lane] |= self._sources[self._places[point]]
        return sources

    def _quality(self, measured: IntervalSlice) -> Sequence[int]:
        """Return for each lane the worst of what it depends on."""
        if not any(measured.quality):
            return self._best
        return [
            max(best, self._worst(lane.house_id, sources, measured.quality))
            for best, lane, sources in zip(
                self._best, self._layout.lanes, self._lane_sources, strict=True
            )
        ]

    def _worst(
        self, house_id: str, sources: frozenset[int], quality: Sequence[int]
    ) -> int:
        worst = max((quality[place] for place in sources), default=Quality.MEASURED)
        for place in sources if worst else ():
            point = self._layout.points[place]
            if quality[place] == worst and point != house_id:
                self._notes.cause(house_id, Quality(worst), self._labels[point])
        return worst

    def _at_grid(self, passing: Passing) -> tuple[int, int] | None:
        """Return what came from the grid and went there; None where no meter says.

        Where the meter has no value, it is what the houses are short of or have over.
        """
        if self._grid is None:
            return None
        place = self._places[self._grid.meter_id]
        quality = passing.measured.quality
        if all(quality[source] in BILLABLE for source in self._sources[place]):
            return passing.points[0][place], passing.points[1][place]
        self._notes.no_grid(self._grid, passing.measured.start)
        short = sum(passing.lanes[0]) - sum(passing.lanes[1])
        return max(short, 0), max(-short, 0)


def _lane(meter: Meter) -> _LaneKey:
    """Return the key of the lane of a house's meter."""
    return meter.house_id, meter.meter_id if has_own_lines(meter) else None


def _counting(
    houses: Sequence[str], meters: Sequence[Meter]
) -> Iterator[tuple[str, Meter | None]]:
    """Yield the points that count by themselves, with the meter that says so.

    A virtual meter of role house takes the place of the house's own point.
    """
    through = counted_through(meters)
    virtual = (m for m in meters if m.formula and m.role is Role.HOUSE)
    replaced = {m.house_id for m in virtual} | {m.meter_id for m in meters}
    for house_id in houses:
        if house_id not in replaced and house_id not in through:
            yield house_id, None
    for meter in meters:
        has_payer = meter.house_id is not None or meter.share is not None
        if has_payer and meter.meter_id not in through:
            yield meter.meter_id, meter
