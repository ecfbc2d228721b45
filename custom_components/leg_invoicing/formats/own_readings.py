"""Our own CSV of register readings.

    house,time,import_kwh,export_kwh
    house_1,2026-01-01T00:00:07+01:00,12345.678,901.2
    house_1,2026-01-01T00:15:09+01:00,12345.801,

What the meters' counters showed at some times, in the order of time for each
house; the times need not lie on the grid of intervals. An empty value or
`unavailable` is a register that could not be read. Otherwise as the CSV of
intervals.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ..billing.energy import Energy
from ..billing.register_state import Reading
from . import FormatError
from .cells import energy_or_none, house, instant
from .csv_table import read_table

COLUMNS = ("house", "time", "import_kwh", "export_kwh")
REGISTERS = {"import_kwh": "import", "export_kwh": "export"}

_SILENT = frozenset({"unavailable", "unknown"})


class RegisterReading(NamedTuple):
    """One reading of one register of a house."""

    house_id: str
    register: str
    reading: Reading


def read(lines: Iterable[bytes]) -> Iterator[tuple[int, RegisterReading]]:
    """Yield each reading with the number of its line, in the order of the file.

    Raises FormatError at the first line that is not as described above.
    """
    latest: dict[str, int] = {}
    for line, value in read_table(lines, COLUMNS):
        try:
            yield from ((line, reading) for reading in _readings(value, latest))
        except ValueError as err:
            raise FormatError(line, str(err)) from err


def _readings(
    value: Mapping[str, str], latest: dict[str, int]
) -> Iterator[RegisterReading]:
    house_id, at = house(value["house"]), instant(value["time"])
    if at < latest.get(house_id, at):
        raise ValueError(
            f"{value['time']} is earlier than the line before of {house_id}; "
            "sort the readings by time"
        )
    latest[house_id] = at
    for column, register in REGISTERS.items():
        shown = value[column]
        mwh = None if shown in _SILENT else energy_or_none(column, shown)
        if mwh is not None:
            yield RegisterReading(house_id, register, Reading(at, Energy(mwh)))
