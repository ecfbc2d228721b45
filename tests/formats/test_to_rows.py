"""From deliveries of metering points to the intervals of houses."""

from collections.abc import Iterable

from hypothesis import given, strategies as st
import pytest

from custom_components.leg_invoicing.billing.calendar import Span
from custom_components.leg_invoicing.billing.measurements import IntervalRow
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.formats.deliveries import (
    Direction,
    MeteredInterval,
    Share,
    Skipped,
    ignore,
)
from custom_components.leg_invoicing.formats.gaps import Gap, gaps
from custom_components.leg_invoicing.formats.to_rows import STRETCH_SECONDS, Deliveries

_START = 1_767_225_600
_GOOD = Quality.MEASURED


def _metered(
    mwh: int,
    start: int = _START,
    seconds: int = 900,
    quality: Quality = _GOOD,
    **more: object,
) -> MeteredInterval:
    fields = {
        "point": "P1",
        "direction": Direction.IMPORT,
        "share": Share.TOTAL,
        **more,
    }
    return MeteredInterval(
        start=start, seconds=seconds, mwh=mwh, quality=quality, **fields
    )


def _delivered(*intervals: MeteredInterval) -> Deliveries:
    deliveries = Deliveries()
    for interval in intervals:
        deliveries.add(interval)
    return deliveries


def _rows(
    *intervals: MeteredInterval, minutes: int = 15, share: Share = Share.TOTAL
) -> list[tuple[int, int | None, int | None, Quality]]:
    """Return the rows of one house without its id, counted from the start."""
    houses = dict.fromkeys(("P1", "P2"), "house_1")
    rows = _delivered(*intervals).rows(houses, minutes, share)
    return [(row.start - _START, *row[2:5]) for row in rows]


def test_a_house_that_takes_part_partly_has_the_whole() -> None:
    """Where a delivery has it; others have the part, which is their total."""
    deliveries = _delivered(
        _metered(6),
        _metered(10, share=Share.WHOLE),
        _metered(3, point="P2", direction=Direction.EXPORT),
        # What came in another stretch of time, without its part.
        _metered(9, start=_START + 40 * 86_400),
    )

    def energies(*partly: str) -> list[tuple[int | None, int | None]]:
        houses = dict.fromkeys(("P1", "P2"), "house_1")
        rows = deliveries.rows(houses, 15, partly=partly)
        return [(row.imported, row.exported) for row in rows]

    assert energies("house_1") == [(10, 3), (9, None)]
    assert energies("house_2") == energies() == [(6, 3), (9, None)]


def test_both_directions_meet_in_a_row() -> None:
    """Import and export of a house may come from different points."""
    exported = _metered(7, direction=Direction.EXPORT, point="P2")

    assert _rows(_metered(5), exported) == [(0, 5, 7, _GOOD)]


def test_a_direction_that_no_point_has_is_zero() -> None:
    """A house without an export channel exports nothing."""
    assert _rows(_metered(5)) == [(0, 5, 0, _GOOD)]


def test_a_direction_that_is_silent_is_not_known() -> None:
    """Where one side is absent or missing, it is not zero."""
    exported = {"direction": Direction.EXPORT}
    missing = _metered(0, quality=Quality.MISSING, **exported)

    assert _rows(_metered(5), missing, _metered(6, _START + 900, **exported)) == [
        (0, 5, None, _GOOD),
        (900, None, 6, _GOOD),
    ]


def test_nothing_is_known() -> None:
    """A row of which the file says that it is missing is a missing row."""
    assert _rows(_metered(9, quality=Quality.MISSING)) == [
        (0, None, None, Quality.MISSING)
    ]


def test_registers_and_points_add_up() -> None:
    """The sum is as good as the worst of its parts."""
    estimated = _metered(3, quality=Quality.ESTIMATED, register="E2")

    assert _rows(_metered(5, register="E1"), estimated, _metered(2, point="P2")) == [
        (0, 10, 0, Quality.ESTIMATED)
    ]


