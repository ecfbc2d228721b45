"""Energy as an exact integer.

The unit inside is the milliwatt hour, 10⁻⁶ kWh: the six decimals that meter-data
files carry. Sums and differences of registers are therefore exact, and the
order in which they are added changes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from .money import Money, UnitPrice
from .rounding import EXACT, to_whole

MWH_PER_KWH = 1_000_000


@dataclass(frozen=True, slots=True, order=True)
class Energy:
    """An amount of energy; adds, subtracts, compares, and is priced."""

    mwh: int
    """Milliwatt hours (10⁻⁶ kWh)."""

    @classmethod
    def from_kwh(cls, kwh: Decimal) -> Self:
        """Take kWh, rounded to the nearest 10⁻⁶ kWh.

        Raises ValueError for an infinity or not-a-number.
        """
        if not kwh.is_finite():
            raise ValueError(f"{kwh} is not an amount of energy")
        return cls(to_whole(kwh.scaleb(6, EXACT)))

    @classmethod
    def total(cls, parts: Iterable[Energy]) -> Self:
        """Sum any number of energies; nothing sums to zero."""
        return cls(sum(part.mwh for part in parts))

    @property
    def kwh(self) -> Decimal:
        """The same energy in kWh, exactly."""
        return Decimal(self.mwh).scaleb(-6, EXACT)

    def scaled(self, factor: Decimal) -> Energy:
        """Return a multiple, rounded to the nearest 10⁻⁶ kWh."""
        return self.from_kwh(EXACT.multiply(self.kwh, factor))

    def __add__(self, other: Energy) -> Energy:
        """Add another energy."""
        return Energy(self.mwh + other.mwh)

    def __sub__(self, other: Energy) -> Energy:
        """Subtract another energy; the result may be negative (a net flow)."""
        return Energy(self.mwh - other.mwh)

    def __neg__(self) -> Energy:
        """Turn the direction round."""
        return Energy(-self.mwh)

    def __bool__(self) -> bool:
        """Tell whether there is any energy."""
        return self.mwh != 0

    def __mul__(self, price: UnitPrice) -> Money:
        """Price the energy: kWh × ct/kWh = ct, exactly, without rounding."""
        return Money(EXACT.multiply(self.kwh, price.ct_per_kwh))


NO_ENERGY = Energy(0)
