"""Change the issuer of a community, its prices, its sharing, or its rule for gaps."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from functools import partial
from typing import Any

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from .backfill_flow import BackfillSteps
from .benefit_flow import BenefitSteps
from .bill_settings import BILL_FIELDS, bill_answers, bill_settings
from .billing.simulation import under_tariff
from .billing.tariffs import Tariff, TariffVersion
from .const import (
    CONF_ADDRESS,
    CONF_CURRENCY,
    CONF_FIRST_TARIFF,
    CONF_IBAN,
    CONF_ISSUER,
    CONF_NAME,
    CONF_PAYMENT_TERM_DAYS,
    CONF_TARIFF,
    CONF_TIMEZONE,
    CONF_VALID_FROM,
    CONF_VAT_NUMBER,
)
from .form_checks import RefusedError, issuer_settings
from .forms import (
    FIELD_ISSUER_ADDRESS,
    FIELD_ISSUER_IBAN,
    FIELD_ISSUER_NAME,
    FIELD_ISSUER_VAT_NUMBER,
    ISSUER_FIELDS,
    Answers,
    Fields,
    first_of_next_month,
    form,
)
from .gap_settings import GAP_FIELDS, gap_answers, gap_rule_of, gap_settings
from .import_flow import ImportSteps
from .loaded import async_loaded
from .point_flow import PointSteps
from .price_units import price_unit
from .sharing_flow import SharingSteps
from .signal_input import with_signals
from .tariff_history import versions_in_words
from .tariff_input import check_tariff, version_from_input
from .tariff_tables import (
    given_tariff,
    require_heeded,
    tariff_answers,
    tariff_version_fields,
)

_MENU = [
    "issuer",
    "tariff",
    "bill",
    "benefits",
    "sharing",
    "gaps",
    "backfill",
    "import",
    "metering_points",
    "allocation",
]


class LegOptionsFlow(
    BackfillSteps, BenefitSteps, ImportSteps, PointSteps, SharingSteps
):
    """What may change at any time."""

    _tariff_answers: Answers | None = None
    """What was filled into the form for prices."""

    async def async_step_init(self, _: Answers | None = None) -> ConfigFlowResult:
        """Ask what to change."""
        return self.async_show_menu(step_id="init", menu_options=_MENU)

    async def async_step_issuer(
        self, user_input: Answers | None = None
    ) -> ConfigFlowResult:
        """Change who sends the invoices; those already issued keep theirs."""
        step = ("issuer", ISSUER_FIELDS, issuer_settings, _issuer_answers)
        return self._settings_step(user_input, *step)

    async def async_step_tariff(
        self, user_input: Answers | None = None
    ) -> ConfigFlowResult:
        """Set prices from a day on."""
        data = await async_loaded(self.config_entry)
        community = self.config_entry.data
        tariff = data.books.tariffs[community[CONF_FIRST_TARIFF][CONF_TARIFF]]
        if user_input is None:
            return await self._async_tariff_form(tariff)
        self._tariff_answers = user_input
        try:
            require_heeded(self.hass, user_input, tariff.versions[-1])
            tariff_id, version = self._version(user_input)
            check_tariff(data.books, tariff_id, version)
        except HomeAssistantError as err:
            return await self._async_tariff_form(tariff, err)
        return await self._async_show_effect(
            lambda terms, month: under_tariff(terms, tariff_id, version, month.first),
            partial(self._async_save_tariff, tariff_id, version),
            back="tariff",
        )

    def _version(self, answers: Answers) -> tuple[str, TariffVersion]:
        """Return the name of a tariff and what it says; raises HomeAssistantError."""
        tariff_id, given = given_tariff(answers)
        community = self.config_entry.data
        heeded = with_signals(self.hass, community[CONF_CURRENCY], given)
        return tariff_id, version_from_input(self.hass, heeded, community)

    async def _async_save_tariff(
        self, tariff_id: str, version: TariffVersion
    ) -> ConfigFlowResult:
        """Write it into the books; the options stay as they are."""
        data = await async_loaded(self.config_entry)
        try:
            await data.books.async_set_tariff(tariff_id, version)
        except HomeAssistantError as err:
            first = self.config_entry.data[CONF_FIRST_TARIFF][CONF_TARIFF]
            return await self._async_tariff_form(data.books.tariffs[first], err)
        data.coordinator.async_books_changed()
        return self.async_create_entry(data=dict(self.config_entry.options))

    async def _async_tariff_form(
        self, tariff: Tariff, refusal: HomeAssistantError | None = None
    ) -> ConfigFlowResult:
        """Ask for prices, beginning with what was answered, or with the newest."""
        books = (await async_loaded(self.config_entry)).books
        zone = await dt_util.async_get_time_zone(self.config_entry.data[CONF_TIMEZONE])
        today = dt_util.now(zone).date()
        values = self._tariff_answers or _next_version(self.hass, tariff, today)
        unit = price_unit(self.hass, self.config_entry.data[CONF_CURRENCY])
        fields = tariff_version_fields(list(books.tariffs), unit)
        told = {
            "shown": tariff.tariff_id,
            "versions": versions_in_words(self.hass, books.tariffs),
        }
        return self.async_show_form(**form("tariff", fields, values, refusal, **told))

    async def async_step_bill(
        self, user_input: Answers | None = None
    ) -> ConfigFlowResult:
        """Change how totals are rounded, and which days are holidays."""
        currency = self.config_entry.data[CONF_CURRENCY]
        settings_of = partial(bill_settings, currency=currency)
        if user_input is not None:
            # What is wrong with it, the form's own check below says.
            with suppress(RefusedError):
                await self.hass.async_add_executor_job(settings_of, user_input)
        answers_of = partial(bill_answers, currency=currency)
        step = ("bill", BILL_FIELDS, settings_of, answers_of)
        return self._settings_step(user_input, *step)

    async def async_step_gaps(
        self, user_input: Answers | None = None
    ) -> ConfigFlowResult:
        """Change how far gaps are filled; closed periods keep the rule they had."""
        step = ("gaps", GAP_FIELDS, gap_settings, _gap_answers)
        return self._settings_step(user_input, *step)

    def _settings_step(
        self,
        user_input: Answers | None,
        step_id: str,
        fields: Fields,
        settings_of: Callable[[Answers], Mapping[str, Any]],
        answers_of: Callable[[Mapping[str, Any]], Answers],
    ) -> ConfigFlowResult:
        """Ask for settings that stand in the options, beginning with those."""
        refusal = None
        options = self.config_entry.options
        if user_input is not None:
            try:
                settings = settings_of(user_input)
            except HomeAssistantError as err:
                refusal = err
            else:
                return self.async_create_entry(data={**options, **settings})
        values = user_input or answers_of(options)
        return self.async_show_form(**form(step_id, fields, values, refusal))


def _issuer_answers(options: Mapping[str, Any]) -> dict[str, Any]:
    issuer = options[CONF_ISSUER]
    return {
        FIELD_ISSUER_NAME: issuer[CONF_NAME],
        FIELD_ISSUER_ADDRESS: issuer[CONF_ADDRESS],
        FIELD_ISSUER_IBAN: issuer[CONF_IBAN],
        FIELD_ISSUER_VAT_NUMBER: issuer.get(CONF_VAT_NUMBER),
        CONF_PAYMENT_TERM_DAYS: options[CONF_PAYMENT_TERM_DAYS],
    }


def _gap_answers(options: Mapping[str, Any]) -> dict[str, Any]:
    return gap_answers(gap_rule_of(options))


def _next_version(hass: HomeAssistant, tariff: Tariff, today: date) -> dict[str, Any]:
    """Return a tariff's newest prices, as the form for their successors begins."""
    return {
        CONF_TARIFF: tariff.tariff_id,
        CONF_VALID_FROM: first_of_next_month(today).isoformat(),
        **tariff_answers(hass, tariff.versions[-1]),
    }
