"""The demonstration itself: start everything, set it up, close a month, go on."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
import time

from .broker import BROKERS, Broker
from .client import Client, Json
from .community import Community, connect_mqtt, wait_for_meters
from .dashboard import ENERGY_KEYS, create_dashboard, energy_preferences, statistic_id
from .files import write_intervals, write_readings
from .home_assistant import HomeAssistantProcess, environment_python
from .houses import COMMUNITY, MEMBERS, Member
from .profiles import ZONE
from .progress import say, step
from .setting import Setting
from .simulator import Simulator
from .times import last_edge

USER = "demo"
MINUTES = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Everything that runs."""

    setting: Setting
    broker: Broker
    home_assistant: HomeAssistantProcess
    client: Client
    simulator: Simulator


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
    setting: Setting, *, members: Sequence[Member] = MEMBERS, every: float = 5.0
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
        (member.simulated for member in members),
        port=setting.broker_port,
        since=setting.times.since,
        every=every,
    )
    async with broker, simulator, Client(home_assistant.url) as client:
        async with step(f"Starting Home Assistant ({setting.environment})"):
            await home_assistant.begin()
            await _enter(client, setting, is_new=is_new)
        try:
            yield Stage(
                setting=setting,
                broker=broker,
                home_assistant=home_assistant,
                client=client,
                simulator=simulator,
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


async def set_up(stage: Stage) -> Community:
    """Found the community and add all houses, through Home Assistant's forms."""
    times = stage.setting.times
    async with step("The meters announce themselves over MQTT"):
        entity_ids = await wait_for_meters(stage.client, MEMBERS)
    async with step(f"Filling in the forms: {COMMUNITY} and its {len(MEMBERS)} houses"):
        community = await Community.found(
            stage.client, COMMUNITY, valid_from=times.first_prices, minutes=MINUTES
        )
        for member in MEMBERS:
            await community.loaded()
            await community.add_house(member, entity_ids, since=times.last_month)
        await community.loaded()
    return community


async def load_history(stage: Stage, community: Community) -> None:
    """Load all quarter hours since last month began, and where the registers stood.

    The live readings begin somewhere within a quarter hour; knowing the registers at
    its beginning, the integration can tell all of it.
    """
    times, folder = stage.setting.times, stage.home_assistant.readings
    house_ids = await community.house_ids()
    houses = {house_ids[member.house]: member.simulated for member in MEMBERS}
    newest = last_edge(MINUTES)
    edges = range(times.since, newest, MINUTES * 60)
    rows = write_intervals(folder / "intervals.csv", houses, times.since, edges)
    moments = (times.since, times.until, newest)
    write_readings(folder / "registers.csv", houses, times.since, moments)
    async with step(f"Loading {rows} quarter hours from {folder}"):
        await community.import_readings(folder / "intervals.csv")
        await community.import_readings(folder / "registers.csv")


async def close_last_month(stage: Stage, community: Community) -> Json:
    """Close last month and return what the action answers."""
    period_id = stage.setting.times.period_id
    async with step(f"Closing {period_id}"):
        return await community.close(period_id)


async def decorate(stage: Stage, community: Community, community_id: str) -> str:
    """Make a dashboard and fill the Energy page; return the dashboard's address."""
    client = stage.client
    house_ids = await community.house_ids()
    async with step("Making a dashboard"):
        meters = sorted(e["entity_id"] for e in await client.entities("mqtt"))
        address = await create_dashboard(
            client,
            COMMUNITY,
            community_id,
            house_ids,
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
    return address


async def go_on(community: Community) -> None:
    """Let the quarter hours pass, and say what each brought, until cancelled."""
    edge = last_edge(MINUTES)
    while True:
        edge += MINUTES * 60
        # The integration waits a minute for readings from behind the edge.
        await asyncio.sleep(edge + 75 - time.time())
        sensors = await community.sensors()
        values = ", ".join(
            f"{key.replace('_', ' ')} {sensors[None, key]['state']} kWh"
            for key in ("consumption", "production", "shared_energy")
        )
        until = datetime.fromtimestamp(edge, ZONE)
        say(f"This month, up to {until:%H:%M}: {values}")
