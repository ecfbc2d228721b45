"""Value-added tax on what a house is charged, and on what it is credited.

It is computed once for each rate, on the sum of the printed lines, which is how a
tax office adds a bill up again. What a house is charged bears the community's tax;
what it is credited is its own supply and bears the tax of the house, if it owes any.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from .money import CENT, NO_MONEY, Money
from .rounding import EXACT

_HUNDRED = Decimal(100)


class VatMode(StrEnum):
    """How prices stand to the tax."""

    NONE = "none"
    """There is none, for a reason that the bill states."""
    INCLUDED = "included"
    """Prices contain it."""
    ON_TOP = "on_top"
    """It is added to the prices."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vat:
    """The tax on prices and fees, or on what a house is credited."""

    mode: VatMode = VatMode.NONE
    rate: Decimal = Decimal(0)
    """Per cent; zero where there is no tax."""
    reason: str = ""
    """Why there is none."""

    def on(self, charged: Money, smallest: Money = CENT) -> Money:
        """Return the tax on an amount as printed, or in it, in whole units."""
        on_top = self.mode is VatMode.ON_TOP
        base = _HUNDRED if on_top else EXACT.add(_HUNDRED, self.rate)
        tax = EXACT.divide(EXACT.multiply(charged.ct, self.rate), base)
        return Money(tax).rounded_to(smallest)


NO_VAT = Vat()


@dataclass(frozen=True, slots=True)
class VatShare:
    """The tax on everything that is charged, or credited, at one rate."""

    vat: Vat
    charged: Money
    """As printed: before the tax, or with it where prices include it."""
    smallest: Money = CENT
    """The smallest unit of the currency."""

    @property
    def amount(self) -> Money:
        """The tax in whole units of the currency."""
        return self.vat.on(self.charged, self.smallest)


def vat_shares(charges: Iterable[tuple[Vat, Money, Money]]) -> tuple[VatShare, ...]:
    """Sum printed charges by what they have to do with VAT, in order of appearance.

    A charge is its tax, its amount and the smallest unit of its currency.
    """
    sums: dict[tuple[Vat, Money], Money] = {}
    for vat, amount, smallest in charges:
        if vat != NO_VAT:
            key = (vat, smallest)
            sums[key] = sums.get(key, NO_MONEY) + amount
    return tuple(VatShare(vat, sums[vat, unit], unit) for vat, unit in sums)
