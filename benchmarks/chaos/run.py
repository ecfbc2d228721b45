"""What is to be played, and when."""

from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from script.demo_lib.profiles import ZONE

from .scenario import Lane
from .truth import Truth

SPEED = 20
MINUTES = 5
"""How long an interval of the community is."""
INTERVAL = MINUTES * 60
_SETUP_SECONDS = 1300
"""How long, on the fast clock, filling in all forms may take."""
_LAST_DAY = date(2026, 3, 11)
"""Ordinary days lie before it, without a change of the clocks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What is to be played."""

    root: Path
    folder: Path
    environment: str
    seed: int
    seconds: int
    """How long, on the fast clock, it lasts after everything was set up."""
    lanes: tuple[Lane, ...]

    @property
    def lasts(self) -> int:
        """How long the troubles last that are planned."""
        return max((lane[-1].until for lane in self.lanes if lane), default=0)

    @property
    def end(self) -> int:
        """The midnight at which the billed period ends."""
        return _midnight(_LAST_DAY)

    @property
    def base(self) -> int:
        """The instant at which the clock begins."""
        return self.end - self.seconds - _SETUP_SECONDS

    @property
    def first_day(self) -> date:
        """The first day that is billed."""
        return datetime.fromtimestamp(self.base, ZONE).date()

    @property
    def start(self) -> int:
        """The midnight at which the billed period begins."""
        return _midnight(self.first_day)

    @property
    def period(self) -> str:
        """What is billed."""
        return f"{self.first_day}..{_LAST_DAY}"

    def truth(self, house: str) -> Truth:
        """Return what a house really counts."""
        return Truth.of(
            f"{self.seed} {house}",
            since=self.start,
            until=self.end,
            interval=INTERVAL,
        )


def _midnight(day: date) -> int:
    return int(datetime.combine(day, time(), ZONE).timestamp())
