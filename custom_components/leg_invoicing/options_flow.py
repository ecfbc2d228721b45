"""Change the issuer of a community, its prices, its sharing, or its rule for gaps."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from homeassistant.config_entries import ConfigEntryState, ConfigFlowResult
from homeassistant.exceptions import HomeAssistantError

from .backfill_flow import BackfillSteps
from .benefit_flow import BenefitSteps
from .bill_settings import BILL_FIELDS, bill_answers, bill_settings
from .billing.tariffs import Tariff
from .const import (
    CONF_ADDRESS,
    CONF_CURRENCY,
    CONF_IBAN,
    CONF_ISSUER,
    CONF_NAME,
    CONF_PAYMENT_TERM_DAYS,
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
    form,
)
from .gap_settings import GAP_FIELDS, gap_answers, gap_rule_of, gap_settings
from .holiday_settings import check_holidays
from .import_flow import ImportSteps
from .point_flow import PointSteps
from .runtime import LegData
from .sharing_flow import SharingSteps
from .tariff_flow import TariffSteps

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
    BackfillSteps, BenefitSteps, ImportSteps, PointSteps, SharingSteps, TariffSteps
):
    """What may change at any time."""

    async def async_step_init(self, _: Answers | None = None) -> ConfigFlowResult:
        """Ask what to change."""
        return self.async_show_menu(step_id="init", menu_options=_MENU)

    async def async_step_issuer(
        self, user_input: Answers | None = None
    ) -> ConfigFlowResult:
        """Change who sends the invoices; those already issued keep theirs."""
        step = ("issuer", ISSUER_FIELDS, issuer_settings, _issuer_answers)
        return self._settings_step(user_input, *step)

    async def async_step_bill(
        self, user_input: Answers | None = None
    ) -> ConfigFlowResult:
        """Change how totals are rounded, and which days are holidays."""
        currency = self.config_entry.data[CONF_CURRENCY]

        def settings_of(answers: Answers) -> Mapping[str, Any]:
            settings = bill_settings(answers, currency)
            check_holidays(self._tariffs_of_running(), settings)
            return settings

        if user_input is not None:
            # What is wrong with it, the form's own check below says.
            with suppress(RefusedError):
                await self.hass.async_add_executor_job(
                    bill_settings, user_input, currency
                )
        answers_of = partial(bill_answers, currency=currency)
        step = ("bill", BILL_FIELDS, settings_of, answers_of)
        return self._settings_step(user_input, *step)

    def _tariffs_of_running(self) -> Iterable[Tariff]:
        """Return all tariffs; none where the community could not be set up.

        That may be for its holidays, which then have to be changed nevertheless.
        """
        entry = self.config_entry
        if entry.state is not ConfigEntryState.LOADED:
            return ()
        data: LegData = entry.runtime_data
        return data.books.tariffs.values()

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
