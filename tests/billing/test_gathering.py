"""Rows and midnight readings, gathered from the registers of a community."""

from zoneinfo import ZoneInfo

import pytest

from custom_components.leg_invoicing.billing.calendar import parse_period
from custom_components.leg_invoicing.billing.energy import Energy
from custom_components.leg_invoicing.billing.gathering import (
    GatheredChange,
    Gathering,
    MeteredHouse,
)
from custom_components.leg_invoicing.billing.measurements import IntervalRow
from custom_components.leg_invoicing.billing.meter_change import (
    ChangeError,
    MeterChange,
)
from custom_components.leg_invoicing.billing.past_change import Past
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.billing.register_state import Reading
from custom_components.leg_invoicing.billing.registers import (
    RegisterEvent,
    RegisterInterval,
    RegisterLimits,
)

ZURICH = ZoneInfo("Europe/Zurich")
MIDNIGHT = parse_period("2026-01").span(ZURICH).end
QUARTER = 900
IMPORT, EXPORT = ("house_1", "import"), ("house_1", "export")


def gathering(*registers: str, member_since: int = 0) -> Gathering:
    """Return a gathering of one house."""
    house = MeteredHouse(
        registers=frozenset(registers),
        limits=RegisterLimits(interval_seconds=QUARTER, max_power_w=30_000),
        member_since=member_since,
    )
    return Gathering(ZURICH, {"house_1": house})


def read(gathered: Gathering, key: tuple[str, str], *readings: tuple[int, int]) -> None:
    """Let a register be read, at seconds from midnight."""
    for seconds, mwh in readings:
        gathered.take(key, Reading(MIDNIGHT + seconds, Energy(mwh)))


def midnights(gathered: Gathering) -> list[tuple[int, int, bool]]:
    """Return what was kept of midnights: seconds from ours, mWh, really read."""
    return [
        (note.reading.at - MIDNIGHT, note.reading.value.mwh, note.is_read)
        for note in gathered.midnights
    ]


def test_the_two_registers_of_an_interval_meet_in_one_row() -> None:
    """A row is half known until the other register has closed the interval too."""
    gathered = gathering("import", "export")

    read(gathered, IMPORT, (0, 100), (QUARTER, 130))
    half = gathered.rows["house_1", MIDNIGHT]
    read(gathered, EXPORT, (0, 7), (QUARTER, 8))

    assert half == IntervalRow("house_1", MIDNIGHT, 30, None, Quality.MEASURED)
    assert gathered.rows == {
        ("house_1", MIDNIGHT): IntervalRow("house_1", MIDNIGHT, 30, 1, Quality.MEASURED)
    }


def test_a_register_that_is_not_there_measures_nothing() -> None:
    """A house that only produces imports zero, which is known and not missing."""
    gathered = gathering("export")

    read(gathered, EXPORT, (0, 7), (QUARTER, 8))

    row = gathered.rows["house_1", MIDNIGHT]
    assert (row.imported, row.exported) == (0, 1)


def test_intervals_before_membership_are_nobodys_business() -> None:
    """Rows begin with the first interval of the first agreement."""
    gathered = gathering("import", member_since=MIDNIGHT)

    read(gathered, IMPORT, (-QUARTER, 90), (0, 100), (QUARTER, 130))

    assert list(gathered.rows) == [("house_1", MIDNIGHT)]


def test_a_register_is_kept_as_it_was_read_at_midnight() -> None:
    """Both the reading that ends an interval and a first one can be a bill's."""
    ends, begins = gathering("import"), gathering("import")

    read(ends, IMPORT, (-QUARTER, 90), (0, 100), (QUARTER, 130))
    read(begins, IMPORT, (0, 100), (QUARTER, 130))

    assert midnights(ends) == midnights(begins) == [(0, 100, True)]


def test_a_first_reading_at_another_time_is_no_midnight_reading() -> None:
    """Neither one on another edge of the grid nor one beside it is kept."""
    gathered = gathering("import")

    read(gathered, IMPORT, (QUARTER, 130))
    read(gathered, EXPORT, (7, 130))

    assert midnights(gathered) == []


def test_a_register_at_midnight_in_a_gap_is_said_to_be_interpolated() -> None:
    """Where nobody read it, the value lies on the line between its neighbours."""
    gathered = gathering("import")

    read(gathered, IMPORT, (-4 * QUARTER, 100), (4 * QUARTER, 180))

    assert midnights(gathered) == [(0, 140, False)]


def test_a_row_that_comes_again_takes_nothing_away() -> None:
    """An interval that one register closes a second time keeps its other side."""
    gathered = gathering("import", "export")
    whole = IntervalRow("house_1", MIDNIGHT, 30, 1, Quality.MEASURED)
    gathered.add_row(whole)

    gathered.add_row(IntervalRow("house_1", MIDNIGHT, 30, None, Quality.MEASURED))

    assert gathered.rows == {("house_1", MIDNIGHT): whole}


def test_a_change_of_meter_is_kept_with_what_it_closes() -> None:
    """Rows go on across it, and at midnight stands what the new meter shows."""
    gathered = gathering("import")
    read(gathered, IMPORT, (-QUARTER, 10**6), (-600, 1_100_000), (-500, 500))
    change = MeterChange(
        at=MIDNIGHT - 550, final=Energy(1_110_000), first=Energy(0), is_read=True
    )

    gathered.change(IMPORT, change)
    read(gathered, IMPORT, (0, 40_000))

    (row,) = gathered.rows.values()
    assert row.imported == 110_000 + 40_000
    assert midnights(gathered) == [(0, 40_000, True)]
    assert gathered.changes == [GatheredChange(IMPORT, change)]


def test_a_change_in_the_past_needs_the_past() -> None:
    """It is counted again with what is known, and refused without."""
    gathered = gathering("import")
    read(gathered, IMPORT, (0, 0), (QUARTER, 900_000), (2 * QUARTER, 910_000))
    change = MeterChange(at=MIDNIGHT + 60, final=Energy(50), first=Energy(800_050))
    with pytest.raises(ChangeError, match="change_before_known"):
        gathered.change(IMPORT, change)
    assert gathered.changes == []

    interval = RegisterInterval(MIDNIGHT, Energy(900_000), Quality.MEASURED)
    newest = Reading(MIDNIGHT + 2 * QUARTER, Energy(910_000))
    gathered.rows.clear()
    gathered.change(IMPORT, change, Past(rows={MIDNIGHT: interval}, newest=newest))

    (row,) = gathered.rows.values()
    assert row.imported == 100_000
    assert gathered.states[IMPORT].shown == Energy(910_000)


def test_a_jump_is_accepted() -> None:
    """Its intervals are closed; a register that was never read has none."""
    gathered = gathering("import", "export")
    read(gathered, IMPORT, (0, 0), (QUARTER, 10**9))
    assert gathered.rows == {}

    assert gathered.accept_jump(IMPORT) is RegisterEvent.JUMP_ACCEPTED
    assert gathered.rows["house_1", MIDNIGHT].imported == 10**9
    with pytest.raises(ChangeError, match="never_read"):
        gathered.accept_jump(EXPORT)
