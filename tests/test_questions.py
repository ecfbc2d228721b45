"""What a user can ask: intervals, sums, and how a period stands."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests import given
from tests.playing import go, only_outside_the_loop

pytestmark = [
    pytest.mark.usefixtures("recorder_mock", "no_statistics"),
    pytest.mark.freeze_time("2026-02-04 10:07:00+00:00"),
]

TWO_DAYS = "2026-02-01..2026-02-03"
SPAN = {"from": "2026-02-01", "to": "2026-02-03"}


@pytest.fixture
async def entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return a running community, measured on two days that are over."""
    entry = given.community(hass)
    await given.set_up(hass, entry)
    await given.measured(hass, TWO_DAYS, house_1="0.1/0.25", house_2="0.3/0")
    return entry


async def correct(hass: HomeAssistant, **data: Any) -> None:
    """Correct an interval of house 2."""
    await given.call(hass, "correct_interval", house="house_2", reason="Seen", **data)


async def test_intervals_of_a_house(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Each interval has its energies, how good they are and where they are from."""
    answer = await given.call(hass, "get_intervals", house="house 1", **SPAN)

    assert answer["house"] == "House 1"
    assert answer["expected"] == len(answer["intervals"]) == 192
    assert answer["intervals"][0] == {
        "start": "2026-01-31T23:00:00Z",
        "import_kwh": 0.1,
        "export_kwh": 0.25,
        "quality": "measured",
        "import_quality": "measured",
        "export_quality": "measured",
        "source": "file",
    }


async def test_old_versions_on_demand(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """What once stood is told with who replaced it, the oldest first."""
    for kwh in (1, 2):
        await correct(hass, start="2026-02-01", import_kwh=kwh)
    await given.measured(hass, "2026-02-03..2026-02-04", house_1="0.1/")

    span = {"house": "House 2", "from": "2026-02-01", "to": "2026-02-01 00:30:00"}
    answer = await given.call(hass, "get_intervals", versions=True, **span)

    first, second = answer["intervals"]
    assert (first["import_kwh"], first["quality"], first["source"]) == (
        2,
        "manual",
        "hand",
    )
    assert [
        (v["import_kwh"], v["source"], v["superseded"]["reason"])
        for v in first["versions"]
    ] == [(0.3, "file", "Seen"), (1, "hand", "Seen")]
    assert second["versions"] == []
    span = {"house": "House 1", "from": "2026-02-03", "to": "2026-02-04"}
    answer = await given.call(hass, "get_intervals", **span)
    assert answer["intervals"][0]["export_quality"] == "missing"
    assert answer["intervals"][0]["export_kwh"] is None


@pytest.mark.parametrize(
    ("span", "key"),
    [
        ({"from": "2026-01-01", "to": "2026-02-02"}, "span_too_long"),
        ({"from": "2026-02-02", "to": "2026-02-02"}, "span_empty"),
        ({"from": "2026-02-02 00:01:00", "to": "2026-02-03"}, "off_grid"),
        ({"house": "nobody"}, "house_unknown"),
    ],
)
async def test_intervals_that_cannot_be_told(
    hass: HomeAssistant, entry: MockConfigEntry, span: dict[str, str], key: str
) -> None:
    """A question that makes no sense, or asks for too much, is refused."""
    with given.refused(key):
        await given.call(hass, "get_intervals", **{"house": "House 1", **SPAN, **span})


async def test_statistics_of_a_mistyped_year(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Millions of intervals are not looked at; the longest span is named."""
    with given.refused("span_too_long", days="3660"):
        await given.call(
            hass, "get_statistics", **{"from": "2026-01-01", "to": "2926-01-01"}
        )


async def test_statistics_of_a_house(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Energy and power over any span, with what is known of it."""
    await correct(hass, start="2026-02-01", import_kwh=1)

    span = {"from": "2026-01-31 23:00:00", "to": "2026-02-01 01:00:00"}
    answer = await given.call(hass, "get_statistics", house="House 2", **span)

    assert answer == {
        "house_id": "house_2",
        "house": "House 2",
        "from": "2026-01-31T22:00:00Z",
        "to": "2026-02-01T00:00:00Z",
        "intervals": 8,
        "complete": 4,
        "used": {
            "energy_kwh": 1.9,
            "min_power_w": 1200,
            "max_power_w": 4000,
            "average_power_w": 1900,
        },
        "delivered": {
            "energy_kwh": 0,
            "min_power_w": 0,
            "max_power_w": 0,
            "average_power_w": 0,
        },
        "qualities": {"measured": 3, "manual": 1, "missing": 4},
        "coverage_percent": 50,
    }


async def test_statistics_of_the_community(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Without a house, all houses are summed up, outside of the event loop."""
    module = "custom_components.leg_invoicing.interval_answers"
    with only_outside_the_loop(f"{module}._statistics") as calls:
        answer = await given.call(hass, "get_statistics", **SPAN)

    assert list(calls.values()) == [1]
    assert answer["house"] is None
    assert answer["used"]["energy_kwh"] == 76.8
    assert answer["used"]["average_power_w"] == 1600
    assert answer["delivered"]["energy_kwh"] == 48
    assert answer["coverage_percent"] == 100


# A period


async def test_a_period_that_is_ready(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A period that is measured and over can be closed."""
    answer = await given.call(hass, "check_period", period=TWO_DAYS)

    assert (answer["ready"], answer["reasons"]) == (True, [])
    assert answer["findings"] == answer["meter_problems"] == []
    assert [(c["house"], c["known"], c["percent"]) for c in answer["coverage"]] == [
        ("House 1", 192, 100),
        ("House 2", 192, 100),
    ]


async def test_a_period_that_is_not(
    hass: HomeAssistant, entry: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Everything in the way is named, with the house and what its meter does."""
    await go(hass, freezer, "2026-02-04 12:00:00", house_1_import="5 apples")
    await go(hass, freezer, "2026-02-04 13:01:00")

    answer = await given.call(hass, "check_period", period="2026-02")

    assert (answer["ready"], answer["reasons"]) == (
        False,
        ["period_unfinished", "missing_data:house_1", "missing_data:house_2"],
    )
    assert [f["house"] for f in answer["findings"]] == ["House 1", "House 2"]
    assert ("meter_unavailable", "House 1") in [
        (problem["code"], problem["house"]) for problem in answer["meter_problems"]
    ]
    answer = await given.call(hass, "check_period", period="2025-11")
    assert answer["reasons"] == ["nothing_to_bill"]
