"""Registers: every way in which meters misbehave, and what is counted then."""

from datetime import UTC, date, datetime
from decimal import Decimal
import json
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.leg_invoicing.billing.calendar import midnight
from custom_components.leg_invoicing.billing.energy import NO_ENERGY, Energy
from custom_components.leg_invoicing.billing.meter_change import (
    MeterChange,
    change_meter,
)
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.billing.registers import (
    Advance,
    Reading,
    RegisterEvent,
    RegisterInterval,
    RegisterLimits,
    RegisterState,
    advance,
)

QUARTER = 900
LIMITS = RegisterLimits(interval_seconds=QUARTER, max_power_w=30_000)
ZURICH = ZoneInfo("Europe/Zurich")

MEASURED = Quality.MEASURED
INTERPOLATED = Quality.INTERPOLATED


def at(clock: str, day: int = 5) -> int:
    """Return a time of day in January 2026, `10:03` or `10:03:20`, in UTC."""
    hour, minute, *second = (int(part) for part in clock.split(":"))
    return int(datetime(2026, 1, day, hour, minute, *second, tzinfo=UTC).timestamp())


def kwh(text: str) -> Energy:
    """Return an energy."""
    return Energy.from_kwh(Decimal(text))


class Meter:
    """A register that is read, and everything that came of it."""

    def __init__(self, limits: RegisterLimits = LIMITS) -> None:
        """Begin with a register that has never been read."""
        self.limits = limits
        self.state: RegisterState | None = None
        self.closed: list[RegisterInterval] = []
        self.events: list[RegisterEvent] = []

    def read(self, clock: str, value: str, day: int = 5) -> Advance:
        """Read the register at a time of day."""
        return self.take(Reading(at(clock, day), kwh(value)))

    def take(self, reading: Reading) -> Advance:
        """Take a reading."""
        step = advance(self.state, reading, self.limits)
        self.state = step.state
        self.closed += step.closed
        if step.event:
            self.events.append(step.event)
        return step

    def restart(self) -> None:
        """Forget everything but what the ledger holds."""
        stored = json.dumps(self.state.as_record())
        self.state = RegisterState.from_record(json.loads(stored))

    @property
    def lines(self) -> list[tuple[str, str, Quality]]:
        """The closed intervals, as (start, kWh, quality)."""
        return [
            (
                f"{datetime.fromtimestamp(interval.start, UTC):%H:%M}",
                f"{interval.energy.kwh.normalize():f}",
                interval.quality,
            )
            for interval in self.closed
        ]

    @property
    def total(self) -> Energy:
        """The energy of all closed intervals."""
        return Energy.total(interval.energy for interval in self.closed)


def running_meter() -> Meter:
    """Return a meter that stands at 3.737 kWh at 10:05, its first edge passed."""
    meter = Meter()
    meter.read("09:59", "3.600")
    meter.read("10:00", "3.700")
    meter.read("10:05", "3.737")
    return meter


# Intervals


def test_difference_of_edges() -> None:
    """An interval's energy is the difference of the register at its two edges."""
    meter = Meter()
    meter.read("10:00", "100")
    meter.read("10:15", "101.25")
    meter.read("10:30", "101.5")

    assert meter.lines == [
        ("10:00", "1.25", MEASURED),
        ("10:15", "0.25", MEASURED),
    ]


def test_first_edge_only_opens() -> None:
    """Nothing is counted from before the first edge after the first reading."""
    meter = Meter()
    meter.read("10:07", "100")
    assert meter.read("10:20", "101").closed == ()

    meter.read("10:30", "102")
    assert [start for start, *_ in meter.lines] == ["10:15"]


def test_edge_between_readings() -> None:
    """The value at an edge lies on the line between its neighbours, rounded down."""
    meter = Meter()
    meter.read("10:00", "0")
    # A third of 0.000010 kWh has passed at 10:15.
    meter.read("10:10", "1")
    meter.read("10:25", "1.000010")
    meter.read("10:30", "1.000010")

    assert meter.lines == [
        ("10:00", "1.000003", MEASURED),
        ("10:15", "0.000007", MEASURED),
    ]


