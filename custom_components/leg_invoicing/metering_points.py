"""Change by hand which houses metering points are."""

from collections.abc import Mapping

from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
from sqlalchemy.exc import SQLAlchemyError

from .const import DOMAIN
from .incoming import Points
from .ledger import MeteringPoint, Origin, Source
from .runtime import LegData


async def async_set_points(
    data: LegData, known: Points, houses: Mapping[str, str]
) -> None:
    """Let points be other houses from now on, or none; what they brought stays.

    They may be points that nobody has known as a house's so far.
    Raises HomeAssistantError when the ledger cannot be written.
    """
    house_ids = set(data.coordinator.metering.new_gathering().houses)
    points: dict[str, MeteringPoint | None] = {}
    for name, house_id in houses.items():
        before = known.get(name)
        if house_id not in house_ids:
            points |= {name: None} if before else {}
        elif before is None or before.house_id != house_id:
            directions = before.directions if before else frozenset()
            points[name] = MeteringPoint(house_id, directions)
    if not points:
        return
    origin = Origin(
        source=Source.HAND,
        at=int(dt_util.utcnow().timestamp()),
        action="metering_points",
        reason=", ".join(points),
    )
    try:
        await data.ledger.async_run(data.ledger.write, (), origin, points=points)
    except SQLAlchemyError as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="ledger_not_written",
            translation_placeholders={"path": str(data.ledger.path)},
        ) from err
