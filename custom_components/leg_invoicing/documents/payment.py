"""What to do with the total: pay it, receive it, or nothing."""

from ..billing.invoices import Invoice
from ..billing.money import NO_MONEY
from .flow import Block, write_lines
from .fonts import BOLD
from .paper import (
    COMMUNITY,
    HEADING,
    LEFT,
    NOTE,
    RIGHT,
    SOFT,
    TINT,
    WIDTH,
    Pen,
    Style,
    mm,
)
from .texts import Texts
from .typesetting import Paragraph, fitted, shrunk, wrapped
from .wording import Wording

_NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
_AMOUNT = Style(17, BOLD)
_AMOUNT_WIDTH = mm(48)
_LABEL = Style(NOTE.size, colour=SOFT)
_LABEL_WIDTH = mm(26)
_PADDING, _PADDING_ABOVE = mm(4), mm(3)
_MOST_LINES = 5
"""However long the payee's name is, the box stays on its page."""
_ROOM = WIDTH - _AMOUNT_WIDTH - 3 * _PADDING

type Rows = list[tuple[str, str]]
"""Labels and values; a sentence has no label, and the whole width."""


def payment_block(invoice: Invoice, wording: Wording) -> Block:
    """Return the tinted box with the amount and where it goes."""
    title, rows = _payment(invoice, wording)
    total = invoice.statement.total
    amount = wording.amount_with_currency(max(total, -total))
    style = shrunk(amount, _AMOUNT_WIDTH, _AMOUNT)
    heading = wrapped(title, _ROOM, HEADING)
    values = [_value(label, text) for label, text in rows]
    heights = [max(value.height, NOTE.leading) for value in values]
    height = heading.height + 2 + sum(heights) + 2 * _PADDING_ABOVE

    def draw(pen: Pen, top: int) -> None:
        pen.box(LEFT, top, WIDTH, height, TINT)
        pen.box(LEFT, top, mm(1), height, COMMUNITY)
        middle = top + (height - style.leading) // 2
        left, top = LEFT + _PADDING, top + _PADDING_ABOVE
        write_lines(pen, left, top, heading)
        top += heading.height + 2
        for (label, _), value, row in zip(rows, values, heights, strict=True):
            pen.write(left, top, label, _LABEL)
            write_lines(pen, left + _ROOM - _value_room(label), top, value)
            top += row
        pen.write_right(RIGHT - _PADDING, middle, amount, style)

    return Block(height=height + mm(4), draw=draw)


def _value(label: str, text: str) -> Paragraph:
    room = (_value_room(label), _MOST_LINES * NOTE.leading)
    return fitted([text], room, NOTE)


def _value_room(label: str) -> int:
    return _ROOM - _LABEL_WIDTH if label else _ROOM


def _payment(invoice: Invoice, wording: Wording) -> tuple[str, Rows]:
    """Return what the reader is asked for: in a few words, and in detail."""
    texts, total = wording.texts, invoice.statement.total
    due = wording.day(invoice.due_on)
    if total > NO_MONEY:
        return texts.to_pay.format(due=due), _where_to_pay(invoice, texts)
    if total < NO_MONEY:
        iban = invoice.recipient.iban
        sentence = (
            texts.receive_on.format(iban=_grouped(iban))
            if iban
            else texts.receive_unknown
        )
        return texts.to_receive.format(due=due), [("", sentence)]
    return texts.nothing_due, [("", texts.nothing_to_do)]


def _where_to_pay(invoice: Invoice, texts: Texts) -> Rows:
    issuer, number = invoice.letterhead.issuer, invoice.invoice_id
    if not issuer.iban:
        return [("", texts.pay_unknown.format(name=issuer.name, number=number))]
    return [
        (texts.account, _grouped(issuer.iban)),
        (texts.payee, issuer.name),
        (texts.reference, number),
    ]


def _grouped(iban: str) -> str:
    """Write an IBAN in groups of four that stay on one line."""
    bare = iban.replace(" ", "")
    return _NO_BREAK_SPACE.join(bare[i : i + 4] for i in range(0, len(bare), 4))
