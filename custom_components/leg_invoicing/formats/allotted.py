"""What grid operators allocated, from deliveries to the houses' intervals.

A delivery may say of a point's energy which part came from or went to the community
and which is the rest. Where only the whole and the rest are there, as of Austrian
producers, the community's part is what lies between. Both are kept as delivered,
beside what was measured.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..billing.calendar import Instant
from ..billing.quality import Quality
from .deliveries import Direction, Share
from .regrid import Value
from .to_rows import Deliveries, Side, together

_SHARES = (Share.TOTAL, Share.COMMUNITY, Share.RESIDUAL)


class Allotted(NamedTuple):
    """One energy that a grid operator allocated."""

    house_id: str
    start: Instant
    direction: Direction
    share: Share
    mwh: int
    quality: Quality
    version: str = ""
    """As a delivery's: of two, the newer counts."""


def allotted(
    deliveries: Deliveries, houses: Mapping[str, str], minutes: int
) -> Iterator[Allotted]:
    """Yield all that was allocated, house by house."""
    if deliveries.shares <= {Share.TOTAL, Share.WHOLE}:
        return
    by_share = (deliveries.sides(houses, minutes, share) for share in _SHARES)
    # Each time the houses come in the same order: one at a time is in memory.
    for (house_id, totals), (_, communities), (_, residuals) in zip(
        *by_share, strict=True
    ):
        sides = zip(Direction, totals, communities, residuals, strict=True)
        for direction, total, community, residual in sides:
            between = _communities(total, community, residual)
            for share, registers in (
                (Share.COMMUNITY, between),
                (Share.RESIDUAL, residual),
            ):
                for start, (mwh, quality, version) in _together(registers):
                    worth = Quality(quality)
                    yield Allotted(
                        house_id, start, direction, share, mwh, worth, version
                    )


def _communities(total: Side, community: Side, residual: Side) -> Side:
    """Return the community's part of each register."""
    return [
        {**_between(whole, rest), **part}
        for whole, part, rest in zip(total, community, residual, strict=True)
    ]


def _between(
    whole: Mapping[Instant, Value], rest: Mapping[Instant, Value]
) -> dict[Instant, Value]:
    return {
        start: Value(
            whole[start].mwh - rest[start].mwh,
            max(whole[start].quality, rest[start].quality),
            max(whole[start].version, rest[start].version),
        )
        for start in whole.keys() & rest.keys()
        if whole[start].mwh >= rest[start].mwh
    }


def _together(registers: Side) -> Iterator[tuple[Instant, Value]]:
    """Yield the sum of all registers, where each of them is known."""
    for start in sorted({start for values in registers for start in values}):
        value = together(registers, start)
        if value is not None:
            yield start, value