def test_a_register_without_a_value_leaves_the_sum_unknown() -> None:
    """A part of the energy is not the energy."""
    first, second = {"register": "E1"}, {"register": "E2"}

    rows = _rows(
        _metered(5, **first), _metered(3, **second), _metered(4, _START + 900, **first)
    )

    assert rows == [(0, 8, 0, _GOOD), (900, None, None, Quality.MISSING)]


def test_the_newest_version_counts() -> None:
    """Whichever order the deliveries come in."""
    old, new = _metered(5, version="2026-01-02"), _metered(6, version="2026-01-03")

    for order in ((old, new), (new, old)):
        deliveries = _delivered(*order)
        (row,) = deliveries.rows({"P1": "house_1"}, 15)
        assert row.imported == 6
        assert deliveries.replaced == {"P1": 1}
        assert not deliveries.contradicted


def test_the_same_again_is_counted() -> None:
    """A delivery that came before changes nothing."""
    deliveries = _delivered(_metered(5), _metered(5, version="2"))

    assert deliveries.repeated == {"P1": 1}
    assert not deliveries.replaced


def test_a_contradiction_is_counted() -> None:
    """Of two values of the same version, the later one counts, and it is told."""
    deliveries = _delivered(_metered(5), _metered(6))

    assert [row.imported for row in deliveries.rows({"P1": "h"}, 15)] == [6]
    assert deliveries.contradicted == {"P1": 1}


def test_shorter_intervals_are_summed() -> None:
    """Three of five minutes make a quarter hour."""
    parts = [_metered(n, _START + n * 300, 300) for n in range(3)]

    assert _rows(*parts) == [(0, 3, 0, _GOOD)]


def test_an_incomplete_sum_is_not_known() -> None:
    """Two of three parts are not the energy of a quarter hour."""
    parts = [_metered(n, _START + n * 300, 300) for n in range(2)]

    assert _rows(*parts) == [(0, None, None, Quality.MISSING)]


def test_longer_intervals_are_divided() -> None:
    """The parts sum to the whole, and are estimates."""
    assert _rows(_metered(1001, seconds=3600)) == [
        (0, 250, 0, Quality.ESTIMATED),
        (900, 250, 0, Quality.ESTIMATED),
        (1800, 250, 0, Quality.ESTIMATED),
        (2700, 251, 0, Quality.ESTIMATED),
    ]


def test_rows_do_not_depend_on_how_much_is_in_memory() -> None:
    """An hour over the edge of a stretch is whole, and what is far away comes later."""
    edge = _START - _START % STRETCH_SECONDS + STRETCH_SECONDS
    rows = _rows(
        _metered(7, edge + 60 * STRETCH_SECONDS),
        _metered(4, edge - 1800, seconds=3600),
        _metered(9, edge - 2700),
    )

    at = edge - _START
    assert rows == [
        (at - 2700, 9, 0, _GOOD),
        *((at + n * 900, 1, 0, Quality.ESTIMATED) for n in (-2, -1, 0, 1)),
        (at + 60 * STRETCH_SECONDS, 7, 0, _GOOD),
    ]


def test_a_placeholder_divided_stays_one() -> None:
    """Dividing makes nothing better."""
    temporary = _metered(8, seconds=1800, quality=Quality.TEMPORARY)

    assert {row[3] for row in _rows(temporary)} == {Quality.TEMPORARY}


def test_the_hours_of_india_fit_quarters() -> None:
    """A long interval may begin at any edge of the grid."""
    assert len(_rows(_metered(4, _START + 1800, 3600))) == 4


def test_the_same_energy_in_two_lengths_is_counted_once() -> None:
    """Of a measured quarter hour and a divided hour, the measured one counts."""
    hour, quarter = _metered(400, seconds=3600), _metered(70, _START + 900)

    for order in ((hour, quarter), (quarter, hour)):
        assert [row[1] for row in _rows(*order)] == [100, 70, 100, 100]


def test_of_equal_quality_the_newer_length_counts() -> None:
    """Two lengths that are both divided are told apart by their version."""
    old = _metered(400, seconds=3600, version="1")
    new = _metered(100, seconds=1800, version="2")

    for order in ((old, new), (new, old)):
        assert [row[1] for row in _rows(*order)] == [50, 50, 100, 100]


