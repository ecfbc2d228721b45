"""Add a meter beside the houses' own, or change one.

How it counts goes into the books when the community is set up again, which follows
by itself. What it measures, and since when, stays as it was said at first: another
meter is another subentry.
"""

from dataclasses import replace
from typing import override

from homeassistant.config_entries import SubentryFlowResult
from homeassistant.exceptions import HomeAssistantError

from .billing.meter_commitments import with_new_meter
from .billing.meters import Meter, Role
from .billing.meters_written import written_meter
from .const import CONF_METER_ID, CONF_NAME, CONF_TERMS
from .form_checks import free_name
from .forms import TEXT, Answers, form
from .loaded import async_loaded
from .meter_fields import FIELD_IS_CALCULATED, FIELD_ROLE, METER_FIELDS
from .meter_settings import meter_of
from .meter_steps import NEW, MeterSteps
from .register_checks import other_names


class MeterFlow(MeterSteps):
    """Add or change a meter."""

    async def async_step_user(
        self, user_input: Answers | None = None
    ) -> SubentryFlowResult:
        """Ask for the name and the role of a new meter."""
        await async_loaded(self._get_entry())
        refusal = None
        if user_input is not None:
            try:
                name = free_name(user_input, other_names(self._get_entry(), None))
            except HomeAssistantError as err:
                refusal = err
            else:
                role = Role(user_input[FIELD_ROLE])
                self._meter = Meter(meter_id=NEW, role=role, name=name)
                self._is_calculated = user_input[FIELD_IS_CALCULATED]
                return await self._async_show(self._steps[0])
        values = user_input or {FIELD_IS_CALCULATED: False}
        return self.async_show_form(**form("user", METER_FIELDS, values, refusal))

    async def async_step_reconfigure(
        self, user_input: Answers | None = None
    ) -> SubentryFlowResult:
        """Ask for the name of a meter, and then for all else that may change."""
        await async_loaded(self._get_entry())
        subentry = self._get_reconfigure_subentry()
        refusal = None
        if user_input is not None:
            others = other_names(self._get_entry(), subentry.subentry_id)
            try:
                name = free_name(user_input, others)
            except HomeAssistantError as err:
                refusal = err
            else:
                self._meter = replace(meter_of(subentry), name=name)
                self._is_calculated = bool(self._meter.formula)
                self._settings = subentry.data
                return await self._async_show(self._steps[0])
        values = user_input or {CONF_NAME: subentry.title}
        return self.async_show_form(
            **form("reconfigure", {CONF_NAME: TEXT}, values, refusal)
        )

    @override
    async def _async_finish(self) -> SubentryFlowResult:
        name = self._meter.name
        # The name is the subentry's title, which can be changed elsewhere, too.
        terms = written_meter(replace(self._meter, name=""))
        settings = {**self._settings, CONF_TERMS: terms}
        if not self._is_new:
            return self.async_update_and_abort(
                self._get_entry(),
                self._get_reconfigure_subentry(),
                title=name,
                data_updates=settings,
            )
        data = {CONF_METER_ID: await self._async_new_id(), **settings}
        return self.async_create_entry(
            title=name, data=data, unique_id=data[CONF_METER_ID]
        )

    async def _async_new_id(self) -> str:
        """Return an id that was never given before."""
        books, since = await self._async_books(), self._meter.since
        await books.async_change(lambda b: with_new_meter(b, since))
        return f"meter_{books.commitments.last_meter}"
