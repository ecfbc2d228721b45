"""Change the meters or the occupant of a house."""

from datetime import date
from typing import Any

from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.data_entry_flow import AbortFlow
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from .billing.agreements import LANGUAGES, Agreement
from .billing.rounding import EXACT
from .books import Books
from .community import party_of
from .const import (
    CONF_ADDRESS,
    CONF_EMAIL,
    CONF_FACTOR,
    CONF_FIRST_TARIFF,
    CONF_HOUSE_ID,
    CONF_IBAN,
    CONF_LANGUAGE,
    CONF_NAME,
    CONF_TARIFF,
    CONF_TIMEZONE,
)
from .form_checks import day, free_name
from .forms import (
    FIELD_PARTICIPANT_NAME,
    FIELD_START_DATE,
    Answers,
    first_of_next_month,
    form,
)
from .house_fields import meter_fields, newcomer_fields, participant_fields
from .loaded import async_loaded
from .occupant_settings import agreed_factor, agreed_weight, participant_settings
from .register_checks import other_names, own_sensors, point_answers, point_settings
from .runtime import LegData
from .supplier_vat import supplier_vat, supplier_vat_answers


class HouseChanges(ConfigSubentryFlow):
    """The steps that change a house."""

    async def async_step_reconfigure(
        self, _: Answers | None = None
    ) -> SubentryFlowResult:
        """Ask what has changed."""
        return self.async_show_menu(
            step_id="reconfigure",
            menu_options=["meters", "details", "change_of_occupant"],
        )

    async def async_step_meters(
        self, user_input: Answers | None = None
    ) -> SubentryFlowResult:
        """Change the name or the meters of a house."""
        refusal = None
        subentry = self._get_reconfigure_subentry()
        if user_input is not None:
            try:
                name, settings = self._meters(user_input)
            except HomeAssistantError as err:
                refusal = err
            else:
                return self.async_update_and_abort(
                    self._get_entry(), subentry, title=name, data_updates=settings
                )
        values = {
            **point_answers(self.hass, subentry.data),
            CONF_NAME: subentry.title,
        }
        return self._show_meters("meters", user_input or values, refusal)

    async def async_step_details(
        self, user_input: Answers | None = None
    ) -> SubentryFlowResult:
        """Correct the data of whoever is billed for the house now."""
        data = await async_loaded(self._get_entry())
        agreement = await self._async_current_agreement(data.books)
        refusal = None
        if user_input is not None:
            try:
                await data.books.async_correct_agreement(
                    agreement.agreement_id,
                    party_of(participant_settings(user_input)),
                    user_input[CONF_TARIFF],
                    supplier_vat(user_input),
                )
            except HomeAssistantError as err:
                refusal = err
            else:
                return self._done(data)
        values = user_input or _participant_answers(agreement)
        fields = participant_fields(list(data.books.tariffs))
        return self.async_show_form(
            **form("details", fields, values, refusal, **self._names(agreement))
        )

    async def async_step_change_of_occupant(
        self, user_input: Answers | None = None
    ) -> SubentryFlowResult:
        """Let somebody else have the house from a day on."""
        data = await async_loaded(self._get_entry())
        agreement = await self._async_current_agreement(data.books)
        refusal = None
        if user_input is not None:
            try:
                await data.books.async_change_occupant(
                    agreement.house_id,
                    day(user_input, FIELD_START_DATE),
                    party_of(participant_settings(user_input)),
                    user_input[CONF_TARIFF],
                    agreed_weight(user_input),
                    supplier_vat(user_input),
                    agreed_factor(user_input, data.books.commitments.meters),
                )
            except HomeAssistantError as err:
                refusal = err
            else:
                return self._done(data)
        first = first_of_next_month(await self._async_today())
        percent = float(agreement.factor.scaleb(2, EXACT))
        values = user_input or {**self._newcomer(first), CONF_FACTOR: percent}
        fields = newcomer_fields(list(data.books.tariffs))
        return self.async_show_form(
            **form(
                "change_of_occupant", fields, values, refusal, **self._names(agreement)
            )
        )

    def _meters(self, answers: Answers) -> tuple[str, dict[str, Any]]:
        """Return the name and the settings of a house, except its occupant."""
        itself = None if self.source == SOURCE_USER else self._reconfigure_subentry_id
        name = free_name(answers, other_names(self._get_entry(), itself))
        return name, point_settings(self.hass, answers, except_for=itself)

    def _show_meters(
        self, step_id: str, values: Answers, refusal: HomeAssistantError | None
    ) -> SubentryFlowResult:
        fields = meter_fields(own_sensors(self.hass))
        return self.async_show_form(**form(step_id, fields, values, refusal))

    def _newcomer(self, first: date) -> dict[str, Any]:
        """Return what the form of a new occupant begins with."""
        language = self.hass.config.language.split("-")[0]
        return {
            CONF_LANGUAGE: language if language in LANGUAGES else LANGUAGES[0],
            CONF_TARIFF: self._get_entry().data[CONF_FIRST_TARIFF][CONF_TARIFF],
            FIELD_START_DATE: first.isoformat(),
            CONF_FACTOR: 100,
        }

    async def _async_today(self) -> date:
        """Return the day it is where the community is."""
        name = self._get_entry().data[CONF_TIMEZONE]
        return dt_util.now(await dt_util.async_get_time_zone(name)).date()

    async def _async_current_agreement(self, books: Books) -> Agreement:
        """Return the agreement of today, or else the newest."""
        house_id = self._get_reconfigure_subentry().data[CONF_HOUSE_ID]
        agreements = [a for a in books.agreements if a.house_id == house_id]
        if not agreements:
            raise AbortFlow("no_occupant")
        today = await self._async_today()
        return next((a for a in agreements if a.covers(today)), agreements[-1])

    def _names(self, agreement: Agreement) -> dict[str, str]:
        """Return what a form's text says about the house and who has it."""
        return {
            "house": self._get_reconfigure_subentry().title,
            "participant": agreement.participant.name,
            "first": agreement.first.isoformat(),
        }

    def _done(self, data: LegData) -> SubentryFlowResult:
        """End the flow; the change is in the books, the subentry stays as it is."""
        data.coordinator.async_books_changed()
        return self.async_update_and_abort(
            self._get_entry(), self._get_reconfigure_subentry()
        )


def _participant_answers(agreement: Agreement) -> dict[str, Any]:
    """Return an agreement the way a form shows it."""
    participant = agreement.participant
    return {
        FIELD_PARTICIPANT_NAME: participant.name,
        CONF_ADDRESS: "\n".join(participant.address),
        CONF_EMAIL: participant.email,
        CONF_LANGUAGE: participant.language,
        CONF_IBAN: participant.iban,
        **supplier_vat_answers(agreement),
        CONF_TARIFF: agreement.tariff_id,
    }
