"""What prices followed, from the past of the sensors to a bill that others compute."""

import json
from pathlib import Path
import subprocess
import sys
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.leg_invoicing.billing.calendar import iso_utc
from tests import given
from tests.playing import instant
from tests.test_signals import PRICE, set_tariff, show, spot

__all__ = ["spot"]

pytestmark = [
    pytest.mark.usefixtures("recorder_mock", "no_statistics", "spot"),
    pytest.mark.freeze_time("2026-02-03 10:07:00+00:00"),
]

ROOT = Path(__file__).resolve().parent.parent
TWO_DAYS = "2026-02-01..2026-02-03"
MODE, TAG = "select.mode", "sensor.tag"


@pytest.fixture
async def entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return a community with a dynamic price, a mode, and a charger with users."""
    registry = er.async_get(hass)
    registry.async_get_or_create("select", "charger", "1", suggested_object_id="mode")
    tag = registry.async_get_or_create(
        "sensor", "charger", "2", suggested_object_id="tag"
    )
    charger = given.meter(
        hass,
        1,
        "Wallbox",
        ["import"],
        role="ev_charger",
        house="house_1",
        behind="house_1",
        tariff="Standard",
        user=tag.id,
        users={"=A1": "house_1", "B2": "house_2"},
    )
    entry = given.community(hass, model="split", meters=[charger])
    await given.set_up(hass, entry)
    show(hass, "0.1")
    await set_tariff(
        hass,
        bands={"entity": MODE, "modes": {"fast": ["boost"], "slow": ["eco"]}},
        p_con={"fast": 28, "slow": 22},
        p_grid_con={"fast": {"entity": PRICE, "offset": "1.07"}, "slow": 25},
        vat={"mode": "on_top", "rate": "8.1"},
    )
    await given.measured(
        hass, TWO_DAYS, house_1="0.333/0.01", house_2="0.107/0.05", meter_1="0.211/0"
    )
    return entry


def past(hass: HomeAssistant) -> str:
    """Write what the sensors showed, interval by interval; return the file's path."""
    first, end = instant("2026-01-31 23:00"), instant("2026-02-02 23:00")
    lines = ["signal,start,value"]
    for number, start in enumerate(range(first, end, 900)):
        shown = {
            PRICE: f"{(number * 37 % 101 - 20) / 1000:.4f}",
            MODE: ("boost", "eco")[number // 7 % 2],
            TAG: ("'=A1", "B2", "C3", "")[number // 5 % 4],
        }
        lines += [f"{name},{iso_utc(start)},{value}" for name, value in shown.items()]
    path = given.media(hass) / "past.csv"
    path.write_text("\n".join(lines))
    return str(path)


def settled(folder: Path) -> Any:
    """Settle the evidence of a period, as anybody can."""
    done = subprocess.run(
        [
            *(sys.executable, ROOT / "script/settle_cli.py"),
            *("--intervals", folder / "intervals.csv"),
            *("--terms", folder / "terms.yaml"),
            *("--signals", folder / "signals.csv"),
            *("--period", TWO_DAYS, "--json"),
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout)


async def test_settle_agrees_with_what_was_closed(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """The evidence has the values that were brought in, and gives the same bills."""
    blocked = await given.call(hass, "preview_period", period=TWO_DAYS)
    assert {f["code"] for f in blocked["findings"] if f["blocking"]} == {
        "price_missing"
    }
    answer = await given.call(hass, "import_signals", path=past(hass))
    assert (answer["signals"], answer["new"]) == ([MODE, PRICE, TAG], 192 * 3 - 45)

    closed = await given.call(hass, "close_period", period=TWO_DAYS)

    again = await hass.async_add_executor_job(settled, Path(closed["folder"]))
    names = ("house_id", "total_ct", "net_amount_ct", "lines")
    assert [[bill[name] for name in names] for bill in again["statements"]] == [
        [bill[name] for name in names] for bill in closed["invoices"]
    ]
    lines = [line for bill in closed["invoices"] for line in bill["lines"]]
    assert {line["band"] for line in lines if line["is_average"]} == {"fast"}
    assert {line["meter"] for line in lines} == {"", "Wallbox"}
    (unknown,) = (f for f in again["findings"] if f["code"] == "unknown_user")
    assert unknown["details"]["users"] == "C3"
