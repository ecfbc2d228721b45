"""An invoice as PDF: what stands on it, and that it always stands there."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
import io
import os
from pathlib import Path
import subprocess
import sys
from typing import Any

from hypothesis import given, settings, strategies as st
from pypdf import PdfReader
import pytest
from reportlab.pdfgen.canvas import Canvas

from custom_components.leg_invoicing.billing.calendar import Span
from custom_components.leg_invoicing.billing.energy import Energy
from custom_components.leg_invoicing.billing.findings import Finding, FindingCode
from custom_components.leg_invoicing.billing.invoices import (
    Invoice,
    InvoiceStatus,
    RegisterReadings,
)
from custom_components.leg_invoicing.billing.models import LineKind, Model
from custom_components.leg_invoicing.billing.money import UnitPrice
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.billing.records import (
    invoice_from_record,
    invoice_record,
)
from custom_components.leg_invoicing.billing.statements import Line
from custom_components.leg_invoicing.documents.pdf import render_pdf
from custom_components.leg_invoicing.documents.texts import TEXTS

from .months import (
    LETTERHEAD,
    addressed,
    from_issuer,
    invoice,
    issued,
    prices,
    with_findings,
)
from .reading import after, amount, boxes, lines, overlaps, pages

ROOT = Path(__file__).resolve().parents[2]
ENGLISH, GERMAN = TEXTS["en"], TEXTS["de"]
JANUARY = "1-2026-01-01"


def in_english(an_invoice: Invoice) -> bytes:
    """Print an invoice in English."""
    return render_pdf(addressed(an_invoice, language="en"))


def credit() -> Invoice:
    """Return the invoice of a house that the community owes."""
    return issued(exported=(0, 450_371))[1]


# What stands on it


def test_figures_are_the_statement() -> None:
    """Every line shows its energy, price and amount, and the total is theirs."""
    one = invoice()
    pdf = render_pdf(one)

    assert [
        (str(line.quantity.kwh), str(line.amount.ct)) for line in one.statement.lines
    ] == [
        ("76.590336", "1915"),
        ("42.452640", "1274"),
    ]
    assert "Bezug aus der Gemeinschaft 1.–31. Jan. 2026 76.590 25.00 19.15" in lines(
        pdf
    )
    assert "Bezug aus dem Netz 1.–31. Jan. 2026 42.453 30.00 12.74" in lines(pdf)
    assert after(pdf, "Total") == "CHF 31.89"
    assert one.statement.total.units == Decimal("31.89")


def test_who_what_and_when() -> None:
    """Issuer, recipient, number, dates, period with time zone, and house stand there."""
    pdf = in_english(invoice())

    assert pages(pdf)[0][:12] == [
        "LEG Sonnenhof",
        "Verein LEG Sonnenhof · Sonnenweg 2 · 8400 Winterthur",
        "Verein LEG Sonnenhof, Sonnenweg 2, 8400 Winterthur",
        "Anna Muster",
        "Sonnenweg 7",
        "8400 Winterthur",
        "Number INV-2026-001",
        "Date 3 February 2026",
        "Due 5 March 2026",
        "Settled days 1–31 Jan 2026 (Europe/Zurich)",
        "House Sonnenweg 7 (house_1)",
        "Invoice",
    ]
    assert lines(pdf)[-1] == "LEG Sonnenhof Page 1 of 1"


def test_email_of_the_issuer() -> None:
    """Where the issuer has an e-mail address, it stands beside the postal one."""
    pdf = in_english(from_issuer(invoice(), email="kasse@sonnenhof.example"))
    assert lines(pdf)[1].endswith("8400 Winterthur · kasse@sonnenhof.example")


def test_days_of_a_part_of_the_period() -> None:
    """Who moved in during the period sees their own days, and the period."""
    _, beat, carla = issued(moves=date(2026, 1, 17))

    assert after(render_pdf(beat), "Settled days") == "1–16 Jan 2026 (Europe/Zurich)"
    pdf = render_pdf(carla)
    assert after(pdf, "Settled days") == "17–31 Jan 2026 (Europe/Zurich)"
    assert after(pdf, "Part of the period") == "1–31 Jan 2026"


def test_change_of_price() -> None:
    """A change of price splits a line, and each part says its days."""
    versions = [
        prices(date(2026, 1, 1), "20", "25", "6", "30"),
        prices(date(2026, 1, 17), "20", "22.125", "6", "30"),
    ]
    printed = lines(in_english(invoice(versions=versions)))

    assert "Bought from the community 1–16 Jan 2026 39.530 25.00 9.88" in printed
    assert "Bought from the community 17–31 Jan 2026 37.060 22.125 8.20" in printed


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("model", Model)
def test_every_language_and_model(language: str, model: Model) -> None:
    """Each language prints each model's lines, total and explanation."""
    texts = TEXTS[language]
    for one in issued(model=model, exported=(0, 450_371)):
        pdf = render_pdf(addressed(one, language=language))
        printed = lines(pdf)
        for line in one.statement.lines:
            assert any(text.startswith(texts.lines[line.kind]) for text in printed)
        assert amount(after(pdf, texts.total).removesuffix(" CHF")) == (
            one.statement.total.units
        )
        assert texts.models[model].split(";")[0] in " ".join(printed)


