"""SDAT-CH E66: validated metered data of the Swiss market, versions 12 to 16.

One message holds series of one metering point, direction and product. Where an
observation begins follows from its number: start + (Sequence − 1) × resolution, in
UTC. A value under Condition 21 is temporary: the 0.000 that often stands there is a
placeholder and no measurement. Deliveries overlap and are sent again, so everything
is yielded with the version of its message.
"""

from collections.abc import Iterator, Mapping
import re
from typing import BinaryIO, NamedTuple

from ..billing.calendar import Instant
from ..billing.quality import Quality
from ..billing.reasons import ReasonedError
from . import FormatError, reason_of
from .cells import energy_or_none, instant
from .deliveries import Direction, MeteredInterval, OnSkipped, Share, Skipped, ignore
from .market_messages import looked_up, needed, version
from .reasons import messages as because
from .xml_paths import Step, steps

NAMESPACE = "http://www.strom.ch"

_MESSAGE = re.compile(rf"\{{{re.escape(NAMESPACE)}\}}ValidatedMeteredData_1[2-6]")
_HEADER = "ValidatedMeteredData_HeaderInformation/"
_BLOCK = "MeteringData/"
_OBSERVATION = "MeteringData/Observation/"

SHARES = {
    "8716867000030": Share.TOTAL,
    "2404050010123": Share.COMMUNITY,
    "2404050010124": Share.RESIDUAL,
}
QUALITIES = {
    "": Quality.MEASURED,
    "21": Quality.TEMPORARY,
    "56": Quality.ESTIMATED,
}
_DIRECTIONS = {
    "ConsumptionMeteringPoint/VSENationalID": Direction.IMPORT,
    "ProductionMeteringPoint/VSENationalID": Direction.EXPORT,
}
# The code stands in the element itself, or names its list by an element of its own.
_PRODUCTS = ("Product/ID", "Product/ID/ebIXCode", "Product/ID/VSENationalCode")
NOT_ENERGY = frozenset({"KVR", "KVARH", "MVR", "MVARH", "VARH", "KWT", "KW"})
_SECONDS = {"MIN": 60, "HUR": 3600, "H": 3600}
_LONGEST = 3600
_CANCELLATION = "1"


class _Series(NamedTuple):
    point: str
    direction: Direction
    share: Share
    start: Instant
    end: Instant
    seconds: int
    version: str


def detect(head: bytes, _name: str) -> bool:
    """Tell whether the first 4 KB of a file are those of such a message."""
    # In UTF-16, every other byte of these names is zero.
    return b"ValidatedMeteredData_" in head.replace(b"\0", b"")


def read(file: BinaryIO, on_skipped: OnSkipped = ignore) -> Iterator[MeteredInterval]:
    """Yield each observation's energy, in the order of the file.

    Raises FormatError at the first element that is not as described above.
    """
    message = _Message(on_skipped)
    for step in steps(file):
        try:
            interval = message.take(step)
        except ValueError as err:
            raise FormatError(step.line, reason_of(err, message.place)) from err
        if interval:
            yield interval


