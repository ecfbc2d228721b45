"""The sixteen ways in which meters misbehave, one test or more for each row."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from custom_components.leg_invoicing.billing.calendar import midnight
from custom_components.leg_invoicing.billing.cross_check import (
    Counted,
    register_mismatches,
)
from custom_components.leg_invoicing.billing.energy import NO_ENERGY, Energy
from custom_components.leg_invoicing.billing.invoices import (
    RegisterChange,
    RegisterReadings,
)
from custom_components.leg_invoicing.billing.meter_change import (
    ChangeError,
    MeterChange,
    accept_jump,
    change_meter,
    fitted,
    rejected_jump,
    reset,
)
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.billing.registers import (
    Advance,
    Reading,
    RegisterEvent,
)
from custom_components.leg_invoicing.billing.settlement import settle
from custom_components.leg_invoicing.billing.statements import Settlement

from .build import agreement, measured, period, statement_of, terms
from .test_registers import LIMITS, QUARTER, Meter, at, kwh, running_meter

ZURICH = ZoneInfo("Europe/Zurich")
MEASURED = Quality.MEASURED
INTERPOLATED = Quality.INTERPOLATED


def told(meter: Meter, step: Advance) -> Advance:
    """Let a meter go on from what a person said."""
    meter.state = step.state
    meter.closed += step.closed
    return step


def changed(
    meter: Meter, clock: str, final: str, first: str, *, is_read: bool = True
) -> Advance:
    """Tell of a change of meter."""
    change = MeterChange(
        at=at(clock), final=kwh(final), first=kwh(first), is_read=is_read
    )
    fitting = fitted(meter.state, change, LIMITS)
    return told(meter, change_meter(meter.state, fitting, LIMITS))


def read_on(meter: Meter, start: str, value: str, minutes: int) -> None:
    """Read a register that counts 0.05 kWh each five minutes."""
    begin, shown = at(start), kwh(value)
    for n in range(0, minutes + 1, 5):
        meter.take(Reading(begin + 60 * n, shown + Energy(10_000 * n)))


def test_row_01_zero_after_unavailable() -> None:
    """3.737, unavailable, 0.000, 3.746 within seconds: nothing has happened."""
    meter = running_meter()
    meter.read("10:05:04", "0.000")
    meter.read("10:05:08", "3.746")
    meter.read("10:15", "3.800")

    assert meter.lines == [("10:00", "0.1", MEASURED)]
    assert meter.state.doubt is None


def test_row_02_restart() -> None:
    """After a start the baseline is the ledger's, and no first state's."""
    meter = running_meter()
    meter.restart()
    meter.read("10:10", "0")
    meter.read("10:20", "4.037")

    assert meter.lines == [("10:00", "0.237", MEASURED)]


def test_row_03_jitter() -> None:
    """A fall by the last digit holds the maximum."""
    meter = running_meter()
    meter.read("10:10", "3.736")
    meter.read("10:15", "3.800")

    assert meter.lines == [("10:00", "0.1", MEASURED)]
    assert meter.events == []


def test_row_04_dip_that_stays() -> None:
    """A dip under a tenth that stays is never negative, and a doubt while it lasts."""
    meter = Meter()
    meter.read("10:00", "99")
    meter.read("10:14", "100")
    read_on(meter, "10:16", "92", 60)

    assert meter.closed == []
    assert meter.state.drop.since == at("10:16")

    meter.read("11:30", "100.5")
    assert meter.total == kwh("1.5")
    assert meter.state.doubt is None


def test_row_05_reset() -> None:
    """Confirmed, a reset loses nothing: energy before and after is counted."""
    meter = running_meter()
    read_on(meter, "10:06", "0", 60)
    assert meter.closed == []

    step = told(meter, change_meter(meter.state, reset(meter.state), LIMITS))
    meter.read("11:15", "0.7")

    assert step.event is RegisterEvent.METER_CHANGED
    assert meter.total == kwh("0.037") + kwh("0.7")
    assert [q for *_, q in meter.lines] == [INTERPOLATED, *[MEASURED] * 4]
    assert meter.lines[1:4] == [
        ("10:15", "0.15", MEASURED),
        ("10:30", "0.15", MEASURED),
        ("10:45", "0.15", MEASURED),
    ]
    assert meter.state.shown == kwh("0.7")


def test_row_05_reset_after_a_restart() -> None:
    """What was read while in doubt survives a restart, up to the confirmation."""
    steady, restarted = running_meter(), running_meter()
    for meter in (steady, restarted):
        read_on(meter, "10:06", "0", 60)
    restarted.restart()
    for meter in (steady, restarted):
        told(meter, change_meter(meter.state, reset(meter.state), LIMITS))

    assert restarted.closed == steady.closed
    assert restarted.state == steady.state


def test_row_05_reset_during_an_outage() -> None:
    """What a reset meter counted in an outage is whole, and interpolated."""
    meter = running_meter()
    meter.read("13:00", "0.6")
    read_on(meter, "13:05", "0.65", 30)
    told(meter, change_meter(meter.state, reset(meter.state), LIMITS))

    assert {quality for *_, quality in meter.lines[:12]} == {INTERPOLATED}
    assert meter.lines[12:] == [
        ("13:00", "0.15", MEASURED),
        ("13:15", "0.15", MEASURED),
    ]
    assert meter.total == kwh("0.037") + kwh("0.9")


def test_row_05_gap_while_in_doubt() -> None:
    """An outage while a reset waits for a person is interpolated, and no more."""
    meter = running_meter()
    read_on(meter, "10:06", "0", 30)
    read_on(meter, "12:00", "2", 30)
    told(meter, change_meter(meter.state, reset(meter.state), LIMITS))

    qualities = [quality for *_, quality in meter.lines]
    assert qualities == [INTERPOLATED, MEASURED] + [INTERPOLATED] * 6 + [MEASURED] * 2
    assert meter.total == kwh("0.037") + kwh("2.3")


def test_row_05_glitch_while_in_doubt() -> None:
    """A wrong value while in doubt takes the detail with it, and no energy."""
    meter = running_meter()
    read_on(meter, "10:06", "0", 30)
    meter.read("10:37", "2")
    read_on(meter, "10:38", "0.35", 30)
    told(meter, change_meter(meter.state, reset(meter.state), LIMITS))
    meter.read("11:15", "0.75")

    assert meter.total == kwh("0.037") + kwh("0.75")


def test_row_06_replaced() -> None:
    """Two meters are one register: the final and the first reading join them."""
    meter = running_meter()
    read_on(meter, "10:21", "5000.1", 40)
    step = changed(meter, "10:20", "3.837", "5000")
    meter.read("11:15", "5000.6")

    assert step.state.offset == kwh("3.837") - kwh("5000")
    assert meter.total == kwh("0.137") + kwh("0.6")
    assert {quality for *_, quality in meter.lines} == {MEASURED}
    assert meter.closed[-1].shown == kwh("5000.6")


def test_row_06_told_before_the_new_meter_is_read() -> None:
    """A change that is told early waits for the new meter's first reading."""
    meter = running_meter()
    changed(meter, "10:10", "3.8", "70")
    assert meter.read("10:15", "70.1").event is None

    assert meter.lines == [("10:00", "0.2", MEASURED)]
    assert meter.closed[0].shown == kwh("70.1")


