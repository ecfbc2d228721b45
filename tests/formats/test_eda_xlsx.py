"""Austrian “Energiedaten” workbooks."""

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
import zipfile
from zoneinfo import ZoneInfo

import pytest

from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.formats import (
    FormatError,
    eda_xlsx,
    workbook,
    xml_stream,
)
from custom_components.leg_invoicing.formats.deliveries import (
    Direction,
    MeteredInterval,
    Share,
    Skipped,
)
from tests.billing.build import at

from .quarter_hours import AUTUMN, SPRING, quarter_hours
from .workbooks import cell, inline, number, packed, parts, shared, sheet_xml

_VIENNA = ZoneInfo("Europe/Vienna")
_NEW_YEAR = at("2026-01-01T00:00+01:00")
_POINT = "AT0099990000000000000000000000042"

_CONSUMED = "Gesamtverbrauch lt. Messung (bei Teilnahme gem. Erzeugung) [KWH]"
_CONSUMED_PART = (
    "Verbrauch lt. Messung entsprechend dem Teilnahmefaktor je ZP und EC-ID [KWH]"
)
_OFFERED = "Anteil gemeinschaftliche Erzeugung [KWH]"
_COVERED = "Eigendeckung gemeinschaftliche Erzeugung [KWH]"
_PRODUCED = "Gesamte gemeinschaftliche Erzeugung [KWH]"
_LEFT_OVER = "Gesamt/Überschusserzeugung, Gemeinschaftsüberschuss [KWH]"
_LEFT_OVER_PART = "Restüberschuss bei EG und je ZP [KWH]"


def _head(*labels: str, point: str = _POINT) -> list[list[str]]:
    """Return the rows above the values, with a column of qualities after each."""
    points = [mark for _ in labels for mark in (point, "MM")]
    names = [mark for label in labels for mark in (label, "")]
    return [
        [inline("MeteringpointID"), *map(inline, points)],
        [inline("Name"), *(inline("Muster") for _ in points)],
        [inline("Metering Interval"), *(inline("QH") for _ in points)],
        [inline("Metercode"), *(inline(name) if name else "" for name in names)],
        [inline("Spaltensumme"), number("12.5")],
        [],
    ]


def _book(rows: Sequence[Sequence[str]], *, placed: bool = True, **more: str) -> bytes:
    return packed(parts(sheet_xml(rows, placed=placed), **more))


def _read(content: bytes, told: list[Skipped] | None = None) -> list[MeteredInterval]:
    skipped = [] if told is None else told
    return list(eda_xlsx.read(BytesIO(content), skipped.append))


def _error(content: bytes) -> FormatError:
    with pytest.raises(FormatError) as refused:
        _read(content)
    return refused.value


def _one(*row: str, label: str = _CONSUMED) -> MeteredInterval:
    (interval,) = _read(_book([*_head(label), list(row)]))
    return interval


def test_a_value_is_read() -> None:
    """A cell is an energy of its column's point, from the time in column A on."""
    interval = _one(inline("01.01.2026 00:00:00"), number("0.125"), inline("L2"))

    assert interval == MeteredInterval(
        _POINT,
        Direction.IMPORT,
        Share.TOTAL,
        _NEW_YEAR,
        900,
        125_000,
        Quality.SUBSTITUTED,
    )


@pytest.mark.parametrize(
    "time",
    [
        inline("1.1.2026 0:00"),
        inline("01.01.2026 00:00:01"),
        inline("31.12.2025 23:59:59"),
        inline("2026-01-01 00:00:00"),
        cell("d", "2026-01-01T00:00:00"),
        cell("str", "01.01.2026 00:00"),
        number("46023"),
        number("46022.99999999999"),
        number("4.6023E4"),
    ],
)
def test_times_may_be_dates_or_texts(time: str) -> None:
    """A time is a date, which is a number of days, or a text; seconds may be off."""
    assert _one(time, number("1")).start == _NEW_YEAR


