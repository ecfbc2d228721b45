"""A small community for the tests: two houses, one with PV, on real sensors."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.leg_invoicing.billing.calendar import parse_period
from custom_components.leg_invoicing.const import DOMAIN

ZONE = "Europe/Zurich"
COMMUNITY = "sonnenweg"

PRICES = {"p_pv": "20", "p_con": "25", "p_grid_del": "6", "p_grid_con": "30"}

KWH = {
    "device_class": "energy",
    "state_class": "total_increasing",
    "unit_of_measurement": "kWh",
}


def register(hass: HomeAssistant, name: str) -> str:
    """Enter a meter's sensor into the registry; return its id there."""
    entry = er.async_get(hass).async_get_or_create(
        "sensor", "mqtt", name, suggested_object_id=name, unit_of_measurement="kWh"
    )
    return entry.id


def show(hass: HomeAssistant, name: str, kwh: float | str) -> None:
    """Let a meter's sensor show a value."""
    hass.states.async_set(f"sensor.{name}", str(kwh), KWH)


def participant(name: str, language: str = "en") -> dict[str, Any]:
    """Return a participant as a house's form leaves one."""
    return {
        "name": name,
        "address": "Sonnenweg 1\n8000 Zürich",
        "email": None,
        "language": language,
        "iban": None,
    }


def house(
    hass: HomeAssistant,
    number: int,
    registers: Iterable[str],
    first: str = "2026-01-01",
) -> ConfigSubentryData:
    """Return a house's subentry."""
    uuids = {kind: register(hass, f"house_{number}_{kind}") for kind in registers}
    return ConfigSubentryData(
        data={
            "house_id": f"house_{number}",
            "import_register": uuids.get("import"),
            "export_register": uuids.get("export"),
            "unit": None,
            "max_power_kw": 30.0,
            "first_agreement": {
                "participant": participant(f"Person {number}"),
                "tariff": "Standard",
                "from": first,
            },
        },
        subentry_id=f"subentry_{number}",
        subentry_type="house",
        title=f"House {number}",
        unique_id=f"house_{number}",
    )


def meter(
    hass: HomeAssistant,
    number: int,
    name: str,
    registers: Iterable[str] = (),
    **terms: Any,
) -> ConfigSubentryData:
    """Return the subentry of a meter beside the houses' own, without registers too."""
    prefix = name.lower()
    settings: dict[str, Any] = {
        f"{kind}_register": register(hass, f"{prefix}_{kind}") for kind in registers
    }
    if settings:
        settings |= {"unit": None, "max_power_kw": 30.0, "meter_constant": "1"}
    return ConfigSubentryData(
        data={"meter_id": f"meter_{number}", **settings, "terms": terms},
        subentry_id=f"meter_subentry_{number}",
        subentry_type="meter",
        title=name,
        unique_id=f"meter_{number}",
    )


def community_data(**changes: Any) -> dict[str, Any]:
    """Return what the config flow leaves in an entry's data."""
    return {
        "community_id": COMMUNITY,
        "currency": "CHF",
        "timezone": ZONE,
        "model": "pool",
        "interval": 15,
        "cadence": "month",
        "first_tariff": {"tariff": "Standard", "valid_from": "2026-01-01", **PRICES},
    } | changes


def community(
    hass: HomeAssistant,
    houses: Iterable[ConfigSubentryData] | None = None,
    *,
    meters: Iterable[ConfigSubentryData] = (),
    **changes: Any,
) -> MockConfigEntry:
    """Return an entry of two houses that has been added, but not been set up."""
    _find_media(hass)
    if houses is None:
        houses = [house(hass, 1, ["import", "export"]), house(hass, 2, ["import"])]
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Sonnenweg",
        unique_id=COMMUNITY,
        data=community_data(**changes),
        options={
            "issuer": {
                "name": "Sonnenweg LEG",
                "address": "Sonnenweg 1\n8000 Zürich",
                "iban": "CH9300762011623852957",
            },
            "payment_term_days": 30,
        },
        subentries_data=[*houses, *meters],
    )
    entry.add_to_hass(hass)
    return entry


def _find_media(hass: HomeAssistant) -> None:
    """Configure the media folder that Home Assistant has by default."""
    folder = hass.config.path("media")
    hass.config.media_dirs = {"local": folder}
    hass.config.allowlist_external_dirs = {folder}


async def set_up(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Set the community up."""
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()


def interval_file(
    folder: Path, period: str, houses: dict[str, tuple[str, str]]
) -> Path:
    """Write a file in which each house has the same energies in every interval."""
    zone = ZoneInfo(ZONE)
    span = parse_period(period).span(zone)
    lines = ["house,start,import_kwh,export_kwh,quality"]
    for start in range(span.start, span.end, 900):
        stamp = datetime.fromtimestamp(start, zone).isoformat()
        lines += [
            f"{name},{stamp},{imported},{exported},measured"
            for name, (imported, exported) in houses.items()
        ]
    path = folder / f"{period}.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def media(hass: HomeAssistant) -> Path:
    """Return the media folder, into which the tests also put files to import."""
    folder = Path(hass.config.media_dirs["local"])
    folder.mkdir(exist_ok=True)
    return folder


async def measured(hass: HomeAssistant, period: str, **houses: str) -> None:
    """Import the same cell, such as `"0.1/0.25"`, for all intervals of a period."""
    energies = {name: tuple(cell.split("/")) for name, cell in houses.items()}
    path = interval_file(media(hass), period, energies)
    await call(hass, "import_readings", path=str(path))


async def call(hass: HomeAssistant, action: str, **data: Any) -> Any:
    """Call one of our actions and return its answer."""
    return await hass.services.async_call(
        DOMAIN, action, data, blocking=True, return_response=True
    )


def refused(key: str, **placeholders: str) -> Any:
    """Expect a refusal that people can read: its text, and what it is about."""

    def is_it(error: HomeAssistantError) -> bool:
        assert error.translation_domain == DOMAIN
        about = error.translation_placeholders or {}
        return error.translation_key == key and placeholders.items() <= about.items()

    return pytest.raises(HomeAssistantError, check=is_it)