def test_row_06_on_the_edge() -> None:
    """At the instant of a change, the old meter is what was read."""
    meter = running_meter()
    changed(meter, "10:15", "3.8", "70")

    assert meter.closed[0].shown == kwh("3.8")


def test_row_06_no_guessing() -> None:
    """A meter that was replaced by one that stands lower closes nothing by itself."""
    meter = running_meter()
    read_on(meter, "10:06", "1.2", 120)

    assert meter.closed == []


@pytest.mark.parametrize(
    ("final", "first", "code"),
    [
        ("3.6", "70", "final_too_low"),
        ("99", "70", "final_too_high"),
        ("3.8", "70.3", "first_too_high"),
        ("3.8", "60", "first_too_low"),
    ],
)
def test_row_06_readings_that_cannot_be(final: str, first: str, code: str) -> None:
    """A reading that contradicts what is known is refused, and nothing changes."""
    meter = running_meter()
    read_on(meter, "10:11", "70.1", 20)
    before = meter.state

    with pytest.raises(ChangeError, check=lambda error: error.code == code):
        changed(meter, "10:10", final, first)
    assert meter.state == before


def test_row_06_new_meter_begins_with_a_lie() -> None:
    """A new meter that shows nothing while it starts stood where it came to."""
    meter = running_meter()
    meter.read("10:10", "0")
    meter.read("10:10:20", "0")
    read_on(meter, "10:11", "2.1", 20)
    changed(meter, "10:09", "3.737", "2.1")

    assert meter.total == kwh("0.037") + kwh("0.19")
    assert meter.state.shown == kwh("2.3")


def test_row_06_told_a_little_too_early() -> None:
    """A time just before the last reading is that reading's, while it is in doubt."""
    meter = running_meter()
    read_on(meter, "10:06", "70", 30)
    changed(meter, "10:04", "3.737", "70")

    assert meter.total == kwh("0.037") + kwh("0.24")


