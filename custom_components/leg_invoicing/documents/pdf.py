"""An invoice as PDF.

The same invoice gives the same bytes. Dates inside the file are the day of
issue, its id follows from its contents, and what happens to an invoice later (its
status) is not printed, so an issued document can be made again at any time.
"""

from collections.abc import Iterator
import io

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from ..billing.invoices import Invoice
from .balance import balance_blocks
from .benefits import benefit_blocks
from .evidence import quality_blocks, register_blocks
from .flow import Block, pages, text_block
from .fonts import REGULAR, printable
from .letter import draw_first_page, draw_foot, draw_further_page, title
from .line_table import line_blocks
from .paper import BODY, HEADING, LEFT, TITLE, WIDTH, Pen, mm
from .payment import payment_block
from .session_table import session_blocks
from .typesetting import wrapped
from .wording import Wording, wording_for


def render_pdf(invoice: Invoice) -> bytes:
    """Return the invoice as a PDF in the recipient's language.

    One at a time: a face remembers where it is reading while letters are embedded,
    and all documents share it.
    """
    wording = wording_for(invoice.letterhead, invoice.recipient.language)
    buffer = io.BytesIO()
    canvas = _canvas(buffer, invoice, wording)
    pen = Pen(canvas)
    laid = pages(_blocks(invoice, wording))
    for number, page in enumerate(laid, start=1):
        draw_head = draw_first_page if number == 1 else draw_further_page
        draw_head(pen, invoice, wording)
        for top, block in page:
            block.draw(pen, top)
        draw_foot(pen, invoice, wording, number, len(laid))
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _blocks(invoice: Invoice, wording: Wording) -> Iterator[Block]:
    heading = wrapped(title(invoice, wording), WIDTH, TITLE)
    yield text_block(LEFT, heading, below=mm(3), with_next=True)
    if invoice.statement.agreement.vacancy and not invoice.parts:
        vacancy = wrapped(wording.texts.vacancy, WIDTH, BODY)
        yield text_block(LEFT, vacancy, below=mm(3), with_next=True)
    yield from line_blocks(invoice, wording)
    yield payment_block(invoice, wording)
    yield from balance_blocks(invoice, wording)
    yield from benefit_blocks(invoice, wording)
    for part in invoice.by_house:
        if invoice.parts:
            name = wrapped(part.house_name, WIDTH, HEADING)
            yield text_block(LEFT, name, below=mm(2), with_next=True)
        yield from session_blocks(part, wording)
        yield from register_blocks(part, wording)
        yield from quality_blocks(part, wording)


def _canvas(buffer: io.BytesIO, invoice: Invoice, wording: Wording) -> Canvas:
    canvas = Canvas(
        buffer,
        pagesize=A4,
        pageCompression=1,
        invariant=1,
        initialFontName=REGULAR,  # type: ignore[arg-type] # the stub asks for a number
        lang=str(wording.locale).replace("_", "-"),
    )
    # Invariant documents are all of the year 2000 unless told otherwise.
    issued = f"D:{invoice.issued_on:%Y%m%d}000000+00'00'"
    canvas.setDateFormatter(lambda *_invariant: issued)
    canvas.setTitle(f"{title(invoice, wording)} {printable(invoice.invoice_id)}")
    canvas.setAuthor(printable(invoice.letterhead.issuer.name))
    canvas.setSubject(wording.days(invoice.period.first, invoice.period.last))
    canvas.setCreator("LEG Invoicing")
    return canvas
