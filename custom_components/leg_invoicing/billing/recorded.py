"""From what a recorder kept of a register to the energy between its marks.

Two kinds of rows are kept: of five minutes for some days, and of hours for ever. Each
holds what was shown last before its end, and a sum that goes on where the register
began anew. Its end is therefore a mark of the register:

    energy between two marks = what was shown at the later one − at the earlier one

What was shown is the register itself; the sum only decides where the register fell
and began anew, or where nothing was kept but sums. Rises are differences of whole
mWh, so those of any run of marks sum to what the register advanced.

An interval between two marks with every row of five minutes in between is MEASURED.
Marks up to an hour apart, on the grid of intervals, share their rise evenly: the parts
sum to it, and are ESTIMATED. Where marks are further apart there is a hole, which
nothing is written for, but whose energy is told.

As with a live meter, a mark that is not believed moves nothing: one that lies lower
than the last one, or higher than the connection can carry. It is compared with the
marks that follow for a day; after that the register is taken up anew where it stands.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from .calendar import Instant, Span
from .quality import Quality
from .registers import DAY_SECONDS, RegisterLimits
from .rounding import apportion

HOUR = 3600
FIVE_MINUTES = 300

_SAME_MWH = 1000
"""How far sum and register may drift apart by rounding alone: 1 Wh."""


class Mark(NamedTuple):
    """What a register showed at an instant."""

    at: Instant
    counted: int | None
    """The recorder's running sum in mWh, if it kept one."""
    shown: int | None
    """The register itself in mWh, if that was kept."""
    is_fine: bool
    """From five minutes, or from the meter itself; otherwise from a whole hour."""


class Reason(StrEnum):
    """Why there is a hole."""

    MISSING = "missing"
    """The recorder kept nothing."""
    FELL = "fell"
    """The register was lower than before."""
    JUMPED = "jumped"
    """It rose further than the connection can carry."""


class Remark(StrEnum):
    """What is to be said about energies that are known."""

    RESTARTED = "restarted"
    """The register began anew; the recorder's sum went on."""
    CONTRADICTED = "contradicted"
    """The recorder's sum rose by something else than the register."""


class Rise(NamedTuple):
    """What a register advanced by between two marks, interval by interval."""

    span: Span
    parts: list[int]
    """mWh of each interval."""
    quality: Quality
    remark: Remark | None


class Hole(NamedTuple):
    """A stretch of time whose intervals are not known."""

    span: Span
    reason: Reason
    mwh: int | None
    """What the register advanced by in the meantime, where that is known."""


def marks(hours: Mapping[Instant, Mark], fives: Mapping[Instant, Mark]) -> list[Mark]:
    """Put the marks of hours and of five minutes together, by time."""
    return sorted([*fives.values(), *_telling(hours, fives)])


def _telling(
    hours: Mapping[Instant, Mark], fives: Mapping[Instant, Mark]
) -> Iterator[Mark]:
    """Yield the hours that say more than five minutes do.

    An hour holds the last of its rows of five minutes. Where these are still there,
    and break off before its end, it tells nothing about its end.
    """
    for at, mark in hours.items():
        if fives.keys().isdisjoint(
            range(at - HOUR + FIVE_MINUTES, at + 1, FIVE_MINUTES)
        ):
            yield mark


@dataclass(slots=True, kw_only=True)
class RegisterBack:
    """One register that is being read back, mark by mark."""

    limits: RegisterLimits
    last: Mark | None = None
    """The last mark that was believed."""
    doubt: Reason | None = None
    """Why those since were not."""
    _newest_fine: Instant = 0
    _unbroken_since: Instant = 0
    """Since when there has been a mark every five minutes."""

    def take(self, mark: Mark) -> Rise | Hole | None:
        """Take the next mark; return what it brings to an end."""
        if mark.is_fine:
            if mark.at - self._newest_fine != FIVE_MINUTES:
                self._unbroken_since = mark.at
            self._newest_fine = mark.at
        if mark.at % self.limits.interval_seconds:
            return None
        if self.last is None:
            self.last = mark
            return None
        return self._compare(self.last, mark)

    def _compare(self, last: Mark, mark: Mark) -> Rise | Hole | None:
        span = Span(last.at, mark.at)
        mwh, remark = _risen(last, mark, self.limits.noise.mwh)
        doubt = self._doubted(mwh, span.seconds)
        if mwh is None or doubt is not None:
            self.doubt = doubt = self.doubt or doubt or Reason.MISSING
            if span.seconds <= DAY_SECONDS:
                return None
            self.last, self.doubt = mark, None
            return Hole(span, doubt, None)
        return self._believe(last, mark, mwh, remark)

    def _believe(
        self, last: Mark, mark: Mark, mwh: int, remark: Remark | None
    ) -> Rise | Hole:
        span = Span(last.at, mark.at)
        is_exact = mark.is_fine and remark is None and self._is_whole(span)
        quality = Quality.MEASURED if is_exact else Quality.ESTIMATED
        reason = self.doubt or Reason.MISSING
        # What fell by a hair is held, so that the hair is not counted twice.
        held = last._replace(at=mark.at, is_fine=mark.is_fine)
        self.last = mark if mwh >= 0 else held
        self.doubt = None
        if span.seconds > HOUR:
            return Hole(span, reason, max(mwh, 0))
        count = span.seconds // self.limits.interval_seconds
        return Rise(span, apportion(max(mwh, 0), [1] * count), quality, remark)

    def _doubted(self, mwh: int | None, seconds: int) -> Reason | None:
        if mwh is None:
            return None
        if mwh < -self.limits.noise.mwh:
            return Reason.FELL
        if mwh > self.limits.highest_rise(seconds).mwh:
            return Reason.JUMPED
        return None

    def _is_whole(self, span: Span) -> bool:
        """Tell whether a span is an interval with every row of five minutes."""
        return (
            span.seconds == self.limits.interval_seconds
            and self._unbroken_since <= span.start
        )


def _risen(last: Mark, mark: Mark, noise: int) -> tuple[int | None, Remark | None]:
    """Return by how much a register rose between two marks, if they tell."""
    counted = _difference(last.counted, mark.counted)
    shown = _difference(last.shown, mark.shown)
    if shown is None:
        return counted, None
    if counted is None or abs(counted - shown) <= _SAME_MWH:
        return shown, None
    if shown < -noise:
        return counted, Remark.RESTARTED
    return shown, Remark.CONTRADICTED


def _difference(before: int | None, after: int | None) -> int | None:
    return None if before is None or after is None else after - before
