"""Add a house to a community, and change its meters or its occupant.

What belongs to the house (its name, its registers) is kept in its subentry. Who
lives there, since when and under which tariff is kept in the books, because a bill
of last year must still know it; the subentry holds the first occupant only, until
`__init__` has entered them into the books.
"""

from typing import Any

from homeassistant.config_entries import SubentryFlowResult
from homeassistant.exceptions import HomeAssistantError

from .billing.participation import Part
from .billing.vat_written import written_vat
from .const import CONF_FACTOR, CONF_FIRST_AGREEMENT, CONF_HOUSE_ID, CONF_VAT
from .form_checks import day
from .forms import FIELD_START_DATE, Answers, form
from .house_changes import HouseChanges
from .house_fields import occupant_fields
from .loaded import async_loaded
from .occupant_changes import known_invoices
from .occupant_settings import agreed_factor, agreed_weight, agreement_settings
from .register_checks import USUAL_METER
from .shared_registers import check_free, check_parts, chosen
from .supplier_vat import supplier_vat

_NEW = "new"
"""The id of a house that has none yet."""


class HouseFlow(HouseChanges):
    """Add or change a house."""

    def __init__(self) -> None:
        """Begin with nothing answered."""
        self._name = ""
        self._data: dict[str, Any] = {}

    async def async_step_user(
        self, user_input: Answers | None = None
    ) -> SubentryFlowResult:
        """Ask for the meters of a new house."""
        await async_loaded(self._get_entry())
        refusal = None
        if user_input is not None:
            try:
                self._name, self._data = self._meters(user_input)
                check_free(self.hass, self._get_entry(), chosen(self._data))
            except HomeAssistantError as err:
                refusal = err
            else:
                return await self.async_step_occupant()
        return self._show_meters("user", user_input or USUAL_METER, refusal)

    async def async_step_occupant(
        self, user_input: Answers | None = None
    ) -> SubentryFlowResult:
        """Ask who is billed for the new house, and add it."""
        books = (await async_loaded(self._get_entry())).books
        refusal = None
        if user_input is not None:
            try:
                meters = books.commitments.meters
                self._data[CONF_FIRST_AGREEMENT] = {
                    **agreement_settings(user_input, meters),
                    CONF_VAT: written_vat(supplier_vat(user_input)),
                }
                joins = day(user_input, FIELD_START_DATE)
                self._check_part(Part(joins, None, agreed_factor(user_input, meters)))
                weight = agreed_weight(user_input)
                house_id = await books.async_next_house_id(joins, weight)
            except HomeAssistantError as err:
                refusal = err
            else:
                data = {CONF_HOUSE_ID: house_id, **self._data}
                return self.async_create_entry(
                    title=self._name, data=data, unique_id=house_id
                )
        today = await self._async_today()
        values = user_input or self._newcomer(today.replace(day=1))
        fields = occupant_fields(list(books.tariffs), known_invoices(books))
        return self.async_show_form(
            **form("occupant", fields, values, refusal, house=self._name)
        )

    def _check_part(self, part: Part) -> None:
        """Refuse a part of which, with those elsewhere, there is too much."""
        registers = [(CONF_FACTOR, uuid) for _, uuid in chosen(self._data)]
        check_parts(self.hass, self._get_entry(), _NEW, registers, [part])
