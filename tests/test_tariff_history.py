"""A tariff's versions in words."""

from homeassistant.core import HomeAssistant

from custom_components.leg_invoicing.billing.tariff_record import version_from_written
from custom_components.leg_invoicing.billing.tariffs import Tariff
from custom_components.leg_invoicing.billing.written import Written
from custom_components.leg_invoicing.tariff_history import versions_in_words


async def test_tiers_and_percentages_are_told_in_short(hass: HomeAssistant) -> None:
    """Whatever a price is made of stands in one cell of the table."""
    prices = {
        "valid_from": "2026-01-01",
        "p_pv": {"percent": "60", "of": "p_grid_con"},
        "p_con": {"tiers": [{"to": "100", "price": "10"}, {"price": "25"}]},
        "p_grid_del": "6",
        "p_grid_con": "30",
    }
    tariff = Tariff("home", (version_from_written(Written(prices), 15),))

    row = versions_in_words(hass, {"home": tariff})

    assert row.startswith("| home | 2026-01-01 | percent 60, of p_grid_con |")
    assert "tiers to 100, price 10; price 25" in row
