"""What goes into the ledger and comes out of it, besides the rows themselves."""

from dataclasses import dataclass
from enum import IntEnum

from .billing.calendar import Instant, Span
from .billing.energy import Energy
from .billing.measurements import IntervalRow


class Source(IntEnum):
    """Where a value came from. Stored: never renumber."""

    LIVE = 0
    """Registers, read while Home Assistant was running."""
    FILE = 1
    """A meter-data file."""


class ReadingKind(IntEnum):
    """How the value of a kept reading is known, the best first. Stored, too."""

    READ = 0
    """The register was read close to that instant."""
    INTERPOLATED = 1
    """It lies on the line between the readings before and after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReading:
    """What a register showed at a local midnight, as it is printed on a bill."""

    house_id: str
    register: str
    """`import` or `export`."""
    at: Instant
    value: Energy
    kind: ReadingKind


@dataclass(frozen=True, slots=True)
class Written:
    """What a write has changed."""

    changed: int
    """How many intervals of houses; none where everything was there before."""
    span: Span | None
    """From the first changed start to one second behind the last one."""


@dataclass(frozen=True, slots=True)
class Revision:
    """When, from where and why something known was replaced."""

    at: Instant
    source: Source
    """Where the value came from that replaced it."""
    reason: str


@dataclass(frozen=True, slots=True)
class Version:
    """An interval of a house as it stands, or as it once stood."""

    row: IntervalRow
    source: Source
    superseded: Revision | None
    """None for what stands now."""
