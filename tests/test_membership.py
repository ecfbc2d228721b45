"""Moving out and leaving, through actions; who is billed then."""

from datetime import date
from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.leg_invoicing.const import DOMAIN
from tests import given

pytestmark = [
    pytest.mark.usefixtures("recorder_mock", "no_statistics"),
    pytest.mark.freeze_time("2026-03-10 12:00:00+00:00"),
]


@pytest.fixture
async def entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return a community of two houses that runs."""
    entry = given.community(hass)
    await given.set_up(hass, entry)
    return entry


async def tell(hass: HomeAssistant, action: str, **data: Any) -> None:
    """Call an action that has no answer."""
    await hass.services.async_call(DOMAIN, action, data, blocking=True)


async def billed(hass: HomeAssistant, period: str) -> list[tuple[str, str, bool, str]]:
    """Return whom a period bills for which house, and from when on."""
    preview = await given.call(hass, "preview_period", period=period)
    return [
        (s["house_id"], s["participant"], s["vacancy"], s["from"])
        for s in preview["statements"]
    ]


async def test_who_moves_out_leaves_the_bill_to_the_owner(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Which is the community itself, as long as nobody said otherwise."""
    await given.measured(hass, "2026-01", house_1="0.1/0.2", house_2="0.1/0")

    await tell(hass, "move_out", house="House 2", day="2026-01-16")

    assert await billed(hass, "2026-01") == [
        ("house_1", "Person 1", False, "2026-01-01"),
        ("house_2", "Person 2", False, "2026-01-01"),
        ("house_2", "Sonnenweg LEG", True, "2026-01-16"),
    ]
    closed = await given.call(hass, "close_period", period="2026-01")
    vacancy = closed["invoices"][-1]
    assert (vacancy["invoice_id"], vacancy["vacancy"]) == ("INV-2026-003", True)
    assert vacancy["recipient"]["name"] == "Sonnenweg LEG"
    # 16 days of 9.6 kWh, at 25 ct
    assert vacancy["total_ct"] == 3840

    with given.refused("ends_in_closed_period", house="House 2", period="2026-01"):
        await tell(hass, "move_out", house="house_2", day="2026-02-01")


async def test_a_house_that_left_is_billed_to_nobody(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Nor does what it measures take part."""
    await given.measured(hass, "2026-01", house_1="0.1/0.2", house_2="0.1/0")

    await tell(hass, "leave_community", house="house 2", day="2026-01-16")

    preview = await given.call(hass, "preview_period", period="2026-01")
    assert preview["community"]["total_consumption_kwh"] == 297.6 + 144
    assert preview["findings"] == []
    assert await billed(hass, "2026-01") == [
        ("house_1", "Person 1", False, "2026-01-01"),
        ("house_2", "Person 2", False, "2026-01-01"),
    ]
    assert entry.runtime_data.books.commitments.left == {
        "house_2": (date(2026, 1, 16),)
    }
    with given.refused("house_has_left", house="House 2", day="2026-01-16"):
        await tell(hass, "leave_community", house="house_2", day="2026-02-01")


async def test_a_house_that_is_removed_has_left(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """With the end of the day; starting again changes nothing about it."""
    hass.config_entries.async_remove_subentry(entry, "subentry_2")
    await hass.async_block_till_done()
    left = {"house_2": (date(2026, 3, 11),)}
    assert entry.runtime_data.books.commitments.left == left

    await hass.config_entries.async_reload(entry.entry_id)
    assert entry.runtime_data.books.commitments.left == left


async def test_nobody_moves_out_before_anybody_was_there(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """The house and the day are named."""
    with given.refused("nobody_moves_out", house="House 1", day="2026-01-01"):
        await tell(hass, "move_out", house="house_1", day="2026-01-01")
    with given.refused("house_unknown", house="garage"):
        await tell(hass, "move_out", house="garage", day="2026-01-01")
