"""The intervals of one counter, share and length, kept in little memory."""

from array import array
from typing import NamedTuple

from ..billing.calendar import Instant
from .deliveries import Direction, Share

BLOCK = 96
"""Intervals that are stored together: thirteen bytes each, as machine integers."""
NOTHING = -1
"""The quality of an interval that did not come."""
LONGEST_SECONDS = 3600


class Register(NamedTuple):
    """One counter of one point; what it measured may come in different grids."""

    point: str
    direction: Direction
    register: str


class Lane(NamedTuple):
    """A counter's intervals of one share and length."""

    register: Register
    share: Share
    seconds: int
    phase: int
    """How far its intervals begin after a multiple of their length."""

    def start(self, at: int, i: int) -> Instant:
        """Return when an interval of a block begins."""
        return (at * BLOCK + i) * self.seconds + self.phase

    def block_at(self, instant: Instant) -> int:
        """Return the block that holds the interval around an instant."""
        return (instant - self.phase) // (self.seconds * BLOCK)

    def fits(self, seconds: int) -> bool:
        """Tell whether the intervals can be put on a grid of that length."""
        if self.seconds <= seconds:
            return seconds % self.seconds == 0 and self.phase == 0
        return (
            self.seconds <= LONGEST_SECONDS
            and self.seconds % seconds == 0
            and self.phase % seconds == 0
        )


class Block(NamedTuple):
    """What came of a run of intervals."""

    mwh: array[int]
    quality: array[int]
    version: array[int]


def new_block() -> Block:
    """Return a block of which nothing came."""
    return Block(
        mwh=array("q", [0]) * BLOCK,
        quality=array("b", [NOTHING]) * BLOCK,
        version=array("I", [0]) * BLOCK,
    )
