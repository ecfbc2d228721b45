"""What a community tells beside its bills, as people write it."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from custom_components.leg_invoicing.billing.benefits import Ceiling, GridDiscount
from custom_components.leg_invoicing.billing.benefits_written import (
    benefits_from_written,
    written_benefits,
)
from custom_components.leg_invoicing.billing.money import UnitPrice
from custom_components.leg_invoicing.billing.written import TermsError, Written
from tests.billing.build import terms

_ALL = {
    "co2": "128.50",
    "grid_discount": {"percent": "40", "grid_fee": "9.5"},
    "ceiling": {"percent": "80"},
}


@pytest.mark.parametrize(
    "written",
    [{}, {"co2": "0"}, {"co2": {"signal": "grid", "multiplier": "0.5"}}, _ALL],
)
def test_what_is_written_is_read_back(written: dict[str, Any]) -> None:
    """Everything may be left out, and what is there keeps its digits."""
    told = benefits_from_written(Written(written))

    community = replace(terms().community, **told)

    assert written_benefits(community) == written


def test_what_it_says() -> None:
    """Grams per kWh, per cent of a fee in ct/kWh, per cent of a price."""
    assert benefits_from_written(Written(_ALL)) == {
        "co2_factor": UnitPrice(Decimal("128.5")),
        "grid_discount": GridDiscount(
            percent=Decimal(40), grid_fee=UnitPrice(Decimal("9.5"))
        ),
        "ceiling": Ceiling(percent=Decimal(80)),
    }


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"co2": "-1"}, "co2: co2 must be 0 or more, in g/kWh"),
        (
            {"grid_discount": {"percent": "0", "grid_fee": "9"}},
            "grid_discount.percent: percent must be more than 0 and 100 at most",
        ),
        (
            {"grid_discount": {"percent": "40", "grid_fee": "-9"}},
            "grid_discount.grid_fee: grid_fee must be 0 or more, in ct/kWh",
        ),
        ({"ceiling": {"percent": "100.1"}}, "ceiling.percent: percent must be more"),
        ({"ceiling": {}}, "percent is missing in ceiling"),
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, Any], message: str) -> None:
    """The refusal names the setting and what it may be."""
    with pytest.raises(TermsError, match=message):
        benefits_from_written(Written(wrong))
