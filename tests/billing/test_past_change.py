"""Changes of meter that are told when the register has long gone on."""

import pytest

from custom_components.leg_invoicing.billing.meter_change import (
    ChangeError,
    MeterChange,
    is_past,
)
from custom_components.leg_invoicing.billing.past_change import (
    Past,
    change_in_the_past,
    rebased,
)
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.billing.registers import (
    Reading,
    RegisterInterval,
    RegisterState,
)

from .test_registers import LIMITS, Meter, at, kwh, running_meter

MEASURED = Quality.MEASURED
INTERPOLATED = Quality.INTERPOLATED


def past_of(meter: Meter, *readings: Reading, **more: tuple[int, ...]) -> Past:
    """Return what the ledger knows of a meter."""
    edge = meter.state.edge
    return Past(
        rows={interval.start: interval for interval in meter.closed},
        readings=readings,
        newest=edge and Reading(edge.at, edge.value - meter.state.offset),
        **more,
    )


def told(
    meter: Meter, clock: str, final: str, first: str, past: Past | None = None
) -> tuple[RegisterState, tuple[RegisterInterval, ...]]:
    """Tell of a change in the past."""
    change = MeterChange(at=at(clock), final=kwh(final), first=kwh(first))
    assert is_past(meter.state, change, LIMITS)
    return change_in_the_past(meter.state, change, past or past_of(meter), LIMITS)


def lines(closed: tuple[RegisterInterval, ...]) -> list[tuple[str, str, Quality]]:
    """Return intervals for people."""
    meter = Meter()
    meter.closed = list(closed)
    return meter.lines


def mistaken_meter() -> Meter:
    """Return a meter whose successor began 2 kWh higher, at about 10:20."""
    meter = Meter()
    for clock, value in (
        ("10:00", "100"),
        ("10:15", "101"),
        ("10:30", "104"),
        ("10:45", "105"),
    ):
        meter.read(clock, value)
    return meter


def test_measured_interval() -> None:
    """Of a measured interval, what was no energy is taken away."""
    meter = mistaken_meter()
    state, closed = told(meter, "10:20", "101.3", "103.3")

    assert lines(closed) == [("10:15", "1", MEASURED)]
    assert state.shown == kwh("105")
    assert state.last.value == kwh("103")
    assert state.edge.value == kwh("103")
    assert state.offset == kwh("-2")


def test_measured_interval_of_a_register_with_holes() -> None:
    """Where nobody knows what the meters showed, the energy at least must be some."""
    meter = mistaken_meter()
    rows = past_of(meter).rows
    hole = Past(rows={at("10:15"): rows[at("10:15")]}, newest=past_of(meter).newest)

    assert lines(told(meter, "10:20", "1.3", "3.3", hole)[1]) == [
        ("10:15", "1", MEASURED)
    ]
    with pytest.raises(ChangeError) as refused:
        told(meter, "10:20", "1.3", "4.4", hole)
    assert refused.value.code == "change_negative"


def test_more_energy() -> None:
    """A new meter that began lower hid energy, which is added."""
    state, closed = told(mistaken_meter(), "10:20", "101.3", "101")

    assert lines(closed) == [("10:15", "3.3", MEASURED)]
    assert state.shown == kwh("105")


def test_negative() -> None:
    """What would make the interval negative is refused."""
    with pytest.raises(ChangeError, match="change_negative.*1"):
        told(mistaken_meter(), "10:20", "101", "105")


def test_twice() -> None:
    """A second change in the same interval may be the same one, and is refused."""
    meter = mistaken_meter()
    past = past_of(meter, changes=(at("10:16"),))

    with pytest.raises(ChangeError, match="change_known"):
        told(meter, "10:20", "101", "103", past)


def test_open_interval() -> None:
    """A change since the newest edge moves what is not counted yet."""
    meter = mistaken_meter()
    meter.read("10:50", "107")
    state, closed = told(meter, "10:48", "105.2", "106.2")

    assert closed == ()
    assert state.last.value == kwh("106")
    assert state.edge.value == kwh("105")
    assert state.shown == kwh("107")
    with pytest.raises(ChangeError, match="change_negative"):
        told(meter, "10:48", "100", "106.2")


