"""The registers of files, without a community that they belong to."""

from collections import defaultdict
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from custom_components.leg_invoicing.billing.gathering import Gathering, MeteredHouse
from custom_components.leg_invoicing.billing.registers import RegisterLimits
from custom_components.leg_invoicing.formats.collection import Collection


def gathering_of(
    found: Collection, houses: Mapping[str, str], minutes: int, max_power_w: int
) -> Gathering:
    """Return what registers are read with, by the rules of live meters.

    A register that is never read is one that is not there.
    """
    registers: dict[str, set[str]] = defaultdict(set)
    for point, register in found.readings.registers:
        registers[houses[point]].add(register)
    limits = RegisterLimits(interval_seconds=minutes * 60, max_power_w=max_power_w)
    return Gathering(
        ZoneInfo("UTC"),
        {
            house_id: MeteredHouse(
                registers=frozenset(names), limits=limits, member_since=0
            )
            for house_id, names in registers.items()
        },
    )
