"""Bands, fees, VAT and rounding on an invoice, in words a neighbour understands."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from custom_components.leg_invoicing.billing.bands import Band, Bands, Window
from custom_components.leg_invoicing.billing.discounts import Discount
from custom_components.leg_invoicing.billing.energy import NO_ENERGY, Energy
from custom_components.leg_invoicing.billing.fees import Fee, FeeEach, FeePer
from custom_components.leg_invoicing.billing.invoice_records import (
    invoice_from_record,
    invoice_record,
)
from custom_components.leg_invoicing.billing.invoices import Invoice
from custom_components.leg_invoicing.billing.money import Money, UnitPrice
from custom_components.leg_invoicing.billing.percentage import Percentage
from custom_components.leg_invoicing.billing.tariffs import Price
from custom_components.leg_invoicing.billing.tiers import Tier
from custom_components.leg_invoicing.billing.vat import Vat, VatMode
from custom_components.leg_invoicing.documents.pdf import render_pdf

from .months import LETTERHEAD, STANDARD, addressed, issued
from .reading import lines

_BANDS = Bands((Band("Tag", (Window(start=360, end=1320),)),), rest="Nacht")
_FEES = (
    Fee(name="Grundgebühr", amount=Money(Decimal(500)), per=FeePer.MONTH),
    Fee(name="Messung", amount=Money(Decimal(6000)), per=FeePer.YEAR),
    Fee(name="Abrechnung", amount=Money(Decimal("0.4")), per=FeePer.KWH),
    Fee(name="Aufnahme", amount=Money(Decimal(2000)), per=FeePer.ONCE),
)


def _invoice(language: str = "de", vat: Vat | None = None, **more: Any) -> Invoice:
    rates = (("Tag", "25"), ("Nacht", "18"))
    version = replace(
        STANDARD[0],
        bands=_BANDS,
        p_con=Price(tuple((band, UnitPrice(Decimal(ct))) for band, ct in rates)),
        fees=_FEES,
        vat=vat or Vat(mode=VatMode.ON_TOP, rate=Decimal("8.1")),
    )
    one = issued(versions=(version,), rounding=Money(Decimal(5)), **more)[0]
    return addressed(one, language=language)


def test_lines_of_a_tariff_by_time_of_use() -> None:
    """Each band, each fee, the tax and the rounding have a line."""
    text = "\n".join(lines(render_pdf(_invoice())))

    for line in (
        "Bezug aus der Gemeinschaft, Tag",
        "Bezug aus der Gemeinschaft, Nacht",
        "Grundgebühr: 1 × 5.00 im Monat",
        "Messung: 31/365 × 60.00 im Jahr",
        "Abrechnung",
        "Aufnahme",
        "MWST 8.1 % auf",
        "Rundung",
    ):
        assert line in text.replace("\N{NO-BREAK SPACE}", " ")


def test_part_of_a_month_is_stated() -> None:
    """Whoever moves out owes the days until then, and reads how many."""
    invoices = issued(
        versions=(replace(STANDARD[0], fees=_FEES),), moves=date(2026, 1, 18)
    )
    beat = next(one for one in invoices if one.recipient.name.startswith("Beat"))

    text = "\n".join(lines(render_pdf(addressed(beat, language="de"))))

    assert "Grundgebühr: 17/31 × 5.00 im\nMonat" in text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "80 % of 30.00 (grid price)"),
        ("de", "80 % von 30.00 (Netzpreis)"),
        ("fr", "80 % de 30.00 (prix du réseau)"),
        ("it", "80 % di 30.00 (prezzo della rete)"),
    ],
)
def test_a_price_says_what_it_is_per_cent_of(language: str, words: str) -> None:
    """The other price stands beside it, so that anybody can compute it again."""
    percentage = Percentage(Decimal(80), "p_grid_con")
    version = replace(STANDARD[0], p_con=STANDARD[0].p_grid_con.part(percentage))
    invoice = addressed(issued(versions=(version,))[0], language=language)

    text = " ".join("\n".join(lines(render_pdf(invoice))).split())

    assert words in text.replace(",", ".").replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("up to 2 kWh", "2 to 5.5 kWh", "above 5.5 kWh")),
        ("de", ("bis 2 kWh", "2 bis 5.5 kWh", "über 5.5 kWh")),
        ("fr", ("jusqu’à 2 kWh", "de 2 à 5.5 kWh", "au-delà de 5.5 kWh")),
        ("it", ("fino a 2 kWh", "da 2 a 5.5 kWh", "oltre 5.5 kWh")),
    ],
)
def test_lines_of_tiers(language: str, words: tuple[str, ...]) -> None:
    """Each tier says its limits, and what part of them the days have."""
    invoice = _with_tiers(language)

    text = " ".join("\n".join(lines(render_pdf(invoice))).split())

    for each in words:
        assert each in text.replace(",", ".").replace("\N{NO-BREAK SPACE}", " ")


def test_part_of_a_tier_is_stated() -> None:
    """Whoever moves out has the days' part of the limits."""
    text = " ".join("\n".join(lines(render_pdf(_with_tiers("de", 17)))).split())

    assert "bis 17/31 × 2 kWh" in text
    assert "17/31 × 2 bis 17/31 × 5.5 kWh" in text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Loyalty: 5 % of 5.00 (fees)"),
        ("de", "Loyalty: 5 % von 5.00 (Gebühren)"),
        ("fr", "Loyalty: 5 % de 5.00 (frais)"),
        ("it", "Loyalty: 5 % di 5.00 (tasse)"),
    ],
)
def test_what_is_taken_off(language: str, words: str) -> None:
    """Per cent state of what; amounts are stated as those of fees."""
    founders = Fee(name="Founders", amount=Money(Decimal(200)), per=FeePer.MONTH)
    twice = Fee(
        name="Setup", amount=Money(Decimal(2)), per=FeePer.ONCE, each=FeeEach.METER
    )
    version = replace(
        STANDARD[0],
        fees=(_FEES[0], twice),
        discounts=(
            Discount("Loyalty", Percentage(Decimal(5), "fees")),
            Discount("Founders", founders),
        ),
    )
    one = issued(versions=(version,))[0]
    setup = next(ln for ln in one.statement.lines if ln.name == "Setup")
    others = tuple(ln for ln in one.statement.lines if ln.name != "Setup")
    two = replace(setup, quantity=Decimal(2))
    statement = replace(one.statement, lines=(*others, two))
    invoice = addressed(replace(one, statement=statement), language=language)

    text = " ".join("\n".join(lines(render_pdf(invoice))).split())
    text = text.replace(",", ".").replace("\N{NO-BREAK SPACE}", " ")

    assert words.replace("5.00", "5.02") in text
    assert "Founders: 1 × 2.00" in text
    assert "Setup: 2 × 0.02" in text