def test_before_the_first_edge() -> None:
    """Where nothing has been counted, only the offset changes."""
    meter = Meter()
    meter.read("10:01", "100")
    meter.read("10:10", "103")

    state, closed = told(meter, "10:05", "100.5", "102.5")
    assert closed == ()
    assert state.shown == kwh("103")


def gap_meter() -> Meter:
    """Return a meter that was silent from 10:15 to 12:15."""
    meter = Meter()
    for clock, value in (
        ("10:00", "100"),
        ("10:15", "101"),
        ("12:15", "109"),
        ("12:30", "110"),
    ):
        meter.read(clock, value)
    return meter


def test_gap() -> None:
    """A gap is counted again on a line with a bend at the change."""
    state, closed = told(gap_meter(), "11:15", "103", "106")

    assert [line[1] for line in lines(closed)] == ["0.5"] * 4 + ["0.75"] * 4
    assert {line[2] for line in lines(closed)} == {INTERPOLATED}
    assert [interval.shown.kwh for interval in closed][::3] == [
        kwh("101.5").kwh,
        kwh("103").kwh,
        kwh("108.25").kwh,
    ]
    assert state.shown == kwh("110")


def test_change_within_an_interval_of_a_gap() -> None:
    """The interval of the change holds energy of both meters."""
    _, closed = told(gap_meter(), "11:20", "103", "106")

    total = sum(interval.energy.mwh for interval in closed)
    assert total == (kwh("103") - kwh("101") + kwh("109") - kwh("106")).mwh


@pytest.mark.parametrize(
    ("final", "first", "code"),
    [
        ("100.5", "106", "change_negative"),
        ("103", "109.5", "change_negative"),
        ("400", "106", "change_too_much"),
        ("103", "1", "change_too_much"),
    ],
)
def test_gap_that_cannot_be(final: str, first: str, code: str) -> None:
    """Readings that contradict the gap's ends are refused."""
    with pytest.raises(ChangeError, match=code):
        told(gap_meter(), "11:15", final, first)


def test_nothing_was_counted() -> None:
    """Where counting began anew at the new meter, both are joined over the hole."""
    meter = gap_meter()
    rows = {i.start: i for i in meter.closed if i.quality is MEASURED}
    past = Past(
        rows=rows,
        readings=(Reading(at("10:00"), kwh("1000")),),
        newest=Reading(at("12:30"), kwh("10")),
    )

    _, closed = told(meter, "11:15", "1003", "7", past)
    assert [line[1] for line in lines(closed)] == ["0.5"] * 4 + ["0.5"] * 4


@pytest.mark.parametrize("newest", [None, Reading(at("12:30"), kwh("10"))])
def test_too_little_is_known(newest: Reading | None) -> None:
    """Where the registers beside the hole are not known, the change is refused."""
    meter = gap_meter()
    rows = {i.start: i for i in meter.closed if i.quality is MEASURED}

    with pytest.raises(ChangeError, match="change_before_known"):
        told(meter, "11:15", "3", "7", Past(rows=rows, newest=newest))


def test_nothing_is_known() -> None:
    """A change before anything that is known is refused."""
    with pytest.raises(ChangeError, match="change_before_known"):
        told(gap_meter(), "09:15", "3", "7")


def test_doubts_move_too() -> None:
    """What is in doubt keeps showing what it shows."""
    meter = mistaken_meter()
    meter.read("10:50", "3")
    meter.read("11:01", "3.1")
    meter.read("11:02", "9000000")
    before = meter.state

    state, _ = told(meter, "10:20", "101.3", "103.3")

    assert state.drop.latest.value - state.offset == kwh("3.1")
    assert state.drop.edges
    assert state.jump.first.value - state.offset == kwh("9000000")
    assert rebased(state, before.offset) == before


def test_change_at_a_doubt_is_not_past() -> None:
    """While a reading is in doubt, a final reading that goes on from it is for it."""
    meter = running_meter()
    meter.read("10:06", "0")
    change = MeterChange(at=at("10:04"), final=kwh("3.737"), first=kwh("0"))

    assert not is_past(meter.state, change, LIMITS)
