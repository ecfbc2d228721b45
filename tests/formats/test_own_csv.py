"""Our own CSV of intervals."""

from collections.abc import Iterator

from hypothesis import given, strategies as st
import pytest

from custom_components.leg_invoicing.billing.measurements import IntervalRow
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.documents.tables import intervals_csv
from custom_components.leg_invoicing.formats import FormatError, own_csv
from tests.billing.build import at

_HEADER = "house,start,import_kwh,export_kwh,quality"
_NEW_YEAR = at("2026-01-01T00:00+01:00")


def _read(text: str | bytes, minutes: int = 15) -> list[tuple[int, IntervalRow]]:
    content = text.encode() if isinstance(text, str) else text
    return list(own_csv.read(content.splitlines(keepends=True), minutes))


def _row(cells: str) -> IntervalRow:
    ((_, row),) = _read(f"{_HEADER}\n{cells}\n")
    return row


def test_rows_come_with_their_lines() -> None:
    """Rows are read in the order of the file; empty lines count and are skipped."""
    rows = _read(
        f"{_HEADER}\n"
        "house_1,2026-01-01T00:15:00+01:00,0.125,0,measured\n"
        "\n"
        "house_2,2025-12-31T23:00:00Z,1,2.5,interpolated\n"
    )

    assert rows == [
        (2, IntervalRow("house_1", _NEW_YEAR + 900, 125_000, 0, Quality.MEASURED)),
        (
            4,
            IntervalRow(
                "house_2", _NEW_YEAR, 1_000_000, 2_500_000, Quality.INTERPOLATED
            ),
        ),
    ]


def test_the_file_may_come_from_a_spreadsheet() -> None:
    """A byte-order mark, CRLF, quotes, capitals, spaces and any order of columns."""
    rows = _read(
        b'\xef\xbb\xbf"Export_kWh", Quality ,START,house,import_kwh\r\n'
        b'2 ," Measured ",2026-01-01T00:00+01:00," h, ""1"" ",1\r\n'
    )

    assert rows == [
        (2, IntervalRow('h, "1"', _NEW_YEAR, 1_000_000, 2_000_000, Quality.MEASURED))
    ]


def test_the_last_line_needs_no_end() -> None:
    """A file that does not end with a line end is complete."""
    assert len(_read(f"{_HEADER}\nhouse_1,2026-01-01T00:00Z,1,2,")) == 1


def test_quality_may_be_left_out() -> None:
    """Without the column, values are measured."""
    ((_, row),) = _read(
        "house,start,import_kwh,export_kwh\nhouse_1,2026-01-01T00:00Z,1,2\n"
    )

    assert row.quality is Quality.MEASURED


@pytest.mark.parametrize(
    ("values", "imported", "exported", "quality"),
    [
        ("1,2,", 1_000_000, 2_000_000, Quality.MEASURED),
        ("1,,", 1_000_000, None, Quality.MEASURED),
        (",2,estimated", None, 2_000_000, Quality.ESTIMATED),
        (",,measured", None, None, Quality.MISSING),
        ("1,2,missing", None, None, Quality.MISSING),
        ("1,2,temporary", 1_000_000, 2_000_000, Quality.TEMPORARY),
        ("0,-0,SUBSTITUTED", 0, 0, Quality.SUBSTITUTED),
        ("1e-05,.5,manual", 10, 500_000, Quality.MANUAL),
        ("0.0000004,0.0000006,", 0, 1, Quality.MEASURED),
        ("1000000000000,0,", 10**18, 0, Quality.MEASURED),
    ],
)
def test_values(
    values: str, imported: int | None, exported: int | None, quality: Quality
) -> None:
    """Energies are rounded to the sixth decimal; an empty value is not known."""
    row = _row(f"house_1,2026-01-01T00:00+01:00,{values}")

    assert row == IntervalRow("house_1", _NEW_YEAR, imported, exported, quality)


def test_the_repeated_hour_is_two_hours() -> None:
    """In October the same wall time with two offsets is two intervals."""
    rows = _read(
        f"{_HEADER}\n"
        "house_1,2026-10-25T02:00+02:00,1,0,\n"
        "house_1,2026-10-25T02:00+01:00,2,0,\n"
    )

    assert [at("2026-10-25T00:00Z"), at("2026-10-25T01:00Z")] == [
        row.start for _, row in rows
    ]


