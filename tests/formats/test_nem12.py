"""NEM12, the interval data of the Australian market."""

from collections.abc import Sequence
import io

import pytest

from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.formats import FormatError, nem12
from custom_components.leg_invoicing.formats.deliveries import (
    Direction,
    MeteredInterval,
    Share,
    Skipped,
)
from tests.billing.build import at

_HEAD = "100,NEM12,202602010300,MDP1,RET1"
_CHANNEL = "200,6001234567,E1B1,1,E1,N1,METER1,kWh,30,"
_END = "900"


def _day(
    values: Sequence[str] = ("0.125",) * 48,
    quality: str = "A,,,20260201010203,20260201020304",
    day: str = "20260131",
) -> str:
    return f"300,{day},{','.join(values)},{quality}"


def _file(*records: str) -> bytes:
    return "\r\n".join((_HEAD, *records, _END)).encode()


def _read(
    content: bytes, skipped: list[Skipped] | None = None
) -> list[MeteredInterval]:
    notes: list[Skipped] = [] if skipped is None else skipped
    return list(nem12.read(io.BytesIO(content), notes.append))


def test_values_are_counted_by_the_end_of_their_interval() -> None:
    """The first value of a day begins at its midnight, ten hours ahead of UTC."""
    intervals = _read(_file(_CHANNEL, _day()))

    assert len(intervals) == 48
    assert intervals[0] == MeteredInterval(
        point="6001234567",
        direction=Direction.IMPORT,
        share=Share.TOTAL,
        start=at("2026-01-31T00:00:00+10:00"),
        seconds=1800,
        mwh=125_000,
        quality=Quality.MEASURED,
        version="20260201010203 202602010300",
        register="E1",
    )
    assert intervals[-1].start == at("2026-01-31T23:30:00+10:00")


def test_market_time_has_no_summer() -> None:
    """On the day on which Sydney puts the clock forward, nothing is different."""
    intervals = _read(_file(_CHANNEL, _day(day="20261004")))

    assert len(intervals) == 48
    assert intervals[4].start == at("2026-10-04T02:00:00+10:00")


@pytest.mark.parametrize(("length", "count"), [("5", 288), ("15", 96), ("30", 48)])
def test_lengths_of_intervals(length: str, count: int) -> None:
    """A day holds as many values as the channel's length says."""
    channel = _CHANNEL.replace(",30,", f",{length},")

    intervals = _read(_file(channel, _day(("1",) * count)))

    assert len(intervals) == count
    assert {i.seconds for i in intervals} == {int(length) * 60}


@pytest.mark.parametrize(
    ("unit", "mwh"),
    [("kWh", 1_500_000), ("KWH", 1_500_000), ("Wh", 1500), ("MWh", 1_500_000_000)],
)
def test_units(unit: str, mwh: int) -> None:
    """Energies are exact in every unit, however it is written."""
    channel = _CHANNEL.replace("kWh", unit)

    assert _read(_file(channel, _day(("1.5",) * 48)))[0].mwh == mwh


def test_channels() -> None:
    """E is import and B is export; several of a point are registers of their own."""
    channels = [_CHANNEL.replace(",E1,", f",{name},") for name in ("E1", "E2", "B1")]

    intervals = _read(_file(*(line for c in channels for line in (c, _day()))))

    assert {(i.register, i.direction) for i in intervals} == {
        ("E1", Direction.IMPORT),
        ("E2", Direction.IMPORT),
        ("B1", Direction.EXPORT),
    }


def test_what_is_no_energy_is_noted_and_left_out() -> None:
    """Reactive energy and check meters are not billed."""
    reactive = _CHANNEL.replace("kWh", "kVArh").replace(",E1,", ",Q1,")
    check = _CHANNEL.replace(",E1,", ",F1,")
    varying = (_day(quality="V,,,,"), "400,1,48,A,,")
    skipped: list[Skipped] = []

    assert _read(_file(reactive, *varying, check, _day()), skipped) == []
    assert [note._replace(reason=str(note.reason)) for note in skipped] == [
        Skipped(2, "6001234567 Q1", "measures kVArh"),
        Skipped(5, "6001234567 F1", "is no billing channel"),
    ]


@pytest.mark.parametrize(
    ("flag", "quality"),
    [
        ("A", Quality.MEASURED),
        ("S14", Quality.SUBSTITUTED),
        ("F14", Quality.SUBSTITUTED),
        ("E52", Quality.ESTIMATED),
        ("N", Quality.MISSING),
    ],
)
def test_qualities_of_a_day(flag: str, quality: Quality) -> None:
    """One flag, with or without its method, is of all intervals of a day."""
    intervals = _read(_file(_CHANNEL, _day(quality=f"{flag},,,,")))

    assert {i.quality for i in intervals} == {quality}


