"""The lines of fees and discounts.

fee      = amount × days of the month or year that are owed ÷ all of its days; of a
           common area, the house's part of it
discount = − per cent × Σ lines of energy or fees above zero, or − amount, as a fee
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import reduce

from .agreements import Agreement
from .charges import energy_lines
from .common_fees import fee_by_part
from .discounts import Discount, DiscountOf
from .fees import Fee, FeeEach, FeePart, FeePer, fee_parts
from .models import LineKind, LineRule
from .money import NO_MONEY, Money
from .percentage import Percentage
from .rounding import EXACT
from .runs import Run
from .statements import Line, Unit

_SIX_DECIMALS = Decimal(1).scaleb(-6)


def fee_lines(
    agreement: Agreement, runs: Iterable[Run], rules: Sequence[LineRule]
) -> Iterator[Line]:
    """Yield a line for each fee of each version, where anything of it is owed."""
    for run in runs:
        for fee in run.version.fees:
            yield from _owed(fee, agreement, run, rules)


def discount_lines(
    agreement: Agreement, runs: Iterable[Run], rules: Sequence[LineRule]
) -> Iterator[Line]:
    """Yield a line for each discount of each version, where there is something off."""
    for run in runs:
        for discount in run.version.discounts:
            by = discount.by
            if isinstance(by, Percentage):
                yield from _percent_off(discount, by, agreement, run, rules)
                continue
            for line in _owed(by, agreement, run, rules):
                yield replace(line, kind=LineKind.DISCOUNT, exact=-line.exact)


def _percent_off(
    discount: Discount,
    percentage: Percentage,
    agreement: Agreement,
    run: Run,
    rules: Sequence[LineRule],
) -> Iterator[Line]:
    lines: list[Line] = []
    if percentage.of != DiscountOf.FEES:
        lines += _charges(run, rules)
    if percentage.of != DiscountOf.ENERGY:
        lines += fee_lines(agreement, [run], rules)
    charged = Money.total(line.exact for line in lines if line.exact > NO_MONEY)
    if charged != NO_MONEY:
        yield Line(
            kind=LineKind.DISCOUNT,
            first=run.first,
            end=run.end,
            name=discount.name,
            quantity=percentage.percent,
            unit=Unit.PERCENT,
            unit_price=Money(charged.ct.scaleb(-2, EXACT)),
            exact=-Money(percentage.part_of(charged.ct)),
            percentage=percentage,
            vat=run.vat,
            meter=run.meter,
            meter_id=run.meter_id,
        )


def _owed(
    fee: Fee, agreement: Agreement, run: Run, rules: Sequence[LineRule]
) -> Iterator[Line]:
    for own, days in fee_by_part(fee, run):
        quantity, exact, parts = _OWED[fee.per](own, days, agreement, rules)
        if quantity:
            yield Line(
                kind=LineKind.FEE,
                first=days.first,
                end=days.end,
                name=fee.name,
                quantity=quantity,
                unit=_UNITS[fee.per],
                unit_price=own.amount,
                exact=exact,
                parts=parts,
                vat=run.vat,
                meter=run.meter,
                meter_id=run.meter_id,
            )


type _Owed = tuple[Decimal, Money, tuple[FeePart, ...]]


def _by_time(
    fee: Fee, run: Run, _agreement: Agreement, _rules: Sequence[LineRule]
) -> _Owed:
    parts = tuple(
        part
        for first, end in _days(fee, run, run.first)
        for part in fee_parts(fee.per, first, end)
    )
    quantity = reduce(EXACT.add, map(_share, parts), Decimal(0))
    return quantity, Money.total(part.share(fee.amount) for part in parts), parts


def _days(fee: Fee, run: Run, begin: date) -> Iterator[tuple[date, date]]:
    """Yield the days from one on for which a fee is owed: once, or for each meter.

    A meter's own tariff owes nothing while the meter does not count, and nothing to
    the houses that merely use a meter of another one.
    """
    house_id = run.lanes[0].house_id
    meters = run.meters
    if fee.each is FeeEach.HOUSE:
        if run.priced is None:
            yield begin, run.end
            return
        meters = (run.priced,)
    for meter in meters:
        first, end = meter.days_within(begin, run.end)
        if first < end and meter.house_id in (None, house_id):
            yield first, end


def _share(part: FeePart) -> Decimal:
    """Return the part of a month or year, to six decimals; the bill says the days."""
    share = EXACT.divide(Decimal(part.days), Decimal(part.of_days))
    return EXACT.normalize(EXACT.quantize(share, _SIX_DECIMALS))


def _once(
    fee: Fee, run: Run, agreement: Agreement, _rules: Sequence[LineRule]
) -> _Owed:
    # Whoever owns a house does not come to have it when nobody lives there.
    if agreement.vacancy:
        return Decimal(0), NO_MONEY, ()
    begins = (first for first, _ in _days(fee, run, agreement.first))
    times = Decimal(sum(run.first <= day < run.end for day in begins))
    return times, Money(EXACT.multiply(fee.amount.ct, times)), ()


def _by_kwh(
    fee: Fee, run: Run, _agreement: Agreement, rules: Sequence[LineRule]
) -> _Owed:
    # Energy whose price is missing is on no line, and owes nothing yet.
    lines = _charges(run, rules)
    kwh = reduce(EXACT.add, (line.quantity for line in lines), Decimal(0))
    return kwh, Money(EXACT.multiply(kwh, fee.amount.ct)), ()


def _charges(run: Run, rules: Sequence[LineRule]) -> Iterator[Line]:
    """Yield the lines of the energy that the house is charged for."""
    for rule in rules:
        if rule.is_charge:
            yield from energy_lines(rule, [run])


_OWED: Mapping[FeePer, Callable[[Fee, Run, Agreement, Sequence[LineRule]], _Owed]] = {
    FeePer.MONTH: _by_time,
    FeePer.YEAR: _by_time,
    FeePer.ONCE: _once,
    FeePer.KWH: _by_kwh,
}
_UNITS = {
    FeePer.MONTH: Unit.MONTH,
    FeePer.YEAR: Unit.YEAR,
    FeePer.ONCE: Unit.ONCE,
    FeePer.KWH: Unit.KWH,
}
