"""The list of charging sessions, the first ones of very many."""

from collections.abc import Iterator

from ..billing.energy import Energy
from ..billing.invoices import Invoice
from ..billing.sessions import Session
from .flow import Block, space, text_block, write_lines, write_number
from .paper import HEADING, LEFT, NOTE, RIGHT, WIDTH, Pen, mm
from .typesetting import wrapped
from .wording import Wording

_MOST = 60
"""How many sessions stand there one by one."""
_ENERGY = mm(30)


def session_blocks(invoice: Invoice, wording: Wording) -> Iterator[Block]:
    """Yield a row for each session; nothing where nobody charged."""
    sessions = invoice.statement.sessions
    if not sessions:
        return
    heading = wrapped(wording.texts.sessions, WIDTH, HEADING)
    yield text_block(LEFT, heading, below=2, with_next=True)
    for session in sessions[:_MOST]:
        yield _row(_described(session, wording), session.energy, wording)
    if further := sessions[_MOST:]:
        count = wording.count(len(further))
        text = wording.texts.further_sessions.format(count=count)
        yield _row(text, Energy.total(s.energy for s in further), wording)
    yield space(mm(4))


def _described(session: Session, wording: Wording) -> str:
    when = wording.moments(session.span.start, session.span.end)
    return ", ".join(part for part in (when, session.meter, session.user) if part)


def _row(text: str, energy: Energy, wording: Wording) -> Block:
    paragraph = wrapped(text, WIDTH - _ENERGY, NOTE)
    kwh = wording.kwh_with_unit(energy)

    def draw(pen: Pen, top: int) -> None:
        write_lines(pen, LEFT, top, paragraph)
        write_number(pen, RIGHT, top, kwh, _ENERGY - mm(2), NOTE)
        pen.rule(LEFT, top + paragraph.height + 2, WIDTH)

    return Block(height=paragraph.height + 4, draw=draw)
