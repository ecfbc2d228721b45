"""Prices from a day on: of which tariff, then what it says, then what it would have meant."""

from functools import partial

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from .billing.simulation import under_tariff
from .billing.tariffs import TariffVersion
from .community import settings_of
from .const import (
    CONF_CURRENCY,
    CONF_FIRST_TARIFF,
    CONF_TARIFF,
    CONF_TIMEZONE,
    CONF_VALID_FROM,
)
from .effect_flow import EffectSteps
from .form_checks import needed_text
from .forms import Answers, choice, first_of_next_month, form
from .loaded import async_loaded
from .option_names import async_option_names
from .price_units import price_unit
from .signal_input import with_signals
from .tariff_fields import NAMED, tariff_version_fields
from .tariff_history import versions_in_words
from .tariff_input import check_tariff, version_from_input
from .tariff_tables import given_tariff, require_heeded, tariff_answers


class TariffSteps(EffectSteps):
    """The steps that change the prices of a tariff, or begin a new one."""

    _tariff_id = ""
    _prices: Answers | None = None
    """What was filled into the form for prices."""

    async def async_step_tariff(
        self, user_input: Answers | None = None
    ) -> ConfigFlowResult:
        """Ask whose prices are to be changed."""
        tariffs = (await async_loaded(self.config_entry)).books.tariffs
        refusal = None
        if user_input is not None:
            try:
                self._tariff_id = needed_text(user_input, CONF_TARIFF)
            except HomeAssistantError as err:
                refusal = err
            else:
                self._prices = None
                return await self.async_step_prices()
        fields = {CONF_TARIFF: choice(list(tariffs), others=True)}
        first = self.config_entry.data[CONF_FIRST_TARIFF]
        versions = versions_in_words(self.hass, tariffs)
        return self.async_show_form(
            **form("tariff", fields, user_input or first, refusal, versions=versions)
        )

    async def async_step_prices(
        self, user_input: Answers | None = None
    ) -> ConfigFlowResult:
        """Set the prices from a day on."""
        if user_input is None:
            return await self._async_price_form()
        books = (await async_loaded(self.config_entry)).books
        self._prices = user_input
        try:
            require_heeded(self.hass, user_input, await self._async_newest())
            version = self._version(user_input)
            check_tariff(books, self._tariff_id, version)
        except HomeAssistantError as err:
            return await self._async_price_form(err)
        name = self._tariff_id
        return await self._async_show_effect(
            lambda terms, month: under_tariff(terms, name, version, month.first),
            partial(self._async_save_prices, version),
            back="prices",
        )

    def _version(self, answers: Answers) -> TariffVersion:
        """Return what was answered; raises HomeAssistantError."""
        community = settings_of(self.config_entry)
        given = given_tariff({**answers, CONF_TARIFF: self._tariff_id})
        heeded = with_signals(self.hass, community[CONF_CURRENCY], given)
        return version_from_input(self.hass, heeded, community)

    async def _async_newest(self) -> TariffVersion:
        """Return the newest version of the tariff; a new one begins like the first."""
        tariffs = (await async_loaded(self.config_entry)).books.tariffs
        first = self.config_entry.data[CONF_FIRST_TARIFF][CONF_TARIFF]
        return tariffs.get(self._tariff_id, tariffs[first]).versions[-1]

    async def _async_save_prices(self, version: TariffVersion) -> ConfigFlowResult:
        """Write them into the books; the options stay as they are."""
        data = await async_loaded(self.config_entry)
        try:
            await data.books.async_set_tariff(self._tariff_id, version)
        except HomeAssistantError as err:
            return await self._async_price_form(err)
        data.coordinator.async_books_changed()
        return self.async_create_entry(data=dict(self.config_entry.options))

    async def _async_price_form(
        self, refusal: HomeAssistantError | None = None
    ) -> ConfigFlowResult:
        """Ask for prices, beginning with what was answered, or with the newest."""
        values = self._prices
        if values is None:
            name = self.config_entry.data[CONF_TIMEZONE]
            today = dt_util.now(await dt_util.async_get_time_zone(name)).date()
            values = {
                CONF_VALID_FROM: first_of_next_month(today).isoformat(),
                **tariff_answers(self.hass, await self._async_newest()),
            }
        unit = price_unit(self.hass, self.config_entry.data[CONF_CURRENCY])
        fields = tariff_version_fields(unit, await async_option_names(self.hass, NAMED))
        return self.async_show_form(
            **form("prices", fields, values, refusal, shown=self._tariff_id)
        )
