"""CSV files whose first line names the columns.

UTF-8 with commas; a byte-order mark and any line ends are taken as they come, and
so is any order of the columns. A column that nobody asked for is refused: it is
more often a misspelt one than one to be ignored.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
import csv

from ..billing.written import nearest
from . import FormatError
from .reasons import tables as because


def read_table(
    lines: Iterable[bytes], required: Sequence[str], optional: Sequence[str] = ()
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield each row's values by column, with the number of its line.

    `lines` is a file opened in binary mode, or its split content. Raises
    FormatError at the first line that does not fit.
    """
    lines = iter(lines)
    names, line = read_names(lines, required, optional)
    yield from read_rows(lines, names, line)


def columns_of(head: bytes) -> set[str]:
    """Return how the first line of a file names its columns; of any file."""
    line = head.partition(b"\n")[0].decode("utf-8-sig", "replace")
    try:
        cells = next(csv.reader([line.strip()]), [])
    except csv.Error:
        return set()
    return {name.strip().lower() for name in cells}


def read_names(
    lines: Iterator[bytes], required: Sequence[str], optional: Sequence[str] = ()
) -> tuple[list[str], int]:
    """Take the first row; return the columns' names and the line that it ends on."""
    header = next(_rows(lines, 0), (1, []))
    return _columns(header[1], header[0], required, (*required, *optional)), header[0]


def read_rows(
    lines: Iterable[bytes], names: Sequence[str], above: int
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield the rows' values by column; `above` is how many lines come before."""
    for line, cells in _rows(lines, above):
        if cells:
            yield line, _values(cells, names, line)


def _rows(lines: Iterable[bytes], above: int) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(decoded(lines, above + 1), strict=True)
    try:
        for cells in reader:
            yield above + reader.line_num, cells
    except csv.Error as err:
        raise FormatError(
            above + reader.line_num, because.BAD_CSV(error=str(err))
        ) from err


def decoded(lines: Iterable[bytes], first: int = 1) -> Iterator[str]:
    """Yield lines as text, without a file's byte-order mark; count from `first`."""
    for number, line in enumerate(lines, first):
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as err:
            raise FormatError(number, because.NOT_ENCODED(encoding="UTF-8")) from err


def _columns(
    header: Sequence[str], line: int, required: Sequence[str], known: Sequence[str]
) -> list[str]:
    """Return the names of the columns in the order of the file."""
    names = [name.strip().lower() for name in header]
    if len(names) == 1 and ";" in names[0]:
        raise FormatError(line, because.SEMICOLONS())
    for name in names:
        if name not in known:
            hint = nearest(name, known)
            raise FormatError(line, because.NO_COLUMN(name=name, hint=hint))
        if names.count(name) > 1:
            raise FormatError(line, because.COLUMN_TWICE(name=name))
    missing = [name for name in required if name not in names]
    if missing:
        columns = ",".join(known)
        reason = because.COLUMNS_MISSING(names=listed(missing), known=columns)
        raise FormatError(line, reason)
    return names


def _values(cells: Sequence[str], names: Sequence[str], line: int) -> dict[str, str]:
    if len(cells) != len(names):
        reason = because.CELL_COUNT(cells=len(cells), names=len(names))
        raise FormatError(line, reason)
    return {name: cell.strip() for name, cell in zip(names, cells, strict=True)}


def listed(names: Iterable[str]) -> str:
    """Write names one after the other."""
    return ", ".join(names)
