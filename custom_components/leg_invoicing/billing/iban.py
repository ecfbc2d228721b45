"""International bank account numbers.

ISO 13616: two letters for the country, two check digits, up to thirty letters and
digits. With the first four characters moved to the end and each letter written as
a number (A = 10 … Z = 35), the whole leaves a remainder of 1 when divided by 97;
that finds every single wrong character and nearly every swap of two.
"""

import re

_FORM = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", re.ASCII)


class IbanError(ValueError):
    """The text is not an account number: mistyped, cut short, or something else."""


def compact_iban(text: str) -> str:
    """Return an IBAN in capitals and without spaces.

    Raises IbanError when it has a wrong form or wrong check digits.
    """
    iban = "".join(text.split()).upper()
    if not _FORM.fullmatch(iban):
        raise IbanError(f"{text}: this is not the form of an IBAN")
    number = "".join(str(int(character, 36)) for character in iban[4:] + iban[:4])
    if int(number) % 97 != 1:
        raise IbanError(f"{text}: the check digits are wrong")
    return iban
