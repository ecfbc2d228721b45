"""Charging sessions: what a charger gave to one user without a pause.

A session is a run of neighbouring intervals in which the charger counted more than
what it uses by itself. It ends where somebody else begins to charge, and where the
house's occupant changes or the settled span ends: each bill lists its own part.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from .calendar import Instant, Span
from .energy import Energy

_STANDBY_W = 20
"""A charger that nothing is plugged into uses less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What one user charged at a stretch."""

    meter: str
    """What the charger is called."""
    span: Span
    energy: Energy
    """As it is billed: without what came from the roof above the charger."""
    user: str | None = None
    """The signal's value; None where no signal says who charges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charging:
    """What a charger gave in an interval."""

    meter_id: str
    meter: str
    house_id: str
    """Who pays for it."""
    user: str | None
    start: Instant
    counted: int
    """By the charger, in mWh."""
    billed: int


@dataclass(slots=True)
class _Open:
    charging: Charging
    end: Instant
    mwh: int = 0


class ChargingSessions:
    """The sessions of all chargers, noted in the order of time."""

    def __init__(self, seconds: int, cuts: Mapping[str, Collection[Instant]]) -> None:
        """Begin without any; `cuts` says when each house's occupants change."""
        self._seconds = seconds
        self._standby = _STANDBY_W * seconds * 1000 // 3600
        self._cuts = cuts
        self._open: dict[str, _Open] = {}
        self._ended: dict[str, list[Session]] = defaultdict(list)

    def note(self, charging: Charging) -> None:
        """Note an interval of a charger."""
        if charging.counted <= self._standby:
            return
        going_on = self._open.get(charging.meter_id)
        if going_on is None or not self._continues(going_on, charging):
            self._end(charging.meter_id)
            going_on = _Open(charging, charging.start)
            self._open[charging.meter_id] = going_on
        going_on.end += self._seconds
        going_on.mwh += charging.billed

    def of(self, house_id: str, span: Span) -> tuple[Session, ...]:
        """Return what a house is billed of a span, by start and charger.

        No interval may be noted afterwards.
        """
        for meter_id in tuple(self._open):
            self._end(meter_id)
        own = (s for s in self._ended.get(house_id, ()) if s.span.start in span)
        return tuple(sorted(own, key=lambda s: (s.span.start, s.meter)))

    def _continues(self, going_on: _Open, charging: Charging) -> bool:
        before = going_on.charging
        return (
            going_on.end == charging.start
            and (before.house_id, before.user) == (charging.house_id, charging.user)
            and charging.start not in self._cuts.get(charging.house_id, ())
        )

    def _end(self, meter_id: str) -> None:
        ended = self._open.pop(meter_id, None)
        if ended is None or not ended.mwh:
            return
        first = ended.charging
        self._ended[first.house_id].append(
            Session(
                meter=first.meter,
                span=Span(first.start, ended.end),
                energy=Energy(ended.mwh),
                user=first.user,
            )
        )
