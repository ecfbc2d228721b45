"""A meter-data file that was read, and what is to become of it.

Reading changes nothing. What a file names is matched with the community's houses:
points that a person mapped once are known from then on, and our own files name the
houses themselves. Whatever is left is for a person to map, or to leave out.
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
from typing import Any

from homeassistant.core import HomeAssistant

from .billing.calendar import iso_utc
from .billing.gap_shape import Closed
from .billing.gathering import GatheredChange, Gathering, MidnightReading, RegisterKey
from .billing.measurements import IntervalRow
from .billing.register_state import RegisterState
from .formats.collection import Collection
from .formats.deliveries import Direction
from .formats.gaps import gaps_between
from .formats.gathered import gathered_rows
from .formats.grid_record import LayoutRecord, layout_record
from .formats.reasons import tables as because
from .formats.row_table import RowTable
from .ledger import MeteringPoint
from .refusals import said

type Shape = Callable[[Closed], Closed]
"""Gives gaps their shape, by the community's rule."""
type Points = Mapping[str, MeteringPoint]
"""What is remembered of metering points, by their ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a person says about a file."""

    format_name: str | None = None
    layout: LayoutRecord = field(default_factory=dict)
    """How a load profile is read, where that is not as proposed."""
    only_look: bool = False
    """Propose how load profiles are read, but do not read them yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """What was read, by house."""

    name: str
    """Of the file, as it is kept with what it brings."""
    found: Collection
    houses: Mapping[str, str]
    """The houses of the points that are known."""
    points: Points
    """What is to be remembered of them that was not."""
    states: Mapping[RegisterKey, RegisterState]
    """Where the registers stand behind the readings of the file."""
    midnights: list[MidnightReading]
    changes: list[GatheredChange]
    table: RowTable
    ignored: frozenset[str] = frozenset()
    """Points of which somebody said that they are nobody's here."""

    @property
    def unknown(self) -> list[str]:
        """The points that nobody has said anything about."""
        return [point for point in self._without_house if point not in self.ignored]

    @property
    def left_out(self) -> list[str]:
        """The points that are nobody's here."""
        return [point for point in self._without_house if point in self.ignored]

    @property
    def _without_house(self) -> list[str]:
        return [point for point in self.found.points if point not in self.houses]


class ClashError(Exception):
    """What is said about a house in several ways does not add up."""


def match(
    name: str,
    found: Collection,
    mapping: Mapping[str, str],
    known: Points,
    gathering: Gathering,
    shape: Shape | None,
    partly: Container[str] = (),
) -> Incoming:
    """Match what a file names with houses, and return the houses' rows.

    `mapping` is what a person says now, `known` what was said before; of houses that
    take part `partly` the whole energy is taken. Raises ClashError, and
    BrokenReadingsError where a change of meter does not fit.
    """
    houses = _houses(found, mapping, known, gathering.houses.keys())
    if clashes := found.clashes(houses):
        raise ClashError(clashes[0])
    delivered = found.directions(houses)
    points = {
        point: MeteringPoint(
            house_id, _remembered(known, point, house_id) | _directions(found, point)
        )
        for point, house_id in houses.items()
        if point != house_id
    }
    elsewhere = {
        house_id: _elsewhere(house_id, gathering, known) for house_id in delivered
    }
    rows: Iterable[IntervalRow] = gathered_rows(found.readings, houses, gathering)
    midnights = gathering.midnights
    if shape is not None:
        # What is around a gap gives it its shape, so all of it must be there.
        closed = shape(Closed(list(rows), midnights, gathering.gaps))
        rows, midnights = closed.rows, closed.midnights
    table = found.table(houses, rows, elsewhere, partly)
    return Incoming(
        name=name,
        found=found,
        houses=houses,
        points={p: point for p, point in points.items() if known.get(p) != point},
        states=gathering.states,
        midnights=midnights,
        changes=gathering.changes,
        table=table,
    )


def _houses(
    found: Collection,
    mapping: Mapping[str, str],
    known: Points,
    house_ids: AbstractSet[str],
) -> dict[str, str]:
    remembered = {
        name: point.house_id
        for name, point in known.items()
        if point.house_id in house_ids
    }
    themselves = {name: name for name in found.own_points if name in house_ids}
    houses = {**themselves, **remembered, **mapping}
    return {point: houses[point] for point in found.points if point in houses}


def _remembered(known: Points, name: str, house_id: str) -> frozenset[Direction]:
    point = known.get(name)
    return point.directions if point and point.house_id == house_id else frozenset()


def _directions(found: Collection, point: str) -> frozenset[Direction]:
    return frozenset(found.deliveries.directions(point))


def _elsewhere(
    house_id: str, gathering: Gathering, known: Points
) -> frozenset[Direction]:
    """Return which ways energy is measured by the house's meters and other points."""
    measured = {
        direction
        for point in known.values()
        if point.house_id == house_id
        for direction in point.directions
    }
    return frozenset(
        measured | set(map(Direction, gathering.houses[house_id].registers))
    )


def answer(hass: HomeAssistant, incoming: Incoming) -> dict[str, Any]:
    """Return what a file holds, as the action answers it."""
    found, deliveries = incoming.found, incoming.found.deliveries
    table, bounds = incoming.table, incoming.table.bounds
    missing = [
        {"house": house_id, "from": iso_utc(span.start), "to": iso_utc(span.end)}
        for house_id, span in gaps_between(table.stretches())
    ]
    return {
        "format": ", ".join(sorted(set(found.formats.values()))),
        "intervals": table.count,
        "houses": table.houses,
        "first": iso_utc(bounds.start) if bounds else None,
        "last": iso_utc(bounds.end) if bounds else None,
        "gaps": missing,
        "unknown_points": incoming.unknown,
        "ignored_points": incoming.left_out,
        "skipped": list(_skipped(hass, found)),
        "repeated": sum(deliveries.repeated.values()) + found.own.repeated,
        "replaced": sum(deliveries.replaced.values()),
        "contradicted": sum(deliveries.contradicted.values()) + found.own.contradicted,
        "layouts": {name: layout_record(one) for name, one in found.layouts.items()},
    }


def _skipped(hass: HomeAssistant, found: Collection) -> Iterator[Mapping[str, Any]]:
    """Yield what of the files was left out, and why."""
    for name, (line, channel, reason) in found.left_out:
        told = said(hass, reason)
        yield {"file": name, "line": line, "channel": channel, "reason": told}
    for point, seconds in found.deliveries.unfit(found.minutes):
        reason = because.UNFIT_INTERVALS(seconds=seconds, minutes=found.minutes)
        told = said(hass, reason)
        yield {"file": None, "line": None, "channel": point, "reason": told}
