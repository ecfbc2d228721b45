"""An invoice as PDF: many lines, long names, uncommon letters."""

from dataclasses import replace
from datetime import date
import io
from typing import Any

from hypothesis import given, settings, strategies as st
from pypdf import PdfReader
import pytest
from reportlab.pdfgen.canvas import Canvas

from custom_components.leg_invoicing.billing.energy import Energy
from custom_components.leg_invoicing.billing.findings import FindingCode
from custom_components.leg_invoicing.billing.invoices import Invoice, RegisterReadings
from custom_components.leg_invoicing.documents.pdf import render_pdf
from custom_components.leg_invoicing.documents.texts import TEXTS

from .months import (
    LETTERHEAD,
    addressed,
    credit,
    from_issuer,
    invoice,
    prices,
    with_findings,
)
from .reading import after, amount, boxes, lines, overlaps, pages

JANUARY = "1-2026-01-01"


def _many_lines() -> Invoice:
    daily = [
        prices(date(2026, 1, d), "20", str(20 + d), "6", "30") for d in range(1, 32)
    ]
    return addressed(invoice(versions=daily, exported=(20_000, 45_037)), language="en")


def test_many_lines_take_several_pages() -> None:
    """A table goes on with its head on further pages, which say what they belong to."""
    one = _many_lines()
    printed = pages(render_pdf(one))
    head = "Description Days kWh Rp./kWh CHF"

    assert len(one.statement.lines) == 93
    assert all(page.count(head) == 1 for page in printed)
    for number, page in enumerate(printed, start=1):
        assert page[-1] == f"LEG Sonnenhof Page {number} of 4"
        assert number == 1 or page[0] == "Invoice INV-2026-001 Anna Muster"
    rows = [
        text for page in printed for text in page if text.startswith(("Bought", "Sold"))
    ]
    assert len(rows) == 93
    assert sum(amount(row) for row in rows) == one.statement.total.units


LONG = "Wolfeschlegelsteinhausenbergerdorff"


def _extreme(currency: str, name: str, times: int) -> Invoice:
    """Return an invoice on which everything a person can enter is long."""
    readings = RegisterReadings(import_start=Energy(10**17), import_end=Energy(10**18))
    one = addressed(
        invoice(
            gap=53,
            names={"house_1": " ".join([name] * times)},
            registers={JANUARY: readings},
            letterhead=replace(
                LETTERHEAD, currency=currency, community_name=" ".join([name] * times)
            ),
            imported=(10**12, 0),
            versions=[prices(date(2026, 1, 5), "20", "25.123456789", "6", "30000000")],
        ),
        name=" ".join([name] * times),
        address=tuple(f"{name} {i}" for i in range(times)),
    )
    one = from_issuer(one, name=" ".join([name] * times), address=(name,) * times)
    findings = [replace(one.findings[0], code=code) for code in FindingCode]
    return with_findings(one, *findings)


def test_overlaps_are_found() -> None:
    """The guard against overlaps finds letters that stand on one another."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.drawString(100, 100, "Anna")
    canvas.drawString(100, 300, "Beat")
    canvas.drawString(103, 104, "Carla")
    canvas.save()
    assert overlaps(buffer.getvalue())


@pytest.mark.parametrize("currency", ["CHF", "EUR", "SEK"])
@pytest.mark.parametrize(
    ("name", "times"),
    [(LONG, 1), (LONG, 5), (LONG, 40), ("W" * 400, 2), ("Anna Muster", 3)],
)
def test_nothing_overlaps(currency: str, name: str, times: int) -> None:
    """However long names and numbers are, nothing is printed on anything else."""
    pdf = render_pdf(_extreme(currency, name, times))
    assert overlaps(pdf) == []


@pytest.mark.parametrize("currency", ["CHF", "EUR"])
def test_everything_stays_on_the_paper(currency: str) -> None:
    """Nothing is printed in the margins, where a printer cannot reach."""
    for page in boxes(render_pdf(_extreme(currency, LONG, 9))):
        for char, (left, bottom, right, top) in page:
            assert 70 <= left <= right <= 539, char
            assert 28 <= bottom <= top <= 806, char


@pytest.mark.parametrize(
    ("currency", "window"),
    [
        # What a window shows wherever the sheet slides, in mm: left, top, right, bottom.
        ("CHF", (117, 52, 198, 84)),
        ("EUR", (20, 45, 105, 90)),
    ],
)
@pytest.mark.parametrize("times", [1, 9])
def test_address_is_in_the_window(
    currency: str, window: tuple[int, ...], times: int
) -> None:
    """The address stands where its country's window envelopes show it, and alone."""
    one = _extreme(currency, "Muster", times)
    one = addressed(one, name="Ł" + "Łł" * 9 * times)
    first, *_ = boxes(render_pdf(one))
    points = [mm * 72 / 25.4 for mm in window]
    left, right = points[0], points[2]
    top, bottom = 842 - points[1], 842 - points[3]
    for char, box in first:
        inside = (
            left <= box[0] and box[2] <= right and bottom <= box[1] and box[3] <= top
        )
        assert inside or char not in "Łł"


def test_uncommon_names() -> None:
    """Names are printed with their own letters; what cannot be printed is marked."""
    one = addressed(invoice(), name="Łukasz Šimić 🌞 Ğ")
    one = from_issuer(one, name="Żółć & Söhne’s <b>GmbH</b>")
    pdf = render_pdf(one)
    assert "Łukasz Šimić � Ğ" in lines(pdf)
    assert after(pdf, "Empfänger") == "Żółć & Söhne’s <b>GmbH</b>"
    assert PdfReader(io.BytesIO(pdf)).metadata.author == "Żółć & Söhne’s <b>GmbH</b>"


@settings(max_examples=25)
@given(
    st.fixed_dictionaries(
        {
            "name": st.text(),
            "address": st.lists(st.text(), max_size=12).map(tuple),
            "language": st.sampled_from([*TEXTS, "xx"]),
            "iban": st.none() | st.text(),
        }
    )
)
def test_any_recipient_can_be_printed(recipient: dict[str, Any]) -> None:
    """Whatever somebody is called and wherever they live, there is a document."""
    assert render_pdf(addressed(credit(), **recipient)).startswith(b"%PDF-")
