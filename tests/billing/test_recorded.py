"""From what a recorder kept of a register to its energies."""

from collections.abc import Iterable
from itertools import accumulate

from hypothesis import given, strategies as st

from custom_components.leg_invoicing.billing.calendar import Span
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.billing.recorded import (
    FIVE_MINUTES,
    HOUR,
    Hole,
    Mark,
    Reason,
    RegisterBack,
    Remark,
    Rise,
    marks,
)
from custom_components.leg_invoicing.billing.registers import RegisterLimits

KWH = 1_000_000
QUARTER = 900
DAY = 24 * HOUR
LIMITS = RegisterLimits(interval_seconds=QUARTER, max_power_w=30_000)


def mark(at: int, kwh: float, *, counted: float | None = None) -> Mark:
    """Return what a register showed at the end of an hour."""
    total = kwh if counted is None else counted
    return Mark(at, round(total * KWH), round(kwh * KWH), is_fine=False)


def fine(at: int, kwh: float, *, counted: float | None = None) -> Mark:
    """Return what a register showed at the end of five minutes."""
    return mark(at, kwh, counted=counted)._replace(is_fine=True)


def read(seen: Iterable[Mark], limits: RegisterLimits = LIMITS) -> list[Rise | Hole]:
    """Return what a register's marks bring to an end."""
    back = RegisterBack(limits=limits)
    return [piece for one in seen if (piece := back.take(one)) is not None]


def rise(
    start: int,
    end: int,
    *parts: int,
    quality: Quality = Quality.ESTIMATED,
    remark: Remark | None = None,
) -> Rise:
    """Return what is expected."""
    return Rise(Span(start, end), list(parts), quality, remark)


def test_hour_is_divided_evenly() -> None:
    """The quarters of an hour sum to it, and the first ones take what is left over."""
    seen = [Mark(0, 5, 100, False), Mark(HOUR, 15, 110, False)]

    assert read(seen) == [rise(0, HOUR, 3, 3, 2, 2)]


def test_five_minutes_are_exact() -> None:
    """An interval with all its rows is measured."""
    seen = [fine(at, 100 + at / HOUR) for at in range(0, QUARTER + 1, FIVE_MINUTES)]

    assert read(seen) == [rise(0, QUARTER, 250_000, quality=Quality.MEASURED)]


def test_row_of_five_minutes_that_is_missing() -> None:
    """An interval of which a row is missing is known, but not that well."""
    seen = [fine(0, 100), fine(600, 100.1), fine(900, 100.2)]

    assert read(seen) == [rise(0, QUARTER, 200_000)]


def test_edge_that_is_missing() -> None:
    """Without a mark at its edge, an interval shares with its neighbour."""
    seen = [fine(at, 100 + at / HOUR) for at in (0, 300, 600, 1200, 1500, 1800)]

    assert read(seen) == [rise(0, 1800, 250_000, 250_000)]


def test_hours_where_five_minutes_were_purged() -> None:
    """The interval that joins hours with five minutes is not exact yet."""
    hours = {at: mark(at, 100 + at / HOUR) for at in (0, HOUR, 2 * HOUR)}
    fives = {
        at: fine(at, 100 + at / HOUR)
        for at in range(HOUR + FIVE_MINUTES, 2 * HOUR + 1, FIVE_MINUTES)
    }

    together = marks(hours, fives)

    assert [one.is_fine for one in together] == [False] * 2 + [True] * 12
    assert [(piece.span.start, piece.quality) for piece in read(together)] == [
        (0, Quality.ESTIMATED),
        (HOUR, Quality.ESTIMATED),
        *((HOUR + n * QUARTER, Quality.MEASURED) for n in (1, 2, 3)),
    ]


def test_hour_that_breaks_off() -> None:
    """An hour whose last rows are missing says nothing about its end."""
    hours = {HOUR: mark(HOUR, 101)}
    fives = {at: fine(at, 101) for at in (300, 600)}

    assert marks(hours, fives) == list(fives.values())
    assert marks(hours, {}) == list(hours.values())
    # A row of the hour before is none of this one.
    assert len(marks(hours, {0: fine(0, 100)})) == 2


def test_gap() -> None:
    """Nothing is written over missing hours, but their energy is told."""
    seen = [mark(0, 100), mark(HOUR, 101), mark(4 * HOUR, 107), mark(5 * HOUR, 108)]

    assert read(seen)[1] == Hole(Span(HOUR, 4 * HOUR), Reason.MISSING, 6 * KWH)
    assert [type(piece) for piece in read(seen)] == [Rise, Hole, Rise]


