"""A4 paper and the pen that writes on it.

Positions are whole points (1/72 inch) from the left and the top edge of the
page. A window envelope shows the recipient where its country expects it: right
for Swiss bills (SN 010130, C5 and C5/6 with a window of 100 × 45 mm, 12 mm from
the right), left elsewhere (DIN 5008 form B). The address stays inside what the
window shows however far the sheet slides in its envelope.
"""

from dataclasses import dataclass

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm as _millimetre
from reportlab.pdfgen.canvas import Canvas

from .fonts import BOLD, REGULAR


def mm(length: int) -> int:
    """Return millimetres in whole points."""
    return round(length * _millimetre)


PAGE_WIDTH, PAGE_HEIGHT = round(A4[0]), round(A4[1])
LEFT, RIGHT = mm(25), PAGE_WIDTH - mm(20)
WIDTH = RIGHT - LEFT
TOP, BOTTOM = mm(32), PAGE_HEIGHT - mm(20)
"""Where the text of a further page begins, and where that of every page ends."""
FIRST_TOP = mm(94)
"""Where the text of the first page begins, below address and particulars."""

INK, SOFT, RULE, TINT = "#1b1f24", "#5a626c", "#c5ccd3", "#eff3f6"
COMMUNITY, GRID = "#0f5c73", "#efbf5f"
"""Told apart by lightness alone, so also by colour-blind eyes and in grey print."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a text looks."""

    size: int
    face: str = REGULAR
    colour: str = INK

    @property
    def leading(self) -> int:
        """The distance of two lines."""
        return self.size * 4 // 3 + 1

    @property
    def baseline(self) -> int:
        """How far below a line's top its letters stand."""
        return self.leading - self.size // 3


TITLE = Style(22, BOLD)
HEADING = Style(10, BOLD)
BODY = Style(10)
STRONG = Style(10, BOLD)
NOTE = Style(9)
SMALL = Style(8, colour=SOFT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Where the recipient and the invoice's particulars stand."""

    address: tuple[int, int]
    """Left and top of the address; the sender stands in a line above it."""
    address_size: tuple[int, int]
    particulars: tuple[int, int]
    particulars_width: int
    folds: tuple[int, ...]
    """Where the sheet is folded, from its top."""


SWISS = Window(
    address=(mm(118), mm(57)),
    address_size=(RIGHT - mm(118), mm(26)),
    particulars=(LEFT, mm(53)),
    particulars_width=mm(86),
    folds=(PAGE_HEIGHT // 2,),
)
DIN = Window(
    address=(mm(25), mm(63)),
    address_size=(mm(78), mm(27)),
    particulars=(mm(122), mm(50)),
    particulars_width=RIGHT - mm(122),
    folds=(mm(105), mm(210)),
)


def window(currency: str) -> Window:
    """Return the window that envelopes have where a currency is paid with."""
    return SWISS if currency == "CHF" else DIN


class Pen:
    """Writes and draws on the canvas, counting from the top."""

    def __init__(self, canvas: Canvas) -> None:
        """Hold the canvas to write on."""
        self._canvas = canvas

    def write(self, x: int, top: int, text: str, style: Style) -> None:
        """Write a line whose leading begins at `top`."""
        self._ready(style)
        self._canvas.drawString(x, PAGE_HEIGHT - top - style.baseline, text)

    def write_right(self, right: int, top: int, text: str, style: Style) -> None:
        """Write a line that ends at `right`."""
        self._ready(style)
        self._canvas.drawRightString(right, PAGE_HEIGHT - top - style.baseline, text)

    def box(self, x: int, top: int, width: int, height: int, colour: str) -> None:
        """Fill a rectangle."""
        self._canvas.setFillColor(HexColor(colour))
        self._canvas.rect(x, PAGE_HEIGHT - top - height, width, height, 0, 1)

    def rule(self, x: int, top: int, width: int, colour: str = RULE) -> None:
        """Draw a fine horizontal line."""
        self._canvas.setStrokeColor(HexColor(colour))
        self._canvas.setLineWidth(_millimetre / 5)
        self._canvas.line(x, PAGE_HEIGHT - top, x + width, PAGE_HEIGHT - top)

    def _ready(self, style: Style) -> None:
        self._canvas.setFont(style.face, style.size)
        self._canvas.setFillColor(HexColor(style.colour))
