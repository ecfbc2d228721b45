"""Fees and discounts from what a person wrote down.

fees:
- {name: Base fee, amount: 500, per: month}               # ct
- {name: Metering, amount: 300, per: month, each: meter}
discounts:
- {name: Loyalty, percent: 5, of: energy}
- {name: Founders, amount: 200, per: month}               # ct
"""

from collections.abc import Sequence
from decimal import Decimal

from .discounts import Discount, DiscountOf
from .fees import Fee, FeeEach, FeePer
from .money import Money
from .percentage import Percentage
from .price_record import percent_from
from .reasons import charges as because
from .rounding import EXACT
from .written import Written

_MOST_PERCENT = 100


def fees_from_written(written: Written) -> tuple[Fee, ...]:
    """Read the fees of a version."""
    return tuple(map(_fee, written.items()))


def discounts_from_written(written: Written) -> tuple[Discount, ...]:
    """Read the discounts of a version, which leave nobody less than nothing."""
    discounts = tuple(map(_discount, written.items()))
    for of in (DiscountOf.ENERGY, DiscountOf.FEES):
        if _percent_off(discounts, of) > _MOST_PERCENT:
            written.refuse(because.DISCOUNTS_OVER_ALL(of=of))
    return discounts


def _percent_off(discounts: Sequence[Discount], of: DiscountOf) -> Decimal:
    total = Decimal(0)
    for discount in discounts:
        by = discount.by
        if isinstance(by, Percentage) and by.of in (of, DiscountOf.ALL):
            total = EXACT.add(total, by.percent)
    return total


def _fee(written: Written) -> Fee:
    part = written.fields(("name", "amount", "per"), ("each",))
    fee = Fee(
        name=part["name"].text(),
        amount=Money(part["amount"].number()),
        per=part["per"].choice(FeePer),
        each=part["each"].choice(FeeEach) if "each" in part else FeeEach.HOUSE,
    )
    if fee.per is FeePer.KWH and fee.each is FeeEach.METER:
        part["each"].refuse(because.FEE_PER_KWH_AND_METER())
    return fee


def _discount(written: Written) -> Discount:
    part = written.fields(("name",), ("percent", "of", "amount", "per"))
    name = part["name"].text()
    if "amount" not in part:
        part = written.fields(("name", "percent", "of"))
        of = part["of"].choice(DiscountOf)
        percent = percent_from(part["percent"], _MOST_PERCENT)
        return Discount(name, Percentage(percent, str(of)))
    part = written.fields(("name", "amount", "per"))
    amount = Money(part["amount"].number())
    if amount.ct <= 0:
        part["amount"].refuse(because.DISCOUNT_OF_NOTHING())
    return Discount(name, Fee(name=name, amount=amount, per=part["per"].choice(FeePer)))
