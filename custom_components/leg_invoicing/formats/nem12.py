"""NEM12: interval data of the Australian market.

    100,NEM12,202602010300,MDP1,RET1
    200,6001234567,E1B1,1,E1,N1,METER1,kWh,5,
    300,20260131,<1440 / 5 values>,A,,,20260201010203,
    900

A day begins at 00:00 market time, UTC+10 all year round. The file counts a value by
the end of its interval: the first one of a day covers 00:00 to 00:05. Channels E are
what the customer took from the grid, B what the customer fed in; the channels of a
point (E1, E2) are registers that add up. A day of varying quality (V) is followed by
400 rows, one for each run of intervals.
"""

from collections.abc import Iterator, Sequence
import csv
import re
from typing import BinaryIO, NamedTuple

from ..billing.calendar import Instant
from ..billing.quality import Quality
from ..billing.reasons import ReasonedError, Sentence
from . import FormatError, reason_of
from .cells import mwh
from .csv_table import decoded, listed
from .deliveries import Direction, MeteredInterval, OnSkipped, Share, Skipped, ignore
from .nem12_cells import market_time, midnight, quality_of, require_cells, whole
from .reasons import nem12 as because

_VARIES = "V"
_DIRECTIONS = {"E": Direction.IMPORT, "B": Direction.EXPORT}
_EXPONENTS = {"wh": 3, "kwh": 6, "mwh": 9}
_LENGTHS = ("5", "15", "30")
_HEAD = re.compile(rb"(\xef\xbb\xbf)?\"?100\"?,\"?NEM1", re.IGNORECASE)

_FOLLOWERS = {
    "": {"100"},
    "100": {"200", "900"},
    "200": {"300", "200", "900"},
    "300": {"300", "400", "500", "200", "900"},
    "400": {"300", "400", "500", "200", "900"},
    "500": {"300", "500", "200", "900"},
    "900": {"100"},
}
"""Which record may stand after which; 100 after 900 is another file's, appended."""


class _Channel(NamedTuple):
    point: str
    register: str
    direction: Direction
    exponent: int
    seconds: int
    intervals: int


class _Day(NamedTuple):
    channel: _Channel
    start: Instant
    values: Sequence[str]
    version: str


def detect(head: bytes, name: str) -> bool:  # noqa: ARG001 - the first record tells
    """Tell whether a file begins as NEM12 does."""
    return _HEAD.match(head) is not None


def read(file: BinaryIO, on_skipped: OnSkipped = ignore) -> Iterator[MeteredInterval]:
    """Yield each interval, in the order of the file.

    Raises FormatError at the first record that is not as described above.
    """
    reader = csv.reader(decoded(file), strict=True)
    records = _Records(on_skipped)
    try:
        for cells in reader:
            if any(cells):
                record = [cell.strip() for cell in cells]
                yield from records.take(record, reader.line_num)
        records.require_end()
    except (csv.Error, ValueError) as err:
        if isinstance(err, FormatError):
            raise
        raise FormatError(max(reader.line_num, 1), reason_of(err)) from err


