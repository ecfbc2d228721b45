"""What is refused of a metering concept, and how to put it right.

Each check is a function from a meter and what there is to reasons, with the setting
that is wrong. The first reason of the first meter that has one is raised.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from .meters import Meter, MeterError, Role, ShareBy, counted_through
from .reasons import Sentence, metering as because, writing
from .rounding import EXACT
from .written import joined, nearest

type Wrong = Iterator[tuple[str | None, Sentence]]
"""Settings and what is wrong with them."""

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """What a meter may name."""

    meters: Mapping[str, Meter]
    houses: Collection[str]
    tariffs: Collection[str]
    through: Collection[str]
    """Points that count through a formula."""

    @property
    def points(self) -> list[str]:
        """All metering points."""
        return [*self.houses, *(m for m in self.meters if m not in self.houses)]


def check_meters(
    meters: Iterable[Meter], houses: Collection[str], tariffs: Collection[str]
) -> tuple[Meter, ...]:
    """Return the meters by id; raises MeterError where they make no sense.

    `houses` are the houses there are, `tariffs` the tariffs.
    """
    ordered = tuple(sorted(meters, key=lambda meter: meter.meter_id))
    for meter in ordered:
        # What has been replaced contradicts nothing that took its place.
        beside = tuple(other for other in ordered if other.overlaps(meter))
        concept = Concept(
            meters={other.meter_id: other for other in (*beside, meter)},
            houses=houses,
            tariffs=tariffs,
            through=counted_through(beside),
        )
        for check in _CHECKS:
            for setting, reason in check(meter, concept):
                raise MeterError(meter, setting, reason)
    return ordered


def _house(meter: Meter, concept: Concept) -> Wrong:
    if meter.meter_id in concept.houses and meter.house_id != meter.meter_id:
        yield None, because.ID_OF_HOUSE()
    if meter.role in _OF_NO_HOUSE:
        if meter.house_id is not None:
            yield "house", because.OF_NO_HOUSE(role=meter.role)
    elif meter.house_id is not None:
        yield from _known_house("house", meter.house_id, concept)
    elif not _is_in_formula(meter, concept):
        yield None, because.HOUSE_MISSING()


def _is_in_formula(meter: Meter, concept: Concept) -> bool:
    formulas = (other.formula for other in concept.meters.values())
    return any(point == meter.meter_id for own in formulas for _, point in own)


def _days(meter: Meter, _: Concept) -> Wrong:
    if meter.is_void:
        yield "until", because.ENDS_TOO_EARLY()


def _tariff(meter: Meter, concept: Concept) -> Wrong:
    tariff_id = meter.tariff_id
    if tariff_id is not None and tariff_id not in concept.tariffs:
        hint = _hint(tariff_id, concept.tariffs)
        yield "tariff", writing.NO_TARIFF(name=tariff_id, hint=hint)


def _grid(meter: Meter, concept: Concept) -> Wrong:
    if meter.role is not Role.GRID:
        return
    grids = [m for m, other in concept.meters.items() if other.role is Role.GRID]
    if len(grids) > 1:
        yield "role", because.TWO_AT_GRID(grids=joined(grids))


def _of_nobody(meter: Meter, _: Concept) -> Wrong:
    if meter.role not in (Role.GRID, Role.COMPONENT):
        return
    for setting, value in (("behind", meter.behind), ("tariff", meter.tariff_id)):
        if value is not None:
            yield setting, because.OF_NOBODY(role=meter.role, setting=setting)
    if meter.role is Role.COMPONENT and meter.formula:
        yield "formula", because.COMPONENT_CALCULATED()


def _share(meter: Meter, concept: Concept) -> Wrong:
    if (meter.share is None) is (meter.role is Role.COMMON_AREA):
        has = because.NOT_SHARED(role=Role.COMMON_AREA)
        yield "share", because.SHARE_MISSING() if meter.share is None else has
    if meter.share is None:
        return
    of = meter.share.of
    for house_id in of:
        yield from _known_house("share", house_id, concept)
    if not of and meter.share.by is not ShareBy.EQUAL:
        yield "share", because.PARTS_MISSING(by=meter.share.by)
    if of and (min(of.values()) < 0 or not any(of.values())):
        yield "share", because.NO_PARTS()
    total = sum(of.values(), start=Decimal(0)) if of else _HUNDRED
    if meter.share.by is ShareBy.PERCENT and EXACT.compare(total, _HUNDRED):
        yield "share", because.NOT_HUNDRED(total=total)


def _users(meter: Meter, concept: Concept) -> Wrong:
    if meter.user_signal is None and not meter.users:
        return
    if meter.role is not Role.EV_CHARGER:
        yield "user", because.NO_USERS_HERE(role=Role.EV_CHARGER)
    if meter.user_signal is None:
        yield "users", because.USER_MISSING()
    if not meter.users:
        yield "user", because.USERS_MISSING()
    for house_id in meter.users.values():
        yield from _known_house("users", house_id, concept)


def _formula(meter: Meter, concept: Concept) -> Wrong:
    points = [point for _, point in meter.formula]
    for point, times in Counter(points).items():
        yield from _known_point("formula", point, concept)
        if point == meter.meter_id:
            yield "formula", because.FORMULA_OF_ITSELF()
        elif point in concept.meters and concept.meters[point].formula:
            yield "formula", because.FORMULA_OF_FORMULA(point=point)
        if len(point.split()) > 1:
            yield "formula", because.SPACE_IN_ID(point=point)
        if times > 1:
            yield "formula", because.TWICE_IN_FORMULA(point=point)
    for sign, point in meter.formula:
        if sign > 0 and point in concept.through and _adding(point, concept) > 1:
            yield "formula", because.IN_TWO_FORMULAS(point=point)


def _adding(point: str, concept: Concept) -> int:
    return sum((1, point) in meter.formula for meter in concept.meters.values())


def _behind(meter: Meter, concept: Concept) -> Wrong:
    if meter.behind is None:
        return
    yield from _known_point("behind", meter.behind, concept)
    if meter.meter_id in concept.through:
        yield "behind", because.BEHIND_AND_ADDED()
    if meter.behind in concept.through:
        yield "behind", because.BEHIND_ADDED(point=meter.behind)
    parent = concept.meters.get(meter.behind)
    if parent is not None and parent.role is Role.GRID:
        yield "behind", because.BEHIND_GRID()
    elif parent is not None and _is_of_nobody(parent):
        yield "behind", because.BEHIND_NOBODY(point=meter.behind)
    if _is_circle(meter, concept):
        yield "behind", because.BEHIND_ITSELF()


def _is_of_nobody(meter: Meter) -> bool:
    return meter.house_id is None and meter.role is not Role.COMMON_AREA


def _is_circle(meter: Meter, concept: Concept) -> bool:
    seen = {meter.meter_id}
    above: Meter | None = meter
    while above is not None and above.behind is not None:
        if above.behind in seen:
            return True
        seen.add(above.behind)
        above = concept.meters.get(above.behind)
    return False


def _known_house(setting: str, house_id: str, concept: Concept) -> Wrong:
    if house_id not in concept.houses:
        hint = _hint(house_id, concept.houses)
        yield setting, because.NO_HOUSE(house=house_id, hint=hint)


def _known_point(setting: str, point: str, concept: Concept) -> Wrong:
    if point not in concept.points:
        hint = _hint(point, concept.points)
        yield setting, because.NO_POINT(point=point, hint=hint)


def _hint(name: str, known: Collection[str]) -> Sentence:
    return nearest(name, known) if known else because.NONE_YET()


_OF_NO_HOUSE = frozenset({Role.COMMON_AREA, Role.GRID, Role.COMPONENT})

_CHECKS: tuple[Callable[[Meter, Concept], Wrong], ...] = (
    _house,
    _days,
    _tariff,
    _grid,
    _of_nobody,
    _share,
    _users,
    _formula,
    _behind,
)
