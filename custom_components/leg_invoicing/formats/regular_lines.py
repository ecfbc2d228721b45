"""Lines of our CSV of intervals as programs write them, many at once.

A year of fifty houses has nearly two million lines, and reading them cell by cell
takes longer than all that comes after. Lines in which every cell is written plainly
are cut into columns here, and each column is read by what Python has built in: no
step of it is taken line by line. What is written otherwise, or is wrong, is not
decided here: the block that holds it is left to `own_csv`, which reads what it may
mean or says what is wrong. What is read here, it would read as the same rows.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import repeat
import re

from ..billing.measurements import IntervalRow
from ..billing.quality import BY_LABEL, Quality
from ..billing.rounding import EXACT
from .cells import interval_start

_QUALITIES = {
    "": Quality.MEASURED,
    **{label: q for label, q in BY_LABEL.items() if q is not Quality.MISSING},
}
_KWH = r"[0-9]{1,12}(?:\.[0-9]{0,40})?(?:[eE]-[0-9]{1,2})?"
_CELLS = {
    "house": r'[^\s",]{1,100}',
    "start": r'[^\s",]{1,40}',
    "import_kwh": _KWH,
    "export_kwh": _KWH,
    "quality": f"(?:{'|'.join(_QUALITIES)})",
}


class RegularLines:
    """Reads blocks of lines of one file."""

    def __init__(self, names: Sequence[str], interval_minutes: int) -> None:
        """Remember the order of the columns, and the grid that starts lie on."""
        line = ",".join(_CELLS[name] for name in names)
        self._block = re.compile(rf"(?:{line}\r?\n)*+")
        self._places = {name: place for place, name in enumerate(names)}
        self._minutes = interval_minutes

    def rows(self, block: Sequence[bytes]) -> list[IntervalRow] | None:
        """Return the rows of a block; None where any line is not plainly written."""
        try:
            text = b"".join(block).decode()
            return self._rows(text) if self._block.fullmatch(text) else None
        except ValueError:
            return None

    def _rows(self, text: str) -> list[IntervalRow]:
        cells = text.replace("\r", "").replace("\n", ",").split(",")
        column = {
            name: cells[place : -1 : len(self._places)]
            for name, place in self._places.items()
        }
        starts = map(interval_start, column["start"], repeat(self._minutes))
        qualities = column.get("quality") or [""] * len(column["house"])
        return list(
            map(
                IntervalRow,
                column["house"],
                starts,
                _energies(column["import_kwh"]),
                _energies(column["export_kwh"]),
                map(_QUALITIES.__getitem__, qualities),
            )
        )


def _energies(column: Sequence[str]) -> Iterator[int]:
    """Read kWh as mWh, rounded as everywhere: to the nearest, halves to even."""
    return map(round, map(EXACT.scaleb, map(Decimal, column), repeat(6)))
