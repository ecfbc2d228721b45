"""What a span would have cost under other terms, or with other members.

Nothing here is stored: a scenario is terms, and what would have been measured. It is
settled as anything else is.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from .energy import Energy
from .measurements import IntervalSlice, Measurements
from .quality import Quality
from .sharing_versions import PROPORTIONAL_SINCE_EVER, SharingVersion
from .tariffs import Tariff, TariffVersion
from .terms import Terms

NEW_MEMBER = "new_member"
"""The house of a member that there is not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody who might join."""

    points: Mapping[str, str]
    """What would be measured, and the point whose every interval is the pattern."""
    consumption: Decimal = Decimal(1)
    """How many times as much it uses."""
    production: Decimal = Decimal(1)
    """How many times as much it delivers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """How it might have been."""

    terms: Terms
    member: Member | None = None
    without: frozenset[str] = frozenset()
    """Houses and meters that are not there."""

    def measured(self, measurements: Measurements) -> Measurements:
        """Return what would have been measured."""
        kept = [
            position
            for position, house_id in enumerate(measurements.houses)
            if house_id not in self.without
        ]
        if self.member is None and len(kept) == len(measurements.houses):
            return measurements
        houses = [measurements.houses[position] for position in kept]
        # A grid operator's allocation is one among other houses than these.
        return replace(
            measurements,
            houses=(*houses, *(self.member.points if self.member else ())),
            slices=_rearranged(measurements, kept, self.member),
            official=(),
        )


def under_tariff(
    terms: Terms, tariff_id: str, version: TariffVersion, first: date
) -> Scenario:
    """Let a version of a tariff be all of it from a day on."""
    tariff = Tariff(tariff_id, (replace(version, valid_from=first),))
    return Scenario(terms=replace(terms, tariffs={**terms.tariffs, tariff_id: tariff}))


def under_sharing(terms: Terms, version: SharingVersion, first: date) -> Scenario:
    """Let a way of sharing be the only one from a day on."""
    sharing = (*PROPORTIONAL_SINCE_EVER, replace(version, valid_from=first))
    community = replace(terms.community, sharing=sharing)
    return Scenario(terms=replace(terms, community=community))


def _rearranged(
    measurements: Measurements, kept: Sequence[int], member: Member | None
) -> Iterator[IntervalSlice]:
    """Yield slices without some lanes, and perhaps with one more."""
    pattern = _pattern(measurements.houses, member)
    for measured in measurements.slices:
        lanes = (measured.imported, measured.exported, measured.quality)
        own = [[lane[position] for position in kept] for lane in lanes]
        for lane, values in zip(own, pattern(*lanes), strict=True):
            lane.extend(values)
        imported, exported, quality = own
        yield measured._replace(imported=imported, exported=exported, quality=quality)


type _Lane = Sequence[int]
type _Pattern = Callable[[_Lane, _Lane, _Lane], tuple[_Lane, _Lane, _Lane]]


def _pattern(points: Sequence[str], member: Member | None) -> _Pattern:
    """Return what yields the values of a new member, if there is one."""
    if member is None:
        return lambda *_: ((), (), ())
    places = [
        points.index(point) if point in points else None
        for point in member.points.values()
    ]

    def scaled(lane: _Lane, times: Decimal) -> _Lane:
        return [
            0 if place is None else Energy(lane[place]).scaled(times).mwh
            for place in places
        ]

    def values(
        imported: _Lane, exported: _Lane, quality: _Lane
    ) -> tuple[_Lane, _Lane, _Lane]:
        return (
            scaled(imported, member.consumption),
            scaled(exported, member.production),
            [Quality.MISSING if p is None else quality[p] for p in places],
        )

    return values
