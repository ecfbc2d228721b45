"""An invoice as PDF: the same file every time, complete in itself."""

from dataclasses import replace
import io
import os
from pathlib import Path
import subprocess
import sys

from pypdf import PdfReader
import pytest

from custom_components.leg_invoicing.billing.invoice_records import (
    invoice_from_record,
    invoice_record,
)
from custom_components.leg_invoicing.billing.invoices import InvoiceStatus
from custom_components.leg_invoicing.documents.pdf import render_pdf

from .months import addressed, credit, invoice, issued

ROOT = Path(__file__).resolve().parents[2]


def test_same_bytes_in_one_process() -> None:
    """The same invoice gives the same bytes, whatever is printed in between."""
    first = render_pdf(invoice())
    render_pdf(addressed(credit(), name="Łukasz Šimić", language="fr"))
    assert render_pdf(invoice()) == first


def test_same_bytes_in_every_process() -> None:
    """Neither the order of hashes nor the time zone of the machine shows."""
    program = (
        "import hashlib, sys\n"
        f"sys.path.insert(0, {str(ROOT)!r})\n"
        "from script.settle_lib import pure_wings\n"
        "from script.specimen import specimen_pdf\n"
        "print(hashlib.sha256(specimen_pdf()).hexdigest())\n"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": language},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed, zone, language in (
            ("1", "Pacific/Auckland", "C.UTF-8"),
            ("2", "America/St_Johns", "de_CH.UTF-8"),
        )
    }
    assert len(digests) == 1


def test_same_bytes_from_the_books() -> None:
    """An invoice that went through the books and back is printed the same."""
    one = invoice(gap=53)
    again = invoice_from_record(invoice_record(one))
    assert render_pdf(again) == render_pdf(one)


def test_payment_changes_nothing() -> None:
    """What happens to an invoice after it was issued is not printed on it."""
    paid = replace(invoice(), status=InvoiceStatus.PAID)
    assert render_pdf(paid) == render_pdf(invoice())


def test_different_invoices_differ() -> None:
    """A document's id follows from its contents."""
    one, other = (PdfReader(io.BytesIO(render_pdf(i))) for i in issued())
    assert one.trailer["/ID"] != other.trailer["/ID"]
    assert one.trailer["/ID"][0] == one.trailer["/ID"][1]


def test_properties_of_the_file() -> None:
    """The file says what it is, by whom, in which language, dated on its day of issue."""
    reader = PdfReader(io.BytesIO(render_pdf(invoice())))
    assert reader.metadata.title == "Rechnung INV-2026-001"
    assert reader.metadata.author == "Verein LEG Sonnenhof"
    assert reader.metadata.subject == "1.–31. Jan. 2026"
    assert reader.metadata.creator == "LEG Invoicing"
    for key in ("/CreationDate", "/ModDate"):
        assert reader.metadata[key] == "D:20260203000000+00'00'"
    assert reader.trailer["/Root"]["/Lang"] == "de-CH"
    assert reader.pages[0].mediabox[2:] == pytest.approx([595.28, 841.89], abs=0.01)


def test_fonts_are_embedded() -> None:
    """A printer needs no font of its own."""
    (page,) = PdfReader(io.BytesIO(render_pdf(invoice()))).pages
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert len(fonts) == 2
    assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts)
