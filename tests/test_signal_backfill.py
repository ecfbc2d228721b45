"""Reading back what the recorder kept of the sensors that prices follow."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.db_schema import RecorderRuns
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import session_scope
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from tests import given
from tests.forms import close
from tests.playing import instant
from tests.test_signals import PRICE, recorded, set_tariff, show, spot

__all__ = ["spot"]

pytestmark = [
    pytest.mark.usefixtures("recorder_mock", "no_statistics"),
    pytest.mark.freeze_time("2026-02-03 07:58:00+00:00"),
]


async def showed(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    values: dict[str, str],
    unit: str = "CHF/kWh",
) -> None:
    """Let the sensor have shown values from times on, and the recorder note them."""
    for time, value in values.items():
        freezer.move_to(dt_util.utc_from_timestamp(instant(f"2026-02-03 {time}")))
        show(hass, value, unit)
        await async_wait_recording_done(hass)


async def priced(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, time: str = "09:58:00"
) -> MockConfigEntry:
    """Return a community whose prices follow the sensor from a time on."""
    freezer.move_to(dt_util.utc_from_timestamp(instant(f"2026-02-03 {time}")))
    entry = given.community(hass, model="split")
    await given.set_up(hass, entry)
    await set_tariff(hass, p_grid_con={"entity": PRICE})
    return entry


async def read_back(hass: HomeAssistant, **data: Any) -> Any:
    """Read the recorder back; return what became of the sensors that prices follow."""
    first = {"from": "2026-02-03"}
    answer = await given.call(hass, "backfill_from_recorder", **first | data)
    await hass.async_block_till_done(wait_background_tasks=True)
    return answer["signals"]


@pytest.mark.usefixtures("spot")
async def test_what_was_shown_longest(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """The rule for the past is the one for now, and nothing is taken for missing."""
    await showed(
        hass,
        freezer,
        {
            "08:00:00": "0.1",
            "08:15:04": "0.2",
            "08:31:00": STATE_UNAVAILABLE,
            "08:45:00": "0.4",
            "08:46:00": "0.5",
            "08:59:30": "0.6",
            "09:10:00": "0.7",
        },
    )
    entry = await priced(hass, freezer)

    looked = await read_back(hass, dry_run=True)
    assert await recorded(hass, entry) == {}
    signals = await read_back(hass)

    expected = {
        "08:00": "0.1",
        "08:15": "0.2",
        "08:45": "0.5",
        "09:00": "0.6",
        "09:15": "0.7",
        "09:30": "0.7",
    }
    assert await recorded(hass, entry) == expected
    assert signals == {PRICE: {"intervals": 6, "written": 6, "kept": 0}}
    assert looked == signals
    audit = (await given.call(hass, "get_audit"))["entries"]
    assert (audit[0]["action"], audit[0]["changed"]) == ("backfill_from_recorder", 6)

    again = await read_back(hass)
    assert again == {PRICE: {"intervals": 6, "written": 0, "kept": 6}}


@pytest.mark.usefixtures("spot")
async def test_what_stands_stays(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """What was recorded here, or brought in, is as good as what the recorder has."""
    await showed(hass, freezer, {"08:00:00": "0.1", "08:30:00": STATE_UNAVAILABLE})
    entry = await priced(hass, freezer)
    path = given.media(hass) / "prices.csv"
    path.write_text(f"signal,start,value\n{PRICE},2026-02-03T08:00:00Z,0.3\n")
    await given.call(hass, "import_signals", path=str(path))

    assert await read_back(hass) == {PRICE: {"intervals": 2, "written": 1, "kept": 1}}
    assert await recorded(hass, entry) == {"08:00": "0.3", "08:15": "0.1"}


@pytest.mark.usefixtures("spot")
async def test_another_unit_is_missing(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """A number in a unit that the price is not written for is no price."""
    await showed(hass, freezer, {"08:00:00": "100"}, "CHF/MWh")
    await showed(hass, freezer, {"08:30:00": "0.1", "08:45:00": STATE_UNAVAILABLE})
    entry = await priced(hass, freezer)

    await read_back(hass)

    assert await recorded(hass, entry) == {"08:30": "0.1"}


@pytest.mark.usefixtures("spot")
async def test_while_nobody_looked(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """What was shown before Home Assistant stopped is not taken for what came then."""
    await showed(hass, freezer, {"08:00:00": "0.1", "08:16:00": "0.2"})
    hass.states.async_set("sensor.other", "the last that was heard")
    await async_wait_recording_done(hass)
    started = dt_util.utc_from_timestamp(instant("2026-02-03 09:00:00"))

    def start() -> None:
        with session_scope(hass=hass) as session:
            session.add(RecorderRuns(start=started, created=started))

    await get_instance(hass).async_add_executor_job(start)
    await showed(hass, freezer, {"09:00:05": "0.3", "09:20:00": STATE_UNAVAILABLE})
    entry = await priced(hass, freezer)

    await read_back(hass)

    assert await recorded(hass, entry) == {"08:00": "0.1", "09:00": "0.3"}


@pytest.mark.usefixtures("spot")
async def test_days_without_states_and_closed_periods(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """What was billed does not change, and what the recorder forgot is not there."""
    await showed(hass, freezer, {"08:00:00": "0.1", "08:30:00": STATE_UNAVAILABLE})
    entry = await priced(hass, freezer)
    close(entry, "2026-02")

    signals = await read_back(hass, **{"from": "2026-01-28"})

    assert signals == {PRICE: {"intervals": 2, "written": 0, "kept": 2}}
    assert await recorded(hass, entry) == {}


@pytest.mark.usefixtures("spot")
async def test_a_state_that_lasts_for_days(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """It counts in all of their intervals, also on the day on which clocks change."""
    await showed(hass, freezer, {"08:00:00": "0.1"})
    freezer.move_to("2026-03-31 10:02:00+00:00")
    entry = given.community(hass, model="split")
    await given.set_up(hass, entry)
    await set_tariff(hass, p_grid_con={"entity": PRICE})

    signals = await read_back(hass, **{"from": "2026-03-28", "to": "2026-03-31"})

    assert signals[PRICE]["written"] == 96 + 92 + 96
