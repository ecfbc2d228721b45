"""Load profiles of grid operators as CSV."""

from collections.abc import Iterable
from dataclasses import replace
import io

import pytest

from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.formats import FormatError, grid_csv
from custom_components.leg_invoicing.formats.deliveries import Direction
from custom_components.leg_invoicing.formats.grid_csv import Mapping, Stamp, ValueColumn
from tests.billing.build import at

_POINT = "CH" + "9" * 31
_SIMPLE = Mapping(values=(ValueColumn(index=1, point="P1"),))


def _file(header: str, rows: Iterable[str]) -> bytes:
    return "\r\n".join((header, *rows, "")).encode()


def _starts(labels: Iterable[str], mapping: Mapping = _SIMPLE) -> list[int]:
    """Return where the intervals begin of rows with these times."""
    content = _file("Zeit;Bezug (kWh)", (f"{label};0,1" for label in labels))
    return [i.start for i in grid_csv.read(io.BytesIO(content), mapping=mapping)]


def _quarters(day: str, *times: str) -> list[str]:
    return [f"{day} {time}" for time in times]


_AUTUMN = "25.10.2026"
_SPRING = "29.03.2026"


def test_the_hour_that_october_repeats() -> None:
    """The same times a second time are an hour later."""
    hour = ("02:00", "02:15", "02:30", "02:45")
    labels = _quarters(_AUTUMN, "01:45", *hour, *hour, "03:00")

    starts = _starts(labels)

    assert starts[0] == at("2026-10-25T01:45:00+02:00")
    assert starts == list(range(starts[0], starts[0] + 10 * 900, 900))


@pytest.mark.parametrize(
    "labels",
    [
        ["02:00", "02:15", "02:30", "02:45", "02:00", "02:15", "02:30", "02:45"],
        ["02:00", "02:15", "02:30", "02:45", "03:00", "02:15", "02:30", "02:45"],
    ],
)
def test_the_ends_of_the_repeated_hour(labels: list[str]) -> None:
    """The end at which the clock is put back is written as 02:00 or as 03:00."""
    mapping = replace(_SIMPLE, stamp=Stamp.END)

    starts = _starts(_quarters(_AUTUMN, "01:45", *labels, "03:00"), mapping)

    assert starts[0] == at("2026-10-25T01:30:00+02:00")
    assert starts == list(range(starts[0], starts[0] + 10 * 900, 900))


def test_the_hour_that_march_leaves_out() -> None:
    """After 01:45 comes 03:00, without a gap."""
    starts = _starts(_quarters(_SPRING, "01:45", "03:00"))

    assert starts == [at("2026-03-29T01:45:00+01:00"), at("2026-03-29T03:00:00+02:00")]
    assert starts[1] - starts[0] == 900


@pytest.mark.parametrize("edge", ["02:00", "03:00"])
def test_the_end_at_which_march_leaves_an_hour_out(edge: str) -> None:
    """It is written by the clock before, or by the clock after."""
    mapping = replace(_SIMPLE, stamp=Stamp.END)

    starts = _starts(_quarters(_SPRING, "01:45", edge, "03:15"), mapping)

    assert starts == list(range(starts[0], starts[0] + 3 * 900, 900))


def test_a_time_that_does_not_exist() -> None:
    """A quarter hour in the hour that is left out is refused."""
    with pytest.raises(FormatError, match="does not exist in Europe/Zurich") as raised:
        _starts(_quarters(_SPRING, "01:45", "02:15"))

    assert raised.value.line == 3


@pytest.mark.parametrize("time", ["24:00", "24:00:00"])
def test_the_end_of_a_day_may_be_24_oclock(time: str) -> None:
    """It is the midnight of the next day."""
    clock = "%H:%M:%S" if time.count(":") > 1 else "%H:%M"
    mapping = replace(_SIMPLE, stamp=Stamp.END, time_format=f"%d.%m.%Y {clock}")

    assert _starts([f"31.12.2025 {time}"], mapping) == [at("2025-12-31T23:45+01:00")]


