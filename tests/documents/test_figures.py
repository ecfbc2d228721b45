"""The numbers of a statement that are no lines, in sentences."""

from decimal import Decimal

import pytest

from custom_components.leg_invoicing.billing.figures import (
    Avoided,
    Figure,
    Total,
    figures_of,
)
from custom_components.leg_invoicing.documents.figures import figure_in_words
from tests.billing.build import ZURICH, ct, kwh
from tests.billing.test_figures import statement


def told(language: str, **houses: str) -> list[str]:
    """Return the sentences, with plain spaces."""
    return [
        figure_in_words(each, "CHF", ZURICH)[language].replace(
            "\N{NO-BREAK SPACE}", " "
        )
        for each in figures_of(statement(**houses))
    ]


def test_each_figure_in_a_sentence() -> None:
    """What it is computed from, with the lines, and what it comes to."""
    assert told("en", one="0.01/0.2", two="0.1/0") == [
        "Σ lines 1–4 = CHF −2.29",
        (
            "8.1 ÷ 108.1 × CHF 0.34 (lines 1, 4) ≈ 2.547641 Rp. → CHF 0.03; without VAT: "
            "CHF 0.31"
        ),
        (
            "2.6 ÷ 102.6 × CHF 2.63 (lines 2–3) ≈ 6.664717 Rp. → CHF 0.07; without VAT: "
            "CHF 2.56"
        ),
        (
            "CHF 0.29 (Grid operator: 0.960000 kWh × Ø 30.00 Rp./kWh) − CHF 0.24 (line 1) "
            "+ CHF 2.63 (lines 2–3) − CHF 1.15 (Grid operator: 19.200000 kWh × "
            "Ø 6.00 Rp./kWh) = CHF 1.53"
        ),
        "CHF 1.53 − (CHF 0.10, line 4) = CHF 1.43",
        "0.960000 kWh from the community × 100 g/kWh = 0.1 kg",
        (
            "40 % × 9.50 Rp./kWh × 0.960000 kWh from the community = 3.648 Rp. → "
            "CHF 0.04"
        ),
    ]


@pytest.mark.parametrize(
    ("language", "words"),
    [("de", "ohne MWST: CHF 0.31"), ("fr", "lignes 1, 4"), ("it", "senza IVA: ")],
)
def test_other_languages(language: str, words: str) -> None:
    """Each has its own words."""
    assert words in told(language, one="0.01/0.2", two="0.1/0")[1]


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (Total(amount=ct("0"), of_lines=()), "CHF 0.00"),
        (
            Avoided(energy=kwh("3"), grams=Decimal(337)),
            "3.000000 kWh from the community × Ø 112.3 g/kWh = 0.3 kg",
        ),
    ],
)
def test_no_lines_and_an_average(figure: Figure, words: str) -> None:
    """A total of nothing stands alone, and grams of many intervals are an average."""
    said = figure_in_words(figure, "CHF", ZURICH)["en"]

    assert said.replace("\N{NO-BREAK SPACE}", " ") == words
