"""Houses as gathering and the feed know them, and what is gathered as it is stored."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from .billing.calendar import Instant
from .billing.energy import Energy
from .billing.gathering import GatheredChange, MeteredHouse, MidnightReading
from .billing.registers import RegisterLimits
from .billing.rounding import EXACT
from .community import House
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


def metered_house(house: House, interval_seconds: int, since: Instant) -> MeteredHouse:
    """Return what gathering needs to know of a house."""
    limits = RegisterLimits(
        interval_seconds=interval_seconds, max_power_w=house.max_power_w
    )
    return MeteredHouse(
        registers=frozenset(house.registers),
        limits=limits,
        member_since=since,
        constant=house.constant,
    )


def followed_registers(houses: Iterable[House]) -> Iterator[FollowedRegister]:
    """Yield the registers of houses, and the sensors that show them."""
    for house in houses:
        for register, registry_id in house.registers.items():
            yield FollowedRegister(
                house_id=house.house_id,
                register=register,
                registry_id=registry_id,
                declared_unit=house.unit,
                constant=house.constant,
            )


def sensor_of(house: House, registry_id: str) -> str:
    """Return what a register's values rest on, besides the meter itself."""
    parts = [registry_id, house.unit or ""]
    if house.constant != 1:
        parts.append(f"× {house.constant}")
    return " ".join(parts).rstrip()


def shown_kwh(energy: Energy, constant: Decimal) -> str:
    """Return what a meter with a constant shows for an energy, in kWh."""
    return f"{Energy.from_kwh(EXACT.divide(energy.kwh, constant)).kwh.normalize():f}"
