"""Change who has a house, who owns it, and whether it belongs to the community.

All of it is kept in the books. A step is what it asks, what it begins with, and what
it does; how a form is shown, refused and ended is the same for all of them.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Any, NamedTuple

from homeassistant.config_entries import ConfigSubentryFlow, SubentryFlowResult
from homeassistant.data_entry_flow import AbortFlow
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from .billing.agreements import LANGUAGES, Agreement, Owner
from .billing.commitment_changes import Agreed
from .billing.commitment_membership import with_leaving, with_move_out, with_owner
from .books import Books
from .community import party_of
from .const import (
    CONF_FACTOR,
    CONF_FIRST_TARIFF,
    CONF_HOUSE_ID,
    CONF_INVOICE,
    CONF_LANGUAGE,
    CONF_OWNER_NAME,
    CONF_TARIFF,
    CONF_TIMEZONE,
)
from .form_checks import day, optional_text
from .forms import FIELD_START_DATE, Answers, Fields, first_of_next_month, form
from .house_fields import DAY_FIELDS, agreement_fields, occupant_fields, owner_fields
from .loaded import async_loaded
from .meter_users import async_rename
from .occupant_answers import newcomer_answers, owner_answers, participant_answers
from .occupant_settings import (
    agreed_factor,
    agreed_weight,
    owner_settings,
    participant_settings,
)
from .runtime import LegData
from .supplier_vat import supplier_vat


class _Step(NamedTuple):
    """One form about a house."""

    fields: Callable[[Sequence[str], Sequence[str]], Fields]
    """From tariffs and known invoices."""
    begins: Callable[[Books, Agreement, Answers], Answers]
    """What it shows first, from what is agreed and what newcomers are asked."""
    change: Callable[[Books, Agreement, Answers], Awaitable[None]]


class OccupantChanges(ConfigSubentryFlow):
    """The steps that change the books about a house."""

    async def async_step_details(
        self, user_input: Answers | None = None
    ) -> SubentryFlowResult:
        """Correct the data of whoever is billed for the house now."""
        return await self._async_step("details", user_input)

    async def async_step_change_of_occupant(
        self, user_input: Answers | None = None
    ) -> SubentryFlowResult:
        """Let somebody else have the house from a day on."""
        return await self._async_step("change_of_occupant", user_input)

    async def async_step_move_out(
        self, user_input: Answers | None = None
    ) -> SubentryFlowResult:
        """Let the occupant move out, while nobody moves in."""
        return await self._async_step("move_out", user_input)

    async def async_step_owner(
        self, user_input: Answers | None = None
    ) -> SubentryFlowResult:
        """Say who is billed while nobody has the house."""
        return await self._async_step("owner", user_input)

    async def async_step_leave(
        self, user_input: Answers | None = None
    ) -> SubentryFlowResult:
        """Let the house leave the community."""
        return await self._async_step("leave", user_input)

    async def _async_step(
        self, step_id: str, answers: Answers | None
    ) -> SubentryFlowResult:
        """Ask, and change the books by what was answered."""
        step = _STEPS[step_id]
        data = await async_loaded(self._get_entry())
        books = data.books
        agreement = await self._async_current_agreement(books)
        refusal = None
        if answers is not None:
            try:
                await step.change(books, agreement, answers)
            except HomeAssistantError as err:
                refusal = err
            else:
                self._rename(agreement, books)
                return self._done(data)
        newcomer = self._newcomer(first_of_next_month(await self._async_today()))
        values = answers or step.begins(books, agreement, newcomer)
        fields = step.fields(list(books.tariffs), known_invoices(books))
        names = self._names(agreement)
        return self.async_show_form(**form(step_id, fields, values, refusal, **names))

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

    def _rename(self, before: Agreement, books: Books) -> None:
        """Let a corrected name count for what the person's tags charged, too."""
        names = {a.agreement_id: a.participant.name for a in books.agreements}
        old = before.participant.name
        new = names.get(before.agreement_id, old)
        if old != new:
            async_rename(self.hass, self._get_entry(), before.house_id, old, new)

    def _done(self, data: LegData) -> SubentryFlowResult:
        """End the flow; the change is in the books, the subentry stays as it is."""
        data.coordinator.async_books_changed()
        return self.async_update_and_abort(
            self._get_entry(), self._get_reconfigure_subentry()
        )


def known_invoices(books: Books) -> list[str]:
    """Return the words by which houses are billed together."""
    words = {agreement.invoice for agreement in books.agreements}
    words |= {owner.invoice for owner in books.commitments.owners.values()}
    return sorted(words - {""})


async def _correct(books: Books, agreement: Agreement, answers: Answers) -> None:
    await books.async_correct_agreement(
        agreement.agreement_id,
        party_of(participant_settings(answers)),
        answers[CONF_TARIFF],
        **_agreed(answers),
    )


async def _change_occupant(
    books: Books, agreement: Agreement, answers: Answers
) -> None:
    await books.async_change_occupant(
        agreement.house_id,
        day(answers, FIELD_START_DATE),
        party_of(participant_settings(answers)),
        answers[CONF_TARIFF],
        **_agreed(answers),
        factor=agreed_factor(answers, books.commitments.meters),
    )


def _agreed(answers: Answers) -> Agreed:
    return {
        "weight": agreed_weight(answers),
        "vat": supplier_vat(answers),
        "invoice": optional_text(answers, CONF_INVOICE) or "",
    }


async def _set_owner(books: Books, agreement: Agreement, answers: Answers) -> None:
    owner = None
    if optional_text(answers, CONF_OWNER_NAME):
        owner = Owner(
            party=party_of(owner_settings(answers)),
            tariff_id=answers[CONF_TARIFF],
            invoice=optional_text(answers, CONF_INVOICE) or "",
            vat=supplier_vat(answers),
        )
    await books.async_change(lambda b: with_owner(b, agreement.house_id, owner))


async def _move_out(books: Books, agreement: Agreement, answers: Answers) -> None:
    first = day(answers, FIELD_START_DATE)
    await books.async_change(lambda b: with_move_out(b, agreement.house_id, first))


async def _leave(books: Books, agreement: Agreement, answers: Answers) -> None:
    first = day(answers, FIELD_START_DATE)
    await books.async_change(lambda b: with_leaving(b, agreement.house_id, first))


def _day_fields(_: Sequence[str], __: Sequence[str]) -> Fields:
    return DAY_FIELDS


_STEPS = {
    "details": _Step(agreement_fields, participant_answers, _correct),
    "change_of_occupant": _Step(occupant_fields, newcomer_answers, _change_occupant),
    "move_out": _Step(_day_fields, newcomer_answers, _move_out),
    "owner": _Step(owner_fields, owner_answers, _set_owner),
    "leave": _Step(_day_fields, newcomer_answers, _leave),
}
