"""The demonstration itself: start everything, set it up, close a month, go on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
import time

from .broker import BROKERS, Broker
from .client import Client, Json
from .community import Community, connect_mqtt, wait_for_meters
from .dashboard import ENERGY_KEYS, create_dashboard, energy_preferences, statistic_id
from .files import write_intervals, write_readings, write_tags
from .home_assistant import HomeAssistantProcess, environment_python
from .houses import Village
from .meters import TAG
from .profiles import ZONE
from .progress import say, step
from .setting import Setting
from .simulator import SimulatedHouse, Simulator
from .times import days_between, last_edge

USER = "demo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Everything that runs."""

    setting: Setting
    broker: Broker
    home_assistant: HomeAssistantProcess
    client: Client


def last_lines(setting: Setting) -> str:
    """Return the end of Home Assistant's log."""
    return _home_assistant(setting).last_lines()


def _home_assistant(setting: Setting) -> HomeAssistantProcess:
    return HomeAssistantProcess(
        setting.folder / "homeassistant",
        root=setting.root,
        python=environment_python(setting.root, setting.environment),
        port=setting.port,
    )


@asynccontextmanager
async def running(
    setting: Setting, *villages: Village, every: float = 5.0
) -> AsyncIterator[Stage]:
    """Start a broker, Home Assistant and the houses; stop all of them at the end.

    A folder that was used before is taken up where it was left.
    """
    setting.save()
    home_assistant = _home_assistant(setting)
    is_new = not (home_assistant.folder / ".storage" / "auth").exists()
    broker = Broker(
        setting.broker,
        setting.folder / "broker",
        setting.broker_port,
        environment_python(setting.root, setting.environment),
    )
    simulator = Simulator(
        (each for village in villages for each in village.simulated),
        port=setting.broker_port,
        since=setting.times.since,
        every=every,
    )
    async with broker, simulator, Client(home_assistant.url) as client:
        try:
            async with step(f"Starting Home Assistant ({setting.environment})"):
                await home_assistant.begin()
                await _enter(client, setting, is_new=is_new)
            yield Stage(
                setting=setting,
                broker=broker,
                home_assistant=home_assistant,
                client=client,
            )
        finally:
            async with step("Stopping everything"):
                await home_assistant.stop()


async def _enter(client: Client, setting: Setting, *, is_new: bool) -> None:
    """Log in and wait until everything is there."""
    await client.answering()
    if is_new:
        await client.create_owner(USER, setting.password)
    else:
        await client.log_in(USER, setting.password)
    await client.running()
    if is_new:
        protocol = BROKERS[setting.broker].protocol
        await connect_mqtt(client, setting.broker_port, protocol)


async def set_up(stage: Stage, village: Village) -> Community:
    """Found the community and add all houses, through Home Assistant's forms."""
    times = stage.setting.times
    async with step(f"The meters of {village.name} announce themselves over MQTT"):
        entity_ids = await wait_for_meters(stage.client, village.hardware)
    async with step(f"Filling in the forms: {village.name} and its houses"):
        community = await Community.found(
            stage.client,
            village.name,
            valid_from=times.first_prices,
            minutes=village.minutes,
        )
        for member in village.members:
            await community.loaded()
            await community.add_house(member, entity_ids, since=times.last_month)
        await community.loaded()
    return community


async def load_history(stage: Stage, community: Community, village: Village) -> Path:
    """Load all intervals since last month began; return the file they came in.

    With them goes where the registers stood at the beginning of each month and of
    the current interval.
    """
    times, seconds = stage.setting.times, village.minutes * 60
    path = stage.home_assistant.readings / f"{village.name} intervals.csv"
    edge = last_edge(village.minutes)
    houses = await _houses(community, village)
    edges = range(times.since, edge, seconds)
    rows = write_intervals(path, houses, times.since, edges)
    async with step(f"Loading {rows} intervals from {path}"):
        await community.import_readings(path)
        moments = (times.since, times.until, edge)
        await load_registers(stage, community, village, *moments)
        await load_tags(stage, community, village, edge)
    return path


async def load_tags(
    stage: Stage, community: Community, village: Village, edge: int
) -> None:
    """Load who charged since last month began: nobody recorded the sensor then."""
    entity_ids = await wait_for_meters(stage.client, village.hardware)
    days = days_between(stage.setting.times.since, edge)
    for meter in village.meters:
        if meter.users:
            path = stage.home_assistant.readings / f"{meter.name} tags.csv"
            write_tags(path, entity_ids[meter.simulated.meter.unique_id(TAG)], days)
            await community.import_signals(path)


async def load_registers(
    stage: Stage, community: Community, village: Village, *moments: int
) -> None:
    """Load where the registers stood at some moments.

    Live readings begin somewhere within an interval; knowing the registers at its
    beginning, the integration can tell all of it.
    """
    path = stage.home_assistant.readings / f"{village.name} registers.csv"
    houses = await _houses(community, village)
    write_readings(path, houses, stage.setting.times.since, moments)
    await community.import_readings(path)


async def _houses(community: Community, village: Village) -> dict[str, SimulatedHouse]:
    """Return what has meters by the ids that the integration gave it."""
    house_ids, meter_ids = await community.house_ids(), await community.meter_ids()
    return {
        **{house_ids[member.house]: member.simulated for member in village.members},
        **{meter_ids[meter.name]: meter.simulated for meter in village.meters},
    }


async def close_last_month(stage: Stage, community: Community) -> Json:
    """Close last month and return what the action answers."""
    period_id = stage.setting.times.period_id
    async with step(f"Closing {period_id}"):
        return await community.close(period_id)


async def decorate(client: Client, community: Community, closed: Json) -> None:
    """Make a dashboard and fill the Energy page, after a period was closed."""
    community_id = closed["invoices"][0]["community_id"]
    title = closed["invoices"][0]["community_name"]
    house_ids = await community.house_ids()
    async with step("Making a dashboard"):
        meters = sorted(e["entity_id"] for e in await client.entities("mqtt"))
        await create_dashboard(
            client,
            title,
            community_id,
            house_ids,
            await community.meter_ids(),
            await community.sensors(),
            meters,
        )
        preferences = energy_preferences(
            {key: statistic_id(community_id, key) for key in ENERGY_KEYS},
            {
                house: statistic_id(community_id, "imported_energy", house_id)
                for house, house_id in house_ids.items()
            },
        )
        await client.command("energy/save_prefs", **preferences)


async def go_on(community: Community, village: Village) -> None:
    """Let the quarter hours pass, and say what each brought, until cancelled."""
    edge = last_edge(village.minutes)
    while True:
        edge += village.minutes * 60
        # The integration waits a minute for readings from behind the edge.
        await asyncio.sleep(edge + 75 - time.time())
        sensors = await community.sensors()
        values = ", ".join(
            f"{key.replace('_', ' ')} {float(sensors[None, key]['state']):.3f} kWh"
            for key in ("consumption", "production", "shared_energy")
        )
        until = datetime.fromtimestamp(edge, ZONE)
        say(f"This month, up to {until:%H:%M}: {values}")
