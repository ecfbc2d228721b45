"""Meter-data files as intervals.

Each module reads one format: bytes of a file in, rows of intervals out. What a
file says is taken as it is or refused, with the line and what to do about it;
nothing is guessed and nothing is repaired in silence.
"""

from typing import override

from ..billing.reasons import ReasonedError, Sentence
from .reasons import tables as because


class FormatError(ReasonedError):
    """A meter-data file is not what its format asks for."""

    def __init__(self, line: int, reason: Sentence) -> None:
        """Remember the line, counted from 1, so that the caller can name it."""
        super().__init__(reason)
        self.line = line

    @override
    def __str__(self) -> str:
        """Return the line and the reason, in English."""
        return f"line {self.line}: {self.reason}"


def reason_of(err: Exception, place: object = "") -> Sentence:
    """Return why something is refused, and where; libraries say it in English."""
    reason = (
        err.reason
        if isinstance(err, ReasonedError)
        else because.UNREADABLE(error=str(err))
    )
    return because.AT(place=place, reason=reason) if place else reason
