"""What the house gains by its community, told beside the bill, with the arithmetic.

Amounts are those that are printed, so that a reader who computes them again comes to
the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from ..billing.benefits import Discounted
from ..billing.currencies import smallest_unit
from ..billing.energy import Energy
from ..billing.figures import BESIDES, Side, sides_of
from ..billing.invoices import Invoice
from ..billing.money import NO_MONEY, Money
from ..billing.rounding import EXACT, to_multiple
from .flow import Block, space, text_block, write_number
from .paper import HEADING, LEFT, NOTE, RIGHT, SMALL, WIDTH, Pen, Style, mm
from .typesetting import wrapped
from .wording import Wording

_TENTH = Decimal("0.1")
_COLUMN = mm(27)
_RIGHT_EDGES = tuple(RIGHT - n * _COLUMN for n in (4, 3, 2, 1, 0))


def benefit_blocks(invoice: Invoice, wording: Wording) -> Iterator[Block]:
    """Yield what was saved, and what else the community tells; nothing of no energy."""
    statement = invoice.statement
    if statement.benefits is None:
        return
    both = sides_of(statement.lines, statement.benefits)
    sides = [side for side in both if side.kwh]
    if sides:
        yield from _comparison(invoice, sides, wording)
    local = statement.energy.local_import
    notes = [
        *_co2(statement.benefits.co2_avoided, local, wording),
        *_discounts(statement.benefits.grid_discounts, wording),
    ]
    for note in notes:
        yield text_block(LEFT, wrapped(note, WIDTH, NOTE), below=3)
    if sides or notes:
        yield space(mm(3))


def _comparison(
    invoice: Invoice, sides: Sequence[Side], wording: Wording
) -> Iterator[Block]:
    texts = wording.texts
    gain = Money.total(side.gain for side in sides)
    heading = wrapped(_told(gain, sides, wording), WIDTH, HEADING)
    yield text_block(LEFT, heading, below=2, with_next=True)
    price = texts.price.format(unit=wording.price_unit)
    titles = (texts.quantity, price, texts.elsewhere, texts.here, texts.difference)
    yield _row("", titles, SMALL)
    for side in sides:
        name = texts.consumption if side.is_charge else texts.delivery
        yield _row(name, tuple(_numbers(side, wording)), NOTE)
    notes = [texts.compared[invoice.model]]
    lines = (line for line in invoice.statement.lines if line.kind in BESIDES)
    besides = Money.total(line.amount for line in lines)
    if besides != NO_MONEY:
        notes.append(_besides(besides, gain - besides, wording))
    yield text_block(LEFT, wrapped(" ".join(notes), WIDTH, SMALL), below=3)


def _besides(amount: Money, gain: Money, wording: Wording) -> str:
    texts, is_worse = wording.texts, gain < NO_MONEY
    text = texts.besides_lost if is_worse else texts.besides
    return text.format(
        amount=wording.amount_with_currency(amount),
        gain=wording.amount_with_currency(-gain if is_worse else gain),
    )


def _told(gain: Money, sides: Sequence[Side], wording: Wording) -> str:
    texts = wording.texts
    if gain == NO_MONEY:
        return texts.even
    if gain < NO_MONEY:
        return texts.lost.format(amount=wording.amount_with_currency(-gain))
    text = texts.saved if any(side.is_charge for side in sides) else texts.earned
    return text.format(amount=wording.amount_with_currency(gain))


def _numbers(side: Side, wording: Wording) -> Iterator[str]:
    yield wording.decimal_kwh(side.kwh)
    yield wording.average(Money(EXACT.divide(side.exact.ct, side.kwh)))
    for amount in (side.elsewhere, side.here, side.gain):
        yield wording.amount(amount)


def _row(name: str, numbers: Sequence[str], style: Style) -> Block:
    def draw(pen: Pen, top: int) -> None:
        pen.write(LEFT, top, name, style)
        for right, number in zip(_RIGHT_EDGES, numbers, strict=True):
            write_number(pen, right, top, number, _COLUMN - mm(2), style)
        pen.rule(LEFT, top + style.leading + 1, WIDTH)

    return Block(height=style.leading + 3, draw=draw, with_next=True)


def _co2(avoided: Decimal | None, energy: Energy, wording: Wording) -> Iterator[str]:
    if avoided is not None and energy:
        grams = to_multiple(EXACT.divide(avoided, energy.kwh), _TENTH)
        yield wording.texts.co2.format(
            kg=wording.kilograms(avoided),
            kwh=wording.kwh_with_unit(energy),
            factor=wording.factor(grams),
        )


def _discounts(discounted: Iterable[Discounted], wording: Wording) -> Iterator[str]:
    unit = smallest_unit(wording.currency)
    for each in discounted:
        if each.energy:
            yield wording.texts.grid_discount.format(
                amount=wording.amount_with_currency(each.taken_off.rounded_to(unit)),
                percent=wording.factor(each.discount.percent),
                price=wording.price(Money(each.discount.grid_fee.ct_per_kwh)),
                unit=wording.price_unit,
                kwh=wording.kwh_with_unit(each.energy),
            )
