"""How each line of a statement comes to its amount.

    energy      kWh × ct/kWh; at prices of intervals, what each of them was worth
    fee         amount × days ÷ days of the month or year; once; × kWh of other lines
    discount    like a fee, or per cent of other lines before they are rounded
    VAT         per cent of the printed lines that bear it
    rounding    to the nearest coin, the difference

An explanation computes the amount again from what stands on the lines, and from the
intervals behind them as far as they are known. A kind of line is explained by a row of
`_EXPLAINED`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import reduce

from .counting import Counted
from .discounts import DiscountOf
from .energy import Energy
from .explanations import Explanation, Formula, Remark
from .line_sources import followed, part_behind
from .meters import own_tariffs
from .models import CHARGES, CREDITS, LineKind
from .money import NO_MONEY, Money
from .rounding import EXACT, to_multiple
from .statements import Line, Statement, Unit
from .terms import Terms
from .vat import VatMode


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bill:
    """What lines are explained from."""

    lines: Sequence[Line]
    counts: Sequence[tuple[Counted, ...]]
    coin: Money
    """What totals are rounded to."""
    others: Money
    """What other houses on the same invoice come to."""
    apart: Collection[str]
    """The meters that have a tariff, and so fees, of their own."""

    def total(self, numbers: Iterable[int]) -> Money:
        """Return what lines come to, as printed."""
        return Money.total(self.lines[number - 1].amount for number in numbers)

    def numbers(self, is_meant: Callable[[Line], bool]) -> tuple[int, ...]:
        """Return where some lines stand."""
        return tuple(n for n, line in enumerate(self.lines, 1) if is_meant(line))

    def beside(self, line: Line, kinds: Collection[LineKind]) -> tuple[int, ...]:
        """Return where lines of some kinds stand, of the same days and tariff."""
        return self.numbers(
            lambda other: (
                other.kind in kinds
                and line.first <= other.first < line.end
                and self.tariff_of(other) == self.tariff_of(line)
            )
        )

    def tariff_of(self, line: Line) -> str:
        """Return the meter whose own tariff a line is by; none where it has none."""
        return line.meter_id if line.meter_id in self.apart else ""


type _Explain = Callable[[_Bill, int, Line], Explanation]


def explained(
    statement: Statement,
    terms: Terms,
    counts: Sequence[tuple[Counted, ...]],
    others: Money = NO_MONEY,
) -> tuple[Explanation, ...]:
    """Explain all lines of a statement, by the terms that it was settled by.

    `counts` are the intervals behind each line, as `counted` returns them; `others`
    is what other houses on the same invoice come to.
    """
    bill = _Bill(
        lines=statement.lines,
        counts=counts,
        coin=terms.community.rounding,
        others=others,
        apart=own_tariffs(terms.meters),
    )
    return tuple(
        replace(
            _EXPLAINED[line.kind, line.unit](bill, number, line),
            follows=followed(terms, statement, line),
            part=part_behind(terms, statement, line),
        )
        for number, line in enumerate(statement.lines, start=1)
    )


def _energy(bill: _Bill, number: int, line: Line) -> Explanation:
    counted = bill.counts[number - 1]
    value = Money(EXACT.multiply(line.quantity, line.unit_price.ct))
    whole = _quantity(bill, line)
    is_counted = whole == Energy.total(c.energy for c in counted).kwh
    return Explanation(
        number=number,
        line=line,
        formula=Formula.PRODUCT,
        exact=_signed(value, line),
        counted=counted,
        whole=whole,
        remark=None if is_counted else Remark.MEASUREMENTS_CHANGED,
    )


def _quantity(bill: _Bill, line: Line) -> Decimal:
    """Return the energy of a line, and of others of the same intervals."""
    return reduce(
        EXACT.add,
        (other.quantity for other in bill.lines if _source(other) == _source(line)),
    )


def _source(line: Line) -> tuple[LineKind, str | None, str, date]:
    """Return whose intervals a line is about."""
    return line.kind, line.band, line.meter_id, line.first


def _valued(bill: _Bill, number: int, line: Line) -> Explanation:
    """Explain a line whose price was another one in each interval."""
    counted = bill.counts[number - 1]
    value = Money.total(c.value for c in counted)
    return Explanation(
        number=number,
        line=line,
        formula=Formula.INTERVALS,
        exact=line.exact,
        counted=counted,
        remark=None if value == line.exact else Remark.MEASUREMENTS_CHANGED,
    )


def _product(bill: _Bill, number: int, line: Line) -> Explanation:
    return (_valued if line.is_average else _energy)(bill, number, line)


def _per_kwh(bill: _Bill, number: int, line: Line) -> Explanation:
    """Explain a fee, or what is let off, on the energy of other lines."""
    value = Money(EXACT.multiply(line.quantity, line.unit_price.ct))
    return Explanation(
        number=number,
        line=line,
        formula=Formula.PRODUCT,
        exact=_signed(value, line),
        of_lines=bill.beside(line, CHARGES),
    )


def _signed(value: Money, line: Line) -> Money:
    return -value if line.kind in CREDITS or line.kind is LineKind.DISCOUNT else value


def _time(_bill: _Bill, number: int, line: Line) -> Explanation:
    parts = Money.total(part.share(line.unit_price) for part in line.parts)
    return Explanation(
        number=number, line=line, formula=Formula.TIME, exact=_signed(parts, line)
    )


def _once(_bill: _Bill, number: int, line: Line) -> Explanation:
    value = Money(EXACT.multiply(line.quantity, line.unit_price.ct))
    return Explanation(
        number=number, line=line, formula=Formula.ONCE, exact=_signed(value, line)
    )


def _percent_off(bill: _Bill, number: int, line: Line) -> Explanation:
    """Explain what is let off of other lines above zero, before those are rounded."""
    whole = line.percentage.of if line.percentage else DiscountOf.ALL
    numbers = bill.beside(line, _LET_OFF[DiscountOf(whole)])
    return Explanation(
        number=number,
        line=line,
        formula=Formula.PERCENT,
        exact=-Money(EXACT.multiply(line.quantity, line.unit_price.ct)),
        of_lines=tuple(n for n in numbers if bill.lines[n - 1].exact > NO_MONEY),
        base=line.unit_price.times_hundred,
    )


_LET_OFF: Mapping[DiscountOf, Collection[LineKind]] = {
    DiscountOf.ENERGY: CHARGES,
    DiscountOf.FEES: {LineKind.FEE},
    DiscountOf.ALL: CHARGES | {LineKind.FEE},
}


def _tax(bill: _Bill, number: int, line: Line) -> Explanation:
    is_suppliers = line.kind is LineKind.SUPPLIER_VAT
    numbers = bill.numbers(
        lambda other: (
            other.vat.mode is VatMode.ON_TOP
            and other.vat.rate == line.quantity
            and (other.kind in CREDITS) is is_suppliers
        )
    )
    base = bill.total(numbers)
    percent = EXACT.multiply(base.ct, line.quantity)
    return Explanation(
        number=number,
        line=line,
        formula=Formula.PERCENT,
        exact=Money(percent.scaleb(-2, EXACT)),
        of_lines=numbers,
        base=base,
    )


def _coin(bill: _Bill, number: int, line: Line) -> Explanation:
    numbers = bill.numbers(lambda other: other is not line)
    base = bill.total(numbers) + bill.others
    return Explanation(
        number=number,
        line=line,
        formula=Formula.COIN,
        exact=Money(to_multiple(base.ct, bill.coin.ct)) - base,
        of_lines=numbers,
        base=base,
        others=bill.others,
        coin=bill.coin,
    )


_EXPLAINED: Mapping[tuple[LineKind, Unit], _Explain] = {
    **{(kind, Unit.KWH): _product for kind in CHARGES | CREDITS},
    (LineKind.FEE, Unit.MONTH): _time,
    (LineKind.FEE, Unit.YEAR): _time,
    (LineKind.FEE, Unit.ONCE): _once,
    (LineKind.FEE, Unit.KWH): _per_kwh,
    (LineKind.DISCOUNT, Unit.MONTH): _time,
    (LineKind.DISCOUNT, Unit.YEAR): _time,
    (LineKind.DISCOUNT, Unit.ONCE): _once,
    (LineKind.DISCOUNT, Unit.KWH): _per_kwh,
    (LineKind.DISCOUNT, Unit.PERCENT): _percent_off,
    (LineKind.VAT, Unit.PERCENT): _tax,
    (LineKind.SUPPLIER_VAT, Unit.PERCENT): _tax,
    (LineKind.ROUNDING, Unit.ONCE): _coin,
}
"""How each kind of line is explained, by what its quantity counts."""
