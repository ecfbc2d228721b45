"""The ways in which things go wrong, one after the other by name.

Each takes the stage, the meters concerned and the instant until which it lasts.
It says what it disturbs; what it does not say must go on as if nothing happened.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from itertools import cycle
from typing import Any

from .meter import ChaoticMeter
from .person import LEAP, leaps, replaced, resets, surges
from .registry import removed, renamed
from .stage import Stage

type Meters = tuple[ChaoticMeter, ...]
type Trouble = Callable[[Stage, Meters, float], Coroutine[Any, Any, None]]

_BOOT_VALUE = 4_000_000 * 10**6
"""What some devices show right after they started, in mWh."""
_SMALL = 10 * 10**6
_PATIENCE_SECONDS = 1000
"""What lasts longer is something that a person must be told."""


async def stops(stage: Stage, meters: Meters, until: float) -> None:
    """Cut the connection: the broker says the last will."""
    async with stage.disturbed("stops", meters, silent=True):
        for meter in meters:
            meter.cut()
        await stage.reach(until)
        for meter in meters:
            meter.mend()


async def hangs(stage: Stage, meters: Meters, until: float) -> None:
    """Say nothing while connected: what it showed last seems to be true."""
    async with stage.disturbed("hangs", meters):
        for meter in meters:
            meter.face.mute = True
        await stage.reach(until)
        for meter in meters:
            meter.face.mute = False


async def _boots(
    stage: Stage, meters: Meters, until: float, kind: str, shown: int
) -> None:
    """Come back from an outage with a lie that takes a few readings."""
    async with stage.disturbed(kind, meters, silent=True):
        for meter in meters:
            meter.cut()
        await stage.reach(until)
        for meter in meters:
            meter.face.lie = lambda _: shown
            meter.mend()
        await asyncio.sleep(3)
        for meter in meters:
            meter.face.lie = None


async def boots_high(stage: Stage, meters: Meters, until: float) -> None:
    """Show 4 million kWh after an outage."""
    await _boots(stage, meters, until, "boots_high", _BOOT_VALUE)


async def boots_at_zero(stage: Stage, meters: Meters, until: float) -> None:
    """Show 0 after an outage."""
    await _boots(stage, meters, until, "boots_at_zero", 0)


async def _lies(
    stage: Stage, meters: Meters, until: float, lie: Callable[[int], int], repair: str
) -> None:
    lasts = until - stage.clock.now() > _PATIENCE_SECONDS
    async with stage.disturbed("lies", meters, silent=True):
        for meter in meters:
            meter.face.lie = lie
        await stage.reach(until)
        if lasts:
            await stage.raised(repair, meters)
        for meter in meters:
            meter.face.lie = None


async def dips(stage: Stage, meters: Meters, until: float) -> None:
    """Show a few per cent less for a while."""
    now = stage.clock.now()
    if any(min(m.face.shown(m.truth.at(now))) < _SMALL for m in meters):
        return  # A few per cent of that could be jitter.
    await _lies(stage, meters, until, lambda mwh: mwh * 97 // 100, "register_dropped")


async def jumps(stage: Stage, meters: Meters, until: float) -> None:
    """Show far more than the connection can carry, and go on from there."""
    await _lies(stage, meters, until, lambda mwh: mwh + LEAP, "implausible_reading")


async def jitters(stage: Stage, meters: Meters, until: float) -> None:
    """Show now and then one or two mWh less: that disturbs nothing.

    Most readings are right; a register that never shows what it is cannot be known.
    """
    less = cycle((0, 2, 0, 1, 0))
    for meter in meters:
        meter.face.lie = lambda mwh: mwh - next(less)
    await stage.reach(until)
    for meter in meters:
        meter.face.lie = None


async def _tell_unit(
    stage: Stage, meters: Meters, kind: str, told: str, counted: str
) -> None:
    async with stage.disturbed(kind, meters):
        for meter in meters:
            meter.face.told_unit = told
            meter.introduce()
            # Between the two, a number stands beside the wrong unit.
            meter.face.unit = counted


async def counts_in_wh(stage: Stage, meters: Meters, until: float) -> None:
    """Change to the other unit and back; in between all is well."""
    before = meters[0].face.unit
    other = {"kWh": "Wh", "Wh": "kWh"}[before]
    await _tell_unit(stage, meters, "unit", other, other)
    await stage.reach(until)
    await _tell_unit(stage, meters, "unit", before, before)


async def odd_unit(stage: Stage, meters: Meters, until: float) -> None:
    """Call it reactive energy for a while, which nobody is billed for."""
    async with stage.disturbed("odd_unit", meters, silent=True):
        for meter in meters:
            meter.face.told_unit = "kvarh"
            meter.introduce()
        await stage.reach(until)
        await stage.raised("unknown_unit", meters)
        for meter in meters:
            meter.face.told_unit = meter.face.unit
            meter.introduce()


async def broker_restarts(stage: Stage, meters: Meters, until: float) -> None:
    """Stop the broker, and start it again: it has forgotten everything."""
    async with stage.disturbed("broker", meters, silent=True):
        await stage.broker.stop()
        await stage.reach(until)
        await stage.broker.begin()


async def killed(stage: Stage, meters: Meters, until: float) -> None:
    """Kill Home Assistant as a power cut would, and start it again."""
    async with stage.disturbed("killed", meters, silent=True):
        stage.home_assistant.kill()
        await stage.reach(until)
        await _come_back(stage)


async def restarted(stage: Stage, meters: Meters, until: float) -> None:
    """Stop Home Assistant properly, and start it again."""
    async with stage.disturbed("restarted", meters, silent=True):
        await stage.home_assistant.stop()
        await stage.reach(until)
        await _come_back(stage)


async def _come_back(stage: Stage) -> None:
    await stage.home_assistant.begin()
    await stage.client.running(seconds=300)
    await stage.community.loaded()


AT_METERS: Mapping[str, Trouble] = {
    trouble.__name__: trouble
    for trouble in (
        stops,
        hangs,
        boots_high,
        boots_at_zero,
        dips,
        jumps,
        jitters,
        counts_in_wh,
        odd_unit,
        resets,
        leaps,
        surges,
        replaced,
        renamed,
        removed,
    )
}
"""What happens to one meter."""

EVERYWHERE: Mapping[str, Trouble] = {
    trouble.__name__: trouble for trouble in (broker_restarts, killed, restarted)
}
"""What happens to all of them."""
