"""Setting a community up, and changing what it is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import SOURCE_USER, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.helpers.storage import STORAGE_DIR
import pytest

from custom_components.leg_invoicing.billing.measurements import IntervalRow
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.const import DOMAIN
from custom_components.leg_invoicing.ledger import Origin, Source
from tests import given
from tests.forms import Form, close, fill, refused, shown

runs = pytest.mark.usefixtures("recorder_mock")
"""The community that comes out of the forms really runs."""

COMMUNITY = {
    "name": "Sonnenhof",
    "currency": "CHF",
    "timezone": "Europe/Zurich",
    "model": "pool",
    "interval": "15",
    "cadence": "month",
}
ISSUER = {
    "issuer_name": "Verein Sonnenhof",
    "issuer_address": "Sonnenhof 1\n8000 Zürich",
    "issuer_iban": "CH93 0076 2011 6238 5295 7",
    "payment_term_days": 30,
}
TARIFF = {
    "tariff": "Standard",
    "valid_from": "2026-01-01",
    "p_pv": 20,
    "p_con": 25.5,
    "p_grid_del": 6.125,
    "p_grid_con": 30.0,
}
STEPS = {"user": COMMUNITY, "issuer": ISSUER, "tariff": TARIFF}


@pytest.fixture
def rests(hass: HomeAssistant) -> Iterator[None]:
    """Make communities that exist, but do not run."""
    hass.config.components.add("recorder")
    with (
        patch("custom_components.leg_invoicing.async_setup_entry", return_value=True),
        patch("custom_components.leg_invoicing.async_unload_entry", return_value=True),
    ):
        yield


async def begin(hass: HomeAssistant) -> Form:
    """Open the form for a new community."""
    return await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )


async def go_on(hass: HomeAssistant, form: Form, **changes: Any) -> Form:
    """Fill in the form that is shown, correctly but for the changes."""
    answers = STEPS[form["step_id"]] | changes
    return await fill(hass.config_entries.flow, form, answers)


async def finish(hass: HomeAssistant, form: Form) -> Form:
    """Fill in all forms that are left; return the community made of them."""
    while form["type"] is FlowResultType.FORM:
        form = await go_on(hass, form)
    assert form["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    return form


@runs
async def test_new_community(hass: HomeAssistant) -> None:
    """Three forms make a community that runs, with its prices in the books."""
    result = await finish(hass, await begin(hass))

    entry = result["result"]
    assert entry.title == "Sonnenhof"
    assert entry.unique_id == "sonnenhof"
    assert entry.data == {
        "community_id": "sonnenhof",
        "currency": "CHF",
        "timezone": "Europe/Zurich",
        "model": "pool",
        "interval": 15,
        "cadence": "month",
        "first_tariff": {
            "tariff": "Standard",
            "valid_from": "2026-01-01",
            "p_pv": "20",
            "p_con": "25.5",
            "p_grid_del": "6.125",
            "p_grid_con": "30",
        },
    }
    assert entry.options == {
        "issuer": {
            "name": "Verein Sonnenhof",
            "address": "Sonnenhof 1\n8000 Zürich",
            "iban": "CH9300762011623852957",
            "vat_number": None,
        },
        "payment_term_days": 30,
    }
    assert entry.state is ConfigEntryState.LOADED
    assert list(entry.runtime_data.books.tariffs) == ["Standard"]


@pytest.mark.usefixtures("rests")
@pytest.mark.freeze_time("2027-05-06 12:00:00+00:00")
async def test_what_is_offered(hass: HomeAssistant) -> None:
    """Whoever accepts what is offered gets what most communities have."""
    await hass.config.async_update(time_zone="Europe/Vienna", currency="EUR")

    form = await begin(hass)
    assert shown(form) == {
        "name": None,
        "currency": "EUR",
        "timezone": "Europe/Vienna",
        "model": "pool",
        "interval": "15",
        "cadence": "month",
    }
    form = await fill(hass.config_entries.flow, form, {"name": "Alm"})
    assert shown(form) == {
        "issuer_name": None,
        "issuer_address": None,
        "issuer_iban": None,
        "issuer_vat_number": None,
        "payment_term_days": 30,
    }
    form = await fill(
        hass.config_entries.flow,
        form,
        {"issuer_name": "Alm", "issuer_address": "Alm 1"},
    )
    assert shown(form) == {
        "tariff": "Standard",
        "valid_from": "2027-01-01",
        "p_pv": 20,
        "p_con": 25,
        "p_grid_del": 6,
        "p_grid_con": 30,
    }
    result = await fill(hass.config_entries.flow, form, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["options"]["issuer"]["iban"] is None


@pytest.mark.usefixtures("rests")
@pytest.mark.parametrize(
    ("step", "wrong", "field", "key", "placeholders"),
    [
        ("user", {"name": " "}, "name", "text_needed", {}),
        ("user", {"name": " sonnenWEG "}, "name", "name_taken", {"name": "sonnenWEG"}),
        (
            "user",
            {"interval": "60", "timezone": "Asia/Kolkata"},
            "interval",
            "interval_not_on_grid",
            {"interval": "60", "timezone": "Asia/Kolkata"},
        ),
        (
            "user",
            {"interval": "30", "timezone": "Asia/Kathmandu"},
            "interval",
            "interval_not_on_grid",
            {"interval": "30"},
        ),
        (
            "user",
            {"interval": "60", "timezone": "Australia/Lord_Howe"},
            "interval",
            "interval_not_on_grid",
            {},
        ),
        ("issuer", {"issuer_name": ""}, "issuer_name", "text_needed", {}),
        ("issuer", {"issuer_address": "\n"}, "issuer_address", "text_needed", {}),
        (
            "issuer",
            {"issuer_iban": "CH93 0076"},
            "issuer_iban",
            "iban_invalid",
            {"iban": "CH93 0076"},
        ),
        (
            "issuer",
            {"payment_term_days": "nan"},
            "payment_term_days",
            "number_invalid",
            {},
        ),
        ("tariff", {"tariff": ""}, "tariff", "text_needed", {}),
        ("tariff", {"p_con": "nan"}, "p_con", "number_invalid", {}),
    ],
)
async def test_refusals(
    hass: HomeAssistant,
    step: str,
    wrong: dict[str, Any],
    field: str,
    key: str,
    placeholders: dict[str, str],
) -> None:
    """A wrong answer is refused by its name; once corrected, all goes on."""
    given.community(hass)
    form = await begin(hass)
    while form["step_id"] != step:
        form = await go_on(hass, form)

    form = await go_on(hass, form, **wrong)

    assert refused(form, field, key, **placeholders)
    kept = {name: str(value) for name, value in shown(form).items() if name in wrong}
    assert kept == wrong
    await finish(hass, form)


@pytest.mark.usefixtures("rests")
@pytest.mark.parametrize(
    "wrong",
    [
        {"currency": "XXX"},
        {"timezone": "Europe/Atlantis"},
        {"model": "free"},
        {"interval": "1"},
        {"cadence": "week"},
    ],
)
async def test_what_is_not_on_offer(hass: HomeAssistant, wrong: dict[str, str]) -> None:
    """What is not in a list cannot be answered."""
    form = await begin(hass)

    with pytest.raises(InvalidData):
        await go_on(hass, form, **wrong)

    await finish(hass, form)


@pytest.mark.usefixtures("rests")
@pytest.mark.parametrize("minutes", ["5", "15", "30", "60"])
async def test_intervals(hass: HomeAssistant, minutes: str) -> None:
    """Every length fits a zone that is whole hours off UTC, summer and winter."""
    form = await go_on(hass, await begin(hass), interval=minutes)

    result = await finish(hass, form)

    assert result["data"]["interval"] == int(minutes)


@pytest.mark.usefixtures("rests")
@pytest.mark.parametrize(
    ("name", "files", "community_id"),
    [
        ("Sonnenhof", [], "sonnenhof"),
        ("Sonnenhof", ["leg_invoicing.sonnenhof.db"], "sonnenhof_2"),
        (
            "Sonnenhof",
            ["leg_invoicing.sonnenhof.books", "leg_invoicing.sonnenhof_2.period.2026"],
            "sonnenhof_3",
        ),
        (
            "Sonnenhof",
            ["leg_invoicing.sonnenhof_2.db", "other.sonnenhof.x"],
            "sonnenhof",
        ),
        ("Sonnenweg!", [], "sonnenweg_2"),
        ("Zum Öl & Käse", [], "zum_ol_kase"),
        ("☀️", [], "unknown"),
        ("Am " + 30 * "Weg ", [], "am_weg_weg_weg_weg_weg_weg_weg_weg_weg_w"),
    ],
)
async def test_id(
    hass: HomeAssistant, name: str, files: list[str], community_id: str
) -> None:
    """No community gets the id of another, nor one that has left files."""
    given.community(hass)
    folder = Path(hass.config.path(STORAGE_DIR))
    for file in files:
        (folder / file).touch()

    form = await go_on(hass, await begin(hass), name=name)
    result = await finish(hass, form)

    assert result["result"].unique_id == community_id
    assert result["data"]["community_id"] == community_id


@runs
async def test_reconfigure(hass: HomeAssistant) -> None:
    """What a community is can be changed; it keeps its id and runs on."""
    entry = given.community(hass)
    await given.set_up(hass, entry)

    form = await entry.start_reconfigure_flow(hass)
    assert shown(form) == {
        "name": "Sonnenweg",
        "currency": "CHF",
        "timezone": "Europe/Zurich",
        "model": "pool",
        "interval": "15",
        "cadence": "month",
    }
    result = await fill(
        hass.config_entries.flow,
        form,
        {
            "name": "Sonnenweg 2",
            "currency": "EUR",
            "timezone": "Europe/Berlin",
            "model": "split",
            "interval": "30",
            "cadence": "quarter",
        },
    )
    await hass.async_block_till_done()

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reconfigure_successful"
    assert entry.title == "Sonnenweg 2"
    assert entry.unique_id == "sonnenweg"
    assert entry.data == given.community_data(
        currency="EUR",
        timezone="Europe/Berlin",
        model="split",
        interval=30,
        cadence="quarter",
    )
    assert entry.state is ConfigEntryState.LOADED
    assert entry.runtime_data.coordinator.terms.community.currency == "EUR"


@runs
@pytest.mark.parametrize(
    ("wrong", "field", "key"),
    [
        ({"name": ""}, "name", "text_needed"),
        ({"name": "Other"}, "name", "name_taken"),
        ({"currency": "EUR"}, "currency", "fixed_after_close"),
        ({"timezone": "Europe/Rome"}, "timezone", "fixed_after_close"),
        ({"interval": "30"}, "interval", "fixed_after_close"),
        (
            {"interval": "60", "timezone": "Asia/Kolkata"},
            "interval",
            "interval_not_on_grid",
        ),
    ],
)
async def test_reconfigure_refusals(
    hass: HomeAssistant, wrong: dict[str, str], field: str, key: str
) -> None:
    """What issued invoices rest on stays; everything else can still be changed."""
    entry = given.community(hass)
    await given.set_up(hass, entry)
    given.MockConfigEntry(domain=DOMAIN, title="other").add_to_hass(hass)
    close(entry, "2026-01")

    form = await entry.start_reconfigure_flow(hass)
    form = await fill(hass.config_entries.flow, form, wrong)
    assert refused(form, field, key)

    result = await fill(
        hass.config_entries.flow,
        form,
        {
            "name": "SONNENWEG",
            "currency": "CHF",
            "timezone": "Europe/Zurich",
            "model": "local_only",
            "interval": "15",
            "cadence": "year",
        },
    )
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    assert entry.title == "SONNENWEG"
    assert entry.data["model"] == "local_only"


@runs
async def test_closed_period_is_named(hass: HomeAssistant) -> None:
    """The refusal says which closed period stands in the way."""
    entry = given.community(hass)
    await given.set_up(hass, entry)
    close(entry, "2026-Q1")

    form = await entry.start_reconfigure_flow(hass)
    form = await fill(hass.config_entries.flow, form, {"currency": "EUR"})

    assert refused(form, "currency", "fixed_after_close", period="2026-Q1")


@runs
async def test_measured_intervals_keep_their_length(hass: HomeAssistant) -> None:
    """Once there are intervals in the ledger, others would not fit beside them."""
    entry = given.community(hass)
    await given.set_up(hass, entry)
    ledger = entry.runtime_data.ledger
    row = IntervalRow("house_1", 1_770_000_300 // 900 * 900, 1, 1, Quality.MEASURED)
    await ledger.async_run(
        lambda: ledger.write([row], Origin(source=Source.FILE, at=0))
    )

    form = await entry.start_reconfigure_flow(hass)
    form = await fill(hass.config_entries.flow, form, {"interval": "30"})
    assert refused(form, "interval", "fixed_after_measuring", interval="15")

    result = await fill(hass.config_entries.flow, form, {"interval": "15"})
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()


@runs
async def test_no_band_begins_inside_an_interval(hass: HomeAssistant) -> None:
    """While nothing is measured, intervals still have to fit the tariffs' bands."""
    entry = given.community(hass)
    await given.set_up(hass, entry)
    night = {"name": "night", "from": "22:15", "to": "06:00"}
    await hass.services.async_call(
        DOMAIN,
        "set_tariff",
        {
            "tariff": "Nights",
            "valid_from": "2026-02-01",
            **given.PRICES,
            "bands": [night, {"name": "day", "rest": True}],
        },
        blocking=True,
    )

    form = await entry.start_reconfigure_flow(hass)
    form = await fill(hass.config_entries.flow, form, {"interval": "30"})

    details = {"tariff": "Nights", "valid_from": "2026-02-01", "interval": "30"}
    assert refused(form, "interval", "band_inside_interval", **details)
    result = await fill(hass.config_entries.flow, form, {"interval": "5"})
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()


@pytest.mark.usefixtures("rests")
async def test_reconfigure_needs_the_books(hass: HomeAssistant) -> None:
    """While a community does not run, nobody knows what is closed."""
    entry = given.community(hass)

    result = await entry.start_reconfigure_flow(hass)

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "not_loaded"


@runs
async def test_a_model_heeds_the_tiers_of_tariffs(hass: HomeAssistant) -> None:
    """Prices of intervals take the place of tiers, which is not done in silence."""
    entry = given.community(hass)
    await given.set_up(hass, entry)
    tiers = [{"to": 100, "price": 0}, {"price": 25}]
    version = {
        "tariff": "Free",
        "valid_from": "2026-02-01",
        **given.PRICES,
        "p_con": {"tiers": tiers},
    }
    await hass.services.async_call(DOMAIN, "set_tariff", version, blocking=True)

    form = await entry.start_reconfigure_flow(hass)
    form = await fill(hass.config_entries.flow, form, {"model": "break_even"})

    details = {"tariff": "Free", "valid_from": "2026-02-01"}
    assert refused(form, "model", "model_without_tiers", **details)
    result = await fill(hass.config_entries.flow, form, {"model": "split"})
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
