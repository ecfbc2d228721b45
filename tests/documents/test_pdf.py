"""An invoice as PDF: who, what, when, and what to do."""

from datetime import date
from decimal import Decimal

import pytest

from custom_components.leg_invoicing.billing.models import Model
from custom_components.leg_invoicing.documents.pdf import render_pdf
from custom_components.leg_invoicing.documents.texts import TEXTS

from .months import addressed, credit, from_issuer, in_english, invoice, issued, prices
from .reading import after, amount, lines, pages

# What stands on it


def test_figures_are_the_statement() -> None:
    """Every line shows its energy, price and amount, and the total is theirs."""
    one = invoice()
    pdf = render_pdf(one)

    assert [
        (str(line.quantity), str(line.amount.ct)) for line in one.statement.lines
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
