"""The dialog that reads the sensors' statistics back."""

import asyncio
from typing import Any
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.leg_invoicing.const import DOMAIN
from tests import given
from tests.forms import Form, choose, fill, refused, shown
from tests.playing import rows
from tests.test_backfill import MORNING, recorded
from tests.test_signals import PRICE, set_tariff, spot

__all__ = ["spot"]

pytestmark = [
    pytest.mark.usefixtures("recorder_mock", "no_statistics"),
    pytest.mark.freeze_time("2026-02-03 10:07:00+00:00"),
]

TARGET = "custom_components.leg_invoicing.backfill_flow.async_backfill"


@pytest.fixture
async def entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return a running community: house_1 has both registers, house_2 imports."""
    entry = given.community(hass)
    await given.set_up(hass, entry)
    return entry


async def begin(hass: HomeAssistant, entry: MockConfigEntry) -> Form:
    """Open the dialog."""
    menu = await hass.config_entries.options.async_init(entry.entry_id)
    return await choose(hass.config_entries.options, menu, "backfill")


async def answered(hass: HomeAssistant, form: Form, **days: str) -> Form:
    """Choose days, and wait until what comes next is there."""
    options = hass.config_entries.options
    result = await fill(options, form, {"from": "2026-02-03"} | days)
    if result["type"] is FlowResultType.SHOW_PROGRESS:
        assert (result["step_id"], result["progress_action"]) == (
            "backfill_reading",
            "backfill",
        )
        await hass.async_block_till_done(wait_background_tasks=True)
        return await options.async_configure(result["flow_id"])
    return result


async def test_from_days_to_what_was_found(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """It begins with the last period, goes on by itself, and ends with a summary."""
    values = [100, 101, None, None, 102, 2000, 103]
    await recorded(hass, "2026-02-03 02:00", values)
    unit: dict[str, Any] = {"unit": "m³", "unit_class": "volume"}
    await recorded(hass, MORNING, [1, 2], name="house_1_export", **unit)
    form = await begin(hass, entry)
    assert shown(form) == {"from": "2026-01-01", "to": None}

    found = await answered(hass, form)

    assert (found["type"], found["step_id"]) == (FlowResultType.FORM, "backfill_found")
    assert found["description_placeholders"] == {
        "written": "4",
        "kept": "0",
        "table": (
            "| House 1 | Import | the sensor has no statistics of a sum: "
            "sensor.house_1_import | | |\n"
            "| House 1 | Export | the statistics are in no unit of energy: "
            "sensor.house_1_export m³ | | |\n"
            "| House 2 | Import | 5 | 0 | 4 |"
        ),
        "list": (
            "- House 2, Import, 2026-02-03 00:00 – 2026-02-03 04:00: "
            "nothing was recorded; nothing was written\n"
            "- House 2, Import, 2026-02-03 05:00 – 2026-02-03 08:00: "
            "nothing was recorded; nothing was written\n"
            "- House 2, Import, 2026-02-03 08:00 – 2026-02-03 10:00: "
            "the register rose further than the connection can carry; "
            "nothing was written\n"
            "- House 2, Import, 2026-02-03 10:00 – 2026-02-03 11:07: "
            "nothing was recorded; nothing was written"
        ),
        "signals": "–",
    }
    assert len(await rows(hass, entry)) == 4

    options = dict(entry.options)
    end = await fill(hass.config_entries.options, found, {})
    assert end["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options == options


async def test_a_meter_is_read_back_under_its_name(hass: HomeAssistant) -> None:
    """A meter beside the houses' own has a past like theirs."""
    pump = given.meter(hass, 1, "Pump", ["import"], role="heat_pump", house="house_2")
    entry = given.community(hass, meters=[pump])
    await given.set_up(hass, entry)
    await recorded(hass, "2026-02-03 02:00", [100, 101], name="pump_import")

    found = await answered(hass, await begin(hass, entry))

    assert "| Pump | Import | 2 | 0 | 4 |" in found["description_placeholders"]["table"]
    assert len(await rows(hass, entry, "meter_1")) == 4


@pytest.mark.usefixtures("spot")
async def test_sensors_that_prices_follow_are_read_back(hass: HomeAssistant) -> None:
    """Beside the registers, the dialog says what they had shown."""
    await given.set_up(hass, entry := given.community(hass))
    await set_tariff(hass, p_grid_con={"entity": PRICE})

    found = await answered(hass, await begin(hass, entry))

    assert found["description_placeholders"]["signals"] == f"\n- {PRICE}: 0 (0)"


async def test_long_list_is_cut(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """A dialog shows the first holes only; the action shows them all."""
    values = [100 if n % 3 else None for n in range(100)]
    await recorded(hass, "2026-01-30 02:00", values)

    found = await answered(hass, await begin(hass, entry), **{"from": "2026-01-30"})

    lines = found["description_placeholders"]["list"].splitlines()
    assert (len(lines), lines[-1]) == (21, "- …")


async def test_days_that_are_none(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Days to come are refused; once corrected, they are read."""
    form = await answered(hass, await begin(hass, entry), **{"from": "2026-03-01"})
    assert refused(form, "base", "backfill_no_days")
    assert shown(form)["from"] == "2026-03-01"

    found = await answered(hass, form, to="2026-02-04")
    assert found["step_id"] == "backfill_found"


async def test_failure(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """What fails is said in the form, from where it can be tried again."""
    error = HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="backfill_failed",
        translation_placeholders={"reason": "disk is full"},
    )
    with patch(TARGET, side_effect=error):
        form = await answered(hass, await begin(hass, entry))
    assert refused(form, "base", "backfill_failed", reason="disk is full")

    found = await answered(hass, form)
    assert found["step_id"] == "backfill_found"


async def test_closed_dialog(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """What has begun is finished, even if nobody looks on; progress is shown."""
    go_on, done = asyncio.Event(), asyncio.Event()

    async def reading(*args: Any) -> dict[str, Any]:
        args[-1](0.5)
        await go_on.wait()
        done.set()
        return {}

    options = hass.config_entries.options
    form = await begin(hass, entry)
    with patch(TARGET, reading):
        result = await fill(options, form, {"from": "2026-02-03"})
        assert result["type"] is FlowResultType.SHOW_PROGRESS
        again = await options.async_configure(result["flow_id"])
        assert again["type"] is FlowResultType.SHOW_PROGRESS
        options.async_abort(result["flow_id"])
        go_on.set()
        await hass.async_block_till_done(wait_background_tasks=True)

    assert done.is_set()
