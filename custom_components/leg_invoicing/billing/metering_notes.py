"""What there is to say about meters besides their energies."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from .calendar import Instant, Span
from .energy import Energy
from .findings import Finding, FindingCode
from .flagged import Flagged
from .meters import Meter
from .quality import Quality
from .sessions import ChargingSessions

_QUALITIES = {
    FindingCode.MISSING_DATA: (Quality.MISSING,),
    FindingCode.TEMPORARY_DATA: (Quality.TEMPORARY,),
    FindingCode.INTERPOLATED_DATA: (Quality.INTERPOLATED, Quality.ESTIMATED),
    FindingCode.GAP_TOO_LONG: (Quality.INTERPOLATED, Quality.ESTIMATED),
}
"""The findings about houses whose cause can be one of their meters."""

_MOST_USERS = 10
"""How many unknown users a finding names."""


class MeteringNotes:
    """Notes about intervals, taken in the order of time."""

    def __init__(self, sessions: ChargingSessions) -> None:
        """Begin with nothing to say."""
        self.sessions = sessions
        self._noted: dict[tuple[FindingCode, str], Flagged] = {}
        self._meters: dict[str, Meter] = {}
        self._users: dict[str, set[str]] = defaultdict(set)
        self._causes: dict[tuple[str, Quality], set[str]] = defaultdict(set)

    def negative(self, meter: Meter, start: Instant, mwh: int) -> None:
        """Note that a formula came to less than nothing."""
        self._note(FindingCode.METER_NEGATIVE, meter, start, mwh)

    def unknown_user(
        self, meter: Meter, user: str | None, start: Instant, mwh: int
    ) -> None:
        """Note that somebody charged whom the charger does not know."""
        self._note(FindingCode.UNKNOWN_USER, meter, start, mwh)
        if user is not None:
            self._users[meter.meter_id].add(user)

    def no_grid(self, meter: Meter, start: Instant) -> None:
        """Note that the grid's meter says nothing."""
        self._note(FindingCode.MISSING_DATA, meter, start, 0)

    def cause(self, house_id: str, quality: Quality, meter: str) -> None:
        """Note that a house's interval is as good as one of its meters is."""
        self._causes[house_id, quality].add(meter)

    def findings(self, seconds: int) -> Iterator[Finding]:
        """Yield what there is to say of meters themselves."""
        for (code, meter_id), noted in self._noted.items():
            meter = self._meters[meter_id]
            details = {"meters": meter.label}
            if users := sorted(self._users.get(meter_id, ())):
                details["users"] = ", ".join(users[:_MOST_USERS])
            yield Finding(
                code=code,
                house_id=meter.house_id,
                span=Span(noted.first, noted.last + seconds),
                intervals=noted.intervals,
                energy=Energy(noted.energy),
                details=details,
            )

    def named(self, finding: Finding) -> Finding:
        """Return a finding about a house with the meters that are its cause."""
        house_id = finding.house_id or ""
        names: set[str] = set()
        for quality in _QUALITIES.get(finding.code, ()):
            names |= self._causes.get((house_id, quality), set())
        if not names:
            return finding
        meters = {"meters": ", ".join(sorted(names))}
        return replace(finding, details={**finding.details, **meters})

    def _note(self, code: FindingCode, meter: Meter, start: Instant, mwh: int) -> None:
        self._meters[meter.meter_id] = meter
        noted = self._noted.setdefault((code, meter.meter_id), Flagged(start, start))
        noted.add(start, mwh)
