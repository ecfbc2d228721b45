"""The lanes of a settlement: what each house pays for in lines of its own.

Keys share by house. So lanes are summed up to houses before sharing, and what a
house got is divided among its lanes by their energy. Without meters besides the
houses' own, each house is its only lane, and nothing is summed or divided.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, groupby
from typing import NamedTuple

from .lanes import Shares
from .measurements import IntervalSlice
from .meters import Meter, Role, parts_of
from .rounding import apportion

_OWN_LINES = frozenset({Role.EV_CHARGER, Role.HEAT_PUMP})


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """Energy of a house that has lines of its own."""

    house_id: str
    position: int
    """Where it stands among all lanes."""
    meter: Meter | None = None
    """None for what is the house's without more ado."""

    @property
    def name(self) -> str:
        """What its lines say besides what they are about."""
        return "" if self.meter is None else self.meter.label

    @property
    def meter_id(self) -> str:
        """The same by its id."""
        return "" if self.meter is None else self.meter.meter_id

    @property
    def tariff_id(self) -> str | None:
        """The tariff of its own; None where the agreement says it."""
        return None if self.meter is None else self.meter.tariff_id


class Layout:
    """Which lanes there are, side by side, the first of each house being its own."""

    def __init__(self, houses: Sequence[str], meters: Sequence[Meter] = ()) -> None:
        """Take all houses, by id, and the meters of any part of the time."""
        self.houses = tuple(houses)
        self.meters = tuple(meters)
        registers = (meter.meter_id for meter in meters if not meter.formula)
        read = (point for meter in meters for _, point in meter.formula)
        self.points = tuple(dict.fromkeys((*houses, *registers, *read)))
        """What is measured, also where a formula reads a house that has left."""
        self.of_house = _lanes(self.houses, meters)
        """The lanes of each house."""
        self.lanes = tuple(lane for own in self.of_house.values() for lane in own)
        self._is_plain = len(self.lanes) == len(self.houses)
        self._stretches = _stretches(list(self.of_house.values()))

    def summed(self, chunk: Sequence[IntervalSlice]) -> Sequence[IntervalSlice]:
        """Return intervals of lanes as intervals of houses."""
        if self._is_plain:
            return chunk
        return [
            measured._replace(
                imported=self._of_houses(sum, measured.imported),
                exported=self._of_houses(sum, measured.exported),
                quality=self._of_houses(max, measured.quality),
            )
            for measured in chunk
        ]

    def _of_houses(
        self, together: Callable[[Sequence[int]], int], of_lanes: Sequence[int]
    ) -> list[int]:
        of_houses: list[int] = []
        for stretch in self._stretches:
            own = of_lanes[stretch.lanes]
            of_houses += own if stretch.is_plain else [together(own)]
        return of_houses

    def divided(
        self, chunk: Sequence[IntervalSlice], shares: Sequence[Shares]
    ) -> Sequence[Shares]:
        """Return what houses got of each interval as what their lanes got of it."""
        if self._is_plain:
            return shares
        return [
            (self._among(bought, lanes.imported), self._among(sold, lanes.exported))
            for lanes, (bought, sold) in zip(chunk, shares, strict=True)
        ]

    def _among(self, shares: Sequence[int], energies: Sequence[int]) -> list[int]:
        """Divide each house's share among its lanes, none more than its energy."""
        parts: list[int] = []
        for stretch in self._stretches:
            own = shares[stretch.houses]
            if stretch.is_plain:
                parts += own
                continue
            claims = energies[stretch.lanes]
            parts += apportion(own[0], claims) if own[0] else [0] * len(claims)
        return parts


class _Stretch(NamedTuple):
    """A house with several lanes, or houses side by side with one each."""

    houses: slice
    lanes: slice
    is_plain: bool
    """What is the houses' is the lanes', as it stands."""


def _stretches(of_houses: Sequence[Sequence[Lane]]) -> list[_Stretch]:
    """Put houses with one lane together: most communities have hardly others."""
    stretches = []
    for is_plain, found in groupby(
        enumerate(of_houses), key=lambda house: len(house[1]) == 1
    ):
        houses = list(found)
        for some in [houses] if is_plain else [[house] for house in houses]:
            (first, lanes), (last, end) = some[0], some[-1]
            own = slice(lanes[0].position, end[-1].position + 1)
            stretches.append(_Stretch(slice(first, last + 1), own, is_plain))
    return stretches


def _lanes(
    houses: Sequence[str], meters: Sequence[Meter]
) -> Mapping[str, Sequence[Lane]]:
    """Return the lanes of each house: its own, and one for each meter it pays for."""
    paid: dict[str, list[Meter | None]] = {house_id: [None] for house_id in houses}
    for meter in meters:
        for house_id in _payers(meter, houses):
            paid[house_id].append(meter)
    positions = count()
    return {
        house_id: [
            Lane(house_id=house_id, position=next(positions), meter=meter)
            for meter in own
        ]
        for house_id, own in paid.items()
    }


def _payers(meter: Meter, houses: Sequence[str]) -> Sequence[str]:
    """Return the houses that pay for a meter in lines of its own."""
    if meter.share is not None:
        return list(parts_of(meter.share, houses))
    if meter.house_id is None or not has_own_lines(meter):
        return ()
    return list(dict.fromkeys((meter.house_id, *meter.users.values())))


def houses_named(meters: Iterable[Meter]) -> set[str]:
    """Return the houses that meters name."""
    houses: set[str] = set()
    for meter in meters:
        houses.update(meter.users.values())
        if meter.house_id is not None:
            houses.add(meter.house_id)
        if meter.share is not None:
            houses.update(meter.share.of)
    return houses


def has_own_lines(meter: Meter) -> bool:
    """Tell whether a house's meter does not simply add to the house's energy."""
    return meter.role in _OWN_LINES or meter.tariff_id is not None
