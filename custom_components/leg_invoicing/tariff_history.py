"""The tariffs with all their versions, as an action answers and a form shows them."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant

from .audit import async_user_names
from .billing.calendar import iso_utc
from .billing.commitments import Commitments, TariffChange
from .billing.tariff_changes import KnownVersion, versions_in_force
from .billing.tariff_written import written_version
from .billing.tariffs import PRICE_NAMES, Tariff, TariffVersion
from .signal_input import with_entities

_SHOWN = 6
"""How many versions of each tariff a form shows."""


async def async_tariffs(hass: HomeAssistant, books: Commitments) -> dict[str, Any]:
    """Return all tariffs with their versions, and what was changed in them."""
    users = await async_user_names(hass, books.tariff_changes)
    return {
        "tariffs": [
            {
                "tariff": tariff_id,
                "versions": [
                    _version(hass, each, users)
                    for each in versions_in_force(books, tariff_id)
                ],
            }
            for tariff_id in books.tariffs
        ],
        "changes": [
            {
                "tariff": change.tariff_id,
                "valid_from": change.valid_from.isoformat(),
                **_set(change, users),
                "before": _terms(hass, change.before) if change.before else None,
            }
            for change in reversed(books.tariff_changes)
        ],
    }


def _version(
    hass: HomeAssistant, known: KnownVersion, users: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "valid_from": known.version.valid_from.isoformat(),
        "valid_to": known.end.isoformat() if known.end else None,
        "terms": _terms(hass, known.version),
        "periods": list(known.periods),
        **_set(known.change, users),
    }


def _set(change: TariffChange | None, users: Mapping[str, str]) -> dict[str, Any]:
    """Return when and by whom; forms and automations do not say who."""
    user_id = change.user_id if change else None
    return {
        "set_at": iso_utc(int(change.at.timestamp())) if change else None,
        "user_id": user_id,
        "user": None if user_id is None else users[user_id],
    }


def _terms(hass: HomeAssistant, version: TariffVersion) -> object:
    return with_entities(hass, written_version(version))


def versions_in_words(hass: HomeAssistant, tariffs: Mapping[str, Tariff]) -> str:
    """Return the newest versions of each tariff as rows of a table."""
    return "\n".join(
        f"| {tariff_id} | {version.valid_from} | {_prices(hass, version)} |"
        for tariff_id, tariff in tariffs.items()
        for version in reversed(tariff.versions[-_SHOWN:])
    )


def _prices(hass: HomeAssistant, version: TariffVersion) -> str:
    written = written_version(version)
    return " | ".join(
        _short(with_entities(hass, written[name])) for name in PRICE_NAMES
    )


def _short(written: object) -> str:
    """Return a price in few words: its number, or all it is made of."""
    match written:
        case Mapping():
            return ", ".join(f"{key} {_short(each)}" for key, each in written.items())
        case list():
            return "; ".join(map(_short, written))
        case _:
            return str(written)
