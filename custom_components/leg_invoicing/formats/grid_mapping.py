"""How the CSV of a grid operator is to be read: what a person confirms."""

from dataclasses import dataclass
from enum import StrEnum

from .deliveries import Direction


class Stamp(StrEnum):
    """Which edge of its interval a row names."""

    START = "start"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueColumn:
    """A column of energies."""

    index: int
    """Counted from 0, as all columns are."""
    point: str = ""
    """Whose energies; not used where a column of the file says so."""
    direction: Direction = Direction.IMPORT
    exponent: int = 6
    """The unit is 10^exponent mWh: 3 for Wh, 6 for kWh, 9 for MWh."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """How to read a file."""

    values: tuple[ValueColumn, ...]
    encoding: str = "utf-8"
    delimiter: str = ";"
    decimal: str = ","
    header_line: int = 1
    """The line that names the columns; the values stand below it."""
    time_columns: tuple[int, ...] = (0,)
    """One column, or two: the date and the time of day."""
    time_format: str = "%d.%m.%Y %H:%M"
    stamp: Stamp = Stamp.START
    timezone: str = "Europe/Zurich"
    minutes: int = 15
    point_column: int | None = None