@pytest.mark.parametrize(
    ("start", "seconds"),
    [(_START, 86_400), (_START + 60, 900), (_START, 420), (_START, 1260)],
)
def test_what_does_not_fit_the_grid_is_listed(start: int, seconds: int) -> None:
    """It is neither divided nor dropped in silence."""
    deliveries = _delivered(_metered(5, start, seconds))

    assert list(deliveries.rows({"P1": "house_1"}, 15)) == []
    assert deliveries.unfit(15) == [("P1", seconds)]


def test_unknown_points_are_listed() -> None:
    """They can be mapped afterwards, without reading again."""
    deliveries = _delivered(_metered(5), _metered(6, point="P2"))

    assert deliveries.points == ["P1", "P2"]
    assert deliveries.unknown({"P1": "house_1"}) == ["P2"]
    assert deliveries.unfit(15) == []
    assert list(deliveries.rows({"P2": "house_2"}, 15)) == [
        IntervalRow("house_2", _START, 6, 0, _GOOD)
    ]


def test_shares_are_kept_apart() -> None:
    """What was allocated is asked for by itself."""
    shares = [_metered(5), _metered(2, share=Share.COMMUNITY)]

    assert _rows(*shares) == [(0, 5, 0, _GOOD)]
    assert _rows(*shares, share=Share.COMMUNITY) == [(0, 2, 0, _GOOD)]


def test_a_total_may_be_the_sum_of_its_shares() -> None:
    """Only where both are there, and no total is."""
    later = _START + 900
    shares = [
        _metered(2, share=Share.COMMUNITY),
        _metered(3, share=Share.RESIDUAL),
        _metered(2, later, share=Share.COMMUNITY),
    ]

    assert _rows(*shares) == [(0, 5, 0, _GOOD)]
    assert _rows(*shares, _metered(9)) == [(0, 9, 0, _GOOD)]


@given(
    st.lists(st.integers(0, 10**12), min_size=1, max_size=30),
    st.sampled_from([300, 900, 1800, 3600]),
)
def test_energy_is_neither_lost_nor_invented(energies: list[int], seconds: int) -> None:
    """Whole intervals of any length sum to the same on any coarser or finer grid."""
    whole = energies * (3600 // seconds)
    intervals = [
        _metered(e, _START + i * seconds, seconds) for i, e in enumerate(whole)
    ]

    for minutes in (5, 15, 30, 60):
        assert sum(row[1] or 0 for row in _rows(*intervals, minutes=minutes)) == sum(
            whole
        )


def _gaps(rows: Iterable[tuple[str, int, int | None, Quality]]) -> list[Gap]:
    return list(
        gaps(
            (
                IntervalRow(house, quarter * 900, mwh, 0, quality)
                for house, quarter, mwh, quality in rows
            ),
            15,
        )
    )


def test_gaps() -> None:
    """What lies between rows, and rows that cannot be billed, are gaps."""
    assert _gaps(
        [
            ("a", 0, 1, _GOOD),
            ("a", 1, 1, _GOOD),
            ("a", 4, 1, _GOOD),
            ("a", 5, None, _GOOD),
            ("a", 7, 1, Quality.TEMPORARY),
            ("b", 100, None, Quality.MISSING),
            ("b", 101, 1, _GOOD),
            ("c", 0, 1, _GOOD),
            ("c", 1, None, Quality.MISSING),
        ]
    ) == [
        Gap("a", Span(2 * 900, 4 * 900)),
        Gap("a", Span(5 * 900, 8 * 900)),
        Gap("b", Span(100 * 900, 101 * 900)),
        Gap("c", Span(900, 2 * 900)),
    ]


def test_no_gaps() -> None:
    """A house without a hole has none, nor has nobody."""
    assert _gaps([]) == []
    assert _gaps([("a", 0, 1, _GOOD), ("a", 1, 1, _GOOD)]) == []


def test_ignoring_takes_no_notice() -> None:
    """A reader that nobody listens to may leave things out all the same."""
    ignore(Skipped(1, "Q1", "measures kVArh"))
