"""What is remembered of a register between two readings.

The state is kept in the ledger with every interval it closed, so that after a
restart reading goes on from there, and never from the first value that a device
happens to show.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from .calendar import Instant
from .energy import Energy

type RegisterRecord = dict[str, int | None]
"""A register's state as JSON-ready integers."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A register's value at an instant."""

    at: Instant
    value: Energy


@dataclass(frozen=True, slots=True)
class Edge:
    """The last edge of the grid that was passed."""

    at: Instant
    value: Energy
    sound: bool


@dataclass(frozen=True, slots=True)
class Doubt:
    """Readings that are not believed, since the last one that was."""

    since: Instant
    """When the first of them was read."""
    latest: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterState:
    """All there is to know to go on reading a register, after a restart too."""

    last: Reading
    """The last accepted reading; its value is the register's maximum."""
    edge: Edge | None = None
    """None until the first edge after the first reading."""
    trial_since: Instant | None = None
    """When it was first read; None once it has risen from its first value."""
    drop: Doubt | None = None
    jump: Doubt | None = None

    @property
    def pending_since(self) -> Instant | None:
        """Since when the register has been lower than it was."""
        return self.drop.since if self.drop else None

    @property
    def suspect_since(self) -> Instant | None:
        """Since when the register has been impossibly high."""
        return self.jump.since if self.jump else None

    def as_record(self) -> RegisterRecord:
        """Return the state as JSON-ready integers."""
        edge, drop, jump = self.edge, self.drop, self.jump
        return {
            "at": self.last.at,
            "value": self.last.value.mwh,
            "edge_at": edge.at if edge else None,
            "edge_value": edge.value.mwh if edge else None,
            "edge_sound": int(edge.sound) if edge else None,
            "trial_since": self.trial_since,
            "drop_since": drop.since if drop else None,
            "drop_at": drop.latest.at if drop else None,
            "drop_value": drop.latest.value.mwh if drop else None,
            "jump_since": jump.since if jump else None,
            "jump_at": jump.latest.at if jump else None,
            "jump_value": jump.latest.value.mwh if jump else None,
        }

    @classmethod
    def from_record(cls, record: Mapping[str, int | None]) -> Self:
        """Rebuild a state; raises KeyError or ValueError if it is none."""
        at, value = record["at"], record["value"]
        if at is None or value is None:
            raise ValueError("a register's state without a reading")
        return cls(
            last=Reading(at, Energy(value)),
            edge=_edge_from_record(record),
            trial_since=record["trial_since"],
            drop=_doubt_from_record(record, "drop"),
            jump=_doubt_from_record(record, "jump"),
        )


def _edge_from_record(record: Mapping[str, int | None]) -> Edge | None:
    at, value = record["edge_at"], record["edge_value"]
    if at is None or value is None:
        return None
    return Edge(at, Energy(value), bool(record["edge_sound"]))


def _doubt_from_record(record: Mapping[str, int | None], kind: str) -> Doubt | None:
    since, at, value = (record[f"{kind}_{key}"] for key in ("since", "at", "value"))
    if since is None or at is None or value is None:
        return None
    return Doubt(since, Reading(at, Energy(value)))
