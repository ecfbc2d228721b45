"""What is told beside the bills from a day on."""

from datetime import date

from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from .benefit_settings import (
    BENEFIT_FIELDS,
    benefit_answers,
    benefit_version,
    benefits_in_words,
)
from .billing.benefit_change import with_benefits
from .billing.benefits import NOTHING_TOLD
from .billing.terms import Terms
from .books import Books
from .const import CONF_TIMEZONE
from .forms import Answers, first_of_next_month, form
from .loaded import async_loaded
from .runtime import terms_now


class BenefitSteps(OptionsFlow):
    """The step that changes what is told; nothing of it is ever charged."""

    async def async_step_benefits(
        self, user_input: Answers | None = None
    ) -> ConfigFlowResult:
        """Ask for what is told, and for the day from which it counts."""
        books = (await async_loaded(self.config_entry)).books
        refusal = None
        if user_input is not None:
            try:
                version = benefit_version(self.hass, user_input)
                await books.async_change(lambda b: with_benefits(b, version))
            except HomeAssistantError as err:
                refusal = err
            else:
                # There may be sensors to be added, and others to be followed.
                entries = self.hass.config_entries
                entries.async_schedule_reload(self.config_entry.entry_id)
                return self.async_create_entry(data=dict(self.config_entry.options))
        terms = terms_now(self.config_entry)
        told = terms.community.benefits
        zone = await dt_util.async_get_time_zone(self.config_entry.data[CONF_TIMEZONE])
        first = _first_day(terms, books, dt_util.now(zone).date())
        values = user_input or benefit_answers(self.hass, told[-1], first)
        versions = benefits_in_words(self.hass, told)
        return self.async_show_form(
            **form("benefits", BENEFIT_FIELDS, values, refusal, versions=versions)
        )


def _first_day(terms: Terms, books: Books, today: date) -> date:
    """Return the day from which it is usually meant to count: at first, all days."""
    if terms.community.benefits != NOTHING_TOLD:
        return first_of_next_month(today)
    if books.closed:
        return books.closed[-1].period.end
    return min(tariff.versions[0].valid_from for tariff in terms.tariffs.values())
