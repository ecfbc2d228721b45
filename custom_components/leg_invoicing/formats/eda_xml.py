"""Austrian ConsumptionRecord: the energies of one point of an energy community.

Every value says from when to when it lasts, with the offset from UTC, so the hour
that October repeats is two hours here. What the codes mean stands in `eda_series`.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO, NamedTuple

from ..billing.quality import Quality
from ..billing.reasons import ReasonedError, Sentence
from . import FormatError, reason_of
from .cells import energy_or_none, instant
from .deliveries import Direction, MeteredInterval, OnSkipped, Share, Skipped, ignore
from .eda_series import BY_CODE, QUALITIES, SECONDS, Series, beside_its_part
from .market_messages import looked_up, needed, version
from .reasons import messages as because
from .xml_paths import Step, steps

NAMESPACE = "http://www.ebutilities.at/schemata/customerprocesses/consumptionrecord/"

_CREATED = "MarketParticipantDirectory/RoutingHeader/DocumentCreationDateTime"
_POINT = "ProcessDirectory/MeteringPoint"
_INTERVAL = "ProcessDirectory/Energy/MeteringIntervall"
_DATA = "ProcessDirectory/Energy/EnergyData"
_VALUE = "ProcessDirectory/Energy/EnergyData/EP"
_OF_VALUE = f"{_VALUE}/"


class _Channel(NamedTuple):
    point: str
    series: Series
    seconds: int
    version: str


def detect(head: bytes, _name: str) -> bool:
    """Tell whether the first 4 KB of a file are those of such a message."""
    # In UTF-16, every other byte of these names is zero.
    text = head.replace(b"\0", b"")
    return b"ConsumptionRecord" in text and b"ebutilities.at" in text


def read(file: BinaryIO, on_skipped: OnSkipped = ignore) -> Iterator[MeteredInterval]:
    """Yield each energy, in the order of the file but for what is superseded.

    Raises FormatError at the first element that is not as described above.
    """
    message = _Message(on_skipped)
    for step in steps(file):
        try:
            yield from message.take(step)
        except ValueError as err:
            raise FormatError(step.line, reason_of(err, message.place)) from err


class _Message:
    """What has been read of a message, as texts by path."""

    def __init__(self, on_skipped: OnSkipped) -> None:
        self._on_skipped = on_skipped
        self._texts: dict[str, str] = {}
        self._value: dict[str, str] = {}
        self._skipped: set[str] = set()
        self._code = ""
        self._channel: _Channel | None = None
        self._values = 0
        self._any = False
        # A meter's whole energy waits here until it is known whether the message
        # also has the part of it that takes part.
        self._whole: dict[tuple[Direction, Share], list[MeteredInterval]] = {}
        self._parts: set[tuple[Direction, Share]] = set()

    @property
    def place(self) -> str:
        """Where in the message we are."""
        value = f", EP {self._values}" if self._values else ""
        return f"EnergyData {self._code!r}{value}" if self._code else ""

    def take(self, step: Step) -> Iterable[MeteredInterval]:
        """Take the next step; return the intervals that are certain by then.

        Raises ReasonedError, which says what is wrong.
        """
        if step.begins:
            self._begin(step)
        elif step.path == _VALUE:
            return self._interval()
        elif step.path.startswith(_OF_VALUE):
            self._value[step.path.removeprefix(_OF_VALUE)] = step.text
        elif step.path:
            self._texts[step.path] = step.text
        else:
            return self._rest(step.line)
        return ()

    def _begin(self, step: Step) -> None:
        if not step.path:
            _check_root(step.element.tag)
        elif step.path == _DATA:
            self._begin_series(step)
        elif step.path == _VALUE:
            self._value.clear()
            self._values += 1

    def _begin_series(self, step: Step) -> None:
        self._values = 0
        self._code = " ".join(step.element.get("MeterCode", "").split())
        self._channel = None
        if series := BY_CODE.get(self._code):
            self._channel = self._new_channel(series, step.element.get("UOM", ""))
            self._any = True
        else:
            self._skip(step.line, self._code, because.NOT_AN_ENERGY())

    def _new_channel(self, series: Series, unit: str) -> _Channel:
        if unit != "KWH":
            raise ReasonedError(because.UNKNOWN_UNIT(what="UOM", unit=unit))
        length = needed(self._texts, _INTERVAL)
        if series.takes_part:
            self._parts.add(series[:2])
        return _Channel(
            needed(self._texts, _POINT),
            series,
            looked_up(SECONDS, length, "MeteringIntervall"),
            version(
                self._texts.get(_CREATED, ""),
                self._texts.get("ProcessDirectory/MessageId", ""),
            ),
        )

    def _skip(self, line: int, code: str, reason: Sentence) -> None:
        """Tell once for each channel what is left out."""
        channel = f"{self._texts.get(_POINT, '')} {code}"
        if channel not in self._skipped:
            self._skipped.add(channel)
            self._on_skipped(Skipped(line, channel, reason))

    def _interval(self) -> Iterable[MeteredInterval]:
        if self._channel is None:
            return ()
        interval = _interval(self._channel, self._value)
        if self._channel.series.takes_part:
            return (interval,)
        self._whole.setdefault(interval[1:3], []).append(interval)
        return ()

    def _rest(self, line: int) -> Iterator[MeteredInterval]:
        """Yield what waited, at the end of the message."""
        if not self._any:
            codes = ", ".join(BY_CODE)
            raise ReasonedError(because.NO_ENERGY_DATA(codes=codes))
        for (direction, share), intervals in self._whole.items():
            if (direction, share) not in self._parts:
                yield from intervals
            elif whole := beside_its_part(share):
                yield from (interval._replace(share=whole) for interval in intervals)
            else:
                self._skip(line, f"{direction} {share}", because.SUPERSEDED())


def _check_root(tag: str) -> None:
    if not (tag.startswith(f"{{{NAMESPACE}") and tag.endswith("}ConsumptionRecord")):
        raise ReasonedError(because.NOT_A_RECORD(tag=tag, namespace=NAMESPACE))


def _interval(channel: _Channel, value: Mapping[str, str]) -> MeteredInterval:
    start, end = instant(needed(value, "DTF")), value.get("DTT")
    if end and instant(end) != start + channel.seconds:
        said, seconds = value["DTF"], channel.seconds
        raise ReasonedError(because.OTHER_LENGTH(start=said, end=end, seconds=seconds))
    mwh = energy_or_none("BQ", value.get("BQ", ""))
    quality = looked_up(QUALITIES, value.get("MM", ""), "MM")
    return MeteredInterval(
        channel.point,
        channel.series.direction,
        channel.series.share,
        start,
        channel.seconds,
        mwh or 0,
        Quality.MISSING if mwh is None else quality,
        channel.version,
    )
