"""LEG Invoicing: from meters to invoices for houses that share electricity."""

from collections.abc import Container
from contextlib import AsyncExitStack
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from homeassistant.const import EVENT_HOMEASSISTANT_STOP, Platform
from homeassistant.core import Event, HomeAssistant
from homeassistant.exceptions import (
    ConfigEntryError,
    ConfigEntryNotReady,
    UnsupportedStorageVersionError,
)
from homeassistant.helpers import (
    config_validation as cv,
    device_registry as dr,
    issue_registry as ir,
)
from homeassistant.helpers.storage import STORAGE_DIR
from homeassistant.helpers.typing import ConfigType
from homeassistant.util import dt as dt_util
from sqlalchemy.exc import SQLAlchemyError

from .billing.agreements import Agreement
from .billing.commitment_records import version_from_record
from .billing.meter_commitments import with_meters
from .book_files import BooksDamagedError
from .books import Books
from .community import houses_of_entry, party_of, settings_of, weight_of
from .const import (
    CONF_COMMUNITY_ID,
    CONF_FACTOR,
    CONF_FIRST_AGREEMENT,
    CONF_FIRST_TARIFF,
    CONF_FROM,
    CONF_HOUSE_ID,
    CONF_INVOICE,
    CONF_PARTICIPANT,
    CONF_TARIFF,
    CONF_TIMEZONE,
    CONF_VAT,
    DOMAIN,
    FINDING_PAGES,
    SUBENTRY_HOUSE,
)
from .coordinator import LegCoordinator
from .document_files import async_write_missing
from .holiday_settings import async_read_holidays
from .ledger import Ledger, LedgerDamagedError, LedgerTooNewError
from .meter_settings import meters_of_entry
from .runtime import LegConfigEntry, LegData
from .services import async_register_actions
from .shared_registers import check_change
from .supplier_vat import vat_of

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)
PLATFORMS = (Platform.BINARY_SENSOR, Platform.SENSOR)


async def async_setup(hass: HomeAssistant, _config: ConfigType) -> bool:
    """Register the actions, which find their community when they are called."""
    async_register_actions(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: LegConfigEntry) -> bool:
    """Open the stores of a community and start its clock."""
    await async_read_holidays(hass, settings_of(entry))
    books, ledger = await _async_open_stores(hass, entry)
    async with AsyncExitStack() as undo:
        undo.push_async_callback(ledger.async_close)
        await _async_take_over_settings(entry, books)
        houses, device_id = houses_of_entry(entry), _community_device_id(hass, entry)
        books.house_names = {house.house_id: house.name for house in houses}
        books.check = partial(check_change, hass, entry)
        coordinator = LegCoordinator(hass, entry, books, ledger, houses, device_id)
        entry.runtime_data = LegData(
            books=books, ledger=ledger, coordinator=coordinator
        )
        undo.push_async_callback(coordinator.async_stop)
        await coordinator.async_start()
        await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
        undo.pop_all()
    entry.async_on_unload(entry.add_update_listener(_async_reload))
    entry.async_on_unload(
        hass.bus.async_listen_once(
            EVENT_HOMEASSISTANT_STOP, partial(_async_stop, entry.runtime_data)
        )
    )
    entry.async_create_background_task(
        hass, async_write_missing(hass, entry), f"{DOMAIN} documents"
    )
    return True


async def async_unload_entry(hass: HomeAssistant, entry: LegConfigEntry) -> bool:
    """Stop the clock, write what is complete, and close the stores."""
    if not await hass.config_entries.async_unload_platforms(entry, PLATFORMS):
        return False
    data = entry.runtime_data
    await _async_stop(data)
    data.coordinator.async_clear_issues()
    return True


async def _async_stop(data: LegData, _: Event | None = None) -> None:
    """Stop the clock; entries are not unloaded when Home Assistant stops."""
    # A period that is being closed is closed first: whoever opens the books next
    # must find it there.
    async with data.books.changing:
        await data.coordinator.async_stop()
        await data.ledger.async_close()


async def _async_reload(hass: HomeAssistant, entry: LegConfigEntry) -> None:
    """Begin again with changed settings, or with a house more or less."""
    await hass.config_entries.async_reload(entry.entry_id)


