"""What a community tells beside its bills, as people write it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from custom_components.leg_invoicing.billing.benefits import (
    BenefitVersion,
    BenefitVersions,
    Ceiling,
    GridDiscount,
)
from custom_components.leg_invoicing.billing.benefits_written import (
    BENEFIT_FIELDS,
    benefits_from_fields,
    undated_from_written,
    written_benefits,
)
from custom_components.leg_invoicing.billing.money import UnitPrice
from custom_components.leg_invoicing.billing.written import TermsError, Written

_ALL = {
    "co2": "128.50",
    "grid_discount": {"percent": "40", "grid_fee": "9.5"},
    "ceiling": {"percent": "80"},
}


def _read(written: dict[str, Any]) -> BenefitVersions:
    return benefits_from_fields(Written(written).fields((), BENEFIT_FIELDS))


@pytest.mark.parametrize(
    "written",
    [
        {},
        {"co2": "0"},
        {"co2": {"signal": "grid", "multiplier": "0.5"}},
        _ALL,
        {
            **_ALL,
            "benefits": [
                {"valid_from": "2027-01-01", "co2": "112"},
                {"valid_from": "2028-01-01"},
            ],
        },
    ],
)
def test_what_is_written_is_read_back(written: dict[str, Any]) -> None:
    """Everything may be left out, and what is there keeps its digits."""
    assert written_benefits(_read(written)) == written


def test_what_it_says() -> None:
    """Grams per kWh, per cent of a fee in ct/kWh, per cent of a price."""
    told = BenefitVersion(
        co2_factor=UnitPrice(Decimal("128.5")),
        grid_discount=GridDiscount(
            percent=Decimal(40), grid_fee=UnitPrice(Decimal("9.5"))
        ),
        ceiling=Ceiling(percent=Decimal(80)),
    )

    assert undated_from_written(Written(_ALL)) == told
    assert _read(_ALL) == (told,)


def test_versions_stand_by_date() -> None:
    """Whatever the order of the list; each says all there is to say."""
    later = [
        {"valid_from": "2028-01-01", "co2": "100"},
        {"valid_from": "2027-01-01", "ceiling": {"percent": "75"}},
    ]

    assert _read({"co2": "128", "benefits": later}) == (
        BenefitVersion(co2_factor=UnitPrice(Decimal(128))),
        BenefitVersion(
            valid_from=date(2027, 1, 1), ceiling=Ceiling(percent=Decimal(75))
        ),
        BenefitVersion(valid_from=date(2028, 1, 1), co2_factor=UnitPrice(Decimal(100))),
    )
    assert _read({}) == (BenefitVersion(),)


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
        ({"benefits": [{"co2": "1"}]}, "valid_from is missing in entry 1"),
        (
            {"benefits": [{"valid_from": "2027-01-01"}, {"valid_from": "2027-01-01"}]},
            "benefits.1: two entries count from 2027-01-01 on; keep one of them",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, Any], message: str) -> None:
    """The refusal names the setting and what it may be."""
    with pytest.raises(TermsError, match=message):
        _read(wrong)
