"""From an empty Home Assistant to a closed period, with chaos in between."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import date, datetime

from script.demo_lib.broker import BROKERS, Broker
from script.demo_lib.client import Client
from script.demo_lib.community import Community, connect_mqtt, wait_for_meters
from script.demo_lib.home_assistant import environment_python
from script.demo_lib.houses import Member
from script.demo_lib.processes import free_port
from script.demo_lib.profiles import ZONE, HouseModel
from script.demo_lib.progress import DemoError, say, step
from script.demo_lib.simulator import SimulatedHouse

from .clock import Clock, FakedHomeAssistant
from .conclusion import Outcome, conclude
from .meter import ChaoticMeter
from .run import INTERVAL, MINUTES, SPEED, Run
from .scenario import CALM_SECONDS, HOUSES, Lane
from .stage import Stage
from .troubles import AT_METERS, EVERYWHERE

_SEND_SECONDS = 1.0
"""How often a meter sends, by the real clock."""


def _member(meter: ChaoticMeter) -> Member:
    return Member(
        house=meter.name,
        participant=f"Somebody in {meter.name}",
        street="Chaos Lane 5",
        language="en",
        simulated=SimulatedHouse(
            model=HouseModel(seed=meter.name, yearly_kwh=0),
            meter=meter.meter,
            first_import=0,
            first_export=0,
        ),
    )


async def play(run: Run) -> Outcome:
    """Play a run from its beginning to its end."""
    async with _running(run) as stage:
        calm = await _set_up(run, stage)
        say(f"Chaos begins at {_local(stage.clock.now())}")
        async with asyncio.TaskGroup() as group:
            watching = group.create_task(stage.watch())
            await asyncio.gather(*(_go(stage, lane, calm) for lane in run.lanes))
            await stage.reach(run.end + 2 * 60)
            watching.cancel()
        return await conclude(run, stage)


@asynccontextmanager
async def _running(run: Run) -> AsyncIterator[Stage]:
    """Start the broker, the meters and Home Assistant."""
    python = environment_python(run.root, run.environment)
    broker = Broker("mosquitto", run.folder / "broker", free_port(), python)
    meters = {
        name: ChaoticMeter(name, run.truth(name), unit=unit)
        for name, unit in HOUSES.items()
    }
    clock = Clock.begin(run.base, SPEED)
    home_assistant = FakedHomeAssistant(
        run.folder / "homeassistant",
        clock,
        root=run.root,
        python=python,
        port=free_port(),
    )
    async with broker, Client(home_assistant.url) as client:
        stage = Stage(
            clock=clock,
            client=client,
            broker=broker,
            home_assistant=home_assistant,
            meters=meters,
        )
        sending = asyncio.create_task(_send(stage))
        try:
            async with step("Starting Home Assistant on a fast clock"):
                await home_assistant.begin()
                await client.answering()
                await client.create_owner("chaos", "only-for-tests")
                await client.running()
            yield stage
        finally:
            sending.cancel()
            with suppress(asyncio.CancelledError):
                await sending
            # Nothing of it is needed any more.
            home_assistant.kill()


async def _send(stage: Stage) -> None:
    """Let all meters send, for ever."""
    meters = stage.meters.values()
    for meter in meters:
        meter.connect(stage.broker.port)
    try:
        while True:
            for meter in meters:
                meter.show(stage.clock.now())
            await asyncio.sleep(_SEND_SECONDS)
    finally:
        for meter in meters:
            meter.close()


async def _set_up(run: Run, stage: Stage) -> int:
    """Found the community, load the day so far; return the first calm edge."""
    client, meters = stage.client, tuple(stage.meters.values())
    members = [_member(meter) for meter in meters]
    async with (
        stage.disturbed("setting up", meters, unseen=True),
        step("Founding the community"),
    ):
        await connect_mqtt(client, stage.broker.port, BROKERS["mosquitto"].protocol)
        stage.entity_ids = await wait_for_meters(
            client, [member.simulated.meter for member in members]
        )
        stage.community = await Community.found(
            client, "LEG Chaos", valid_from=date(2026, 1, 1), minutes=MINUTES
        )
        for member in members:
            await stage.community.loaded()
            await stage.community.add_house(
                member, stage.entity_ids, since=run.first_day
            )
        await stage.community.loaded()
        await _load_the_day(stage)
    calm = int(stage.clock.now()) + INTERVAL // 2
    calm += -calm % INTERVAL
    if calm + run.lasts + CALM_SECONDS > run.end:
        raise DemoError(f"This machine is too slow for a clock {SPEED} times as fast.")
    return calm


async def _load_the_day(stage: Stage) -> None:
    """Load what the registers showed at each edge before the meters are followed."""
    ids = await stage.community.house_ids()
    now = stage.clock.now()
    lines = ["house,time,import_kwh,export_kwh"]
    for meter in stage.meters.values():
        for edge in (e for e in meter.truth.edges if e <= now):
            kwh = (f"{mwh // 10**6}.{mwh % 10**6:06}" for mwh in meter.truth.at(edge))
            at = datetime.fromtimestamp(edge, ZONE).isoformat()
            lines.append(",".join((ids[meter.name], at, *kwh)))
    path = stage.home_assistant.readings / "the day so far.csv"
    path.write_text("\n".join((*lines, "")), encoding="utf-8")
    await stage.community.import_readings(path)


async def _go(stage: Stage, lane: Lane, calm: int) -> None:
    """Let the troubles of a lane come one after the other."""
    for planned in lane:
        await stage.reach(calm + planned.at)
        until = calm + planned.until
        say(f"{_local(stage.clock.now())} {planned.name} {planned.house or ''}")
        if planned.house:
            meter = stage.meters[planned.house]
            await AT_METERS[planned.name](stage, (meter,), until)
        else:
            everybody = tuple(stage.meters.values())
            await EVERYWHERE[planned.name](stage, everybody, until)


def _local(instant: float) -> str:
    return f"{datetime.fromtimestamp(instant, ZONE):%H:%M:%S}"
