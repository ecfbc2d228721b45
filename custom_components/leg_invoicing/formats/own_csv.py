"""Our own CSV of intervals: what we export as evidence, and read back.

    house,start,import_kwh,export_kwh,quality
    house_1,2026-01-01T00:00:00+01:00,0.125,0,measured

UTF-8 with commas and decimal points; the columns may stand in any order and rows
too. `start` is where the interval begins, with its offset from UTC, so the hour
that October repeats is two hours here. An empty value is not known, which is not
zero. Without `quality`, or where it is empty, values count as measured; beside
`missing` no value counts. Energies are rounded to 10⁻⁶ kWh.

What a grid operator allocated from and to the community may stand in two more
columns, `community_import_kwh` and `community_export_kwh`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import batched, chain, starmap

from ..billing.measurements import IntervalRow
from ..billing.quality import BY_LABEL, Quality
from ..billing.reasons import ReasonedError
from . import FormatError, reason_of
from .cells import energy_or_none, house, interval_start
from .columns import Columns
from .csv_table import listed, read_names, read_rows
from .reasons import tables as because
from .regular_lines import RegularLines

REQUIRED = ("house", "start", "import_kwh", "export_kwh")
COLUMNS = (*REQUIRED, "quality")
COMMUNITY = ("community_import_kwh", "community_export_kwh")

type OnOfficial = Callable[[int, IntervalRow], object]
"""Is told what was allocated, with the number of the line."""

_LINES_AT_A_TIME = 2000


def read(
    lines: Iterable[bytes], interval_minutes: int, on_official: OnOfficial | None = None
) -> Iterator[tuple[int, IntervalRow]]:
    """Yield each row with the number of its line, in the order of the file.

    `lines` is a file opened in binary mode, or its split content. Raises
    FormatError at the first line that is not as described above, or whose start
    is not on the grid of intervals; the rows before it have been yielded by then.
    """
    for columns in read_columns(lines, interval_minutes, on_official):
        yield from columns.rows()


def read_columns(
    lines: Iterable[bytes], interval_minutes: int, on_official: OnOfficial | None = None
) -> Iterator[Columns]:
    """Yield the same rows, as many at once as can be read so."""
    lines = iter(lines)
    names, above = read_names(lines, REQUIRED, ("quality", *COMMUNITY))
    # What has columns of its own is read line by line.
    regular = RegularLines(names, interval_minutes)
    is_regular = not set(COMMUNITY) & set(names)
    for block in batched(lines, _LINES_AT_A_TIME, strict=False):
        if is_regular and (columns := regular.columns(above + 1, block)) is not None:
            yield columns
        else:
            # What is quoted may go on in the next block.
            quoted = any(b'"' in line for line in block)
            rest = chain(block, lines) if quoted else block
            rows = _carefully(rest, names, above, interval_minutes, on_official)
            yield from starmap(Columns.of_row, rows)
        above += len(block)


def _carefully(
    lines: Iterable[bytes],
    names: Sequence[str],
    above: int,
    interval_minutes: int,
    on_official: OnOfficial | None = None,
) -> Iterator[tuple[int, IntervalRow]]:
    for line, value in read_rows(lines, names, above):
        try:
            row = _row(value, interval_minutes)
            official = _official(value, row) if _may_have(value) else None
        except ValueError as err:
            raise FormatError(line, reason_of(err)) from err
        if official is not None and on_official is not None:
            on_official(line, official)
        yield line, row


def _row(value: Mapping[str, str], interval_minutes: int) -> IntervalRow:
    house_id = house(value["house"])
    start = interval_start(value["start"], interval_minutes)
    imported = energy_or_none("import_kwh", value["import_kwh"])
    exported = energy_or_none("export_kwh", value["export_kwh"])
    quality = _quality(value.get("quality", ""))
    if quality is Quality.MISSING or imported is exported is None:
        return IntervalRow(house_id, start, None, None, Quality.MISSING)
    return IntervalRow(house_id, start, imported, exported, quality)


def _may_have(value: Mapping[str, str]) -> bool:
    return COMMUNITY[0] in value or COMMUNITY[1] in value


def _official(value: Mapping[str, str], row: IntervalRow) -> IntervalRow | None:
    """Return what was allocated; None where nothing is said about it."""
    imported, exported = (
        energy_or_none(column, value.get(column, "")) for column in COMMUNITY
    )
    if imported is exported is None:
        return None
    return IntervalRow(row.house_id, row.start, imported, exported, Quality.MEASURED)


def _quality(text: str) -> Quality:
    label = text.lower()
    if label and label not in BY_LABEL:
        known = listed(BY_LABEL)
        raise ReasonedError(because.UNKNOWN_QUALITY(quality=text, known=known))
    return BY_LABEL[label] if label else Quality.MEASURED
