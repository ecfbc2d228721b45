"""Our own CSV of register readings.

    house,time,import_kwh,export_kwh
    house_1,2026-01-01T00:00:07+01:00,12345.678,901.2
    house_1,2026-01-01T00:15:09+01:00,12345.801,

What the meters' counters showed at some times, in the order of time for each
house; the times need not lie on the grid of intervals. An empty value or
`unavailable` is a register that could not be read. Otherwise as the CSV of
intervals.

Where a meter was replaced, a column `event` says `swap` in two rows, one after the
other for the house: what the old meter showed last, and the new one first.

    house,time,import_kwh,export_kwh,event
    house_1,2026-03-14T10:30:00+01:00,12345.9,901.2,swap
    house_1,2026-03-14T10:30:00+01:00,0.0,0.0,swap
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from ..billing.calendar import iso_utc
from ..billing.energy import Energy
from ..billing.gathering import Gathering, RegisterKey
from ..billing.meter_change import ChangeError, MeterChange
from ..billing.reasons import ReasonedError
from ..billing.register_state import Reading
from ..billing.registers import RegisterEvent
from . import FormatError, reason_of
from .cells import energy_or_none, house, instant
from .csv_table import read_table
from .reasons import tables as because

COLUMNS = ("house", "time", "import_kwh", "export_kwh")
EVENT = "event"
SWAP = "swap"
REGISTERS = {"import_kwh": "import", "export_kwh": "export"}

_SILENT = frozenset({"unavailable", "unknown"})


class RegisterReading(NamedTuple):
    """One reading of one register of a house."""

    house_id: str
    register: str
    reading: Reading
    final: Reading | None = None
    """What the old meter showed last, where this is the first reading of a new one."""


class _Ended(NamedTuple):
    """What an old meter showed last, until the new one is read."""

    line: int
    final: dict[str, Reading]


_UNFIT = {
    "final_too_low": because.SWAP_TOO_LOW,
    "final_too_high": because.SWAP_TOO_HIGH,
}
"""By why a change of meter is refused."""


def read(lines: Iterable[bytes]) -> Iterator[tuple[int, RegisterReading]]:
    """Yield each reading with the number of its line, in the order of the file.

    Raises FormatError at the first line that is not as described above.
    """
    latest: dict[str, int] = {}
    ended: dict[str, _Ended] = {}
    for line, value in read_table(lines, COLUMNS, optional=(EVENT,)):
        try:
            readings = list(_readings(value, latest))
            for reading in _swapped(line, value, readings, ended):
                yield line, reading
        except ValueError as err:
            raise FormatError(line, reason_of(err)) from err
    for house_id, old in ended.items():
        raise FormatError(old.line, because.SWAP_UNPAIRED(house=house_id))


def _swapped(
    line: int,
    value: Mapping[str, str],
    readings: list[RegisterReading],
    ended: dict[str, _Ended],
) -> Iterator[RegisterReading]:
    """Yield a row's readings; those of an old meter with those of the new one."""
    house_id, event = house(value["house"]), value.get(EVENT, "").lower()
    if event not in ("", SWAP):
        raise ReasonedError(because.UNKNOWN_EVENT(event=event, known=SWAP))
    old = ended.pop(house_id, None)
    if event == SWAP and old is None:
        if not readings:
            raise ReasonedError(because.SWAP_OF_NOTHING())
        final = {reading.register: reading.reading for reading in readings}
        ended[house_id] = _Ended(line, final)
        return
    if old is None:
        yield from readings
        return
    if event != SWAP or {r.register for r in readings} != set(old.final):
        raise ReasonedError(because.SWAP_UNPAIRED(house=house_id))
    for reading in readings:
        yield reading._replace(final=old.final[reading.register])


def _readings(
    value: Mapping[str, str], latest: dict[str, int]
) -> Iterator[RegisterReading]:
    house_id, at = house(value["house"]), instant(value["time"])
    if at < latest.get(house_id, at):
        reason = because.OUT_OF_ORDER(time=value["time"], house=house_id)
        raise ReasonedError(reason)
    latest[house_id] = at
    for column, register in REGISTERS.items():
        shown = value[column]
        mwh = None if shown in _SILENT else energy_or_none(column, shown)
        if mwh is not None:
            yield RegisterReading(house_id, register, Reading(at, Energy(mwh)))


def gather(
    gathering: Gathering, key: RegisterKey, line: int, read_: RegisterReading
) -> RegisterEvent | None:
    """Take a reading, and the change of meter before it; return what it did.

    Raises FormatError where a change contradicts what was read before.
    """
    constant = gathering.houses[key[0]].constant
    reading = _scaled(read_.reading, constant)
    if read_.final is None:
        return gathering.take(key, reading)
    final = _scaled(read_.final, constant)
    gathering.take(key, final)
    change = MeterChange(at=final.at, final=final.value, first=reading.value)
    try:
        gathering.change(key, change)
    except ChangeError as err:
        text = _UNFIT.get(err.code, because.SWAP_UNFIT)
        raise FormatError(line, text(**err.details)) from err
    return gathering.take(key, reading) or RegisterEvent.METER_CHANGED


def _scaled(reading: Reading, constant: Decimal) -> Reading:
    return Reading(reading.at, reading.value.scaled(constant))


def doubts(gathering: Gathering) -> Iterator[str]:
    """Tell of the registers that are still in doubt: a person has to say what is so."""
    for (house_id, register), state in sorted(gathering.states.items()):
        for what, doubt in (("fell", state.drop), ("jumped", state.jump)):
            if doubt:
                shown = doubt.latest.value - state.offset
                yield (
                    f"finding: {house_id} {register} {what} at {iso_utc(doubt.since)}: "
                    f"it shows {shown.kwh.normalize():f} kWh after "
                    f"{state.shown.kwh.normalize():f} kWh, and nothing is counted since"
                )
