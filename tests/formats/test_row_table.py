"""Rows in little memory."""

from hypothesis import given, strategies as st
import pytest

from custom_components.leg_invoicing.billing.calendar import Span
from custom_components.leg_invoicing.billing.measurements import IntervalRow, combine
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.formats import FormatError
from custom_components.leg_invoicing.formats.gaps import gaps, gaps_between
from custom_components.leg_invoicing.formats.row_table import RowTable

_GOOD = Quality.MEASURED


def _row(house_id: str, number: int, imported: int | None = 1) -> IntervalRow:
    return IntervalRow(house_id, number * 900, imported, 0, _GOOD)


def test_rows_come_back_in_either_order() -> None:
    """By house and time, or by time and house; whatever order they came in."""
    table = RowTable(15)
    for number, house_id in ((500, "b"), (1, "b"), (1, "a"), (0, "b"), (97, "a")):
        table.add(number + 1, _row(house_id, number))

    by_house = [(row.house_id, row.start // 900) for row in table.by_house()]
    by_start = [(row.start // 900, row.house_id) for row in table.by_start()]

    assert by_house == [("a", 1), ("a", 97), ("b", 0), ("b", 1), ("b", 500)]
    assert by_start == sorted((start, house_id) for house_id, start in by_house)
    assert table.houses == ["a", "b"]


def test_full_blocks_come_back_like_others() -> None:
    """Whether every interval of a block is known makes no difference to its rows."""
    table = RowTable(15)
    rows = [_row(h, n, n) for n in range(200) for h in ("a", "b") if (h, n) != ("b", 7)]
    for line, row in enumerate(rows):
        table.add(line + 1, row)

    assert list(table.by_start()) == rows


_SIDES = st.none() | st.integers(0, 10**18)
_QUALITIES = st.sampled_from(Quality)


@given(_SIDES, _SIDES, _QUALITIES, _QUALITIES)
def test_rows_come_back_as_they_were(
    imported: int | None, exported: int | None, first: Quality, second: Quality
) -> None:
    """Also when only one side is known, or one is better than the other."""
    row = IntervalRow("a", 900, imported, None, first)
    row = combine(row, IntervalRow("a", 900, None, exported, second)) or row
    table = RowTable(15)

    table.add(2, row)

    assert list(table.by_house()) == [row]


def test_lines_that_contradict_each_other_are_refused() -> None:
    """Both lines are named; the same said twice is said once."""
    table = RowTable(15)
    table.add(2, _row("a", 0))
    table.add(3, _row("a", 0))

    with pytest.raises(FormatError, match="stands on line 2 with other") as refused:
        table.add(4, _row("a", 0, 2))

    assert refused.value.line == 4
    assert (table.repeated, table.contradicted) == (1, 0)


def test_of_two_files_the_later_counts() -> None:
    """It may say something else, as files are sent again; but only once itself."""
    table = RowTable(15)
    table.add(9, _row("a", 0))
    table.begin_file()
    table.add(2, _row("a", 0, 2))

    with pytest.raises(FormatError, match="line 2"):
        table.add(3, _row("a", 0, 3))

    assert table.contradicted == 1
    assert [row.imported for row in table.by_house()] == [2]


def test_houses_are_taken_over_by_other_names() -> None:
    """Those that are named; the others stay behind."""
    table, other = RowTable(15), RowTable(15)
    other.add(2, _row("a", 0))
    other.add(3, _row("b", 0))

    table.take_over(other, {"a": "house_1"})

    assert list(table.by_start()) == [_row("house_1", 0)]


@given(
    st.dictionaries(
        st.tuples(st.sampled_from("ab"), st.integers(90, 300)),
        st.tuples(_SIDES, _SIDES, _QUALITIES),
        max_size=20,
    ),
    st.booleans(),
)
def test_gaps_are_the_same_a_block_at_a_time(
    some: dict[tuple[str, int], tuple[int | None, int | None, Quality]], full: bool
) -> None:
    """Whole blocks are looked at as one; the gaps are those of their rows."""
    table = RowTable(15)
    if full:
        for number in range(96, 288):
            table.add(1, _row("a", number))
        table.begin_file()
    for (house_id, number), values in some.items():
        table.add(1, IntervalRow(house_id, number * 900, *values))
    rows = list(table.by_house())

    assert list(gaps_between(table.stretches())) == list(gaps(rows, 15))
    assert table.count == len(rows)
    starts = [row.start for row in rows]
    assert table.bounds == (Span(min(starts), max(starts)) if rows else None)
