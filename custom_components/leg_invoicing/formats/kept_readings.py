"""Readings of registers, kept in little memory until their houses are known."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from ..billing.energy import Energy
from ..billing.register_state import Reading
from .own_readings import RegisterReading


class KeptReading(NamedTuple):
    """A reading of a register, and where it stands."""

    name: str
    """Of the file."""
    line: int
    reading: RegisterReading


class _Source(NamedTuple):
    """What many readings have in common."""

    name: str
    house_id: str
    register: str


@dataclass(slots=True)
class KeptReadings:
    """Readings in the order in which they came: 24 bytes each, as machine integers."""

    _sources: dict[_Source, int] = field(default_factory=dict)
    _source: array[int] = field(default_factory=lambda: array("I"))
    _line: array[int] = field(default_factory=lambda: array("I"))
    _at: array[int] = field(default_factory=lambda: array("q"))
    _mwh: array[int] = field(default_factory=lambda: array("q"))
    _finals: dict[int, Reading] = field(default_factory=dict)
    """What old meters showed last, by the reading of the new one."""

    def add(self, name: str, line: int, read: RegisterReading) -> None:
        """Keep a reading."""
        source = _Source(name, read.house_id, read.register)
        if read.final is not None:
            self._finals[len(self._line)] = read.final
        self._source.append(self._sources.setdefault(source, len(self._sources)))
        self._line.append(line)
        self._at.append(read.reading.at)
        self._mwh.append(read.reading.value.mwh)

    @property
    def registers(self) -> set[tuple[str, str]]:
        """The registers that were read, with what the files call their houses."""
        return {(source.house_id, source.register) for source in self._sources}

    @property
    def houses(self) -> set[str]:
        """What the files call the houses that were read."""
        return {source.house_id for source in self._sources}

    def __iter__(self) -> Iterator[KeptReading]:
        """Yield the readings as they came."""
        sources = list(self._sources)
        each = zip(self._source, self._line, self._at, self._mwh, strict=True)
        for index, (number, line, at, mwh) in enumerate(each):
            name, house_id, register = sources[number]
            read = RegisterReading(
                house_id, register, Reading(at, Energy(mwh)), self._finals.get(index)
            )
            yield KeptReading(name, line, read)
