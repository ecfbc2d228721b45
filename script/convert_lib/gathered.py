"""The registers of files, without a community that they belong to."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from zoneinfo import ZoneInfo

from custom_components.leg_invoicing.billing.gathering import Gathering, MeteredHouse
from custom_components.leg_invoicing.billing.measurements import IntervalRow
from custom_components.leg_invoicing.billing.registers import (
    RegisterEvent,
    RegisterLimits,
)
from custom_components.leg_invoicing.formats import FormatError, own_readings
from custom_components.leg_invoicing.formats.collection import Collection
from script.settle_lib.refusal import RefusalError

type OnEvent = Callable[[str, int, own_readings.RegisterReading, RegisterEvent], None]
"""Is told what a register did besides moving on, with the file and the line."""

_ENOUGH = 10_000
"""Rows, after which those that are whole are handed on."""


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


def gathered_rows(
    found: Collection,
    houses: Mapping[str, str],
    gathering: Gathering,
    on_event: OnEvent,
) -> Iterator[IntervalRow]:
    """Let readings move their registers on; yield the rows that this closes.

    Raises RefusalError where a change of meter contradicts what was read before.
    """
    limit = _ENOUGH
    for name, line, read in found.readings:
        key = (houses[read.house_id], read.register)
        try:
            event = own_readings.gather(gathering, key, line, read)
        except FormatError as err:
            raise RefusalError.at(name, err.line, err.reason) from err
        if event is not None:
            on_event(name, line, read, event)
        if len(gathering.rows) > limit:
            yield from _taken_whole(gathering)
            limit = len(gathering.rows) + _ENOUGH
    yield from gathering.rows.values()
    gathering.rows.clear()


def _taken_whole(gathering: Gathering) -> Iterator[IntervalRow]:
    """Take the rows of which both registers are known: no reading changes them."""
    rows = gathering.rows
    for key in [k for k, (_, _, *sides, _, _, _) in rows.items() if None not in sides]:
        yield rows.pop(key)