def _with_tiers(language: str, days: int = 31) -> Invoice:
    limits = (("2", "0"), ("5.5", "20"))
    tiers, above = [], NO_ENERGY
    for kwh, ct in limits:
        to = Energy.from_kwh(Decimal(kwh))
        tiers.append(Tier(above=above, to=to, price=UnitPrice(Decimal(ct))))
        above = to
    tiers.append(Tier(above=above, to=None, price=UnitPrice(Decimal(25))))
    version = replace(STANDARD[0], p_con=Price.tiered(tuple(tiers)))
    moves = date(2026, 1, 1 + days) if days < 31 else None
    invoices = issued(versions=(version,), moves=moves)
    beat = next(one for one in invoices if one.recipient.name.startswith("Beat"))
    return addressed(beat, language=language)


@pytest.mark.parametrize(
    ("language", "included", "none"),
    [
        ("en", "VAT 8.1 % included", "No VAT: too small"),
        ("de", "Darin 8.1 % MWST", "Keine MWST: too small"),
        ("fr", "TVA 8.1 % comprise", "Pas de TVA: too small"),
        ("it", "IVA 8.1 % inclusa", "Senza IVA: too small"),
    ],
)
def test_what_is_said_of_vat(language: str, included: str, none: str) -> None:
    """What prices contain is stated, and so is why there is none."""
    vats = (
        (Vat(mode=VatMode.INCLUDED, rate=Decimal("8.1")), included),
        (Vat(reason="too small"), none),
    )
    for vat, sentence in vats:
        text = "\n".join(lines(render_pdf(_invoice(language, vat))))
        text = text.replace("\N{NO-BREAK SPACE}", " ").replace(",", ".")
        assert sentence in text


