"""Load profiles of grid operators as CSV: no two are alike.

A `Mapping` says how a file is to be read. `propose` guesses one from the beginning
of the file; a person confirms it before anything is billed. Values are energies of
intervals, with a decimal comma or point; an empty one is missing. Local times:
grid_times.
"""

from collections.abc import Iterator, Sequence
import csv
from typing import BinaryIO
from zoneinfo import ZoneInfo

from ..billing.calendar import Instant
from ..billing.quality import Quality
from ..billing.reasons import ReasonedError
from . import FormatError, reason_of
from .cells import mwh
from .deliveries import MeteredInterval, OnSkipped, Share, ignore
from .grid_mapping import Mapping, Stamp, ValueColumn
from .grid_proposal import HEAD_BYTES, propose, text_lines
from .grid_times import LocalClock
from .reasons import profiles as because

__all__ = ["Mapping", "Stamp", "ValueColumn", "detect", "header_of", "propose", "read"]

_GROUPS = str.maketrans("", "", "'’ \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}")
"""What stands between thousands in Switzerland and its neighbours."""


def detect(head: bytes, name: str) -> bool:  # noqa: ARG001 - any name is possible
    """Tell whether a file looks like a load profile: something can be proposed."""
    try:
        propose(head)
    except FormatError:
        return False
    return True


def read(
    file: BinaryIO,
    on_skipped: OnSkipped = ignore,  # noqa: ARG001 - what is not mapped is not asked for
    mapping: Mapping | None = None,
) -> Iterator[MeteredInterval]:
    """Yield each interval, in the order of the file.

    Without a mapping, the proposed one counts; the file must then be able to go back
    to its beginning. Raises FormatError at the first line that is not as mapped.
    """
    if mapping is None:
        begin = file.tell()
        mapping = propose(file.read(HEAD_BYTES))
        file.seek(begin)
    rows = _Rows(mapping)
    reader = csv.reader(
        text_lines(file, mapping.encoding), delimiter=mapping.delimiter, strict=True
    )
    try:
        for cells in reader:
            if reader.line_num > mapping.header_line and any(map(str.strip, cells)):
                yield from rows.take([cell.strip() for cell in cells])
    except (csv.Error, ValueError) as err:
        if isinstance(err, FormatError):
            raise
        raise FormatError(max(reader.line_num, 1), reason_of(err)) from err


def header_of(head: bytes, mapping: Mapping) -> list[str]:
    """Return the names of the columns of a file that begins like this."""
    lines = head.decode(mapping.encoding, "replace").removeprefix("\ufeff").split("\n")
    line = lines[mapping.header_line - 1] if mapping.header_line else ""
    cells = next(csv.reader([line.rstrip("\r")], delimiter=mapping.delimiter), [])
    return [cell.strip() for cell in cells]


class _Rows:
    """The rows of a file, one after the other."""

    def __init__(self, mapping: Mapping) -> None:
        """Begin above the first row."""
        self._mapping = mapping
        self._seconds = mapping.minutes * 60
        self._clock = LocalClock(
            ZoneInfo(mapping.timezone),
            mapping.time_format,
            mapping.stamp,
            self._seconds,
        )
        self._before: dict[str, Instant] = {}
        columns = (
            *mapping.time_columns,
            *(value.index for value in mapping.values),
            *(() if mapping.point_column is None else (mapping.point_column,)),
        )
        self._width = max(columns) + 1

    def take(self, cells: Sequence[str]) -> Iterator[MeteredInterval]:
        """Yield the intervals of a row."""
        mapping = self._mapping
        if len(cells) < self._width:
            raise ReasonedError(
                because.TOO_FEW_VALUES(cells=len(cells), width=self._width)
            )
        text = " ".join(cells[column] for column in mapping.time_columns)
        named = "" if mapping.point_column is None else cells[mapping.point_column]
        if mapping.point_column is not None and not named:
            raise ReasonedError(because.NO_POINT())
        start = self._clock.start(text, self._before.get(named))
        self._before[named] = start
        for column in mapping.values:
            energy = self._energy(cells[column.index], column.exponent)
            yield MeteredInterval(
                named or column.point,
                column.direction,
                Share.TOTAL,
                start,
                self._seconds,
                energy or 0,
                Quality.MISSING if energy is None else Quality.MEASURED,
            )

    def _energy(self, text: str, exponent: int) -> int | None:
        plain = text.translate(_GROUPS)
        if not plain:
            return None
        if self._mapping.decimal == ",":
            if "." in plain:
                raise ReasonedError(because.POINT_FOR_COMMA(text=text))
            plain = plain.replace(",", ".")
        return mwh(plain, exponent)