@pytest.mark.parametrize("book", ['<workbookPr date1904="1"/>', "<workbookPr/>"])
def test_days_may_count_from_1904(book: str) -> None:
    """A workbook may count its days from 1904."""
    days = "44561" if "1904" in book else "46023"
    rows = [*_head(_CONSUMED), [number(days), number("1")]]

    assert [i.start for i in _read(_book(rows, book=book))] == [_NEW_YEAR]


@pytest.mark.parametrize(
    "energy",
    [number("0.125"), number("1.25E-1"), inline("0,125"), cell("str", "0.125")],
)
def test_energies_may_be_numbers_or_texts(energy: str) -> None:
    """An energy is a number, or a text with a point or a comma."""
    assert _one(number("46023"), energy).mwh == 125_000


def test_texts_may_be_shared() -> None:
    """Cells may refer to texts of the workbook, also such of several pieces."""
    rows = [
        [shared(0), shared(1)],
        [shared(2), shared(3)],
        [shared(4), shared(5)],
    ]
    strings = [
        "<t>MeteringpointID</t>",
        f"<t>{_POINT}</t><rPh><t>spoken</t></rPh>",
        "<r><t>Meter</t></r><r><t>code</t></r>",
        f"<t>{_CONSUMED}</t>",
        "<t>01.01.2026 00:00</t>",
        "<t>0,5</t>",
    ]
    content = packed(parts(sheet_xml(rows), strings=strings))

    assert [(i.start, i.mwh) for i in _read(content)] == [(_NEW_YEAR, 500_000)]


def test_places_may_be_counted() -> None:
    """Rows and cells that do not say where they are follow each other."""
    rows = [*_head(_CONSUMED, _COVERED), [number("46023"), "", "", number("2"), ""]]

    assert [(i.share, i.mwh) for i in _read(_book(rows, placed=False))] == [
        (Share.COMMUNITY, 2_000_000)
    ]