@pytest.mark.parametrize(
    ("gap_seconds", "quality"),
    [(QUARTER + 120, MEASURED), (QUARTER + 121, INTERPOLATED)],
)
def test_sound_gap(gap_seconds: int, quality: Quality) -> None:
    """An edge is sound while its neighbours are two minutes over an interval apart."""
    meter = Meter()
    meter.read("10:00", "0")
    meter.take(Reading(at("10:00") + gap_seconds, kwh("1")))

    assert [interval.quality for interval in meter.closed] == [quality]


def test_edge_at_a_reading_is_sound() -> None:
    """An edge at which the register was read is sound, even after an outage."""
    meter = Meter()
    meter.read("10:00", "0")
    meter.read("11:00", "4")
    meter.read("11:15", "5")

    assert meter.lines[-1] == ("11:00", "1", MEASURED)


def test_older_readings_are_ignored() -> None:
    """A reading older than the last one changes nothing, whatever it says."""
    meter = running_meter()
    before = meter.state

    assert meter.read("10:04:59", "999") == Advance(before)


def test_same_reading_again() -> None:
    """The same value at the same instant changes nothing."""
    meter = running_meter()
    before = meter.state

    assert meter.read("10:05", "3.737") == Advance(before)


def test_higher_value_in_the_same_second() -> None:
    """Two readings of one second count once, and no energy gets lost."""
    meter = Meter()
    meter.read("10:00", "3.700")
    meter.read("10:15", "3.800")
    meter.read("10:15", "3.801")
    meter.read("10:30", "3.901")

    assert meter.lines == [("10:00", "0.1", MEASURED), ("10:15", "0.101", MEASURED)]


def test_other_interval_length() -> None:
    """Between edges of two grids no interval closes."""
    meter = Meter()
    meter.read("10:00", "0")
    meter.read("10:15", "1")
    meter.limits = RegisterLimits(interval_seconds=3600, max_power_w=30_000)

    assert meter.read("11:00", "4").closed == ()
    meter.read("12:00", "5")
    assert meter.lines[-1] == ("11:00", "1", MEASURED)


# How meters misbehave (each pattern is one row of the specification)


def test_row_1_zero_after_unavailable() -> None:
    """3.737, unavailable, 0.000, 3.746: nothing has happened."""
    meter = running_meter()
    assert meter.read("10:05:04", "0.000").event is RegisterEvent.DROP_PENDING
    assert meter.read("10:05:08", "3.746").event is RegisterEvent.RETURNED
    meter.read("10:15", "3.800")

    assert meter.lines == [("10:00", "0.1", MEASURED)]
    assert meter.state.drop is None


def test_row_2_restart() -> None:
    """After a restart the register goes on from what the ledger holds."""
    meter = running_meter()
    meter.restart()
    meter.read("10:20", "4.037")
    meter.read("10:30", "4.100")

    assert meter.lines == [("10:00", "0.237", MEASURED), ("10:15", "0.163", MEASURED)]


def test_row_3_jitter() -> None:
    """A fall by the last digit is noise: the maximum is held, time goes on."""
    meter = running_meter()
    step = meter.read("10:15", "3.736")

    assert step.event is None
    assert step.state.last == Reading(at("10:15"), kwh("3.737"))
    assert meter.lines == [("10:00", "0.037", MEASURED)]


@pytest.mark.parametrize(
    ("value", "event"),
    [("3.637", None), ("3.636999", RegisterEvent.DROP_PENDING)],
)
def test_row_3_limit_of_noise(value: str, event: RegisterEvent | None) -> None:
    """A tenth of a kWh is noise, a millionth of a kWh more is not."""
    assert running_meter().read("10:06", value).event is event


def test_row_4_dip_that_stays() -> None:
    """A dip of a tenth that stays closes nothing and is pending since it began."""
    meter = Meter()
    meter.read("10:00", "99")
    meter.read("10:14", "100")
    meter.read("10:16", "92")
    for clock in ("10:30", "10:45", "11:00"):
        assert meter.read(clock, "92.1").event is None

    assert meter.closed == []
    assert meter.state.drop.since == at("10:16")
    assert meter.state.drop.latest == Reading(at("11:00"), kwh("92.1"))
    assert meter.state.last == Reading(at("10:14"), kwh("100"))


