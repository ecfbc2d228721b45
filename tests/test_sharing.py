"""Choosing how production is shared: the form, the action, and what it changes."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
import probatio as vol
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import yaml

from custom_components.leg_invoicing import sharing_flow
from custom_components.leg_invoicing.billing.allocation import AllocationKey
from custom_components.leg_invoicing.billing.sharing_versions import SharingVersion
from custom_components.leg_invoicing.const import DOMAIN
from custom_components.leg_invoicing.runtime import terms_now
from tests import given
from tests.forms import Form, choose, decide, fill, refused, shown

pytestmark = [
    pytest.mark.usefixtures("recorder_mock", "no_statistics"),
    pytest.mark.freeze_time("2026-02-04 10:07:00+00:00"),
]

TWO_DAYS = "2026-02-01..2026-02-03"
KEY = {"valid_from": "2026-02-03", "allocation": "static", "producers": "proportional"}


@pytest.fixture
async def entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return a running community, measured on two days that are over."""
    entry = given.community(hass, model="split")
    await given.set_up(hass, entry)
    await given.measured(hass, TWO_DAYS, house_1="0.1/0.25", house_2="0.3/0")
    return entry


async def begin(hass: HomeAssistant, entry: MockConfigEntry) -> Form:
    """Open the form behind the menu."""
    menu = await hass.config_entries.options.async_init(entry.entry_id)
    return await choose(hass.config_entries.options, menu, "sharing")


async def answer(hass: HomeAssistant, form: Form, **answers: Any) -> Form:
    """Submit a form."""
    return await fill(hass.config_entries.options, form, answers)


async def decided(hass: HomeAssistant, form: Form, **answers: Any) -> Form:
    """Submit the last form, and save."""
    return await decide(hass.config_entries.options, form, answers)


async def set_sharing(hass: HomeAssistant, **data: Any) -> None:
    """Call the action."""
    await hass.services.async_call(DOMAIN, "set_sharing", data, blocking=True)


def versions(entry: MockConfigEntry) -> tuple[SharingVersion, ...]:
    """Return what has been chosen so far, without what was since ever."""
    return terms_now(entry).community.sharing[1:]


