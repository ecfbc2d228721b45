"""SDAT-CH E66 messages."""

from datetime import date
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest

from custom_components.leg_invoicing.billing.calendar import iso_utc, midnight
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.formats import FormatError, sdat
from custom_components.leg_invoicing.formats.deliveries import (
    Direction,
    MeteredInterval,
    Share,
    Skipped,
)
from tests.billing.build import at

from .quarter_hours import AUTUMN, SPRING, quarter_hours

_ZURICH = ZoneInfo("Europe/Zurich")
_NEW_YEAR = at("2026-01-01T00:00+01:00")
_POINT = "CH1012345678900000000000000000042"


def _observations(*values: str) -> str:
    """Write values such as `0.1` or `0.1/21`, numbered from 1."""
    texts = []
    for number, value in enumerate(values, start=1):
        volume, _, condition = value.partition("/")
        texts.append(
            f"<r:Observation><r:Position><r:Sequence>{number}</r:Sequence>"
            f"</r:Position><r:Volume>{volume}</r:Volume>"
            + (f"<r:Condition>{condition}</r:Condition>" if condition else "")
            + "</r:Observation>\n"
        )
    return "".join(texts)


def _block(
    *values: str,
    kind: str = "Consumption",
    product: str = "<r:ebIXCode>8716867000030</r:ebIXCode>",
    start: int = _NEW_YEAR,
    end: int | None = None,
    unit: str = "KWH",
) -> str:
    until = start + len(values) * 900 if end is None else end
    return (
        f"<r:MeteringData><r:DocumentID>D@1</r:DocumentID><r:Interval>"
        f"<r:StartDateTime>{iso_utc(start)}</r:StartDateTime>"
        f"<r:EndDateTime>{iso_utc(until)}</r:EndDateTime></r:Interval>"
        "<r:Resolution><r:Resolution>15</r:Resolution><r:Unit>MIN</r:Unit>"
        f"</r:Resolution><r:{kind}MeteringPoint><r:VSENationalID>{_POINT}"
        f"</r:VSENationalID></r:{kind}MeteringPoint><r:Product>"
        f'<r:ID schemeAgencyID="9">{product}</r:ID><r:MeasureUnit>{unit}'
        f"</r:MeasureUnit></r:Product>{_observations(*values)}</r:MeteringData>"
    )


def _message(*blocks: str, number: int = 16) -> str:
    name = f"r:ValidatedMeteredData_{number}"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{name} xmlns:r="{sdat.NAMESPACE}">'
        "<r:ValidatedMeteredData_HeaderInformation><r:InstanceDocument>"
        "<r:DocumentID>D</r:DocumentID><r:DocumentType><r:ebIXCode>E66</r:ebIXCode>"
        "</r:DocumentType><r:Creation>2026-01-02T05:30:00.5+01:00</r:Creation>"
        "<r:Status>9</r:Status></r:InstanceDocument>"
        f"</r:ValidatedMeteredData_HeaderInformation>{''.join(blocks)}</{name}>"
    )


def _read(text: str | bytes) -> list[MeteredInterval]:
    content = text.encode() if isinstance(text, str) else text
    return list(sdat.read(BytesIO(content)))


def _error(text: str | bytes) -> FormatError:
    with pytest.raises(FormatError) as refused:
        _read(text)
    return refused.value


@pytest.mark.parametrize("number", range(12, 17))
def test_observations_begin_where_their_number_says(number: int) -> None:
    """An observation begins at start + (Sequence − 1) × resolution, in UTC."""
    first, second = _read(_message(_block("0.125", "1"), number=number))

    assert first == MeteredInterval(
        _POINT,
        Direction.IMPORT,
        Share.TOTAL,
        _NEW_YEAR,
        900,
        125_000,
        Quality.MEASURED,
        "2026-01-02T04:30:00.500000Z D",
    )
    assert (second.start, second.mwh) == (_NEW_YEAR + 900, 1_000_000)


@pytest.mark.parametrize(
    ("product", "share"),
    [
        ("8716867000030", Share.TOTAL),
        ("<r:ebIXCode>8716867000030</r:ebIXCode>", Share.TOTAL),
        ("<r:VSENationalCode>2404050010123</r:VSENationalCode>", Share.COMMUNITY),
        ("<r:VSENationalCode>2404050010124</r:VSENationalCode>", Share.RESIDUAL),
    ],
)
def test_the_product_tells_the_share(product: str, share: Share) -> None:
    """The code of a product stands in its ID, or in an element of its own in there."""
    (interval,) = _read(_message(_block("1", product=product)))

    assert interval.share is share


def test_a_production_point_gives() -> None:
    """The kind of the metering point tells which way the energy went."""
    (interval,) = _read(_message(_block("1", kind="Production")))

    assert interval.direction is Direction.EXPORT


def test_a_placeholder_is_no_zero() -> None:
    """Condition 21 is temporary, 56 estimated, and no volume at all is missing."""
    intervals = _read(_message(_block("0.000/21", "0.5/56", "0.2", "")))

    assert [(interval.mwh, interval.quality) for interval in intervals] == [
        (0, Quality.TEMPORARY),
        (500_000, Quality.ESTIMATED),
        (200_000, Quality.MEASURED),
        (0, Quality.MISSING),
    ]


@pytest.mark.parametrize(
    ("day", "count"), [(SPRING, 92), (AUTUMN, 100), (date(2026, 6, 1), 96)]
)
def test_days_on_which_clocks_change(day: date, count: int) -> None:
    """A day's observations are as many as it has quarter hours, none on another."""
    starts = [int(time.timestamp()) for time in quarter_hours(day, _ZURICH)]
    block = _block(*(["1"] * len(starts)), start=midnight(day, _ZURICH))

    assert [interval.start for interval in _read(_message(block))] == starts
    assert len(starts) == count