def test_a_null_has_no_value() -> None:
    """What stands beside N is not read, be it empty or a number."""
    intervals = _read(_file(_CHANNEL, _day(("", "7") * 24, "N,,,,")))

    assert {i.mwh for i in intervals} == {0}


def test_a_day_of_varying_quality() -> None:
    """The 400 records say the quality of each run of intervals, its last included."""
    runs = ["400,1,20,F14,76,", "400,21,24,A,,", "400,25,48,N,,"]

    qualities = [i.quality for i in _read(_file(_CHANNEL, _day(quality="V"), *runs))]

    assert qualities == (
        [Quality.SUBSTITUTED] * 20 + [Quality.MEASURED] * 4 + [Quality.MISSING] * 24
    )


def test_the_version_is_when_a_day_was_updated() -> None:
    """Where the day does not say, it is when the file was made."""
    (first, *_) = _read(_file(_CHANNEL, _day(quality="A,,,,")))

    assert first.version == "20260201030000 202602010300"
    assert first.version > _read(_file(_CHANNEL, _day()))[0].version


def test_files_one_after_the_other() -> None:
    """After its end another file may begin; 500 records and empty lines are passed."""
    again = _day(day="20260201")
    content = _file(_CHANNEL, _day(), "500,O,S01,2026,", again) + b"\r\n,,,\r\n"
    content += _file(_CHANNEL, _day())

    assert len(_read(b"\xef\xbb\xbf" + content)) == 3 * 48


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (b"", 1, "without its 900 record"),
        (_file(_CHANNEL, _day())[:-5], 3, "without its 900 record"),
        (b"200,1", 1, "it has to be 100"),
        (_file("250,1"), 2, "'250' is no record of NEM12"),
        (_file(_day()), 2, "a 300 record cannot stand after 100"),
        (b"100,NEM13,202602010300,A,B", 1, "'NEM13', not NEM12"),
        (b"100,NEM12", 1, "has 2 values and needs 3"),
        (b"100,NEM12,,A,B", 1, "does not say when"),
        (b"100,NEM12,2.026E+11,A,B", 1, "is not a time"),
        (_file("200,6001234567,E1,1,E1"), 2, "has 5 values and needs 9"),
        (_file("200,,E1,1,E1,N1,M,kWh,30,"), 2, "no NMI"),
        (_file(_CHANNEL.replace(",30,", ",10,")), 2, "length of '10' minutes"),
        (_file(_CHANNEL, _day(("1",) * 40)), 3, "has 47 values and needs 51"),
        (_file(_CHANNEL, _day(("1",) * 47)), 3, "unknown quality ''"),
        (_file(_CHANNEL, _day(("1", "-1") * 24)), 3, "interval 2: -1 is negative"),
        (_file(_CHANNEL, _day(("1", "x") * 24)), 3, "interval 2: 'x' is not a finite"),
        (_file(_CHANNEL, _day(("1e30",) * 48)), 3, "more than a meter can show"),
        (_file(_CHANNEL, _day(day="2026-1-1")), 3, "is not a date"),
        (_file(_CHANNEL, _day(day="20260230")), 3, "day"),
        (_file(_CHANNEL, _day(day="19690101")), 3, "check the year"),
        (_file(_CHANNEL, _day(quality="Z")), 3, "unknown quality 'Z'"),
        (_file(_CHANNEL, _day(quality="A,,,yesterday")), 3, "is not a time"),
        (_file(_CHANNEL, _day(), "400,1,48,A,,"), 4, "quality is not V"),
        (_file(_CHANNEL, _day(quality="V")), 4, "end at interval 0 of 48"),
        (_file(_CHANNEL, _day(quality="V"), "400,2,48,A"), 4, "does not go on after"),
        (_file(_CHANNEL, _day(quality="V"), "400,1,49,A"), 4, "does not go on after"),
        (_file(_CHANNEL, _day(quality="V"), "400,x,48,A"), 4, "is not the number"),
        (_file(_CHANNEL, _day(quality="V"), "400,1,48,V"), 4, "unknown quality 'V'"),
        (_file(_CHANNEL, _day(quality="V"), "400,1"), 4, "has 2 values and needs 4"),
        (_file('200,"6'), 3, "unexpected end"),
        (_HEAD.encode() + b"\n200,\xff", 2, "not UTF-8"),
    ],
)
def test_what_is_wrong_is_named_by_its_line(
    content: bytes, line: int, reason: str
) -> None:
    """The first record that does not fit is refused."""
    with pytest.raises(FormatError, match=reason) as raised:
        _read(content)

    assert raised.value.line == line


def test_detection() -> None:
    """A file is known by its first record."""
    assert nem12.detect(_file(), "data.csv")
    assert nem12.detect(b"\xef\xbb\xbf" + _file(), "data.csv")
    assert not nem12.detect(b"house,start\n", "nem12.csv")