@pytest.mark.parametrize("language", TEXTS)
def test_title(language: str) -> None:
    """It is an invoice when the house owes, and a credit when the community does."""
    texts = TEXTS[language]
    assert texts.invoice in lines(render_pdf(addressed(invoice(), language=language)))
    assert texts.credit in lines(render_pdf(addressed(credit(), language=language)))


# What to do


def test_paying() -> None:
    """Who owes is told how much to pay, by when, where to, and with which reference."""
    pdf = in_english(invoice())
    assert "To pay by 5 March 2026" in lines(pdf)
    assert after(pdf, "Account") == "CH93 0076 2011 6238 5295 7"
    assert after(pdf, "Payee") == "Verein LEG Sonnenhof"
    assert after(pdf, "Reference") == "INV-2026-001"
    assert "CHF 31.89" in lines(pdf)


def test_paying_without_an_account() -> None:
    """Who owes an issuer without an account is told to ask for it."""
    printed = " ".join(lines(in_english(from_issuer(invoice(), iban=None))))
    assert "Please ask Verein LEG Sonnenhof for the account" in printed
    assert "give the reference INV-2026-001." in printed


def test_receiving() -> None:
    """Whom the community owes is told that it pays, when, and where to."""
    pdf = in_english(addressed(credit(), iban="CH56 0483 5012 3456 7800 9"))
    assert "You receive by 5 March 2026" in lines(pdf)
    assert "CH56 0483 5012 3456 7800 9." in " ".join(lines(pdf))
    assert after(pdf, "Total") == "CHF −87.26"
    assert "CHF 87.26" in " ".join(lines(pdf))


def test_receiving_without_an_account() -> None:
    """Whom the community owes is asked for an account where none is known."""
    printed = " ".join(lines(in_english(addressed(credit(), iban=None))))
    assert "please tell your treasurer your IBAN" in printed


def test_nothing_to_pay() -> None:
    """Who owes nothing and is owed nothing has nothing to do."""
    pdf = in_english(invoice(imported=(0, 0), exported=(0, 0)))
    assert "No energy to bill in these days" in lines(pdf)
    assert after(pdf, "Total") == "CHF 0.00"
    assert "Nothing to pay" in lines(pdf)
    assert "Invoice" in lines(pdf)
    assert "Your energy" not in lines(pdf)


# Where the numbers come from


def test_balance() -> None:
    """The picture's parts add up to what was used and delivered, in kWh and per cent."""
    printed = lines(in_english(invoice(exported=(20_000, 45_037))))
    assert "Used 119.0 kWh" in printed
    assert (
        "from the community 110.6 kWh · 92.9% from the grid 8.4 kWh · 7.1%" in printed
    )
    assert "Delivered 59.5 kWh" in printed
    assert "to the community 59.5 kWh · 100% to the grid 0.0 kWh · 0%" in printed


