"""Readings by hand divide gaps; energy is neither lost nor invented."""

from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.leg_invoicing.billing.energy import Energy
from custom_components.leg_invoicing.billing.gathering import Gathering, MeteredHouse
from custom_components.leg_invoicing.billing.hand_reading import (
    ContradictionError,
    Course,
    count_again,
    fitted,
    stretch_around,
)
from custom_components.leg_invoicing.billing.measurements import (
    IntervalRow,
    Rule,
    Side,
    combine,
)
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.billing.register_state import (
    Reading,
    RegisterState,
)
from custom_components.leg_invoicing.billing.registers import RegisterLimits

KEY = ("house_1", "import")
LENGTH = 900
LIMITS = RegisterLimits(interval_seconds=LENGTH, max_power_w=100_000)
HOUSE = MeteredHouse(registers=frozenset({"import"}), limits=LIMITS, member_since=0)
MANUAL, MEASURED = Quality.MANUAL, Quality.MEASURED


def gathering() -> Gathering:
    """Return the registers of a house that have not been read."""
    return Gathering(ZoneInfo("UTC"), {"house_1": HOUSE})


class Meter:
    """A register that is read, and what is known of it."""

    def __init__(self, *readings: tuple[int, int]) -> None:
        """Read it at some seconds."""
        self.live = gathering()
        self.hand: dict[int, Reading] = {}
        for at, mwh in readings:
            self.live.take(KEY, Reading(at, Energy(mwh)))
        self.rows = dict(self.live.rows)

    @property
    def state(self) -> RegisterState:
        """Where it stands."""
        return self.live.states[KEY]

    @property
    def course(self) -> Course:
        """What is known, as the ledger knows it."""
        edge = self.state.edge
        newest = Reading(edge.at, edge.value) if edge else None
        readings = [self.state.last, *self.hand.values()]
        if newest and edge and edge.sound:
            readings.append(newest)
        return Course(
            anchors=tuple(r for r in readings if r.at % LENGTH == 0),
            loose=tuple(r for r in readings if r.at % LENGTH),
            newest=newest,
            sides={
                start: Side(row.imported, row.quality)
                for (_, start), row in self.rows.items()
            },
        )

    def read(self, at: int, mwh: int) -> list[IntervalRow]:
        """Take a reading by hand."""
        stretch = stretch_around(self.course, at, LENGTH)
        reading = fitted(Reading(at, Energy(mwh)), stretch, LIMITS)
        again = gathering()
        rows = count_again(again, KEY, stretch, reading)
        if stretch.is_open:
            self.live.states[KEY] = again.states[KEY]
        for row in rows:
            before = self.rows.get((row.house_id, row.start))
            self.rows[row.house_id, row.start] = (
                combine(before, row, Rule.ALWAYS) or before
            )
        self.hand[at] = reading
        return rows

    @property
    def energies(self) -> dict[int, int]:
        """The energy of each interval."""
        return {start: row.imported or 0 for (_, start), row in self.rows.items()}

    @property
    def total(self) -> int:
        """All energy, that of the interval which has not ended included."""
        edge = self.state.edge
        assert edge is not None
        not_ended = self.state.last.value - edge.value
        return sum(self.energies.values()) + not_ended.mwh


@given(
    rises=st.lists(st.integers(0, 20_000), min_size=60, max_size=60),
    silent=st.lists(st.integers(1, 58), max_size=45),
    by_hand=st.lists(st.integers(1, 58), max_size=8),
)
def test_energy_is_kept(
    rises: list[int], silent: list[int], by_hand: list[int]
) -> None:
    """Whatever is read by hand in whatever order, the sum is the register's advance.

    What a meter measured stays; what is counted again follows the hand readings.
    """
    # The register is read every five minutes, unless the meter is silent.
    course = [(300 * i, sum(rises[:i])) for i in range(60)]
    meter = Meter(*(r for i, r in enumerate(course) if i not in set(silent)))
    before, measured = meter.total, dict(meter.rows)

    for i in by_hand:
        meter.read(*course[i])

    assert meter.total == before
    for key, row in meter.rows.items():
        if measured[key].quality is MEASURED:
            assert row == measured[key]
        else:
            assert row.quality >= MANUAL
    for i in by_hand:
        at, mwh = course[i]
        beside = [measured.get(("house_1", start)) for start in (at - LENGTH, at)]
        if at % LENGTH == 0 and all(r and r.quality is not MEASURED for r in beside):
            counted = sum(mwh for start, mwh in meter.energies.items() if start < at)
            assert counted == mwh - course[0][1]


def test_two_gaps_are_two_stretches() -> None:
    """A reading in one gap leaves what was measured and other gaps alone."""
    meter = Meter(
        (0, 0), (900, 10), (4500, 50), (5400, 60), (6300, 70), (9900, 110), (10800, 120)
    )
    before = dict(meter.rows)

    meter.read(2700, 20)

    changed = {start for (_, start), row in meter.rows.items()}
    changed = {s for s in changed if meter.rows["house_1", s] != before["house_1", s]}
    assert changed == {900, 1800, 2700, 3600}
    meter.read(8100, 80)
    assert meter.energies[6300] == meter.energies[7200] == 5
    assert meter.total == 120


def test_before_anything_is_known() -> None:
    """Nothing is counted from before the first reading there is."""
    course = Course(anchors=(), sides={})

    stretch = stretch_around(course, 1000, LENGTH)
    rows = count_again(gathering(), KEY, stretch, Reading(1000, Energy(5)))

    assert (stretch.before, stretch.after, stretch.is_open) == ((), (), True)
    assert rows == []


def test_where_the_newest_edge_was_calculated() -> None:
    """The register's last reading bounds what its newest edge does not."""
    meter = Meter((0, 0), (3000, 30_000))
    stretch = stretch_around(meter.course, 1350, LENGTH)

    assert [r.at for r in (*stretch.before, *stretch.after)] == [0, 3000]
    assert stretch.is_open


def test_a_hole_is_bounded_on_either_side() -> None:
    """Values are followed from both sides of intervals that nobody knows."""
    meter = Meter((0, 0), (900, 10), (1800, 20), (2700, 30), (3600, 40), (4500, 50))
    meter.rows.pop(("house_1", 1800))
    meter.hand[0] = Reading(0, Energy(0))

    rows = meter.read(2000, 22)

    assert [(row.start, row.imported, row.quality) for row in rows] == [
        (1800, 10, MANUAL)
    ]


@pytest.mark.parametrize(
    ("mwh", "kept"), [(-99_999, 0), (10, 10), (50, 50), (100_050, 50)]
)
def test_noise_is_no_contradiction(mwh: int, kept: int) -> None:
    """A reading that is off by a register's noise is taken as its neighbour's."""
    meter = Meter((0, 0), (1800, 50))

    meter.read(900, mwh)

    assert meter.hand[900].value.mwh == kept


@pytest.mark.parametrize(
    ("mwh", "code", "other"),
    [
        (-100_001, "reading_too_low", 0),
        (30_100_001, "reading_too_high", 1800),
        (1_000_000, "reading_too_far", 1800),
    ],
)
def test_contradictions(mwh: int, code: str, other: int) -> None:
    """A reading that cannot be true names the one that it contradicts."""
    last = 30_000_000 if other else 50
    meter = Meter((0, 0), (1800, last), (2700, last))

    with pytest.raises(ContradictionError, match=code) as caught:
        meter.read(900, mwh)

    assert (caught.value.code, caught.value.other.at) == (code, other)