class _Message:
    """What has been read of a message, as texts by path."""

    def __init__(self, on_skipped: OnSkipped) -> None:
        self._on_skipped = on_skipped
        self._header: dict[str, str] = {}
        self._block: dict[str, str] = {}
        self._observation: dict[str, str] = {}
        self._series: _Series | None = None
        self._blocks = 0
        self._observations = 0
        self._sequence = 0
        self._any = False

    @property
    def place(self) -> str:
        """Where in the message we are."""
        numbers = (
            ("MeteringData", self._blocks),
            ("Observation", self._observations),
        )
        return ", ".join(f"{name} {number}" for name, number in numbers if number)

    def take(self, step: Step) -> MeteredInterval | None:
        """Take the next step; return the interval that it completes, if it does.

        Raises ReasonedError, which says what is wrong.
        """
        if step.begins:
            self._begin(step)
        elif step.path == "MeteringData/Observation":
            return self._interval()
        elif step.path.startswith(_OBSERVATION):
            self._observation[step.path.removeprefix(_OBSERVATION)] = step.text
        elif step.path.startswith(_BLOCK):
            self._block[step.path.removeprefix(_BLOCK)] = step.text
        elif step.path.startswith(_HEADER):
            self._header[step.path.removeprefix(_HEADER)] = step.text
        elif not step.path and not self._any:
            raise ReasonedError(because.NO_OBSERVATION())
        return None

    def _begin(self, step: Step) -> None:
        if not step.path:
            _check_root(step.element.tag)
        elif step.path == "MeteringData":
            self._block.clear()
            self._blocks += 1
            self._observations = self._sequence = 0
        elif step.path == "MeteringData/Observation":
            self._observation.clear()
            self._observations += 1
            self._any = True
            if self._observations == 1:
                self._series = self._new_series(step.line)

    def _new_series(self, line: int) -> _Series | None:
        """Return what the block's series measures; None where it is no energy."""
        point, direction = _point(self._block)
        unit = needed(self._block, "Product/MeasureUnit")
        if unit in NOT_ENERGY:
            channel = f"{point} {direction} {unit}"
            self._on_skipped(Skipped(line, channel, because.NO_ENERGY(unit=unit)))
            return None
        if unit != "KWH":
            raise ReasonedError(because.UNKNOWN_UNIT(what="MeasureUnit", unit=unit))
        return _Series(
            point,
            direction,
            looked_up(SHARES, _product(self._block), "Product"),
            instant(needed(self._block, "Interval/StartDateTime")),
            instant(needed(self._block, "Interval/EndDateTime")),
            _resolution(self._block),
            _version(self._header),
        )

    def _interval(self) -> MeteredInterval | None:
        if self._series is None:
            return None
        sequence = _whole(needed(self._observation, "Position/Sequence"))
        if sequence <= self._sequence:
            raise ReasonedError(
                because.OUT_OF_SEQUENCE(sequence=sequence, before=self._sequence)
            )
        self._sequence = sequence
        return _interval(self._series, sequence, self._observation)


def _check_root(tag: str) -> None:
    if not _MESSAGE.fullmatch(tag):
        raise ReasonedError(because.NOT_E66(tag=tag, namespace=NAMESPACE))


def _version(header: Mapping[str, str]) -> str:
    """Return the version of a message, which must be one that brings values."""
    kind = header.get("InstanceDocument/DocumentType/ebIXCode") or "E66"
    if kind != "E66":
        raise ReasonedError(because.NOT_OF_TYPE_E66(kind=kind))
    if header.get("InstanceDocument/Status") == _CANCELLATION:
        raise ReasonedError(because.CANCELS())
    return version(
        header.get("InstanceDocument/Creation", ""),
        header.get("InstanceDocument/DocumentID", ""),
    )


def _product(block: Mapping[str, str]) -> str:
    return next((text for path in _PRODUCTS if (text := block.get(path))), "")


def _point(block: Mapping[str, str]) -> tuple[str, Direction]:
    for path, direction in _DIRECTIONS.items():
        if point := block.get(path):
            return point, direction
    raise ReasonedError(because.NO_SWISS_POINT())


def _resolution(block: Mapping[str, str]) -> int:
    unit = looked_up(_SECONDS, needed(block, "Resolution/Unit"), "Resolution/Unit")
    seconds = unit * _whole(needed(block, "Resolution/Resolution"))
    if seconds > _LONGEST:
        raise ReasonedError(because.LONG_OBSERVATION(seconds=seconds))
    return seconds


def _interval(
    series: _Series, sequence: int, observation: Mapping[str, str]
) -> MeteredInterval:
    start = series.start + (sequence - 1) * series.seconds
    if start + series.seconds > series.end:
        raise ReasonedError(because.AFTER_THE_END(sequence=sequence))
    mwh = energy_or_none("Volume", observation.get("Volume", ""))
    quality = looked_up(QUALITIES, observation.get("Condition", ""), "Condition")
    return MeteredInterval(
        series.point,
        series.direction,
        series.share,
        start,
        series.seconds,
        mwh or 0,
        Quality.MISSING if mwh is None else quality,
        series.version,
    )


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text)):
        raise ReasonedError(because.NOT_ABOVE_ZERO(text=text[:20]))
    return int(text)
