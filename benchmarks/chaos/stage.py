"""Everything that runs, and a record of when it did not run as it should."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from aiohttp import ClientError, WSMessageTypeError

from script.demo_lib.broker import Broker
from script.demo_lib.client import Client, Json, RefusedError
from script.demo_lib.community import DOMAIN, Community
from script.demo_lib.meters import EXPORT, IMPORT
from script.demo_lib.progress import say, wait_until

from .clock import Clock, FakedHomeAssistant
from .meter import ChaoticMeter

AWAY = (ClientError, RefusedError, WSMessageTypeError, OSError, TypeError)
"""What asking a Home Assistant that is being killed may raise."""
_MWH = {"kWh": 10**6, "Wh": 10**3}
_LATE_SECONDS = 100
"""How old, on the fast clock, what Home Assistant shows of a meter may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disturbance:
    """When a house's meter could not be read as usual."""

    kind: str
    house: str
    start: float
    until: float
    """When the cause was over."""
    settled: float
    """When Home Assistant was seen to show the truth again."""
    silent: bool
    """Nothing at all could be read, and Home Assistant can know that."""
    unseen: bool
    """Nobody was there to see what came, so what stands may be from before."""


@dataclass(slots=True, kw_only=True)
class Stage:
    """Everything that runs."""

    clock: Clock
    client: Client
    broker: Broker
    home_assistant: FakedHomeAssistant
    meters: dict[str, ChaoticMeter]
    entity_ids: dict[str, str] = field(default_factory=dict)
    """By unique id."""
    disturbances: list[Disturbance] = field(default_factory=list)
    standing: list[Json] = field(default_factory=list)
    """The repairs that stand."""
    repairs: Counter[str] = field(default_factory=Counter)
    """How often each repair was seen to be raised."""
    _community: Community | None = None

    @property
    def community(self) -> Community:
        """The community, once it was founded."""
        if self._community is None:
            raise RuntimeError("The community is used before it was founded")
        return self._community

    @community.setter
    def community(self, community: Community) -> None:
        self._community = community

    async def reach(self, instant: float) -> None:
        """Let the clock go on to an instant."""
        await self.clock.reach(instant)

    @asynccontextmanager
    async def disturbed(
        self,
        kind: str,
        meters: Iterable[ChaoticMeter],
        *,
        silent: bool = False,
        unseen: bool = False,
    ) -> AsyncIterator[None]:
        """Note that meters are disturbed, until Home Assistant shows the truth again."""
        start = self.clock.now()
        yield
        until = self.clock.now()

        async def settle(meter: ChaoticMeter) -> None:
            await self.sees(meter)
            note = Disturbance(
                kind=kind,
                house=meter.name,
                start=start,
                until=until,
                settled=self.clock.now(),
                silent=silent,
                unseen=silent or unseen,
            )
            self.disturbances.append(note)

        await asyncio.gather(*map(settle, meters))

    async def learn_names(self) -> None:
        """Ask what the sensors are called, which a person can change."""
        entities = await self.client.entities("mqtt")
        self.entity_ids = {e["unique_id"]: e["entity_id"] for e in entities}

    async def sees(self, meter: ChaoticMeter) -> None:
        """Wait until Home Assistant shows what a meter counts now."""

        async def shows() -> bool:
            with suppress(*AWAY):
                await self.learn_names()
                return self._shows(meter, await self.client.states())
            return False

        await wait_until(f"Home Assistant shows {meter.name}", shows, seconds=300)

    def _shows(self, meter: ChaoticMeter, states: dict[str, Json]) -> bool:
        now = self.clock.now()
        newest = meter.face.shown(meter.truth.at(now))
        oldest = meter.face.shown(meter.truth.at(now - _LATE_SECONDS))
        for register, low, high in zip((IMPORT, EXPORT), oldest, newest, strict=True):
            entity_id = self.entity_ids.get(meter.meter.unique_id(register), "")
            state = states.get(entity_id)
            if state is None or state["state"] in ("unknown", "unavailable"):
                return False
            factor = _MWH.get(state["attributes"].get("unit_of_measurement"))
            if factor is None:
                return False
            if not low <= round(float(state["state"]) * factor) <= high:
                return False
        return True

    async def issues(self) -> list[Json]:
        """Return the repairs of the integration that stand."""
        answer = await self.client.command("repairs/list_issues")
        return [issue for issue in answer["issues"] if issue["domain"] == DOMAIN]

    async def watch(self) -> None:
        """Look at repairs now and then, and at how long an answer takes, for ever.

        Where this machine was too busy to answer in time, readings came late too:
        no fault of anybody, but what was read then proves nothing.
        """
        while True:
            asked = self.clock.now()
            with suppress(*AWAY):
                self._note_repairs(await self.issues())
                answered = self.clock.now()
                if answered - asked > _LATE_SECONDS / 2:
                    self._note_delay(asked, answered)
            await asyncio.sleep(1)

    def _note_repairs(self, issues: list[Json]) -> None:
        known = {issue["issue_id"] for issue in self.standing}
        for issue in issues:
            if issue["issue_id"] not in known:
                key, about = issue["translation_key"], issue["translation_placeholders"]
                say(f"Repair: {key} {about.get('house', '')}")
                self.repairs[key] += 1
        self.standing = issues

    async def raised(self, key: str, meters: Iterable[ChaoticMeter]) -> list[Json]:
        """Wait until a person is told of both registers of meters; return the repairs."""
        names = {meter.name for meter in meters}

        async def all_raised() -> list[Json] | None:
            found = [
                issue
                for issue in self.standing
                if issue["translation_key"] == key
                and issue["translation_placeholders"]["house"] in names
            ]
            return found if len(found) == 2 * len(names) else None

        return await wait_until(f"{key} of {names}", all_raised, seconds=300)

    def _note_delay(self, asked: float, answered: float) -> None:
        say(f"This machine is slow: {answered - asked:.0f} s went by for an answer.")
        self.disturbances.extend(
            Disturbance(
                kind="slow",
                house=name,
                start=asked,
                until=answered,
                settled=answered,
                silent=False,
                unseen=False,
            )
            for name in self.meters
        )