def test_registers() -> None:
    """The registers stand there at both midnights, with their difference."""
    registers = RegisterReadings(
        import_start=Energy(4_213_507_000),
        import_end=Energy(4_332_550_000),
        export_end=Energy(1_000),
    )
    printed = lines(in_english(invoice(registers={JANUARY: registers})))
    head = printed.index("Meter readings, kWh")
    assert printed[head + 1 : head + 4] == [
        "1 Jan 2026, 00:00 1 Feb 2026, 00:00 Difference",
        "Use 4’213.507 4’332.550 119.043",
        "Delivery – 0.001 –",
    ]


def test_unknown_registers() -> None:
    """Where no register is known, none is shown."""
    assert "Meter readings, kWh" not in lines(in_english(invoice()))


@pytest.mark.parametrize(
    ("intervals", "sentence"),
    [
        ({Quality.MEASURED: 2976}, "100% measured (of 2’976 metering intervals)"),
        (
            {Quality.MEASURED: 2923, Quality.INTERPOLATED: 53},
            "98.3% measured, 1.7% interpolated (of 2’976 metering intervals)",
        ),
        (
            {Quality.MEASURED: 35_039, Quality.MISSING: 1},
            "99.9% measured, 0.1% missing (of 35’040 metering intervals)",
        ),
        (
            {Quality.MEASURED: 1, Quality.MANUAL: 1, Quality.ESTIMATED: 1},
            "33.4% measured, 33.3% entered by hand, 33.3% estimated (of 3 metering intervals)",
        ),
    ],
)
def test_quality(intervals: dict[Quality, int], sentence: str) -> None:
    """Shares of qualities add up to the whole, and the smallest is not hidden."""
    one = invoice()
    one = replace(one, statement=replace(one.statement, intervals=intervals))
    assert sentence in lines(in_english(one))


def test_findings_of_the_settlement() -> None:
    """A gap in the data is told with its time, extent and energy."""
    printed = " ".join(lines(render_pdf(invoice(gap=53))))
    assert (
        "1. Jan. 2026, 00:00 – 13:15: Zwischen zwei Zählerständen fehlen Werte."
        in printed
    )
    assert "(Betroffene Intervalle: 53; 2.120 kWh)" in printed


@pytest.mark.parametrize("language", TEXTS)
def test_every_finding_has_its_sentence(language: str) -> None:
    """Whatever was found is told in the reader's language, with or without a time."""
    bare = [Finding(code=code, house_id="house_1") for code in FindingCode]
    full = [
        replace(f, span=Span(0, 900), intervals=1, energy=Energy(10**6)) for f in bare
    ]
    one = with_findings(addressed(invoice(), language=language), *bare, *full)
    printed = " ".join(lines(render_pdf(one)))
    for sentence in TEXTS[language].findings.values():
        assert printed.count(sentence) == 2


# Printed lines add up


@st.composite
def lines_of(draw: st.DrawFn) -> tuple[Line, ...]:
    """Draw lines of any energy and price."""
    drawn = []
    for kind in draw(st.lists(st.sampled_from(LineKind), min_size=1, max_size=12)):
        quantity = Energy(draw(st.integers(1, 10**13)))
        price = UnitPrice(draw(st.decimals(-999, 999, places=draw(st.integers(0, 4)))))
        charge = quantity * price
        drawn.append(
            Line(
                kind=kind,
                first=date(2026, 1, 1),
                end=date(2026, 2, 1),
                quantity=quantity,
                unit_price=price,
                exact=charge
                if kind in (LineKind.IMPORT, LineKind.GRID_IMPORT)
                else -charge,
            )
        )
    return tuple(drawn)


@settings(max_examples=40)
@given(lines_of(), st.sampled_from(sorted(TEXTS)))
def test_printed_lines_add_up(drawn: tuple[Line, ...], language: str) -> None:
    """The amounts as printed add up to the total as printed, in every language."""
    one = addressed(invoice(), language=language)
    one = replace(one, statement=replace(one.statement, lines=drawn))
    printed = lines(render_pdf(one))
    titles = tuple(TEXTS[language].lines.values())
    amounts = [amount(text) for text in printed if text.startswith(titles)]
    total = next(t for t in printed if t.startswith(TEXTS[language].total))

    assert len(amounts) == len(drawn)
    assert sum(amounts) == amount(total.removesuffix(" CHF"))
    assert sum(amounts) == one.statement.total.units


# Always the same


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


# Extremes


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
