"""What a person does who is told of a meter, and the troubles that need one."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime

from aiohttp import ClientError, WSMessageTypeError

from script.demo_lib.client import Json
from script.demo_lib.community import DOMAIN
from script.demo_lib.profiles import ZONE
from script.demo_lib.progress import wait_until

from .meter import ChaoticMeter
from .stage import Stage
from .truth import Count

_FIX = "/api/repairs/issues/fix"
_QUIET_SECONDS = (90, 110)
"""How long after an edge it has been written, and nothing flows yet."""
_USED = 10**6
"""What a meter must have counted for a new one to show visibly less, in mWh."""
LEAP = 800 * 10**6
"""More than a day at full power, in mWh."""


async def _answer(stage: Stage, issue: Json, decision: str) -> None:
    """Go through a repair's form."""
    rest, about = stage.client.rest, {"handler": DOMAIN, "issue_id": issue["issue_id"]}
    flow = await rest("POST", _FIX, about)
    path = f"{_FIX}/{flow['flow_id']}"
    await rest("POST", path, {"next_step_id": decision})
    await rest("POST", path, {})


async def _repair(
    stage: Stage, meter: ChaoticMeter, key: str, deed: Callable[[Json], Awaitable[None]]
) -> None:
    """Do something about each repair until none is left, power cut or not."""

    async def none_left() -> bool:
        with suppress(ClientError, WSMessageTypeError, OSError):
            for issue in await stage.issues():
                about = issue["translation_key"], issue["translation_placeholders"]
                if about[0] == key and about[1]["house"] == meter.name:
                    await deed(issue)
                    return False
            return True
        return False

    await stage.raised(key, (meter,))
    await wait_until(f"{key} of {meter.name} is repaired", none_left, seconds=300)


async def _quiet(stage: Stage, meter: ChaoticMeter) -> None:
    """Wait until the ledger knows the last mWh, and nothing flows for a while.

    What a meter counted between its last reading and a reset, nobody knows.
    """
    interval = meter.truth.interval
    first, last = _QUIET_SECONDS
    while True:
        within = stage.clock.now() % interval
        wait = (first - within) % interval
        await stage.reach(stage.clock.now() + wait)
        await stage.sees(meter)
        if first <= stage.clock.now() % interval < last:
            return


@asynccontextmanager
async def _explained(
    stage: Stage, meter: ChaoticMeter, kind: str, repair: str, decision: str
) -> AsyncIterator[None]:
    """Let something happen before energy flows; a person says in the repair what."""
    await _quiet(stage, meter)
    async with stage.disturbed(kind, (meter,)):
        yield
        await _repair(
            stage, meter, repair, lambda issue: _answer(stage, issue, decision)
        )


async def resets(stage: Stage, meters: tuple[ChaoticMeter, ...], _until: float) -> None:
    """Begin again at 0; a person says in the repair that the meter was reset."""
    for meter in meters:
        async with _explained(
            stage, meter, "resets", "register_dropped", "meter_reset"
        ):
            meter.face.offset = Count(0, 0) - meter.truth.at(stage.clock.now())


async def leaps(stage: Stage, meters: tuple[ChaoticMeter, ...], _until: float) -> None:
    """Jump, and go on from there; a person says that it was nobody's energy."""
    for meter in meters:
        async with _explained(
            stage, meter, "leaps", "implausible_reading", "reject_jump"
        ):
            meter.face.offset += Count(LEAP, LEAP)


async def surges(stage: Stage, meters: tuple[ChaoticMeter, ...], _until: float) -> None:
    """Count more than anybody believes; a person says that it was used."""
    for meter in meters:
        async with _explained(
            stage, meter, "surges", "implausible_reading", "accept_jump"
        ):
            energy = Count(LEAP, LEAP)
            meter.truth = meter.truth.surging(stage.clock.now(), energy)


async def replaced(
    stage: Stage, meters: tuple[ChaoticMeter, ...], until: float
) -> None:
    """Put another meter in its place; a person tells what both showed."""
    for meter in meters:
        async with stage.disturbed("replaced", meters):
            meter.cut()
            await stage.reach(until)
            at = int(stage.clock.now())
            true = meter.truth.at(at)
            final = meter.face.shown(true)
            key, first = _first_of_another(meter, final)
            meter.face.offset = first - true
            meter.mend()
            await _repair(stage, meter, key, _telling(stage, meter, at, final, first))


def _first_of_another(meter: ChaoticMeter, final: Count) -> tuple[str, Count]:
    """Return the repair that will ask about another meter, and what it begins with.

    The first one is new; a used one that has counted more comes next.
    """
    meter.replacements += 1
    if meter.replacements % 2 and min(final) > _USED:
        return "register_dropped", Count(17, 4)
    return "implausible_reading", final + Count(LEAP, 2 * LEAP)


def _telling(
    stage: Stage, meter: ChaoticMeter, at: int, final: Count, first: Count
) -> Callable[[Json], Awaitable[None]]:
    async def tell(_issue: Json) -> None:
        await stage.community.action(
            "change_meter",
            house=meter.name,
            time=datetime.fromtimestamp(at, ZONE).isoformat(),
            import_final_kwh=final.imported / 10**6,
            import_first_kwh=first.imported / 10**6,
            export_final_kwh=final.exported / 10**6,
            export_first_kwh=first.exported / 10**6,
            old_serial=meter.meter.hardware_id,
            reason="It was old.",
        )

    return tell