@pytest.mark.parametrize(
    ("language", "own", "supplier", "whose"),
    [
        ("en", "VAT number of Verein", "Your VAT 8.1 % on", "(self-billing)"),
        (
            "de",
            "MWST-Nummer von Verein",
            "Ihre MWST 8.1 % auf",
            "die wir in Ihrem Namen ausstellen",
        ),
        ("fr", "Numéro de TVA de Verein", "Votre TVA 8.1 % sur", "(autofacturation)"),
        ("it", "Numero IVA di Verein", "La Sua IVA 8.1 % su", "(autofatturazione)"),
    ],
)
def test_whose_vat_it_is(language: str, own: str, supplier: str, whose: str) -> None:
    """Each side's tax has a line, and a sentence with the number it is owed under."""
    on_top = Vat(mode=VatMode.ON_TOP, rate=Decimal("8.1"))
    issuer = replace(LETTERHEAD.issuer, vat_number="CHE-111.111.111")
    invoices = issued(
        versions=(replace(STANDARD[0], fees=_FEES, vat=on_top),),
        letterhead=replace(LETTERHEAD, issuer=issuer),
        beat_vat=on_top,
    )
    credit = addressed(invoices[1], language=language, vat_number="CHE-222.222.222")

    text = " ".join("\n".join(lines(render_pdf(credit))).split()).replace(",", ".")

    for words in (own, supplier, whose, "CHE-111.111.111", "CHE-222.222.222"):
        assert words in text


@pytest.mark.parametrize(
    ("language", "included", "none"),
    [
        ("en", "Your VAT 8.1 % included in", "No VAT on what you delivered: small"),
        ("de", "Ihre MWST 8.1 %. enthalten", "Keine MWST auf Ihrer Lieferung: small"),
        ("fr", "Votre TVA 8.1 %. comprise", "Pas de TVA sur votre livraison: small"),
        ("it", "La Sua IVA 8.1 %. inclusa", "Senza IVA sulla Sua fornitura: small"),
    ],
)
def test_what_is_said_of_a_producer_s_vat(
    language: str, included: str, none: str
) -> None:
    """What a credit contains is stated, and so is why there is none."""
    vats = (
        (Vat(mode=VatMode.INCLUDED, rate=Decimal("8.1")), included),
        (Vat(reason="small"), none),
    )
    for vat, sentence in vats:
        credit = addressed(issued(beat_vat=vat)[1], language=language)
        text = " ".join("\n".join(lines(render_pdf(credit))).split())
        assert sentence in text.replace(",", ".")


def test_the_record_of_such_an_invoice_is_read_back() -> None:
    """Bands, fees with their days, and VAT survive in the books."""
    before = _invoice().statement

    again = invoice_from_record(invoice_record(_invoice()))

    assert again.statement.lines == before.lines
    assert again.statement.vat == before.vat


def test_an_invoice_in_a_currency_without_hundredths() -> None:
    """Its amounts are whole on paper, and the same when its record is read back."""
    yen = replace(LETTERHEAD, currency="JPY", timezone="Asia/Tokyo")
    invoice = addressed(issued(letterhead=yen)[0], language="en")

    again = invoice_from_record(invoice_record(invoice))

    assert again.statement.lines == invoice.statement.lines
    assert invoice.statement.total.ct % 100 == 0
    text = "\n".join(lines(render_pdf(invoice)))
    assert f"¥{int(invoice.statement.total.units):,}" in text.replace(" ", "")
