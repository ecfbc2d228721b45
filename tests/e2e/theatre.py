"""One Home Assistant in which everything of the demonstration has been set up.

It runs in a thread with an event loop of its own, for as long as there are tests for
it. The tests themselves are ordinary functions that ask it to do things.
"""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
import threading
from typing import Any

from script.demo_lib.agreeing import agree_on_prices, refine
from script.demo_lib.community import Community
from script.demo_lib.demo import (
    Stage,
    close_last_month,
    decorate,
    last_lines,
    load_history,
    load_registers,
    running,
    set_up,
)
from script.demo_lib.houses import SONNHALDE, Member, Village
from script.demo_lib.meters import LEG, SHELLY, Meter
from script.demo_lib.processes import free_port
from script.demo_lib.profiles import HouseModel
from script.demo_lib.setting import Setting
from script.demo_lib.simulator import SimulatedHouse
from script.demo_lib.times import Times, last_edge

ROOT = Path(__file__).resolve().parents[2]


def _member(name: str, meter: Meter, *, peak_kw: float = 0.0) -> Member:
    model = HouseModel(seed=name, yearly_kwh=9000, peak_kw=peak_kw)
    return Member(
        house=name,
        participant=f"Somebody in {name}",
        street="Quick Lane 5",
        language="en",
        simulated=SimulatedHouse(
            model=model, meter=meter, first_import=5_000_123, first_export=777
        ),
    )


QUICK = Village(
    name="LEG Quick",
    minutes=5,
    members=(
        _member(
            "Fast",
            Meter(kind=LEG, hardware_id="0CB815F4FA57", name="Meter Fast"),
            peak_kw=4.0,
        ),
        _member(
            "Brisk",
            Meter(kind=SHELLY, hardware_id="shellypro3em-b215c0", name="Meter Brisk"),
        ),
    ),
)
"""A community whose intervals are short enough to wait for one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """What the tests find."""

    stage: Stage
    community: Community
    closed: dict[str, Any]
    """What closing last month answered."""
    intervals: Path
    """The file with all that was loaded."""
    quick: Community


class Theatre:
    """The thread in which a play goes on."""

    def __init__(self, folder: Path, environment: str) -> None:
        """Prepare a Home Assistant and a mosquitto on ports of their own."""
        self.setting = Setting(
            root=ROOT,
            folder=folder,
            environment=environment,
            broker="mosquitto",
            port=free_port(),
            broker_port=free_port(),
            password="only-for-tests",
            times=Times.now(),
        )
        self._loop = asyncio.new_event_loop()
        self._opened: Future[Play] = Future()
        self._over = asyncio.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def play(self) -> Play:
        """Return what is on, as soon as it is set up."""
        return self._opened.result(timeout=400)

    def do[T](self, what: Coroutine[Any, Any, T], *, seconds: float = 120) -> T:
        """Let something happen in the thread and return its result."""
        future = asyncio.run_coroutine_threadsafe(what, self._loop)
        return future.result(timeout=seconds)

    def log(self) -> str:
        """Return the end of Home Assistant's log."""
        return last_lines(self.setting)

    def close(self) -> None:
        """Stop everything."""
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(timeout=120)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            try:
                runner.run(self._perform())
            except BaseException as err:  # noqa: BLE001
                # Whoever waits for the play gets the error; nobody is left to raise to.
                if not self._opened.done():
                    self._opened.set_exception(err)

    async def _perform(self) -> None:
        async with running(self.setting, SONNHALDE, QUICK, every=2.0) as stage:
            quick = await set_up(stage, QUICK)
            edge = last_edge(QUICK.minutes)
            await load_registers(stage, quick, QUICK, edge)
            community = await set_up(stage, SONNHALDE)
            await agree_on_prices(stage, community)
            await refine(stage, community, SONNHALDE)
            intervals = await load_history(stage, community, SONNHALDE)
            closed = await close_last_month(stage, community)
            await decorate(stage.client, community, closed)
            play = Play(
                stage=stage,
                community=community,
                closed=closed,
                intervals=intervals,
                quick=quick,
            )
            self._opened.set_result(play)
            await self._over.wait()
