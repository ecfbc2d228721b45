"""Where the numbers come from: registers, quality of the data, findings."""

from collections.abc import Iterator, Sequence

from ..billing.energy import Energy
from ..billing.findings import Finding
from ..billing.invoices import Invoice
from ..billing.quality import tenths_of_percent
from .flow import Block, space, text_block, write_number
from .paper import HEADING, LEFT, NOTE, RIGHT, SMALL, WIDTH, Pen, Style, mm
from .typesetting import wrapped
from .wording import Wording

_UNKNOWN = "–"
_COLUMN = mm(40)
_COLUMNS = (RIGHT - 2 * _COLUMN, RIGHT - _COLUMN, RIGHT)


def register_blocks(invoice: Invoice, wording: Wording) -> Iterator[Block]:
    """Yield the registers at both edges, where at least one of them is known."""
    texts, registers = wording.texts, invoice.registers
    rows = [
        (name, start, end)
        for name, start, end in (
            (texts.import_register, registers.import_start, registers.import_end),
            (texts.export_register, registers.export_start, registers.export_end),
        )
        if start is not None or end is not None
    ]
    if not rows:
        return
    statement = invoice.statement
    edges = (wording.short_day(statement.first), wording.short_day(statement.end))
    midnights = (texts.at.format(date=day) for day in edges)
    heading = wrapped(texts.registers, WIDTH, HEADING)
    yield text_block(LEFT, heading, below=2, with_next=True)
    yield _row(("", *midnights, texts.difference), SMALL, with_next=True)
    for name, start, end in rows:
        yield _row((name, *_numbers(start, end, wording)), NOTE, with_next=True)
    yield space(mm(4))


def _numbers(
    start: Energy | None, end: Energy | None, wording: Wording
) -> Iterator[str]:
    difference = end - start if start is not None and end is not None else None
    for energy in (start, end, difference):
        yield _UNKNOWN if energy is None else wording.kwh(energy)


def _row(cells: Sequence[str], style: Style, *, with_next: bool) -> Block:
    name, *numbers = cells

    def draw(pen: Pen, top: int) -> None:
        pen.write(LEFT, top, name, style)
        for right, number in zip(_COLUMNS, numbers, strict=True):
            write_number(pen, right, top, number, _COLUMN - mm(3), style)
        pen.rule(LEFT, top + style.leading + 2, WIDTH)

    return Block(height=style.leading + 4, draw=draw, with_next=with_next)


def quality_blocks(invoice: Invoice, wording: Wording) -> Iterator[Block]:
    """Yield how far the numbers can be trusted: a sentence, and what was found."""
    heading = wrapped(wording.texts.quality, WIDTH, HEADING)
    yield text_block(LEFT, heading, below=2, with_next=True)
    found = (_sentence(finding, wording) for finding in invoice.findings)
    for sentence in (_shares(invoice, wording), *found):
        yield text_block(LEFT, wrapped(sentence, WIDTH, NOTE), below=3)


def _shares(invoice: Invoice, wording: Wording) -> str:
    texts, intervals = wording.texts, invoice.statement.intervals
    shares = ", ".join(
        f"{wording.percent(tenths)} {texts.qualities[quality]}"
        f" ({wording.count(intervals[quality])})"
        for quality, tenths in tenths_of_percent(intervals).items()
    )
    count = wording.count(sum(intervals.values()))
    return texts.shares.format(shares=shares, count=count)


def _sentence(finding: Finding, wording: Wording) -> str:
    """Return when it was, what it was, and how much was affected."""
    texts = wording.texts
    text = texts.findings[finding.code]
    if finding.span is not None:
        start, end = finding.span.start, finding.span.end
        text = f"{wording.moments(start, end)}: {text}"
    extent = []
    if finding.intervals:
        extent.append(texts.affected.format(count=wording.count(finding.intervals)))
    if finding.energy:
        extent.append(wording.kwh_with_unit(finding.energy))
    return f"{text} ({'; '.join(extent)})" if extent else text
