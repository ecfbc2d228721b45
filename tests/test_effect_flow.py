"""What prices and keys would have meant, shown before they are saved."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch
from zoneinfo import ZoneInfo

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.leg_invoicing import effect_flow
from custom_components.leg_invoicing.billing.calendar import Span, parse_period
from custom_components.leg_invoicing.billing.sharing_versions import SharingVersion
from custom_components.leg_invoicing.effect_flow import last_measured_month
from custom_components.leg_invoicing.runtime import terms_now
from tests import given
from tests.billing.build import ZURICH, at
from tests.forms import Form, choose, decide, fill, price_form, shown

pytestmark = [
    pytest.mark.usefixtures("recorder_mock", "no_statistics"),
    pytest.mark.freeze_time("2026-02-04 10:07:00+00:00"),
]

DAYS = "2026-01-10..2026-01-12"
PRICES = {"p_pv": 20, "p_con": 27.5, "p_grid_del": 6, "p_grid_con": 30}


@pytest.fixture
async def entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return a running community, measured on two days of last month."""
    entry = given.community(hass, model="split")
    await given.set_up(hass, entry)
    await given.measured(hass, DAYS, house_1="0.1/0.25", house_2="0.3/0")
    return entry


async def begin(hass: HomeAssistant, entry: MockConfigEntry, step_id: str) -> Form:
    """Open one of the forms behind the menu."""
    menu = await hass.config_entries.options.async_init(entry.entry_id)
    return await choose(hass.config_entries.options, menu, step_id)


def books(hass: HomeAssistant) -> bytes:
    """Return the bytes of the books."""
    return Path(hass.config.path(".storage/leg_invoicing.sonnenweg.books")).read_bytes()


