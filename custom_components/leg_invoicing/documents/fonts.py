"""The typeface of documents, and what it can print.

IBM Plex Sans comes with the integration because what comes with reportlab cannot
write our neighbours' names: the base fonts know western Europe only, and Vera
lacks Polish, Czech, Hungarian, Romanian, Greek and Cyrillic letters. Plex has all
of them, and digits of equal width. A character beyond that is never lost without
a trace: it is printed as a replacement character.
"""

import io
from math import ceil
import pkgutil
import unicodedata

from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont

REGULAR, BOLD = "LEG-Plex-Regular", "LEG-Plex-SemiBold"
_FILES = {
    REGULAR: "fonts/IBMPlexSans-Regular.ttf",
    BOLD: "fonts/IBMPlexSans-SemiBold.ttf",
}
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_SPACES = frozenset({"Cc", "Zl", "Zp"})


def _face(name: str) -> TTFont:
    # The files are part of the program, so they are loaded the way its code is.
    data = pkgutil.get_data(__package__, _FILES[name])
    font = TTFont(name, io.BytesIO(data or b""))
    registerFont(font)
    return font


# Loaded with the module, which happens once: two threads that print their first
# invoices at the same time must not have a face replaced under their hands.
FACES = {name: _face(name) for name in _FILES}


def width(text: str, name: str, size: int) -> int:
    """Return the width of a text in whole points, rounded up."""
    return ceil(FACES[name].stringWidth(text, size))


def printable(text: str) -> str:
    """Return what is printed for a text: the same, wherever the face allows.

    Controls, such as line breaks, become spaces; joiners and other characters
    that have no look of their own are left out.
    """
    return "".join(map(_printable, unicodedata.normalize("NFC", text)))


def _printable(char: str) -> str:
    category = unicodedata.category(char)
    if category in _SPACES:
        return " "
    if category == "Cf" or unicodedata.name(char, "").startswith("VARIATION SELECTOR"):
        return ""
    return char if ord(char) in FACES[REGULAR].face.charToGlyph else _REPLACEMENT
