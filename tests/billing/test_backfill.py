"""Registers that are read back, as intervals of houses."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from custom_components.leg_invoicing.billing.backfill import Backfill, Joint, Remarked
from custom_components.leg_invoicing.billing.calendar import Span
from custom_components.leg_invoicing.billing.energy import Energy
from custom_components.leg_invoicing.billing.gathering import MeteredHouse
from custom_components.leg_invoicing.billing.measurements import IntervalRow
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.billing.recorded import (
    HOUR,
    Hole,
    Mark,
    Reason,
    Remark,
)
from custom_components.leg_invoicing.billing.register_state import Reading
from custom_components.leg_invoicing.billing.registers import RegisterLimits
from tests.billing.build import at

KWH = 1_000_000
MIDNIGHT = at("2026-02-02T00:00+01:00")
NOON = at("2026-02-01T12:00+01:00")
IMPORT = ("house_1", "import")
EXPORT = ("house_1", "export")
LIMITS = RegisterLimits(interval_seconds=900, max_power_w=30_000)


def backfill(
    span: Span,
    registers: Iterable[str] = ("import",),
    member_since: int = 0,
    joint: Joint | None = None,
    end: int | None = None,
) -> Backfill:
    """Return a house whose registers are about to be read back."""
    house = MeteredHouse(
        registers=frozenset(registers), limits=LIMITS, member_since=member_since
    )
    return Backfill(
        zone=ZoneInfo("Europe/Zurich"),
        span=span,
        houses={"house_1": house},
        joints={} if joint is None else {IMPORT: joint},
        ends={} if end is None else {IMPORT: end},
    )


def take(back: Backfill, marks: Iterable[tuple[int, float]]) -> None:
    """Let the import register be read back to the end."""
    for moment, kwh in marks:
        back.take(IMPORT, Mark(moment, None, round(kwh * KWH), is_fine=False))
    back.finish(IMPORT)


def hours(start: int, count: int) -> list[tuple[int, float]]:
    """Return the marks of a register that counts a kWh an hour."""
    return [(start + n * HOUR, 100 + n) for n in range(count + 1)]


def test_register_that_the_house_does_not_have() -> None:
    """It measures nothing; one that the house has is not known yet."""
    whole = backfill(Span(NOON, NOON + HOUR))
    half = backfill(Span(NOON, NOON + HOUR), ["import", "export"])
    for back in (whole, half):
        take(back, hours(NOON, 1))

    key = ("house_1", NOON)
    assert whole.rows[key] == IntervalRow(*key, 250_000, 0, Quality.ESTIMATED)
    assert half.rows[key] == IntervalRow(*key, 250_000, None, Quality.ESTIMATED)


def test_sides_meet_with_their_own_quality() -> None:
    """Import and export of an interval are one row, each as good as it is."""
    back = backfill(Span(NOON, NOON + HOUR), ["import", "export"])
    take(back, hours(NOON, 1))
    for n in range(13):
        back.take(EXPORT, Mark(NOON + n * 300, None, n * 1000, is_fine=True))
    back.finish(EXPORT)

    row = back.rows["house_1", NOON]
    assert row.sides == ((250_000, Quality.ESTIMATED), (3000, Quality.MEASURED))
    assert back.found[EXPORT].qualities == {Quality.MEASURED: 4}
    assert len(back.found[EXPORT].hours) == 1


def test_only_what_is_wanted() -> None:
    """Marks before tell what the register began with; nothing is written of them."""
    back = backfill(Span(NOON, NOON + HOUR))
    take(back, hours(NOON - HOUR, 3))

    assert [start for _, start in back.rows] == [NOON + n * 900 for n in range(4)]
    assert len(back.found[IMPORT].hours) == 1
    assert back.found[IMPORT].holes == []


def test_days_before_the_house_was_a_member() -> None:
    """They are nobody's business, neither as intervals nor as holes."""
    back = backfill(Span(NOON, NOON + 9 * HOUR), member_since=NOON + 8 * HOUR + 1800)
    take(back, [*hours(NOON, 1), *hours(NOON + 7 * HOUR, 2)])

    assert [start for _, start in back.rows] == [
        NOON + 8 * HOUR + 1800,
        NOON + 8 * HOUR + 2700,
    ]
    assert back.found[IMPORT].holes == []


def test_holes() -> None:
    """What is missing at the beginning, in the middle and at the end is told."""
    back = backfill(Span(NOON, NOON + 9 * HOUR))
    take(back, [(NOON + n * HOUR, 100 + n) for n in (1, 2, 6, 7)])

    assert back.found[IMPORT].holes == [
        Hole(Span(NOON, NOON + HOUR), Reason.MISSING, None),
        Hole(Span(NOON + 2 * HOUR, NOON + 6 * HOUR), Reason.MISSING, 4 * KWH),
        Hole(Span(NOON + 7 * HOUR, NOON + 9 * HOUR), Reason.MISSING, None),
    ]


