"""Which house a metering point is, entered once and remembered."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, delete, select
from sqlalchemy.dialects import sqlite

from .formats.deliveries import Direction
from .ledger_schema import METER, METERING_POINT

_BITS: Mapping[Direction, int] = {Direction.IMPORT: 1, Direction.EXPORT: 2}
"""Stored: never renumber."""

_INSERT = sqlite.insert(METERING_POINT)
_SET = _INSERT.on_conflict_do_update(
    index_elements=list(METERING_POINT.primary_key),
    set_={name: _INSERT.excluded[name] for name in ("meter", "directions")},
)


@dataclass(frozen=True, slots=True)
class MeteringPoint:
    """What a point of a grid operator is here."""

    house_id: str
    directions: frozenset[Direction] = frozenset()
    """Which ways energy was delivered of, so far."""


def read_points(engine: Engine) -> dict[str, MeteringPoint]:
    """Return the metering points, by id."""
    point = METERING_POINT.c
    statement = (
        select(point.point, METER.c.house_id, point.directions)
        .join_from(METERING_POINT, METER)
        .order_by(point.point)
    )
    with engine.connect() as connection:
        return {
            name: MeteringPoint(
                house_id, frozenset(d for d, bit in _BITS.items() if bits & bit)
            )
            for name, house_id, bits in connection.execute(statement)
        }


def write_point(
    connection: Connection, name: str, meter: int, directions: frozenset[Direction]
) -> None:
    """Remember a metering point."""
    bits = sum(_BITS[direction] for direction in directions)
    values = {"point": name, "meter": meter, "directions": bits}
    connection.execute(_SET, values)


def forget_point(connection: Connection, name: str) -> None:
    """Forget a metering point; what it brought stays."""
    connection.execute(delete(METERING_POINT).where(METERING_POINT.c.point == name))
