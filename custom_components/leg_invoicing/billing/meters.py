"""What a community measures besides its houses: the metering concept.

Whatever has readings is a metering point: each house, by its own id, and each meter.
A meter belongs to a house, to all of them (a common area), or to the connection of
the community to the grid. What a house uses and delivers is the sum of its meters:

    house, pv, battery     add to the house's energy, under its tariff
    ev_charger, heat_pump  add to it as well, in lines of their own
    common_area            each interval is divided among houses
    grid                   tells what came from the grid, whoever used it
    component              counts through the formulas that use it

`behind` names the meter that already counts a meter's energy, and a formula makes a
meter of others, which count through it from then on. A meter that only formulas use
has no house. A meter under a house's own id says what the house's own point is.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from .reasons import ReasonedError, Sentence


class Role(StrEnum):
    """What a meter measures."""

    HOUSE = "house"
    PV = "pv"
    BATTERY = "battery"
    """Charging is import, discharging is export."""
    EV_CHARGER = "ev_charger"
    HEAT_PUMP = "heat_pump"
    COMMON_AREA = "common_area"
    """Something that several houses pay for together, such as a staircase."""
    GRID = "grid"
    """The connection of the whole community; at most one."""
    COMPONENT = "component"
    """What only formulas use, and counts through them."""


class ShareBy(StrEnum):
    """By what the energy of a common area is divided."""

    EQUAL = "equal"
    AREA = "area"
    UNITS = "units"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonShare:
    """Which houses have which part of a common area."""

    by: ShareBy
    of: Mapping[str, Decimal] = field(default_factory=lambda: MappingProxyType({}))
    """By house; where nothing is said, all houses have an equal part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """A metering point besides the houses' own."""

    meter_id: str
    role: Role
    name: str = ""
    """What bills call it; the id where nothing is said."""
    house_id: str | None = None
    """None for common areas, the grid, components, and others that formulas use."""
    since: date | None = None
    """The first local day on which it counts; None: since ever."""
    until: date | None = None
    """The first local day on which it does not count any more; None: for good."""
    behind: str | None = None
    """The meter or house whose point already counts this one's energy."""
    formula: tuple[tuple[int, str], ...] = ()
    """+1 or -1 and a point each: a virtual meter without registers of its own."""
    tariff_id: str | None = None
    """Prices of its own; None: those of the agreement about the house."""
    share: CommonShare | None = None
    """Of a common area."""
    user_signal: str | None = None
    """The signal that says who charges."""
    users: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """The house of each value of that signal."""
    participants: Mapping[str, str] = field(
        default_factory=lambda: MappingProxyType({})
    )
    """Whose such a value is, by name, where it counts only while they have the house."""

    @property
    def label(self) -> str:
        """What people call it."""
        return self.name or self.meter_id

    def counts_on(self, day: date) -> bool:
        """Tell whether it counts on a local day."""
        begun = self.since is None or self.since <= day
        return begun and (self.until is None or day < self.until)

    def days_within(self, first: date, end: date) -> tuple[date, date]:
        """Return the part of some days, the end exclusive, on which it counts.

        The end is not after the beginning where there is none.
        """
        begin = first if self.since is None else max(first, self.since)
        return begin, end if self.until is None else min(end, self.until)

    def users_while(self, occupants: Mapping[str, str]) -> dict[str, str]:
        """Return the house of each user that counts, while people have their houses.

        `occupants` are their names by house.
        """
        return {
            user: house_id
            for user, house_id in self.users.items()
            if self.participants.get(user) in (None, occupants.get(house_id))
        }

    def overlaps(self, other: Meter) -> bool:
        """Tell whether there is a day on which both may count."""
        return _begins_before_end(self, other) and _begins_before_end(other, self)

    @property
    def is_void(self) -> bool:
        """Tell whether it counts on no day at all."""
        until = self.until
        return until is not None and self.since is not None and until <= self.since


class MeterError(ReasonedError):
    """A meter contradicts itself, or names what there is not."""

    def __init__(self, meter: Meter, setting: str | None, reason: Sentence) -> None:
        """Remember the meter and its setting, so that the caller can name them.

        Settings are called as in the terms file; None is the meter itself.
        """
        super().__init__(reason)
        self.meter = meter
        self.setting = setting


def _begins_before_end(one: Meter, other: Meter) -> bool:
    return one.since is None or other.until is None or one.since < other.until


def parts_of(share: CommonShare, houses: Iterable[str]) -> Mapping[str, Decimal]:
    """Return each house's part of a common area; `houses` are all there are."""
    return share.of or dict.fromkeys(houses, Decimal(1))


def registers_of(house_id: str, meters: Collection[Meter]) -> tuple[Meter, ...]:
    """Return the meters of a house that have registers, and its agreement's prices.

    The house's own is one of them, unless a formula makes it of others.
    """
    own = Meter(meter_id=house_id, role=Role.HOUSE, house_id=house_id)
    described = any(meter.meter_id == house_id for meter in meters)
    return tuple(
        meter
        for meter in (*([] if described else [own]), *meters)
        if meter.house_id == house_id and not meter.formula and meter.tariff_id is None
    )


def own_tariffs(meters: Iterable[Meter]) -> dict[str, str]:
    """Return the tariffs of meters that have their own, by the meter's id."""
    return {m.meter_id: m.tariff_id for m in meters if m.tariff_id is not None}


def counted_through(meters: Collection[Meter]) -> frozenset[str]:
    """Return the points that formulas add, which do not count by themselves."""
    grids = {meter.meter_id for meter in meters if meter.role is Role.GRID}
    added = {point for m in meters for sign, point in m.formula if sign > 0}
    return frozenset(added - grids)
