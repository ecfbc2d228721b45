"""What live readings become, once an interval is over."""

from datetime import UTC, datetime, timedelta
import time

import pytest

from script.demo_lib.dashboard import ENERGY_KEYS, energy_preferences
from script.demo_lib.houses import SONNHALDE
from script.demo_lib.profiles import PER_KWH
from script.demo_lib.progress import wait_until
from script.demo_lib.simulator import Registers
from tests.e2e.theatre import QUICK, Play, Theatre

pytestmark = [
    pytest.mark.e2e,
    # Nothing hangs that waits for an interval to end.
    pytest.mark.timeout(900),
]

_LONGEST_WAIT = (QUICK.minutes + 1) * 60 + 20
"""An interval, the minute that is waited for readings behind its edge, some seconds."""


def test_live_interval_is_closed(theatre: Theatre, play: Play) -> None:
    """Five minutes of live readings become the energy that the meter counted."""

    async def all_have_energy() -> bool:
        sensors = await play.quick.sensors()
        return all(
            float(sensors[member.house, "imported_energy"]["state"]) > 0
            for member in QUICK.members
        )

    theatre.do(
        wait_until("a live interval", all_have_energy, seconds=_LONGEST_WAIT, every=2),
        seconds=_LONGEST_WAIT + 30,
    )
    sensors = theatre.do(play.quick.sensors())
    for member in QUICK.members:
        newest = sensors[member.house, "last_interval"]
        end = datetime.fromisoformat(newest["state"]).timestamp()
        registers = Registers(member.simulated, play.stage.setting.times.since)
        before, after = registers.at(end - QUICK.minutes * 60), registers.at(end)

        counted = (after.imported - before.imported) / PER_KWH
        # The registers at the edges lie between two readings a few seconds apart.
        assert newest["attributes"]["delta_ei_kwh"] == pytest.approx(counted, abs=0.002)
        shown = newest["attributes"]["ei_kwh"]
        assert after.import_kwh <= shown <= registers.at(time.time()).import_kwh


def test_energy_dashboard_accepts_our_sensors(theatre: Theatre, play: Play) -> None:
    """The Energy dashboard finds nothing wrong with the community's sensors.

    Home Assistant knows the sensors' statistics when five minutes have passed.
    """
    client = play.stage.client
    sensors = theatre.do(play.community.sensors())
    ids = {key: sensors[None, key]["entity_id"] for key in ENERGY_KEYS}
    houses = {
        member.house: sensors[member.house, "imported_energy"]["entity_id"]
        for member in SONNHALDE.members
    }

    entity_ids = {*ids.values(), *houses.values()}

    async def known() -> bool:
        rows = await client.command(
            "recorder/statistics_during_period",
            start_time=(datetime.now(UTC) - timedelta(hours=1)).isoformat(),
            statistic_ids=list(entity_ids),
            period="5minute",
        )
        return entity_ids <= rows.keys()

    theatre.do(
        wait_until("statistics of the sensors", known, seconds=330, every=5),
        seconds=360,
    )
    preferences = energy_preferences(ids, houses)
    theatre.do(client.command("energy/save_prefs", **preferences))

    issues = theatre.do(client.command("energy/validate"))
    assert issues["energy_sources"] == [[] for _ in preferences["energy_sources"]]
    assert issues["device_consumption"] == [[] for _ in houses]
