"""The dialog that reads the sensors' statistics back: days, progress, what was found."""

import asyncio
from typing import Any, Final

from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.selector import DateSelector
from homeassistant.util import dt as dt_util
import probatio

from .backfill import Wanted, async_backfill, first_day, wanted_span
from .backfill_answer import as_list, as_signals, as_table
from .community import points_of_entry
from .const import CONF_FROM, CONF_TO, DOMAIN
from .forms import Answers, Fields, form
from .loaded import async_loaded
from .option_names import async_option_names
from .runtime import terms_now

BACKFILL_FIELDS: Final[Fields] = {CONF_FROM: DateSelector(), CONF_TO: DateSelector()}


class BackfillSteps(OptionsFlow):
    """What has been recorded before, as steps of a flow."""

    _wanted: Wanted
    _backfilled: dict[str, str]
    _reading_back: asyncio.Task[dict[str, Any]] | None = None
    _refusal: HomeAssistantError | None = None

    async def async_step_backfill(
        self, user_input: Answers | None = None
    ) -> ConfigFlowResult:
        """Ask for the days."""
        await async_loaded(self.config_entry)
        refusal, self._refusal = self._refusal, None
        now = int(dt_util.utcnow().timestamp())
        if user_input is not None:
            first, end = (
                dt_util.parse_date(text) if (text := user_input.get(name)) else None
                for name in BACKFILL_FIELDS
            )
            self._wanted = Wanted(first=first, end=end)
            try:
                wanted_span(self.config_entry, self._wanted, now)
            except HomeAssistantError as err:
                refusal = err
            else:
                return await self.async_step_backfill_reading()
        values = user_input or {
            CONF_FROM: first_day(self.config_entry, now).isoformat()
        }
        return self.async_show_form(
            **form("backfill", BACKFILL_FIELDS, values, refusal)
        )

    async def async_step_backfill_reading(
        self, _: Answers | None = None
    ) -> ConfigFlowResult:
        """Show how far the reading is."""
        if self._reading_back is None:
            reading = async_backfill(
                self.hass, self.config_entry, self._wanted, self.async_update_progress
            )
            # Whoever closes the dialog gives up looking on; what has begun is finished.
            begun = self.hass.async_create_task(reading, f"{DOMAIN} backfill")
            # Not begun at once, so that it never ends before its progress is shown:
            # a flow that passes over that is called again with the same answers.
            self._reading_back = self.hass.async_create_task(
                _outcome(begun), eager_start=False
            )
        if not self._reading_back.done():
            return self.async_show_progress(
                step_id="backfill_reading",
                progress_action="backfill",
                progress_task=self._reading_back,
            )
        done, self._reading_back = self._reading_back, None
        try:
            self._backfilled = await self._async_in_words(done.result())
        except HomeAssistantError as err:
            self._refusal = err
            return self.async_show_progress_done(next_step_id="backfill")
        return self.async_show_progress_done(next_step_id="backfill_found")

    async def async_step_backfill_found(
        self, user_input: Answers | None = None
    ) -> ConfigFlowResult:
        """Say what was found, and how good it is."""
        if user_input is not None:
            return self.async_create_entry(data=dict(self.config_entry.options))
        return self.async_show_form(
            step_id="backfill_found",
            data_schema=probatio.Schema({}),
            description_placeholders=self._backfilled,
        )

    async def _async_in_words(self, found: dict[str, Any]) -> dict[str, str]:
        names_of = await async_option_names(self.hass, ["backfill"])
        words = names_of["backfill"]
        names = {p.point_id: p.name for p in points_of_entry(self.config_entry)}
        zone = terms_now(self.config_entry).community.zone
        houses = found["houses"].values()
        return {
            "table": as_table(found, names, words),
            "list": as_list(found, names, words, zone),
            "signals": as_signals(found),
            "written": str(sum(house["written"] for house in houses)),
            "kept": str(sum(house["kept"] for house in houses)),
        }


async def _outcome(begun: asyncio.Task[dict[str, Any]]) -> dict[str, Any]:
    return await asyncio.shield(begun)
