"""From metering points to the lanes of houses, one interval after the other.

A community without meters besides its houses' own, of which all energy takes part,
has nothing to do here: its points are its lanes.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from .calendar import Instant, Span, local_date, midnight
from .early_vacancy import early_vacancies
from .findings import Finding
from .layout import Layout
from .measurements import IntervalSlice
from .membership import absences, members_only
from .metering_notes import MeteringNotes
from .sessions import ChargingSessions, Session
from .sharing_versions import valid_on
from .terms import Terms
from .wiring import Agreed, Wiring


class Metering:
    """The metering concept of a community during a span."""

    def __init__(
        self, terms: Terms, houses: Sequence[str], edges: Sequence[Instant]
    ) -> None:
        """Begin before the first interval; nothing changes between two edges."""
        self._terms = terms
        self._edges = edges
        self._absences = absences(terms)
        self._seconds = terms.community.interval_minutes * 60
        self.layout = Layout(houses, terms.meters)
        sessions = ChargingSessions(self._seconds, _changes(terms))
        self._notes = MeteringNotes(sessions)

    def lanes(self, points: Iterator[IntervalSlice]) -> Iterator[IntervalSlice]:
        """Return the intervals of points as intervals of lanes.

        What a house measured while it did not belong to the community is left out.
        """
        is_plain = not self._terms.meters and all(
            agreement.factor == 1 for agreement in self._terms.agreements
        )
        if is_plain:
            return members_only(points, self.layout.points, self._absences)
        return self._lanes(points)

    def findings(self, of_houses: Iterable[Finding]) -> Iterator[Finding]:
        """Yield findings of houses, naming meters that are their cause, and its own."""
        yield from map(self._notes.named, of_houses)
        yield from self._notes.findings(self._seconds)

    def sessions(self, house_id: str, span: Span) -> tuple[Session, ...]:
        """Return what was charged at the cost of a house."""
        return self._notes.sessions.of(house_id, span)

    def _lanes(self, points: Iterator[IntervalSlice]) -> Iterator[IntervalSlice]:
        wirings = map(self._wiring, self._edges[:-1])
        wiring, upcoming = next(wirings), 1
        for measured in points:
            while measured.start >= self._edges[upcoming]:
                wiring, upcoming = next(wirings), upcoming + 1
            yield wiring.lanes(measured)

    def _wiring(self, edge: Instant) -> Wiring:
        """Return what happens to intervals from an edge on."""
        terms = self._terms
        day = local_date(edge, terms.community.zone)
        valid = valid_on(terms.agreements, day)
        early = valid_on(early_vacancies(terms).values(), day)
        return Wiring(
            self.layout,
            Agreed(
                meters=tuple(m for m in terms.meters if m.counts_on(day)),
                members=[agreement.house_id for agreement in valid],
                factors={
                    a.house_id: a.factor for a in (*valid, *early) if a.factor != 1
                },
                away={
                    h for h, s in self._absences.items() if any(edge in x for x in s)
                },
            ),
            self._notes,
        )


def _changes(terms: Terms) -> dict[str, set[Instant]]:
    """Return when the occupants of each house change."""
    changes: dict[str, set[Instant]] = defaultdict(set)
    for agreement in terms.agreements:
        for day in (agreement.first, agreement.end):
            if day is not None:
                changes[agreement.house_id].add(midnight(day, terms.community.zone))
    return changes
