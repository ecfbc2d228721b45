"""The arithmetic of lines, in sentences."""

from dataclasses import replace
from decimal import Decimal

import pytest

from custom_components.leg_invoicing.billing.counting import Flow, counted
from custom_components.leg_invoicing.billing.discounts import Discount, DiscountOf
from custom_components.leg_invoicing.billing.explained import explained
from custom_components.leg_invoicing.billing.explanations import Formula
from custom_components.leg_invoicing.billing.fees import Fee, FeePer
from custom_components.leg_invoicing.billing.models import Model
from custom_components.leg_invoicing.billing.percentage import Percentage
from custom_components.leg_invoicing.billing.rates import SignalPrice
from custom_components.leg_invoicing.billing.settlement import settle
from custom_components.leg_invoicing.billing.tariff_record import version_from_written
from custom_components.leg_invoicing.billing.together import others_on_invoice
from custom_components.leg_invoicing.billing.vat import Vat, VatMode
from custom_components.leg_invoicing.billing.written import Written
from custom_components.leg_invoicing.documents.arithmetic import (
    arithmetic,
    line_in_words,
)
from tests.billing.build import (
    ZURICH,
    agreement,
    ct,
    measured,
    period,
    statement_of,
    terms,
    version,
)
from tests.billing.test_explained import DAY, FEES, day_and_night, explanations, sources

VAT = Vat(mode=VatMode.ON_TOP, rate=Decimal("8.1"))
ROUNDING = (
    "CHF 2.85 (the nearest multiple of CHF 0.05) − CHF 2.87 (lines 1–7) = −2 Rp. → "
    "CHF −0.02"
)
SENTENCES = {
    "en": [
        "6.400000 kWh × 25.00 Rp./kWh = 160 Rp. → CHF 1.60",
        "3.200000 kWh × 18.00 Rp./kWh = 57.6 Rp. → CHF 0.58",
        "−0.960000 kWh × 20.00 Rp./kWh = −19.2 Rp. → CHF −0.19",
        "1/31 × CHF 3.10 a month = 10 Rp. → CHF 0.10",
        "1 × CHF 0.50 = 50 Rp. → CHF 0.50",
        "9.600000 kWh (lines 1–2) × 0.50 Rp./kWh = 4.8 Rp. → CHF 0.05",
        "8.1 % × CHF 2.83 (lines 1–2, 4–6) = 22.923 Rp. → CHF 0.23",
        ROUNDING,
    ],
    "de": ["6.400000 kWh × 25.00 Rp./kWh = 160 Rp. → CHF 1.60"],
}


def sentences(language: str) -> list[str]:
    """Return the sentences about a bill of all kinds of lines, with plain spaces."""
    of = day_and_night(*FEES, vat=VAT, coin="5")
    return [
        arithmetic(each, "CHF", ZURICH)[language].replace("\N{NO-BREAK SPACE}", " ")
        for each in explanations(of, one="0.1/0.01")
    ]


@pytest.mark.parametrize("language", SENTENCES)
def test_each_line_in_a_sentence(language: str) -> None:
    """Quantity, price, what they come to, and what is printed."""
    assert sentences(language)[: len(SENTENCES[language])] == SENTENCES[language]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "9.600000 kWh, Ø 30.00 Rp./kWh = 288 Rp. → CHF 2.88"),
        ("de", "zu seinem eigenen Preis (Intervalle: 96)"),
        ("fr", "à son propre prix (intervalles: 96), au total: 9,600000 kWh"),
        ("it", "Ogni intervallo al proprio prezzo"),
    ],
)
def test_prices_of_intervals(language: str, words: str) -> None:
    """Where there is no one price, the sum and the average are told."""
    of = terms(agreement("one"), model=Model.BREAK_EVEN)

    (only,) = explanations(of, one="0.1/0")

    said = arithmetic(only, "CHF", ZURICH)[language].replace("\N{NO-BREAK SPACE}", " ")
    assert words in said


def test_a_currency_without_small_coins() -> None:
    """Where hundredths have no name, prices and amounts are in the whole."""
    of = terms(agreement("one"), versions=[version(fees=FEES[:1])])

    used, fee = explanations(of, one="0.1/0")

    text = arithmetic(used, "HUF", ZURICH)["en"].replace("\N{NO-BREAK SPACE}", " ")
    assert text == "9.600000 kWh × 0.25 HUF/kWh = 2.4 HUF → HUF 2.40"
    assert "a month" in arithmetic(fee, "HUF", ZURICH)["en"]


def test_what_is_not_printed_is_told_to_the_last_decimal() -> None:
    """Per cent are of exact amounts, and a fee may be of less than the coins."""
    small = Fee(name="Data", amount=ct("0.31"), per=FeePer.MONTH)
    off = Discount("Friends", Percentage(percent=Decimal(10), of=DiscountOf.ENERGY))
    prices = replace(version(fees=[small]), discounts=(off,))
    of = terms(agreement("one"), versions=[prices])

    for use, whole in (("0.1/0", "CHF 2.40"), ("0.100001/0", "240.0024 Rp.")):
        _, fee, discount = explanations(of, one=use)

        said = [arithmetic(each, "CHF", ZURICH)["en"] for each in (fee, discount)]
        fee_said, off_said = (text.replace("\N{NO-BREAK SPACE}", " ") for text in said)
        assert fee_said == "1/31 × 0.31 Rp. a month = 0.01 Rp. → CHF 0.00"
        assert off_said.startswith(f"−10 % × {whole} (line 1, before rounding) = −24")


