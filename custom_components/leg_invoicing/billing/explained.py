"""How each line of a statement comes to its amount.

    energy      kWh × ct/kWh; at prices of intervals, what each of them was worth
    fee         amount × days ÷ days of the month or year; once; × kWh of other lines
    VAT         per cent of the printed lines that bear it
    rounding    to the nearest coin, the difference

An explanation computes the amount again from what stands on the lines, and from the
intervals behind them as far as they are known. A kind of line is explained by a row of
`_EXPLAINED`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import reduce
from typing import Any

from .counting import Counted
from .energy import Energy
from .line_records import line_record
from .models import CHARGES, CREDITS, LineKind
from .money import NO_MONEY, Money
from .rounding import EXACT, to_multiple
from .statements import Line, Statement, Unit
from .vat import VatMode


class Formula(StrEnum):
    """How an amount comes about."""

    PRODUCT = "product"
    """Quantity × price."""
    INTERVALS = "intervals"
    """The sum of what each interval was worth; the price is their average."""
    TIME = "time"
    """Parts of months or years × price."""
    ONCE = "once"
    PERCENT = "percent"
    """Of what other lines come to."""
    COIN = "coin"
    """From what all other lines come to, to the nearest coin."""


class Remark(StrEnum):
    """What is to be known besides."""

    MEASUREMENTS_CHANGED = "measurements_changed"
    """The intervals are those that stand now. They do not come to what was billed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """How one line comes to its amount."""

    number: int
    """Where the line stands on its statement, from 1 on."""
    line: Line
    formula: Formula
    exact: Money
    """The amount, computed again and not yet rounded."""
    counted: tuple[Counted, ...] = ()
    """The intervals behind the energy, by how well they are known."""
    of_lines: tuple[int, ...] = ()
    """The lines that it is computed from."""
    base: Money = NO_MONEY
    """What those come to, as printed."""
    remark: Remark | None = None

    @property
    def amount(self) -> Money:
        """What is printed."""
        return self.exact.rounded


@dataclass(frozen=True, slots=True)
class _Bill:
    """What lines are explained from."""

    lines: Sequence[Line]
    counts: Sequence[tuple[Counted, ...]]
    coin: Money

    def total(self, numbers: Iterable[int]) -> Money:
        """Return what lines come to, as printed."""
        return Money.total(self.lines[number - 1].amount for number in numbers)

    def numbers(self, is_meant: Callable[[Line], bool]) -> tuple[int, ...]:
        """Return where some lines stand."""
        return tuple(n for n, line in enumerate(self.lines, 1) if is_meant(line))


type _Explain = Callable[[_Bill, int, Line], Explanation]


def explained(
    statement: Statement, coin: Money, counts: Sequence[tuple[Counted, ...]]
) -> tuple[Explanation, ...]:
    """Explain all lines of a statement.

    `coin` is what totals are rounded to, `counts` are the intervals behind each line.
    """
    bill = _Bill(statement.lines, counts, coin)
    return tuple(
        _EXPLAINED[line.kind, line.unit](bill, number, line)
        for number, line in enumerate(statement.lines, start=1)
    )


def explanation_record(explanation: Explanation) -> dict[str, Any]:
    """Return an explanation as a plain record; the line's own fields come first."""
    return {
        "line": explanation.number,
        **line_record(explanation.line),
        "formula": str(explanation.formula),
        "intervals": [
            {
                "quality": counted.quality.label,
                "intervals": counted.intervals,
                "energy_kwh": counted.energy.kwh,
                "value_ct": counted.value.ct,
            }
            for counted in explanation.counted
        ],
        "of_lines": list(explanation.of_lines),
        "base_ct": explanation.base.ct if explanation.of_lines else None,
        "unrounded_ct": explanation.exact.ct,
        "rounding_ct": (explanation.amount - explanation.exact).ct,
        "remark": explanation.remark and str(explanation.remark),
    }


def _energy(bill: _Bill, number: int, line: Line) -> Explanation:
    counted = bill.counts[number - 1]
    value = Money(EXACT.multiply(line.quantity, line.unit_price.ct))
    is_counted = _quantity(bill, line) == Energy.total(c.energy for c in counted).kwh
    return Explanation(
        number=number,
        line=line,
        formula=Formula.PRODUCT,
        exact=value if line.kind in CHARGES else -value,
        counted=counted,
        remark=None if is_counted else Remark.MEASUREMENTS_CHANGED,
    )


def _quantity(bill: _Bill, line: Line) -> Decimal:
    """Return the energy of a line, and of others of the same intervals."""
    alike = (
        other.quantity
        for other in bill.lines
        if (other.kind, other.band, other.first) == (line.kind, line.band, line.first)
    )
    return reduce(EXACT.add, alike)


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
    """Explain a fee on the energy of other lines."""
    return Explanation(
        number=number,
        line=line,
        formula=Formula.PRODUCT,
        exact=Money(EXACT.multiply(line.quantity, line.unit_price.ct)),
        of_lines=bill.numbers(
            lambda other: other.kind in CHARGES and line.first <= other.first < line.end
        ),
    )


def _time(_bill: _Bill, number: int, line: Line) -> Explanation:
    parts = Money.total(part.share(line.unit_price) for part in line.parts)
    return Explanation(number=number, line=line, formula=Formula.TIME, exact=parts)


def _once(_bill: _Bill, number: int, line: Line) -> Explanation:
    return Explanation(
        number=number, line=line, formula=Formula.ONCE, exact=line.unit_price
    )


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
    base = bill.total(numbers)
    return Explanation(
        number=number,
        line=line,
        formula=Formula.COIN,
        exact=Money(to_multiple(base.ct, bill.coin.ct)) - base,
        of_lines=numbers,
        base=base,
    )


_EXPLAINED: Mapping[tuple[LineKind, Unit], _Explain] = {
    **{(kind, Unit.KWH): _product for kind in CHARGES | CREDITS},
    (LineKind.FEE, Unit.MONTH): _time,
    (LineKind.FEE, Unit.YEAR): _time,
    (LineKind.FEE, Unit.ONCE): _once,
    (LineKind.FEE, Unit.KWH): _per_kwh,
    (LineKind.VAT, Unit.PERCENT): _tax,
    (LineKind.SUPPLIER_VAT, Unit.PERCENT): _tax,
    (LineKind.ROUNDING, Unit.ONCE): _coin,
}
"""How each kind of line is explained, by what its quantity counts."""
