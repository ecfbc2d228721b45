"""What a period would have cost: through the action, and without a trace."""

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.leg_invoicing.billing.calendar import parse_period
from custom_components.leg_invoicing.billing.signals import SignalValue
from tests import given
from tests.billing.build import ZURICH

pytestmark = [
    pytest.mark.usefixtures("recorder_mock", "no_statistics"),
    pytest.mark.freeze_time("2026-02-04 10:07:00+00:00"),
]

TWO_DAYS = "2026-02-01..2026-02-03"


@pytest.fixture
async def entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return a running community, measured on two days that are over."""
    entry = given.community(hass, model="split")
    await given.set_up(hass, entry)
    await given.measured(hass, TWO_DAYS, house_1="0.1/0.25", house_2="0.3/0")
    return entry


def stored(hass: HomeAssistant) -> dict[str, bytes]:
    """Return the bytes of the ledger and the books."""
    folder = Path(hass.config.path(".storage"))
    return {
        path.name: path.read_bytes()
        for path in sorted(folder.iterdir())
        if "sonnenweg" in path.name and not path.name.endswith("-shm")
    }


async def simulate(hass: HomeAssistant, **changes: Any) -> dict[str, Any]:
    """Call the action; make sure that it has changed nothing."""
    # The first look at a period writes what meters have closed.
    await given.call(hass, "preview_period", period=TWO_DAYS)
    before = await hass.async_add_executor_job(stored, hass)

    answer = await given.call(hass, "simulate_period", period=TWO_DAYS, changes=changes)

    assert len(before) > 1
    assert await hass.async_add_executor_job(stored, hass) == before
    return dict(answer)


def differences(answer: dict[str, Any]) -> dict[str, Any]:
    """Return how much more each house would have owed, by name."""
    return {h["house"]: h["difference"]["total_ct"] for h in answer["houses"]}


async def test_another_price(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Numbers as they were typed, and what each house and the account would have."""
    answer = await simulate(hass, tariffs={"Standard": {"p_con": 24.0}})

    # 192 × 0.0625 and 0.1875 kWh bought from the community, a ct less.
    assert differences(answer) == {"House 1": -12, "House 2": -36}
    assert answer["period"] == TWO_DAYS
    assert answer["findings"] == []
    house = answer["houses"][1]
    assert house["house_id"] == "house_2"
    assert house["before"]["import_cost_ct"] == 900 + 648
    assert house["after"]["import_cost_ct"] == 864 + 648
    assert answer["community"]["difference"]["balance_ct"] == -48


async def test_houses_by_name(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Changes may call houses what people call them, or by their ids."""
    by_name = await simulate(
        hass,
        community={
            "allocation": "static",
            "weights": {"house 1": 0.5, "HOUSE 2": 0.5},
            "sharing": [
                {
                    "valid_from": "2026-02-02",
                    "allocation": "priority",
                    "order": ["House 2", "House 1"],
                }
            ],
        },
        member={"like": "House 2"},
    )
    by_id = await simulate(
        hass,
        community={
            "allocation": "static",
            "weights": {"house_1": 0.5, "house_2": 0.5},
            "sharing": [
                {
                    "valid_from": "2026-02-02",
                    "allocation": "priority",
                    "order": ["house_2", "house_1"],
                }
            ],
        },
        member={"like": "house_2"},
    )

    assert by_name == by_id
    assert [house["house"] for house in by_name["houses"]] == [
        "House 1",
        "House 2",
        "new_member",
    ]
    person_2 = {"house": "House 2", "participant": "Person 2"}
    users = {"A": "House 2", "B": person_2}
    box = {"role": "ev_charger", "user": "tag", "users": users}
    meters = {
        "box": box | {"house": "House 1", "behind": "House 1"},
        "hall": {
            "role": "common_area",
            "share": {"by": "area", "of": {"House 1": 1, "House 2": 2}},
        },
    }
    findings = (await simulate(hass, meters=meters))["findings"]
    assert {finding["house_id"] for finding in findings} == {"house_1", "house_2"}
    with given.refused("changes_invalid"):
        await simulate(hass, meters={"box": box | {"users": "House 2"}})
    alone = await simulate(hass, without=["House 2"])
    assert alone["houses"][1]["after"]["total_ct"] == 0


async def test_a_price_that_follows_a_sensor(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """It is named as people know it; what it showed then counts."""
    spot = er.async_get(hass).async_get_or_create(
        "sensor", "exchange", "spot", suggested_object_id="spot"
    )
    hass.states.async_set("sensor.spot", "0.1", {"unit_of_measurement": "CHF/kWh"})
    span = parse_period(TWO_DAYS).span(ZoneInfo(ZURICH))
    shown = [SignalValue(spot.id, s, "0.24") for s in range(span.start, span.end, 900)]
    ledger = entry.runtime_data.ledger
    await hass.async_add_executor_job(ledger.write_signals, shown)

    prices = {"p_con": {"entity": "sensor.spot"}}
    followed = await simulate(hass, tariffs={"Standard": prices})
    whole = {"valid_from": "2026-01-01", "p_pv": 20, "p_grid_del": 6, "p_grid_con": 30}
    as_list = await simulate(hass, tariffs={"Standard": [whole | prices]})
    grams = {"entity": "sensor.spot", "multiplier": 1000}
    with_co2 = await simulate(hass, community={"co2": grams})

    # 192 × 0.0625 and 0.1875 kWh bought from the community, a ct less.
    assert differences(followed) == {"House 1": -12, "House 2": -36}
    assert as_list == followed
    assert set(differences(with_co2).values()) == {0}


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        (
            {"tariffs": {"Standard": {"p_con": {"entity": "sensor.none"}}}},
            "tariff_invalid",
        ),
        ({"community": {"co2": {"entity": "sensor.none"}}}, "changes_invalid"),
        ({"tariffs": {"Standard": 24}}, "changes_invalid"),
        ({"tariffs": ["Standard"]}, "changes_invalid"),
    ],
)
async def test_sensors_that_there_are_not(
    hass: HomeAssistant, entry: MockConfigEntry, changes: dict[str, Any], key: str
) -> None:
    """They are refused, as is what is no tariff at all."""
    with given.refused(key):
        await simulate(hass, **changes)


async def test_a_closed_period(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """It is compared with the terms by which it was billed, not with today's."""
    await given.call(hass, "close_period", period=TWO_DAYS)
    hass.config_entries.async_update_entry(entry, data={**entry.data, "model": "pool"})
    await hass.async_block_till_done()

    answer = await simulate(hass)

    assert set(differences(answer).values()) == {0}
    assert (
        answer["houses"][0]["before"]["total_ct"]
        == (answer["houses"][0]["after"]["total_ct"])
    )
    assert answer["houses"][1]["before"]["import_cost_ct"] == 900 + 648


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"tariffs": {"Standard": {"p_cons": 1}}}, "did you mean 'p_con'"),
        ({"without": "House 2"}, "must be a list"),
        ({"without": [2]}, "there is no house '2'; use House 1, House 2"),
        ({"community": {"weights": 1}, "member": {"like": 1}}, "no house '1'"),
    ],
)
async def test_changes_that_are_not_understood(
    hass: HomeAssistant, entry: MockConfigEntry, changes: dict[str, Any], words: str
) -> None:
    """They are refused in words that say what to do."""
    with given.refused("changes_invalid") as caught:
        await given.call(hass, "simulate_period", period=TWO_DAYS, changes=changes)

    assert words in caught.value.translation_placeholders["reason"]
