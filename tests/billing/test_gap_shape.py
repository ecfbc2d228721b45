"""The energy of a gap, in the shape of the weeks before it."""

from collections.abc import Iterable, Mapping, Sequence
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st

from custom_components.leg_invoicing.billing.calendar import Span, iso_utc
from custom_components.leg_invoicing.billing.energy import Energy
from custom_components.leg_invoicing.billing.gap_shape import Closed, shaped
from custom_components.leg_invoicing.billing.gathering import Gathering, MeteredHouse
from custom_components.leg_invoicing.billing.measurements import IntervalRow
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.billing.register_state import Reading
from custom_components.leg_invoicing.billing.registers import RegisterLimits

from .build import at

ZURICH = ZoneInfo("Europe/Zurich")
HOUR = 3600
DAY = 24 * HOUR
WEEK = 7 * DAY
IMPORT, EXPORT = ("house_1", "import"), ("house_1", "export")


def gathered(*registers: str, member_since: int = 0) -> Gathering:
    """Return a house with intervals of an hour."""
    house = MeteredHouse(
        registers=frozenset(registers or ("import",)),
        limits=RegisterLimits(interval_seconds=HOUR, max_power_w=30_000),
        member_since=member_since,
    )
    return Gathering(ZURICH, {"house_1": house})


def gap(
    since: int, until: int, mwh: int, *, key: tuple[str, str] = IMPORT
) -> Gathering:
    """Return what a register closes that was silent for a while."""
    house = gathered(key[1])
    house.take(key, Reading(since, Energy(5_000_000)))
    house.take(key, Reading(until, Energy(5_000_000 + mwh)))
    return house


def week(
    start: int,
    energies: Mapping[int, int],
    quality: Quality = Quality.MEASURED,
    hours: int = 168,
) -> list[IntervalRow]:
    """Return measured hours: the energies by hour from the start, else nothing."""
    return [
        IntervalRow("house_1", start + n * HOUR, energies.get(n, 0), 0, quality)
        for n in range(hours)
    ]


def shape(
    house: Gathering, known: Sequence[IntervalRow] = ()
) -> tuple[list[int | None], list[int]]:
    """Return the imports of the gap in order, and the midnights in mWh."""
    closed = close(house, known)
    rows = sorted(closed.rows, key=lambda row: row.start)
    assert {row.quality for row in rows} <= {Quality.INTERPOLATED, Quality.MEASURED}
    return [row.imported for row in rows], [
        note.reading.value.mwh for note in closed.midnights
    ]


def close(house: Gathering, known: Sequence[IntervalRow] = ()) -> Closed:
    """Shape what a house has closed."""

    def held(span: Span, houses: Sequence[str]) -> Iterable[IntervalRow]:
        assert tuple(houses) == ("house_1",)
        return (row for row in known if row.start in span)

    closed = Closed(list(house.rows.values()), house.midnights, house.gaps)
    return shaped(closed, held, ZURICH)


MONDAY = at("2026-02-02T00:00+01:00")
MORNING = MONDAY + 8 * HOUR


def test_a_gap_has_the_shape_of_the_same_weekday_before() -> None:
    """Noon of the Monday before weighs on Monday noon; the sum is the register's."""
    history = week(MONDAY - WEEK, {8: 100, 9: 200, 10: 0, 11: 700, 8 + 24: 999})

    energies, _ = shape(gap(MORNING, MORNING + 4 * HOUR, 1_000), history)

    assert energies == [100, 200, 0, 700]


def test_several_weeks_weigh_as_their_mean() -> None:
    """A week in which an hour was not measured does not make that hour small."""
    twice = [
        row
        for row in week(MONDAY - 2 * WEEK, {8: 300, 9: 300})
        if row.start != MONDAY - 2 * WEEK + 8 * HOUR
    ]
    history = [*twice, *week(MONDAY - WEEK, {8: 300, 9: 300})]

    energies, _ = shape(gap(MORNING, MORNING + 2 * HOUR, 100), history)

    assert energies == [50, 50]


def test_only_four_weeks_before_the_gap_count() -> None:
    """What is older says nothing any more, nor does what came after."""
    old = week(MONDAY - 5 * WEEK, {8: 900})
    after = week(MONDAY + WEEK, {8: 900})
    recent = week(MONDAY - 4 * WEEK, {8: 100, 9: 300})

    energies, _ = shape(gap(MORNING, MORNING + 2 * HOUR, 4), [*old, *recent, *after])

    assert energies == [1, 3]