def test_row_5_reset() -> None:
    """A register reset to zero waits for a person, who is told since when."""
    meter = running_meter()
    meter.read("10:06", "0")
    meter.read("10:15", "0.1")
    meter.read("10:30", "0.2")

    assert meter.events == [RegisterEvent.DROP_PENDING]
    assert meter.closed == []
    assert meter.state.drop.since == at("10:06")


def test_row_7_offline_for_hours() -> None:
    """An outage's energy is kept whole, spread over the outage, and flagged."""
    meter = Meter()
    meter.read("10:00", "100")
    meter.read("10:15", "101")
    meter.read("13:15", "113")
    meter.read("13:30", "114")

    assert meter.lines == [
        ("10:00", "1", MEASURED),
        *((f"{10 + n // 4}:{n % 4 * 15:02}", "1", INTERPOLATED) for n in range(1, 13)),
        ("13:15", "1", MEASURED),
    ]
    assert meter.events == []


def test_published_substitute_values() -> None:
    """A gap is filled linearly, as published: 7.32, 6.84, 6.36 and 5.88 from 7.8."""
    # The published values fall from 7.8 to 5.4. A register rises, so here it
    # shows what is left to 10.
    meter = Meter()
    meter.read("10:00", "2.2")
    meter.read("11:15", "4.6")

    left, values = kwh("7.8"), []
    for interval in meter.closed:
        left -= interval.energy
        values.append(str(left.kwh.normalize()))
    assert values == ["7.32", "6.84", "6.36", "5.88", "5.4"]


def test_row_8_offline_for_a_month() -> None:
    """A month offline with the same value is no consumption, and flagged."""
    meter = Meter()
    meter.read("00:00", "55.5", day=1)
    meter.read("00:00", "55.5", day=31)

    assert len(meter.closed) == 30 * 96
    assert {interval.energy for interval in meter.closed} == {NO_ENERGY}
    assert {interval.quality for interval in meter.closed} == {INTERPOLATED}


def test_row_9_impossible_value() -> None:
    """Four million kWh after a device has started are set aside, then forgotten."""
    meter = running_meter()
    step = meter.read("10:10", "4000000")
    assert step.event is RegisterEvent.IMPLAUSIBLE
    assert step.state.jump.since == at("10:10")
    assert meter.read("10:11", "4000000").event is None
    assert meter.read("10:15", "3.800").event is RegisterEvent.RETURNED

    assert meter.lines == [("10:00", "0.1", MEASURED)]
    assert meter.state.jump is None


def test_row_9_limit_of_the_connection() -> None:
    """What the connection can carry is believed, plus one step of a coarse register."""
    possible = kwh("1") + kwh("7.5") + kwh("3.7")
    for value, event in (
        (possible, None),
        (possible + Energy(1), RegisterEvent.IMPLAUSIBLE),
    ):
        meter = Meter()
        meter.read("10:00", "3.7")
        step = meter.take(Reading(at("10:15"), value))
        assert step.event is event


def test_row_10_same_payload_again() -> None:
    """A value that is read again and again is zero consumption, and measured."""
    meter = Meter()
    for clock in ("10:00", "10:16", "10:31", "10:46", "11:01"):
        meter.read(clock, "55.5")

    assert meter.lines == [
        (start, "0", MEASURED) for start in ("10:00", "10:15", "10:30", "10:45")
    ]


@pytest.mark.parametrize(
    ("day", "quarters"),
    [(date(2026, 3, 29), 92), (date(2026, 10, 25), 100), (date(2026, 7, 1), 96)],
)
def test_row_11_clock_change(day: date, quarters: int) -> None:
    """A local day has 92, 96 or 100 intervals; none is left out or comes twice."""
    start = midnight(day, ZURICH)
    end = midnight(date.fromordinal(day.toordinal() + 1), ZURICH)
    meter = Meter()
    for index, instant in enumerate(range(start, end + 1, 300)):
        meter.take(Reading(instant, Energy(index * 40_000)))

    starts = [interval.start for interval in meter.closed]
    assert starts == list(range(start, end, QUARTER))
    assert len(set(starts)) == quarters
    assert {interval.energy for interval in meter.closed} == {kwh("0.12")}


