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

_LONGEST = 60


class NumberError(ReasonedError):
    """The text is not a finite number."""


def decimal_from_text(text: str) -> Decimal:
    """Read a number without losing a digit.

    Zero has no sign, and a number no exponent, however it was written. Raises
    NumberError for anything else: a decimal comma, a group separator, `nan`, `inf`,
    or more than sixty characters, also when it is written out.
    """
    if len(text) <= _LONGEST and _NUMBER.fullmatch(text):
        number = EXACT.add(Decimal(text), Decimal(0))
        if len(f"{number:f}") <= _LONGEST:
            return number
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    raise NumberError(because.NO_NUMBER(text=shown))