def test_row_07_offline_for_hours() -> None:
    """A real jump after an outage is whole, spread over the gap, and flagged."""
    meter = Meter()
    meter.read("10:00", "100")
    meter.read("10:15", "101")
    meter.read("13:15", "113")
    meter.read("13:30", "114")

    assert meter.total == kwh("14")
    assert [quality for *_, quality in meter.lines] == [
        MEASURED,
        *[INTERPOLATED] * 12,
        MEASURED,
    ]


def test_row_08_offline_for_a_month() -> None:
    """The same value after a month is zero, and flagged."""
    meter = Meter()
    meter.read("00:00", "55.5", day=1)
    meter.read("00:00", "55.5", day=31)

    assert {interval.energy for interval in meter.closed} == {NO_ENERGY}
    assert {interval.quality for interval in meter.closed} == {INTERPOLATED}


def jumped_meter() -> Meter:
    """Return a meter that has jumped to 4000000 kWh, and counts on from there."""
    meter = running_meter()
    read_on(meter, "10:10", "4000000", 50)
    return meter


def test_row_09_quarantine() -> None:
    """Four million kWh after a boot are not billed, and a doubt."""
    meter = jumped_meter()

    assert meter.closed == []
    assert meter.events == [RegisterEvent.IMPLAUSIBLE]
    assert meter.state.jump.since == at("10:10")


def test_row_09_rejected() -> None:
    """Rejected, the jump is nobody's, and what was counted from there is billed."""
    meter = jumped_meter()
    told(meter, change_meter(meter.state, rejected_jump(meter.state), LIMITS))

    assert meter.total == kwh("0.037") + kwh("0.5")
    assert meter.lines == [
        ("10:00", "0.087", INTERPOLATED),
        ("10:15", "0.15", MEASURED),
        ("10:30", "0.15", MEASURED),
        ("10:45", "0.15", MEASURED),
    ]
    assert meter.state.shown == kwh("4000000.5")


def test_row_09_accepted() -> None:
    """Accepted, the jump is energy, flagged where it is; the rest is measured."""
    meter = jumped_meter()
    step = told(meter, accept_jump(meter.state, LIMITS))

    assert step.event is RegisterEvent.JUMP_ACCEPTED
    assert meter.total == kwh("4000000.5") - kwh("3.7")
    assert meter.lines[0][2] is INTERPOLATED
    assert meter.lines[1][2] is MEASURED
    assert meter.lines[2:] == [("10:30", "0.15", MEASURED), ("10:45", "0.15", MEASURED)]


def jumped_twice() -> Meter:
    """Return a meter that jumps again two hours after a jump nobody has looked at."""
    meter = jumped_meter()
    read_on(meter, "11:00", "4000000.6", 60)
    meter.read("12:10", "4005000")
    read_on(meter, "12:15", "4005000", 60)
    return meter


def test_row_09_jumped_twice_rejected() -> None:
    """Neither jump is anybody's; what was counted between them is billed."""
    meter = jumped_twice()
    told(meter, change_meter(meter.state, rejected_jump(meter.state), LIMITS))

    # 0.01 a minute: from 10:10 to 12:00, and from 12:15 to 13:15 but for its edges.
    assert meter.total == kwh("0.037") + kwh("1.2") + kwh("0.6")
    assert [(e, q) for start, e, q in meter.lines if start in ("11:00", "12:45")] == [
        ("0.25", MEASURED),
        ("0.15", MEASURED),
    ]


def test_row_09_jumped_twice_accepted() -> None:
    """Both jumps are energy, at the first of them."""
    meter = jumped_twice()
    told(meter, accept_jump(meter.state, LIMITS))

    assert meter.total == kwh("4005000.6") - kwh("3.7")


def jumped_in_steps() -> Meter:
    """Return a meter that has come to 5000 kWh in half a minute, by way of 2000."""
    meter = running_meter()
    meter.read("10:10", "2000")
    meter.read("10:10:30", "5000")
    read_on(meter, "10:15", "5000", 45)
    return meter


def test_row_09_jump_in_steps_accepted() -> None:
    """A jump that was seen on its way is accepted once, up to where it ended."""
    meter = jumped_in_steps()
    told(meter, accept_jump(meter.state, LIMITS))

    assert meter.state.doubt is None
    assert meter.total == kwh("5000.45") - kwh("3.7")
    assert meter.lines[0][2] is INTERPOLATED
    assert [q for *_, q in meter.lines[2:]] == [MEASURED] * 2


def test_row_09_jump_in_steps_rejected() -> None:
    """A jump that was seen on its way is rejected once, up to where it ended."""
    meter = jumped_in_steps()
    told(meter, change_meter(meter.state, rejected_jump(meter.state), LIMITS))

    assert meter.state.doubt is None
    assert meter.total == kwh("0.037") + kwh("0.45")