def test_row_15_broker_down() -> None:
    """Silence closes nothing; on return the gap is filled, and the next day is clean."""
    meter = running_meter()
    meter.restart()
    meter.read("14:00", "12")
    meter.read("14:15", "12.5")

    assert {quality for *_, quality in meter.lines[:-1]} == {INTERPOLATED}
    assert meter.lines[-1] == ("14:00", "0.5", MEASURED)
    assert meter.total == kwh("12.5") - kwh("3.7")


# Faults of other billing systems


def test_fault_10_readings_after_an_outage_count() -> None:
    """What the register shows before and after an outage is what gets billed."""
    meter = Meter()
    meter.read("08:00", "10")
    meter.read("08:10", "11")
    meter.read("08:11", "0")
    meter.restart()
    meter.read("12:00", "30")

    assert meter.total == kwh("20")


def test_fault_11_interpolation_is_told() -> None:
    """No interval that touches a gap passes for measured."""
    meter = Meter()
    meter.read("10:00", "0")
    meter.read("10:20", "1")
    meter.read("12:20", "7")
    meter.read("12:31", "8")

    assert [quality for *_, quality in meter.lines] == [INTERPOLATED] * 10
    assert [start for start, *_ in meter.lines][::9] == ["10:00", "12:15"]


def test_fault_13_repeated_hour() -> None:
    """The hour that October repeats is eight intervals, each with its own energy."""
    first = int(datetime(2026, 10, 25, 0, tzinfo=UTC).timestamp())
    meter = Meter()
    for n in range(9):
        meter.take(Reading(first + n * QUARTER, Energy(n * n * 1000)))

    local = [
        f"{datetime.fromtimestamp(interval.start, ZURICH):%H:%M}"
        for interval in meter.closed
    ]
    assert local == ["02:00", "02:15", "02:30", "02:45"] * 2
    assert len({interval.energy for interval in meter.closed}) == 8


# Drops and jumps, further


def test_return_within_noise_ends_a_drop() -> None:
    """A register that is back but for noise is back."""
    meter = running_meter()
    meter.read("10:06", "0")

    step = meter.read("10:07", "3.7")
    assert step.event is RegisterEvent.RETURNED
    assert step.state.last == Reading(at("10:07"), kwh("3.737"))


def test_drop_and_jump_are_told_apart() -> None:
    """A jump during a drop does not make the drop forgotten."""
    meter = running_meter()
    meter.read("10:06", "0")
    meter.read("10:07", "4000000")
    meter.read("10:08", "0.1")

    assert meter.state.drop.since == at("10:06")
    assert meter.state.jump.since == at("10:07")
    assert meter.events == [RegisterEvent.DROP_PENDING, RegisterEvent.IMPLAUSIBLE]


def test_jump_that_time_makes_possible() -> None:
    """A sender that was silent a while is believed once its jump is possible."""
    meter = running_meter()
    meter.read("10:14", "3.737")
    meter.read("10:14:10", "13.737")
    # 10 kWh at 30 kW need 18 minutes, after the one step that is always allowed.
    assert meter.read("10:31:59", "13.737").event is None
    step = meter.read("10:32", "13.737")

    assert step.event is RegisterEvent.JUMP_ACCEPTED
    assert [quality for *_, quality in meter.lines] == [INTERPOLATED] * 2
    assert meter.state.last.value == kwh("13.737")


def test_jump_accepted_soon_is_no_measurement() -> None:
    """An edge behind a jump that had to wait is unsound, however near its readings."""
    meter = running_meter()
    meter.read("10:14", "3.737")
    meter.read("10:14:10", "5.5")
    meter.read("10:17", "5.5")
    meter.read("10:30", "5.6")

    assert meter.events == [RegisterEvent.IMPLAUSIBLE, RegisterEvent.JUMP_ACCEPTED]
    assert [quality for *_, quality in meter.lines] == [INTERPOLATED] * 2


