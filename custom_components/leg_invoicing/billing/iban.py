"""International bank account numbers.

ISO 13616: two letters for the country, two check digits, up to thirty letters and
digits. With the first four characters moved to the end and each letter written as
a number (A = 10 … Z = 35), the whole leaves a remainder of 1 when divided by 97;
that finds every single wrong character and nearly every swap of two.
"""

import re

from .reasons import ReasonedError, writing as because

_FORM = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", re.ASCII)


class IbanError(ReasonedError):
    """The text is not an account number: mistyped, cut short, or something else."""


def compact_iban(text: str) -> str:
    """Return an IBAN in capitals and without spaces.

    Raises IbanError when it has a wrong form or wrong check digits.
    """
    iban = "".join(text.split()).upper()
    if not _FORM.fullmatch(iban):
        raise IbanError(because.NO_IBAN(text=text))
    number = "".join(str(int(character, 36)) for character in iban[4:] + iban[:4])
    if int(number) % 97 != 1:
        raise IbanError(because.WRONG_IBAN(text=text))
    return iban
