"""Points as gathering and the feed know them, and what is gathered as it is stored."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from .billing.calendar import Instant
from .billing.energy import Energy
from .billing.gathering import GatheredChange, MeteredHouse, MidnightReading
from .billing.registers import RegisterLimits
from .billing.rounding import EXACT
from .community import Point
from .ledger import ReadingKind, StoredChange, StoredReading
from .meter_feed import FollowedRegister


def stored_readings(midnights: Iterable[MidnightReading]) -> list[StoredReading]:
    """Return midnight readings as the ledger keeps them."""
    return [
        StoredReading(
            house_id=key[0],
            register=key[1],
            at=reading.at,
            value=reading.value,
            kind=ReadingKind.READ if is_read else ReadingKind.INTERPOLATED,
        )
        for key, reading, is_read in midnights
    ]


def stored_changes(gathered: Iterable[GatheredChange]) -> list[StoredChange]:
    """Return changes of meters as the ledger keeps them."""
    return [
        StoredChange(
            house_id=key[0],
            register=key[1],
            at=change.at,
            final=change.final,
            first=change.first,
        )
        for key, change in gathered
    ]


def metered_point(point: Point, interval_seconds: int, since: Instant) -> MeteredHouse:
    """Return what gathering needs to know of a point."""
    limits = RegisterLimits(
        interval_seconds=interval_seconds, max_power_w=point.max_power_w
    )
    return MeteredHouse(
        registers=frozenset(point.registers),
        limits=limits,
        member_since=since,
        constant=point.constant,
    )


def followed_registers(points: Iterable[Point]) -> Iterator[FollowedRegister]:
    """Yield the registers of points, and the sensors that show them."""
    for point in points:
        for register, registry_id in point.registers.items():
            yield FollowedRegister(
                point_id=point.point_id,
                register=register,
                registry_id=registry_id,
                declared_unit=point.unit,
                constant=point.constant,
            )


def sensor_of(point: Point, registry_id: str) -> str:
    """Return what a register's values rest on, besides the meter itself."""
    parts = [registry_id, point.unit or ""]
    if point.constant != 1:
        parts.append(f"× {point.constant}")
    return " ".join(parts).rstrip()


def shown_kwh(energy: Energy, constant: Decimal) -> str:
    """Return what a meter with a constant shows for an energy, in kWh."""
    return f"{Energy.from_kwh(EXACT.divide(energy.kwh, constant)).kwh.normalize():f}"
