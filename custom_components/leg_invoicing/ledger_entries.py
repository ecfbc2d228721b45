"""What goes into the ledger and comes out of it, besides the rows themselves."""

from dataclasses import dataclass
from enum import IntEnum

from .billing.calendar import Instant, Span
from .billing.energy import Energy
from .billing.measurements import IntervalRow, Rule


class Source(IntEnum):
    """Where a value came from. Stored: never renumber."""

    LIVE = 0
    """Registers, read while Home Assistant was running."""
    FILE = 1
    """A meter-data file."""
    RECORDER = 2
    """Home Assistant's own statistics of the followed sensors."""
    HAND = 3
    """A person, who saw what no meter sent; only a person replaces it."""


class ReadingKind(IntEnum):
    """How the value of a kept reading is known, the best first. Stored, too."""

    HAND = -1
    """A person read it off the meter; only a person replaces it."""
    READ = 0
    """The register was read close to that instant."""
    INTERPOLATED = 1
    """It lies on the line between the readings before and after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReading:
    """What a register showed, as it is printed on a bill.

    It is kept for local midnights, and for when a person read it.
    """

    house_id: str
    register: str
    """`import` or `export`."""
    at: Instant
    value: Energy
    kind: ReadingKind

    @property
    def is_by_hand(self) -> bool:
        """A person read it."""
        return self.kind is ReadingKind.HAND


class ChangeKind(IntEnum):
    """Why a register goes on from another value. Stored, too."""

    REPLACED = 0
    """Another meter was put in."""
    RESET = 1
    """The meter began again at nothing."""
    JUMP_REJECTED = 2
    """The meter jumped, and the jump was no energy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredChange:
    """Where one meter of a house ended and the next one began."""

    house_id: str
    register: str
    at: Instant
    final: Energy
    """What the old one showed last."""
    first: Energy
    """What the new one showed first."""
    kind: ChangeKind = ChangeKind.REPLACED
    old_serial: str = ""
    new_serial: str = ""
    note: str = ""

    @property
    def difference(self) -> Energy:
        """What is to be added to what the new one shows."""
        return self.final - self.first


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a write comes from, and why."""

    source: Source
    at: Instant
    action: str = ""
    """What was done, by the name of the action; empty for what meters send."""
    reason: str = ""
    """A file's name, or what a person says."""
    user_id: str | None = None
    """Home Assistant's user; None for an automation, or nobody."""
    rule: Rule = Rule.AS_GOOD
    """When what is known is replaced."""

    @property
    def is_told(self) -> bool:
        """Somebody did it; it is not just what meters send."""
        return self.source is not Source.LIVE or self.action != ""


@dataclass(frozen=True, slots=True)
class Written:
    """What a write has changed."""

    changed: int
    """How many intervals of houses; none where everything was there before."""
    span: Span | None
    """From the first changed start to one second behind the last one."""
    allotted: int = 0
    """How many energies that a grid operator allocated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A write that a person or a file made, or that replaced something known."""

    at: Instant
    source: Source
    action: str
    reason: str
    user_id: str | None
    houses: tuple[str, ...]
    """Whose intervals or registers it changed."""
    changed: int
    """How many intervals."""
    span: Span | None
    """From the first changed start to one second behind the last one."""


@dataclass(frozen=True, slots=True)
class Version:
    """An interval of a house as it stands, or as it once stood."""

    row: IntervalRow
    source: Source
    superseded: Revision | None
    """What replaced it; None for what stands now."""
