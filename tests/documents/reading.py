"""Read what stands on a PDF's pages."""

from collections.abc import Iterator
from decimal import Decimal
import re

import pypdfium2

_SPACES = re.compile("[\N{NO-BREAK SPACE}\N{THIN SPACE} ]+")
_AMOUNT = re.compile("−?[0-9][0-9’.,\N{NARROW NO-BREAK SPACE}]*[.,][0-9]{2}$")

type Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""


def pages(pdf: bytes) -> list[list[str]]:
    """Return the lines of each page, with plain single spaces."""
    texts = (
        page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)
    )
    return [
        [_SPACES.sub(" ", line).strip() for line in text.splitlines()] for text in texts
    ]


def lines(pdf: bytes) -> list[str]:
    """Return the lines of all pages."""
    return [line for page in pages(pdf) for line in page]


def after(pdf: bytes, label: str) -> str:
    """Return the rest of the first line that begins with a label."""
    return next(
        line.removeprefix(label).strip()
        for line in lines(pdf)
        if line.startswith(label)
    )


def amount(text: str) -> Decimal:
    """Return the amount at the end of a line, its last mark being the point."""
    digits = _AMOUNT.search(text).group().replace("−", "-")
    whole, cents = digits[:-3], digits[-2:]
    return Decimal(re.sub("[^-0-9]", "", whole) + "." + cents)


def boxes(pdf: bytes) -> Iterator[list[tuple[str, Box]]]:
    """Yield every visible character with its place, page by page."""
    for page in pypdfium2.PdfDocument(pdf):
        text = page.get_textpage()
        yield [
            (char, text.get_charbox(i))
            for i in range(text.count_chars())
            if (char := text.get_text_range(i, 1)).strip()
        ]


def overlaps(pdf: bytes) -> list[str]:
    """Return the characters that stand on one another, a few at least."""
    found = []
    for page in boxes(pdf):
        by_left = sorted(page, key=lambda placed: placed[1][0])
        for i, (char, box) in enumerate(by_left):
            for other, next_box in by_left[i + 1 : i + 200]:
                if next_box[0] >= box[2]:
                    break
                if _overlap(box, next_box):
                    found.append(char + other)
    return found


def _overlap(a: Box, b: Box) -> bool:
    """Tell whether two boxes share more than a hair."""
    across = min(a[2], b[2]) - max(a[0], b[0])
    along = min(a[3], b[3]) - max(a[1], b[1])
    return across > 1 and along > 1
