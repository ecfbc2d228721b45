"""Spread the energy of gaps as the same weekdays before used or delivered it.

The energy of a gap is what its register advanced, and stays exactly that. Between
the intervals that lie wholly inside, a share is

    energy of the gap × typical energy of the interval / sum of the typical energies

where the typical energy is the mean of what was measured in the four weeks before
the gap on the same local weekday at the same local time of day. A summer's gap thus
has its sun at noon, and a change of clocks moves nothing. Where an interval of the
gap has no such history, or the history is all zeros, the gap stays as it was:
spread evenly. Each register, import and export, has gaps of its own.

What is calculated stays INTERPOLATED. Register values at midnights inside a gap
were read off the straight line, and move with the energy before them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from math import lcm
from zoneinfo import ZoneInfo

from .calendar import Instant, Span
from .energy import Energy
from .gathering import MidnightReading, RegisterGap, RegisterKey
from .measurements import IntervalRow, combine
from .quality import Quality
from .register_state import Reading
from .rounding import apportion

type Held = Callable[[Span, Sequence[str]], Iterable[IntervalRow]]
"""Returns what is known of some houses already."""
type _Rows = dict[Instant, IntervalRow]
"""The rows of one house."""
type _Slot = tuple[int, time]
"""A local weekday and a local time of day."""
type _History = Mapping[_Slot, Sequence[tuple[Instant, int]]]
"""What a register measured, in mWh."""

_BEFORE = timedelta(weeks=4)

_SIDES = ("import", "export")
_REPLACE: Mapping[str, Callable[[IntervalRow, int], IntervalRow]] = {
    "import": lambda row, mwh: row._replace(imported=mwh),
    "export": lambda row, mwh: row._replace(exported=mwh),
}


@dataclass(frozen=True, slots=True)
class Closed:
    """What registers have closed, on its way into the ledger."""

    rows: list[IntervalRow]
    midnights: list[MidnightReading]
    gaps: list[RegisterGap]


def shaped(closed: Closed, held: Held, zone: ZoneInfo) -> Closed:
    """Return the same energy, each gap in the shape of the weeks before it.

    What the ledger knows better than by interpolation takes no part: it stands.
    """
    fresh: dict[str, _Rows] = defaultdict(dict)
    for row in closed.rows:
        fresh[row.house_id][row.start] = row
    gaps: dict[RegisterKey, list[RegisterGap]] = defaultdict(list)
    for gap in closed.gaps:
        gaps[gap.key].append(gap)
    moved: dict[tuple[RegisterKey, Instant], int] = {}
    for key, own in gaps.items():
        rows = fresh[key[0]]
        known = _known(key[0], own, rows, held, zone)
        history = _history(key[1], known.values(), zone)
        for gap in own:
            energies = _energies(gap, rows, known, history, zone)
            moved |= _moved(gap, rows, energies)
            for start, mwh in energies.items():
                rows[start] = _REPLACE[key[1]](rows[start], mwh)
    return Closed(
        rows=[row for rows in fresh.values() for row in rows.values()],
        midnights=[_at_midnight(reading, moved) for reading in closed.midnights],
        gaps=[],
    )


def _known(
    house_id: str,
    gaps: Sequence[RegisterGap],
    fresh: _Rows,
    held: Held,
    zone: ZoneInfo,
) -> _Rows:
    """Return what will stand around the gaps of a house, history included."""
    first = min(gap.starts[0] for gap in gaps)
    last = max(gap.starts[-1] for gap in gaps)
    span = Span(_weeks_before(first, zone), last + 1)
    known = {row.start: row for row in held(span, [house_id])}
    for start, row in fresh.items():
        if start in span:
            known[start] = combine(known.get(start), row) or known[start]
    return known


def _history(register: str, known: Iterable[IntervalRow], zone: ZoneInfo) -> _History:
    history: dict[_Slot, list[tuple[Instant, int]]] = defaultdict(list)
    for row in known:
        mwh, quality = row.sides[_SIDES.index(register)]
        if mwh is not None and quality is Quality.MEASURED:
            history[_slot(row.start, zone)].append((row.start, mwh))
    return history


def _energies(
    gap: RegisterGap, fresh: _Rows, known: _Rows, history: _History, zone: ZoneInfo
) -> dict[Instant, int]:
    """Return the new energies of a gap; none where it stays as it is."""
    side = _SIDES.index(gap.key[1])
    before = {
        start: mwh
        for start in gap.starts
        if start in fresh
        and (mwh := fresh[start].sides[side].mwh) is not None
        and known[start].sides[side].quality is Quality.INTERPOLATED
    }
    typical = _typical(gap, before, history, zone)
    if not any(typical):
        return {}
    parts = apportion(sum(before.values()), typical)
    return dict(zip(before, parts, strict=True))


def _typical(
    gap: RegisterGap, starts: Iterable[Instant], history: _History, zone: ZoneInfo
) -> list[int]:
    """Return the mean energy of each interval, to a common scale.

    Nothing where there is an interval that nothing is known about.
    """
    end = gap.starts[0]
    weeks = Span(_weeks_before(end, zone), end)
    measured = [
        [mwh for at, mwh in history.get(_slot(start, zone), ()) if at in weeks]
        for start in starts
    ]
    if not all(measured):
        return []
    scale = lcm(*map(len, measured))
    return [sum(energies) * (scale // len(energies)) for energies in measured]


def _moved(
    gap: RegisterGap, rows: _Rows, energies: Mapping[Instant, int]
) -> dict[tuple[RegisterKey, Instant], int]:
    """Return how much further the register is at each edge inside a gap."""
    side = _SIDES.index(gap.key[1])
    moved, further = {}, 0
    for start in gap.starts:
        moved[gap.key, start] = further
        if start in energies:
            further += energies[start] - (rows[start].sides[side].mwh or 0)
    return moved


def _at_midnight(
    midnight: MidnightReading, moved: Mapping[tuple[RegisterKey, Instant], int]
) -> MidnightReading:
    at, value = midnight.reading.at, midnight.reading.value
    further = Energy(moved.get((midnight.key, at), 0))
    return midnight._replace(reading=Reading(at, value + further))


def _slot(start: Instant, zone: ZoneInfo) -> _Slot:
    local = datetime.fromtimestamp(start, zone)
    return local.weekday(), local.time()


def _weeks_before(instant: Instant, zone: ZoneInfo) -> Instant:
    return int((datetime.fromtimestamp(instant, zone) - _BEFORE).timestamp())