def test_jump_that_a_day_makes_not_possible() -> None:
    """A jump beyond a day at full power is not believed, however long it lasts."""
    meter = running_meter()
    meter.read("10:06", "800")
    for day in range(6, 31):
        assert meter.read("10:06", "800", day=day).event is None

    assert meter.closed == []
    assert meter.state.jump.since == at("10:06")


def test_jump_let_in_by_a_higher_limit() -> None:
    """Raising the limit of the connection lets a jump in at the next reading."""
    meter = running_meter()
    meter.read("10:14", "20")
    meter.limits = RegisterLimits(interval_seconds=QUARTER, max_power_w=200_000)

    assert meter.read("10:15", "20").event is RegisterEvent.JUMP_ACCEPTED
    assert meter.total == kwh("16.3")


def test_coarse_register() -> None:
    """A register that counts whole kWh may step at any time."""
    meter = Meter()
    meter.read("10:00", "7")
    meter.read("10:14:59", "7")
    meter.read("10:15", "8")

    assert meter.lines == [("10:00", "1", MEASURED)]


# The first value


def test_first_value_has_no_bound() -> None:
    """Whatever a register shows first is where counting begins."""
    assert Meter().read("10:00", "4000000").event is None


def test_first_value_far_too_high() -> None:
    """Where a lower value rises like a register, the first one was wrong."""
    meter = Meter()
    meter.read("10:00", "4000000")
    assert meter.read("10:01", "3.7").event is RegisterEvent.DROP_PENDING
    assert meter.read("10:02", "3.7").event is None
    assert meter.read("10:15", "3.8").event is RegisterEvent.RESTARTED
    meter.read("10:30", "4")

    assert meter.state.drop is None
    assert meter.lines == [("10:15", "0.2", MEASURED)]


def test_first_value_far_too_high_and_no_rise() -> None:
    """A lower value that never rises may be another fault: a person decides."""
    meter = Meter()
    meter.read("10:00", "4000000")
    meter.read("10:01", "3.7")
    meter.read("10:30", "3.7")

    assert meter.state.drop.since == at("10:01")


def test_first_value_zero() -> None:
    """The zero of a device that has just started is no baseline."""
    meter = Meter()
    meter.read("10:00", "0")
    assert meter.read("10:01", "12345.6").event is RegisterEvent.IMPLAUSIBLE
    assert meter.read("10:18", "12345.7").event is None
    assert meter.read("10:19", "12345.8").event is RegisterEvent.RESTARTED
    meter.read("10:30", "12346")
    meter.read("10:45", "12347")

    assert meter.lines == [("10:30", "1", MEASURED)]


def test_first_value_right_then_a_glitch() -> None:
    """A first value to which the register returns was right."""
    for glitch in ("0", "4000000"):
        meter = Meter()
        meter.read("10:00", "12345.6")
        meter.read("10:01", glitch)
        meter.read("10:02", glitch)
        meter.read("10:15", "12345.7")
        assert meter.lines == [("10:00", "0.1", MEASURED)]


@pytest.mark.parametrize("erratic", ["3.6", "77"])
def test_first_value_stays_on_trial(erratic: str) -> None:
    """What contradicts the first value has to behave like a register itself."""
    meter = Meter()
    meter.read("10:00", "4000000")
    meter.read("10:01", "3.7")

    assert meter.read("10:02", erratic).event is None
    assert meter.state.drop.since == at("10:01")


def test_first_value_contradicted_by_erratic_jumps() -> None:
    """A jump has to behave like a register before counting begins anew there."""
    meter = Meter()
    meter.read("10:00", "0")
    meter.read("10:01", "5000")
    assert meter.read("10:30", "4000").event is None
    # A reading that comes late, and from before the one it would follow.
    assert meter.read("10:29", "4000").event is None
    assert meter.read("10:31", "9000").event is None


def test_first_value_is_settled_by_a_rise() -> None:
    """Once energy has been counted, a drop is for a person even if it rises."""
    meter = running_meter()
    meter.read("10:06", "0")
    meter.read("10:10", "0.1")
    meter.read("10:15", "0.2")

    assert meter.events == [RegisterEvent.DROP_PENDING]


