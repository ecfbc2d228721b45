"""The lines of a statement: energy, VAT, and rounding of the total.

energy line = kWh × ct/kWh, in each band or, month by month, in each tier
VAT         = rate × sum of the printed lines that bear it, once for each rate; the
              community's on what is charged, the house's on what is credited
rounding    = total to the nearest coin − total
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from .energy import Energy
from .fees import FeePer, fee_parts
from .models import LineKind, LineRule
from .money import NO_MONEY, Money, UnitPrice
from .pricing import Worth
from .rounding import EXACT, to_multiple
from .runs import Run
from .statements import Line, Unit, charged_vat, credited_vat
from .tariffs import Price
from .tiers import by_tier
from .vat import VatMode

_SIX_DECIMALS = Decimal(1).scaleb(-6)


def energy_lines(rule: LineRule, runs: Iterable[Run]) -> Iterator[Line]:
    """Yield a line for each price in turn; none where there is no energy."""
    for run in runs:
        if rule.price is None:
            for each in run.by_lane():
                yield from _valued(rule, each)
            continue
        price: Price = getattr(run.version, rule.price)
        if price.tiers and run.is_billed:
            for month in run.months():
                yield from _tiered(rule, month, price)
        else:
            for each in run.by_lane():
                yield from _priced(rule, each, price)


def _priced(rule: LineRule, run: Run, price: Price) -> Iterator[Line]:
    """Yield a line for each band."""
    for band, rate in price.rates:
        worth = run.worth(rule, rate, run.where(band))
        if worth.energy and isinstance(rate, UnitPrice):
            line = _line(rule, run, worth, Money(rate.ct_per_kwh))
            yield replace(line, band=band, percentage=price.percentage)
        elif worth.energy:
            line = _average_line(rule, run, worth)
            yield replace(line, band=band, percentage=price.percentage)


def _tiered(rule: LineRule, month: Run, price: Price) -> Iterator[Line]:
    """Yield a line for each tier that the energy of a month reaches."""
    energy: Energy = getattr(month.energy, rule.energy)
    (days,) = fee_parts(FeePer.MONTH, month.first, month.end)
    for tier, quantity in by_tier(price.tiers, energy, days):
        worth = Worth(quantity, quantity * tier.price)
        line = _line(rule, month, worth, Money(tier.price.ct_per_kwh))
        yield replace(line, tier=tier, parts=(days,))


def _valued(rule: LineRule, run: Run) -> Iterator[Line]:
    """Yield a line of energy whose price was another one in each interval."""
    worth = run.value(rule)
    if worth.energy:
        yield _average_line(rule, run, worth)


def _average_line(rule: LineRule, run: Run, worth: Worth) -> Line:
    """Return a line with the average of the prices of intervals."""
    average = EXACT.divide(worth.value.ct, worth.energy.kwh)
    # What is nearly nothing has no sign.
    price = Money(EXACT.add(EXACT.quantize(average, _SIX_DECIMALS), Decimal(0)))
    return replace(_line(rule, run, worth, price), is_average=True)


def _line(rule: LineRule, run: Run, worth: Worth, unit_price: Money) -> Line:
    return Line(
        kind=rule.kind,
        first=run.first,
        end=run.end,
        quantity=worth.energy.kwh,
        unit_price=unit_price,
        exact=worth.value if rule.is_charge else -worth.value,
        vat=run.vat if rule.is_charge else run.supplier_vat,
        meter=run.meter,
        meter_id=run.meter_id,
    )


def vat_lines(lines: Iterable[Line], first: date, end: date) -> Iterator[Line]:
    """Yield the taxes that are added to prices: the community's, then the house's."""
    lines = tuple(lines)
    for kind, shares in (
        (LineKind.VAT, charged_vat(lines)),
        (LineKind.SUPPLIER_VAT, credited_vat(lines)),
    ):
        for share in shares:
            if share.vat.mode is VatMode.ON_TOP and share.amount != NO_MONEY:
                yield Line(
                    kind=kind,
                    first=first,
                    end=end,
                    quantity=share.vat.rate,
                    unit=Unit.PERCENT,
                    unit_price=Money(share.charged.ct.scaleb(-2, EXACT)),
                    exact=share.amount if kind is LineKind.VAT else -share.amount,
                    smallest=share.smallest,
                )


def rounding_lines(
    lines: Iterable[Line], first: date, end: date, coin: Money
) -> Iterator[Line]:
    """Yield what makes the total a multiple of a coin, if it is none yet."""
    lines = tuple(lines)
    total = Money.total(line.amount for line in lines)
    difference = Money(to_multiple(total.ct, coin.ct)) - total if coin.ct else NO_MONEY
    if difference != NO_MONEY:
        yield Line(
            kind=LineKind.ROUNDING,
            first=first,
            end=end,
            quantity=Decimal(1),
            unit=Unit.ONCE,
            unit_price=difference,
            exact=difference,
            smallest=lines[0].smallest,
        )