def test_a_gap_of_weeks_takes_each_weekday_from_before_it() -> None:
    """Within a long gap there is nothing measured to go by; before it there is."""
    history = week(MONDAY - WEEK, {n: 1 + n for n in range(168)})

    energies, _ = shape(gap(MONDAY, MONDAY + 2 * WEEK, 2 * 168 * 169 // 2), history)

    assert energies == [1 + n for n in range(168)] * 2


def test_without_history_a_gap_is_spread_evenly() -> None:
    """An hour that was never measured is not taken for an hour of nothing."""
    partly = [row for row in week(MONDAY - WEEK, {8: 5}) if row.start < MORNING - WEEK]

    assert shape(gap(MORNING, MORNING + 2 * HOUR, 100))[0] == [50, 50]
    assert shape(gap(MORNING, MORNING + 2 * HOUR, 100), partly)[0] == [50, 50]


def test_a_history_of_nothing_says_nothing() -> None:
    """Energy cannot be spread in the shape of zeros."""
    history = week(MONDAY - WEEK, {})

    assert shape(gap(MORNING, MORNING + 2 * HOUR, 100), history)[0] == [50, 50]


def test_only_what_was_measured_is_history() -> None:
    """The shape of a gap is not made of other gaps."""
    history = week(MONDAY - WEEK, {8: 1, 9: 9}, Quality.INTERPOLATED)

    assert shape(gap(MORNING, MORNING + 2 * HOUR, 100), history)[0] == [50, 50]


def test_intervals_at_the_ends_of_a_gap_keep_their_energy() -> None:
    """An interval in which the register was read is not wholly in the gap."""
    history = week(MONDAY - WEEK, {7: 900, 8: 1, 9: 1, 10: 4})
    house = gathered()
    for minutes, mwh in ((-60, 0), (-30, 100), (210, 900), (240, 950)):
        house.take(IMPORT, Reading(MORNING + minutes * 60, Energy(mwh)))

    energies, _ = shape(house, history)

    # Spread evenly, the gap's 800 are 200 an hour. Both of its ends are half an
    # hour of an interval in which something was read as well.
    assert energies == [100 + 100, 100, 100, 400, 100 + 50]


def test_what_is_known_better_takes_no_part() -> None:
    """A measured hour inside the gap stands, and the others share theirs."""
    history = week(MONDAY - WEEK, {8: 100, 9: 500, 10: 300})
    measured = IntervalRow("house_1", MORNING + HOUR, 7, 0, Quality.MEASURED)

    energies, _ = shape(gap(MORNING, MORNING + 3 * HOUR, 300), [*history, measured])

    assert energies == [50, 100, 150]


def test_each_register_has_gaps_of_its_own() -> None:
    """The export is spread by the export; the import beside it was measured."""
    house = gathered("import", "export")
    for n in range(4):
        house.take(IMPORT, Reading(MORNING + n * HOUR, Energy(1000 + 60 * n)))
    house.take(EXPORT, Reading(MORNING, Energy(0)))
    house.take(EXPORT, Reading(MORNING + 3 * HOUR, Energy(300)))
    history = [
        row._replace(exported=exported)
        for row, exported in zip(
            week(MONDAY - WEEK + 8 * HOUR, {0: 1}, hours=3), (0, 1, 2), strict=True
        )
    ]

    rows = close(house, history).rows

    assert [(row.imported, row.exported) for row in rows] == [
        (60, 0),
        (60, 100),
        (60, 200),
    ]


def test_midnights_in_a_gap_agree_with_its_intervals() -> None:
    """The register at midnight is its start and all that was spread before."""
    evening = MONDAY - 2 * HOUR
    history = week(evening - WEEK, {0: 1, 1: 2, 2: 3, 3: 4}, hours=4)

    energies, midnights = shape(gap(evening, MONDAY + 2 * HOUR, 100), history)

    assert energies == [10, 20, 30, 40]
    assert midnights == [5_000_030]


def test_midnights_at_the_ends_of_a_gap_stay() -> None:
    """There the register was read."""
    history = week(MONDAY - WEEK, {n: n for n in range(48)})

    house = gap(MONDAY, MONDAY + 2 * DAY, 48)
    _, midnights = shape(house, history)

    first, middle, last = sorted(midnights)
    assert (first, last) == (5_000_000, 5_000_048)
    assert middle == 5_000_000 + sum(
        row.imported or 0
        for row in close(house, history).rows
        if row.start < MONDAY + DAY
    )


def test_intervals_before_membership_are_left_out() -> None:
    """What is not kept is not spread either."""
    house = gathered("import", member_since=MORNING + HOUR)
    house.take(IMPORT, Reading(MORNING, Energy(0)))
    house.take(IMPORT, Reading(MORNING + 3 * HOUR, Energy(300)))
    history = week(MONDAY - WEEK, {8: 5, 9: 1, 10: 3})

    energies, _ = shape(house, history)

    assert energies == [50, 150]


def test_the_same_file_holds_history_as_well() -> None:
    """What was closed with a gap, and before it, is history like the ledger's."""
    house = gathered("import")
    value = 0
    for n, energy in enumerate([10, 30, *[0] * 166]):
        house.take(IMPORT, Reading(MORNING - WEEK + n * HOUR, Energy(value)))
        value += energy
    house.take(IMPORT, Reading(MORNING, Energy(value)))
    house.take(IMPORT, Reading(MORNING + 2 * HOUR, Energy(value + 100)))

    energies, _ = shape(house)

    assert energies[-2:] == [25, 75]


def test_clocks_move_nothing() -> None:
    """After the change to summer time, eight o'clock is still eight o'clock."""
    before = at("2026-03-23T08:00+01:00")
    after = at("2026-03-30T08:00+02:00")
    history = week(before, {0: 1, 1: 3}, hours=3)

    energies, _ = shape(gap(after, after + 2 * HOUR, 400), history)

    assert after - before == WEEK - HOUR
    assert energies == [100, 300]


def test_the_hour_that_october_repeats_is_two_hours() -> None:
    """Both have the shape of the one hour of the Sunday before."""
    since = at("2026-10-25T01:00+02:00")
    history = week(at("2026-10-18T01:00+02:00"), {0: 1, 1: 2, 2: 3}, hours=3)

    energies, _ = shape(gap(since, since + 4 * HOUR, 800), history)

    assert energies == [100, 200, 200, 300]


def test_the_hour_that_march_skips_is_not_missed() -> None:
    """A history without that hour leaves a gap in it as it was."""
    since = at("2026-04-05T02:00+02:00")
    history = week(at("2026-03-29T01:00+01:00"), {0: 1, 1: 2, 2: 3}, hours=3)

    energies, _ = shape(gap(since, since + 2 * HOUR, 800), history)

    assert energies == [400, 400]


@given(
    st.integers(0, 10**7),
    st.integers(2, 400),
    st.integers(0, 7000),
    st.lists(st.integers(0, 10**6) | st.none(), min_size=1, max_size=400),
)
def test_shaping_conserves_energy(
    mwh: int, hours: int, offset: int, past: list[int | None]
) -> None:
    """Whatever the history, the sum and the register's ends stay; nothing is negative."""
    since = at("2026-03-20T00:00+01:00")
    house = gap(since - offset, since + hours * HOUR + offset, mwh)
    linear = {row.start: row.imported for row in house.rows.values()}
    first = [reading.reading for reading in house.midnights]
    known = [
        IntervalRow("house_1", since - (n + 1) * HOUR, energy, 0, Quality.MEASURED)
        for n, energy in enumerate(past)
    ]

    closed = close(house, known)

    energies = {row.start: row.imported for row in closed.rows}
    assert energies.keys() == linear.keys()
    assert sum(e or 0 for e in energies.values()) == sum(
        e or 0 for e in linear.values()
    )
    assert min((e or 0 for e in energies.values()), default=0) >= 0
    assert {row.quality for row in closed.rows} <= {Quality.INTERPOLATED}
    base = sum(e or 0 for e in linear.values())
    for before, after in zip(first, closed.midnights, strict=True):
        moved = sum(
            (energies[start] or 0) - (linear[start] or 0)
            for start in linear
            if start < after.reading.at
        )
        assert after.reading.value.mwh == before.value.mwh + moved, iso_utc(before.at)
        assert abs(moved) <= base
