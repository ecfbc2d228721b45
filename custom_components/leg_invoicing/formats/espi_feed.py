"""What the entries of a Green Button feed are, and how they belong together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
import re
from typing import BinaryIO, NamedTuple

from ..billing.calendar import iso_utc
from ..billing.reasons import ReasonedError, Sentence
from . import FormatError, reason_of
from .deliveries import Direction, OnSkipped, Skipped
from .reasons import messages as because
from .xml_paths import Step, steps

_DIRECTIONS = {"1": Direction.IMPORT, "19": Direction.EXPORT}
_WATT_HOURS = "72"
_ELECTRICITY = frozenset({"", "0", "1", "2"})
_DELTAS = frozenset({"", "0", "4"})
"""Accumulation behaviours of energy per interval; others are registers or demands."""


_TYPE = "entry/content/ReadingType/"
_WHOLE = re.compile(r"-?\d{1,12}", re.ASCII)
_POINT = re.compile(r"(?:([^/]+)/)?UsagePoint/([^/]+)")


@dataclass(slots=True)
class Entry:
    """What the first walk keeps of an entry."""

    line: int
    kind: str = ""
    links: dict[str, list[str]] = field(default_factory=dict)
    updated: str = ""
    reading_type: dict[str, str] = field(default_factory=dict)


class Channel(NamedTuple):
    """What the readings of a block are."""

    point: str
    direction: Direction
    exponent: int
    seconds: str
    """How long an interval is where it does not say so itself."""
    version: str


def entries(file: BinaryIO) -> Iterator[Entry]:
    """Yield what the entries of a feed are, without their readings."""
    entry = Entry(0)
    line = 1
    for step in steps(file):
        line = step.line
        if step.begins:
            if step.path == "entry":
                entry = Entry(line)
            elif step.path.startswith("entry/content/"):
                entry.kind = entry.kind or step.path.split("/")[2]
        elif step.path == "entry":
            yield entry
        else:
            _note(entry, step)
    if not entry.line:
        raise FormatError(line, because.NO_ENTRIES())


def _note(entry: Entry, step: Step) -> None:
    if step.path == "entry/link":
        link = step.element.attrib
        links = entry.links.setdefault(link.get("rel", ""), [])
        links.append(link.get("href", "").rstrip("/"))
    elif step.path == "entry/updated":
        entry.updated = step.text
    elif step.path.startswith(_TYPE):
        entry.reading_type[step.path.removeprefix(_TYPE)] = step.text


def channels_of(feed: list[Entry], on_skipped: OnSkipped) -> list[Channel | None]:
    """Return what the readings of each entry are; None where they are left out."""
    types = {
        href: entry
        for entry in feed
        if entry.kind == "ReadingType"
        for href in entry.links.get("self", [f"line {entry.line}"])
    }
    type_of = _types_of_meter_readings(feed, types)
    noted: set[tuple[str, str]] = set()
    channels: list[Channel | None] = []
    for entry in feed:
        channel: Channel | Skipped | None = None
        if entry.kind == "IntervalBlock":
            channel = _block(entry, type_of, types)
        if isinstance(channel, Skipped):
            told = (channel.channel, str(channel.reason))
            if told not in noted:
                noted.add(told)
                on_skipped(channel)
            channel = None
        channels.append(channel)
    return channels


def _block(
    block: Entry, type_of: Mapping[str, Entry], types: Mapping[str, Entry]
) -> Channel | Skipped:
    """Return what the readings of a block are, or why they are left out."""
    try:
        point = _point(block)
        reading_type = _type(block, type_of, types)
        if reason := _reason_to_skip(reading_type):
            return Skipped(block.line, point, reason)
        return _channel(block, point, reading_type)
    except ValueError as err:
        raise FormatError(block.line, reason_of(err, "IntervalBlock")) from err


def _types_of_meter_readings(
    feed: list[Entry], types: Mapping[str, Entry]
) -> dict[str, Entry]:
    """Return reading types by whatever link leads to their MeterReading."""
    type_of: dict[str, Entry] = {}
    for entry in feed:
        if entry.kind == "MeterReading":
            related = entry.links.get("related", [])
            found = [types[href] for href in related if href in types]
            for href in (*entry.links.get("self", []), *related):
                if found and href not in types:
                    type_of[href] = found[0]
    return type_of


def _type(
    block: Entry, type_of: Mapping[str, Entry], types: Mapping[str, Entry]
) -> Mapping[str, str]:
    """Return the ReadingType of a block."""
    for href in (*block.links.get("up", []), *block.links.get("self", [])):
        for candidate in (href, href.partition("/IntervalBlock")[0]):
            if candidate in type_of:
                return type_of[candidate].reading_type
    if len(types) == 1:
        return next(iter(types.values())).reading_type
    raise ReasonedError(because.NO_READING_TYPE())


def _point(block: Entry) -> str:
    for href in (*block.links.get("self", []), *block.links.get("up", [])):
        if match := _POINT.search(href):
            return "/".join(filter(None, match.groups()))
    raise ReasonedError(because.NO_USAGE_POINT())


def _reason_to_skip(reading_type: Mapping[str, str]) -> Sentence | None:
    uom = reading_type.get("uom", "")
    commodity = reading_type.get("commodity", "")
    behaviour = reading_type.get("accumulationBehaviour", "")
    direction = reading_type.get("flowDirection", "")
    reasons = (
        (uom == _WATT_HOURS, because.OTHER_UOM(uom=uom)),
        (commodity in _ELECTRICITY, because.NO_ELECTRICITY(commodity=commodity)),
        (behaviour in _DELTAS, because.NO_DELTA(behaviour=behaviour)),
        (direction in _DIRECTIONS, because.OTHER_DIRECTION(direction=direction)),
    )
    return next((reason for is_fine, reason in reasons if not is_fine), None)


def _channel(block: Entry, point: str, reading_type: Mapping[str, str]) -> Channel:
    power = whole(reading_type.get("powerOfTenMultiplier") or "0")
    if not -12 <= power <= 12:
        raise ReasonedError(because.POWER_OF_TEN(power=power))
    return Channel(
        point,
        _DIRECTIONS[reading_type["flowDirection"]],
        3 + power,  # 1 Wh is 1000 mWh
        reading_type.get("intervalLength", ""),
        _version(block.updated),
    )


def _version(updated: str) -> str:
    """Return when an entry was last changed, so that the order of texts is time's."""
    try:
        time = datetime.fromisoformat(updated)
        return iso_utc(int(time.timestamp())) if time.tzinfo else updated
    except ValueError, OverflowError:
        return ""


def whole(text: str) -> int:
    """Read a whole number; raises ReasonedError."""
    if not _WHOLE.fullmatch(text):
        raise ReasonedError(because.NO_WHOLE_NUMBER(text=text[:20]))
    return int(text)
