"""Intervals in order, and what stands when a value arrives twice."""

from hypothesis import given, strategies as st
import pytest

from custom_components.leg_invoicing.billing.calendar import Span
from custom_components.leg_invoicing.billing.measurements import (
    IntervalRow,
    IntervalSlice,
    Measurements,
    Rule,
    combine,
    on_every_interval,
)
from custom_components.leg_invoicing.billing.quality import BILLABLE, BY_LABEL, Quality
from custom_components.leg_invoicing.billing.signals import SignalValue

_M, _I = Quality.MEASURED, Quality.INTERPOLATED
_T, _X = Quality.TEMPORARY, Quality.MISSING


def _slices(
    houses: str, slices: list[IntervalSlice], want: str, end: int = 1800
) -> list[IntervalSlice]:
    measurements = Measurements(tuple(houses), slices)
    return [
        IntervalSlice(s.start, list(s.imported), list(s.exported), list(s.quality))
        for s in on_every_interval(measurements, tuple(want), Span(0, end), 15)
    ]


def test_slices_of_the_same_houses_pass_unchanged() -> None:
    """Where nothing is absent, what comes out is what went in."""
    slices = [
        IntervalSlice(0, [1, 2], [3, 4], [_M, _I]),
        IntervalSlice(900, [5, 6], [7, 8], [_M, _M]),
    ]

    assert slices == _slices("ab", slices, "ab")


def test_an_absent_interval_is_missing() -> None:
    """An interval that nobody has a row for is there, without energy."""
    later = IntervalSlice(900, [5, 6], [7, 8], [_M, _M])

    assert [IntervalSlice(0, [0, 0], [0, 0], [_X, _X]), later] == _slices(
        "ab", [later], "ab"
    )
    assert _slices("ab", [], "ab")[1].quality == [_X, _X]


def test_houses_are_put_in_order_and_absent_ones_are_missing() -> None:
    """Lanes follow the wanted houses; one without a lane is MISSING."""
    given_ = IntervalSlice(0, [1, 2], [3, 4], [_M, _I])

    assert (
        IntervalSlice(0, [2, 0, 1], [4, 0, 3], [_I, _X, _M])
        == _slices("ba", [given_], "axb")[0]
    )


def test_placeholders_carry_no_energy() -> None:
    """What its sender will replace is not billed; its neighbours are."""
    given_ = IntervalSlice(0, [1, 2], [3, 4], [_T, _M])

    assert (
        IntervalSlice(0, [0, 2], [0, 4], [_T, _M]) == _slices("ab", [given_], "ab")[0]
    )


@pytest.mark.parametrize(
    "starts", [[-900], [1800], [450], [900, 0], [0, 0], [0, 900, 1800]]
)
def test_rows_that_do_not_belong_are_an_error(starts: list[int]) -> None:
    """Slices outside the span, off the grid or out of order are refused."""
    slices = [IntervalSlice(start, [1], [0], [_M]) for start in starts]

    with pytest.raises(ValueError, match=f"interval {starts[-1]} does not belong"):
        _slices("a", slices, "a")


def test_signals_go_with_the_interval_in_which_they_were_seen() -> None:
    """An interval has its own values; without one it has none, never the last one."""
    measurements = Measurements(
        (),
        [],
        signals=[
            SignalValue("spot", -900, "1"),
            SignalValue("mode", 0, "normal"),
            SignalValue("spot", 0, "12.5"),
            SignalValue("spot", 450, "2"),
            SignalValue("spot", 1800, "13"),
        ],
    )

    slices = on_every_interval(measurements, ("a",), Span(0, 2700), 15)

    assert [s.signals for s in slices] == [
        {"mode": "normal", "spot": "12.5"},
        {},
        {"spot": "13"},
    ]


def _row(
    imported: int | None,
    exported: int | None,
    quality: Quality = _M,
    *better: Quality | None,
) -> IntervalRow:
    return IntervalRow("house_1", 900, imported, exported, quality, *better)