@pytest.mark.parametrize(
    ("minutes", "start", "fits"),
    [
        (5, "2026-01-01T00:05Z", True),
        (5, "2026-01-01T00:06Z", False),
        (15, "2026-01-01T00:45Z", True),
        (15, "2026-01-01T00:50Z", False),
        (15, "2026-01-01T00:15:01Z", False),
        (30, "2026-01-01T00:45Z", False),
        (60, "2026-01-01T00:00+05:30", False),
    ],
)
def test_starts_lie_on_the_grid(minutes: int, start: str, fits: bool) -> None:
    """What begins elsewhere is not an interval of this community."""
    text = f"{_HEADER}\nhouse_1,{start},1,2,\n"
    if fits:
        assert at(start) == _read(text, minutes)[0][1].start
    else:
        with pytest.raises(FormatError, match=f"an interval of {minutes} minutes"):
            _read(text, minutes)


_GOOD = "house_1,2026-01-01T00:00Z,1,2,measured"


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", 1, "missing house, start, import_kwh, export_kwh"),
        ("\n", 1, "the first line must name the columns"),
        (_GOOD, 1, "there is no column 'house_1'; did you mean 'house'?"),
        ("house,start,import_kwh,export", 1, "did you mean 'export_kwh'"),
        ("house,start,import_kwh,export_kwh,xyz", 1, "use house, start, import_kwh"),
        ("house,start,import_kwh", 1, "missing export_kwh"),
        ("house,house,start,import_kwh,export_kwh", 1, "'house' stands there twice"),
        ("house;start;import_kwh;export_kwh", 1, "use commas"),
        (f"{_HEADER}\n{_GOOD}\n{_GOOD},9", 3, "6 values for 5 columns"),
        (f"{_HEADER}\nhouse_1", 2, "1 values for 5 columns"),
        (f"{_HEADER}\n,2026-01-01T00:00Z,1,2,", 2, "the house is missing"),
        (f"{_HEADER}\n  ,2026-01-01T00:00Z,1,2,", 2, "the house is missing"),
        (f"{_HEADER}\nh,,1,2,", 2, "'' is not a time; write it like"),
        (f"{_HEADER}\nh,1.1.2026 00:00,1,2,", 2, "is not a time; write it like"),
        (f"{_HEADER}\nh,2026-01-01T00:00,1,2,", 2, "does not say its offset"),
        (f"{_HEADER}\nh,2026-01-01,1,2,", 2, "does not say its offset"),
        (f"{_HEADER}\nh,2026-01-01T00:00:00.5Z,1,2,", 2, "fraction of a second"),
        (f"{_HEADER}\nh,2026-01-01T00:00Z,x,2,", 2, "import_kwh: 'x' is not a finite"),
        (f"{_HEADER}\nh,2026-01-01T00:00Z,1,nan,", 2, "export_kwh: 'nan' is not a fin"),
        (f"{_HEADER}\nh,2026-01-01T00:00Z,1,inf,", 2, "export_kwh: 'inf' is not a fin"),
        (f'{_HEADER}\nh,2026-01-01T00:00Z,"1,5",2,', 2, "with a decimal point"),
        (f"{_HEADER}\nh,2026-01-01T00:00Z,-1,2,", 2, "import_kwh: -1 is negative"),
        (f"{_HEADER}\nh,2026-01-01T00:00Z,1,-0.0000001,", 2, "is negative"),
        (f"{_HEADER}\nh,2026-01-01T00:00Z,1e99,2,", 2, "1e99 kWh is more than"),
        (f"{_HEADER}\nh,2026-01-01T00:00Z,1000000000001,2,", 2, "kWh is more than"),
        (
            f"{_HEADER}\nh,2026-01-01T00:00Z,1,2,good",
            2,
            "unknown quality 'good'; use me",
        ),
        (f'{_HEADER}\n{_GOOD}\n"h"x,2026-01-01T00:00Z,1,2,', 3, "quotation marks"),
        (f'{_HEADER}\n"h,2026-01-01T00:00Z,1,2,', 2, "quotation marks"),
    ],
)
def test_what_is_wrong_is_named_by_its_line(text: str, line: int, reason: str) -> None:
    """The first line that does not fit is refused, and the remedy told."""
    with pytest.raises(FormatError) as raised:
        _read(text)

    assert line == raised.value.line
    assert reason in str(raised.value.reason)
    assert f"line {line}: {raised.value.reason}" == str(raised.value)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"\xff\xfeh\x00o\x00", 1),
        (f"{_HEADER}\n{_GOOD}\nB\u00fcro,2026-01-01T00:00Z,1,2,".encode("latin-1"), 3),
    ],
)
def test_other_encodings_are_refused(content: bytes, line: int) -> None:
    """The line of the first letter that is not UTF-8 is named."""
    with pytest.raises(FormatError, match="UTF-8") as raised:
        _read(content)

    assert line == raised.value.line


