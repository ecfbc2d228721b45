"""What a kWh costs at an instant: a number, or one that follows a signal.

    ct/kWh = multiplier × what the sensor showed + offset

The price of an exchange in EUR/MWh is in ct/kWh a tenth of its number; what a
supplier adds to it is the offset. Such a price may be negative.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from .money import UnitPrice
from .percentage import Percentage
from .rounding import EXACT
from .signals import signal_number


@dataclass(frozen=True, slots=True)
class SignalPrice:
    """A price that follows a signal."""

    signal_id: str
    multiplier: Decimal = Decimal(1)
    offset: Decimal = Decimal(0)
    """ct/kWh."""
    unit: str = ""
    """What the signal was in when the price was entered; empty for anything."""

    def at(self, signals: Mapping[str, str]) -> UnitPrice | None:
        """Return the price of an interval; None where the signal is missing."""
        number = signal_number(signals.get(self.signal_id))
        if number is None:
            return None
        return UnitPrice(EXACT.fma(number, self.multiplier, self.offset))


type Rate = UnitPrice | SignalPrice


def rate_at(rate: Rate | None, signals: Mapping[str, str]) -> UnitPrice | None:
    """Return what a rate is in an interval; None where that is not known."""
    return rate.at(signals) if isinstance(rate, SignalPrice) else rate


def part_of(rate: Rate, percentage: Percentage) -> Rate:
    """Return the rate that is so many per cent of another one."""
    if isinstance(rate, SignalPrice):
        return SignalPrice(
            rate.signal_id,
            percentage.part_of(rate.multiplier),
            percentage.part_of(rate.offset),
            rate.unit,
        )
    return UnitPrice(percentage.part_of(rate.ct_per_kwh))
