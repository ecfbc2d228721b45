"""The table of lines, and the total that they add up to."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from ..billing.invoices import Invoice
from ..billing.models import LineKind
from ..billing.money import Money
from ..billing.statements import Line, Unit
from .descriptions import described, vat_notes, vat_numbers
from .flow import Block, space, text_block, write_lines, write_number
from .paper import (
    BODY,
    INK,
    LEFT,
    NOTE,
    RIGHT,
    SMALL,
    SOFT,
    STRONG,
    WIDTH,
    Pen,
    Style,
    mm,
)
from .typesetting import wrapped
from .wording import Wording

_DAYS_LEFT = LEFT + mm(59)
_DAYS_WIDTH = mm(31)
_AMOUNT = (RIGHT, mm(24))
_PRICE = (RIGHT - mm(26), mm(20))
_QUANTITY = (RIGHT - mm(48), mm(25))
_COLUMNS = (_QUANTITY, _PRICE, _AMOUNT)
"""Where numbers end, and how wide they may be."""
_DAYS = Style(NOTE.size, colour=SOFT)
_PADDING = 3


def line_blocks(invoice: Invoice, wording: Wording) -> Iterator[Block]:
    """Yield the table: its head, a row for each line, and the total.

    Of several houses each has its own rows and a subtotal; what rounds the total to
    coins stands behind them.
    """
    head = _head(wording)
    yield head
    if invoice.parts:
        for part in invoice.parts:
            yield from _part_blocks(part, wording, head)
        for line in invoice.statement.lines:
            if line.kind is LineKind.ROUNDING:
                yield _row(line, wording, head)
    else:
        yield from _rows(invoice.statement.lines, wording, head)
    style = replace(STRONG, size=STRONG.size + 1)
    yield _sum(wording.texts.total, invoice.statement.total, wording, style)
    notes = () if invoice.parts else vat_notes(invoice.statement, wording)
    yield from _notes((*notes, *vat_numbers(invoice, wording)))


def _part_blocks(part: Invoice, wording: Wording, head: Block) -> Iterator[Block]:
    """Yield the rows of one house among several."""
    statement = part.statement
    name = f"{part.house_name} ({statement.agreement.house_id})"
    yield space(_PADDING)
    yield text_block(LEFT, wrapped(name, WIDTH, STRONG), below=_PADDING, with_next=True)
    if statement.agreement.vacancy:
        yield from _notes([wording.texts.vacancy])
    lines = [line for line in statement.lines if line.kind is not LineKind.ROUNDING]
    yield from _rows(lines, wording, head)
    subtotal = Money.total(line.amount for line in lines)
    yield _sum(wording.texts.subtotal, subtotal, wording, STRONG)
    yield from _notes(vat_notes(statement, wording))


def _rows(lines: Sequence[Line], wording: Wording, head: Block) -> Iterator[Block]:
    if not lines:
        nothing = wrapped(wording.texts.no_lines, WIDTH, BODY)
        yield text_block(LEFT, nothing, below=_PADDING, with_next=True)
    for line in lines:
        yield _row(line, wording, head)


def _notes(notes: Iterable[str]) -> Iterator[Block]:
    for note in notes:
        yield text_block(LEFT, wrapped(note, WIDTH, NOTE), below=_PADDING)


def _head(wording: Wording) -> Block:
    texts = wording.texts
    titles = (
        texts.quantity,
        texts.price.format(unit=wording.price_unit),
        texts.amount.format(currency=wording.currency),
    )

    def draw(pen: Pen, top: int) -> None:
        pen.write(LEFT, top, texts.description, SMALL)
        pen.write(_DAYS_LEFT, top, texts.days, SMALL)
        _draw_numbers(pen, top, titles, SMALL)
        pen.rule(LEFT, top + SMALL.leading + 3, WIDTH, INK)

    return Block(height=SMALL.leading + 3 + _PADDING, draw=draw, with_next=True)


def _row(line: Line, wording: Wording, head: Block) -> Block:
    description = wrapped(described(line, wording), _DAYS_LEFT - LEFT - mm(2), BODY)
    last = line.end - timedelta(days=1)
    days = wrapped(wording.days(line.first, last), _DAYS_WIDTH, _DAYS)
    numbers = (*_counted(line, wording), wording.amount(line.amount))
    height = max(description.height, days.height) + 2 * _PADDING

    def draw(pen: Pen, top: int) -> None:
        write_lines(pen, LEFT, top, description)
        write_lines(pen, _DAYS_LEFT, top + BODY.baseline - _DAYS.baseline, days)
        _draw_numbers(pen, top, numbers, BODY)
        pen.rule(LEFT, top + height - _PADDING, WIDTH)

    return Block(height=height, draw=draw, head=head)


def _counted(line: Line, wording: Wording) -> tuple[str, str]:
    """Return the kWh and their price; the description says what other lines count."""
    if line.unit is not Unit.KWH:
        return "", ""
    price = wording.average if line.is_average else wording.price
    return wording.decimal_kwh(line.quantity), price(line.unit_price)


def _sum(text: str, money: Money, wording: Wording, style: Style) -> Block:
    amount = wording.amount_with_currency(money)
    room = WIDTH - mm(40)

    def draw(pen: Pen, top: int) -> None:
        pen.write(LEFT, top, text, style)
        write_number(pen, RIGHT, top, amount, room, style)

    return Block(height=style.leading + mm(4), draw=draw, with_next=True)


def _draw_numbers(pen: Pen, top: int, numbers: Sequence[str], style: Style) -> None:
    for (right, room), number in zip(_COLUMNS, numbers, strict=True):
        write_number(pen, right, top, number, room, style)
