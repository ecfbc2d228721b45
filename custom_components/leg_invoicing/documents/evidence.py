"""Where the numbers come from: registers, quality of the data, findings."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from zoneinfo import ZoneInfo

from ..billing.calendar import local_date
from ..billing.energy import Energy
from ..billing.findings import Finding
from ..billing.invoices import Invoice, RegisterChange, RegisterReadings
from ..billing.money import Money
from ..billing.quality import tenths_of_percent
from ..billing.rounding import EXACT
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
        (register, name, start, end)
        for register, name, start, end in (
            (
                "import",
                texts.import_register,
                registers.import_start,
                registers.import_end,
            ),
            (
                "export",
                texts.export_register,
                registers.export_start,
                registers.export_end,
            ),
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
    for register, name, *shown in rows:
        numbers = (*(_shown(energy, registers, wording) for energy in shown),)
        counted = _number(registers.difference(register), wording)
        times = _times(registers.constant, wording)
        yield _row((f"{name}{times}", *numbers, counted), NOTE, with_next=True)
        for change in registers.changes_of(register):
            yield _change(change, invoice, wording)
    yield space(mm(4))


def _shown(energy: Energy | None, registers: RegisterReadings, wording: Wording) -> str:
    """Return what the meter itself shows: its constant stands beside it."""
    if energy is None or registers.constant == 1:
        return _number(energy, wording)
    return wording.kwh(Energy.from_kwh(EXACT.divide(energy.kwh, registers.constant)))


def _number(energy: Energy | None, wording: Wording) -> str:
    return _UNKNOWN if energy is None else wording.kwh(energy)


def _times(constant: Decimal, wording: Wording) -> str:
    """Return what a person multiplies the difference of two readings by."""
    return f" × {wording.factor(constant)}" if constant != 1 else ""


def _change(change: RegisterChange, invoice: Invoice, wording: Wording) -> Block:
    """Return where another meter went on."""
    day = local_date(change.at, ZoneInfo(invoice.letterhead.timezone))
    final, first = (
        _shown(energy, invoice.registers, wording)
        for energy in (change.final, change.first)
    )
    text = wording.texts.meter_changed.format(
        date=wording.short_day(day), final=final, first=first
    )
    return text_block(LEFT, wrapped(text, WIDTH, SMALL), below=2, with_next=True)


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
    text = texts.findings[finding.code].format_map(_details(finding, wording))
    if meters := finding.details.get("meters"):
        text = f"{meters}: {text}"
    if finding.span is not None:
        start, end = finding.span.start, finding.span.end
        text = f"{wording.moments(start, end)}: {text}"
    extent = []
    if finding.intervals:
        extent.append(texts.affected.format(count=wording.count(finding.intervals)))
    if finding.energy:
        extent.append(wording.kwh_with_unit(finding.energy))
    return f"{text} ({'; '.join(extent)})" if extent else text


def _details(finding: Finding, wording: Wording) -> Mapping[str, str]:
    """Return the energies and amounts that a finding's sentence names."""
    details = {
        name: write(Decimal(value))
        for name, value in finding.details.items()
        for ending, write in _written(wording).items()
        if name.endswith(ending)
    }
    return defaultdict(lambda: _UNKNOWN, details)


def _written(wording: Wording) -> Mapping[str, Callable[[Decimal], str]]:
    """Return how details are written, by how their names end."""
    return {
        "_kwh": lambda kwh: wording.kwh(Energy.from_kwh(kwh)),
        "_ct": lambda ct: wording.amount_with_currency(Money(ct)),
        "percent": wording.factor,
    }
