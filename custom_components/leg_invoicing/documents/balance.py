"""The picture of a house's energy: what came from where, and went where.

Both bars have the same scale, so that their lengths can be compared.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..billing.energy import Energy
from ..billing.invoices import Invoice
from ..billing.rounding import apportion, to_whole
from .flow import Block, text_block, write_number
from .fonts import BOLD
from .paper import (
    COMMUNITY,
    GRID,
    HEADING,
    LEFT,
    NOTE,
    RIGHT,
    SMALL,
    WIDTH,
    Pen,
    Style,
    mm,
)
from .typesetting import shrunk, wrapped
from .wording import Wording

_BAR_HEIGHT = mm(4)
_SWATCH = mm(2)
_NAME = Style(NOTE.size, BOLD)


@dataclass(frozen=True, slots=True)
class Bar:
    """One direction of energy in its two parts: community, then grid."""

    name: str
    parts: tuple[Energy, Energy]
    labels: tuple[str, str]

    @property
    def whole(self) -> Energy:
        """What both parts add up to."""
        return Energy.total(self.parts)


def balance_blocks(invoice: Invoice, wording: Wording) -> Iterator[Block]:
    """Yield the picture with its heading, and what the prices make of it."""
    bars = [bar for bar in _bars(invoice, wording) if bar.whole]
    if bars:
        heading = wrapped(wording.texts.balance, WIDTH, HEADING)
        yield text_block(LEFT, heading, below=3, with_next=True)
    for bar in bars:
        yield _bar_block(bar, max(bar.whole for bar in bars), wording)
    note = wrapped(wording.texts.models[invoice.model], WIDTH, SMALL)
    yield text_block(LEFT, note, below=mm(4))


def _bars(invoice: Invoice, wording: Wording) -> tuple[Bar, Bar]:
    texts, energy = wording.texts, invoice.statement.energy
    return (
        Bar(
            texts.consumption,
            (energy.local_import, energy.grid_import),
            (texts.from_community, texts.from_grid),
        ),
        Bar(
            texts.delivery,
            (energy.local_export, energy.grid_export),
            (texts.to_community, texts.to_grid),
        ),
    )


def _bar_block(bar: Bar, longest: Energy, wording: Wording) -> Block:
    mwh = [part.mwh for part in bar.parts]
    # Parts of rounded sums, so that what is printed adds up: kWh and per cent.
    whole = to_whole(bar.whole.kwh.scaleb(1))
    kwh, percent = apportion(whole, mwh), apportion(1000, mwh)
    labels = [
        f"{label}  {wording.about_kwh(part)} · {wording.percent(share)}"
        for label, part, share in zip(bar.labels, kwh, percent, strict=True)
    ]
    total = wording.about_kwh(whole)
    shares = apportion(max(2, WIDTH * bar.whole.mwh // longest.mwh), mwh)

    def draw(pen: Pen, top: int) -> None:
        pen.write(LEFT, top, bar.name, _NAME)
        write_number(pen, RIGHT, top, total, WIDTH - mm(40), _NAME)
        below = top + _NAME.leading + 2
        _draw_bar(pen, below, shares)
        _draw_labels(pen, below + _BAR_HEIGHT + 3, labels)

    height = _NAME.leading + 2 + _BAR_HEIGHT + 3 + NOTE.leading + mm(2)
    return Block(height=height, draw=draw)


def _draw_bar(pen: Pen, top: int, shares: Sequence[int]) -> None:
    x = LEFT
    for share, colour in zip(shares, (COMMUNITY, GRID), strict=True):
        pen.box(x, top, share, _BAR_HEIGHT, colour)
        x += share


def _draw_labels(pen: Pen, top: int, labels: Sequence[str]) -> None:
    half = WIDTH // 2
    for x, colour, label in zip(
        (LEFT, LEFT + half), (COMMUNITY, GRID), labels, strict=True
    ):
        pen.box(x, top + 3, _SWATCH, _SWATCH, colour)
        room = half - 2 * _SWATCH - 4
        pen.write(x + _SWATCH + 4, top, label, shrunk(label, room, NOTE))
