"""Austrian “Energiedaten” workbooks: a column for each point and series.

Column A says where each interval begins, in local time without an offset: as text or
as a date. The rows above name each column's point (`MeteringpointID`) and series
(`Metercode`); a column `MM` to the right of it holds the quality, where there is one.
Cells may be numbers or texts, with a point or a comma. An empty cell is not known.
What the series mean stands in `eda_series`.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
import re
from typing import BinaryIO, NamedTuple
from zoneinfo import ZoneInfo

from ..billing.calendar import Instant
from ..billing.decimal_text import decimal_from_text
from ..billing.reasons import ReasonedError, Sentence
from ..billing.rounding import to_whole
from . import FormatError, reason_of
from .cells import energy_or_none
from .deliveries import Direction, MeteredInterval, OnSkipped, Skipped, ignore
from .eda_series import BY_LABEL, QUALITIES, SECONDS, Series, beside_its_part
from .local_clock import LocalClock
from .market_messages import looked_up
from .reasons import messages, workbooks as because
from .workbook import Cell, sheet_of

SHEETS = ("energiedaten", "consumptiondatareport")

_DIRECTIONS = {"CONSUMPTION": Direction.IMPORT, "GENERATION": Direction.EXPORT}
_NO_POINTS = frozenset({"", "MM", "TOTAL"})
_UNIT = re.compile(r"\[([^\]]*)\]")
_TIME = re.compile(
    r"(\d{1,2})\.(\d{1,2})\.(\d{4}) (\d{1,2}:\d{2}(?::\d{2})?)", re.ASCII
)
_DAY_0 = {
    False: datetime.fromisoformat("1899-12-30"),
    True: datetime.fromisoformat("1904-01-01"),
}
_MOST_DAYS = 100_000
_FIRST_YEAR, _LAST_YEAR = 2000, 2199


class Column(NamedTuple):
    """One column of values."""

    number: int
    point: str
    series: Series
    seconds: int
    quality: int | None
    """The column of its qualities."""


def detect(head: bytes, name: str) -> bool:
    """Tell whether the first 4 KB of a file are those of a workbook."""
    return head.startswith(b"PK\x03\x04") and (
        name.lower().endswith(".xlsx") or b"[Content_Types].xml" in head
    )


def read(
    file: BinaryIO, on_skipped: OnSkipped = ignore, zone: ZoneInfo | None = None
) -> Iterator[MeteredInterval]:
    """Yield each cell's energy, row by row; times are of Vienna without a zone.

    `file` must be seekable. Raises FormatError with the number of the first row that
    is not as described above.
    """
    sheet = sheet_of(file, SHEETS)
    clock = LocalClock(zone or ZoneInfo("Europe/Vienna"))
    head: dict[str, Mapping[int, Cell]] = {}
    columns: list[Column] | None = None
    row = 1
    for row, cells in sheet.rows:
        try:
            time = _time(cells.get(1), sheet.from_1904)
            if time and columns is None:
                columns = _columns(head, row, on_skipped)
            if columns is None:
                head |= _labelled(cells)
            elif (filled := _filled(columns, cells)) and time:
                start = clock.instant(time)
                yield from (_interval(column, cells, start) for column in filled)
        except ValueError as err:
            raise FormatError(row, reason_of(err)) from err
    if columns is None:
        raise FormatError(row, because.NO_VALUES())


def _filled(columns: list[Column], cells: Mapping[int, Cell]) -> list[Column]:
    """Return the columns that hold a value in a row; empty cells are not known."""
    filled = [column for column in columns if column.number in cells]
    if filled and 1 not in cells:
        raise ReasonedError(because.VALUES_WITHOUT_TIME())
    return filled


def _labelled(cells: Mapping[int, Cell]) -> dict[str, Mapping[int, Cell]]:
    """Return a row of the head by its label, without spaces and capitals."""
    return {"".join(cells[1].text.lower().split()): cells} if 1 in cells else {}


def _time(cell: Cell | None, from_1904: bool) -> datetime | None:
    """Return the local time in a cell; None where it holds a label."""
    if cell is None or not (cell.text[0].isdigit() or not cell.is_text):
        return None
    try:
        time = _written(cell.text) if cell.is_text else _counted(cell.text, from_1904)
    except ValueError as err:
        raise ReasonedError(because.NO_TIME(text=cell.text[:40])) from err
    # Programs that count days in fractions miss a minute by a second.
    if (
        1 < time.second < 59
        or time.tzinfo
        or not _FIRST_YEAR <= time.year <= _LAST_YEAR
    ):
        raise ReasonedError(because.NO_BEGINNING(time=time))
    return (time + timedelta(seconds=30)).replace(second=0, microsecond=0)


def _written(text: str) -> datetime:
    if match := _TIME.fullmatch(text):
        day, month, year, clock = match.groups()
        text = f"{year}-{month:0>2}-{day:0>2}T{clock:0>5}"
    return datetime.fromisoformat(text)


def _counted(text: str, from_1904: bool) -> datetime:
    days = decimal_from_text(text)
    if not 0 < days < _MOST_DAYS:
        raise ValueError(text)
    return _DAY_0[from_1904] + timedelta(seconds=to_whole(days * 86_400))


def _columns(
    head: Mapping[str, Mapping[int, Cell]], row: int, on_skipped: OnSkipped
) -> list[Column]:
    """Return the columns of energies, told by the rows above the values."""
    columns: dict[tuple[str, Series], Column] = {}
    for number, label in head.get("metercode", {}).items():
        point = _above(head, "meteringpointid", number)
        if number == 1 or label.text.upper() == "MM" or point.upper() in _NO_POINTS:
            continue
        series = _series(label.text)
        if series is None:
            on_skipped(Skipped(row, f"{point} {label.text}", messages.NOT_AN_ENERGY()))
        elif (point, series) in columns:
            reason = because.TWO_COLUMNS(point=point, label=label.text)
            raise ReasonedError(reason)
        else:
            columns[point, series] = _column(head, number, point, series)
    if not columns:
        raise ReasonedError(because.NO_COLUMNS())
    return list(_without_superseded(columns, row, on_skipped))


def _series(label: str) -> Series | None:
    label = " ".join(label.lower().split())
    if (unit := _UNIT.search(label)) and unit[1] != "kwh":
        raise ReasonedError(because.NOT_IN_KWH(label=label))
    named = (series for name, series in BY_LABEL.items() if label.startswith(name))
    return next(named, None)


def _column(
    head: Mapping[str, Mapping[int, Cell]], number: int, point: str, series: Series
) -> Column:
    direction = _above(head, "energydirection", number).upper()
    if direction and _DIRECTIONS.get(direction) is not series.direction:
        raise ReasonedError(
            because.OTHER_DIRECTION(
                point=point, said=direction, number=number, direction=series.direction
            )
        )
    length = _above(head, "meteringinterval", number).upper() or "QH"
    marks = (_above(head, row, number + 1) for row in ("metercode", "meteringpointid"))
    has_quality = "MM" in {mark.upper() for mark in marks}
    return Column(
        number,
        point,
        series,
        looked_up(SECONDS, length, "Metering Interval"),
        number + 1 if has_quality else None,
    )


def _above(head: Mapping[str, Mapping[int, Cell]], row: str, number: int) -> str:
    cell = head.get(row, {}).get(number)
    return cell.text if cell else ""


def _without_superseded(
    columns: Mapping[tuple[str, Series], Column], row: int, on_skipped: OnSkipped
) -> Iterator[Column]:
    for (point, series), column in columns.items():
        part = (point, series._replace(takes_part=True))
        if series.takes_part or part not in columns:
            yield column
        elif whole := beside_its_part(series.share):
            yield column._replace(series=series._replace(share=whole))
        else:
            channel = f"{point} {series.direction} {series.share}"
            on_skipped(Skipped(row, channel, messages.SUPERSEDED()))


def _interval(
    column: Column, cells: Mapping[int, Cell], start: Instant
) -> MeteredInterval:
    mark = cells.get(column.quality) if column.quality else None
    quality = looked_up(QUALITIES, mark.text.upper() if mark else "", "MM")
    return MeteredInterval(
        column.point,
        column.series.direction,
        column.series.share,
        start,
        column.seconds,
        _mwh(cells[column.number], because.COLUMN(number=column.number)),
        quality,
    )


def _mwh(cell: Cell, place: Sentence) -> int:
    text = cell.text
    if cell.is_text and "." not in text:
        text = text.replace(",", ".")
    return energy_or_none(place, text) or 0
