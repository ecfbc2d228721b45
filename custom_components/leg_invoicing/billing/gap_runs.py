"""Find the gaps that are longer than a community fills by calculation.

A gap is a run of neighbouring intervals of a house whose energy was calculated.
What counts as calculated, and how long a run may be, is the community's rule:

    interpolate    interpolated intervals, up to the limit
    measure_only   interpolated and estimated intervals, none at all

Of a run only its ends and its sums are kept, and of runs that are over only what
they add up to, so that a year of gaps needs no more room than a day of them. A run
goes on through a change of prices or of occupant: a meter knows nothing of either.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from .calendar import Instant, Span
from .energy import Energy
from .findings import Finding, FindingCode
from .quality import Quality
from .terms import GapPolicy, GapRule, hours_of

_CALCULATED: Mapping[GapPolicy, frozenset[Quality]] = MappingProxyType(
    {
        GapPolicy.INTERPOLATE: frozenset({Quality.INTERPOLATED}),
        GapPolicy.MEASURE_ONLY: frozenset({Quality.INTERPOLATED, Quality.ESTIMATED}),
    }
)


@dataclass(slots=True)
class _Run:
    """Neighbouring intervals, or what several runs of them add up to."""

    first: Instant
    end: Instant
    intervals: int = 0
    energy: int = 0
    """Import and export together, in mWh."""
    longest: int = 0
    """How many intervals the longest of the runs has; none while it goes on."""

    def __add__(self, later: _Run) -> _Run:
        return _Run(
            self.first,
            later.end,
            self.intervals + later.intervals,
            self.energy + later.energy,
            max(self.longest, later.longest),
        )


class GapRuns:
    """The gaps of all houses, noted in the order of time."""

    def __init__(
        self,
        rule: GapRule,
        interval_minutes: int,
        billed: Mapping[str, Sequence[Span]],
    ) -> None:
        """Begin without gaps; `billed` says when somebody has which house.

        Nobody expects values of a house while nobody has it.
        """
        self.calculated = _CALCULATED[rule.policy]
        """The qualities of the intervals to note."""
        self._limit_minutes = _limit_minutes(rule)
        self._interval = interval_minutes * 60
        self._billed = billed
        self._expected: frozenset[str] = frozenset()
        self._open: dict[str, _Run] = {}
        self._ended: dict[tuple[str, FindingCode], _Run] = {}

    def enter(self, start: Instant) -> None:
        """Begin a segment, in which nobody moves."""
        self._expected = frozenset(
            house_id
            for house_id, spans in self._billed.items()
            if any(start in span for span in spans)
        )

    def note(self, house_id: str, start: Instant, energy: int) -> None:
        """Note an interval of a house in the segment."""
        if house_id not in self._expected:
            return
        run = self._open.get(house_id)
        if run is None or run.end != start:
            self._end(house_id)
            run = self._open[house_id] = _Run(start, start)
        run.end += self._interval
        run.intervals += 1
        run.energy += energy

    def findings(self) -> Iterator[Finding]:
        """Yield what there is to say of each house: gaps beyond the rule and within.

        No interval may be noted afterwards.
        """
        for house_id in tuple(self._open):
            self._end(house_id)
        for (house_id, code), runs in sorted(self._ended.items()):
            too_long = code is FindingCode.GAP_TOO_LONG
            yield Finding(
                code=code,
                house_id=house_id,
                span=Span(runs.first, runs.end),
                intervals=runs.intervals,
                energy=Energy(runs.energy),
                details=self._details(runs) if too_long else {},
            )

    def _end(self, house_id: str) -> None:
        """Add a run that goes no further to those like it."""
        run = self._open.pop(house_id, None)
        if run is None:
            return
        run.longest = run.intervals
        too_long = run.end - run.first > self._limit_minutes * 60
        key = (
            house_id,
            FindingCode.GAP_TOO_LONG if too_long else FindingCode.INTERPOLATED_DATA,
        )
        earlier = self._ended.get(key)
        self._ended[key] = run if earlier is None else earlier + run

    def _details(self, runs: _Run) -> Mapping[str, str]:
        longest = runs.longest * self._interval // 60
        return {
            "longest_hours": _hours(longest),
            "limit_hours": _hours(self._limit_minutes),
        }


def _limit_minutes(rule: GapRule) -> int:
    return rule.limit_minutes if rule.policy is GapPolicy.INTERPOLATE else 0


def _hours(minutes: int) -> str:
    return f"{hours_of(minutes):f}"
