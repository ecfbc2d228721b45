"""What the grid operator allocated, beside what we would have allocated.

A grid operator may say, per house and interval, how much of its energy came from or
went to the community. Two uses are made of that, as the members agreed:

    audit   our allocation is billed, theirs is compared with it
    bill    theirs is billed, ours is compared with it

An interval is billed officially as a whole or not at all: only where every house that
used energy has an official import, and every house that delivered an official export.
Theirs for some and ours for others would neither sum up to what was shared nor be
anybody's word. Nobody gets more than was measured: where their meter counted more
than the one that is billed, the measured energy is the limit.

Differences of more than 0.001 kWh in an interval are a finding, whoever is billed.
Where official values are to be billed and are not there, that is one that blocks.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from .allocation import OfficialUse
from .calendar import Instant, Span
from .energy import Energy
from .findings import Finding, FindingCode
from .measurements import IntervalRow, IntervalSlice, taker
from .quality import BILLABLE
from .sharing import SharingRule

_TOLERATED_MWH = 1000
"""A thousandth of a kWh: what official files are rounded to."""

type _Lane = list[int | None]
"""Official energies by position of the house; None where there is none."""


type OfficialOf = Callable[[IntervalRow], IntervalRow | None]
"""Finds what was allocated to the same house in the same interval."""


def official_by_start(rows: Iterable[IntervalRow]) -> OfficialOf:
    """Return how to find what was allocated, for rows that ascend by start."""
    take = taker(rows)
    at = -1
    of_house: dict[str, IntervalRow] = {}

    def official_of(row: IntervalRow) -> IntervalRow | None:
        nonlocal at, of_house
        if row.start != at:
            at = row.start
            of_house = {o.house_id: o for o in take(at + 1) if o.start == at}
        return of_house.get(row.house_id)

    return official_of


@dataclass(slots=True)
class _Noted:
    """Intervals about which there is something to say."""

    first: Instant
    last: Instant
    intervals: int = 0
    mwh: int = 0

    def add(self, at: Instant, mwh: int) -> None:
        """Note one more."""
        self.last = at
        self.intervals += 1
        self.mwh += mwh


class OfficialSharing:
    """Shares intervals, in the order of time, as the members agreed."""

    def __init__(
        self,
        houses: Sequence[str],
        rows: Iterable[IntervalRow],
        own: SharingRule,
        use: OfficialUse,
    ) -> None:
        """Take official energies by start, and our own rule to compare them with."""
        self._houses = houses
        self._positions = {house_id: i for i, house_id in enumerate(houses)}
        self._take = taker(rows)
        self._own = own
        self._use = use
        self._differences: dict[str, _Noted] = {}
        self._missing: _Noted | None = None

    def share(self, measured: IntervalSlice) -> tuple[Sequence[int], Sequence[int]]:
        """Return the local import and the local export of each house."""
        own = self._own(measured)
        official = self._lanes(measured.start)
        if official is not None:
            self._compare(measured, own, official)
        if self._use is OfficialUse.AUDIT:
            return own
        if official is not None and _covers(official, measured):
            return (
                _limited(official[0], measured.imported),
                _limited(official[1], measured.exported),
            )
        # Where nothing is shared, there is nothing to be told officially.
        if any(own[0]):
            self._missing = self._missing or _Noted(measured.start, measured.start)
            self._missing.add(measured.start, sum(own[0]))
        return own

    def findings(self, interval_seconds: int) -> Iterator[Finding]:
        """Yield where the two ways differ, house by house, and what was not there."""
        differing: list[tuple[FindingCode, str | None, _Noted]] = [
            (FindingCode.ALLOCATION_DIFFERS, house_id, self._differences[house_id])
            for house_id in self._houses
            if house_id in self._differences
        ]
        if self._missing is not None:
            differing.append((FindingCode.ALLOCATION_MISSING, None, self._missing))
        for code, house_id, noted in differing:
            yield Finding(
                code=code,
                house_id=house_id,
                span=Span(noted.first, noted.last + interval_seconds),
                intervals=noted.intervals,
                energy=Energy(noted.mwh),
            )

    def _lanes(self, start: Instant) -> tuple[_Lane, _Lane] | None:
        """Return what was allocated in an interval, import and export."""
        rows = [row for row in self._take(start + 1) if row.start == start]
        if not rows:
            return None
        imported: _Lane = [None] * len(self._houses)
        exported: _Lane = [None] * len(self._houses)
        for row in rows:
            if (position := self._positions.get(row.house_id)) is not None:
                imported[position], exported[position] = (
                    side.mwh if side.quality in BILLABLE else None for side in row.sides
                )
        return imported, exported

    def _compare(
        self,
        measured: IntervalSlice,
        own: tuple[Sequence[int], Sequence[int]],
        official: tuple[_Lane, _Lane],
    ) -> None:
        """Note the houses for which the two ways come to something else."""
        for i, house_id in enumerate(self._houses):
            # What was not measured is a finding already, and our share of it zero.
            if measured.quality[i] not in BILLABLE:
                continue
            pairs = (
                (ours[i], theirs[i]) for ours, theirs in zip(own, official, strict=True)
            )
            apart = [abs(ours - theirs) for ours, theirs in pairs if theirs is not None]
            if max(apart, default=0) > _TOLERATED_MWH:
                at = measured.start
                noted = self._differences.setdefault(house_id, _Noted(at, at))
                noted.add(at, sum(apart))


def _covers(official: tuple[_Lane, _Lane], measured: IntervalSlice) -> bool:
    """Tell whether every house with energy has an official one."""
    sides = zip(official, (measured.imported, measured.exported), strict=True)
    return all(
        theirs is not None or not mwh
        for lane, energies in sides
        for theirs, mwh in zip(lane, energies, strict=True)
    )


def _limited(official: _Lane, measured: Sequence[int]) -> list[int]:
    pairs = zip(official, measured, strict=True)
    return [min(theirs or 0, mwh) for theirs, mwh in pairs]