def test_row_09_nothing_to_decide() -> None:
    """A register that has not jumped can neither be accepted nor rejected."""
    state = running_meter().state

    with pytest.raises(ChangeError, match="no_jump"):
        accept_jump(state, LIMITS)
    with pytest.raises(ChangeError, match="no_jump"):
        rejected_jump(state)


def test_row_10_same_payload_again() -> None:
    """A value that is read again and again is zero, and measured."""
    meter = Meter()
    for clock in ("10:00", "10:16", "10:31", "10:46"):
        meter.read(clock, "55.5")

    assert [line[1:] for line in meter.lines] == [("0", MEASURED)] * 3


@pytest.mark.parametrize(
    ("day", "quarters"), [(date(2026, 3, 29), 92), (date(2026, 10, 25), 100)]
)
def test_row_11_clock_change(day: date, quarters: int) -> None:
    """A day of the clock change has 92 or 100 quarter hours, each once."""
    start = midnight(day, ZURICH)
    end = midnight(date.fromordinal(day.toordinal() + 1), ZURICH)
    meter = Meter()
    for instant in range(start, end + 1, 300):
        meter.take(Reading(instant, Energy((instant - start) * 100)))

    assert [i.start for i in meter.closed] == list(range(start, end, QUARTER))
    assert len(meter.closed) == quarters
    assert meter.total == Energy((end - start) * 100)


def test_row_12_wh_read_as_kwh() -> None:
    """A unit that goes wrong on the way is a jump a thousand times, and no bill."""
    meter = running_meter()
    meter.read("10:06", "3738")
    assert meter.state.jump.since == at("10:06")

    meter.read("10:15", "3.8")
    assert meter.lines == [("10:00", "0.1", MEASURED)]


def test_row_14_sensor_recreated() -> None:
    """A sensor that comes back after days goes on where the register stood."""
    meter = running_meter()
    meter.restart()
    meter.read("10:05", "40", day=7)

    assert meter.total == meter.closed[-1].shown - kwh("3.7")
    assert {quality for *_, quality in meter.lines} == {INTERPOLATED}


def test_row_15_broker_down() -> None:
    """No readings are no zeros: on return the gap is filled, the rest measured."""
    meter = running_meter()
    meter.restart()
    meter.read("14:00", "12")
    meter.read("14:15", "12.5")

    assert {quality for *_, quality in meter.lines[:-1]} == {INTERPOLATED}
    assert meter.lines[-1] == ("14:00", "0.5", MEASURED)
    assert meter.total == kwh("12.5") - kwh("3.7")


@pytest.mark.parametrize(
    ("shown", "factor", "energy"),
    [("12.5", "3", "37.5"), ("12.345678", "40", "493.82712"), ("1", "0.001", "0.001")],
)
def test_row_16_meter_constant(shown: str, factor: str, energy: str) -> None:
    """What a meter shows is multiplied by the ratio of its transformers, exactly."""
    assert kwh(shown).scaled(Decimal(factor)) == kwh(energy)


def _counted(settlement: Settlement, meter: str = "") -> Counted:
    """Return what the intervals of a house add up to."""
    statement = statement_of(settlement, "house_1")
    return Counted(
        house_id="house_1",
        span=statement.span,
        energy=statement.energy,
        meter=meter,
    )


@pytest.mark.parametrize(
    ("end", "found"),
    [("1298.088", []), ("1295", ["register_mismatch:house_1"])],
)
def test_row_16_cross_check(end: str, found: list[str]) -> None:
    """Intervals that do not add up to the register's difference are a finding."""
    community = terms(agreement("house_1"))
    january = period("2026-01", community)
    settlement = settle(community, january, measured(january, house_1="0.1/0"))
    registers = RegisterReadings(import_start=kwh("1000"), import_end=kwh(end))

    findings = list(register_mismatches(_counted(settlement, "meter_1"), registers))
    assert [finding.key for finding in findings] == found
    for finding in findings:
        assert not finding.blocking
        assert finding.energy == kwh("2.6")
        assert finding.details == {
            "register": "import",
            "counted_kwh": "297.600000",
            "advanced_kwh": "295.000000",
            "meters": "meter_1",
        }


def test_row_16_cross_check_across_a_change() -> None:
    """A change of meter in the period joins the two registers."""
    community = terms(agreement("house_1"))
    january = period("2026-01", community)
    settlement = settle(community, january, measured(january, house_1="0.1/0"))
    registers = RegisterReadings(
        import_start=kwh("1000"),
        import_end=kwh("97.6"),
        changes=(
            RegisterChange(
                register="import",
                at=int(datetime(2026, 1, 20, tzinfo=UTC).timestamp()),
                final=kwh("1200"),
                first=NO_ENERGY,
            ),
        ),
    )

    assert list(register_mismatches(_counted(settlement), registers)) == []
    assert registers.difference("import") == kwh("297.6")
    assert registers.difference("export") is None