def test_register_that_begins_anew() -> None:
    """The recorder's sum goes on where the register fell."""
    seen = [mark(0, 3000, counted=50), mark(HOUR, 0.4, counted=50.6)]

    assert read(seen) == [rise(0, HOUR, *[150_000] * 4, remark=Remark.RESTARTED)]


def test_sum_that_was_made_up() -> None:
    """A moment at zero makes the recorder count all anew; the register knows better."""
    seen = [
        *(fine(at, 20, counted=0) for at in (0, 300, 600)),
        fine(900, 20.1, counted=20.1),
    ]

    assert read(seen) == [rise(0, QUARTER, 100_000, remark=Remark.CONTRADICTED)]


def test_jitter_is_held() -> None:
    """What falls by a hair counts nothing, and the way back up is not counted."""
    seen = [mark(0, 100), mark(HOUR, 99.95), mark(2 * HOUR, 100.2)]

    assert read(seen) == [
        rise(0, HOUR, 0, 0, 0, 0),
        rise(HOUR, 2 * HOUR, *[50_000] * 4),
    ]


def test_fall_is_not_believed() -> None:
    """A register that falls, and comes back, counts once; the stretch is a hole."""
    seen = [mark(n * HOUR, kwh) for n, kwh in enumerate([100, 95, 95.5, 101, 102])]

    assert read(seen) == [
        Hole(Span(0, 3 * HOUR), Reason.FELL, KWH),
        rise(3 * HOUR, 4 * HOUR, *[250_000] * 4),
    ]


def test_jump_is_not_believed() -> None:
    """More than the connection can carry is set aside; once back, it was nothing."""
    seen = [mark(n * HOUR, kwh) for n, kwh in enumerate([100, 900, 102, 103])]

    assert read(seen) == [
        Hole(Span(0, 2 * HOUR), Reason.JUMPED, 2 * KWH),
        rise(2 * HOUR, 3 * HOUR, *[250_000] * 4),
    ]


def test_doubt_within_an_hour() -> None:
    """A jump that is over within the hour costs its intervals their rank only."""
    seen = [fine(at, 900 if at == QUARTER else 100) for at in range(0, 1801, 300)]

    assert read(seen) == [rise(0, 1800, 0, 0)]


def test_jump_that_stays() -> None:
    """After a day the register is taken up where it stands, with nothing counted."""
    seen = [mark(0, 100), *(mark(n * HOUR, 9000 + n) for n in range(1, 28))]

    first, *rest = read(seen)

    assert first == Hole(Span(0, 25 * HOUR), Reason.JUMPED, None)
    assert rest == [
        rise(n * HOUR, (n + 1) * HOUR, *[250_000] * 4) for n in range(25, 27)
    ]


def test_only_sums() -> None:
    """Statistics that hold sums only are read by them; two kinds are not mixed."""
    counted = [Mark(n * HOUR, n * KWH, None, False) for n in range(3)]
    shown = Mark(3 * HOUR, None, 500 * KWH, False)
    later = Mark(30 * HOUR, None, 501 * KWH, False)

    assert read([*counted, shown, later]) == [
        rise(0, HOUR, *[250_000] * 4),
        rise(HOUR, 2 * HOUR, *[250_000] * 4),
        Hole(Span(2 * HOUR, 30 * HOUR), Reason.MISSING, None),
    ]


@given(
    st.lists(st.integers(0, 7_000_000), min_size=2, max_size=60),
    st.sets(st.integers(0, 60)),
)
def test_nothing_is_lost(rises: list[int], absent: set[int]) -> None:
    """Rises and holes sum to the register's advance, whichever rows there are."""
    values = list(accumulate(rises))
    seen = [
        Mark(n * FIVE_MINUTES, None, value, True)
        for n, value in enumerate(values)
        if n not in absent
    ]
    limits = RegisterLimits(interval_seconds=FIVE_MINUTES, max_power_w=100_000)

    pieces = read(seen, limits)

    total = sum(sum(p.parts) if isinstance(p, Rise) else p.mwh or 0 for p in pieces)
    expected = seen[-1].shown - seen[0].shown if seen else 0  # type: ignore[operator]
    assert total == expected
