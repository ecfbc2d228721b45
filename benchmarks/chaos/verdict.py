"""Compare what was billed with what the meters really counted."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
import csv
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from operator import eq
from pathlib import Path
from typing import NamedTuple

from .stage import Disturbance
from .truth import Count, Truth

_BEFORE_SECONDS, _AFTER_SECONDS = 60, 110
"""Around an edge, how long a meter must have been readable for it to be known exactly.

Beyond, because a meter that repeats itself is read a minute after the edge only.
"""
_BELIEF_SECONDS = 60
"""After an edge, a sensor that repeats itself is taken at its word."""
_SOUND_SECONDS = 120 + 120
"""How much longer than an interval an outage must be to be no measurement any more."""


class Billed(NamedTuple):
    """What the evidence of a period says of a house's interval."""

    energy: Count
    is_measured: bool


type Evidence = Mapping[tuple[str, int], Billed]
"""By house's name and the interval's start."""


def read_evidence(path: Path, names: Mapping[str, str]) -> Evidence:
    """Read a closed period's intervals; `names` are the houses' by their ids."""
    with path.open(encoding="utf-8", newline="") as file:
        return {
            (
                names[row["house"]],
                int(datetime.fromisoformat(row["start"]).timestamp()),
            ): Billed(
                Count(_mwh(row["import_kwh"]), _mwh(row["export_kwh"])),
                row["quality"] == "measured",
            )
            for row in csv.DictReader(file)
        }


def _mwh(kwh: str) -> int:
    return int(Decimal(kwh).scaleb(6))


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseVerdict:
    """How a house's bill compares with the truth."""

    house: str
    intervals: int
    flagged: int
    exact: int
    """Undisturbed intervals: measured, and right to the last mWh."""
    billed: Count
    true: Count
    faults: tuple[str, ...]


def judge(
    truth: Truth, house: str, evidence: Evidence, disturbances: Iterable[Disturbance]
) -> HouseVerdict:
    """Compare each interval and each edge of a house with the truth."""
    ours = [d for d in disturbances if d.house == house]
    edges = [edge for edge in truth.edges if not _is_disturbed(edge, truth, ours)]
    exact = [e for e in edges if e + truth.interval in set(edges)]
    rows = [evidence[key] for key in sorted(evidence) if key[0] == house]
    return HouseVerdict(
        house=house,
        intervals=len(rows),
        flagged=sum(not row.is_measured for row in rows),
        exact=len(exact),
        billed=sum((row.energy for row in rows), Count(0, 0)),
        true=truth.counts[-1] - truth.counts[0],
        faults=(
            *_faults_of_edges(truth, house, evidence, edges),
            *_faults_of_quality(truth, house, evidence, exact, ours),
        ),
    )


def _is_disturbed(edge: int, truth: Truth, disturbances: Sequence[Disturbance]) -> bool:
    return any(
        d.start < edge + _AFTER_SECONDS
        and (d.settled > edge - _BEFORE_SECONDS or _is_stale(edge, truth, d))
        for d in disturbances
    )


def _is_stale(edge: int, truth: Truth, outage: Disturbance) -> bool:
    """Tell whether a meter that is back shows nothing new until after an edge.

    What it shows first may be from before, or have been there before the integration
    was there to see it come. It is believed a minute after an edge only.
    """
    before = edge - truth.interval
    return (
        outage.unseen
        and outage.start < before + _AFTER_SECONDS
        and outage.settled > before + _BELIEF_SECONDS
        and any(map(eq, truth.at(outage.settled), truth.at(edge), strict=True))
    )


def _faults_of_edges(
    truth: Truth, house: str, evidence: Evidence, edges: Sequence[int]
) -> Iterator[str]:
    """Find edges, read undisturbed, up to which more or less was billed than counted."""
    undisturbed, start = set(edges), truth.edges[0]
    billed = Count(0, 0)
    for at in truth.edges:
        counted = truth.at(at) - truth.at(start)
        if at in undisturbed and billed != counted:
            wrong = billed - counted
            yield f"{house}: up to {_time(at)}, billed more than counted: {wrong} mWh"
            # What comes after is compared with what comes after.
            billed = counted
        if at == truth.edges[-1]:
            return
        if (row := evidence.get((house, at))) is None:
            yield f"{house}: nothing was billed at {_time(at)}"
        else:
            billed += row.energy


def _faults_of_quality(
    truth: Truth,
    house: str,
    evidence: Evidence,
    exact: Iterable[int],
    disturbances: Iterable[Disturbance],
) -> Iterator[str]:
    """Find flags where all was well, and measurements of what nobody could know."""
    for start in exact:
        row = evidence.get((house, start))
        if row is not None and not row.is_measured:
            yield f"{house}: {_time(start)} is flagged, and nothing was wrong"
    shortest = truth.interval + _SOUND_SECONDS
    for gap in disturbances:
        if not gap.silent or gap.until - gap.start <= shortest:
            continue
        for edge in truth.edges:
            if not gap.start < edge < gap.until:
                continue
            for start in (edge - truth.interval, edge):
                row = evidence.get((house, start))
                if row is not None and row.is_measured:
                    yield f"{house}: {_time(start)} is measured, during {gap.kind}"


def _time(instant: int) -> str:
    return f"{datetime.fromtimestamp(instant).astimezone():%Y-%m-%d %H:%M %Z}"
