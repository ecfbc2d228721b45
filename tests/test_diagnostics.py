"""Diagnostics: enough to help, and nothing about anybody."""

from collections.abc import Iterator
import json
from pathlib import Path
from typing import Any

from homeassistant.components.diagnostics import DOMAIN as DIAGNOSTICS
from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import STORAGE_DIR
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.leg_invoicing.const import DOMAIN
from tests import given

pytestmark = [
    pytest.mark.usefixtures("recorder_mock", "no_statistics"),
    pytest.mark.freeze_time("2026-02-03 10:07:00+00:00"),
]

PRIVATE = {
    "participant": {
        "name": "Xaver Quitzlipotz",
        "address": "Geheimgasse 77\n9999 Nirgendwil",
        "email": "xaver@quitzlipotz.example",
        "language": "it",
        "iban": "CH5604835012345678009",
    },
    "tariff": "Xavers Spezialpreis",
    "from": "2026-01-01",
}
ISSUER = {
    "name": "Verein Lichtscheu",
    "address": "Postfach 4711\n9998 Anderswo",
    "iban": "CH9300762011623852957",
}


@pytest.fixture
async def entry(hass: HomeAssistant) -> MockConfigEntry:
    """Return a community of which everything about people is unmistakable."""
    assert await async_setup_component(hass, DIAGNOSTICS, {})
    house = given.house(hass, 1, ["import", "export"])
    entry = given.community(
        hass,
        [
            house
            | {
                "data": house["data"] | {"first_agreement": PRIVATE},
                "title": "Villa Quitzlipotz",
            }
        ],
        first_tariff={
            "tariff": PRIVATE["tariff"],
            "valid_from": "2026-01-01",
            **given.PRICES,
        },
    )
    hass.config_entries.async_update_entry(
        entry, title="Lichtscheue", options=entry.options | {"issuer": ISSUER}
    )
    await given.set_up(hass, entry)
    given.show(hass, "house_1_import", 1234.5)
    given.show(hass, "house_1_export", "gibberish")
    await hass.async_block_till_done()
    return entry


def secrets(value: Any) -> Iterator[str]:
    """Yield every text of which no part may be found."""
    if isinstance(value, dict):
        for key in value.keys() - {"language", "from"}:
            yield from secrets(value[key])
    elif value is not None:
        yield from value.splitlines()


async def test_nothing_about_anybody_is_told(
    hass: HomeAssistant, entry: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    """Names, addresses, accounts and sensors are not in it, in any spelling."""
    await given.measured(hass, "2026-02-01..2026-02-03", house_1="0.1/0")
    await given.call(hass, "close_period", period="2026-02-01..2026-02-03")

    found = await get_diagnostics_for_config_entry(hass, hass_client, entry)

    text = json.dumps(found, ensure_ascii=False).lower()
    private = [*secrets(PRIVATE), *secrets(ISSUER), "Quitzlipotz", "Lichtscheu"]
    assert len(private) > 10
    for secret in (*private, "Villa", "sensor.", "house_1_import", "INV-"):
        assert secret.lower() not in text


async def test_where_everything_stands_is_told(
    hass: HomeAssistant, entry: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    """Settings, registers, data and closed periods are there for whoever helps."""
    await given.measured(hass, "2026-02-01..2026-02-03", house_1="0.1/0")
    await given.call(hass, "close_period", period="2026-02-01..2026-02-03")

    found = await get_diagnostics_for_config_entry(hass, hass_client, entry)

    assert found["state"] == "loaded"
    assert found["settings"] == {
        "cadence": "month",
        "currency": "CHF",
        "interval": 15,
        "model": "pool",
        "timezone": "Europe/Zurich",
    }
    assert found["gaps"] == {
        "policy": "interpolate",
        "limit_hours": 24,
        "shape": "linear",
    }
    assert found["houses"] == [
        {
            "house_id": "house_1",
            "registers": ["export", "import"],
            "unit": None,
            "max_power_w": 30_000,
            "meter_constant": "1",
        }
    ]
    assert found["intervals"]["house_1"]["measured"] == 192
    assert list(found["registers"]) == ["house_1 import"]
    assert found["problems"] == {"house_1 export": "not_a_number"}
    assert found["ledger"]["from"] == "2026-01-31T23:00:00Z"
    assert found["tariffs"] == {"tariff_1": ["2026-01-01"]}
    assert found["closed"] == ["2026-02-01..2026-02-03"]
    assert found["settled_to"] == "2026-02-03T10:00:00Z"


async def test_a_ledger_that_has_just_begun_has_no_bounds(
    hass: HomeAssistant, entry: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    """A community without measurements says so."""
    found = await get_diagnostics_for_config_entry(hass, hass_client, entry)

    assert found["ledger"] == {"from": None, "to": None}


async def test_a_community_that_was_stopped_can_be_helped_too(
    hass: HomeAssistant, entry: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    """When the books are damaged, diagnostics are there all the same."""
    await hass.config_entries.async_unload(entry.entry_id)
    index = f"{DOMAIN}.{given.COMMUNITY}.books"
    Path(hass.config.path(STORAGE_DIR, index)).write_text("damaged")
    await hass.config_entries.async_setup(entry.entry_id)

    found = await get_diagnostics_for_config_entry(hass, hass_client, entry)

    assert found["state"] == "setup_error"
    assert found["settings"]["timezone"] == "Europe/Zurich"
    assert "ledger" not in found
