"""Which houses metering points are, and who says how energy was shared."""

from typing import Final

from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.selector import (
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)

from .billing.allocation import OfficialUse
from .community import houses_of_entry
from .const import CONF_OFFICIAL_ALLOCATION
from .forms import Answers, Fields, form
from .import_forms import IGNORE, point_fields
from .loaded import async_loaded
from .metering_points import async_set_points

ALLOCATION_FIELDS: Final[Fields] = {
    CONF_OFFICIAL_ALLOCATION: SelectSelector(
        SelectSelectorConfig(
            options=list(OfficialUse),
            mode=SelectSelectorMode.LIST,
            translation_key=CONF_OFFICIAL_ALLOCATION,
        )
    )
}


class PointSteps(OptionsFlow):
    """The steps for what a grid operator says."""

    async def async_step_metering_points(
        self, user_input: Answers | None = None
    ) -> ConfigFlowResult:
        """Show which houses metering points are, and let it be put right."""
        data = await async_loaded(self.config_entry)
        known = await self.hass.async_add_executor_job(data.ledger.points)
        refusal = None
        if user_input is not None:
            try:
                await async_set_points(data, known, user_input)
            except HomeAssistantError as err:
                refusal = err
            else:
                return self.async_create_entry(data=dict(self.config_entry.options))
        if not known:
            return self.async_abort(reason="no_points")
        houses = houses_of_entry(self.config_entry)
        ids = {house.house_id for house in houses}
        values = {
            name: point.house_id if point.house_id in ids else IGNORE
            for name, point in known.items()
        }
        return self.async_show_form(
            **form(
                "metering_points",
                point_fields(known, houses),
                user_input or values,
                refusal,
            )
        )

    async def async_step_allocation(
        self, user_input: Answers | None = None
    ) -> ConfigFlowResult:
        """Say whether official allocations are billed."""
        options = self.config_entry.options
        if user_input is not None:
            return self.async_create_entry(data={**options, **user_input})
        values = {
            CONF_OFFICIAL_ALLOCATION: options.get(
                CONF_OFFICIAL_ALLOCATION, OfficialUse.AUDIT
            )
        }
        return self.async_show_form(**form("allocation", ALLOCATION_FIELDS, values))
