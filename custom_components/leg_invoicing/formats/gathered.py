"""The rows that readings of registers close, handed on as soon as they are whole.

A hundred megabytes of readings are millions of rows: only those that wait for the
house's other register are kept.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from ..billing.gathering import Gathering
from ..billing.measurements import IntervalRow
from ..billing.registers import RegisterEvent
from . import FormatError, own_readings
from .kept_readings import KeptReading

type OnEvent = Callable[[KeptReading, RegisterEvent], None]
"""Is told what a register did besides moving on."""

_ENOUGH = 10_000
"""Rows, after which those that are whole are handed on."""


class BrokenReadingsError(FormatError):
    """Readings contradict each other, which only shows when all are there."""

    def __init__(self, name: str, err: FormatError) -> None:
        """Remember the file."""
        super().__init__(err.line, err.reason)
        self.name = name


def gathered_rows(
    readings: Iterable[KeptReading],
    houses: Mapping[str, str],
    gathering: Gathering,
    on_event: OnEvent | None = None,
) -> Iterator[IntervalRow]:
    """Let readings move the registers of houses on; yield the rows that this closes.

    `houses` says which house is meant by what files call it; the readings of others,
    and of registers that a house does not have, are left out. Raises
    BrokenReadingsError where a change of meter contradicts what was read before.
    """
    limit = _ENOUGH
    for kept in readings:
        key = (houses.get(kept.reading.house_id, ""), kept.reading.register)
        if key[0] not in gathering.houses:
            continue
        if key[1] not in gathering.houses[key[0]].registers:
            continue
        try:
            event = own_readings.gather(gathering, key, kept.line, kept.reading)
        except FormatError as err:
            raise BrokenReadingsError(kept.name, err) from err
        if event is not None and on_event is not None:
            on_event(kept, event)
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
