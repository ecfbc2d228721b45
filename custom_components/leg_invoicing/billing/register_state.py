"""What is remembered of a register between two readings.

The state is kept in the ledger with every interval it closed, so that after a
restart reading goes on from there, and never from the first value that a device
happens to show.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from .calendar import Instant
from .energy import NO_ENERGY, Energy

type RegisterRecord = dict[str, Any]
"""A register's state as JSON-ready integers, and lists of them."""


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
    first: Reading
    """Where the course began that they follow now."""
    latest: Reading
    edges: tuple[Reading, ...] = ()
    """What they were at edges of the grid, where they were close together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterState:
    """All there is to know to go on reading a register, after a restart too.

    Its values go on from one meter to the next: what the meter shows, plus `offset`.
    """

    last: Reading
    """The last accepted reading; its value is the register's maximum."""
    edge: Edge | None = None
    """None until the first edge after the first reading."""
    trial_since: Instant | None = None
    """When it was first read; None once it has risen from its first value."""
    drop: Doubt | None = None
    jump: Doubt | None = None
    offset: Energy = NO_ENERGY
    """What earlier meters counted more than this one, or less."""

    @property
    def shown(self) -> Energy:
        """What the meter showed when it was last believed."""
        return self.last.value - self.offset

    @property
    def doubt(self) -> Doubt | None:
        """The doubt about the newest reading, if there is one."""
        doubts = [doubt for doubt in (self.drop, self.jump) if doubt]
        return max(doubts, key=lambda doubt: doubt.latest.at, default=None)

    def as_record(self) -> RegisterRecord:
        """Return the state as JSON-ready integers."""
        edge = self.edge
        return {
            "at": self.last.at,
            "value": self.last.value.mwh,
            "edge_at": edge.at if edge else None,
            "edge_value": edge.value.mwh if edge else None,
            "edge_sound": int(edge.sound) if edge else None,
            "trial_since": self.trial_since,
            **_doubt_record(self.drop, "drop"),
            **_doubt_record(self.jump, "jump"),
            "offset": self.offset.mwh,
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
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
            # Records of earlier versions know of no other meter.
            offset=Energy(record.get("offset", 0)),
        )


def _edge_from_record(record: Mapping[str, Any]) -> Edge | None:
    at, value = record["edge_at"], record["edge_value"]
    if at is None or value is None:
        return None
    return Edge(at, Energy(value), bool(record["edge_sound"]))


def _doubt_record(doubt: Doubt | None, kind: str) -> RegisterRecord:
    record: RegisterRecord = {
        "since": doubt.since if doubt else None,
        "at": doubt.latest.at if doubt else None,
        "value": doubt.latest.value.mwh if doubt else None,
    }
    if doubt:
        path = (doubt.first, *doubt.edges)
        record["path"] = [[reading.at, reading.value.mwh] for reading in path]
    return {f"{kind}_{key}": value for key, value in record.items()}


def _doubt_from_record(record: Mapping[str, Any], kind: str) -> Doubt | None:
    since, at, value = (record[f"{kind}_{key}"] for key in ("since", "at", "value"))
    if since is None or at is None or value is None:
        return None
    # Records of earlier versions hold the newest reading only.
    path = record.get(f"{kind}_path", [(at, value)])
    first, *edges = (Reading(at, Energy(mwh)) for at, mwh in path)
    return Doubt(since, first, Reading(at, Energy(value)), tuple(edges))
