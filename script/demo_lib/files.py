"""Meter data as files, as a grid operator or a caretaker would hand them over."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from .meters import tag_at
from .profiles import PER_KWH, ZONE
from .simulator import Registers, SimulatedHouse

type Houses = Mapping[str, SimulatedHouse]
"""By the ids that the integration gave them."""


def write_intervals(path: Path, houses: Houses, since: int, edges: range) -> int:
    """Write what was counted from edge to edge; return the number of lines.

    The meters have counted `since`; `edges` are the intervals' beginnings.
    """
    return _write(
        path,
        "house,start,import_kwh,export_kwh,quality",
        (
            line
            for house_id, house in houses.items()
            for line in _intervals(house_id, Registers(house, since), edges)
        ),
    )


def write_readings(
    path: Path, houses: Houses, since: int, instants: Iterable[int]
) -> int:
    """Write what the meters showed at some instants, in their order."""
    instants = tuple(instants)
    return _write(
        path,
        "house,time,import_kwh,export_kwh",
        (
            line
            for house_id, house in houses.items()
            for line in _readings(house_id, Registers(house, since), instants)
        ),
    )


def write_tags(path: Path, sensor: str, edges: Iterable[int]) -> int:
    """Write whose turn it was at the wallbox, from edge to edge."""
    return _write(
        path,
        "signal,start,end,value",
        (
            f"{sensor},{_local(start)},{_local(end)},{tag_at(start)}"
            for start, end in pairwise(edges)
        ),
    )


def _write(path: Path, header: str, lines: Iterable[str]) -> int:
    text = [header, *lines]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*text, ""]), encoding="utf-8")
    return len(text) - 1


def _intervals(house_id: str, registers: Registers, edges: range) -> Iterator[str]:
    before = registers.at(edges.start)
    for edge in edges:
        after = registers.at(edge + edges.step)
        imported = _kwh(after.imported - before.imported)
        exported = _kwh(after.exported - before.exported)
        yield f"{house_id},{_local(edge)},{imported},{exported},measured"
        before = after


def _readings(
    house_id: str, registers: Registers, instants: Iterable[int]
) -> Iterator[str]:
    for instant in instants:
        reading = registers.at(instant)
        imported, exported = _kwh(reading.imported), _kwh(reading.exported)
        yield f"{house_id},{_local(instant)},{imported},{exported}"


def _kwh(tenths: int) -> str:
    return f"{tenths // PER_KWH}.{tenths % PER_KWH:04}00"


def _local(instant: int) -> str:
    return datetime.fromtimestamp(instant, UTC).astimezone(ZONE).isoformat()
