"""Change the meters of a house, or who has it."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import SOURCE_USER, SubentryFlowResult
from homeassistant.exceptions import HomeAssistantError

from .const import CONF_HOUSE_ID, CONF_NAME
from .form_checks import free_name
from .forms import Answers, form
from .house_fields import meter_fields
from .occupant_changes import OccupantChanges
from .register_checks import (
    other_names,
    other_points,
    own_sensors,
    point_answers,
    point_settings,
)
from .shared_registers import agreed_parts, check_parts, chosen


class HouseChanges(OccupantChanges):
    """The steps that change a house."""

    async def async_step_reconfigure(
        self, _: Answers | None = None
    ) -> SubentryFlowResult:
        """Ask what has changed."""
        return self.async_show_menu(
            step_id="reconfigure",
            menu_options=[
                "meters",
                "details",
                "change_of_occupant",
                "move_out",
                "owner",
                "leave",
            ],
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
                self._check_parts(settings)
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

    def _meters(self, answers: Answers) -> tuple[str, dict[str, Any]]:
        """Return the name and the settings of a house, except its occupant."""
        itself = None if self.source == SOURCE_USER else self._reconfigure_subentry_id
        entry = self._get_entry()
        name = free_name(answers, other_names(entry, itself))
        return name, point_settings(self.hass, answers, other_points(entry, itself))

    def _check_parts(self, settings: Mapping[str, Any]) -> None:
        """Refuse sensors of which too much would take part, here and elsewhere."""
        entry = self._get_entry()
        house_id = self._get_reconfigure_subentry().data[CONF_HOUSE_ID]
        parts = agreed_parts(entry, house_id)
        check_parts(self.hass, entry, house_id, chosen(settings), parts)

    def _show_meters(
        self, step_id: str, values: Answers, refusal: HomeAssistantError | None
    ) -> SubentryFlowResult:
        fields = meter_fields(own_sensors(self.hass))
        return self.async_show_form(**form(step_id, fields, values, refusal))
