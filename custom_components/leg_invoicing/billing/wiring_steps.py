"""What happens to an interval on its way from points to lanes, step by step.

Energies are whole mWh at every step: nothing becomes negative or counts twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from .common_area import CommonArea
from .measurements import IntervalSlice
from .metering_notes import MeteringNotes
from .meters import Meter
from .quality import BILLABLE
from .rounding import EXACT, apportion, to_whole
from .sessions import Charging


@dataclass(slots=True)
class Passing:
    """An interval on its way."""

    measured: IntervalSlice
    points: tuple[list[int], list[int]]
    """Import and export, by place of the point; virtual meters behind the others."""
    lanes: tuple[list[int], list[int]]


class Step(Protocol):
    """Something that happens to an interval."""

    def __call__(self, passing: Passing) -> None:
        """Do it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddUp:
    """A virtual meter: import and export are the sum of others', each for itself.

    What would be less than nothing is nothing, and noted.
    """

    meter: Meter
    terms: tuple[tuple[int, int], ...]
    """+1 or -1 and the place of a point each."""
    notes: MeteringNotes

    def __call__(self, passing: Passing) -> None:
        """Add a place behind the others."""
        short = 0
        for side in passing.points:
            mwh = sum(sign * side[place] for sign, place in self.terms)
            side.append(max(mwh, 0))
            short += max(-mwh, 0)
        quality = passing.measured.quality
        if short and all(quality[place] in BILLABLE for _, place in self.terms):
            self.notes.negative(self.meter, passing.measured.start, short)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOut:
    """Meters behind another one, which keeps what they do not have.

    They have at most what it counted, by their energy. What they used besides came
    from the roof above them; what they delivered besides was used under it.
    """

    above: int
    behind: Sequence[int]

    def __call__(self, passing: Passing) -> None:
        """Divide what the meter above counted."""
        for side in passing.points:
            claims = [side[place] for place in self.behind]
            given = min(sum(claims), side[self.above])
            side[self.above] -= given
            parts = apportion(given, claims) if given else [0] * len(claims)
            for place, part in zip(self.behind, parts, strict=True):
                side[place] = part


@dataclass(frozen=True, slots=True, kw_only=True)
class TakePart:
    """The part of a point's energy that takes part in the community."""

    place: int
    factor: Decimal

    def __call__(self, passing: Passing) -> None:
        """Leave the part, to the mWh."""
        for side in passing.points:
            part = EXACT.multiply(Decimal(side[self.place]), self.factor)
            side[self.place] = to_whole(part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Points that are a lane, or part of one, for themselves."""

    pairs: Sequence[tuple[int, int]]
    """Places of points and lanes."""

    def __call__(self, passing: Passing) -> None:
        """Add the points to their lanes."""
        for side, lanes in zip(passing.points, passing.lanes, strict=True):
            for place, lane in self.pairs:
                lanes[lane] += side[place]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareOut:
    """A common area, whose energy is divided among houses."""

    place: int
    area: CommonArea
    into: Sequence[int]
    """The lanes, in the order of the area's parts."""

    def __call__(self, passing: Passing) -> None:
        """Add each part to its lane."""
        start = passing.measured.start
        for side, lanes in zip(passing.points, passing.lanes, strict=True):
            parts = self.area.divide(side[self.place], start)
            for lane, part in zip(self.into, parts, strict=True):
                lanes[lane] += part


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """A charger, whose energy is the user's."""

    meter: Meter
    owner: str
    """The house it belongs to."""
    users: Mapping[str, str]
    """The houses of tags that somebody has now; of those that have left, none."""
    register: int | None
    """The place of what the charger counts; None where it is virtual."""
    place: int
    lane_of: Mapping[str, int]
    """Its lane of each house."""
    notes: MeteringNotes

    def __call__(self, passing: Passing) -> None:
        """Add the energy to the lane of who charges, or else of its own house."""
        user = passing.measured.signals.get(self.meter.user_signal or "")
        payer = self.users.get(user or "")
        for side, lanes in zip(passing.points, passing.lanes, strict=True):
            lanes[self.lane_of[payer or self.owner]] += side[self.place]
        start, billed = passing.measured.start, passing.points[0][self.place]
        if self.meter.user_signal is not None and payer is None and billed:
            self.notes.unknown_user(self.meter, user, start, billed)
        counted = billed
        if self.register is not None:
            counted = passing.measured.imported[self.register]
        self.notes.sessions.note(
            Charging(
                meter_id=self.meter.meter_id,
                meter=self.meter.label,
                house_id=payer or self.owner,
                user=user,
                start=start,
                counted=counted,
                billed=billed,
            )
        )