def test_columns_of_a_community() -> None:
    """Each column is its point's series; sums, offers and superseded ones are not."""
    told: list[Skipped] = []
    labels = (
        _CONSUMED, _CONSUMED_PART, _OFFERED, _COVERED, _PRODUCED, _LEFT_OVER,
        _LEFT_OVER_PART,
    )  # fmt: skip
    values = [mark for n in range(1, 8) for mark in (number(str(n)), inline("L1"))]
    rows = [*_head(*labels), [number("46023"), *values, number("99")]]
    rows[0] = [*rows[0], inline("TOTAL")]
    rows[3] = [*rows[3], inline(_CONSUMED)]

    intervals = _read(_book(rows), told)

    assert [(i.direction, i.share, i.mwh // 10**6) for i in intervals] == [
        (Direction.IMPORT, Share.WHOLE, 1),
        (Direction.IMPORT, Share.TOTAL, 2),
        (Direction.IMPORT, Share.COMMUNITY, 4),
        (Direction.EXPORT, Share.TOTAL, 5),
        (Direction.EXPORT, Share.RESIDUAL, 7),
    ]
    assert [skipped.channel for skipped in told] == [
        f"{_POINT} {_OFFERED}",
        f"{_POINT} export residual",
    ]


def test_an_empty_cell_is_not_known() -> None:
    """A point that was not yet there has empty cells, which are no zeros."""
    rows = [
        *_head(_CONSUMED),
        [number("46023"), "", inline("L0")],
        [number("46023.01041666666"), number("3")],
        [inline("Spaltensumme"), number("3")],
    ]
    (interval,) = _read(_book(rows))

    assert (interval.start, interval.mwh) == (_NEW_YEAR + 900, 3_000_000)


@pytest.mark.parametrize(
    ("day", "count"), [(SPRING, 92), (AUTUMN, 100), (date(2026, 6, 1), 96)]
)
@pytest.mark.parametrize("dates", [False, True])
def test_days_on_which_clocks_change(day: date, count: int, *, dates: bool) -> None:
    """The hour that October repeats stands there twice and is two hours."""
    times = list(quarter_hours(day, _VIENNA))
    rows = _head(_CONSUMED)
    for time in times:
        serial = time.replace(tzinfo=None) - datetime.fromisoformat("1899-12-30")
        text = f"{time:%d.%m.%Y %H:%M:%S}"
        first = number(str(serial.total_seconds() / 86400)) if dates else inline(text)
        rows.append([first, number("1")])

    starts = [interval.start for interval in _read(_book(rows))]
    assert starts == [int(time.timestamp()) for time in times]
    assert len(starts) == count


def test_an_hour_that_does_not_exist_may_stand_there_empty() -> None:
    """Some exporters write the hour that March leaves out, without values."""
    rows = [
        *_head(_CONSUMED),
        [inline("29.03.2026 01:45"), number("1")],
        [inline("29.03.2026 02:00"), ""],
        [inline("29.03.2026 03:00"), number("1")],
    ]
    first, second = _read(_book(rows))

    assert second.start - first.start == 900


def test_another_zone_can_be_given() -> None:
    """Times are of Vienna, unless somebody says otherwise."""
    rows = [*_head(_CONSUMED), [number("46023"), number("1")]]
    file = BytesIO(_book(rows))
    (interval,) = eda_xlsx.read(file, zone=ZoneInfo("UTC"))

    assert interval.start == at("2026-01-01T00:00Z")


def _times(*times: str) -> list[list[str]]:
    return [*_head(_CONSUMED), *([inline(time), number("1")] for time in times)]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (_times("29.03.2026 02:15"), "does not exist in Europe/Vienna"),
        (_times("01.01.2026 00:00", "01.01.2026 00:00"), "again or too late"),
        (_times("25.10.2026 02:00", "25.10.2026 02:00", "25.10.2026 02:00"), "again"),
        (_times("25.10.2026 02:45", "25.10.2026 03:00"), "happened twice, but"),
        (_times("32.01.2026 00:00"), "is no time; it must be"),
        (_times("01.01.1999 00:00"), "no local time at which an interval begins"),
        (_times("01.01.2026 00:00:30"), "no local time at which an interval"),
        (_times("2026-01-01T00:00:00+01:00"), "no local time at which an interval"),
        ([*_head(_CONSUMED), [number("0"), number("1")]], "'0' is no time"),
        ([*_times("01.01.2026 00:00"), ["", number("1")]], "without a time in col"),
        ([*_head(_CONSUMED), [number("46023"), inline("x")]], "column 2: 'x' is not"),
        ([*_head(_CONSUMED), [number("46023"), number("-1")]], "is negative"),
        ([*_head(_CONSUMED), [number("46023"), inline("1.234,5")]], "'1.234,5'"),
        ([*_head(_CONSUMED), [number("46023"), cell("b", "1")]], "truth value 1"),
        ([*_head(_CONSUMED), [number("46023"), cell("e", "#N/A")]], "'#N/A'"),
        ([*_head(_CONSUMED), [number("46023"), shared(0)]], "text '0', which is not"),
        ([*_head(_CONSUMED), [number("46023"), cell("s", "x")]], "to text 'x', which is"),
        ([*_head(_CONSUMED), [number("46023"), number("1"), inline("L9")]], "'L9'"),
        ([*_head(_CONSUMED, _CONSUMED), [number("46023")]], "has two columns"),
        ([*_head("Gesamtverbrauch lt. Messung [MWH]"), [number("46023")]], "in kWh"),
        ([*_head(_OFFERED), [number("46023"), number("1")]], "no column of energies"),
        ([[number("46023"), number("1")]], "MeteringpointID and Metercode are missing"),
        ([[inline("Energy direction"), inline("GENERATION")], *_times("1.1.2026 0:00")],
         "said to be GENERATION, but column 2 holds its import"),
        ([*_head(_CONSUMED)[3:], *_head(_CONSUMED)[:2],
          [inline("Metering Interval"), inline("D")], [number("46023"), number("1")]],
         "Metering Interval 'D' is unknown; known are QH, H"),
        (_head(_CONSUMED), "holds no values"),
        ([], "holds no values"),
    ],
)  # fmt: skip
def test_a_broken_sheet_is_refused(rows: list[list[str]], reason: str) -> None:
    """What is wrong with a sheet is told."""
    assert reason in str(_error(_book(rows)).reason)


