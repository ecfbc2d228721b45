"""Guess how the CSV of a grid operator is to be read, for a person to confirm."""

from collections.abc import Iterable, Iterator, Sequence
import csv
from datetime import datetime
import re
from typing import NamedTuple

from . import FormatError
from .deliveries import Direction
from .grid_mapping import Mapping, Stamp, ValueColumn
from .grid_times import parse_local
from .reasons import profiles as because, tables

HEAD_BYTES = 4096

_DELIMITERS = (";", ",", "\t")
_DATES = ("%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y", "%d.%m.%y", "%Y/%m/%d")
_CLOCKS = (" %H:%M", " %H:%M:%S", "T%H:%M", "T%H:%M:%S")
_FORMATS = tuple(date + clock for date in _DATES for clock in _CLOCKS)
_LENGTHS = (15, 5, 30, 60, 10)

# Words of German, French, Italian and English headings.
_POINT = re.compile(
    r"z[äa]e?hlpunkt|messpunkt|metering|mesure|misura|point|punto|\bpod\b",
    re.IGNORECASE,
)
_END = re.compile(r"\b(bis|ende|end|to|fin|jusqu|fine|a)\b", re.IGNORECASE)
_EXPORT = re.compile(
    r"r[üu]e?ck|einspeis|lieferung|produktion|erzeug|export|inject|refoul|immiss|"
    r"produz|feed|2\.8\.|2\.29",
    re.IGNORECASE,
)
_IMPORT = re.compile(
    r"bezug|verbrauch|import|soutir|consom|preliev|consum|1\.8\.|1\.29|wert|value|"
    r"valeur|valore|energ|lastgang|wh\b",
    re.IGNORECASE,
)
_POWER = re.compile(r"\bk?var|\b[kM]?W\b")
_UNITS = ((re.compile(r"\bkwh\b", re.IGNORECASE), 6), (re.compile(r"\bMWh\b"), 9))
_WATT_HOURS = re.compile(r"\bwh\b", re.IGNORECASE)
_POINT_ID = re.compile(r"\b[A-Z]{2}[0-9A-Z]{31}\b")
_NUMBER = re.compile(r"[+-]?[\d'’ ]*[.,]?\d+")


class _Table(NamedTuple):
    """A file's head, cut into cells."""

    delimiter: str
    rows: list[tuple[int, list[str]]]
    """With the numbers of their lines."""


class _Times(NamedTuple):
    columns: tuple[int, ...]
    time_format: str


def text_lines(lines: Iterable[bytes], encoding: str) -> Iterator[str]:
    """Yield the lines of a file as text, without a byte-order mark."""
    for number, line in enumerate(lines, start=1):
        raw = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        try:
            yield raw.decode(encoding)
        except UnicodeDecodeError as err:
            reason = tables.NOT_ENCODED(encoding=encoding)
            raise FormatError(number, reason) from err


def propose(head: bytes) -> Mapping:
    """Guess how to read a file that begins like this.

    Raises FormatError where it does not look like a load profile.
    """
    encoding, lines = _text(head)
    for delimiter in _DELIMITERS:
        table = _table(lines, delimiter)
        for position, (_, cells) in enumerate(table.rows[1:], start=1):
            times = _times(cells)
            width = len(table.rows[position - 1][1])
            if times is not None and times.columns[-1] < width:
                return _mapping(table, position, times, encoding)
    raise FormatError(1, because.NO_PROFILE())


def _text(head: bytes) -> tuple[str, list[str]]:
    """Return the encoding and the whole lines of a file's head."""
    whole = head if len(head) < HEAD_BYTES else head[: head.rfind(b"\n") + 1]
    for encoding in ("utf-8", "cp1252"):
        try:
            return encoding, list(text_lines(whole.split(b"\n"), encoding))
        except FormatError:
            continue
    raise FormatError(1, because.NO_TEXT())