async def _async_open_stores(
    hass: HomeAssistant, entry: LegConfigEntry
) -> tuple[Books, Ledger]:
    """Open the books and the ledger, or raise a repair and leave both alone.

    The books are begun before the ledger, so where there is a ledger there must
    be books.
    """
    community_id = entry.data[CONF_COMMUNITY_ID]
    path = Path(hass.config.path(STORAGE_DIR, f"{DOMAIN}.{community_id}.db"))
    expected = await hass.async_add_executor_job(path.exists)
    try:
        books = await Books.async_open(hass, community_id, expected=expected)
        ledger = await hass.async_add_executor_job(Ledger.open, path)
    except LedgerDamagedError as err:
        raise _stop(hass, entry, "ledger_damaged", str(path)) from err
    except LedgerTooNewError as err:
        raise _stop(hass, entry, "ledger_too_new", str(path)) from err
    except BooksDamagedError as err:
        raise _stop(hass, entry, "books_damaged", err.path) from err
    except UnsupportedStorageVersionError as err:
        raise _stop(hass, entry, "books_damaged", err.storage_key) from err
    except (OSError, SQLAlchemyError) as err:
        # A disk that is not there yet, or full: nothing is known to be wrong.
        raise _wait(path, err) from err
    for key in ("ledger_damaged", "ledger_too_new", "books_damaged"):
        ir.async_delete_issue(hass, DOMAIN, f"{key}_{community_id}")
    return books, ledger


def _wait(path: Path, err: Exception) -> ConfigEntryNotReady:
    """Tell why a community cannot be opened yet."""
    return ConfigEntryNotReady(
        translation_domain=DOMAIN,
        translation_key="ledger_not_ready",
        translation_placeholders={"path": str(path), "reason": str(err)},
    )


def _stop(
    hass: HomeAssistant, entry: LegConfigEntry, key: str, path: str
) -> ConfigEntryError:
    """Tell why a community cannot be opened, and what to do."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        f"{key}_{entry.data[CONF_COMMUNITY_ID]}",
        is_fixable=False,
        learn_more_url=f"{FINDING_PAGES}/{key}.md",
        severity=ir.IssueSeverity.CRITICAL,
        translation_key=key,
        translation_placeholders={"path": path, "community": entry.title},
    )
    return ConfigEntryError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders={"path": path},
    )


async def _async_take_over_settings(entry: LegConfigEntry, books: Books) -> None:
    """Enter into the books what was entered when the community was set up."""
    first_tariff = entry.data[CONF_FIRST_TARIFF]
    if first_tariff[CONF_TARIFF] not in books.tariffs:
        await books.async_set_tariff(
            first_tariff[CONF_TARIFF], version_from_record(first_tariff)
        )
    houses = set()
    for subentry in entry.get_subentries_of_type(SUBENTRY_HOUSE):
        house_id = subentry.data[CONF_HOUSE_ID]
        houses.add(house_id)
        if not books.commitments.agreements_of(house_id):
            first = subentry.data[CONF_FIRST_AGREEMENT]
            await books.async_add_agreement(
                Agreement(
                    house_id=house_id,
                    participant=party_of(first[CONF_PARTICIPANT]),
                    tariff_id=first[CONF_TARIFF],
                    first=date.fromisoformat(first[CONF_FROM]),
                    weight=weight_of(first),
                    vat=vat_of(first.get(CONF_VAT)),
                    invoice=first.get(CONF_INVOICE, ""),
                    factor=Decimal(first.get(CONF_FACTOR, "1")),
                )
            )
    await _async_end_removed(entry, books, houses)
    meters, tomorrow = meters_of_entry(entry), _tomorrow(entry)
    await books.async_change(lambda b: with_meters(b, meters, tomorrow))


async def _async_end_removed(
    entry: LegConfigEntry, books: Books, houses: Container[str]
) -> None:
    """End the agreements of houses that were removed, with the present day."""
    tomorrow = _tomorrow(entry)
    for house_id in sorted({agreement.house_id for agreement in books.agreements}):
        if house_id not in houses:
            await books.async_end_agreements(house_id, tomorrow)


def _tomorrow(entry: LegConfigEntry) -> date:
    """Return the first day on which what was removed today is gone."""
    zone = ZoneInfo(entry.data[CONF_TIMEZONE])
    return dt_util.utcnow().astimezone(zone).date() + timedelta(days=1)


def _community_device_id(hass: HomeAssistant, entry: LegConfigEntry) -> str:
    """Return the community's device, made first: the houses hang from it."""
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id,
        identifiers={(DOMAIN, entry.entry_id)},
        name=entry.title,
        entry_type=dr.DeviceEntryType.SERVICE,
    )
    return device.id
