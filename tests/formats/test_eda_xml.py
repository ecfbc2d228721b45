"""Austrian ConsumptionRecords."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest

from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.formats import FormatError, eda_xml
from custom_components.leg_invoicing.formats.deliveries import (
    Direction,
    MeteredInterval,
    Share,
    Skipped,
)
from tests.billing.build import at

from .quarter_hours import AUTUMN, SPRING, quarter_hours

_VIENNA = ZoneInfo("Europe/Vienna")
_POINT = "AT0099990000000000000000000000042"
_START = "2026-01-01T00:00:00+01:00"


def _value(start: str, kwh: str, method: str = "L1") -> str:
    end = (datetime.fromisoformat(start) + timedelta(minutes=15)).isoformat()
    mm = f"<MM>{method}</MM>" if method else ""
    return f"<EP><DTF>{start}</DTF><DTT>{end}</DTT>{mm}<BQ>{kwh}</BQ></EP>\n"


def _data(code: str, *values: str) -> str:
    return f'<EnergyData MeterCode="{code}" UOM="KWH">{"".join(values)}</EnergyData>'


def _message(data: Iterable[str], version: str = "01p40") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<ConsumptionRecord '
        'xmlns:ct="http://www.ebutilities.at/schemata/customerprocesses/common/types/'
        f'01p20" xmlns="{eda_xml.NAMESPACE}{version}"><MarketParticipantDirectory>'
        "<ct:RoutingHeader><ct:DocumentCreationDateTime>2026-01-02T10:00:00+01:00"
        "</ct:DocumentCreationDateTime></ct:RoutingHeader>"
        "</MarketParticipantDirectory><ProcessDirectory><ct:MessageId>M7"
        f"</ct:MessageId><ct:MeteringPoint>{_POINT}</ct:MeteringPoint><Energy>"
        "<MeteringIntervall>QH</MeteringIntervall>"
        f"{''.join(data)}</Energy></ProcessDirectory></ConsumptionRecord>"
    )


def _read(
    text: str | bytes, told: list[Skipped] | None = None
) -> list[MeteredInterval]:
    content = text.encode() if isinstance(text, str) else text
    skipped = [] if told is None else told
    return list(eda_xml.read(BytesIO(content), skipped.append))


def _error(text: str) -> FormatError:
    with pytest.raises(FormatError) as refused:
        _read(text)
    return refused.value


def _found(*codes: str) -> list[tuple[Direction, Share, int]]:
    """Read a message with these codes, which have 1, 2, ... kWh."""
    data = [
        _data(code, _value(_START, str(number)))
        for number, code in enumerate(codes, start=1)
    ]
    return [(i.direction, i.share, i.mwh // 10**6) for i in _read(_message(data))]


def test_a_value_is_read() -> None:
    """A value has its point, its time from the offset, and the message's version."""
    data = [_data("1-1:1.9.0  G.01", _value(_START, "0.058000"))]

    assert _read(_message(data)) == [
        MeteredInterval(
            _POINT,
            Direction.IMPORT,
            Share.TOTAL,
            at(_START),
            900,
            58_000,
            Quality.MEASURED,
            "2026-01-02T09:00:00.000000Z M7",
        )
    ]


def test_a_consumers_series() -> None:
    """A consumer's energy and what the community covered; the offer is left out."""
    assert _found("1-1:1.9.0 G.01", "1-1:2.9.0 G.02", "1-1:2.9.0 G.03") == [
        (Direction.IMPORT, Share.COMMUNITY, 3),
        (Direction.IMPORT, Share.TOTAL, 1),
    ]


def test_a_producers_series() -> None:
    """A producer's energy and what the community left over."""
    assert _found("1-1:2.9.0 G.01", "1-1:2.9.0 P.01") == [
        (Direction.EXPORT, Share.TOTAL, 1),
        (Direction.EXPORT, Share.RESIDUAL, 2),
    ]


def test_the_part_that_takes_part_counts() -> None:
    """Where a message has both, the participation factor's part is the total."""
    codes = ("1-1:2.9.0 G.01", "1-1:2.9.0 G.01T", "1-1:2.9.0 P.01T", "1-1:2.9.0 P.01")

    assert _found(*codes) == [
        (Direction.EXPORT, Share.TOTAL, 2),
        (Direction.EXPORT, Share.RESIDUAL, 3),
        (Direction.EXPORT, Share.WHOLE, 1),
    ]
    assert _found("1-1:1.9.0 G.01T", "1-1:1.9.0 G.01") == [
        (Direction.IMPORT, Share.TOTAL, 1),
        (Direction.IMPORT, Share.WHOLE, 2),
    ]


