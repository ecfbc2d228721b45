"""Changing the issuer, and setting prices from a day on."""

from datetime import date
from decimal import Decimal

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.leg_invoicing.billing.money import Money
from custom_components.leg_invoicing.billing.public_holidays import public_holidays
from custom_components.leg_invoicing.billing.terms import GapPolicy, GapRule, GapShape
from custom_components.leg_invoicing.form_checks import RefusedError
from custom_components.leg_invoicing.holiday_settings import holiday_settings
from custom_components.leg_invoicing.runtime import terms_now
from tests import given
from tests.forms import Form, choose, close, fill, refused, shown

pytestmark = pytest.mark.usefixtures("recorder_mock")


@pytest.fixture
async def entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return a community that runs."""
    entry = given.community(hass)
    await given.set_up(hass, entry)
    return entry


async def begin(hass: HomeAssistant, entry: MockConfigEntry, step_id: str) -> Form:
    """Open one of the forms behind the menu."""
    menu = await hass.config_entries.options.async_init(entry.entry_id)
    return await choose(hass.config_entries.options, menu, step_id)


async def test_issuer(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """A new issuer stands on invoices from now on."""
    form = await begin(hass, entry, "issuer")
    assert shown(form) == {
        "issuer_name": "Sonnenweg LEG",
        "issuer_address": "Sonnenweg 1\n8000 Zürich",
        "issuer_iban": "CH9300762011623852957",
        "issuer_vat_number": None,
        "payment_term_days": 30,
    }

    result = await fill(
        hass.config_entries.options,
        form,
        {
            "issuer_name": "Verein",
            "issuer_address": "Platz 1\n3000 Bern",
            "issuer_vat_number": " CHE-123.456.788 MWST ",
            "payment_term_days": 10.0,
        },
    )

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options == {
        "issuer": {
            "name": "Verein",
            "address": "Platz 1\n3000 Bern",
            "iban": None,
            "vat_number": "CHE-123.456.788 MWST",
        },
        "payment_term_days": 10,
    }
    await hass.async_block_till_done()


@pytest.mark.parametrize(
    ("wrong", "field", "key"),
    [
        ({"issuer_name": " "}, "issuer_name", "text_needed"),
        ({"issuer_iban": "CH00"}, "issuer_iban", "iban_invalid"),
    ],
)
async def test_issuer_refusals(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    wrong: dict[str, str],
    field: str,
    key: str,
) -> None:
    """A wrong answer changes nothing; once corrected, it is taken."""
    form = await begin(hass, entry, "issuer")
    right = {name: value for name, value in shown(form).items() if value is not None}
    before = entry.options

    form = await fill(hass.config_entries.options, form, right | wrong)
    assert refused(form, field, key)
    assert entry.options == before

    result = await fill(hass.config_entries.options, form, right)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_rounding_and_holidays(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Both are the community's from now on, and shown when the form comes again."""
    form = await begin(hass, entry, "bill")
    assert shown(form) == {
        "rounding": "0.01",
        "holiday_country": None,
        "holiday_subdivision": None,
        "holidays": [],
        "no_holidays": [],
    }
    assert terms_now(entry).community.rounding == Money(Decimal(0))
    answers = {"rounding": "0.05", "holidays": ["2026-12-25", " 2026-08-01 "]}

    await fill(hass.config_entries.options, form, answers)
    await hass.async_block_till_done()

    community = terms_now(entry).community
    assert community.rounding == Money(Decimal(5))
    assert community.holidays == {date(2026, 8, 1), date(2026, 12, 25)}
    assert shown(await begin(hass, entry, "bill")) == {
        "rounding": "0.05",
        "holiday_country": None,
        "holiday_subdivision": None,
        "holidays": ["2026-08-01", "2026-12-25"],
        "no_holidays": [],
    }