async def test_prices_are_looked_at_before_they_are_saved(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Each house, and the community, as last month was and would have been.

    192 × 0.0625 and 0.1875 kWh were bought from the community, at 2.5 ct more.
    """
    flows, before = hass.config_entries.options, books(hass)
    form = await price_form(hass, entry)

    menu = await fill(flows, form, PRICES)

    assert menu["type"] is FlowResultType.MENU
    assert menu["step_id"] == "effect"
    assert menu["menu_options"] == ["save", "prices"]
    assert menu["description_placeholders"] == {
        "month": "2026-01",
        "currency": "CHF",
        "houses": "| House 1 | -4.44 | -4.14 | +0.30 |\n"
        "| House 2 | 15.48 | 16.38 | +0.90 |",
        "account": "2.40 | 3.60 | +1.20",
    }
    assert books(hass) == before

    # Back, where the answers still are.
    form = await choose(flows, menu, "prices")
    assert shown(form)["p_con"] == 27.5
    done = await decide(flows, form, PRICES | {"p_con": 26})
    assert done["type"] is FlowResultType.CREATE_ENTRY
    newest = entry.runtime_data.books.tariffs["Standard"].versions[-1]
    assert newest.valid_from == date(2026, 3, 1)
    assert newest.p_con.at(None).ct_per_kwh == Decimal(26)
    await hass.async_block_till_done()


@pytest.mark.parametrize(
    ("currency", "house_1", "account"),
    [
        ("JPY", "-5 | -5 | 0", "2 | 4 | +2"),
        ("KWD", "-4.440 | -4.140 | +0.300", "2.400 | 3.600 | +1.200"),
    ],
)
async def test_amounts_have_the_decimals_of_the_currency(
    hass: HomeAssistant, currency: str, house_1: str, account: str
) -> None:
    """Each is rounded, and the difference is that of what is shown."""
    entry = given.community(hass, model="split", currency=currency)
    await given.set_up(hass, entry)
    await given.measured(hass, DAYS, house_1="0.1/0.25", house_2="0.3/0")

    form = await price_form(hass, entry)
    menu = await fill(hass.config_entries.options, form, PRICES)

    shown_amounts = menu["description_placeholders"]
    assert shown_amounts["houses"].splitlines()[0] == f"| House 1 | {house_1} |"
    assert shown_amounts["account"] == account


async def test_a_key_is_looked_at_before_it_is_saved(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """By equal parts house 1 has all it uses, and house 2 the rest."""
    flows = hass.config_entries.options
    form = await begin(hass, entry, "sharing")
    key = {"valid_from": "2026-03-01", "allocation": "equal", "producers": "equal"}

    menu = await fill(flows, form, key)

    assert menu["menu_options"] == ["save", "sharing"]
    assert menu["description_placeholders"]["houses"] == (
        "| House 1 | -4.44 | -4.80 | -0.36 |\n| House 2 | 15.48 | 15.84 | +0.36 |"
    )
    assert terms_now(entry).community.sharing == (SharingVersion(),)
    form = await choose(flows, menu, "sharing")
    assert shown(form) == key
    done = await decide(flows, form, key)
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert len(terms_now(entry).community.sharing) == 2
    await hass.async_block_till_done()


@pytest.mark.freeze_time("2026-01-20 10:07:00+00:00")
async def test_nothing_to_compare_with(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """In the first month nobody can know; saving is possible all the same."""
    menu = await fill(
        hass.config_entries.options, await price_form(hass, entry), PRICES
    )

    assert menu["step_id"] == "effect_unknown"
    done = await hass.config_entries.options.async_configure(
        menu["flow_id"], {"next_step_id": "save"}
    )
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert len(entry.runtime_data.books.tariffs["Standard"].versions) == 2
    await hass.async_block_till_done()


async def test_nothing_measured_at_all(hass: HomeAssistant) -> None:
    """A community that was founded today can change its prices, too."""
    entry = given.community(hass, model="split")
    await given.set_up(hass, entry)

    menu = await fill(
        hass.config_entries.options, await price_form(hass, entry), PRICES
    )

    assert menu["step_id"] == "effect_unknown"


async def test_a_sensor_that_was_not_followed_then(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """What it would have cost is shown as far as it is known, which is said."""
    er.async_get(hass).async_get_or_create(
        "sensor", "exchange", "spot", suggested_object_id="spot"
    )
    hass.states.async_set("sensor.spot", "0.1", {"unit_of_measurement": "CHF/kWh"})
    form = await price_form(hass, entry)
    details = {"details": {"p_con": {"entity": "sensor.spot"}}}

    menu = await fill(hass.config_entries.options, form, PRICES | details)

    assert menu["step_id"] == "effect_partly"
    assert menu["menu_options"] == ["save", "prices"]
    assert menu["description_placeholders"]["houses"] == (
        "| House 1 | -4.44 | -7.44 | -3.00 |\n| House 2 | 15.48 | 6.48 | -9.00 |"
    )


async def test_it_takes_too_long(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Nobody waits for a very large community: it is said, and can be saved."""
    form = await price_form(hass, entry)

    with patch.object(effect_flow, "settle_beside", side_effect=TimeoutError):
        menu = await fill(hass.config_entries.options, form, PRICES)

    assert menu["step_id"] == "effect_unknown"


async def test_nobody_was_there_yet(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Measurements of a month in which nobody was billed show nothing."""
    data = entry.runtime_data
    await data.books.async_end_agreements("house_1", date(2026, 1, 1))
    await data.books.async_end_agreements("house_2", date(2026, 1, 1))
    form = await price_form(hass, entry)

    menu = await fill(hass.config_entries.options, form, PRICES)

    assert menu["step_id"] == "effect_unknown"
    await hass.async_block_till_done()


async def test_shares_that_would_have_been_too_many(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A key that could not have been used last month is not tried on it."""
    books = entry.runtime_data.books
    person = books.agreements[0].participant
    for first, weight in ((date(2026, 1, 15), "0.9"), (date(2026, 2, 15), "0.1")):
        await books.async_change_occupant(
            "house_1", first, person, "Standard", weight=Decimal(weight)
        )
    form = await begin(hass, entry, "sharing")
    key = {"valid_from": "2026-03-01", "allocation": "static"}
    flows = hass.config_entries.options
    form = await fill(flows, form, key | {"producers": "proportional"})

    menu = await fill(flows, form, {"House 1": 0, "House 2": 50})

    assert menu["step_id"] == "effect_unknown"
    await hass.async_block_till_done()


@pytest.mark.parametrize(
    ("first", "last", "now", "month"),
    [
        ("2026-01-05T00:00Z", "2026-02-04T00:00Z", "2026-02-04T12:00Z", "2026-01"),
        ("2025-12-05T00:00Z", "2026-01-04T00:00Z", "2026-02-04T12:00Z", "2026-01"),
        ("2025-12-05T00:00Z", "2025-12-31T23:00Z", "2026-02-04T12:00Z", "2025-12"),
        ("2026-02-02T00:00Z", "2026-02-04T00:00Z", "2026-02-04T12:00Z", None),
        ("2026-02-02T00:00Z", "2026-06-04T00:00Z", "2026-04-04T12:00Z", "2026-03"),
    ],
)
def test_the_last_month_that_was_measured(
    first: str, last: str, now: str, month: str | None
) -> None:
    """It is over by local clocks, and something in it was measured."""
    found = last_measured_month(Span(at(first), at(last)), at(now), ZoneInfo(ZURICH))

    assert found == (parse_period(month) if month else None)