def _table(lines: Sequence[str], delimiter: str) -> _Table:
    rows = []
    for number, line in enumerate(lines, start=1):
        cells = next(csv.reader([line.replace("\r", "")], delimiter=delimiter), [])
        if any(cells):
            rows.append((number, [cell.strip() for cell in cells]))
    return _Table(delimiter, rows)


def _times(cells: Sequence[str]) -> _Times | None:
    """Find the time of a row: in one of its columns, or in two neighbours."""
    for column in range(len(cells)):
        for columns in ((column,), (column, column + 1)):
            text = " ".join(cells[columns[0] : columns[-1] + 1])
            for time_format in _FORMATS:
                if parse_local(text, time_format) is not None:
                    return _Times(columns, time_format)
    return None


def _mapping(table: _Table, position: int, times: _Times, encoding: str) -> Mapping:
    header_line, header = table.rows[position - 1]
    data = [cells for _, cells in table.rows[position:] if len(cells) >= len(header)]
    times, stamp, minutes = _grid(header, data, times)
    point_column = next((i for i, n in enumerate(header) if _POINT.search(n)), None)
    taken = {*times.columns, point_column}
    values = _values(table, position, data, taken)
    if not values:
        raise FormatError(header_line, because.NO_ENERGIES())
    return Mapping(
        values=values,
        encoding=encoding,
        delimiter=table.delimiter,
        decimal=_decimal(data, values),
        header_line=header_line,
        time_columns=times.columns,
        time_format=times.time_format,
        stamp=stamp,
        minutes=minutes,
        point_column=point_column,
    )


def _grid(
    header: Sequence[str], data: Sequence[Sequence[str]], times: _Times
) -> tuple[_Times, Stamp, int]:
    """Tell how long the intervals are, and which edge their times name."""
    stamps = [_local(cells, times) for cells in data]
    steps = {
        int((after - before).total_seconds()) // 60
        for before, after in zip(stamps, stamps[1:], strict=False)
        if before and after
    }
    minutes = next((length for length in _LENGTHS if length in steps), 15)
    names = " ".join(header[column] for column in times.columns)
    first = stamps[0] if stamps else None
    after_midnight = first is not None and first.hour * 60 + first.minute == minutes
    is_end = _END.search(names) is not None or after_midnight
    return times, Stamp.END if is_end else Stamp.START, minutes


def _local(cells: Sequence[str], times: _Times) -> datetime | None:
    text = " ".join(cells[times.columns[0] : times.columns[-1] + 1])
    return parse_local(text, times.time_format)


def _values(
    table: _Table,
    position: int,
    data: Sequence[Sequence[str]],
    taken: set[int | None],
) -> tuple[ValueColumn, ...]:
    """Find the columns of energies: by their names, and by numbers below them."""
    header = table.rows[position - 1][1]
    above = " ".join(" ".join(cells) for _, cells in table.rows[: position - 1])
    point = match[0] if (match := _POINT_ID.search(above)) else ""
    found = []
    for index, name in enumerate(header):
        context = name if _names_direction(name) else f"{name} {above}"
        numbers = all(not c[index] or _NUMBER.fullmatch(c[index]) for c in data)
        if index in taken or _POWER.search(name) or not numbers:
            continue
        if _names_direction(name) or _POINT_ID.search(name):
            own = match[0] if (match := _POINT_ID.search(name)) else point
            direction = (
                Direction.EXPORT if _EXPORT.search(context) else Direction.IMPORT
            )
            found.append(
                ValueColumn(
                    index=index,
                    point=own or "1",
                    direction=direction,
                    exponent=_exponent(f"{name} {above}"),
                )
            )
    return tuple(found)


def _names_direction(name: str) -> bool:
    return bool(_EXPORT.search(name) or _IMPORT.search(name))


def _exponent(text: str) -> int:
    for unit, exponent in _UNITS:
        if unit.search(text):
            return exponent
    return 3 if _WATT_HOURS.search(text) else 6


def _decimal(data: Sequence[Sequence[str]], values: Sequence[ValueColumn]) -> str:
    texts = [cells[value.index] for cells in data for value in values]
    return "," if any("," in text for text in texts) else "."
