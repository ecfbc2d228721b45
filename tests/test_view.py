"""The prices that sensors show."""

from dataclasses import replace
from decimal import Decimal

from custom_components.leg_invoicing.billing.bands import Band, Bands, Window
from custom_components.leg_invoicing.billing.house_energy import HouseEnergy
from custom_components.leg_invoicing.billing.models import Model
from custom_components.leg_invoicing.billing.money import UnitPrice
from custom_components.leg_invoicing.billing.tally import Tally
from custom_components.leg_invoicing.billing.tariffs import Price
from custom_components.leg_invoicing.view import prices_in_force
from tests.billing.build import agreement, kwh, quarters, terms, version

_NOON = quarters("2026-01-05T12:00+01:00", 1)
_MIDNIGHT = quarters("2026-01-05T23:45+01:00", 1)


def test_a_price_is_that_of_the_band() -> None:
    """By night the night's, up to the end of its last interval."""
    rates = (("night", UnitPrice(Decimal(18))), ("day", UnitPrice(Decimal(25))))
    night = Band("night", (Window(start=22 * 60, end=6 * 60),))
    banded = replace(version(), bands=Bands((night,), rest="day"), p_con=Price(rates))
    community = terms(agreement("house_1"), versions=[banded])

    shown = [
        prices_in_force(community, span, Tally())["house_1"].p_con.ct_per_kwh
        for span in (_NOON, _MIDNIGHT)
    ]

    assert shown == [25, 18]


def test_a_price_that_breaks_even_is_that_of_the_newest_interval() -> None:
    """It is the same for all houses; without a price there is none."""
    community = terms(
        agreement("house_1"), agreement("house_2"), model=Model.BREAK_EVEN
    )
    newest = Tally(
        energy=HouseEnergy(
            imported=kwh("11"),
            exported=kwh("10"),
            local_import=kwh("10"),
            local_export=kwh("10"),
        )
    )

    shown = prices_in_force(community, _NOON, newest)

    assert {prices.p_con.ct_per_kwh for prices in shown.values()} == {
        Decimal("20.909091")
    }
    assert shown.keys() == {"house_1", "house_2"}
    later = terms(
        agreement("house_1"),
        model=Model.BREAK_EVEN,
        versions=[version("2026-02-01")],
    )
    assert prices_in_force(later, _NOON, newest) == {}