def test_gaps_are_left_open() -> None:
    """A time that is later than the next one is taken as it is."""
    first, second = _starts(_quarters("01.02.2026", "00:00", "05:00"))

    assert second - first == 5 * 3600


@pytest.mark.parametrize("label", ["00:15", "00:00"])
def test_rows_out_of_order(label: str) -> None:
    """A time that came already, or is earlier, is refused."""
    with pytest.raises(FormatError, match="is not later than the row before"):
        _starts(_quarters("01.02.2026", "00:15", label))


def test_points_in_a_column_have_a_time_each() -> None:
    """The rows of several points may alternate or follow each other."""
    mapping = Mapping(
        values=(
            ValueColumn(index=3),
            ValueColumn(index=4, direction=Direction.EXPORT, exponent=3),
        ),
        delimiter=",",
        decimal=".",
        time_columns=(1, 2),
        point_column=0,
        timezone="UTC",
    )
    rows = [
        "A,01.02.2026,00:00,1.5,2",
        "A,01.02.2026,00:15,1'000.5,",
        "",
        "B,01.02.2026,00:00,0,0",
    ]
    content = _file("Point,Date,Time,Import,Export", rows)

    intervals = list(grid_csv.read(io.BytesIO(content), mapping=mapping))

    assert [
        (i.point, i.direction, i.start - at("2026-02-01T00:00Z"), i.mwh)
        for i in intervals
    ] == [
        ("A", Direction.IMPORT, 0, 1_500_000),
        ("A", Direction.EXPORT, 0, 2000),
        ("A", Direction.IMPORT, 900, 1_000_500_000),
        ("A", Direction.EXPORT, 900, 0),
        ("B", Direction.IMPORT, 0, 0),
        ("B", Direction.EXPORT, 0, 0),
    ]
    assert intervals[3].quality is Quality.MISSING


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("01.02.2026 00:00", "1 values, and the mapping needs 2"),
        ("2026-02-01;1", "is not a time like"),
        ("01.01.9999 24:00;1", "check the year"),
        ("31.12.9999 24:00;1", "is not a time like"),
        ("01.02.2026 00:00;1.5", "a point, where decimals have a comma"),
        ("01.02.2026 00:00;-1", "-1 is negative"),
        ("01.02.2026 00:00;x", "'x' is not a finite number"),
        ('01.02.2026 00:00;"1', "unexpected end"),
    ],
)
def test_what_is_wrong_is_named_by_its_line(row: str, reason: str) -> None:
    """The first row that does not fit is refused."""
    content = _file("Zeit;Bezug", [row])

    with pytest.raises(FormatError, match=reason) as raised:
        list(grid_csv.read(io.BytesIO(content), mapping=_SIMPLE))

    assert raised.value.line in {2, 3}


def test_a_point_that_is_not_named() -> None:
    """A row has to say whose it is."""
    mapping = replace(_SIMPLE, point_column=2)

    with pytest.raises(FormatError, match="the metering point is missing"):
        list(
            grid_csv.read(
                io.BytesIO(_file("a;b;c", ["01.02.2026 00:00;1;"])), mapping=mapping
            )
        )


def test_a_text_of_another_encoding() -> None:
    """The line that cannot be read is named."""
    content = _file("Zeit;Bezug", ["01.02.2026 00:00;1"]) + b"\xff"

    with pytest.raises(FormatError, match="is not utf-8") as raised:
        list(grid_csv.read(io.BytesIO(content), mapping=_SIMPLE))

    assert raised.value.line == 3