async def test_holidays_of_a_canton(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """They are there from now on, also after a start; dates add to them or not."""
    form = await begin(hass, entry, "bill")
    answers = {
        "rounding": "0.05",
        "holiday_country": "CH",
        "holiday_subdivision": "ZH",
        "holidays": ["2026-07-01"],
        "no_holidays": ["2026-05-01"],
    }

    await fill(hass.config_entries.options, form, answers)
    await hass.async_block_till_done()

    public = public_holidays("CH", "ZH")
    changed = {date(2026, 7, 1), date(2026, 5, 1)}
    assert terms_now(entry).community.holidays == public ^ changed
    assert shown(await begin(hass, entry, "bill")) == answers


async def test_holidays_that_are_no_longer_known(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Bands that ask for them would be wrong, so the community starts with others."""
    options = {**entry.options, "holiday_country": "CH", "holiday_subdivision": "XX"}
    hass.config_entries.async_update_entry(entry, options=options)
    await hass.async_block_till_done()

    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.error_reason_translation_key == "holidays_unknown"

    form = await begin(hass, entry, "bill")
    answers = {"rounding": "0.05", "holidays": ["2026-08-01"]}
    await fill(hass.config_entries.options, form, answers)

    assert await hass.config_entries.async_reload(entry.entry_id)
    assert terms_now(entry).community.holidays == {date(2026, 8, 1)}


@pytest.mark.parametrize(
    ("field", "value", "key"),
    [
        ("rounding", "0", "coin_invalid"),
        ("rounding", "0.001", "coin_invalid"),
        ("rounding", "-0.05", "coin_invalid"),
        ("rounding", "five", "number_invalid"),
        ("holidays", ["1 August"], "holiday_invalid"),
        ("no_holidays", ["1 August"], "holiday_invalid"),
        ("holiday_subdivision", "ZH", "holiday_country_needed"),
    ],
)
async def test_no_coin_and_no_day(
    hass: HomeAssistant, entry: MockConfigEntry, field: str, value: object, key: str
) -> None:
    """The field says what is wrong with it."""
    form = await begin(hass, entry, "bill")
    answers = {"rounding": "0.05", "holidays": [], field: value}

    again = await fill(hass.config_entries.options, form, answers)

    field = "holiday_country" if key == "holiday_country_needed" else field
    assert refused(again, field, key)


@pytest.mark.parametrize(
    ("country", "about"), [("CH", {"subdivision": "XX"}), ("LI", {"known": "–"})]
)
async def test_no_holidays_are_known(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    country: str,
    about: dict[str, str],
) -> None:
    """The form says what is not known, and what is."""
    form = await begin(hass, entry, "bill")
    answers = {
        "rounding": "0.05",
        "holiday_country": country,
        "holiday_subdivision": "XX",
    }

    again = await fill(hass.config_entries.options, form, answers)

    key = "holiday_subdivision_unknown"
    assert refused(again, "holiday_subdivision", key, **about)


def test_a_country_may_have_no_known_holidays() -> None:
    """Home Assistant may offer one that the library does not have."""
    with pytest.raises(RefusedError) as refusal:
        holiday_settings({"holiday_country": "ZZ"})

    assert refusal.value.field == "holiday_country"
    assert refusal.value.translation_key == "holiday_country_unknown"


async def test_gaps(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """The rule for gaps begins as the usual one, and counts at once when it is set."""
    close(entry, "2026-01")
    form = await begin(hass, entry, "gaps")
    assert shown(form) == {
        "policy": "interpolate",
        "limit_hours": 24,
        "shape": "linear",
    }

    result = await fill(
        hass.config_entries.options,
        form,
        {"policy": "measure_only", "limit_hours": 1.5, "shape": "profile"},
    )
    await hass.async_block_till_done()

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options["issuer"]["name"] == "Sonnenweg LEG"
    assert terms_now(entry).community.gaps == GapRule(
        policy=GapPolicy.MEASURE_ONLY, limit_minutes=90, shape=GapShape.PROFILE
    )
    again = await begin(hass, entry, "gaps")
    assert shown(again) == {
        "policy": "measure_only",
        "limit_hours": 1.5,
        "shape": "profile",
    }


@pytest.mark.parametrize(
    ("limit", "key"),
    [
        (0, "gap_limit_too_short"),
        (0.001, "gap_limit_too_short"),
        (float("nan"), "number_invalid"),
    ],
)
async def test_gap_refusals(
    hass: HomeAssistant, entry: MockConfigEntry, limit: float, key: str
) -> None:
    """A limit of nothing is refused; once corrected, it is taken."""
    form = await begin(hass, entry, "gaps")
    answers = shown(form)

    form = await fill(
        hass.config_entries.options, form, answers | {"limit_hours": limit}
    )
    assert refused(form, "limit_hours", key)
    assert "gaps" not in entry.options

    result = await fill(
        hass.config_entries.options, form, answers | {"limit_hours": 0.25}
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options["gaps"]["limit_minutes"] == 15
    await hass.async_block_till_done()


async def test_not_loaded(hass: HomeAssistant) -> None:
    """Prices need the books, the issuer does not."""
    entry = given.community(hass)

    menu = await hass.config_entries.options.async_init(entry.entry_id)
    result = await hass.config_entries.options.async_configure(
        menu["flow_id"], {"next_step_id": "tariff"}
    )
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "not_loaded"

    await begin(hass, entry, "issuer")
