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
from .community import points_of_entry
from .const import CONF_IGNORED_POINTS, CONF_OFFICIAL_ALLOCATION
from .forms import Answers, Fields, form
from .ignored_points import ignored_points
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
        names = sorted(known.keys() | ignored_points(self.config_entry))
        refusal = None
        if user_input is not None:
            try:
                await async_set_points(data, known, user_input)
            except HomeAssistantError as err:
                refusal = err
            else:
                ignored = [name for name in names if user_input[name] == IGNORE]
                options = {**self.config_entry.options, CONF_IGNORED_POINTS: ignored}
                return self.async_create_entry(data=options)
        if not names:
            return self.async_abort(reason="no_points")
        ours = points_of_entry(self.config_entry)
        ids = {point.point_id for point in ours}
        values = {
            name: known[name].house_id
            if name in known and known[name].house_id in ids
            else IGNORE
            for name in names
        }
        return self.async_show_form(
            **form(
                "metering_points",
                point_fields(names, ours),
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
