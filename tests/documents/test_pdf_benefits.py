"""An invoice as PDF: what the house gains, told beside the bill."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from custom_components.leg_invoicing.billing.benefits import (
    Benefits,
    Discounted,
    GridDiscount,
)
from custom_components.leg_invoicing.billing.fees import Fee, FeePer
from custom_components.leg_invoicing.billing.invoices import Invoice
from custom_components.leg_invoicing.billing.models import Model
from custom_components.leg_invoicing.billing.money import UnitPrice
from custom_components.leg_invoicing.billing.vat import Vat, VatMode
from custom_components.leg_invoicing.documents.pdf import render_pdf
from custom_components.leg_invoicing.documents.texts import TEXTS
from tests.billing.build import ct, kwh

from .months import LETTERHEAD, addressed, credit, in_english, invoice, prices
from .reading import lines

_EACH_USED = {"imported": (40_000, 30_000), "exported": (0, 45_000)}


def _said(one: Invoice) -> str:
    return " ".join(lines(in_english(one)))


def _with(one: Invoice, **told: Any) -> Invoice:
    """Return an invoice with other benefits."""
    assert one.statement.benefits is not None
    benefits = replace(one.statement.benefits, **told)
    return replace(one, statement=replace(one.statement, benefits=benefits))


def test_savings() -> None:
    """The amounts of both sides stand there, and what they are apart."""
    printed = lines(in_english(invoice(**_EACH_USED)))

    head = printed.index("You saved CHF 3.83 against the grid operator’s prices")
    # 76.525 kWh came from the community, at 5 Rp. less.
    assert printed[head + 1 : head + 4] == [
        "kWh Rp./kWh Grid operator Here Difference",
        "Used 119.040 Ø 30.00 35.71 31.88 3.83",
        "Compared is all electricity that you used and delivered.",
    ]


def test_who_delivers_earns() -> None:
    """A house that only delivers has earned more than elsewhere."""
    one = invoice(imported=(0, 30_000), exported=(40_000, 0))

    assert "You earned CHF 12.51 more than at the grid operator’s" in _said(one)
    assert "You saved" not in _said(one)


def test_a_credit_tells_both() -> None:
    """Who uses and delivers saves on both."""
    said = _said(credit())

    assert "You saved CHF" in said
    assert "Delivered 1’340.304" in said


def test_a_dear_community() -> None:
    """Where the grid was cheaper, the document says by how much."""
    dear = (prices(date(2026, 1, 1), "20", "32", "6", "30"),)

    said = _said(invoice(versions=dear, model=Model.POOL, **_EACH_USED))

    assert "You did CHF 2.38 worse than at the grid operator’s prices" in said
    assert "Used 119.040 Ø 30.00 35.71 38.09 −2.38" in said


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("500", "come to CHF 5.00; with them, you are CHF 1.17 worse off here."),
        ("100", "come to CHF 1.00; with them, you are CHF 2.83 better off here."),
    ],
)
def test_fees_are_told_besides(amount: str, words: str) -> None:
    """They are not in the comparison, and what it is with them is named.

    VAT on top would be paid elsewhere as well, and changes nothing.
    """
    (version,) = (prices(date(2026, 1, 1), "20", "25", "6", "30"),)
    fee = Fee(name="Base fee", amount=ct(amount), per=FeePer.MONTH)
    version = replace(version, fees=(fee,))
    taxed = replace(version, vat=Vat(mode=VatMode.ON_TOP, rate=Decimal("8.1")))

    assert words in _said(invoice(versions=(version,), **_EACH_USED))
    assert words in _said(invoice(versions=(taxed,), **_EACH_USED))


@pytest.mark.parametrize("model", Model)
@pytest.mark.parametrize("language", TEXTS)
def test_every_model_says_what_is_compared(model: Model, language: str) -> None:
    """In the language of the reader."""
    one = addressed(invoice(model=model), language=language)

    assert TEXTS[language].compared[model] in " ".join(lines(render_pdf(one)))


def test_co2_and_the_grids_discount() -> None:
    """With the numbers from which they come, and nothing of either where none is told."""
    discount = GridDiscount(percent=Decimal(40), grid_fee=UnitPrice(Decimal("9.5")))
    one = invoice(**_EACH_USED)
    discounted = Discounted(discount=discount, energy=one.statement.energy.local_import)
    told = _with(one, co2_avoided=Decimal("9795.182592"), grid_discounts=(discounted,))

    said = _said(told)

    assert "CO₂ avoided: 9.8 kg, for 76.525 kWh from the community at 128 g/kWh" in said
    assert (
        "takes CHF 2.91 off its own bill: 40 % of its fee of 9.50 Rp./kWh, for" in said
    )
    assert "CO₂" not in _said(one)
    assert "off its own bill" not in _said(one)


def test_grams_with_a_decimal() -> None:
    """A factor that is no whole number is told as it is."""
    one = _with(invoice(**_EACH_USED), co2_avoided=Decimal("9833.444"))

    assert "from the community at 128.5 g/kWh" in _said(one)


def test_another_discount_from_a_day_on() -> None:
    """Each stands there with its energy; one for no energy does not."""
    fee = UnitPrice(Decimal("9.5"))
    parts = tuple(
        Discounted(
            discount=GridDiscount(percent=Decimal(percent), grid_fee=fee),
            energy=kwh(energy),
        )
        for percent, energy in ((40, "50"), (20, "26.525"), (10, "0"))
    )

    said = _said(_with(invoice(**_EACH_USED), grid_discounts=parts))

    assert "takes CHF 1.90 off its own bill: 40 %" in said
    assert "takes CHF 0.50 off its own bill: 20 %" in said
    assert "10 %" not in said


def test_neither_better_nor_worse() -> None:
    """Where nothing is saved, no amount is."""
    same = (prices(date(2026, 1, 1), "20", "30", "6", "30"),)
    one = invoice(versions=same, model=Model.POOL, **_EACH_USED)

    assert "You did as well as at the grid operator’s prices" in _said(one)
    assert "You saved" not in _said(one)


@pytest.mark.parametrize(
    ("currency", "saved", "row", "taken_off"),
    [
        ("JPY", "JP¥ 4", "36 32 4", "JP¥ 3"),
        ("KWD", "KWD 3.826", "35.712 31.886 3.826", "KWD 2.908"),
    ],
)
def test_amounts_have_the_decimals_of_the_currency(
    currency: str, saved: str, row: str, taken_off: str
) -> None:
    """Of yen there are no hundredths, and of dinars there are thousandths."""
    letterhead = replace(LETTERHEAD, currency=currency)
    one = invoice(letterhead=letterhead, **_EACH_USED)
    discount = GridDiscount(percent=Decimal(40), grid_fee=UnitPrice(Decimal("9.5")))
    part = Discounted(discount=discount, energy=one.statement.energy.local_import)

    said = _said(_with(one, grid_discounts=(part,)))

    assert f"You saved {saved} against" in said
    assert row in said
    assert f"takes {taken_off} off its own bill" in said


def test_nothing_to_tell() -> None:
    """Without energy there is nothing to compare, and earlier invoices say nothing."""
    idle = invoice(imported=(0, 0), exported=(0, 0))
    assert "grid operator’s prices" not in _said(idle)
    assert "CO₂" not in _said(_with(idle, co2_avoided=Decimal(0)))
    earlier = replace(idle, statement=replace(idle.statement, benefits=None))
    assert "grid operator" not in _said(earlier)


def test_a_change_of_nothing_else() -> None:
    """Benefits change no amount of the bill."""
    one = invoice()
    other = _with(one, grid_cost=ct("1"), grid_revenue=ct("2"))

    assert other.statement.total == one.statement.total
    assert other.statement.benefits == Benefits(grid_cost=ct("1"), grid_revenue=ct("2"))
