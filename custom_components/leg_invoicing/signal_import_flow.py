"""Bring in a file of signals: look at what would change, then import it."""

from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo

from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.selector import BooleanSelector

from .const import CONF_TIMEZONE
from .forms import Answers, Fields, form
from .import_report import signals_report
from .runtime import terms_now
from .signal_imports import (
    Said,
    async_import_signals,
    async_signals_effect,
    signal_names,
)

FIELD_REPLACE: Final = "replace"
SIGNAL_FIELDS: Final[Fields] = {FIELD_REPLACE: BooleanSelector()}


class SignalImportSteps(OptionsFlow):
    """The step from what a file says of signals to the ledger."""

    _said: Said

    async def async_step_signals(
        self, user_input: Answers | None = None
    ) -> ConfigFlowResult:
        """Show what the file holds and would change; import it when that is right."""
        entry, refusal = self.config_entry, None
        if user_input is not None:
            wanted = replace(self._said, replace=user_input[FIELD_REPLACE])
            try:
                await async_import_signals(entry, wanted)
            except HomeAssistantError as err:
                refusal = err
            else:
                return self.async_create_entry(data=dict(entry.options))
        effect = await async_signals_effect(entry, replace(self._said, replace=True))
        names = signal_names(self.hass, terms_now(entry))
        zone = ZoneInfo(entry.data[CONF_TIMEZONE])
        return self.async_show_form(
            **form(
                "signals",
                SIGNAL_FIELDS,
                user_input or {FIELD_REPLACE: False},
                refusal,
                **signals_report(self._said, effect, names, zone),
            )
        )
