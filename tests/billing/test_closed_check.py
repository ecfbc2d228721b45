"""What later measurements would change in a bill."""

from custom_components.leg_invoicing.billing.agreements import Party
from custom_components.leg_invoicing.billing.calendar import parse_period
from custom_components.leg_invoicing.billing.closed_check import changed_bills
from custom_components.leg_invoicing.billing.findings import Finding
from custom_components.leg_invoicing.billing.invoices import Letterhead, issue
from custom_components.leg_invoicing.billing.settlement import settle
from custom_components.leg_invoicing.billing.statements import Settlement
from tests.billing.build import (
    ZURICH,
    agreement,
    at,
    kwh,
    measured,
    period,
    quarters,
    terms,
)

PERIOD = "2026-01-01..2026-01-02"
START = "2026-01-01T00:00+01:00"
TERMS = terms(agreement("house_1"), agreement("house_2"))


def settled(**houses: list[str | None]) -> Settlement:
    """Settle the first quarter hours of a day."""
    span = period(PERIOD, TERMS)
    return settle(TERMS, span, measured(quarters(START, 2), **houses))


def changes(before: Settlement, after: Settlement) -> tuple[Finding, ...]:
    """Issue one settlement, and compare it with another one."""
    letterhead = Letterhead(
        community_id="c",
        community_name="C",
        issuer=Party(name="C"),
        timezone=ZURICH,
        currency="CHF",
        payment_term_days=30,
    )
    the_period = parse_period(PERIOD)
    invoices = issue(
        before,
        letterhead,
        the_period,
        issued_on=the_period.end,
        last_sequence=0,
        house_names={},
        registers={},
    )
    return changed_bills(the_period, invoices, after)


def test_each_house_that_would_owe_otherwise() -> None:
    """A finding names the house, the energy, and what it owes less or more."""
    before = settled(house_1=["1/0", "1/0"], house_2=["0/2", "0/2"])
    after = settled(house_1=["1/0", "2/0"], house_2=["0/2", "0/1.5"])

    first, second = changes(before, after)

    assert (first.key, first.blocking) == ("closed_period_changed:house_1", False)
    assert first.energy == kwh("1")
    assert first.span == before.span
    assert first.span.start == at(START)
    assert first.details == {
        "period": PERIOD,
        "billed": "0.50",
        "now": "0.75",
        "difference": "+0.25",
    }
    assert second.energy == kwh("0.5")
    assert second.details["difference"] == "+0.10"


def test_nothing_to_say_where_nobody_owes_otherwise() -> None:
    """The same amounts are no finding, however the energy is spread."""
    before = settled(house_1=["1/0", "1/0"], house_2=["0/2", "0/2"])
    after = settled(house_1=["0/0", "2/0"], house_2=["0/2", "0/2"])

    assert changes(before, before) == ()
    assert changes(before, after) == ()
