"""Our own CSV of signals: what was so in intervals besides energy.

    signal,start,value
    spot,2026-01-01T00:00:00+01:00,8.312
    wallbox_mode,2026-01-01T00:00:00+01:00,priority

UTF-8 with commas; columns and rows in any order. `start` is where the interval
begins, with its offset from UTC. A value is a text; a row without one says nothing.
One more column, `end`, lets a value count for all intervals from `start` up to there,
such as the four of an hour; where it is empty, for one.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from ..billing.calendar import Instant, iso_utc
from ..billing.signals import SignalValue
from . import FormatError, reason_of
from .cells import interval_start
from .csv_table import columns_of, read_table
from .reasons import tables as because

COLUMNS = ("signal", "start", "value")
_END = "end"
_LONGEST_SECONDS = 366 * 86_400
_NO_NAMES: Mapping[str, str] = MappingProxyType({})
FORMULA_STARTS = ("=", "+", "-", "@")
"""What makes a spreadsheet compute a cell; a text that begins so is written with an
apostrophe before it, and read without."""


def read(
    lines: Iterable[bytes],
    interval_minutes: int,
    names: Mapping[str, str] = _NO_NAMES,
) -> Iterator[tuple[int, SignalValue]]:
    """Yield each value with the number of its line, in the order of the file.

    `lines` is a file opened in binary mode, or its split content; `names` are signals
    by what else they are called. Raises FormatError at the first line that is not as
    described above, whose start or end is not on the grid of intervals, or that says
    something else than one before it.
    """
    known: dict[tuple[str, Instant], tuple[int, str]] = {}
    for line, cells in read_table(lines, COLUMNS, (_END,)):
        for value in _values(line, cells, interval_minutes, names):
            key = (value.signal_id, value.start)
            before = known.setdefault(key, (line, value.value))
            if before[1] != value.value:
                reason = because.SIGNAL_TWICE(
                    signal=cells["signal"], time=iso_utc(value.start), line=before[0]
                )
                raise FormatError(line, reason)
            if before[0] == line:
                yield line, value


def is_signals(head: bytes) -> bool:
    """Tell by its first line whether a file has such columns."""
    return set(COLUMNS) <= columns_of(head)


def _values(
    line: int, cells: Mapping[str, str], interval_minutes: int, names: Mapping[str, str]
) -> Iterator[SignalValue]:
    if not (name := cells["signal"]):
        raise FormatError(line, because.NO_SIGNAL())
    try:
        start = interval_start(cells["start"], interval_minutes)
        end = start + 1
        if text := cells.get(_END):
            end = interval_start(text, interval_minutes)
    except ValueError as err:
        raise FormatError(line, reason_of(err)) from err
    if not 0 < end - start <= _LONGEST_SECONDS:
        raise FormatError(line, because.WRONG_END())
    value = cells["value"]
    if value[:1] == "'" and value[1:].startswith(FORMULA_STARTS):
        value = value[1:]
    if value:
        for at in range(start, end, interval_minutes * 60):
            yield SignalValue(names.get(name, name), at, value)