def test_a_tier_says_how_far_it_reaches() -> None:
    """The limit of the days stands beside the kWh."""
    prices = {
        "valid_from": "2026-01-01",
        "p_pv": "20",
        "p_con": {"tiers": [{"to": "3.1", "price": "10"}, {"price": "25"}]},
        "p_grid_del": "6",
        "p_grid_con": "30",
    }
    of = terms(agreement("one"), versions=[version_from_written(Written(prices), 15)])

    said = arithmetic(explanations(of, one="0.1/0")[0], "CHF", ZURICH)["en"]

    assert said.replace("\N{NO-BREAK SPACE}", " ").startswith(
        "0.100000 kWh (up to 1/31 × 3.1 kWh, of 9.600000 kWh) × 10.00 Rp./kWh"
    )


def test_measurements_that_have_changed() -> None:
    """The sentence says that the intervals are not those that were billed."""
    of = terms(agreement("one"))
    span = period(DAY, of)
    billed = statement_of(settle(of, span, measured(span, one="0.1/0")), "one")
    now = counted(of, billed, Flow.of(measured(span, one="0.3/0")))

    (only,) = explained(billed, of, now)

    assert only.amount == ct("240")
    said = arithmetic(only, "CHF", ZURICH)
    assert said["en"].endswith(
        "Measurements have changed since; the intervals are those that stand now."
    )
    assert "haben sich seither geändert" in said["de"]


def test_a_price_that_is_per_cent_of_another_one() -> None:
    """The other price stands behind it."""
    prices = {
        "valid_from": "2026-01-01",
        "p_pv": "20",
        "p_con": {"percent": "80", "of": "p_grid_con"},
        "p_grid_del": "6",
        "p_grid_con": "30",
    }
    of = terms(agreement("one"), versions=[version_from_written(Written(prices), 15)])

    said = arithmetic(explanations(of, one="0.1/0")[0], "CHF", ZURICH)["en"]

    assert said.replace("\N{NO-BREAK SPACE}", " ") == (
        "9.600000 kWh × 24.00 Rp./kWh [80 % of 30.00 (grid price)] = 230.4 Rp. → "
        "CHF 2.30"
    )


@pytest.mark.parametrize(
    ("used", "said"),
    [
        ("0.1/0", "CHF 5.00 (the nearest multiple of CHF 0.05) − CHF 5.01 (line 1, "),
        ("0/0", "CHF 2.60 (the nearest multiple of CHF 0.05) − CHF 2.61 ("),
    ],
)
def test_the_coin_of_an_invoice_of_several_houses(used: str, said: str) -> None:
    """What the other houses come to counts, which is said."""
    both = (
        replace(agreement(house, name="Ann"), invoice="both") for house in ("a", "b")
    )
    of = terms(*both, rounding=ct("5"))
    flow = Flow.of(measured(period(DAY, of), a="0.10875/0", b=used))
    statements = settle(of, period(DAY, of), flow.within(period(DAY, of))).statements
    last = statements[-1]

    *_, coin = explained(
        last, of, counted(of, last, flow), others_on_invoice(last, statements)
    )

    text = arithmetic(coin, "CHF", ZURICH)["en"].replace("\N{NO-BREAK SPACE}", " ")
    others = "CHF 2.61 of other houses on the invoice)"
    assert text == f"{said}{others} = −1 Rp. → CHF −0.01"


def test_what_a_line_comes_from() -> None:
    """A part of a meter, and a price that follows a sensor, by its name."""
    of_line = {
        (str(each.line.kind), each.line.name or each.line.meter): arithmetic(
            each, "CHF", ZURICH, {"spot": "sensor.spot"}
        )["en"].replace("\N{NO-BREAK SPACE}", " ")
        for each in sources()
    }

    assert "× sensor.spot]" in of_line["grid_import", "Staircase"]
    assert " kWh [120/200 × Staircase], Ø " in of_line["grid_import", "Staircase"]
    assert " kWh [120/200 × Staircase] × 25" in of_line["local_import", "Staircase"]
    assert of_line["fee", "Cleaning"].startswith(
        "1/31 × CHF 3.72 a month [120/200 × Staircase] = 12 Rp."
    )


@pytest.mark.parametrize(
    ("offset", "words"),
    [("-1", "[0.9 × spot − 1.00 Rp./kWh]"), ("2.5", "[0.9 × spot + 2.50 Rp./kWh]")],
)
def test_a_price_that_follows_a_signal(offset: str, words: str) -> None:
    """What is added to it, or taken away, stands behind it."""
    (line, *_) = explanations(terms(agreement("one")), one="0.1/0")
    follows = SignalPrice("spot", Decimal("0.9"), Decimal(offset))
    line = replace(line, formula=Formula.INTERVALS, follows=follows)

    said = arithmetic(line, "CHF", ZURICH)["en"]

    assert words in said.replace("\N{NO-BREAK SPACE}", " ")


def test_what_a_line_is_called() -> None:
    """It is what the document prints, in every language."""
    fee = sources()[-1].line

    called = line_in_words(fee, "CHF", ZURICH)

    assert list(called) == ["en", "de", "fr", "it"]
    assert called["en"].startswith("Friends, Staircase: 10 % of ")