def test_first_value_is_settled_by_a_day() -> None:
    """After a day at the same value a jump is for a person."""
    meter = Meter()
    meter.read("10:00", "0")
    meter.read("10:00", "0", day=6)
    meter.read("10:01", "5000", day=6)

    assert meter.read("10:30", "5000", day=6).event is None


# The state


def test_record_of_everything() -> None:
    """A state with an edge, a drop and a jump survives being written and read."""
    meter = running_meter()
    meter.read("10:06", "0")
    meter.read("10:07", "4000000")
    state = meter.state
    meter.restart()

    assert meter.state == state


def test_record_of_an_earlier_version() -> None:
    """A record without a course or another meter is a state all the same."""
    meter = running_meter()
    meter.read("10:06", "0")
    meter.read("10:16", "0.1")
    record = meter.state.as_record()
    for key in ("offset", "drop_path", "jump_path"):
        record.pop(key, None)

    again = RegisterState.from_record(record)
    assert again.offset == NO_ENERGY
    assert again.drop.first == again.drop.latest == Reading(at("10:16"), kwh("0.1"))
    assert again.drop.since == at("10:06")


def test_course_in_doubt_is_bounded() -> None:
    """Of a course that nobody believes for months, the newest part is remembered."""
    meter = running_meter()
    start = at("10:06")
    for n in range(1200):
        meter.take(Reading(start + n * QUARTER, Energy(n)))

    edges = meter.state.drop.edges
    assert len(edges) == 1000
    assert edges[-1].at > start + 1198 * QUARTER


def test_late_reading_of_a_course_in_doubt() -> None:
    """A reading from before the newest one changes nothing, in doubt either."""
    meter = running_meter()
    meter.read("10:16", "0.1")
    before = meter.state
    meter.read("10:10", "0.05")

    assert meter.state == before


def test_glitch_in_a_course_in_doubt() -> None:
    """A new meter's course begins behind a value that it cannot have come from."""
    meter = running_meter()
    for clock, value in (("10:16", "3"), ("10:17", "0"), ("10:18", "3.01")):
        meter.read(clock, value)
    assert meter.state.drop.first == Reading(at("10:18"), kwh("3.01"))

    change = MeterChange(at=at("10:15"), final=kwh("3.8"), first=kwh("2.99"))
    meter.state = change_meter(meter.state, change, LIMITS).state
    assert meter.state.shown == kwh("3.01")
    assert meter.state.last.value == kwh("3.82")


def test_record_of_nothing_more() -> None:
    """A state that has only been read once survives being written and read."""
    meter = Meter()
    meter.read("10:07", "1")
    state = meter.state
    meter.restart()

    assert meter.state == state


@pytest.mark.parametrize(
    "record", [{}, {"at": None, "value": 3}, {"at": 3, "value": None}, {"at": 3}]
)
def test_record_that_is_none(record: dict[str, int | None]) -> None:
    """A record that is no state is refused."""
    with pytest.raises((KeyError, ValueError)):
        RegisterState.from_record(record)


# Any sequence of readings

JITTER = st.integers(1, LIMITS.noise.mwh)