class _Records:
    """What the records before mean for the next one."""

    def __init__(self, on_skipped: OnSkipped) -> None:
        self._on_skipped = on_skipped
        self._before = ""
        self._created = ""
        self._channel: _Channel | None = None
        self._varying: _Day | None = None
        self._qualities: list[Quality] = []

    def take(self, record: Sequence[str], line: int) -> Iterator[MeteredInterval]:
        """Yield what a record completes."""
        kind = record[0]
        if kind not in _FOLLOWERS[self._before]:
            raise ReasonedError(_out_of_place(kind, self._before))
        self._before = kind
        if kind != "400":
            yield from self._end_varying()
        if kind == "100":
            self._created = _created(record)
        elif kind == "200":
            self._channel = self._channel_of(record, line)
        elif kind == "300" and self._channel is not None:
            yield from self._day(record, self._channel)
        elif kind == "400":
            self._run(record)

    def require_end(self) -> None:
        """Refuse a file that was cut off."""
        if self._before != "900":
            raise ReasonedError(because.CUT_OFF())

    def _channel_of(self, record: Sequence[str], line: int) -> _Channel | None:
        require_cells(record, 9)
        point, register, unit, length = record[1], record[4], record[7], record[8]
        if not point or not register:
            raise ReasonedError(because.NO_NMI())
        if length not in _LENGTHS:
            known = listed(_LENGTHS)
            raise ReasonedError(because.UNKNOWN_LENGTH(length=length, known=known))
        exponent = _EXPONENTS.get(unit.lower())
        direction = _DIRECTIONS.get(register[0].upper())
        if exponent is None or direction is None:
            other = because.OTHER_UNIT(unit=unit)
            reason = other if exponent is None else because.NO_CHANNEL()
            self._on_skipped(Skipped(line, f"{point} {register}", reason))
            return None
        minutes = int(length)
        return _Channel(
            point, register, direction, exponent, minutes * 60, 1440 // minutes
        )

    def _day(
        self, record: Sequence[str], channel: _Channel
    ) -> Iterator[MeteredInterval]:
        count = channel.intervals
        require_cells(record, count + 3)
        flag, _, _, updated = (*record[count + 2 : count + 6], "", "", "")[:4]
        day = _Day(
            channel,
            midnight(record[1]),
            record[2 : count + 2],
            f"{market_time(updated) or self._created:0<14} {self._created}",
        )
        if flag == _VARIES:
            self._varying, self._qualities = day, []
            return
        yield from _intervals(day, [quality_of(flag)] * count)

    def _run(self, record: Sequence[str]) -> None:
        """Take the quality of a run of intervals."""
        if self._channel is None:
            return
        if self._varying is None:
            raise ReasonedError(because.NOT_VARYING())
        require_cells(record, 4)
        first, last = whole(record[1]), whole(record[2])
        if not len(self._qualities) + 1 == first <= last <= len(self._varying.values):
            before = len(self._qualities)
            raise ReasonedError(
                because.RUN_UNFIT(first=first, last=last, before=before)
            )
        self._qualities += [quality_of(record[3])] * (last - first + 1)

    def _end_varying(self) -> Iterator[MeteredInterval]:
        day, self._varying = self._varying, None
        if day is None:
            return
        if len(self._qualities) != len(day.values):
            last, count = len(self._qualities), len(day.values)
            raise ReasonedError(because.RUNS_END(last=last, count=count))
        yield from _intervals(day, self._qualities)


def _intervals(day: _Day, qualities: Sequence[Quality]) -> Iterator[MeteredInterval]:
    channel, start, values, version = day
    point, register, direction, exponent, seconds, _ = channel
    for number, quality in enumerate(qualities):
        # What stands under N is a null, whatever it looks like.
        missing = quality is Quality.MISSING
        try:
            energy = 0 if missing else mwh(values[number], exponent)
        except ValueError as err:
            place = because.INTERVAL(number=number + 1)
            raise ReasonedError(reason_of(err, place)) from err
        yield MeteredInterval(
            point,
            direction,
            Share.TOTAL,
            start + number * seconds,
            seconds,
            energy,
            quality,
            version,
            register,
        )


def _out_of_place(kind: str, before: str) -> Sentence:
    if kind not in _FOLLOWERS:
        return because.NO_RECORD(kind=kind[:20])
    if not before:
        return because.BEGINS_WITH(kind=kind)
    return because.OUT_OF_PLACE(kind=kind, before=before)


def _created(record: Sequence[str]) -> str:
    require_cells(record, 3)
    if record[1].upper() != "NEM12":
        raise ReasonedError(because.NOT_NEM12(text=record[1][:20]))
    if not record[2]:
        raise ReasonedError(because.NOT_CREATED())
    return market_time(record[2])
