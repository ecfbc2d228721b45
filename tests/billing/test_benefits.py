"""What houses gain by their community, told beside the bill."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from custom_components.leg_invoicing.billing.bands import Band, Bands, Window
from custom_components.leg_invoicing.billing.benefits import (
    BenefitVersion,
    GridDiscount,
)
from custom_components.leg_invoicing.billing.calendar import Span, interval_starts
from custom_components.leg_invoicing.billing.invoice_records import (
    invoice_from_record,
    invoice_record,
)
from custom_components.leg_invoicing.billing.measurements import Measurements
from custom_components.leg_invoicing.billing.models import Model
from custom_components.leg_invoicing.billing.money import UnitPrice
from custom_components.leg_invoicing.billing.rates import SignalPrice
from custom_components.leg_invoicing.billing.records import settlement_record
from custom_components.leg_invoicing.billing.settlement import settle, settle_energy
from custom_components.leg_invoicing.billing.signals import SignalValue
from custom_components.leg_invoicing.billing.signals_named import signals_named
from custom_components.leg_invoicing.billing.statements import Settlement
from custom_components.leg_invoicing.billing.tally import Tally, tally
from custom_components.leg_invoicing.billing.tariffs import Price, TariffVersion
from tests.billing.build import (
    agreement,
    ct,
    measured,
    quarters,
    statement_of,
    telling,
    terms,
    version,
)
from tests.billing.test_records import invoices, worked_example

_FIELDS = {
    "grid_cost_ct",
    "grid_revenue_ct",
    "saved_ct",
    "not_compared",
    "co2_avoided_g",
    "grid_discount_ct",
    "grid_discounts",
}
_NOON = quarters("2026-06-01T12:00+02:00", 1)
_FOUR = quarters("2026-06-01T12:00+02:00", 4)


def _settled(
    model: Model = Model.POOL, *versions: TariffVersion, **told: Any
) -> Settlement:
    """Settle 1 and 2 kWh of use against 1.5 kWh of production by the second house."""
    community = terms(
        agreement("house_1"), agreement("house_2"), model=model, versions=versions
    )
    flowed = measured(_NOON, house_1=["1/0"], house_2=["2/1.5"])
    return settle(telling(community, BenefitVersion(**told)), _NOON, flowed)


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
    with pytest.raises(ValueError, match="p_standard has prices for noon"):
        replace(banded, bands=None)


def test_energy_from_the_community_avoids_co2() -> None:
    """As many grams as there are in a kWh from the grid, under any model."""
    for model in Model:
        settlement = _settled(model, co2_factor=UnitPrice(Decimal("128.4")))

        assert [
            s.benefits.co2_avoided for s in settlement.statements if s.benefits
        ] == [
            Decimal("64.2"),
            Decimal("128.4"),
        ]
        assert settlement.community.co2_avoided == Decimal("192.6")
        told = settlement_record(settlement, "2026-06")["community"]
        assert told["co2_avoided_g"] == Decimal("192.6")
    assert "co2_avoided_g" not in settlement_record(_settled(), "2026-06")["community"]


def _windy(span: Span) -> Measurements:
    """Return intervals of one kWh from the community, and grams where they are known."""
    grams = ("100", "unknown", "300.5", "-20")
    flowed = measured(span, house_1="1/0", house_2="0/1")
    starts = interval_starts(_FOUR, 15)
    signals = [
        SignalValue("grid_co2", start, value)
        for start, value in zip(starts, grams, strict=True)
        if start in span
    ]
    return replace(flowed, signals=signals)


def test_grams_may_follow_a_signal() -> None:
    """Each interval has its own; where they are not known, nothing is avoided."""
    factor = SignalPrice("grid_co2", multiplier=Decimal(2), offset=Decimal(1))
    agreed = terms(agreement("house_1"), agreement("house_2"))
    agreed = telling(agreed, BenefitVersion(co2_factor=factor))
    halves = (
        Span(_FOUR.start, _FOUR.start + 900),
        Span(_FOUR.start + 900, _FOUR.end),
    )

    whole = settle(agreed, _FOUR, _windy(_FOUR))
    parts = [settle_energy(agreed, half, _windy(half)) for half in halves]

    assert signals_named(agreed) == {"grid_co2"}
    # 2 × (100 + 300.5 − 20) + 3
    assert statement_of(whole, "house_1").co2_avoided == 764
    assert sum(statement_of(p, "house_1").co2_avoided or 0 for p in parts) == 764
    assert statement_of(whole, "house_2").co2_avoided == 0
    assert whole.findings == ()


def test_the_grid_takes_something_off_its_own_bill() -> None:
    """40 % of 9.5 ct/kWh, for energy from the community; the total is as ever."""
    discount = GridDiscount(percent=Decimal(40), grid_fee=UnitPrice(Decimal("9.5")))

    settlement = _settled(grid_discount=discount)

    told = statement_of(settlement, "house_1")
    assert told.grid_discount == ct("1.9")
    assert told.total == statement_of(_settled(), "house_1").total


def test_days_are_told_by_what_counts_on_them() -> None:
    """A period that crosses a change is split, and its lines are not."""
    midnight = quarters("2026-05-31T23:30+02:00", 4)
    flowed = measured(midnight, house_1="0.3/0", house_2="0/0.3")
    agreed = terms(agreement("house_1"), agreement("house_2"))
    fee = UnitPrice(Decimal(10))
    halves = [
        GridDiscount(percent=Decimal(percent), grid_fee=fee) for percent in (40, 20)
    ]
    june = date(2026, 6, 1)
    first = BenefitVersion(grid_discount=halves[0])
    second = BenefitVersion(
        valid_from=june,
        grid_discount=halves[1],
        co2_factor=UnitPrice(Decimal(100)),
    )

    whole = settle(telling(agreed, first, second), midnight, flowed)

    told = statement_of(whole, "house_1")
    assert told.benefits is not None
    assert [
        (each.discount, each.energy.kwh, each.taken_off)
        for each in told.benefits.grid_discounts
    ] == [
        (halves[0], Decimal("0.6"), ct("2.4")),
        (halves[1], Decimal("0.6"), ct("1.2")),
    ]
    assert told.grid_discount == ct("3.6")
    assert told.co2_avoided == 60
    assert told.lines == statement_of(settle(agreed, midnight, flowed), "house_1").lines
    # The same again, told a second time, is one discount.
    again = telling(agreed, first, replace(first, valid_from=june))
    told = statement_of(settle(again, midnight, flowed), "house_1")
    assert told.benefits is not None
    assert len(told.benefits.grid_discounts) == 1
    assert told.grid_discount == ct("4.8")


def test_a_signal_that_is_followed_from_a_day_on() -> None:
    """It is recorded all the time, and counts from that day on."""
    factor = SignalPrice("grid_co2")
    agreed = terms(agreement("house_1"), agreement("house_2"))
    later = BenefitVersion(valid_from=date(2026, 6, 2), co2_factor=factor)
    day = Span(_FOUR.start, _FOUR.end)

    told = settle(telling(agreed, BenefitVersion(), later), day, _windy(day))

    assert statement_of(told, "house_1").co2_avoided is None
    assert signals_named(telling(agreed, BenefitVersion(), later)) == {"grid_co2"}


def test_a_discount_of_earlier_versions() -> None:
    """An invoice that was stored with one for all its energy keeps it."""
    discount = GridDiscount(percent=Decimal(40), grid_fee=UnitPrice(Decimal("9.5")))
    record = invoice_record(invoices(_settled(grid_discount=discount), "2026-06")[0])
    earlier = {k: v for k, v in record.items() if k != "grid_discounts"} | {
        "grid_discount_percent": "40",
        "grid_fee_ct_per_kwh": "9.5",
    }

    assert invoice_record(invoice_from_record(earlier)) == record


def test_what_a_community_tells_is_written_and_read_back() -> None:
    """Its fields stand in an invoice's record, and nothing of them is lost."""
    discount = GridDiscount(percent=Decimal(40), grid_fee=UnitPrice(Decimal("9.5")))
    told = _settled(co2_factor=UnitPrice(Decimal("128.4")), grid_discount=discount)
    record = invoice_record(invoices(told, "2026-06")[0])

    assert {
        "co2_avoided_g": Decimal("64.2"),
        "grid_discount_ct": Decimal("1.9"),
        "grid_discounts": [
            {
                "percent": Decimal(40),
                "grid_fee_ct_per_kwh": Decimal("9.5"),
                "energy_kwh": Decimal("0.5"),
                "amount_ct": Decimal("1.9"),
            }
        ],
    }.items() <= record.items()
    assert invoice_record(invoice_from_record(record)) == record


def test_earlier_bills_say_nothing_of_benefits() -> None:
    """An invoice that was stored without them is read, and written again, without."""
    (invoice,) = invoices(worked_example(), "2026-01")
    record = invoice_record(invoice)
    assert invoice_record(invoice_from_record(record)) == record
    earlier = {key: value for key, value in record.items() if key not in _FIELDS}

    again = invoice_from_record(earlier)

    assert again.statement.benefits is None
    assert again.statement.saved is None
    assert invoice_record(again) == earlier


def test_totals_go_on() -> None:
    """What sensors show of CO₂ adds up, and is unknown where it is not told."""
    told = tally(_settled(co2_factor=UnitPrice(Decimal("128.4"))))

    assert (Tally() + told + told).house("house_1").co2_avoided == Decimal("128.4")
    assert (told + tally(_settled())).house("house_1").co2_avoided == Decimal("64.2")
    assert tally(_settled()).house("house_1").co2_avoided is None