def test_hole_that_is_wanted_in_part() -> None:
    """The energy of a hole is not told where only a part of it is asked for."""
    back = backfill(Span(NOON, NOON + 9 * HOUR))
    take(back, [(NOON - HOUR, 100), *hours(NOON + 3 * HOUR, 6)])

    assert back.found[IMPORT].holes == [
        Hole(Span(NOON, NOON + 3 * HOUR), Reason.MISSING, None)
    ]


def test_nothing_recorded() -> None:
    """A register without any mark is one hole, and nothing to go on from."""
    back = backfill(Span(NOON, NOON + 9 * HOUR))
    take(back, [])

    assert back.found[IMPORT].holes == [
        Hole(Span(NOON, NOON + 9 * HOUR), Reason.MISSING, None)
    ]
    assert back.state(IMPORT) is None


def test_running_hour_is_no_hole() -> None:
    """The hour that is not over is in no statistics yet."""
    back = backfill(Span(NOON, NOON + HOUR + 1800))
    take(back, hours(NOON, 1))

    assert back.found[IMPORT].holes == []
    state = back.state(IMPORT)
    assert state is not None
    assert state.last == Reading(NOON + HOUR, Energy(101 * KWH))


def test_doubt_at_the_end() -> None:
    """A register that is not believed at the end is not gone on from."""
    back = backfill(Span(NOON, NOON + 2 * HOUR))
    take(back, [*hours(NOON, 1), (NOON + 2 * HOUR, 50)])

    assert back.found[IMPORT].holes == [
        Hole(Span(NOON + HOUR, NOON + 2 * HOUR), Reason.FELL, None)
    ]
    assert back.state(IMPORT) is None


def test_joint_with_the_meter() -> None:
    """The last interval ends with what the meter itself showed at its first edge."""
    joint = Joint(Reading(NOON + HOUR + 900, Energy(101_400_000)), sound=True)
    back = backfill(Span(NOON, NOON + 3 * HOUR), joint=joint)
    take(back, hours(NOON, 3))

    assert sum(row.imported or 0 for row in back.rows.values()) == 1_400_000
    assert max(start for _, start in back.rows) == NOON + HOUR
    assert back.found[IMPORT].holes == []
    assert len(back.found[IMPORT].hours) == 3


def test_joint_outside_of_what_is_wanted() -> None:
    """A meter that began later is not asked; one that began before knows it all."""
    for moment, count in ((NOON + 5 * HOUR, 8), (NOON - 3 * HOUR, 0)):
        joint = Joint(Reading(moment, Energy(105 * KWH)), sound=True)
        back = backfill(Span(NOON, NOON + 2 * HOUR), joint=joint)
        take(back, hours(NOON - HOUR, 4))

        assert len(back.rows) == count
        assert back.found[IMPORT].holes == []


def test_end_before_the_first_edge_of_the_meter() -> None:
    """A meter that has been read, but not come to an edge, is not overtaken."""
    back = backfill(Span(NOON, NOON + 3 * HOUR), end=NOON + HOUR + 60)
    take(back, hours(NOON, 3))

    assert max(start for _, start in back.rows) == NOON + 2700
    assert back.found[IMPORT].holes == []


def test_midnights() -> None:
    """What was shown at a local midnight is kept for the bill."""
    back = backfill(Span(MIDNIGHT, MIDNIGHT + 25 * HOUR))
    marks = [(moment, kwh) for moment, kwh in hours(MIDNIGHT - HOUR, 26)]
    marks[25] = (marks[25][0], marks[24][1] - 0.01)
    take(back, marks)

    # The second one had fallen by a hair, and is held.
    assert [(m.reading.at, m.reading.value.kwh, m.is_read) for m in back.midnights] == [
        (MIDNIGHT, 101, False),
        (MIDNIGHT + 24 * HOUR, 124, False),
    ]


def test_midnight_that_only_has_a_sum() -> None:
    """A sum is no reading of a meter, and nothing for it to go on from."""
    back = backfill(Span(MIDNIGHT, MIDNIGHT + HOUR))
    back.take(IMPORT, Mark(MIDNIGHT, 5, None, is_fine=False))
    back.finish(IMPORT)

    assert back.midnights == []
    assert back.state(IMPORT) is None


def test_remarks() -> None:
    """Where a register began anew is told, if it is asked for."""
    back = backfill(Span(NOON, NOON + 2 * HOUR))
    for n, (shown, counted) in enumerate([(900, 0), (1, 1), (2, 2), (1, 3)]):
        moment = NOON + (n - 1) * HOUR
        back.take(IMPORT, Mark(moment, counted * KWH, shown * KWH, is_fine=False))
    back.finish(IMPORT)

    assert back.found[IMPORT].remarks == [
        Remarked(Span(NOON + HOUR, NOON + 2 * HOUR), Remark.RESTARTED)
    ]
