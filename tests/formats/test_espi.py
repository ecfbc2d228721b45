"""Green Button: the Atom feeds of NAESB's ESPI."""

from collections.abc import Iterable
import io

import pytest

from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.formats import FormatError, espi
from custom_components.leg_invoicing.formats.deliveries import (
    Direction,
    MeteredInterval,
    Share,
    Skipped,
)

_START = 1_767_225_600
_UP = "https://example.org/espi/1_1/resource/Subscription/7/UsagePoint/01"


def _link(rel: str, href: str) -> str:
    return f'<link rel="{rel}" href="{href}"/>'


def _entry(links: str, content: str, updated: str = "2026-02-01T00:00:00Z") -> str:
    content = f"<content>{content}</content>" if content else ""
    return f"<entry>\n{links}\n{content}\n<updated>{updated}</updated></entry>\n"


def _type(name: str = "1", **values: str) -> str:
    fields = {
        "accumulationBehaviour": "4",
        "commodity": "1",
        "flowDirection": "1",
        "intervalLength": "900",
        "powerOfTenMultiplier": "0",
        "uom": "72",
        **values,
    }
    inner = "".join(f"<{key}>{value}</{key}>" for key, value in fields.items())
    links = _link("self", f"{_UP}/ReadingType/{name}")
    return _entry(links, f"<ReadingType>{inner}</ReadingType>")


def _meter_reading(name: str = "1", blocks: str = "/IntervalBlock/") -> str:
    self = f"{_UP}/MeterReading/{name}"
    links = _link("self", self) + _link("related", f"{self}{blocks}")
    return _entry(
        links + _link("related", f"{_UP}/ReadingType/{name}"), "<MeterReading/>"
    )


def _reading(
    value: str = "250",
    start: int = _START,
    duration: str = "<duration>900</duration>",
    quality: Iterable[str] = (),
) -> str:
    codes = "".join(
        f"<ReadingQuality><quality>{code}</quality></ReadingQuality>"
        for code in quality
    )
    return (
        f"<IntervalReading>{codes}<timePeriod>{duration}<start>{start}</start>"
        f"</timePeriod>\n<value>{value}</value></IntervalReading>\n"
    )


def _block(*readings: str, name: str = "1", updated: str = "2026-02-01") -> str:
    up = f"{_UP}/MeterReading/{name}/IntervalBlock"
    links = _link("up", up) + _link("self", f"{up}/0001")
    return _entry(links, f"<IntervalBlock>{''.join(readings)}</IntervalBlock>", updated)


def _feed(*entries: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:e="http://naesb.org/espi">\n'
        f"{''.join(entries)}</feed>\n"
    ).encode()


def _read(
    content: bytes, skipped: list[Skipped] | None = None
) -> list[MeteredInterval]:
    notes: list[Skipped] = [] if skipped is None else skipped
    return list(espi.read(io.BytesIO(content), notes.append))


def test_a_reading() -> None:
    """A reading is energy of the point that its block's links name."""
    updated = "2026-02-01T01:00:00+01:00"
    content = _feed(_meter_reading(), _type(), _block(_reading(), updated=updated))

    assert _read(content) == [
        MeteredInterval(
            point="7/01",
            direction=Direction.IMPORT,
            share=Share.TOTAL,
            start=_START,
            seconds=900,
            mwh=250_000,
            quality=Quality.MEASURED,
            version="2026-02-01T00:00:00Z",
        )
    ]


def test_entries_may_stand_in_any_order() -> None:
    """What a block's numbers are may be said after it."""
    blocks = [_block(_reading()), _block(_reading("3"), name="2")]
    types = [_type(), _type("2", flowDirection="19", powerOfTenMultiplier="3")]

    intervals = _read(_feed(*blocks, *types, _meter_reading(), _meter_reading("2")))

    assert [(i.direction, i.mwh) for i in intervals] == [
        (Direction.IMPORT, 250_000),
        (Direction.EXPORT, 3_000_000),
    ]


@pytest.mark.parametrize(
    ("power", "value", "mwh"),
    [("-3", "250", 250), ("-4", "15", 2), ("0", "0.5", 500), ("", "1", 1000)],
)
def test_powers_of_ten(power: str, value: str, mwh: int) -> None:
    """Values are exact where they are whole mWh, and rounded half to even."""
    content = _feed(_type(powerOfTenMultiplier=power), _block(_reading(value)))

    assert [i.mwh for i in _read(content)] == [mwh]


def test_a_duration_may_be_of_the_type() -> None:
    """A reading without a duration lasts as long as its type says."""
    (interval,) = _read(_feed(_type(), _block(_reading(duration=""))))

    assert interval.seconds == 900


