"""Green Button: energy usage in the Atom feeds of NAESB's ESPI.

A feed is a list of entries that refer to each other by links: an IntervalBlock is
of a MeterReading, and that is of a ReadingType, which says what the numbers are. The
entries stand in any order, so the file is gone through twice: once for what there
is, once for the readings.

    energy = value × 10^powerOfTenMultiplier Wh    (uom 72; flowDirection 1 or 19)

`start` is where the interval begins, in Unix seconds. What is no electrical energy of
an interval, or says no direction, is left out and noted.
"""

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from ..billing.quality import Quality
from ..billing.reasons import ReasonedError
from . import FormatError, reason_of
from .cells import mwh, plausible
from .deliveries import MeteredInterval, OnSkipped, Share, ignore
from .espi_feed import Channel, channels_of, entries, whole
from .reasons import messages as because, tables
from .xml_paths import Step, steps

QUALITIES = {
    "0": Quality.MEASURED,  # valid
    "7": Quality.MANUAL,  # manually edited
    "8": Quality.ESTIMATED,  # from a reference day
    "9": Quality.INTERPOLATED,  # linearly
    "10": Quality.TEMPORARY,  # questionable
    "11": Quality.ESTIMATED,  # derived
    "12": Quality.TEMPORARY,  # projected
    "13": Quality.ESTIMATED,  # mixed
    "14": Quality.MEASURED,  # raw
    "15": Quality.ESTIMATED,  # normalised for the weather
    "16": Quality.ESTIMATED,  # other
    "17": Quality.MEASURED,  # validated
    "18": Quality.MEASURED,  # verified
    "19": Quality.MEASURED,  # of revenue quality
}
_BLOCK = "entry/content/IntervalBlock"
_READING = f"{_BLOCK}/IntervalReading"
_LONGEST_SECONDS = 366 * 86_400


def detect(head: bytes, name: str) -> bool:  # noqa: ARG001 - the namespace tells
    """Tell whether a file begins as such a feed does."""
    plain = head.replace(b"\0", b"")
    return b"naesb.org/espi" in plain or (
        b"http://www.w3.org/2005/Atom" in plain and b"/espi/" in plain
    )


def read(file: BinaryIO, on_skipped: OnSkipped = ignore) -> Iterator[MeteredInterval]:
    """Yield each reading's energy, in the order of the file.

    The file must be able to go back to its beginning. Raises FormatError at the
    first element that is not as described above.
    """
    begin = file.tell()
    channels = channels_of(list(entries(file)), on_skipped)
    file.seek(begin)
    number = -1
    found: dict[str, str] = {}
    for step in steps(file):
        if step.begins:
            number += step.path == "entry"
            if step.path == _READING:
                found = {}
        elif step.path.startswith(f"{_READING}/"):
            _keep(found, step)
        elif step.path == _READING and (channel := channels[number]) is not None:
            try:
                yield _interval(channel, found)
            except ValueError as err:
                raise FormatError(step.line, reason_of(err, "IntervalReading")) from err


def _keep(found: dict[str, str], step: Step) -> None:
    """Keep an element of a reading; of several qualities, all."""
    name = step.path.removeprefix(f"{_READING}/")
    if name == "ReadingQuality/quality" and name in found:
        found[name] += f" {step.text}"
    else:
        found[name] = step.text


def _interval(channel: Channel, found: Mapping[str, str]) -> MeteredInterval:
    seconds = whole(found.get("timePeriod/duration") or channel.seconds)
    if not 0 < seconds <= _LONGEST_SECONDS:
        raise ReasonedError(because.DURATION(seconds=seconds))
    codes = found.get("ReadingQuality/quality", "0").split()
    unknown = next((code for code in codes if code not in QUALITIES), None)
    if unknown is not None:
        known = ", ".join(QUALITIES)
        reason = tables.UNKNOWN_QUALITY(quality=unknown[:20], known=known)
        raise ReasonedError(reason)
    quality = max((QUALITIES[code] for code in codes), default=Quality.MEASURED)
    value = found.get("value", "")
    return MeteredInterval(
        channel.point,
        channel.direction,
        Share.TOTAL,
        plausible(whole(found.get("timePeriod/start", ""))),
        seconds,
        mwh(value, channel.exponent) if value else 0,
        quality if value else Quality.MISSING,
        channel.version,
    )
