"""How what is told beside the bills changes in the books."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
import json

from custom_components.leg_invoicing.billing.benefit_change import with_benefits
from custom_components.leg_invoicing.billing.benefits import BenefitVersion, Ceiling
from custom_components.leg_invoicing.billing.commitment_records import (
    commitments_from_record,
    commitments_record,
)
from custom_components.leg_invoicing.billing.money import UnitPrice
from tests.billing.test_commitments import books, closed, refused

FEBRUARY = BenefitVersion(
    valid_from=date(2026, 2, 1), co2_factor=UnitPrice(Decimal("128.50"))
)
MARCH = BenefitVersion(
    valid_from=date(2026, 3, 1), ceiling=Ceiling(percent=Decimal(80))
)


def test_a_version_comes_in_its_place() -> None:
    """Versions stand by date; one of the same day is replaced."""
    state = with_benefits(with_benefits(books(), MARCH), FEBRUARY)
    again = replace(FEBRUARY, co2_factor=None)

    assert state.benefits == (FEBRUARY, MARCH)
    assert with_benefits(state, again).benefits == (again, MARCH)


def test_what_a_closed_period_told_stays() -> None:
    """A version that would count in it is refused; one before a later one is not."""
    state = books(closed("2026-01"))
    early = replace(MARCH, valid_from=date(2026, 1, 31))
    with refused("benefits_used", valid_from="2026-01-31", period="2026-01"):
        with_benefits(state, early)

    january = replace(FEBRUARY, valid_from=date(2026, 1, 1))
    state = replace(state, benefits=(january,))
    earlier = replace(MARCH, valid_from=date(2025, 6, 1))
    assert with_benefits(state, earlier).benefits == (earlier, january)


def test_what_is_told_is_stored() -> None:
    """Every digit of it comes back."""
    state = replace(books(), benefits=(FEBRUARY, MARCH))

    record = json.loads(json.dumps(commitments_record(state)))

    assert commitments_from_record(record) == state
