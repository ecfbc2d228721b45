"""Numbers as people and spreadsheets write them, read exactly.

Python's own reading of decimals accepts more than a bill should: `1_000`, digits
of other scripts, infinities. Here a number is digits with at most one decimal
point, and an exponent where a program wrote it (`1e-05`).
"""

from decimal import Decimal
import re

from .reasons import ReasonedError, writing as because
from .rounding import EXACT

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?", re.ASCII)

LONGEST = 60
_NOTHING = Decimal(0)


class NumberError(ReasonedError):
    """The text is not a finite number."""


def decimal_from_text(text: str) -> Decimal:
    """Read a number without losing a digit.

    Zero has no sign, and a number no exponent, however it was written. Raises
    NumberError for anything else: a decimal comma, a group separator, `nan`, `inf`,
    or more than sixty characters.
    """
    match = _NUMBER.fullmatch(text) if len(text) <= LONGEST else None
    if match is not None:
        number = Decimal(text)
        if match[2] is None and text[0] != "-":
            return number
        return EXACT.add(number, _NOTHING)
    shown = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    raise NumberError(because.NO_NUMBER(text=shown))
