"""File names of documents.

A name begins with the invoice's number, so that files sort as they were issued,
and ends with the house, so that a person finds theirs. Names of people stay out
of it: file names travel further than files.
"""

import re

from ..billing.invoices import Invoice

_UNSAFE = re.compile(r"[^A-Za-z0-9_-]")
_SUFFIX = re.compile(r"[a-z0-9]+")
_LONGEST_PART = 80


def document_name(invoice: Invoice, suffix: str) -> str:
    """Return `INV-2026-001_house_1.pdf` for the suffix `pdf`.

    Whatever the ids hold, the name has no folder in it and suits every file
    system. Raises ValueError for a suffix that is none.
    """
    if not _SUFFIX.fullmatch(suffix):
        raise ValueError(f"{suffix!r} is not a file name's suffix")
    house_id = invoice.statement.agreement.house_id
    return f"{_part(invoice.invoice_id)}_{_part(house_id)}.{suffix}"


def _part(text: str) -> str:
    return _UNSAFE.sub("_", text)[:_LONGEST_PART]
