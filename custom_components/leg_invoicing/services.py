"""Actions: registered here, described in tables, one for each subject."""

import asyncio
from functools import partial

from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, callback
from homeassistant.helpers import service

from . import (
    actions_backfill,
    actions_benefits,
    actions_changes,
    actions_corrections,
    actions_deciding,
    actions_membership,
    actions_meters,
    actions_periods,
    actions_questions,
    actions_sharing,
    actions_signals,
    actions_tariffs,
)
from .action_fields import ATTR_CONFIG_ENTRY_ID, Act
from .const import DOMAIN
from .json_numbers import plain
from .runtime import LegConfigEntry

_ACTIONS = (
    *actions_periods.ACTIONS,
    *actions_deciding.ACTIONS,
    *actions_tariffs.ACTIONS,
    *actions_sharing.ACTIONS,
    *actions_benefits.ACTIONS,
    *actions_membership.ACTIONS,
    *actions_meters.ACTIONS,
    *actions_backfill.ACTIONS,
    *actions_signals.ACTIONS,
    *actions_changes.ACTIONS,
    *actions_corrections.ACTIONS,
    *actions_questions.ACTIONS,
)


@callback
def async_register_actions(hass: HomeAssistant) -> None:
    """Register all actions, for administrators and automations only."""
    for name, act, schema, answers in _ACTIONS:
        service.async_register_admin_service(
            hass,
            DOMAIN,
            name,
            partial(_async_call, hass, act),
            schema,
            supports_response=answers,
        )


async def _async_call(
    hass: HomeAssistant, act: Act, call: ServiceCall
) -> ServiceResponse:
    """Find the community, do the work, and answer in plain numbers."""
    entry: LegConfigEntry = service.async_get_config_entry(
        hass, DOMAIN, call.data.get(ATTR_CONFIG_ENTRY_ID)
    )
    # An automation that starts anew gives up its call; what has begun is finished.
    answer = await asyncio.shield(hass.async_create_task(act(hass, entry, call)))
    return plain(answer) if call.return_response else None