def test_a_file_is_read_as_it_comes() -> None:
    """Rows are yielded while the file is read, which is not ahead of them for long."""

    def lines() -> Iterator[bytes]:
        yield f"{_HEADER}\n".encode()
        for _ in range(5000):
            yield f"{_GOOD}\n".encode()
        raise AssertionError("read too far")

    line, _ = next(own_csv.read(lines(), 15))

    assert line == 2


@pytest.mark.parametrize("before", [0, 1, 499, 500, 501, 1700])
@pytest.mark.parametrize("broken", ["h,2026-01-01T00:00Z,1,x,", '"h,2026', "h,1,2,3,"])
def test_all_before_a_broken_line_is_read(before: int, broken: str) -> None:
    """However far into the file it stands, the rows before come with their lines."""
    text = "\n".join([_HEADER, *[_GOOD] * before, broken, _GOOD])
    rows = own_csv.read(text.encode().splitlines(keepends=True), 15)

    for line in range(2, before + 2):
        assert next(rows)[0] == line
    with pytest.raises(
        FormatError, match=f"line {before + (3 if '"' in broken else 2)}:"
    ):
        next(rows)


_QUALITIES = st.sampled_from(sorted(set(Quality) - {Quality.MISSING}))
_SIDES = st.none() | st.integers(0, 10**18)


@given(
    st.lists(
        st.builds(
            IntervalRow,
            st.from_regex(
                r"[a-zA-Zäöü_][a-zA-Z0-9äöü ,\"_]{0,10}[0-9]", fullmatch=True
            ),
            st.integers(0, 4_000_000).map(lambda n: n * 900),
            _SIDES,
            _SIDES,
            _QUALITIES,
            # A file has one quality for both sides.
            st.none(),
            st.none(),
        ).filter(lambda row: row[2:4] != (None, None)),
        max_size=5,
    )
)
def test_what_we_export_is_read_back(rows: list[IntervalRow]) -> None:
    """Rows survive the way through the file that documents write."""
    text = "".join(intervals_csv(rows))

    assert rows == [row for _, row in _read(text)]


def test_an_exported_gap_is_read_back_as_a_gap() -> None:
    """A row of which nothing is known stays one."""
    gap = IntervalRow("house_1", 900, None, None, Quality.MISSING)

    assert [(2, gap)] == _read("".join(intervals_csv([gap])))


_OFFICIAL = "house,start,import_kwh,export_kwh,community_import_kwh"


def test_official_allocations_are_told() -> None:
    """They may stand beside what was measured, with or without quality."""
    told: list[tuple[int, IntervalRow]] = []
    text = (
        f"{_OFFICIAL}\n"
        "a,2026-01-01T00:00:00Z,0.5,0,0.25\n"
        "a,2026-01-01T00:15:00Z,0.5,0,\n"
    )
    lines = text.encode().splitlines(keepends=True)

    rows = list(own_csv.read(lines, 15, lambda *official: told.append(official)))

    assert len(rows) == len(list(own_csv.read(lines, 15))) == 2
    assert [(line, row.imported, row.exported) for line, row in told] == [
        (2, 250_000, None)
    ]


def test_official_allocations_are_written_and_read_back() -> None:
    """Empty is nothing said, which is not zero."""
    rows = [IntervalRow("a", start, 5, 0, Quality.MEASURED) for start in (0, 900)]
    official = {0: rows[0]._replace(imported=3, exported=None)}
    told: list[IntervalRow] = []

    text = "".join(intervals_csv(rows, lambda row: official.get(row.start)))
    lines = text.encode().splitlines(keepends=True)
    read = [row for _, row in own_csv.read(lines, 15, lambda _, row: told.append(row))]

    assert text.splitlines()[0].endswith(
        ",quality,community_import_kwh,community_export_kwh"
    )
    assert (read, told) == (rows, list(official.values()))
