"""Blocks that follow one another down the pages.

A block is drawn on one page, whole. Blocks that belong together (a heading and
what it is about) stay together; the head of a table is drawn again on each page
the table continues on.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from .paper import BOTTOM, FIRST_TOP, TOP, Pen, Style
from .typesetting import Paragraph, shrunk

type Draw = Callable[[Pen, int], None]
"""Draws at a distance from the page's top."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Something of a known height."""

    height: int
    draw: Draw
    with_next: bool = False
    """It does not stand alone at the end of a page."""
    head: Block | None = None
    """Drawn first where the block begins a page."""


type Page = list[tuple[int, Block]]
"""Blocks and their tops."""


def pages(blocks: Iterable[Block]) -> list[Page]:
    """Lay blocks on as many pages as they need."""
    laid: list[Page] = [[]]
    top = FIRST_TOP
    for group in _groups(blocks):
        if top + _height(group) > BOTTOM:
            laid.append([])
            top = TOP
            head = group[0].head
            group[:0] = [head] if head else []
        for block in group:
            laid[-1].append((top, block))
            top += block.height
    return laid


def _height(group: Iterable[Block]) -> int:
    return sum(block.height for block in group)


def _groups(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    """Yield blocks that stay together."""
    group = []
    for block in blocks:
        group.append(block)
        if not block.with_next:
            yield group
            group = []


def text_block(
    x: int, paragraph: Paragraph, *, below: int = 0, with_next: bool = False
) -> Block:
    """Return a paragraph as a block, with some room below it."""

    def draw(pen: Pen, top: int) -> None:
        write_lines(pen, x, top, paragraph)

    return Block(height=paragraph.height + below, draw=draw, with_next=with_next)


def space(height: int) -> Block:
    """Return room in which nothing stands."""
    return Block(height=height, draw=lambda _pen, _top: None)


def write_lines(pen: Pen, x: int, top: int, paragraph: Paragraph) -> None:
    """Write a paragraph's lines below one another."""
    for i, line in enumerate(paragraph.lines):
        pen.write(x, top + i * paragraph.style.leading, line, paragraph.style)


def write_number(
    pen: Pen, right: int, top: int, number: str, room: int, style: Style
) -> None:
    """Write a number that ends at `right`, smaller where it needs more room."""
    smaller = shrunk(number, room, style)
    pen.write_right(right, top + style.baseline - smaller.baseline, number, smaller)
