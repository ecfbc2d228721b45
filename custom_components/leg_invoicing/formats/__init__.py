"""Meter-data files as intervals.

Each module reads one format: bytes of a file in, rows of intervals out. What a
file says is taken as it is or refused, with the line and what to do about it;
nothing is guessed and nothing is repaired in silence.
"""


class FormatError(ValueError):
    """A meter-data file is not what its format asks for."""

    def __init__(self, line: int, reason: str) -> None:
        """Remember the line, counted from 1, so that the caller can name it."""
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason
        """What is wrong, and how to put it right."""
