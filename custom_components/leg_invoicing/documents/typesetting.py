"""Fit texts into the room there is.

A text is wrapped at spaces, a word that is longer than a line inside itself. What
has a fixed room, such as an address in a window, is set smaller until it fits;
what does not even fit then is cut, and ends in an ellipsis that says so.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from .fonts import printable, width
from .paper import Style

_ELLIPSIS = "…"
_SMALLEST = 5


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines of one style."""

    lines: tuple[str, ...]
    style: Style

    @property
    def height(self) -> int:
        """The height of all lines."""
        return len(self.lines) * self.style.leading


def wrapped(text: str, room: int, style: Style) -> Paragraph:
    """Break a text into as many lines as it needs."""
    return Paragraph(tuple(_lines(printable(text), room, style)), style)


def fitted(texts: Sequence[str], room: tuple[int, int], style: Style) -> Paragraph:
    """Set texts, each on lines of its own, in a room of fixed width and height."""
    width_, height = room
    for size in range(style.size, _SMALLEST - 1, -1):
        smaller = replace(style, size=size)
        paragraph = Paragraph(_all_lines(texts, width_, smaller), smaller)
        if paragraph.height <= height:
            return paragraph
    kept = paragraph.lines[: height // smaller.leading]
    return Paragraph((*kept[:-1], _cut(kept[-1], width_, smaller)), smaller)


def shrunk(text: str, room: int, style: Style) -> Style:
    """Return the style, as much smaller as one line in that width demands."""
    needed = width(text, style.face, style.size)
    if needed <= room:
        return style
    return replace(style, size=max(1, style.size * room // needed))


def _all_lines(texts: Iterable[str], room: int, style: Style) -> tuple[str, ...]:
    return tuple(
        line for text in texts for line in _lines(printable(text), room, style)
    )


def _lines(text: str, room: int, style: Style) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if width(longer, style.face, style.size) <= room:
            line = longer
            continue
        if line:
            yield line
        *full, line = _pieces(word, room, style)
        yield from full
    if line:
        yield line


def _pieces(word: str, room: int, style: Style) -> Iterator[str]:
    """Yield a word in pieces that fit; only a single letter may be too wide."""
    piece = ""
    for letter in word:
        if piece and width(piece + letter, style.face, style.size) > room:
            yield piece
            piece = ""
        piece += letter
    yield piece


def _cut(line: str, room: int, style: Style) -> str:
    while line and width(line + _ELLIPSIS, style.face, style.size) > room:
        line = line[:-1]
    return line + _ELLIPSIS