@pytest.mark.parametrize(
    ("codes", "quality"),
    [
        ([], Quality.MEASURED),
        (["0"], Quality.MEASURED),
        (["8"], Quality.ESTIMATED),
        (["19", "10"], Quality.TEMPORARY),
        ([""], Quality.MEASURED),
    ],
)
def test_qualities(codes: list[str], quality: Quality) -> None:
    """The worst of a reading's codes counts."""
    (interval,) = _read(_feed(_type(), _block(_reading(quality=codes))))

    assert interval.quality is quality


def test_a_reading_without_a_value_is_missing() -> None:
    """It is not zero."""
    (interval,) = _read(_feed(_type(), _block(_reading(""))))

    assert interval.quality is Quality.MISSING


@pytest.mark.parametrize(
    ("updated", "version"),
    [("2026-02-01T00:00:00", "2026-02-01T00:00:00"), ("soon", "")],
)
def test_odd_versions(updated: str, version: str) -> None:
    """A time without offset is taken as it stands; what is no time is older than all."""
    (interval,) = _read(_feed(_type(), _block(_reading(), updated=updated)))

    assert interval.version == version


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"uom": "38"}, "its uom is '38', not 72 (Wh)"),
        ({"commodity": "7"}, "its commodity 7 is not electricity"),
        ({"accumulationBehaviour": "3"}, "accumulationBehaviour 3 is no interval"),
        ({"flowDirection": "4"}, "its flowDirection is '4', not 1 or 19"),
    ],
)
def test_what_is_no_energy_is_noted_once_and_left_out(
    values: dict[str, str], reason: str
) -> None:
    """Power, gas, registers and net flows are not billed."""
    skipped: list[Skipped] = []

    content = _feed(_type(**values), _block(_reading()), _block(_reading()))

    assert _read(content, skipped) == []
    assert [(n.channel, str(n.reason)) for n in skipped] == [("7/01", reason)]


def test_a_point_without_a_customer() -> None:
    """Where links begin with the usage point, it is named by itself."""
    up = _link("up", "UsagePoint/9/MeterReading/1/IntervalBlock")
    block = _entry(
        _link("self", "urn:uuid:1") + up, f"<IntervalBlock>{_reading()}</IntervalBlock>"
    )

    assert [i.point for i in _read(_feed(_type(), block))] == ["9"]


def test_a_meter_reading_of_no_known_type() -> None:
    """A meter reading that leads nowhere does not hide the only type there is."""
    content = _feed(_meter_reading("2"), _type(), _block(_reading(), name="2"))

    assert len(_read(content)) == 1


def test_a_meter_reading_may_not_link_to_its_blocks() -> None:
    """What stands before IntervalBlock in a block's link is its meter reading."""
    readings = [_meter_reading("1", blocks=""), _meter_reading("2", blocks="")]
    types = [_type(), _type("2", flowDirection="19")]

    (interval,) = _read(_feed(*types, *readings, _block(_reading(), name="2")))

    assert interval.direction is Direction.EXPORT


_NOWHERE = _entry("", f"<IntervalBlock>{_reading()}</IntervalBlock>")


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (_feed(), 3, "no entries"),
        (_feed(_block(_reading())), 3, "no link leads to its ReadingType"),
        (_feed(_type(), _type("2"), _block()), 11, "no link leads to its ReadingType"),
        (_feed(_type(), _NOWHERE), 7, "no link names its UsagePoint"),
        (_feed(_type(powerOfTenMultiplier="13"), _block()), 7, "it has to be -12 to"),
        (_feed(_type(powerOfTenMultiplier="x"), _block()), 7, "'x' is not a whole"),
        (_feed(_type(), _block("\n", _reading("-1"))), 11, "-1 is negative"),
        (_feed(_type(), _block(_reading("x"))), 10, "'x' is not a finite number"),
        (_feed(_type(), _block(_reading(start=-1))), 10, "check the year"),
        (_feed(_type(), _block(_reading(quality=["99"]))), 10, "unknown quality '99'"),
        (
            _feed(_type(), _block(_reading(duration="<duration>0</duration>"))),
            10,
            "a duration of 0 seconds",
        ),
        (_feed(_type(), _block(_reading()))[:-9], 12, "not XML"),
    ],
)
def test_what_is_wrong_is_named_by_its_line(
    content: bytes, line: int, reason: str
) -> None:
    """The first element that does not fit is refused."""
    with pytest.raises(FormatError, match=reason) as raised:
        _read(content)

    assert raised.value.line == line


def test_detection() -> None:
    """A feed is known by its namespaces."""
    assert espi.detect(_feed()[:200], "data.xml")
    assert not espi.detect(b'<feed xmlns="http://www.w3.org/2005/Atom"/>', "a.xml")
