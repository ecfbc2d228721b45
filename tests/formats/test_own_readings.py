"""Our own CSV of register readings."""

from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from custom_components.leg_invoicing.billing.energy import Energy
from custom_components.leg_invoicing.billing.gathering import Gathering, MeteredHouse
from custom_components.leg_invoicing.billing.register_state import Reading
from custom_components.leg_invoicing.billing.registers import RegisterLimits
from custom_components.leg_invoicing.formats import FormatError, own_readings
from tests.billing.build import at

_HEADER = "house,time,import_kwh,export_kwh"


def _read(*lines: str) -> list[tuple[int, str, str, Reading]]:
    text = "\n".join((_HEADER, *lines)).encode()
    return [
        (line, *reading[:3])
        for line, reading in own_readings.read(text.splitlines(keepends=True))
    ]


def test_each_register_is_a_reading_of_its_own() -> None:
    """The times need not lie on the grid of intervals."""
    seven, nine = at("2026-01-01T00:00:07+01:00"), at("2026-01-01T00:15:09+01:00")

    assert _read(
        "house_1,2026-01-01T00:00:07+01:00,12345.678,901.2",
        "house_1,2026-01-01T00:15:09+01:00,12345.801,",
    ) == [
        (2, "house_1", "import", Reading(seven, Energy(12_345_678_000))),
        (2, "house_1", "export", Reading(seven, Energy(901_200_000))),
        (3, "house_1", "import", Reading(nine, Energy(12_345_801_000))),
    ]


@pytest.mark.parametrize("silent", ["", "unavailable", "unknown"])
def test_a_register_that_could_not_be_read_is_left_out(silent: str) -> None:
    """It is no reading, and no zero."""
    (reading,) = _read(f"house_1,2026-01-01T00:00Z,{silent},5")

    assert reading[2] == "export"


def test_houses_may_alternate_and_times_repeat() -> None:
    """Each house has its own order of time."""
    readings = _read(
        "house_1,2026-01-01T10:00Z,1,",
        "house_2,2026-01-01T09:00Z,1,",
        "house_1,2026-01-01T10:00Z,2,",
    )

    assert [line for line, *_ in readings] == [2, 3, 4]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("house_1,2026-01-01T09:59Z,1,1", "earlier than the line before of house_1"),
        ("house_1,2026-01-01T11:00,1,1", "does not say its offset"),
        (",2026-01-01T11:00Z,1,1", "the house is missing"),
        ("house_1,2026-01-01T11:00Z,off,1", "import_kwh: 'off' is not a finite number"),
        ("house_1,2026-01-01T11:00Z,1,-1", "export_kwh: -1 is negative"),
    ],
)
def test_what_is_wrong_is_named_by_its_line(cells: str, reason: str) -> None:
    """The first line that does not fit is refused."""
    with pytest.raises(FormatError, match=reason) as raised:
        _read("house_1,2026-01-01T10:00Z,1,1", cells)

    assert raised.value.line == 3


def _swaps(*lines: str) -> list[own_readings.RegisterReading]:
    text = "\n".join((f"{_HEADER},event", *lines)).encode()
    return [read for _, read in own_readings.read(text.splitlines(keepends=True))]


def test_two_rows_are_a_swap() -> None:
    """The new meter's first reading carries the old one's last."""
    ten = at("2026-01-01T10:00+00:00")
    readings = _swaps(
        "house_1,2026-01-01T10:00Z,12,3,swap",
        "house_2,2026-01-01T10:00Z,1,1,",
        "house_1,2026-01-01T10:00Z,0,0,SWAP",
    )

    assert [(r.house_id, r.register, r.final) for r in readings] == [
        ("house_2", "import", None),
        ("house_2", "export", None),
        ("house_1", "import", Reading(ten, Energy(12_000_000))),
        ("house_1", "export", Reading(ten, Energy(3_000_000))),
    ]


@pytest.mark.parametrize(
    ("lines", "line", "reason"),
    [
        (["house_1,2026-01-01T10:00Z,12,3,swop"], 2, "no event"),
        (["house_1,2026-01-01T10:00Z,,,swap"], 2, "needs what the old meter showed"),
        (["house_1,2026-01-01T10:00Z,12,3,swap"], 2, "is two rows"),
        (
            ["house_1,2026-01-01T10:00Z,12,,swap", "house_1,2026-01-01T10:00Z,1,,"],
            3,
            "is two rows",
        ),
        (
            [
                "house_1,2026-01-01T10:00Z,12,,swap",
                "house_1,2026-01-01T10:00Z,1,2,swap",
            ],
            3,
            "of the same registers",
        ),
    ],
)
def test_half_a_swap(lines: list[str], line: int, reason: str) -> None:
    """A swap is whole, or the line is named."""
    with pytest.raises(FormatError, match=reason) as refusal:
        _swaps(*lines)
    assert refusal.value.line == line


def _gathering() -> Gathering:
    house = MeteredHouse(
        registers=frozenset({"import"}),
        limits=RegisterLimits(interval_seconds=900, max_power_w=30_000),
        member_since=0,
        constant=Decimal(2),
    )
    return Gathering(ZoneInfo("UTC"), {"house_1": house})


def _gathered(*lines: str) -> Gathering:
    gathering = _gathering()
    text = "\n".join((f"{_HEADER},event", *lines)).encode()
    for line, shown in own_readings.read(text.splitlines(keepends=True)):
        own_readings.gather(gathering, ("house_1", shown.register), line, shown)
    return gathering


def test_readings_are_multiplied_and_joined() -> None:
    """What the meter shows goes through the constant, and on across a swap."""
    gathering = _gathered(
        "house_1,2026-01-01T10:00Z,100,,",
        "house_1,2026-01-01T10:05Z,101,,swap",
        "house_1,2026-01-01T10:05Z,5,,swap",
        "house_1,2026-01-01T10:15Z,5.5,,",
        "house_1,2026-01-01T10:30Z,1,,",
    )

    (row,) = gathering.rows.values()
    assert row.imported == 3_000_000
    (finding,) = own_readings.doubts(gathering)
    assert finding == (
        "finding: house_1 import fell at 2026-01-01T10:30:00Z: it shows 2 kWh after "
        "11 kWh, and nothing is counted since"
    )


def test_a_swap_that_cannot_be_names_its_line() -> None:
    """A final reading below what was shown already is refused."""
    with pytest.raises(FormatError, match="already shown 200 kWh") as refusal:
        _gathered(
            "house_1,2026-01-01T10:00Z,100,,",
            "house_1,2026-01-01T10:05Z,99,,swap",
            "house_1,2026-01-01T10:05Z,5,,swap",
        )
    assert refusal.value.line == 4
