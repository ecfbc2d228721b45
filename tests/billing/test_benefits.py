"""What houses gain by their community, told beside the bill."""

from dataclasses import replace
from decimal import Decimal

import pytest

from custom_components.leg_invoicing.billing.bands import Band, Bands, Window
from custom_components.leg_invoicing.billing.invoice_records import (
    invoice_from_record,
    invoice_record,
)
from custom_components.leg_invoicing.billing.models import Model
from custom_components.leg_invoicing.billing.money import UnitPrice
from custom_components.leg_invoicing.billing.records import settlement_record
from custom_components.leg_invoicing.billing.settlement import settle
from custom_components.leg_invoicing.billing.statements import Settlement
from custom_components.leg_invoicing.billing.tariffs import (
    Price,
    TariffError,
    TariffVersion,
)
from tests.billing.build import (
    agreement,
    ct,
    measured,
    quarters,
    statement_of,
    terms,
    version,
)
from tests.billing.test_records import invoices, worked_example

_NOON = quarters("2026-06-01T12:00+02:00", 1)


def _settled(model: Model = Model.POOL, *versions: TariffVersion) -> Settlement:
    """Settle 1 and 2 kWh of use against 1.5 kWh of production by the second house."""
    community = terms(
        agreement("house_1"), agreement("house_2"), model=model, versions=versions
    )
    flowed = measured(_NOON, house_1=["1/0"], house_2=["2/1.5"])
    return settle(community, _NOON, flowed)


@pytest.mark.parametrize(
    ("model", "elsewhere_1", "saved_1", "elsewhere_2", "saved_2"),
    [
        # 30 ct alone, 6 ct for what is delivered; half of the use is local.
        (Model.POOL, ("30", "0"), "5", ("60", "9"), "31"),
        (Model.SPLIT, ("30", "0"), "2.5", ("60", "9"), "26"),
        (Model.LOCAL_ONLY, ("15", "0"), "2.5", ("30", "9"), "26"),
        # At this hour everybody pays (30 + 20) / 2 ct.
        (Model.BREAK_EVEN, ("30", "0"), "5", ("60", "9"), "31"),
    ],
)
def test_what_is_billed_is_compared_with_the_grids_prices(
    model: Model,
    elsewhere_1: tuple[str, str],
    saved_1: str,
    elsewhere_2: tuple[str, str],
    saved_2: str,
) -> None:
    """Each model compares the energy that it bills, and houses sum up."""
    settlement = _settled(model)

    for house_id, (cost, revenue), saved in (
        ("house_1", elsewhere_1, saved_1),
        ("house_2", elsewhere_2, saved_2),
    ):
        statement = statement_of(settlement, house_id)
        assert statement.benefits is not None
        assert statement.benefits.grid_cost == ct(cost)
        assert statement.benefits.grid_revenue == ct(revenue)
        assert statement.saved == ct(saved)
    record = settlement_record(settlement, "2026-06")
    assert record["community"]["saved_ct"] == Decimal(saved_1) + Decimal(saved_2)
    assert [s["saved_ct"] for s in record["statements"]] == [
        Decimal(saved_1),
        Decimal(saved_2),
    ]


def test_a_dear_community_saves_less_than_nothing() -> None:
    """What costs more than elsewhere is told with its sign."""
    settlement = _settled(Model.POOL, version(p_con="32.5"))

    assert statement_of(settlement, "house_1").saved == ct("-2.5")


def test_the_standard_product_is_what_a_house_would_pay_alone() -> None:
    """It may be another price than the one at which the community buys."""
    settlement = _settled(Model.POOL, version(p_standard="33"))

    assert statement_of(settlement, "house_1").saved == ct("8")
    assert settlement.community.value_grid_import == ct("45")


def test_prices_elsewhere_are_those_of_the_band() -> None:
    """Energy is compared at the price of the time at which it flowed."""
    noon = Band("noon", (Window(start=12 * 60, end=13 * 60),))
    standard = Price(
        (("noon", UnitPrice(Decimal(27))), ("else", UnitPrice(Decimal(99))))
    )
    banded = replace(version(), bands=Bands((noon,), rest="else"), p_standard=standard)

    settlement = _settled(Model.POOL, banded)

    assert statement_of(settlement, "house_1").saved == ct("2")
    with pytest.raises(TariffError, match="p_standard has prices for noon"):
        replace(banded, bands=None)


def test_earlier_bills_say_nothing_of_benefits() -> None:
    """An invoice that was stored without them is read, and written again, without."""
    (invoice,) = invoices(worked_example(), "2026-01")
    record = invoice_record(invoice)
    assert invoice_record(invoice_from_record(record)) == record
    earlier = {
        key: value
        for key, value in record.items()
        if key not in ("grid_cost_ct", "grid_revenue_ct", "saved_ct")
    }

    again = invoice_from_record(earlier)

    assert again.statement.benefits is None
    assert again.statement.saved is None
    assert invoice_record(again) == earlier
