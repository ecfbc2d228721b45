"""Findings: something wrong with the data, addressed to a person who can fix it.

A finding is data, not an exception. It names the house, the time and the energy
at stake; the sentence a person reads is made from its code and details in their
language. A blocking finding stops a period from closing until it is gone or
accepted by name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from .calendar import Span, iso_utc
from .energy import Energy


class FindingCode(StrEnum):
    """What can be wrong; each has a page in the documentation."""

    MISSING_DATA = "missing_data"
    """Intervals of a house that should take part have no energy."""
    TEMPORARY_DATA = "temporary_data"
    """Intervals hold placeholders that their sender will replace."""
    NO_AGREEMENT = "no_agreement"
    """A house used or delivered energy while nobody was billed for it."""
    NO_TARIFF = "no_tariff"
    """No version of the agreement's tariff is valid yet."""
    PRICE_MISSING = "price_missing"
    """Energy has no price, because the signal that says it was missing."""
    INTERPOLATED_DATA = "interpolated_data"
    """A gap's energy was spread between two readings."""
    ALLOCATION_DIFFERS = "allocation_differs"
    """The grid operator allocated something else to a house than we would."""
    ALLOCATION_MISSING = "allocation_missing"
    """The grid operator's allocation is to be billed, and is not there."""
    REGISTER_MISMATCH = "register_mismatch"
    """Intervals do not add up to what the meter's register advanced."""
    GAP_TOO_LONG = "gap_too_long"
    """Calculated values fill a longer gap than the community agreed on."""
    REGISTER_DROPPED = "register_dropped"
    """A register fell and stayed down: a reset, a new meter, or a fault."""
    IMPLAUSIBLE_READING = "implausible_reading"
    """A register jumped further than the connection can carry."""
    METER_MISSING = "meter_missing"
    """The followed sensor is gone from the entity registry."""
    METER_UNAVAILABLE = "meter_unavailable"
    """The followed sensor has had no usable value for a while."""
    UNKNOWN_UNIT = "unknown_unit"
    """The followed sensor reports something that is no unit of energy."""
    METER_NEGATIVE = "meter_negative"
    """A meter that is computed from others came to less than nothing."""
    UNKNOWN_USER = "unknown_user"
    """Somebody charged whom the charger does not know."""
    GRID_DIFFERS = "grid_differs"
    """The meter at the grid contradicts those of the houses."""
    COMPARISON_MISSING = "comparison_missing"
    """Energy is not compared, because the signal of a price elsewhere was missing."""
    PRICE_ABOVE_CEILING = "price_above_ceiling"
    """More is charged for energy than the ceiling that was agreed on allows."""
    CLOSED_PERIOD_CHANGED = "closed_period_changed"
    """Measurements of a billed period have changed since."""


BLOCKING = frozenset(
    {
        FindingCode.MISSING_DATA,
        FindingCode.TEMPORARY_DATA,
        FindingCode.NO_AGREEMENT,
        FindingCode.NO_TARIFF,
        FindingCode.PRICE_MISSING,
        FindingCode.ALLOCATION_MISSING,
        FindingCode.GAP_TOO_LONG,
        FindingCode.REGISTER_DROPPED,
        FindingCode.IMPLAUSIBLE_READING,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong, where and when."""

    code: FindingCode
    house_id: str | None = None
    span: Span | None = None
    """From the first to the end of the last affected interval."""
    intervals: int = 0
    """Number of intervals affected inside the span."""
    energy: Energy | None = None
    """Energy at stake, where known."""
    details: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Further values for the sentence, such as a register's name."""

    @property
    def blocking(self) -> bool:
        """Tell whether a period with this finding must not be closed unasked."""
        return self.code in BLOCKING

    @property
    def key(self) -> str:
        """The name by which a person accepts it: `missing_data:house_2`."""
        return f"{self.code}:{self.house_id}" if self.house_id else str(self.code)

    def as_record(self) -> dict[str, object]:
        """Return the finding as JSON-ready data."""
        return {
            "key": self.key,
            "code": str(self.code),
            "house_id": self.house_id,
            "blocking": self.blocking,
            "from": iso_utc(self.span.start) if self.span else None,
            "to": iso_utc(self.span.end) if self.span else None,
            "intervals": self.intervals,
            "energy_kwh": self.energy.kwh if self.energy is not None else None,
            "details": dict(self.details),
        }
