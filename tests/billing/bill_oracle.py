"""Tiers, fees and discounts a second time, slow and obvious, one bill at a time.

What a bill is of comes from `oracle`: what each interval's energy is, at which price
of which version of the tariff. Here it is added up by hand.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import floor, trunc
from typing import NamedTuple

from custom_components.leg_invoicing.billing.agreements import Agreement
from custom_components.leg_invoicing.billing.fees import Fee
from custom_components.leg_invoicing.billing.tariffs import Price, TariffVersion


class Flow(NamedTuple):
    """One kind of energy of an interval, and the price it has."""

    day: date
    price: str
    is_charge: bool
    band: str | None
    rate: Fraction
    mwh: int
    is_priced: bool
    """Whether the price is known; a fee per kWh is owed for nothing else."""


@dataclass
class Due:
    """What a bill comes to before VAT and rounding, in ct."""

    cost: Fraction = Fraction(0)
    revenue: Fraction = Fraction(0)
    fees: Fraction = Fraction(0)
    discounts: Fraction = Fraction(0)


def bill_slowly(
    flows: Iterable[Flow],
    days: Mapping[date, TariffVersion],
    agreement: Agreement,
) -> Due:
    """Add up what days of an agreement come to, each under its version."""
    flows, due = list(flows), Due()
    for valid_from in sorted({version.valid_from for version in days.values()}):
        own = sorted(d for d, v in days.items() if v.valid_from == valid_from)
        version = days[own[0]]
        here = [flow for flow in flows if flow.day in own]
        charged = _energy(due, here, version, own)
        mwh = sum(f.mwh for f in here if f.is_charge and f.is_priced)
        kwh = Fraction(mwh, 10**6)
        owed = [_owed(fee, own, agreement, kwh) for fee in version.fees]
        due.fees += sum(owed)
        bases = {"energy": charged, "fees": sum(fee for fee in owed if fee > 0)}
        bases["all"] = bases["energy"] + bases["fees"]
        for discount in version.discounts:
            if isinstance(discount.by, Fee):
                due.discounts -= _owed(discount.by, own, agreement, kwh)
            else:
                percent = Fraction(discount.by.percent)
                due.discounts -= bases[discount.by.of] * percent / 100
    return due


def _energy(
    due: Due, flows: Sequence[Flow], version: TariffVersion, days: Sequence[date]
) -> Fraction:
    """Add what energy costs and brings; return the part of the cost above zero."""
    charged = Fraction(0)
    for name in {flow.price for flow in flows}:
        own = [flow for flow in flows if flow.price == name]
        price: Price = getattr(version, name)
        pieces = [
            sum(f.rate * f.mwh / 10**6 for f in own if f.band == band)
            for band in {flow.band for flow in own}
        ]
        if price.tiers:
            pieces = [
                piece
                for month in sorted({(day.year, day.month) for day in days})
                for piece in _tiers(price, month, own, days)
            ]
        if own[0].is_charge:
            due.cost += sum(pieces)
            charged += sum(piece for piece in pieces if piece > 0)
        else:
            due.revenue += sum(pieces)
    return charged


def _tiers(
    price: Price, month: tuple[int, int], flows: Sequence[Flow], days: Sequence[date]
) -> Iterable[Fraction]:
    """Fill the tiers of some days of a month one after the other."""
    own = [day for day in days if (day.year, day.month) == month]
    left = sum(f.mwh for f in flows if (f.day.year, f.day.month) == month)
    filled = 0
    for tier in price.tiers:
        room = left
        if tier.to is not None:
            to = tier.to.mwh
            limit = _until(to, own[-1].day, month) - _until(to, own[0].day - 1, month)
            room = min(left, max(limit - filled, 0))
        filled, left = filled + room, left - room
        yield Fraction(tier.price.ct_per_kwh) * room / 10**6


def _until(limit: int, days: int, month: tuple[int, int]) -> int:
    return floor(Fraction(limit * days, _days_of(month)))


def _owed(
    fee: Fee, days: Sequence[date], agreement: Agreement, kwh: Fraction
) -> Fraction:
    amount = Fraction(fee.amount.ct)
    match str(fee.per):
        case "kwh":
            return amount * kwh
        case "once":
            return amount * (agreement.first in days and not agreement.vacancy)
        case "month":
            wholes = [(day.year, day.month) for day in days]
            return sum(
                _fee_until(amount, after, _days_of(whole))
                - _fee_until(amount, before, _days_of(whole))
                for whole in sorted(set(wholes))
                for before, after in [_numbers(days, *whole)]
            )
        case _:
            years = sorted({day.year for day in days})
            total = Fraction(0)
            for year in years:
                length = (date(year + 1, 1, 1) - date(year, 1, 1)).days
                own = [d.timetuple().tm_yday for d in days if d.year == year]
                total += _fee_until(amount, max(own), length)
                total -= _fee_until(amount, min(own) - 1, length)
            return total


def _numbers(days: Sequence[date], year: int, month: int) -> tuple[int, int]:
    own = [day.day for day in days if (day.year, day.month) == (year, month)]
    return min(own) - 1, max(own)


def _fee_until(amount: Fraction, days: int, of: int) -> Fraction:
    return amount if days == of else Fraction(trunc(amount * 10**6 * days / of), 10**6)


def _days_of(month: tuple[int, int]) -> int:
    year, number = month
    following = date(year + number // 12, number % 12 + 1, 1)
    return (following - date(year, number, 1)).days
