"""Bands by mode: which of a tariff's prices an interval has is said by a signal.

    bands: {signal: wallbox_mode, modes: {priority: [priority, boost]}, rest: normal}

A charger that is asked to hurry has another price than one that waits for the sun.
Where the signal is missing, or shows what no band names, the rest counts; without a
rest the interval has no price, and a person is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from .bands import BandError
from .reasons import tariffs as because

NO_BAND = ""
"""Where nothing says which band an interval is in."""


@dataclass(frozen=True, slots=True)
class ModeBands:
    """The bands of a tariff by what a signal shows.

    Raises BandError where two bands claim a value.
    """

    signal_id: str
    modes: tuple[tuple[str, tuple[str, ...]], ...]
    """Each band with the values that make it."""
    rest: str | None = None
    """The band of all other values, and of none."""

    def __post_init__(self) -> None:
        """Refuse what would make two bands of one interval."""
        values = [value for _, values in self.modes for value in values]
        if twice := {value for value in values if values.count(value) > 1}:
            values_twice = ", ".join(sorted(twice))
            raise BandError(because.VALUE_OF_TWO_BANDS(values=values_twice))

    @property
    def names(self) -> tuple[str, ...]:
        """The bands' names, in the order in which they were written."""
        names = [name for name, _ in self.modes]
        return tuple(dict.fromkeys(names if self.rest is None else [*names, self.rest]))

    def of(self, signals: Mapping[str, str]) -> str:
        """Return the band of an interval; `NO_BAND` where nothing says it."""
        value = signals.get(self.signal_id)
        for name, values in self.modes:
            if value in values:
                return name
        return NO_BAND if self.rest is None else self.rest
