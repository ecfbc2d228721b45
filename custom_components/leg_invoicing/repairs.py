"""Repairs that a person can carry out: end the doubt about a register.

The register that fell, or jumped, is read on all the while; what a person says about
it decides what becomes of that. Whatever is refused leaves everything as it was.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import AbortFlow, UnknownFlow
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util

from .billing.calendar import Instant, utc
from .billing.energy import Energy
from .billing.gathering import RegisterKey
from .billing.register_state import Doubt, RegisterState
from .change_form import (
    CHANGE_FIELDS,
    FIELD_FINAL,
    FIELD_FIRST,
    FIELD_NEW_SERIAL,
    FIELD_OLD_SERIAL,
    FIELD_TIME,
)
from .changing import Change, async_change_meters, async_decide
from .community import Point, points_of_entry
from .const import DOMAIN
from .form_checks import exact_number
from .forms import Answers, form
from .loaded import async_loaded
from .metered import shown_kwh
from .runtime import LegConfigEntry

DECISIONS: Mapping[str, tuple[str, ...]] = {
    "register_dropped": ("meter_reset", "meter_replaced", "wait"),
    "implausible_reading": ("accept_jump", "reject_jump", "meter_replaced"),
}
"""What a person can say about a register in doubt, by the repair that asks."""


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, Any] | None
) -> RepairsFlow:
    """Return the flow of a repair about a register."""
    issue = ir.async_get(hass).async_get_issue(DOMAIN, issue_id)
    if issue is None or issue.translation_key is None or data is None:
        raise UnknownFlow
    entry = hass.config_entries.async_get_known_entry(data["entry_id"])
    return DoubtFlow(
        entry,
        (data["point_id"], data["register"]),
        DECISIONS[issue.translation_key],
        issue.translation_placeholders or {},
    )


class DoubtFlow(RepairsFlow):
    """Asks what is true of a register in doubt."""

    def __init__(
        self,
        entry: LegConfigEntry,
        key: RegisterKey,
        decisions: tuple[str, ...],
        text: Mapping[str, str],
    ) -> None:
        """Take what it is about, and what can be said."""
        self._entry = entry
        self._key = key
        self._decisions = decisions
        self._text = text

    async def async_step_init(self, _: Answers | None = None) -> RepairsFlowResult:
        """Ask what happened."""
        await self._async_doubted()
        return self.async_show_menu(
            step_id="init",
            menu_options=list(self._decisions),
            description_placeholders=self._text,
        )

    async def async_step_meter_reset(
        self, answers: Answers | None = None
    ) -> RepairsFlowResult:
        """Count on from nothing: it is the same meter."""
        return await self._async_decided("meter_reset", answers)

    async def async_step_accept_jump(
        self, answers: Answers | None = None
    ) -> RepairsFlowResult:
        """Count the energy: it was used."""
        return await self._async_decided("accept_jump", answers)

    async def async_step_reject_jump(
        self, answers: Answers | None = None
    ) -> RepairsFlowResult:
        """Leave the energy out: go on from where the register is now."""
        return await self._async_decided("reject_jump", answers)

    async def async_step_wait(self, _: Answers | None = None) -> RepairsFlowResult:
        """Leave everything as it is: the register may come back by itself."""
        return self.async_abort(
            reason="waiting", description_placeholders=dict(self._text)
        )

    async def async_step_meter_replaced(
        self, answers: Answers | None = None
    ) -> RepairsFlowResult:
        """Ask for the readings of the old meter and of the new one."""
        state, doubt = await self._async_doubted()
        refusal = None
        if answers is not None:
            try:
                await async_change_meters(self._entry, self._change(answers))
            except HomeAssistantError as err:
                refusal = err
            else:
                return self.async_create_entry(data={})
        values = answers or self._proposal(state, doubt)
        filled = form("meter_replaced", CHANGE_FIELDS, values, refusal, **self._text)
        return self.async_show_form(**filled)

    async def _async_decided(
        self, decision: str, answers: Answers | None
    ) -> RepairsFlowResult:
        """Say what will be done, and do it."""
        state, doubt = await self._async_doubted()
        refusal = None
        if answers is not None:
            try:
                await async_decide(self._entry, self._key, decision, None)
            except HomeAssistantError as err:
                refusal = err
            else:
                return self.async_create_entry(data={})
        numbers = {
            "last": self._kwh(state.shown),
            "last_time": _local(state.last.at),
            "first": self._kwh(doubt.first.value - state.offset),
        }
        filled = form(decision, {}, {}, refusal, **self._text, **numbers)
        return self.async_show_form(**filled)

    async def _async_doubted(self) -> tuple[RegisterState, Doubt]:
        """Return where the register stands; end the flow if all is well again."""
        data = await async_loaded(self._entry)
        state = data.coordinator.metering.states.get(self._key)
        if state is None or state.doubt is None:
            raise AbortFlow("no_doubt", dict(self._text))
        return state, state.doubt

    def _proposal(self, state: RegisterState, doubt: Doubt) -> dict[str, Any]:
        """Return what the registers themselves say about it."""
        return {
            FIELD_TIME: _local(state.last.at),
            FIELD_FINAL: float(self._kwh(state.shown)),
            FIELD_FIRST: float(self._kwh(doubt.first.value - state.offset)),
        }

    def _change(self, answers: Answers) -> Change:
        point_id, register = self._key
        final, first = (
            exact_number(answers, field) for field in (FIELD_FINAL, FIELD_FIRST)
        )
        return Change(
            point_id=point_id,
            at=int(dt_util.as_utc(_moment(answers)).timestamp()),
            readings={register: (final, first)},
            old_serial=answers.get(FIELD_OLD_SERIAL, ""),
            new_serial=answers.get(FIELD_NEW_SERIAL, ""),
        )

    def _kwh(self, energy: Energy) -> str:
        """Return what the meter shows for an energy."""
        return shown_kwh(energy, self._point.constant)

    @property
    def _point(self) -> Point:
        points = {point.point_id: point for point in points_of_entry(self._entry)}
        return points[self._key[0]]


def _local(at: Instant) -> str:
    return f"{dt_util.as_local(utc(at)):%Y-%m-%d %H:%M:%S}"


def _moment(answers: Answers) -> datetime:
    """Return the time of a form, whose selector has checked it."""
    return dt_util.parse_datetime(answers[FIELD_TIME], raise_on_error=True)
