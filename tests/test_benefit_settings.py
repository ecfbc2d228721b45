"""Setting what a community tells beside its bills."""

from decimal import Decimal
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.leg_invoicing.billing.benefits import Ceiling, GridDiscount
from custom_components.leg_invoicing.billing.money import UnitPrice
from custom_components.leg_invoicing.runtime import terms_now
from tests import given
from tests.forms import Form, choose, fill, refused, shown

pytestmark = pytest.mark.usefixtures("recorder_mock")

_ALL = {
    "co2": 128.5,
    "discount_percent": 40.0,
    "grid_fee": 9.5,
    "ceiling_percent": 80.0,
}


@pytest.fixture
async def entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return a community that runs."""
    entry = given.community(hass)
    await given.set_up(hass, entry)
    return entry


async def _begin(hass: HomeAssistant, entry: MockConfigEntry) -> Form:
    menu = await hass.config_entries.options.async_init(entry.entry_id)
    return await choose(hass.config_entries.options, menu, "benefits")


async def test_what_is_told(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Nothing is told at first; what is set counts at once, and can be taken back."""
    form = await _begin(hass, entry)
    assert set(shown(form).values()) == {None}

    result = await fill(hass.config_entries.options, form, _ALL)
    await hass.async_block_till_done()

    assert result["type"] is FlowResultType.CREATE_ENTRY
    community = terms_now(entry).community
    assert community.co2_factor == UnitPrice(Decimal("128.5"))
    assert community.grid_discount == GridDiscount(
        percent=Decimal(40), grid_fee=UnitPrice(Decimal("9.5"))
    )
    assert community.ceiling == Ceiling(percent=Decimal(80))
    form = await _begin(hass, entry)
    assert shown(form) == _ALL

    await fill(hass.config_entries.options, form, {"co2": 0.0})
    await hass.async_block_till_done()

    community = terms_now(entry).community
    assert community.co2_factor is None
    assert community.grid_discount is None
    assert community.ceiling is None


@pytest.mark.parametrize(
    ("wrong", "field", "key"),
    [
        ({"discount_percent": 40.0}, "grid_fee", "grid_discount_incomplete"),
        ({"grid_fee": 9.5}, "discount_percent", "grid_discount_incomplete"),
        ({"co2": float("nan")}, "co2", "number_invalid"),
    ],
)
async def test_refusals(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    wrong: dict[str, Any],
    field: str,
    key: str,
) -> None:
    """A discount needs both of its numbers; once corrected, it is taken."""
    form = await fill(hass.config_entries.options, await _begin(hass, entry), wrong)
    assert refused(form, field, key)
    assert "benefits" not in entry.options

    result = await fill(hass.config_entries.options, form, _ALL)
    assert result["type"] is FlowResultType.CREATE_ENTRY
