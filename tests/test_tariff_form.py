"""Prices from a day on, in the form that asks for them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.leg_invoicing.billing.money import UnitPrice
from custom_components.leg_invoicing.billing.tariff_written import written_version
from custom_components.leg_invoicing.billing.tariffs import Price, TariffVersion
from custom_components.leg_invoicing.books import Books
from custom_components.leg_invoicing.const import DOMAIN
from tests import given
from tests.forms import choose, close, decide, fill, price_form, refused, shown

pytestmark = pytest.mark.usefixtures("recorder_mock")

PRICES: dict[str, Any] = {"p_pv": 18, "p_con": 24.5, "p_grid_del": -1, "p_grid_con": 31}
_FURTHER = (
    "p_standard",
    "bands",
    "fees",
    "discounts",
    "vat_mode",
    "vat_rate",
    "vat_reason",
    "details",
)
"""The fields of prices that may be empty."""


@pytest.fixture
async def entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return a community that runs."""
    entry = given.community(hass)
    await given.set_up(hass, entry)
    return entry


@pytest.mark.freeze_time("2026-12-15 12:00:00+00:00")
async def test_new_prices(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """New prices are valid from a day on, and leave the earlier ones alone."""
    form = await price_form(hass, entry)
    assert shown(form) == {
        "valid_from": "2027-01-01",
        "p_pv": 20.0,
        "p_con": 25.0,
        "p_grid_del": 6.0,
        "p_grid_con": 30.0,
        **dict.fromkeys(_FURTHER),
    }

    result = await decide(hass.config_entries.options, form, PRICES)

    assert result["type"] is FlowResultType.CREATE_ENTRY
    tariff = entry.runtime_data.books.tariffs["Standard"]
    assert [v.valid_from for v in tariff.versions] == [
        date(2026, 1, 1),
        date(2027, 1, 1),
    ]
    assert tariff.versions[-1] == TariffVersion(
        valid_from=date(2027, 1, 1),
        p_pv=Price.flat(UnitPrice(Decimal(18))),
        p_con=Price.flat(UnitPrice(Decimal("24.5"))),
        p_grid_del=Price.flat(UnitPrice(Decimal(-1))),
        p_grid_con=Price.flat(UnitPrice(Decimal(31))),
    )
    await hass.async_block_till_done()
    assert entry.options["payment_term_days"] == 30


async def test_prices_count_at_once(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """What the sensors show is settled anew by the new prices."""
    form = await price_form(hass, entry)
    await decide(
        hass.config_entries.options, form, PRICES | {"valid_from": "2026-01-01"}
    )
    await hass.async_block_till_done()

    prices = entry.runtime_data.coordinator.data.grid_prices
    assert prices.p_grid_con == UnitPrice(Decimal(31))


_REST = {"name": "high", "rest": True}
_TABLES: dict[str, Any] = {
    "p_standard": 29.4,
    "bands": [
        {"name": "day", "days": ["mon", "tue"], "from": "06:00", "to": "22:00"},
        {"name": "day", "days": ["wed"], "season": "10-01..03-31", "p_con": 25.5},
        {"name": "night", "rest": True, "p_con": 18.2, "p_pv": 17.0},
    ],
    "fees": [
        {"name": "Base fee", "amount": 500.0, "per": "month"},
        {"name": "Metering", "amount": 300.0, "per": "month", "each": "meter"},
    ],
    "discounts": [
        {"name": "Loyalty", "percent": 5.0, "of": "energy"},
        {"name": "Founders", "amount": 200.0, "per": "year"},
    ],
    "vat_mode": "on_top",
    "vat_rate": 8.1,
}


@pytest.mark.freeze_time("2026-12-15 12:00:00+00:00")
async def test_tables(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Bands, fees, discounts and VAT have fields, and the next version begins with them."""
    form = await price_form(hass, entry)
    await decide(hass.config_entries.options, form, PRICES | _TABLES)
    await hass.async_block_till_done()

    version = entry.runtime_data.books.tariffs["Standard"].versions[-1]
    assert written_version(version) == {
        "valid_from": "2027-01-01",
        "bands": [
            {"name": "day", "days": ["mon", "tue"], "from": "06:00", "to": "22:00"},
            {"name": "day", "days": ["wed"], "season": "10-01..03-31"},
            {"name": "night", "rest": "true"},
        ],
        # Where a row says none, it is the one above.
        "p_pv": {"day": "18", "night": "17"},
        "p_con": {"day": "25.5", "night": "18.2"},
        "p_grid_del": "-1",
        "p_grid_con": "31",
        "p_standard": "29.4",
        "fees": [
            {"name": "Base fee", "amount": "500", "per": "month"},
            {"name": "Metering", "amount": "300", "per": "month", "each": "meter"},
        ],
        "discounts": [
            {"name": "Loyalty", "percent": "5", "of": "energy"},
            {"name": "Founders", "amount": "200", "per": "year"},
        ],
        "vat": {"mode": "on_top", "rate": "8.1"},
    }
    form = await price_form(hass, entry)
    again = shown(form)
    assert (again["p_con"], again["p_pv"]) == (25.5, 18.0)
    day, day_too, night = _TABLES["bands"]
    assert again["bands"] == [
        day,
        {key: value for key, value in day_too.items() if key != "p_con"},
        night,
    ]
    assert again | {"bands": None} == {
        **PRICES,
        "valid_from": "2027-01-01",
        "p_con": 25.5,
        **dict.fromkeys(_FURTHER),
        **_TABLES,
        "bands": None,
    }

    # What is shown means the same once more, but for what is changed.
    answers = {key: value for key, value in again.items() if value is not None}
    await decide(hass.config_entries.options, form, answers | {"p_con": 27.0})
    await hass.async_block_till_done()
    tariff = entry.runtime_data.books.tariffs["Standard"]
    day_price = Price(
        (("day", UnitPrice(Decimal(27))), ("night", UnitPrice(Decimal("18.2"))))
    )
    assert tariff.versions[-1] == replace(version, p_con=day_price)


@pytest.mark.parametrize(
    ("wrong", "field", "key", "about"),
    [
        ({"details": {"bands": []}}, "bands", "said_in_details", "bands"),
        (
            {"details": {"p_con": {"day": 1, "night": 2}}},
            "bands",
            "said_in_details",
            "p_con",
        ),
        ({"details": {"vat": {"mode": "none"}}}, "vat_mode", "said_in_details", "vat"),
        ({"details": {"fees": []}}, "fees", "said_in_details", "fees"),
        (
            {"bands": [{"name": "day", "p_con": 1.0}, {"name": "day", "p_con": 2.0}]},
            "bands",
            "band_price_twice",
            "day",
        ),
        (
            {"fees": [{"name": "Base", "amount": float("nan"), "per": "month"}]},
            "base",
            "number_invalid",
            None,
        ),
        # Said by what reads files of terms
        (
            {"bands": [{"name": " ", "from": "06:00"}]},
            "base",
            "tariff_invalid",
            "bands.0: name is missing",
        ),
        (
            {"bands": [{"name": "low", "days": ["sun", "holiday"]}, _REST]},
            "base",
            "tariff_invalid",
            "the band low asks for holidays",
        ),
        (
            {"fees": [{"name": "Base fee", "amount": 500.0}]},
            "base",
            "tariff_invalid",
            "fees.0: per is missing",
        ),
        (
            {"vat_mode": "none", "vat_rate": None},
            "base",
            "tariff_invalid",
            "vat: the reason why there is no VAT is missing",
        ),
    ],
)
async def test_tables_that_are_not_understood(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    wrong: dict[str, Any],
    field: str,
    key: str,
    about: str | None,
) -> None:
    """The form comes back with what is wrong, and nothing changes."""
    before = entry.runtime_data.books.commitments
    form = await price_form(hass, entry)

    answers = (PRICES | _TABLES | wrong).items()
    given_answers = {name: value for name, value in answers if value is not None}
    again = await fill(hass.config_entries.options, form, given_answers)

    assert refused(again, field, key)
    placeholders = again["description_placeholders"]
    said = {placeholders.get(name) for name in ("part", "band")}
    assert about in said or about in placeholders.get("reason", "")
    assert entry.runtime_data.books.commitments is before


async def test_a_band_of_holidays(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """It is refused while nobody named any; afterwards, some have to remain."""
    free = {"name": "free", "days": ["holiday"], "p_con": 1.0}
    bands = {"bands": [free, {"name": "other", "rest": True}]}
    answers = {**PRICES, **bands, "valid_from": "2027-01-01"}
    form = await price_form(hass, entry)
    form = await fill(hass.config_entries.options, form, answers)
    assert refused(form, "base", "tariff_invalid")

    options = {**entry.options, "holiday_country": "CH"}
    hass.config_entries.async_update_entry(entry, options=options)
    await hass.async_block_till_done()
    await decide(hass.config_entries.options, form, answers)
    await hass.async_block_till_done()
    assert entry.runtime_data.books.tariffs["Standard"].versions[-1].holiday_band

    menu = await hass.config_entries.options.async_init(entry.entry_id)
    form = await choose(hass.config_entries.options, menu, "bill")
    none, some = {"rounding": "0.05"}, {"rounding": "0.05", "holidays": ["2027-01-01"]}
    form = await fill(hass.config_entries.options, form, none)
    about = {"band": "free", "tariff": "Standard", "valid_from": "2027-01-01"}
    assert refused(form, "holiday_country", "holidays_needed", **about)
    await fill(hass.config_entries.options, form, some)
    await hass.async_block_till_done()
    assert entry.options["holidays"] == ["2027-01-01"]


@pytest.mark.freeze_time("2026-12-15 12:00:00+00:00")
async def test_details(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """What no table says is written into the last field, and shown there again."""
    details = {
        "bands": [{"name": "day", "to": "12:00"}, {"name": "night", "rest": True}],
        "p_con": {"day": 25.5, "night": "18.20"},
        "p_standard": {"day": 29.4, "night": 20},
        "p_pv": {"tiers": [{"to": 100, "price": 20}, {"price": 18}]},
        "vat": None,
    }
    form = await price_form(hass, entry)
    await decide(hass.config_entries.options, form, PRICES | {"details": details})
    await hass.async_block_till_done()

    version = entry.runtime_data.books.tariffs["Standard"].versions[-1]
    assert version.p_con.at("night").ct_per_kwh == Decimal("18.20")
    form = await price_form(hass, entry)
    assert shown(form)["bands"] == [
        {"name": "day", "to": "12:00"},
        {"name": "night", "rest": True, "p_con": 18.2},
    ]
    assert shown(form)["details"] == {
        "p_standard": {"day": "29.4", "night": "20"},
        "p_pv": {"tiers": [{"to": "100", "price": "20"}, {"price": "18"}]},
    }

    # A number that would not count is not taken in silence.
    answers = {key: value for key, value in shown(form).items() if value is not None}
    again = await fill(hass.config_entries.options, form, answers | {"p_pv": 21.0})
    assert refused(again, "p_pv", "price_in_details")
    done = await decide(hass.config_entries.options, again, answers)
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert entry.runtime_data.books.tariffs["Standard"].versions[-1] == version


@pytest.mark.freeze_time("2026-12-15 12:00:00+00:00")
async def test_bands_that_a_mode_chooses(
    hass: HomeAssistant, entry: MockConfigEntry, entity_registry: er.EntityRegistry
) -> None:
    """They stand in the last field, with the prices of each."""
    mode = entity_registry.async_get_or_create("select", "test", "mode")
    details = {
        "bands": {
            "entity": mode.entity_id,
            "modes": {"fast": ["fast"]},
            "rest": "normal",
        },
        "p_con": {"fast": "40", "normal": "25"},
    }
    form = await price_form(hass, entry)
    await decide(hass.config_entries.options, form, PRICES | {"details": details})
    await hass.async_block_till_done()

    form = await price_form(hass, entry)
    assert (shown(form)["bands"], shown(form)["details"]) == (None, details)


@pytest.mark.freeze_time("2026-12-15 12:00:00+00:00")
async def test_a_price_that_follows_another_one(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """It is kept as per cent, and computed again when the other price changes."""
    details = {"p_con": {"percent": 80, "of": "p_grid_con"}}
    form = await price_form(hass, entry)
    await decide(hass.config_entries.options, form, PRICES | {"details": details})
    await hass.async_block_till_done()

    form = await price_form(hass, entry)
    assert shown(form)["p_con"] == 24.8
    assert shown(form)["details"] == {"p_con": {"percent": "80", "of": "p_grid_con"}}
    answers = {name: shown(form)[name] for name in (*PRICES, "details")}
    again = await fill(hass.config_entries.options, form, answers | {"p_con": 27.0})
    assert refused(again, "p_con", "price_in_details")
    await decide(hass.config_entries.options, again, answers | {"p_grid_con": 32.5})
    await hass.async_block_till_done()

    version = entry.runtime_data.books.tariffs["Standard"].versions[-1]
    assert version.p_con.at(None).ct_per_kwh == 26


async def test_details_that_are_not_understood(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """The form comes back with what is wrong, and nothing changes."""
    before = entry.runtime_data.books.commitments
    form = await price_form(hass, entry)

    again = await fill(
        hass.config_entries.options, form, PRICES | {"details": {"band": []}}
    )

    refused(again, "base", "tariff_invalid")
    assert "did you mean 'bands'" in again["description_placeholders"]["reason"]
    assert entry.runtime_data.books.commitments is before


async def test_new_tariff(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """A name that is not known yet becomes another tariff."""
    form = await price_form(hass, entry, " Family ")
    assert form["description_placeholders"] == {"shown": "Family"}
    assert shown(form)["p_con"] == 25.0

    await decide(
        hass.config_entries.options, form, PRICES | {"valid_from": "2026-03-01"}
    )

    assert list(entry.runtime_data.books.tariffs) == ["Standard", "Family"]
    await hass.async_block_till_done()


async def test_of_which_tariff(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """It is asked first, so that each tariff begins with what is its own."""
    flows = hass.config_entries.options
    fees = [{"name": "Base fee", "amount": 500.0, "per": "month"}]
    form = await price_form(hass, entry, "Charging")
    await decide(flows, form, PRICES | {"valid_from": "2026-01-01", "fees": fees})
    await hass.async_block_till_done()

    assert shown(await price_form(hass, entry))["fees"] is None
    form = await price_form(hass, entry, "Charging")
    assert (shown(form)["p_con"], shown(form)["fees"]) == (24.5, fees)

    menu = await flows.async_init(entry.entry_id)
    form = await choose(flows, menu, "tariff")
    assert shown(form) == {"tariff": "Standard"}
    assert form["description_placeholders"]["versions"].splitlines() == [
        "| Standard | 2026-01-01 | 20 | 25 | 6 | 30 |",
        "| Charging | 2026-01-01 | 18 | 24.5 | -1 | 31 |",
    ]
    form = await fill(flows, form, {"tariff": " "})
    assert refused(form, "tariff", "text_needed")


@pytest.mark.parametrize(
    ("wrong", "field", "key", "placeholders"),
    [
        ({"p_pv": "nan"}, "p_pv", "number_invalid", {}),
        (
            {"valid_from": "2026-06-01"},
            "base",
            "tariff_version_used",
            {"tariff": "Standard", "valid_from": "2026-06-01", "period": "2026-06"},
        ),
    ],
)
async def test_price_refusals(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    wrong: dict[str, str],
    field: str,
    key: str,
    placeholders: dict[str, str],
) -> None:
    """Wrong prices, and prices of a closed period, are refused by name."""
    close(entry, "2026-06")
    form = await price_form(hass, entry)
    right = PRICES | {"valid_from": "2026-07-01"}

    form = await fill(hass.config_entries.options, form, right | wrong)
    assert refused(form, field, key, **placeholders)
    assert len(entry.runtime_data.books.tariffs["Standard"].versions) == 1

    result = await decide(hass.config_entries.options, form, right)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()


@pytest.mark.parametrize(
    ("error", "key"),
    [
        (
            HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="books_not_written",
                translation_placeholders={"path": "/x"},
            ),
            "books_not_written",
        ),
        (HomeAssistantError("no room left"), "no room left"),
    ],
)
async def test_prices_cannot_be_written(
    hass: HomeAssistant, entry: MockConfigEntry, error: HomeAssistantError, key: str
) -> None:
    """When the disk is full the form stays, and can be sent again."""
    form = await price_form(hass, entry)
    with patch.object(Books, "async_set_tariff", side_effect=error):
        form = await decide(hass.config_entries.options, form, PRICES)
    assert refused(form, "base", key)

    result = await decide(hass.config_entries.options, form, PRICES)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
