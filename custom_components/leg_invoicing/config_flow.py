"""Set up a community, and change what it is.

Three steps: the community itself, who sends its invoices, its first tariff. Houses
are added afterwards, each as a subentry. `__init__` reloads the entry whenever it
changes, so no flow here does.
"""

from itertools import chain, count
from pathlib import Path
from typing import Any, override
import zoneinfo

from homeassistant.config_entries import (
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentryFlow,
    OptionsFlow,
)
from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.storage import STORAGE_DIR
from homeassistant.util import dt as dt_util, slugify

from .billing.models import Model
from .billing.tariffs import PRICE_NAMES
from .const import (
    CONF_CADENCE,
    CONF_COMMUNITY_ID,
    CONF_CURRENCY,
    CONF_FIRST_TARIFF,
    CONF_INTERVAL,
    CONF_MODEL,
    CONF_NAME,
    CONF_PAYMENT_TERM_DAYS,
    CONF_TARIFF,
    CONF_TIMEZONE,
    CONF_VALID_FROM,
    DOMAIN,
    SUBENTRY_HOUSE,
    SUBENTRY_METER,
)
from .form_checks import (
    check_bands,
    check_interval,
    check_model,
    check_unchanged,
    community_settings,
    free_name,
    issuer_settings,
    tariff_settings,
)
from .forms import ISSUER_FIELDS, Answers, community_fields, form, tariff_fields
from .house_flow import HouseFlow
from .loaded import async_loaded
from .meter_flow import MeterFlow
from .options_flow import LegOptionsFlow
from .price_units import price_unit

DEFAULT_PRICES = dict(zip(PRICE_NAMES, (20, 25, 6, 30), strict=True))

_LONGEST_ID = 40


class LegConfigFlow(ConfigFlow, domain=DOMAIN):
    """Set up a community."""

    VERSION = 1

    def __init__(self) -> None:
        """Begin with nothing answered."""
        self._name = ""
        self._data: dict[str, Any] = {}
        self._options: dict[str, Any] = {}

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        """Change the issuer, or the prices."""
        return LegOptionsFlow()

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: ConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        """Let houses be added, and meters beside the houses' own."""
        return {SUBENTRY_HOUSE: HouseFlow, SUBENTRY_METER: MeterFlow}

    @override
    async def async_step_user(
        self, user_input: Answers | None = None
    ) -> ConfigFlowResult:
        """Ask for the community itself."""
        refusal = None
        if user_input is not None:
            try:
                self._name, self._data = await self._async_checked(user_input)
            except HomeAssistantError as err:
                refusal = err
            else:
                return await self.async_step_issuer()
        values = {
            CONF_CURRENCY: self.hass.config.currency,
            CONF_TIMEZONE: self.hass.config.time_zone,
            CONF_MODEL: Model.POOL,
            CONF_INTERVAL: "15",
            CONF_CADENCE: "month",
        }
        return await self._async_show_community("user", user_input or values, refusal)

    async def async_step_issuer(
        self, user_input: Answers | None = None
    ) -> ConfigFlowResult:
        """Ask who sends the invoices."""
        refusal = None
        if user_input is not None:
            try:
                self._options = issuer_settings(user_input)
            except HomeAssistantError as err:
                refusal = err
            else:
                return await self.async_step_tariff()
        values = {CONF_PAYMENT_TERM_DAYS: 30}
        return self.async_show_form(
            **form("issuer", ISSUER_FIELDS, user_input or values, refusal)
        )

    async def async_step_tariff(
        self, user_input: Answers | None = None
    ) -> ConfigFlowResult:
        """Ask for the first prices, and set the community up."""
        refusal = None
        if user_input is not None:
            try:
                self._data[CONF_FIRST_TARIFF] = tariff_settings(user_input)
            except HomeAssistantError as err:
                refusal = err
            else:
                return await self._async_create_community()
        values = {
            CONF_TARIFF: "Standard",
            CONF_VALID_FROM: f"{dt_util.now().year}-01-01",
            **DEFAULT_PRICES,
        }
        unit = price_unit(self.hass, self._data[CONF_CURRENCY])
        return self.async_show_form(
            **form("tariff", tariff_fields(unit), user_input or values, refusal)
        )

    async def async_step_reconfigure(
        self, user_input: Answers | None = None
    ) -> ConfigFlowResult:
        """Change what the community is, as far as no bill depends on it."""
        entry = self._get_reconfigure_entry()
        data = await async_loaded(entry)
        refusal = None
        if user_input is not None:
            try:
                name, settings = await self._async_checked(user_input, entry)
                if data.books.closed:
                    period_id = data.books.closed[-1].period.period_id
                    check_unchanged(entry.data, settings, period_id)
                if await self.hass.async_add_executor_job(data.ledger.bounds):
                    check_interval(entry.data, settings)
                check_bands(data.books.tariffs.values(), settings)
                check_model(data.books.tariffs.values(), settings)
            except HomeAssistantError as err:
                refusal = err
            else:
                return self.async_update_and_abort(
                    entry, title=name, data_updates=settings
                )
        values = {
            **entry.data,
            CONF_NAME: entry.title,
            CONF_INTERVAL: str(entry.data[CONF_INTERVAL]),
        }
        return await self._async_show_community(
            "reconfigure", user_input or values, refusal
        )

    async def _async_show_community(
        self, step_id: str, values: Answers, refusal: HomeAssistantError | None
    ) -> ConfigFlowResult:
        timezones = await self.hass.async_add_executor_job(zoneinfo.available_timezones)
        fields = community_fields(sorted(timezones))
        return self.async_show_form(**form(step_id, fields, values, refusal))

    async def _async_checked(
        self, answers: Answers, entry: ConfigEntry | None = None
    ) -> tuple[str, dict[str, Any]]:
        """Return the name and the settings of a community."""
        others = self.hass.config_entries.async_entries(DOMAIN)
        name = free_name(answers, (o.title for o in others if o is not entry))
        zone = await dt_util.async_get_time_zone(answers[CONF_TIMEZONE])
        return name, community_settings(answers, dt_util.now(zone).date())

    async def _async_create_community(self) -> ConfigFlowResult:
        community_id = await self._async_new_community_id()
        await self.async_set_unique_id(community_id)
        return self.async_create_entry(
            title=self._name,
            data={CONF_COMMUNITY_ID: community_id, **self._data},
            options=self._options,
        )

    async def _async_new_community_id(self) -> str:
        """Return an id that no community has, and that none has left files under.

        A removed community leaves its ledger and its books behind, for its
        members' tax office. A new one of the same name must not write into them.
        """
        used = await self.hass.async_add_executor_job(
            _ids_in_storage, Path(self.hass.config.path(STORAGE_DIR))
        )
        entries = self.hass.config_entries.async_entries(DOMAIN)
        used |= {entry.unique_id for entry in entries}
        slug = slugify(self._name)[:_LONGEST_ID].strip("_")
        return next(
            name
            for name in chain([slug], (f"{slug}_{number}" for number in count(2)))
            if name not in used
        )


def _ids_in_storage(folder: Path) -> set[str | None]:
    """Return the ids in file names such as `leg_invoicing.<id>.db`."""
    return {path.name.split(".")[1] for path in folder.glob(f"{DOMAIN}.*.*")}