def test_what_is_left_out_is_told_once() -> None:
    """Each series that is no energy of its own is told, however often it comes."""
    told: list[Skipped] = []
    offer = _data("1-1:2.9.0 G.02", _value(_START, "1"))
    whole = _data("1-1:1.9.0 G.01", _value(_START, "1"))
    part = _data("1-1:1.9.0 G.01T", _value(_START, "1"))

    left = _data("1-1:2.9.0 P.01", _value(_START, "1"))
    left_part = _data("1-1:2.9.0 P.01T", _value(_START, "1"))

    _read(_message([offer, whole, part, offer, left_part, left]), told)

    assert [skipped.channel for skipped in told] == [
        f"{_POINT} 1-1:2.9.0 G.02",
        f"{_POINT} export residual",
    ]


def test_methods_of_measurement() -> None:
    """L2 is a substitute, L3 will be replaced, L0 and no value are missing."""
    values = [_value(_START, "1", method) for method in ("L0", "L1", "L2", "L3", "")]
    data = [_data("1-1:1.9.0 G.01", *values, _value(_START, ""))]

    assert [interval.quality for interval in _read(_message(data))] == [
        Quality.MISSING,
        Quality.MEASURED,
        Quality.SUBSTITUTED,
        Quality.TEMPORARY,
        Quality.MEASURED,
        Quality.MISSING,
    ]


@pytest.mark.parametrize(
    ("day", "count"), [(SPRING, 92), (AUTUMN, 100), (date(2026, 6, 1), 96)]
)
def test_days_on_which_clocks_change(day: date, count: int) -> None:
    """The hour that October repeats is two hours, told apart by their offsets."""
    times = list(quarter_hours(day, _VIENNA))
    texts = [f"<EP><DTF>{time.isoformat()}</DTF><BQ>1</BQ></EP>" for time in times]
    starts = [i.start for i in _read(_message([_data("1-1:1.9.0 G.01", *texts)]))]

    assert starts == [int(time.timestamp()) for time in times]
    assert len(starts) == count


def test_hours_are_read() -> None:
    """Intervals may be of an hour."""
    text = _message([_data("1-1:1.9.0 G.01", _value(_START, "1"))])
    text = text.replace(">QH<", ">H<").replace("00:15:00", "01:00:00")

    assert [interval.seconds for interval in _read(text)] == [3600]


def test_such_messages_are_known() -> None:
    """A message is known by its root and where that comes from."""
    assert eda_xml.detect(_message([]).encode(), "a.xml")
    assert not eda_xml.detect(b"<ConsumptionRecord/>", "a.xml")


_GOOD = _message([_data("1-1:1.9.0 G.01", _value(_START, "1"), _value(_START, "2"))])


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (eda_xml.NAMESPACE, "http://example.org/", "is not a ConsumptionRecord of"),
        ("ConsumptionRecord ", "Consumption ", "is not a ConsumptionRecord of"),
        ("G.01", "G.09", "there is no EnergyData with one of"),
        ("KWH", "KVARH", "UOM 'KVARH' is unknown"),
        (">QH<", ">D<", "MeteringIntervall 'D' is unknown; known are QH, H"),
        (">QH<", "><", "MeteringIntervall is missing"),
        (_POINT, "", "ProcessDirectory/MeteringPoint is missing"),
        ("2026-01-02T10:00:00+01:00", "", "no time of creation"),
        (f"<DTF>{_START}", "<DTF>2026-01-01T00:00:00", "does not say its offset"),
        (f"<DTF>{_START}", "<DTF>", "DTF is missing"),
        (">L1<", ">L9<", "MM 'L9' is unknown; known are L0, L1, L2, L3"),
        ("00:15:00", "00:30:00", "is not an interval of 900 seconds"),
        ("<BQ>2<", "<BQ>-2<", "EnergyData '1-1:1.9.0 G.01', EP 2: BQ: -2 is negative"),
        ("<BQ>2<", "<BQ>nan<", "is not a finite number"),
        ("</ConsumptionRecord>", "", "not XML"),
        ("<Con", '<!DOCTYPE a [<!ENTITY a "b">]><Con', "entities"),
    ],
)
def test_a_broken_message_is_refused(old: str, new: str, reason: str) -> None:
    """What is wrong with a message is told, and where."""
    assert old in _GOOD
    assert reason in str(_error(_GOOD.replace(old, new, 1 if old == "<Con" else -1)))


def test_errors_name_the_line() -> None:
    """An error counts lines from 1."""
    assert _error(_GOOD.replace("<BQ>2<", "<BQ>x<")).line == 3
