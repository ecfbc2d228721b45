"""From the state of a sensor to the reading of a register.

The text is read exactly as it stands, never through a float, and the unit with
every state, because a person can change it at any time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
import re
from typing import Final

from homeassistant.const import (
    ATTR_UNIT_OF_MEASUREMENT,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
    UnitOfEnergy,
)
from homeassistant.core import State

from .billing.calendar import Instant
from .billing.energy import Energy
from .billing.registers import Reading
from .billing.rounding import EXACT

UNITS: Final[Mapping[str, int]] = {
    UnitOfEnergy.WATT_HOUR: -3,
    UnitOfEnergy.KILO_WATT_HOUR: 0,
    UnitOfEnergy.MEGA_WATT_HOUR: 3,
}
"""The units a register may have, as powers of ten of a kWh."""

DIGITS: Final = 12
"""No register has more digits before the point, in kWh; the ledger's would not do."""

# Narrower than Decimal, which also takes 1_000, nan and digits of other scripts.
_NUMBER = re.compile(
    r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,2})?", re.ASCII | re.IGNORECASE
)


OUTAGE_SECONDS: Final = 120
"""An outage of at most that is no longer than meters take between two readings."""


class Reason(StrEnum):
    """Why a register cannot be read."""

    METER_MISSING = "meter_missing"
    """The sensor is no longer in the entity registry."""
    UNAVAILABLE = "unavailable"
    """The sensor shows nothing, or is not there yet."""
    NOT_A_NUMBER = "not_a_number"
    """The sensor shows something that no register shows."""
    UNKNOWN_UNIT = "unknown_unit"
    """The sensor has no unit, or none of energy, that we know."""


@dataclass(frozen=True, slots=True)
class Unusable:
    """A state that is no reading."""

    reason: Reason
    shown: str = ""
    """What the sensor shows instead: its text, or its unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A register that cannot be read at present."""

    reason: Reason
    shown: str
    since: Instant
    """Since when there has been no reading, for this or another reason."""
    told: bool
    """Whether the log says so."""

    def lasted(self, at: Instant) -> bool:
        """Tell whether what a sensor shows first at its return may be from before.

        Over MQTT a meter is online first, with the value that it had, and sends
        another one later. After a short outage the two hardly differ.
        """
        return self.reason is Reason.UNAVAILABLE and at - self.since > OUTAGE_SECONDS


def parse_state(
    state: State | None,
    declared_unit: str | None,
    at: Instant,
    constant: Decimal = Decimal(1),
) -> Reading | Unusable:
    """Read a register off a sensor's state; `at` is the instant it holds for.

    `constant` is what it is to be multiplied by, such as the ratio of transformers.
    """
    if state is None or state.state in (STATE_UNAVAILABLE, STATE_UNKNOWN):
        return Unusable(Reason.UNAVAILABLE, state.state if state else "")
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT) or declared_unit or ""
    power_of_ten = UNITS.get(unit)
    if power_of_ten is None:
        return Unusable(Reason.UNKNOWN_UNIT, str(unit))
    value = _register_value(state.state, constant.scaleb(power_of_ten))
    if value is None:
        return Unusable(Reason.NOT_A_NUMBER, state.state)
    return Reading(at, value)


def _register_value(text: str, kwh: Decimal) -> Energy | None:
    """Return what a register's text means, exactly; None if no register shows it.

    `kwh` is what one unit of it is worth.
    """
    if not _NUMBER.fullmatch(text):
        return None
    value = EXACT.multiply(Decimal(text), kwh)
    if value < 0 or value.adjusted() >= DIGITS:
        return None
    return Energy.from_kwh(value)
