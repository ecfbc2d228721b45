"""Rows taken many at once: the same table as if each were added by itself."""

from hypothesis import given, strategies as st
import pytest

from custom_components.leg_invoicing.billing.calendar import iso_utc
from custom_components.leg_invoicing.billing.measurements import IntervalRow
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.formats import FormatError
from custom_components.leg_invoicing.formats.columns import Columns
from custom_components.leg_invoicing.formats.row_table import RowTable

type _Cells = tuple[str, int, int | None, int | None, Quality]
type _Table = tuple[list[IntervalRow], int, int] | None
"""The rows, how many came again and how many contradicted; None where refused."""


@st.composite
def _blocks(draw: st.DrawFn) -> list[list[_Cells]]:
    """Return blocks of lines: most go on from hour to hour, some are disturbed."""
    blocks = []
    for _ in range(draw(st.integers(1, 3))):
        houses = draw(st.sampled_from(["a", "b", "ab", "abc"]))
        first, count = draw(st.integers(80, 110)), draw(st.integers(0, 30))
        quality = draw(st.sampled_from(Quality))
        block: list[_Cells] = [
            (house_id, number, 1, 2, quality)
            for number in range(first, first + count)
            for house_id in houses
        ]
        for _ in range(draw(st.integers(0, 1)) if block else 0):
            place = draw(st.integers(0, len(block) - 1))
            house_id, number, *_ = block[place]
            block[place] = draw(
                st.sampled_from(
                    [
                        ("d", number, 1, 2, quality),
                        (house_id, number + 1, 1, 2, quality),
                        (house_id, number, None, 2, quality),
                        (house_id, number, 1, None, quality),
                        (house_id, number, 7, 2, quality),
                    ]
                )
            )
        blocks.append(block)
    return blocks


def _columns(line: int, block: list[_Cells]) -> Columns:
    columns = [list(column) for column in zip(*block, strict=True)] or [[]] * 5
    columns[1] = [number * 900 for number in columns[1]]
    return Columns(line, *columns)


def _table(blocks: list[list[_Cells]], files: bool, *, at_once: bool) -> _Table:
    table, line = RowTable(15), 2
    try:
        for block in blocks:
            columns = _columns(line, block)
            line += len(block)
            if at_once:
                table.take(columns)
            else:
                for row in columns.rows():
                    table.add(*row)
            if files:
                table.begin_file()
    except FormatError:
        return None
    return list(table.by_house()), table.repeated, table.contradicted


@given(_blocks(), st.booleans())
def test_rows_mean_the_same_many_at_once(
    blocks: list[list[_Cells]], files: bool
) -> None:
    """Whatever is missing, comes again or contradicts, in one file or in several."""
    one_by_one = _table(blocks, files, at_once=False)

    assert one_by_one == _table(blocks, files, at_once=True)


def test_a_contradiction_names_both_lines() -> None:
    """Also of rows that are taken many at once."""
    table = RowTable(15)
    block: list[_Cells] = [
        (house_id, number, 1, 2, Quality.MEASURED)
        for number in range(90, 110)
        for house_id in "ab"
    ]
    table.take(_columns(2, block))
    house_id, number, *_ = block[13]
    block[13] = (house_id, number, 9, 2, Quality.MEASURED)

    with pytest.raises(FormatError) as refused:
        table.take(_columns(42, block))

    assert refused.value.line == 42 + 13
    at = iso_utc(number * 900)
    assert str(refused.value.reason).startswith(f"b at {at} stands on line 15 with")


def test_long_runs_are_taken_at_once() -> None:
    """Rows that go on for every house, in turn or one by one, are runs."""
    for houses in ("a", "abc"):
        block: list[_Cells] = [
            (house_id, number, 1, 2, Quality.MEASURED)
            for number in range(20)
            for house_id in houses
        ]
        runs = _columns(2, block).runs(900)

        assert runs is not None
        assert [run.house_id for run in runs] == list(houses)
        assert [row for run in runs for row in run.rows()] == sorted(
            _columns(2, block).rows(), key=lambda each: each[1]
        )
