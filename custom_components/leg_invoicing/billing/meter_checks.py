"""What is refused of a metering concept, and how to put it right.

Each check is a function from a meter and what there is to reasons, with the setting
that is wrong. The first reason of the first meter that has one is raised.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from .meters import Meter, MeterError, Role, ShareBy, counted_through
from .rounding import EXACT
from .written import nearest

type Wrong = Iterator[tuple[str | None, str]]
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
        yield None, "a house has this id; give the meter another one, or that house"
    if meter.role in _OF_NO_HOUSE:
        if meter.house_id is not None:
            yield "house", f"{meter.role} belongs to no house; leave house out"
    elif meter.house_id is not None:
        yield from _known("house", meter.house_id, concept.houses, "house")
    elif not _is_in_formula(meter, concept):
        yield None, "house is missing; only a meter that a formula uses needs none"


def _is_in_formula(meter: Meter, concept: Concept) -> bool:
    formulas = (other.formula for other in concept.meters.values())
    return any(point == meter.meter_id for own in formulas for _, point in own)


def _days(meter: Meter, _: Concept) -> Wrong:
    if meter.is_void:
        yield "until", "it would end before it begins; choose a day after since"


def _tariff(meter: Meter, concept: Concept) -> Wrong:
    if meter.tariff_id is not None:
        yield from _known("tariff", meter.tariff_id, concept.tariffs, "tariff")


def _grid(meter: Meter, concept: Concept) -> Wrong:
    if meter.role is not Role.GRID:
        return
    grids = [m for m, other in concept.meters.items() if other.role is Role.GRID]
    if len(grids) > 1:
        both = " and ".join(grids)
        yield "role", f"{both} cannot both be the one at the grid; keep one of them"
    for setting, value in (("behind", meter.behind), ("tariff", meter.tariff_id)):
        if value is not None:
            yield setting, f"what measures the grid has no {setting}; leave it out"


def _share(meter: Meter, concept: Concept) -> Wrong:
    if (meter.share is None) is (meter.role is Role.COMMON_AREA):
        needs = "needs a share: who pays which part of it"
        has = f"only {Role.COMMON_AREA} is shared; leave share out, or change the role"
        yield "share", needs if meter.share is None else has
    if meter.share is None:
        return
    of = meter.share.of
    for house_id in of:
        yield from _known("share", house_id, concept.houses, "house")
    if not of and meter.share.by is not ShareBy.EQUAL:
        yield "share", f"of is missing: the {meter.share.by} of each house"
    if of and (min(of.values()) < 0 or not any(of.values())):
        yield "share", "parts are zero or more, and one of them is more than zero"
    total = sum(of.values(), start=Decimal(0)) if of else _HUNDRED
    if meter.share.by is ShareBy.PERCENT and EXACT.compare(total, _HUNDRED):
        yield "share", f"the percentages add up to {total}; make them add up to 100"


def _users(meter: Meter, concept: Concept) -> Wrong:
    if meter.user_signal is None and not meter.users:
        return
    if meter.role is not Role.EV_CHARGER:
        yield "user", f"only {Role.EV_CHARGER} has users; leave user and users out"
    if meter.user_signal is None:
        yield "users", "user is missing: the signal that says who charges"
    if not meter.users:
        yield "user", "users is missing: the house of each value of the signal"
    for house_id in meter.users.values():
        yield from _known("users", house_id, concept.houses, "house")


def _formula(meter: Meter, concept: Concept) -> Wrong:
    points = [point for _, point in meter.formula]
    for point, times in Counter(points).items():
        yield from _known("formula", point, concept.points, "meter or house")
        if point == meter.meter_id:
            yield "formula", "it names the meter itself: a circle; name others"
        elif point in concept.meters and concept.meters[point].formula:
            yield "formula", f"{point!r} has a formula itself; write out its meters"
        if len(point.split()) > 1:
            yield "formula", f"the id {point!r} holds a space; choose one without"
        if times > 1:
            yield "formula", f"it names {point!r} twice; keep one of the two"
    for sign, point in meter.formula:
        if sign > 0 and point in concept.through and _adding(point, concept) > 1:
            yield "formula", f"another formula adds {point!r} too; keep one of the two"


def _adding(point: str, concept: Concept) -> int:
    return sum((1, point) in meter.formula for meter in concept.meters.values())


def _behind(meter: Meter, concept: Concept) -> Wrong:
    if meter.behind is None:
        return
    yield from _known("behind", meter.behind, concept.points, "meter or house")
    if meter.meter_id in concept.through:
        yield "behind", "a formula adds this meter; leave behind out"
    if meter.behind in concept.through:
        yield "behind", f"{meter.behind!r} counts through a formula; name its meter"
    parent = concept.meters.get(meter.behind)
    if parent is not None and parent.role is Role.GRID:
        yield "behind", "everything is behind the grid's meter; leave behind out"
    elif parent is not None and _is_of_nobody(parent):
        yield (
            "behind",
            f"{meter.behind!r} has no house to pay for the rest; give it one",
        )
    if _is_circle(meter, concept):
        yield "behind", "it is behind itself: a circle; name the meter above it"


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


def _known(setting: str, name: str, known: Collection[str], what: str) -> Wrong:
    if name not in known:
        near = nearest(name, known) if known else "there are none yet"
        yield setting, f"there is no {what} {name!r}; {near}"


_OF_NO_HOUSE = frozenset({Role.COMMON_AREA, Role.GRID})

_CHECKS: tuple[Callable[[Meter, Concept], Wrong], ...] = (
    _house,
    _days,
    _tariff,
    _grid,
    _share,
    _users,
    _formula,
    _behind,
)
