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

    Raises HomeAssistantError when the ledger cannot be written.
    """
    house_ids = set(data.coordinator.metering.new_gathering().houses)
    points: dict[str, MeteringPoint | None] = {
        name: MeteringPoint(house_id, known[name].directions)
        if house_id in house_ids
        else None
        for name, house_id in houses.items()
        if known[name].house_id != house_id
    }
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
