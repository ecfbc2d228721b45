"""What becomes of meters, periods and the ledger when programs die."""

from collections.abc import Mapping
from typing import Any

import pytest

from script.demo_lib.client import RefusedError
from script.demo_lib.community import DOMAIN, wait_for_meters
from script.demo_lib.houses import SONNHALDE
from script.demo_lib.progress import wait_until
from tests.e2e.theatre import Play, Theatre

pytestmark = pytest.mark.e2e

_COUNTING = ("imported_energy", "exported_energy", "value_of_consumption")


def _counts(theatre: Theatre, play: Play) -> dict[str, float]:
    """Return what the houses' counting sensors show."""
    sensors = theatre.do(play.community.sensors())
    return {
        sensor["entity_id"]: float(sensor["state"])
        for (_, key), sensor in sensors.items()
        if key in _COUNTING
    }


def _assert_gone_on(before: Mapping[str, float], after: Mapping[str, float]) -> None:
    """At most a quarter hour was added, and nothing was lost."""
    assert after.keys() == before.keys()
    for entity_id, value in after.items():
        assert before[entity_id] <= value <= before[entity_id] + 8, entity_id


def test_broker_restart(theatre: Theatre, play: Play) -> None:
    """While the broker is away there are no readings, and above all no zeros."""
    client, broker = play.stage.client, play.stage.broker
    before = _counts(theatre, play)

    async def meters_are_gone() -> bool:
        states = await client.states()
        meters = [e["entity_id"] for e in await client.entities("mqtt")]
        return all(states[meter]["state"] == "unavailable" for meter in meters)

    theatre.do(broker.stop())
    theatre.do(wait_until("meters are unavailable", meters_are_gone, seconds=30))
    _assert_gone_on(before, _counts(theatre, play))

    theatre.do(broker.begin())
    theatre.do(wait_for_meters(client, SONNHALDE.hardware))
    _assert_gone_on(before, _counts(theatre, play))
    issues = theatre.do(client.command("repairs/list_issues"))["issues"]
    assert [issue for issue in issues if issue["domain"] == DOMAIN] == []


def test_power_cut(theatre: Theatre, play: Play) -> None:
    """After a kill the period is still closed, and nothing is settled twice."""
    client, home_assistant = play.stage.client, play.stage.home_assistant
    period_id = play.stage.setting.times.period_id
    before = _counts(theatre, play)
    invoices = theatre.do(play.community.action("get_invoices"))

    home_assistant.kill()
    theatre.do(home_assistant.begin())
    theatre.do(client.running())
    theatre.do(play.community.loaded())
    theatre.do(wait_for_meters(client, SONNHALDE.hardware))

    _assert_gone_on(before, _counts(theatre, play))
    assert theatre.do(play.community.action("get_invoices")) == invoices
    assert invoices["invoices"] == play.closed["invoices"]
    with pytest.raises(RefusedError, match=period_id):
        theatre.do(play.community.close(period_id))
    answer: dict[str, Any] = theatre.do(play.community.import_readings(play.intervals))
    assert answer["changed"] == 0
    _assert_gone_on(before, _counts(theatre, play))
