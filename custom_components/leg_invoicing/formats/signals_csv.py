"""Our own CSV of signals: what was so in intervals besides energy.

    signal,start,value
    spot,2026-01-01T00:00:00+01:00,8.312
    wallbox_mode,2026-01-01T00:00:00+01:00,priority

UTF-8 with commas; columns and rows in any order. `start` is where the interval
begins, with its offset from UTC. A value is a text; a row without one says nothing.
"""

from collections.abc import Iterable, Iterator, Mapping

from ..billing.signals import SignalValue
from . import FormatError, reason_of
from .cells import interval_start
from .csv_table import read_table
from .reasons import tables as because

COLUMNS = ("signal", "start", "value")
FORMULA_STARTS = ("=", "+", "-", "@")
"""What makes a spreadsheet compute a cell; a text that begins so is written with an
apostrophe before it, and read without."""


def read(
    lines: Iterable[bytes], interval_minutes: int
) -> Iterator[tuple[int, SignalValue]]:
    """Yield each value with the number of its line, in the order of the file.

    `lines` is a file opened in binary mode, or its split content. Raises
    FormatError at the first line that is not as described above, whose start is not
    on the grid of intervals, or that says something else than one before it.
    """
    known: dict[tuple[str, int], tuple[int, str]] = {}
    for line, cells in read_table(lines, COLUMNS):
        value = _value(line, cells, interval_minutes)
        if not value.value:
            continue
        before = known.setdefault((value.signal_id, value.start), (line, value.value))
        if before[1] != value.value:
            time = cells["start"]
            reason = because.SIGNAL_TWICE(
                signal=value.signal_id, time=time, line=before[0]
            )
            raise FormatError(line, reason)
        if before[0] == line:
            yield line, value


def _value(line: int, cells: Mapping[str, str], interval_minutes: int) -> SignalValue:
    if not cells["signal"]:
        raise FormatError(line, because.NO_SIGNAL())
    try:
        start = interval_start(cells["start"], interval_minutes)
    except ValueError as err:
        raise FormatError(line, reason_of(err)) from err
    value = cells["value"]
    if value[:1] == "'" and value[1:].startswith(FORMULA_STARTS):
        value = value[1:]
    return SignalValue(cells["signal"], start, value)