def test_the_newer_of_two_deliveries_can_be_told() -> None:
    """Versions are in the order of the creation, whatever its offset from UTC."""
    older = _message(_block("1"))
    newer = older.replace("2026-01-02T05:30:00.5+01:00", "2026-01-02T04:30:01Z")

    assert _read(older)[0].version < _read(newer)[0].version


def test_several_series_follow_each_other() -> None:
    """Every series of a message has its own start and its own numbers."""
    intervals = _read(
        _message(
            _block("1", "2"), _block("3", kind="Production", start=_NEW_YEAR + 900)
        )
    )

    assert [(i.direction, i.start, i.mwh) for i in intervals] == [
        (Direction.IMPORT, _NEW_YEAR, 1_000_000),
        (Direction.IMPORT, _NEW_YEAR + 900, 2_000_000),
        (Direction.EXPORT, _NEW_YEAR + 900, 3_000_000),
    ]


def test_reactive_energy_is_told_and_left_out() -> None:
    """A series that is no energy is not read as one, and somebody is told."""
    told: list[Skipped] = []
    text = _message(_block("1"), _block("9", unit="KVARH"))

    intervals = list(sdat.read(BytesIO(text.encode()), told.append))

    assert [interval.mwh for interval in intervals] == [1_000_000]
    assert [skipped.channel for skipped in told] == [f"{_POINT} import KVARH"]


def test_utf_16_is_read() -> None:
    """The encoding is the one that the file names."""
    text = _message(_block("1")).replace("UTF-8", "UTF-16").encode("utf-16")

    assert sdat.detect(text[:4096], "x.xml")
    assert len(_read(text)) == 1


def test_such_messages_are_known() -> None:
    """A message is known by its root; one of another kind is not."""
    assert sdat.detect(_message().encode(), "delivery.xml")
    assert not sdat.detect(b"<AggregatedMeteredData_13/>", "delivery.xml")


_GOOD = _message(_block("1", "2"))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("Data_16", "Data_17", "wanted is ValidatedMeteredData_12 to _16"),
        ("www.strom.ch", "example.org", "wanted is ValidatedMeteredData_12 to _16"),
        (">E66<", ">E31<", "of type E31; only E66"),
        ("Status>9<", "Status>1<", "cancels an earlier one"),
        ("2026-01-02T05:30:00.5+01:00", "", "no time of creation"),
        ("2026-01-02T05:30:00.5+01:00", "0001-01-01T00:00+05:00", "no time of creation"),
        (">KWH<", ">KG<", "MeasureUnit 'KG' is unknown"),
        (">KWH<", "><", "Product/MeasureUnit is missing"),
        ("8716867000030", "8716867000029", "Product '8716867000029' is unknown"),
        ("ConsumptionMeteringPoint", "ExchangeMeteringPoint", "neither a Consumption"),
        (">15<", ">120<", "an observation lasts 7200 seconds"),
        (">15<", ">0<", "'0' is not a whole number above zero"),
        (">MIN<", ">D<", "Resolution/Unit 'D' is unknown; known are MIN"),
        ("StartDateTime>2025-12-31T23:00:00Z", "StartDateTime>x", "'x' is not a time"),
        ("EndDateTime>2025", "EndDateTime>2024", "lies after Interval/EndDateTime"),
        (">2</r:Sequence>", ">1</r:Sequence>", "Sequence 1 comes after 1"),
        (">2</r:Sequence>", ">3</r:Sequence>", "Sequence 3 lies after Interval"),
        (">2</r:Sequence>", ">²</r:Sequence>", "'²' is not a whole number"),
        (">2</r:Sequence>", "></r:Sequence>", "Position/Sequence is missing"),
        (">2</r:Volume>", ">-2</r:Volume>", "-2 is negative"),
        (">2</r:Volume>", ">2,5</r:Volume>", "'2,5' is not a finite number"),
        ("</r:Position><r:Volume>2", "</r:Position><r:Condition>9</r:Condition><r:Volume>2", "Condition '9' is unknown; known are 21, 56"),
        ("</r:MeteringData>", "", "not XML"),
        ("<r:Product>", "<a>" * 40 + "</a>" * 40, "more than 32 levels deep"),
    ],
)  # fmt: skip
def test_a_broken_message_is_refused(old: str, new: str, reason: str) -> None:
    """What is wrong with a message is told, and where."""
    assert old in _GOOD
    assert reason in str(_error(_GOOD.replace(old, new)).reason)


def test_errors_name_line_and_observation() -> None:
    """An error counts the lines, the series and the observations from 1."""
    err = _error(_message(_block("1"), _block("1", "x")))

    assert err.line == 4
    assert str(err.reason).startswith("MeteringData 2, Observation 2: Volume: 'x'")


def test_errors_before_the_first_observation_name_the_series() -> None:
    """An error in what is said of a series names the series."""
    assert str(_error("<a/>").reason).startswith("a is not an E66 message")
    assert str(_error(_message()).reason).startswith("the message holds no Observation")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>',
            "entities",
        ),
        ("", "not XML"),
        ('<?xml version="1.0" encoding="no-such"?><a/>', "unknown encoding"),
    ],
)
def test_files_that_are_not_to_be_trusted(text: str, reason: str) -> None:
    """A file that defines entities or is too deep is refused at once."""
    assert reason in str(_error(text).reason)


def test_what_nobody_asks_for_does_not_gather() -> None:
    """Unknown elements are walked past, wherever they stand."""
    text = _GOOD.replace("<r:Product>", "<r:New><r:New>1</r:New></r:New><r:Product>")

    assert _read(text.replace("</r:Valid", "<r:New/></r:Valid", 1)) == _read(_GOOD)
