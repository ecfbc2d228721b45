"""The model `break_even`: prices under which the community neither gains nor loses.

With I all import and E all export of an interval, the published rule of LEG simulators
is

    E < I   p_con = p_grid_con + E/I × (p_pv − p_grid_con)
    E ≥ I   p_con = p_grid_del + E/I × (p_pv − p_grid_del)

Nobody pays more than the grid asks: where p_con would be above p_grid_con, it is
p_grid_con, and producers share what that brings. Where nobody imports, producers get
p_grid_del; the published rule leaves them p_pv there, and the community a loss. Where a
meter at the grid counts more than houses use and nobody exports, the community bears it.

Prices are not divided and rounded here. What all consumers pay, and all producers get,
is a whole number of mWh × the last decimal of the prices; it is shared by energy, the
largest remainders first, so that to the last unit nothing is left. Where a key leaves
production unshared that somebody could have used, the grid's part is what was not shared.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from .energy import Energy
from .house_energy import HouseEnergy
from .measurements import IntervalSlice
from .money import Money, UnitPrice
from .rounding import EXACT, apportion
from .scaled_sums import decimals_of
from .tariffs import Prices

_SIX_DECIMALS = Decimal(1).scaleb(-6)


@dataclass(frozen=True, slots=True)
class BreakEven:
    """The prices of some time, as whole numbers of their last decimal."""

    p_pv: int
    p_grid_del: int
    p_grid_con: int
    decimals: int
    """How many the prices have, in ct/kWh."""
    prices: Prices

    @classmethod
    def of(cls, prices: Prices) -> BreakEven | None:
        """Take the community's prices; None where one of them is not known."""
        three = (prices.p_pv, prices.p_grid_del, prices.p_grid_con)
        numbers = [price.ct_per_kwh for price in three if price is not None]
        if len(numbers) < len(three):
            return None
        decimals = decimals_of(numbers)
        p_pv, p_grid_del, p_grid_con = (
            int(number.scaleb(decimals, EXACT)) for number in numbers
        )
        return cls(p_pv, p_grid_del, p_grid_con, decimals, prices)

    def share(
        self, measured: IntervalSlice, bought: int, sold: int
    ) -> tuple[list[int], list[int]]:
        """Return what each house pays and gets; `money` says what a unit is.

        `bought` and `sold` are the mWh that were not shared.
        """
        used, made = sum(measured.imported), sum(measured.exported)
        paid, got = self.totals(used, made, bought, sold)
        return _shared(paid, measured.imported), _shared(got, measured.exported)

    def totals(
        self, imported: int, exported: int, bought: int, sold: int
    ) -> tuple[int, int]:
        """Return what all consumers pay and all producers get."""
        # What is left to pay when the grid has been paid, or has paid.
        paid = exported * self.p_pv + bought * self.p_grid_con - sold * self.p_grid_del
        paid = min(paid, imported * self.p_grid_con) if imported else 0
        return paid, paid - bought * self.p_grid_con + sold * self.p_grid_del

    def averages(self, energy: HouseEnergy) -> Prices:
        """Return the prices of an interval from the energy of all houses.

        Where nothing was used, or delivered, it would have been at the grid's price.
        """
        used, made = energy.imported, energy.exported
        bought, sold = energy.grid_import, energy.grid_export
        paid, got = self.totals(used.mwh, made.mwh, bought.mwh, sold.mwh)
        return replace(
            self.prices,
            p_con=self._average(paid, used, self.prices.p_grid_con),
            p_pv=self._average(got, made, self.prices.p_grid_del),
        )

    def _average(
        self, units: int, energy: Energy, otherwise: UnitPrice | None
    ) -> UnitPrice | None:
        if not energy:
            return otherwise
        average = EXACT.divide(self.money(units).ct, energy.kwh)
        return UnitPrice(EXACT.quantize(average, _SIX_DECIMALS))

    def money(self, units: int) -> Money:
        """Return the ct of a number of mWh × the last decimal of the prices."""
        return Money(Decimal(units).scaleb(-6 - self.decimals, EXACT))


def _shared(total: int, energies: Sequence[int]) -> list[int]:
    if not any(energies):
        return [0] * len(energies)
    if total < 0:
        return [-part for part in apportion(-total, energies)]
    return apportion(total, energies)
