"""How production is shared from a day on: the key, then what it needs to know."""

from dataclasses import replace
from datetime import date

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from .billing.allocation import AllocationKey
from .billing.dated import SINCE_EVER, version_on
from .billing.sharing_versions import SharingVersion
from .billing.simulation import under_sharing
from .books import Books
from .community import House, houses_of_entry
from .const import CONF_TIMEZONE, CONF_VALID_FROM
from .effect_flow import EffectSteps
from .form_checks import day
from .forms import Answers, first_of_next_month, form
from .loaded import async_loaded
from .sharing_settings import (
    FIELD_ALLOCATION,
    FIELD_ORDER,
    FIELD_PRODUCERS,
    SHARING_FIELDS,
    async_set_sharing,
    check_sharing,
    needs_order,
    needs_weights,
    order_fields,
    sharing_answers,
    weight_answers,
    weight_fields,
    weights_of,
)


class SharingSteps(EffectSteps):
    """The steps that change the key."""

    _sharing = SharingVersion()
    """What has been answered so far."""

    async def async_step_sharing(
        self, user_input: Answers | None = None
    ) -> ConfigFlowResult:
        """Ask for the keys, and for the day from which they count."""
        books = (await async_loaded(self.config_entry)).books
        refusal = None
        if user_input is not None:
            self._sharing = SharingVersion(
                valid_from=day(user_input, CONF_VALID_FROM),
                allocation=AllocationKey(user_input[FIELD_ALLOCATION]),
                producers=AllocationKey(user_input[FIELD_PRODUCERS]),
            )
            try:
                check_sharing(books, self._sharing)
            except HomeAssistantError as err:
                refusal = err
            else:
                return await self._async_after_keys()
        version = self._sharing
        first = version.valid_from
        if first == SINCE_EVER:
            version = books.commitments.sharing[-1]
            first = first_of_next_month(await self._async_today())
        values = user_input or sharing_answers(version, first)
        return self.async_show_form(**form("sharing", SHARING_FIELDS, values, refusal))

    async def async_step_sharing_weights(
        self, user_input: Answers | None = None
    ) -> ConfigFlowResult:
        """Ask for the share of each house."""
        books = (await async_loaded(self.config_entry)).books
        houses = self._houses(books)
        refusal = None
        if user_input is not None:
            try:
                weights = weights_of(user_input, houses)
                weighted = replace(self._sharing, weights=weights)
                check_sharing(books, weighted)
            except HomeAssistantError as err:
                refusal = err
            else:
                self._sharing = weighted
                return await self._async_after_weights()
        before = version_on(books.commitments.sharing, self._sharing.valid_from)
        values = user_input or weight_answers(before.weights, houses)
        return self.async_show_form(
            **form("sharing_weights", weight_fields(houses), values, refusal)
        )

    async def async_step_sharing_order(
        self, user_input: Answers | None = None
    ) -> ConfigFlowResult:
        """Ask who is served first."""
        books = (await async_loaded(self.config_entry)).books
        houses = self._houses(books)
        if user_input is not None:
            order = tuple(dict.fromkeys(user_input[FIELD_ORDER]))
            self._sharing = replace(self._sharing, order=order)
            return await self._async_show()
        before = version_on(books.commitments.sharing, self._sharing.valid_from)
        values = {FIELD_ORDER: [h for h in before.order if h in houses]}
        return self.async_show_form(
            **form("sharing_order", order_fields(houses), values)
        )

    async def _async_after_keys(self) -> ConfigFlowResult:
        if needs_weights(self._sharing):
            return await self.async_step_sharing_weights()
        return await self._async_after_weights()

    async def _async_after_weights(self) -> ConfigFlowResult:
        if needs_order(self._sharing):
            return await self.async_step_sharing_order()
        return await self._async_show()

    async def _async_show(self) -> ConfigFlowResult:
        """Show what it would have meant."""
        return await self._async_show_effect(
            lambda terms, month: under_sharing(terms, self._sharing, month.first),
            self._async_set,
            back="sharing",
        )

    async def _async_set(self) -> ConfigFlowResult:
        """Write it into the books; the options stay as they are."""
        try:
            await async_set_sharing(
                await async_loaded(self.config_entry), self._sharing
            )
        except HomeAssistantError as err:
            values = sharing_answers(self._sharing, self._sharing.valid_from)
            return self.async_show_form(**form("sharing", SHARING_FIELDS, values, err))
        return self.async_create_entry(data=dict(self.config_entry.options))

    def _houses(self, books: Books) -> dict[str, House]:
        """Return the houses that somebody is billed for, by id."""
        agreed = {agreement.house_id for agreement in books.agreements}
        houses = houses_of_entry(self.config_entry)
        return {house.house_id: house for house in houses if house.house_id in agreed}

    async def _async_today(self) -> date:
        zone = await dt_util.async_get_time_zone(self.config_entry.data[CONF_TIMEZONE])
        return dt_util.now(zone).date()