@st.composite
def meters(draw: st.DrawFn) -> list[tuple[Reading, Energy | None]]:
    """Return readings with gaps, repeats, jitter, dips and glitches.

    With each comes what ought to be believed of it: the register's maximum so
    far, or None.
    """
    start = draw(st.integers(1_767_000_000, 1_767_010_000))
    true = draw(st.integers(10**6, 10**10))
    # The first value is settled by a rise; before, it is on trial.
    readings = [(Reading(start, Energy(true)), Energy(true))]
    true += 1
    readings.append((Reading(start, Energy(true)), Energy(true)))
    now, highest = start, true
    steps = st.tuples(
        st.sampled_from(["reads", "reads", "repeats", "jitters", "drops", "jumps"]),
        st.sampled_from([0, 1, 7, 60, 899, 900, 901, 1020, 1021, 9000, 20_000]),
        st.fractions(0, 1),
        JITTER,
    )
    for kind, seconds, load, jitter in draw(st.lists(steps, max_size=12)):
        now += seconds
        if kind != "repeats":
            true += int(LIMITS.max_power_w * seconds * 1000 // 3600 * load)
        shown: int = {
            "jitters": true - jitter,
            "drops": highest - LIMITS.noise.mwh - jitter,
            "jumps": true + 10**10 + jitter,
        }.get(kind, true)
        if kind in ("drops", "jumps"):
            readings.append((Reading(now, Energy(shown)), None))
            continue
        highest = max(highest, shown)
        readings.append((Reading(now, Energy(shown)), Energy(highest)))
    return readings


def expected_intervals(
    believed: list[tuple[int, int]], limits: RegisterLimits
) -> list[RegisterInterval]:
    """Return the intervals of believed readings, from the definition, edge by edge."""
    length = limits.interval_seconds
    (start, _), (end, _) = believed[0], believed[-1]
    edges = []
    for edge in range(-(-start // length) * length, end + 1, length):
        # The last reading before or at the edge, and the first one at or after it.
        # At the edge itself the first one counts: what came later is later energy.
        after = next(index for index, (at, _) in enumerate(believed) if at >= edge)
        before = after if believed[after][0] == edge else after - 1
        (t0, v0), (t1, v1) = believed[before], believed[after]
        value = v0 + (v1 - v0) * (edge - t0) // (t1 - t0) if t1 > t0 else v0
        edges.append((edge, value, t1 - t0 <= limits.sound_gap_seconds))
    return [
        RegisterInterval(
            a, Energy(w - v), MEASURED if s and t else INTERPOLATED, Energy(w)
        )
        for (a, v, s), (_, w, t) in zip(edges, edges[1:], strict=False)
    ]


@given(meters())
def test_intervals_follow_from_the_believed_readings(
    readings: list[tuple[Reading, Energy | None]],
) -> None:
    """Whatever comes between, the intervals are those of the believed readings."""
    meter = Meter()
    for reading, _ in readings:
        meter.take(reading)

    believed = [(r.at, value.mwh) for r, value in readings if value is not None]
    assert meter.closed == expected_intervals(believed, LIMITS)


@given(meters())
def test_intervals_sum_to_the_advance(
    readings: list[tuple[Reading, Energy | None]],
) -> None:
    """Energies sum to what the register advanced between first and last edge."""
    newest, highest = readings[-1][0], max(v for _, v in readings if v is not None)
    (first, lowest), edge = readings[0], (newest.at // QUARTER + 1) * QUARTER
    opening = Reading(first.at // QUARTER * QUARTER, first.value)
    meter = Meter()
    for reading in (opening, *(reading for reading, _ in readings)):
        meter.take(reading)
    meter.take(Reading(edge, highest))

    assert meter.total == highest - lowest
    starts = [interval.start for interval in meter.closed]
    assert starts == list(range(opening.at, edge, QUARTER))
    assert all(interval.energy >= NO_ENERGY for interval in meter.closed)


@given(meters(), st.data())
def test_restart_at_any_point(
    readings: list[tuple[Reading, Energy | None]], data: st.DataObject
) -> None:
    """A restart changes nothing, wherever it happens."""
    steady, restarted = Meter(), Meter()
    point = data.draw(st.integers(1, len(readings)))
    for index, (reading, _) in enumerate(readings):
        steady.take(reading)
        if index == point:
            restarted.restart()
        restarted.take(reading)

    assert restarted.state == steady.state
    assert restarted.closed == steady.closed


@given(st.lists(st.tuples(st.integers(-60, 3000), st.integers(0, 10**9)), max_size=12))
def test_nonsense(steps: list[tuple[int, int]]) -> None:
    """Even nonsense makes no negative energy, and no interval twice."""
    meter = Meter()
    now = newest = 1_767_000_000
    for seconds, value in steps:
        now += seconds
        newest = max(newest, now)
        meter.take(Reading(now, Energy(value)))

    starts = [interval.start for interval in meter.closed]
    assert starts == sorted(set(starts))
    assert all(start + QUARTER <= newest for start in starts)
    assert all(interval.energy >= NO_ENERGY for interval in meter.closed)
