"""Currencies, and amounts in those that have other units than hundredths."""

from dataclasses import replace
from decimal import Decimal

from homeassistant.generated.currencies import ACTIVE_CURRENCIES
import pytest

from custom_components.leg_invoicing.billing.currencies import (
    CURRENCIES,
    decimals_of,
    smallest_unit,
)
from custom_components.leg_invoicing.billing.settlement import settle
from custom_components.leg_invoicing.billing.vat import Vat, VatMode
from tests.billing.build import (
    agreement,
    ct,
    measured,
    month,
    printed,
    statement_of,
    terms,
    version,
)


def test_home_assistant_s_currencies_are_known() -> None:
    """Whatever its form offers can be billed in."""
    assert ACTIVE_CURRENCIES <= CURRENCIES
    assert {len(code) for code in CURRENCIES} == {3}


@pytest.mark.parametrize(
    ("currency", "decimals", "unit"),
    [("CHF", 2, "1"), ("SEK", 2, "1"), ("JPY", 0, "100"), ("KWD", 3, "0.1")],
)
def test_decimals(currency: str, decimals: int, unit: str) -> None:
    """Amounts have as many decimals as ISO 4217 says."""
    assert decimals_of(currency) == decimals
    assert smallest_unit(currency) == ct(unit)


@pytest.mark.parametrize(
    ("currency", "amounts"),
    [
        ("CHF", ["3705", "300"]),  # 148.8 kWh at 24.9 ct are 3705.12 ct
        ("JPY", ["3700", "300"]),
        ("KWD", ["3705.1", "300.1"]),  # 8.1 % of 3705.1 are 300.1131
    ],
)
def test_a_line_is_rounded_once_to_the_smallest_unit(
    currency: str, amounts: list[str]
) -> None:
    """Lines and taxes are multiples of it, and the rest is rounding."""
    vat = Vat(mode=VatMode.ON_TOP, rate=Decimal("8.1"))
    agreed = terms(agreement("house_1"), versions=[version(p_con="24.9", vat=vat)])
    community = replace(agreed.community, currency=currency)
    span = month("2026-01")

    settled = settle(
        replace(agreed, community=community), span, measured(span, house_1="0.05/0")
    )

    bill = statement_of(settled, "house_1")
    assert [line[-1] for line in printed(bill)] == amounts
    assert bill.total == ct(amounts[0]) + ct(amounts[1])
    assert settled.community.rounding == bill.rounding