async def test_a_key_that_needs_nothing(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Chosen in one form; options and other settings stay."""
    form = await begin(hass, entry)
    assert shown(form) == {
        "valid_from": "2026-03-01",
        "allocation": "proportional",
        "producers": "proportional",
    }

    result = await decided(hass, form, **KEY | {"allocation": "equal"})

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options["payment_term_days"] == 30
    assert versions(entry) == (
        SharingVersion(valid_from=date(2026, 2, 3), allocation=AllocationKey.EQUAL),
    )
    await hass.async_block_till_done()


async def test_shares_and_an_order(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Each is asked for where a key needs it, house by house, in per cent."""
    form = await answer(
        hass, await begin(hass, entry), **KEY | {"producers": "priority"}
    )
    assert form["step_id"] == "sharing_weights"
    assert shown(form) == {"House 1": 0.0, "House 2": 0.0}

    form = await answer(hass, form, **{"House 1": 12.5, "House 2": 0})
    assert form["step_id"] == "sharing_order"
    assert shown(form) == {"order": []}

    result = await decided(hass, form, order=["house_2"])
    assert result["type"] is FlowResultType.CREATE_ENTRY
    chosen = SharingVersion(
        valid_from=date(2026, 2, 3),
        allocation=AllocationKey.STATIC,
        producers=AllocationKey.PRIORITY,
        weights={"house_1": Decimal("0.125")},
        order=("house_2",),
    )
    assert versions(entry) == (chosen,)
    await hass.async_block_till_done()

    # The next time, the forms begin with what counts.
    form = await begin(hass, entry)
    assert shown(form)["producers"] == "priority"
    form = await answer(hass, form, **KEY | {"producers": "priority"})
    assert shown(form) == {"House 1": 12.5, "House 2": 0.0}
    form = await answer(hass, form, **{"House 1": 12.5, "House 2": 0})
    assert shown(form) == {"order": ["house_2"]}


async def test_refusals(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """A closed period and shares of more than all are refused, and put right."""
    await given.call(hass, "close_period", period=TWO_DAYS)
    form = await begin(hass, entry)

    form = await answer(hass, form, **KEY | {"valid_from": "2026-02-02"})
    assert refused(
        form, "base", "sharing_used", valid_from="2026-02-02", period=TWO_DAYS
    )
    form = await answer(hass, form, **KEY)
    form = await answer(hass, form, **{"House 1": 60, "House 2": 40.5})
    assert refused(form, "base", "weights_over_one", day="2026-02-03", total="100.5")
    assert shown(form) == {"House 1": 60, "House 2": 40.5}
    form = await answer(hass, form, **{"House 1": float("nan"), "House 2": 40})
    assert refused(form, "House 1", "number_invalid")
    assert versions(entry) == ()

    result = await decided(hass, form, **{"House 1": 60, "House 2": 40})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()


async def test_it_cannot_be_written(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """When the disk is full one can begin again with the same answers."""
    form = await begin(hass, entry)
    error = HomeAssistantError("no room left")
    with patch.object(sharing_flow, "async_set_sharing", side_effect=error):
        form = await decided(hass, form, **KEY | {"allocation": "equal"})
    assert refused(form, "base", "no room left")
    assert shown(form) == KEY | {"allocation": "equal"}

    result = await decided(hass, form, **KEY | {"allocation": "equal"})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()


async def test_an_action_sets_it(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Houses are named as people call them, or by their ids; numbers are exact."""
    await set_sharing(
        hass,
        valid_from="2026-02-03",
        allocation="hybrid",
        producers="priority",
        weights={"house 1": 0.1, "house_2": "0.9"},
        order=["House 2", "house_1"],
    )

    assert versions(entry) == (
        SharingVersion(
            valid_from=date(2026, 2, 3),
            allocation=AllocationKey.HYBRID,
            producers=AllocationKey.PRIORITY,
            weights={"house_1": Decimal("0.1"), "house_2": Decimal("0.9")},
            order=("house_2", "house_1"),
        ),
    )


@pytest.mark.parametrize(
    ("weight", "key"),
    [(1.5, "not_a_weight"), (-0.1, "not_a_weight"), ("0,4", "not_a_number")],
)
async def test_what_is_no_weight_is_refused(
    hass: HomeAssistant, entry: MockConfigEntry, weight: object, key: str
) -> None:
    """The refusal names the value, and how to write it."""
    with given.refused(key, value=str(weight)):
        await set_sharing(
            hass,
            valid_from="2026-02-03",
            allocation="equal",
            weights={"house_1": weight},
        )


@pytest.mark.parametrize(
    "wrong",
    [
        {"allocation": "fair"},
        {"producers": "static"},
        {"valid_from": "tomorrow"},
        {"weights": [0.4]},
        {"weight": {}},
    ],
)
async def test_what_is_no_sharing_is_refused(
    hass: HomeAssistant, entry: MockConfigEntry, wrong: Mapping[str, Any]
) -> None:
    """An action that is misspelt changes nothing."""
    with pytest.raises(vol.Invalid):
        await set_sharing(
            hass, **{"valid_from": "2026-02-03", "allocation": "equal"} | wrong
        )

    assert versions(entry) == ()


async def test_houses_of_an_action(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """A house that is unknown, or said twice, is refused by name."""
    about = {"valid_from": "2026-02-03", "allocation": "priority"}
    with given.refused("house_unknown", house="garage"):
        await set_sharing(hass, **about, order=["garage"])
    with given.refused("sharing_house_twice", house="House 1"):
        await set_sharing(hass, **about, order=["house_1", "House 1"])
    weights = {"house_1": 0.6, "house_2": 0.6}
    with given.refused("weights_over_one", day="2026-02-03", total="120"):
        await set_sharing(hass, **about, weights=weights)


async def test_sensors_follow_the_key(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """What is shown is settled by the key that counts."""
    coordinator = entry.runtime_data.coordinator
    before = coordinator.data.so_far.house("house_2").energy.local_import

    await set_sharing(
        hass, valid_from="2026-02-01", allocation="priority", order=["house_2"]
    )
    await hass.async_block_till_done()

    after = coordinator.data.so_far.house("house_2").energy.local_import
    assert (before.mwh, after.mwh) == (192 * 187_500, 192 * 250_000)


async def test_a_closed_period_keeps_its_key(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """The terms that were frozen with it say how it was shared, for ever."""
    await set_sharing(
        hass,
        valid_from="2026-02-01",
        allocation="hybrid",
        weights={"house_1": 0.4, "house_2": 0.6},
    )
    await given.call(hass, "close_period", period=TWO_DAYS)
    books = entry.runtime_data.books
    issued = await books.async_issued(books.closed[0])

    await set_sharing(hass, valid_from="2026-02-03", allocation="equal")
    with given.refused("sharing_used", valid_from="2026-02-02", period=TWO_DAYS):
        await set_sharing(hass, valid_from="2026-02-02", allocation="equal")

    assert await books.async_issued(books.closed[0]) == issued
    (frozen,) = yaml.safe_load(issued["terms"])["community"]["sharing"]
    assert frozen == {
        "valid_from": date(2026, 2, 1),
        "allocation": "hybrid",
        "weights": {"house_1": 0.4, "house_2": 0.6},
    }
    invoice = issued["invoices"][1]
    # 0.6 of the 0.25 kWh in each quarter hour; house 1 uses its 0.1 as well.
    assert Decimal(str(invoice["local_import_kwh"])) == 192 * Decimal("0.15")
