"""What happens to a meter's sensors in Home Assistant's registry of entities."""

import asyncio
from contextlib import suppress

from script.demo_lib.progress import wait_until

from .meter import KIND, ChaoticMeter
from .stage import AWAY, Stage

_UPDATE, _REMOVE = "config/entity_registry/update", "config/entity_registry/remove"
_SUFFIX = "_renamed"


async def renamed(
    stage: Stage, meters: tuple[ChaoticMeter, ...], _until: float
) -> None:
    """Call the sensors something else, or as before: that disturbs nothing."""
    for meter in meters:
        await stage.sees(meter)
        for unique_id in _unique_ids(meter):
            before = stage.entity_ids[unique_id]
            name = before.removesuffix(_SUFFIX)
            await _rename(stage, unique_id, name if name != before else name + _SUFFIX)


async def _rename(stage: Stage, unique_id: str, name: str) -> None:
    """Give a sensor another entity id, as soon as there is somebody to give it."""

    async def is_called_so() -> bool:
        with suppress(*AWAY):
            await stage.learn_names()
            entity_id = stage.entity_ids[unique_id]
            if entity_id == name:
                return True
            await stage.client.command(_UPDATE, entity_id=entity_id, new_entity_id=name)
        return False

    await wait_until(f"{unique_id} is called {name}", is_called_so, seconds=300)


async def removed(stage: Stage, meters: tuple[ChaoticMeter, ...], until: float) -> None:
    """Remove the sensors; a person is told, and the meter introduces itself again."""
    # What it begins with is a sensor that can be read.
    await asyncio.gather(*map(stage.sees, meters))
    async with stage.disturbed("removed", meters, silent=True):
        for meter in meters:
            meter.face.hidden = True
            await _remove(stage, meter)
        await stage.reach(until)
        for meter in meters:
            # A power cut may have brought back what had just been removed.
            await _remove(stage, meter)
        await stage.raised("meter_missing", meters)
        for meter in meters:
            meter.face.hidden = False
            meter.introduce()


async def _remove(stage: Stage, meter: ChaoticMeter) -> None:
    """Remove a meter's sensors until none is left, power cut or not."""

    async def none_left() -> bool:
        with suppress(*AWAY):
            await stage.learn_names()
            left = [id_ for id_ in _unique_ids(meter) if id_ in stage.entity_ids]
            for unique_id in left:
                await stage.client.command(
                    _REMOVE, entity_id=stage.entity_ids[unique_id]
                )
            return not left
        return False

    await wait_until(f"{meter.name} is removed", none_left, seconds=300)


def _unique_ids(meter: ChaoticMeter) -> list[str]:
    return [meter.meter.unique_id(sensor.key) for sensor in KIND.sensors]
