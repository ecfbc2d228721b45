"""Lines that are read many at once: the same as if each were read by itself."""

from collections.abc import Iterable, Iterator
from itertools import product

from hypothesis import given, strategies as st
import pytest

from custom_components.leg_invoicing.billing.measurements import IntervalRow
from custom_components.leg_invoicing.billing.quality import BY_LABEL
from custom_components.leg_invoicing.formats import FormatError, own_csv
from custom_components.leg_invoicing.formats.csv_table import read_names
from custom_components.leg_invoicing.formats.regular_lines import RegularLines

_NASTY = (
    *("", " ", "\t", "\0", "\x1c", "\x85", "\ufeff", "\r", "\n", '"', '""', ",", ";"),
    *("nan", "inf", "-0", "-1", "+1", "1_0", "1.", ".5", "1e-05", "1E-7", "1e5", "1,5"),
    *("0.0000005", "0.0000015", "999999999999.999999", "1000000000000", "9" * 61),
    *("\u0661", "0." + "1" * 41, "00000000000000.1", "0x10", "1e-99", "1e-100"),
    *("2026-01-01", "2026-01-01T00:00", "2026-01-01T00:00:00.5Z", "0001-01-01T00:00Z"),
    *("2026-01-01T00:07Z", "9999-12-31T23:45-10:00", "2026-W01-1T00:15Z", "h" * 101),
    *("Measured", "MISSING", "good", "h\xa0", "h 1", "\u2028", "é"),
)
_CELLS = {
    "house": st.sampled_from(["house_1", "house_2", "Büro"]),
    "start": st.sampled_from(["2026-01-01T00:00:00Z", "2026-10-25T02:15+02:00"]),
    "import_kwh": st.sampled_from(["0.125000", "1", "0.5", "12.0000005"]),
    "export_kwh": st.sampled_from(["0.000000", "0", "3.14159265358979"]),
    "quality": st.sampled_from([*BY_LABEL, ""]),
}


@st.composite
def _files(draw: st.DrawFn) -> list[bytes]:
    """Return a file of few lines, most of them plain, and some cells that are not."""
    columns = draw(st.permutations(sorted(_CELLS)))
    if draw(st.booleans()):
        columns = [name for name in columns if name != "quality"]
    lines = [[draw(_CELLS[name]) for name in columns] for _ in range(draw(_COUNTS))]
    for _ in range(draw(st.integers(0, 2)) if lines else 0):
        line = draw(st.sampled_from(lines))
        nasty = st.sampled_from(_NASTY) | st.text(max_size=3)
        line[draw(st.integers(0, len(line) - 1))] = draw(nasty)
    end = draw(st.sampled_from(["\n", "\r\n"]))
    text = end.join(map(",".join, [columns, *lines])) + draw(st.sampled_from([end, ""]))
    content = text.encode("utf-8", "replace")
    if draw(st.integers(0, 9)) == 0:
        place = draw(st.integers(0, len(content)))
        content = content[:place] + draw(st.binary(max_size=2)) + content[place:]
    return (
        content.splitlines(keepends=True)
        if draw(st.booleans())
        else [line + b"\n" for line in content.split(b"\n")]
    )


_COUNTS = st.integers(0, 6)


def _outcome(rows: Iterable[tuple[int, IntervalRow]]) -> list[object]:
    """Return what is yielded, and how it ends."""
    found: list[object] = []
    try:
        found.extend(rows)
    except FormatError as err:
        found.append(str(err))
    return found


def _one_by_one(lines: list[bytes]) -> Iterator[tuple[int, IntervalRow]]:
    below = iter(lines)
    names, above = read_names(below, own_csv.REQUIRED, ("quality",))
    yield from own_csv._carefully(below, names, above, 15)


@given(_files(), st.integers(1, 3))
def test_lines_mean_the_same_many_at_once(lines: list[bytes], at_a_time: int) -> None:
    """Any file gives the same rows and the same error, read either way."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(own_csv, "_LINES_AT_A_TIME", at_a_time)

        assert _outcome(_one_by_one(lines)) == _outcome(own_csv.read(lines, 15))


def test_each_nasty_cell_means_the_same() -> None:
    """In each column, and beside each end of a line."""
    plain = ["house_1", "2026-01-01T00:00:00Z", "0.125000", "1", "measured"]
    for place, nasty, end in product(range(5), _NASTY, ("\n", "\r\n")):
        cells = [*plain[:place], nasty, *plain[place + 1 :]]
        text = "".join(f"{','.join(line)}{end}" for line in (own_csv.COLUMNS, cells))
        lines = text.encode().splitlines(keepends=True)

        assert _outcome(_one_by_one(lines)) == _outcome(own_csv.read(lines, 15))


def test_what_programs_write_is_regular() -> None:
    """Neither the length of numbers nor the end of lines asks for more care."""
    block = [
        b"house_1,2026-01-01T00:00:00+01:00,0.125,1e-05,measured\r\n",
        "Büro,2025-12-31T23:15:00Z,0.1234567890123456,12,\n".encode(),
    ]

    assert RegularLines(own_csv.COLUMNS, 15).columns(2, block) is not None
