"""Our own CSV of intervals: what we export as evidence, and read back.

    house,start,import_kwh,export_kwh,quality
    house_1,2026-01-01T00:00:00+01:00,0.125,0,measured

UTF-8 with commas and decimal points; the columns may stand in any order and rows
too. `start` is where the interval begins, with its offset from UTC, so the hour
that October repeats is two hours here. An empty value is not known, which is not
zero. Without `quality`, or where it is empty, values count as measured; beside
`missing` no value counts. Energies are rounded to 10⁻⁶ kWh.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
import csv
from datetime import datetime
from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache

from ..billing.calendar import Instant, on_grid
from ..billing.decimal_text import NumberError, decimal_from_text
from ..billing.energy import Energy
from ..billing.measurements import IntervalRow
from ..billing.quality import BY_LABEL, Quality
from . import FormatError

REQUIRED = ("house", "start", "import_kwh", "export_kwh")
COLUMNS = (*REQUIRED, "quality")

_MOST_KWH = Decimal(10**12)
"""In one interval: more than mankind uses, and sums of mWh still fit 64 bits."""


def read(
    lines: Iterable[bytes], interval_minutes: int
) -> Iterator[tuple[int, IntervalRow]]:
    """Yield each row with the number of its line, in the order of the file.

    `lines` is a file opened in binary mode, or its split content. Raises
    FormatError at the first line that is not as described above, or whose start
    is not on the grid of intervals.
    """
    reader = csv.reader(_decoded(lines), strict=True)
    try:
        places = _places(next(reader, []), max(reader.line_num, 1))
        for cells in reader:
            if cells:
                yield (
                    reader.line_num,
                    _row(cells, places, reader.line_num, interval_minutes),
                )
    except csv.Error as err:
        raise FormatError(
            reader.line_num, f"{err}; check this line's quotation marks and its end"
        ) from err


def _decoded(lines: Iterable[bytes]) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as err:
            raise FormatError(
                number, "the text is not UTF-8; save the file as “CSV UTF-8”"
            ) from err


def _places(header: Sequence[str], line: int) -> dict[str, int]:
    """Return where each column stands."""
    names = [name.strip().lower() for name in header]
    if len(names) == 1 and ";" in names[0]:
        raise FormatError(line, "the columns are separated by “;”; use commas")
    for name in names:
        if name not in COLUMNS:
            near = get_close_matches(name, COLUMNS, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"use {_listed(COLUMNS)}"
            raise FormatError(line, f"there is no column {name!r}; {hint}")
        if names.count(name) > 1:
            raise FormatError(line, f"the column {name!r} stands there twice")
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise FormatError(
            line,
            f"missing {_listed(missing)}; the first line must name the columns, "
            f"such as: {','.join(COLUMNS)}",
        )
    return {name: place for place, name in enumerate(names)}


def _row(
    cells: Sequence[str], places: Mapping[str, int], line: int, interval_minutes: int
) -> IntervalRow:
    if len(cells) != len(places):
        raise FormatError(
            line, f"{len(cells)} values for {len(places)} columns; check the commas"
        )
    value = {name: cells[place].strip() for name, place in places.items()}
    try:
        house_id = _house(value["house"])
        start = _start(value["start"], interval_minutes)
        imported = _energy("import_kwh", value["import_kwh"])
        exported = _energy("export_kwh", value["export_kwh"])
        quality = _quality(value.get("quality", ""))
    except ValueError as err:
        raise FormatError(line, str(err)) from err
    if quality is Quality.MISSING or imported is exported is None:
        return IntervalRow(house_id, start, None, None, Quality.MISSING)
    return IntervalRow(house_id, start, imported, exported, quality)


def _house(text: str) -> str:
    if not text:
        raise ValueError("the house is missing")
    return text


# A file names the same few thousand starts over and over, once for each house.
@lru_cache(maxsize=4096)
def _start(text: str, interval_minutes: int) -> Instant:
    try:
        start = datetime.fromisoformat(text)
    except ValueError as err:
        raise ValueError(
            f"{text!r} is not a time; write it like 2026-01-01T00:00:00+01:00"
        ) from err
    if start.tzinfo is None:
        raise ValueError(
            f"{text!r} does not say its offset from UTC; write it like "
            "2026-01-01T00:00:00+01:00 or 2025-12-31T23:00:00Z"
        )
    instant = int(start.timestamp())
    if start.microsecond or not on_grid(instant, interval_minutes):
        raise ValueError(
            f"{text!r} is not the start of an interval of {interval_minutes} minutes"
        )
    return instant


def _energy(column: str, text: str) -> int | None:
    if not text:
        return None
    try:
        kwh = decimal_from_text(text)
    except NumberError as err:
        raise ValueError(f"{column}: {err}") from err
    if kwh < 0:
        raise ValueError(f"{column}: {text} is negative; energy has a column each way")
    if kwh > _MOST_KWH:
        raise ValueError(f"{column}: {text} kWh is more than an interval can hold")
    return Energy.from_kwh(kwh).mwh


def _quality(text: str) -> Quality:
    label = text.lower()
    if label and label not in BY_LABEL:
        raise ValueError(f"unknown quality {text!r}; use {_listed(BY_LABEL)}")
    return BY_LABEL[label] if label else Quality.MEASURED


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
