"""Lines of our CSV of intervals as programs write them, many at once.

A year of fifty houses has nearly two million lines, and reading them cell by cell
takes longer than all that comes after. Lines in which every cell is written plainly
are cut into columns here, and each column is read by what Python has built in: no
step of it is taken line by line. What is written otherwise, or is wrong, is not
decided here: the block that holds it is left to `own_csv`, which reads what it may
mean or says what is wrong. What is read here, it would read as the same rows.
"""

from collections.abc import Sequence
from decimal import Decimal
from itertools import repeat
import re

from ..billing.quality import BY_LABEL, Quality
from ..billing.rounding import EXACT
from .cells import interval_start
from .columns import Columns

_QUALITIES = {
    "": Quality.MEASURED,
    **{label: q for label, q in BY_LABEL.items() if q is not Quality.MISSING},
}
_HOUSE = re.compile(r"\S{1,100}")
_KWH = r"[0-9]{1,12}(?:\.[0-9]{0,40})?(?:[eE]-[0-9]{1,2})?"
_NUMBERS = re.compile(rf"{_KWH}(?:,{_KWH})*+")
# What we write ourselves: without their points, these are mWh.
_SIX_DECIMALS = re.compile(r"[0-9]{1,12}\.[0-9]{6}(?:,[0-9]{1,12}\.[0-9]{6})*+")


class RegularLines:
    """Reads blocks of lines of one file."""

    def __init__(self, names: Sequence[str], interval_minutes: int) -> None:
        """Remember the order of the columns, and the grid that starts lie on."""
        self._names = names
        self._minutes = interval_minutes

    def columns(self, line: int, block: Sequence[bytes]) -> Columns | None:
        """Return the rows of a block; None where any line is not plainly written.

        The first of them stands on the line of that number.
        """
        text = b"".join(block).replace(b"\r\n", b"\n")
        if b'"' in text or b"\r" in text:
            return None
        try:
            column = self._columns(text.decode(), len(block))
            if not all(map(_HOUSE.fullmatch, set(column["house"]))):
                return None
            return Columns(
                line,
                column["house"],
                list(map(interval_start, column["start"], repeat(self._minutes))),
                _energies(column["import_kwh"]),
                _energies(column["export_kwh"]),
                list(map(_QUALITIES.__getitem__, column["quality"])),
            )
        except LookupError, ValueError:
            return None

    def _columns(self, text: str, lines: int) -> dict[str, list[str]]:
        """Cut lines into columns; raises ValueError where they are of other lengths."""
        width = len(self._names) + 1
        cells = text.replace("\n", ",\n,").split(",")
        if cells[width - 1 :: width] != ["\n"] * lines:
            raise ValueError(text)
        columns = {name: cells[i:-1:width] for i, name in enumerate(self._names)}
        return {"quality": [""] * lines, **columns}


def _energies(column: Sequence[str]) -> list[int]:
    """Read kWh as mWh, rounded to the nearest, halves to even, as everywhere.

    Raises ValueError where a cell is written otherwise, or empty.
    """
    text = ",".join(column)
    if _SIX_DECIMALS.fullmatch(text):
        return list(map(int, text.replace(".", "").split(",")))
    if not _NUMBERS.fullmatch(text):
        raise ValueError(text)
    return list(map(round, map(EXACT.scaleb, map(Decimal, column), repeat(6))))
