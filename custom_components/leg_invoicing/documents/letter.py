"""What stands around the text: sender, recipient, particulars, page numbers."""

from collections.abc import Iterator
from datetime import timedelta

from ..billing.invoices import Invoice
from .flow import write_lines
from .fonts import BOLD
from .paper import (
    BODY,
    LEFT,
    NOTE,
    PAGE_HEIGHT,
    RIGHT,
    SMALL,
    SOFT,
    WIDTH,
    Pen,
    Style,
    Window,
    mm,
    window,
)
from .typesetting import fitted
from .wording import Wording

_NAME = Style(15, BOLD)
_SENDER_LINE = Style(7, colour=SOFT)
_LABEL = Style(NOTE.size, colour=SOFT)
_LABEL_WIDTH = mm(31)


def draw_first_page(pen: Pen, invoice: Invoice, wording: Wording) -> None:
    """Draw everything above the title, and the marks for folding."""
    place = window(invoice.letterhead.currency)
    _draw_sender(pen, invoice)
    _draw_recipient(pen, invoice, place)
    _draw_particulars(pen, invoice, wording)
    for fold in place.folds:
        pen.rule(mm(4), fold, mm(4))


def draw_further_page(pen: Pen, invoice: Invoice, wording: Wording) -> None:
    """Say at a further page's head which document it belongs to."""
    half = WIDTH // 2 - mm(3)
    height = SMALL.leading * 2
    name = fitted([invoice.recipient.name], (half, height), SMALL)
    number = f"{title(invoice, wording)} {invoice.invoice_id}"
    write_lines(pen, LEFT, mm(18), fitted([number], (half, height), SMALL))
    write_lines(pen, LEFT + WIDTH // 2, mm(18), name)
    pen.rule(LEFT, mm(18) + height + 2, WIDTH)


def draw_foot(
    pen: Pen, invoice: Invoice, wording: Wording, page: int, of_pages: int
) -> None:
    """Draw the community's name and the page's number."""
    top = PAGE_HEIGHT - mm(15)
    room = (WIDTH - mm(40), SMALL.leading)
    community = fitted([invoice.letterhead.community_name], room, SMALL)
    write_lines(pen, LEFT, top, community)
    number = wording.texts.page.format(page=page, pages=of_pages)
    pen.write_right(RIGHT, top, number, SMALL)


def title(invoice: Invoice, wording: Wording) -> str:
    """Return what kind of document it is: who owes whom decides."""
    owed_by_community = invoice.statement.total.ct < 0
    return wording.texts.credit if owed_by_community else wording.texts.invoice


def _draw_sender(pen: Pen, invoice: Invoice) -> None:
    community = invoice.letterhead.community_name
    name = fitted([community], (WIDTH, mm(14)), _NAME)
    write_lines(pen, LEFT, mm(15), name)
    address = fitted([_sender(invoice)], (WIDTH, mm(10)), SMALL)
    write_lines(pen, LEFT, mm(15) + name.height + 2, address)


def _sender(invoice: Invoice) -> str:
    issuer = invoice.letterhead.issuer
    contact = (issuer.email,) if issuer.email else ()
    return " · ".join((issuer.name, *issuer.address, *contact))


def _draw_recipient(pen: Pen, invoice: Invoice, place: Window) -> None:
    x, top = place.address
    width, _ = place.address_size
    issuer = invoice.letterhead.issuer
    sender = ", ".join((issuer.name, *issuer.address))
    line = fitted([sender], (width, _SENDER_LINE.leading), _SENDER_LINE)
    write_lines(pen, x, top - _SENDER_LINE.leading - 2, line)
    pen.rule(x, top - 1, width)
    recipient = invoice.recipient
    address = fitted((recipient.name, *recipient.address), place.address_size, BODY)
    write_lines(pen, x, top + 2, address)


def _particulars(invoice: Invoice, wording: Wording) -> Iterator[tuple[str, str, int]]:
    """Yield what to print: label, value, and how many lines the value may take."""
    texts, statement, period = wording.texts, invoice.statement, invoice.period
    yield texts.number, invoice.invoice_id, 1
    yield texts.issued, wording.day(invoice.issued_on), 1
    yield texts.due, wording.day(invoice.due_on), 1
    days = wording.days(statement.first, statement.end - timedelta(days=1))
    yield texts.settled, f"{days} ({invoice.letterhead.timezone})", 2
    if (statement.first, statement.end) != (period.first, period.end):
        yield texts.period, wording.days(period.first, period.last), 2
    houses = dict.fromkeys(
        f"{part.house_name} ({part.statement.agreement.house_id})"
        for part in invoice.by_house
    )
    yield texts.house, ", ".join(houses), 2


def _draw_particulars(pen: Pen, invoice: Invoice, wording: Wording) -> None:
    place = window(invoice.letterhead.currency)
    x, top = place.particulars
    width = place.particulars_width - _LABEL_WIDTH
    for label, text, lines in _particulars(invoice, wording):
        value = fitted([text], (width, lines * NOTE.leading), NOTE)
        pen.write(x, top, label, _LABEL)
        write_lines(pen, x + _LABEL_WIDTH, top, value)
        top += max(value.height, _LABEL.leading) + 2