_GERMAN = "\r\n".join(
    [
        f"Zählpunkt;{_POINT}",
        "",
        "Datum;Zeit von;Bezug (kWh);Rücklieferung (kWh);Leistung (kW);Status",
        "01.02.2026;00:00;0,125;0;0,5;W",
        "01.02.2026;00:15;0,25;;1;W",
        "",
    ]
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_proposal(encoding: str) -> None:
    """From headings and first rows it is guessed how to read a file."""
    head = _GERMAN.encode(encoding)

    assert grid_csv.propose(head) == Mapping(
        values=(
            ValueColumn(index=2, point=_POINT),
            ValueColumn(index=3, point=_POINT, direction=Direction.EXPORT),
        ),
        encoding="cp1252" if encoding == "cp1252" else "utf-8",
        header_line=3,
        time_columns=(0, 1),
    )
    assert [i.mwh for i in grid_csv.read(io.BytesIO(head))] == [125_000, 0, 250_000, 0]


@pytest.mark.parametrize(
    ("header", "rows", "expected"),
    [
        (
            "Metering point,Start,Energy (Wh)",
            ["A,2026-02-01 00:00:00,1.5", "A,2026-02-01 00:05:00,2"],
            Mapping(
                values=(ValueColumn(index=2, point="1", exponent=3),),
                delimiter=",",
                decimal=".",
                time_columns=(1,),
                time_format="%Y-%m-%d %H:%M:%S",
                minutes=5,
                point_column=0,
            ),
        ),
        (
            "Horodatage;Soutirage (MWh);Refoulement (MWh)",
            ["01/02/2026 01:00;0,1;0", "01/02/2026 02:00;0,1;0"],
            Mapping(
                values=(
                    ValueColumn(index=1, point="1", exponent=9),
                    ValueColumn(
                        index=2, point="1", direction=Direction.EXPORT, exponent=9
                    ),
                ),
                time_format="%d/%m/%Y %H:%M",
                stamp=Stamp.END,
                minutes=60,
            ),
        ),
        (
            f"Inizio\tFine\t{_POINT}",
            ["2026-02-01T00:00\t2026-02-01T00:15\t1"],
            Mapping(
                values=(ValueColumn(index=2, point=_POINT),),
                delimiter="\t",
                decimal=".",
                time_format="%Y-%m-%dT%H:%M",
            ),
        ),
        (
            "Ende;Verbrauch",
            ["01.02.2026 00:45;1,5"],
            Mapping(
                values=(ValueColumn(index=1, point="1"),),
                stamp=Stamp.END,
            ),
        ),
    ],
)
def test_proposals(header: str, rows: list[str], expected: Mapping) -> None:
    """Other languages, units, separators, lengths and stamps."""
    assert grid_csv.propose(_file(header, rows)) == expected


def test_a_long_head_is_cut_at_a_line() -> None:
    """What stands behind the last whole line of the head is not looked at."""
    rows = [
        f"{day:02}.02.2026 {hour:02}:00;0,1"
        for day in range(1, 20)
        for hour in range(24)
    ]
    content = _file("Zeit;Bezug", rows)

    mapping = grid_csv.propose(content[:4096])

    assert mapping.minutes == 60
    assert len(list(grid_csv.read(io.BytesIO(content)))) == len(rows)


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        (b"", "this is not known"),
        (b"01.02.2026 00:00;1\n", "this is not known"),
        (b"Zeit\nBezug;01.02.2026 00:00;1\n", "this is not known"),
        (b"Zeit;Leistung (kW)\n01.02.2026 00:00;1\n", "no column of energies"),
        (b"Zeit;Zustand\n01.02.2026 00:00;1\n", "no column of energies"),
        (b"Zeit;Bezug\n01.02.2026 00:00;gut\n", "no column of energies"),
        (b"\x81\x8d\xff\n", "this is no text"),
    ],
)
def test_nothing_can_be_proposed(head: bytes, reason: str) -> None:
    """What does not look like a load profile of energies is refused."""
    assert not grid_csv.detect(head, "profile.csv")
    with pytest.raises(FormatError, match=reason):
        grid_csv.propose(head)


def test_detection() -> None:
    """A load profile is known by what can be made of it."""
    assert grid_csv.detect(_GERMAN.encode(), "profile.csv")
