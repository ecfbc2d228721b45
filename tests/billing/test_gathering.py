"""Rows and midnight readings, gathered from the registers of a community."""

from zoneinfo import ZoneInfo

from custom_components.leg_invoicing.billing.calendar import parse_period
from custom_components.leg_invoicing.billing.energy import Energy
from custom_components.leg_invoicing.billing.gathering import Gathering, MeteredHouse
from custom_components.leg_invoicing.billing.measurements import IntervalRow
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.billing.register_state import Reading
from custom_components.leg_invoicing.billing.registers import RegisterLimits

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