def test_errors_name_the_row() -> None:
    """An error counts rows as a spreadsheet does."""
    rows = _times("01.01.2026 00:00", "01.01.2026 00:15", "x1", "3")

    assert _error(_book(rows)).line == 10


_ROWS = _times("01.01.2026 00:00", "01.01.2026 00:15")
_SHEET = sheet_xml(_ROWS)


@pytest.mark.parametrize(
    ("part", "old", "new", "reason"),
    [
        ("xl/workbook.xml", "Energiedaten", "Daten", "only: Summary, Daten"),
        ("xl/workbook.xml", ' r:id="rId2"', "", "xl/ is missing"),
        ("xl/workbook.xml", "</workbook>", "", "not XML"),
        ("xl/worksheets/sheet2.xml", "</sheetData>", "", "not XML"),
        ("xl/worksheets/sheet2.xml", 'r="7"', 'r="x"', "a row has the number 'x'"),
        ("xl/worksheets/sheet2.xml", 'r="A7"', 'r="7A"', "a cell is at '7A'"),
    ],
)
def test_a_broken_workbook_is_refused(
    part: str, old: str, new: str, reason: str
) -> None:
    """What is wrong with the parts of a workbook is told."""
    found = parts(_SHEET)
    assert old in found[part]
    found[part] = found[part].replace(old, new)

    assert reason in str(_error(packed(found)).reason)


def test_parts_must_be_there() -> None:
    """A workbook without one of its parts is refused by its name."""
    for part in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
        found = parts(_SHEET)
        del found[part]
        assert f"{part} is missing" in str(_error(packed(found)).reason)


def test_unusual_archives_are_refused() -> None:
    """An archive of another kind, or none at all, is no workbook."""
    assert "in an unusual way" in str(
        _error(packed(parts(_SHEET), zipfile.ZIP_LZMA)).reason
    )
    assert "not a workbook" in str(_error(b"PK\x03\x04 and nothing").reason)


def test_a_sheet_may_be_linked_from_the_top() -> None:
    """The link to a sheet may begin at the top of the archive."""
    content = _book(_ROWS, target="/xl/worksheets/sheet2.xml", name=" ENERGIEDATEN")

    assert len(_read(content)) == 2


def test_a_bomb_does_not_go_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """What unpacks to more than any sheet is refused, and so are too many texts."""
    strings = ["<t>a</t>"] * 3
    monkeypatch.setattr(workbook, "_MOST_STRINGS", 2)
    content = packed(parts(_SHEET, strings=strings))
    assert "too many texts" in str(_error(content).reason)

    monkeypatch.setattr(xml_stream, "_MOST_BYTES", 1000)
    assert "too large" in str(_error(packed(parts(_SHEET))).reason)


def test_workbooks_are_known() -> None:
    """A workbook is known by its name, or by what every workbook begins with."""
    content = _book(_ROWS)

    assert eda_xlsx.detect(content[:4096], "upload")
    assert eda_xlsx.detect(b"PK\x03\x04", "Report.XLSX")
    assert not eda_xlsx.detect(b"PK\x03\x04", "delivery.zip")
    assert not eda_xlsx.detect(b"start,kwh", "Report.xlsx")


def test_a_bomb_is_refused_without_going_off() -> None:
    """A small archive of one endless text, or one endless row, is given up early."""
    text = f"<worksheet><sheetData><row><c><v>{'9' * (50 << 20)}</v></c></row>"
    row = f"<worksheet><sheetData><row>{'<c><v>1</v></c>' * 100_000}</row>"

    assert "more than 4 MB" in str(_error(packed(parts(text))).reason)
    assert "more than 16384 cells" in str(_error(packed(parts(row))).reason)
