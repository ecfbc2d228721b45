"""Which part of a metering point takes part, where several communities follow it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, strategies as st
import pytest

from custom_components.leg_invoicing.billing.commitment_membership import (
    with_leaving,
    with_move_out,
)
from custom_components.leg_invoicing.billing.commitments import Commitments
from custom_components.leg_invoicing.billing.meters import Meter, Role
from custom_components.leg_invoicing.billing.participation import (
    LEAST,
    WHOLE,
    Part,
    first_excess,
    partly,
    parts_of_meter,
    parts_of_point,
)
from tests.billing.build import agreement

ONE, HALF = Decimal(1), Decimal("0.5")
MARCH, MAY, JULY = date(2026, 3, 1), date(2026, 5, 1), date(2026, 7, 1)
JANUARY = date(2026, 1, 1)


def books(*days: tuple[str, str | None, str], **left: date) -> Commitments:
    """Return books in which one house has agreements: first, end, factor."""
    agreements = (
        replace(agreement("house_1", first, end), factor=Decimal(factor))
        for first, end, factor in days
    )
    return Commitments(
        agreements=(*agreements, agreement("house_2")),
        left={house_id: (day,) for house_id, day in left.items()},
    )


def part(first: date, end: date | None = None, factor: Decimal = HALF) -> Part:
    """Return a half, unless told otherwise."""
    return Part(first, end, factor)


def test_a_vacant_house_takes_part_as_before() -> None:
    """The part of whoever had it counts until somebody moves in, or it leaves."""
    state = books(("2026-01-01", "2026-03-01", "0.5"), ("2026-05-01", None, "1"))
    assert parts_of_point(state, "house_1") == (
        part(JANUARY, MAY),
        part(MAY, factor=ONE),
    )

    state = books(("2026-01-01", "2026-03-01", "0.5"), house_1=MAY)
    assert parts_of_point(state, "house_1") == (part(JANUARY, MAY),)
    assert parts_of_point(state, "house_3") == ()


def test_moving_out_changes_no_part_and_leaving_ends_it() -> None:
    """Whoever moves out, and whenever, leaves the house in the community."""
    state = books(("2026-01-01", None, "0.5"))
    gone = with_move_out(state, "house_1", MARCH)

    assert parts_of_point(gone, "house_1") == parts_of_point(state, "house_1")
    left = with_leaving(gone, "house_1", MAY)
    assert parts_of_point(left, "house_1") == (part(JANUARY, MAY),)


def test_a_meter_takes_part_with_its_house() -> None:
    """From its own first day on; without a house all of it does."""
    state = books(
        ("2026-01-01", "2026-03-01", "1"),
        ("2026-03-01", "2026-05-01", "0.5"),
        ("2026-05-01", None, "0.25"),
    )
    pump = Meter(
        meter_id="meter_1",
        role=Role.HEAT_PUMP,
        house_id="house_1",
        since=date(2026, 4, 1),
    )
    known = replace(state, meters=(pump,))

    assert parts_of_point(known, "meter_1") == (
        part(date(2026, 4, 1), MAY),
        part(MAY, factor=Decimal("0.25")),
    )
    assert parts_of_meter(state, replace(pump, since=MARCH))[0] == part(MARCH, MAY)
    area = Meter(meter_id="meter_2", role=Role.COMMON_AREA)
    assert parts_of_meter(state, area) == (WHOLE,)


def test_of_whom_only_a_part_takes_part() -> None:
    """Houses whose part is or was less than the whole, and their meters."""
    state = books(("2026-01-01", "2026-03-01", "0.5"), ("2026-03-01", None, "1"))
    meters = (
        Meter(meter_id=f"meter_{house_id}", role=Role.PV, house_id=house_id)
        for house_id in ("house_1", "house_2")
    )
    known = replace(state, meters=tuple(meters))

    assert partly(known) == {"house_1", "meter_house_1"}


@pytest.mark.parametrize(
    ("parts", "others", "excess"),
    [
        # One after the other, on the very day.
        ([part(MAY, factor=ONE)], [part(JANUARY, MAY, ONE)], None),
        ([part(JANUARY, MAY, ONE)], [part(MAY, factor=ONE)], None),
        # Two halves, and a little more.
        ([part(JANUARY)], [part(MARCH)], None),
        (
            [part(JANUARY)],
            [part(MARCH), part(MAY, JULY, LEAST.factor)],
            (MAY, "1.0001"),
        ),
        # The day on which the second of them begins.
        ([part(JANUARY, factor=ONE)], [part(MAY)], (MAY, "1.5")),
        ([part(MAY, factor=ONE)], [part(JANUARY)], (MAY, "1.5")),
        ([], [part(JANUARY, factor=ONE), part(MARCH)], None),
        ([LEAST], [part(MAY, factor=ONE)], (date.max, "1.0001")),
        ([LEAST], [part(MAY), part(JANUARY, JULY)], None),
    ],
)
def test_parts_are_no_more_than_the_whole(
    parts: list[Part], others: list[Part], excess: tuple[date, str] | None
) -> None:
    """On every day; the first on which they would be is found, and how much."""
    found = first_excess(parts, others)
    assert (found and (found[0], str(found[1]))) == excess


@pytest.mark.parametrize(
    ("parts", "excess"),
    [
        ([part(JANUARY, factor=ONE)], None),
        ([part(JANUARY, MAY, ONE)], None),
        ([part(JANUARY, MAY, ONE), part(MAY)], None),
        ([part(date(2025, 1, 1), factor=ONE)], (date(2025, 1, 1), "2")),
    ],
)
def test_whoever_takes_less_is_not_refused(
    parts: list[Part], excess: tuple[date, str] | None
) -> None:
    """What was too much before does not keep anybody from leaving."""
    found = first_excess(parts, [WHOLE], [part(JANUARY, factor=ONE)])
    assert (found and (found[0], str(found[1]))) == excess


def test_more_from_the_day_on_which_less_was_agreed() -> None:
    """A part that ends gives way to nothing more than what is left."""
    before = [part(JANUARY, MARCH), part(MARCH, factor=Decimal("0.25"))]
    after = [part(JANUARY)]

    assert first_excess(after, [part(JANUARY)], before) is None
    assert first_excess(after, [part(JANUARY, factor=Decimal("0.6"))], before) == (
        MARCH,
        Decimal("1.1"),
    )


_DAYS = st.integers(1, 20).map(lambda day: date(2026, 1, day))
_PARTS = st.lists(
    st.builds(
        Part,
        _DAYS,
        st.one_of(st.none(), _DAYS),
        st.sampled_from([Decimal("0.25"), HALF, Decimal("0.75"), ONE]),
    ),
    max_size=4,
)


@given(_PARTS, _PARTS, _PARTS)
def test_every_day_is_looked_at(
    parts: list[Part], others: list[Part], before: list[Part]
) -> None:
    """The days on which something begins or ends are as good as all days."""

    def on(day: date, some: list[Part]) -> Decimal:
        return sum((p.factor for p in some if p.covers(day)), Decimal(0))

    days = [date(2026, 1, day) for day in range(1, 25)]
    expected = next(
        (
            (day, on(day, parts) + on(day, others))
            for day in days
            if on(day, parts) + on(day, others) > 1 and on(day, parts) > on(day, before)
        ),
        None,
    )
    assert first_excess(parts, others, before) == expected
