"""What every meter-data format is read as: energies of metering points.

A file names metering points, not houses, and measures on a grid of its own. Which
house a point belongs to, and how its intervals meet the community's, is decided
afterwards, in `to_rows`.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from ..billing.calendar import Instant
from ..billing.quality import Quality
from ..billing.reasons import Sentence


class Direction(StrEnum):
    """Which way the energy went, seen from the house."""

    IMPORT = "import"
    EXPORT = "export"


class Share(StrEnum):
    """Which part of the energy a value is."""

    TOTAL = "total"
    COMMUNITY = "community"
    """What a grid operator allocated from or to the community."""
    RESIDUAL = "residual"
    """What it allocated from or to the grid."""
    WHOLE = "whole"
    """All that a meter counted, where the total is the part that takes part."""


class MeteredInterval(NamedTuple):
    """One interval of one metering point and direction."""

    point: str
    """As the file has it: a NMI, a metering code, ..."""
    direction: Direction
    share: Share
    start: Instant
    seconds: int
    mwh: int
    """Not negative; without meaning where the quality is MISSING."""
    quality: Quality
    version: str = ""
    """Tells a newer delivery from an older one, compared as text; the newest wins."""
    register: str = ""
    """Which of the point's registers, where it has several: they add up."""


class Skipped(NamedTuple):
    """Values of a file that are no energy, or none that is billed."""

    line: int
    channel: str
    """The point and its channel, as the file names them."""
    reason: Sentence


type OnSkipped = Callable[[Skipped], None]
"""Is told, once for each channel, what a reader leaves out."""


def ignore(skipped: Skipped) -> None:
    """Take no notice of what was left out."""