@pytest.mark.parametrize(
    ("old", "new", "stands"),
    [
        # The first value, whatever it is.
        (None, _row(None, None, _X), _row(None, None, _X)),
        (None, _row(1, 2), _row(1, 2)),
        # A side that was not known is filled in, and each keeps its quality.
        (_row(1, None), _row(None, 2), _row(1, 2)),
        (_row(1, None, _I), _row(None, 2, _M), _row(1, 2, _I, None, _M)),
        (_row(1, None, _M), _row(None, 2, _I), _row(1, 2, _I, _M)),
        (_row(None, 2, _M), _row(1, None, _T), _row(1, 2, _T, None, _M)),
        # A value at least as good replaces.
        (_row(1, 2), _row(3, 4), _row(3, 4)),
        (_row(1, 2, _I), _row(3, 4, _M), _row(3, 4, _M)),
        (_row(1, 2, _I), _row(1, 2, _M), _row(1, 2, _M)),
        (_row(1, 2, _I), _row(3, None, _M), _row(3, 2, _I, _M)),
        (_row(3, 2, _I, _M), _row(3, None, _M), None),
        (_row(3, 2, _I, _M), _row(None, 4, _M), _row(3, 4, _M)),
        (_row(1, 2, _I), _row(None, 4, _M), _row(1, 4, _I, None, _M)),
        (_row(1, None, _I), _row(3, None, _M), _row(3, None, _M)),
        (_row(None, None, _X), _row(3, 4, _I), _row(3, 4, _I)),
        (_row(None, None, _X), _row(3, None, _M), _row(3, None, _M)),
        # A worse value does not, and leaves the quality alone too.
        (_row(1, 2), _row(3, 4, _I), None),
        (_row(1, 2), _row(3, None, _I), None),
        (_row(1, None), _row(3, None, _I), None),
        (_row(1, None), _row(3, 4, _I), _row(1, 4, _I, _M)),
        # What says nothing changes nothing.
        (_row(1, 2), _row(1, 2), None),
        (_row(1, None), _row(None, None, _X), None),
        (_row(1, 2, _T), _row(None, None, _M), None),
        (_row(None, None, _X), _row(None, None, _T), None),
    ],
)
def test_what_stands_after_a_value_arrived(
    old: IntervalRow | None, new: IntervalRow, stands: IntervalRow | None
) -> None:
    """The better value stands; None says that nothing changed."""
    assert stands == combine(old, new)


@pytest.mark.parametrize(
    ("rule", "replaces"),
    [
        (Rule.FILL, []),
        (Rule.BETTER, [_M]),
        (Rule.AS_GOOD, [_M, _I]),
        (Rule.ALWAYS, [_M, _I, _T]),
    ],
)
def test_which_values_replace_an_interpolated_one(
    rule: Rule, replaces: list[Quality]
) -> None:
    """Who writes says how good a value must be to replace what is known."""
    old = _row(1, 2, _I)

    assert replaces == [q for q in (_M, _I, _T) if combine(old, _row(3, 4, q), rule)]


_ROWS = st.builds(
    _row,
    st.none() | st.integers(0, 3),
    st.none() | st.integers(0, 3),
    st.sampled_from(Quality),
)


@given(_ROWS, _ROWS, st.sampled_from(Rule))
def test_a_value_that_arrives_again_changes_nothing(
    old: IntervalRow, new: IntervalRow, rule: Rule
) -> None:
    """Reading the same file twice leaves no second version."""
    stands = combine(old, new, rule) or old

    assert combine(stands, new, rule) is None
    # What was known stays known.
    assert (old.imported is None) or (stands.imported is not None)
    assert (old.exported is None) or (stands.exported is not None)


def test_qualities_are_found_by_their_names() -> None:
    """Files and answers call each quality by one name."""
    assert BY_LABEL == {
        "measured": Quality.MEASURED,
        "substituted": Quality.SUBSTITUTED,
        "manual": Quality.MANUAL,
        "interpolated": Quality.INTERPOLATED,
        "estimated": Quality.ESTIMATED,
        "temporary": Quality.TEMPORARY,
        "missing": Quality.MISSING,
    }
    assert set(Quality) - BILLABLE == {Quality.TEMPORARY, Quality.MISSING}
    assert sorted(Quality) == list(Quality)
