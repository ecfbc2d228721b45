"""The forms about a meter, one after the other; what is asked depends on its role."""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from .billing.commitments import Commitments
from .billing.meters import Meter, Role
from .billing.participation import parts_of_meter
from .books import Books
from .community import House, Point, houses_of_entry, meter_points_of_entry
from .const import CONF_NAME, CONF_TIMEZONE
from .forms import FIELD_START_DATE, Answers, Fields, form
from .loaded import async_loaded
from .meter_fields import (
    assignment_fields,
    formula_fields,
    part_fields,
    register_fields,
    user_fields,
)
from .meter_settings import (
    assignment_answers,
    check_meter,
    formula_answers,
    part_answers,
    share_by,
    with_assignment,
    with_formula,
    with_parts,
)
from .meter_users import participants_of, user_answers, with_users
from .register_checks import other_points, own_sensors, point_answers, point_settings
from .shared_registers import check_free, check_parts, chosen

_LAST_STEPS: Final[Mapping[Role, str]] = {
    Role.COMMON_AREA: "parts",
    Role.EV_CHARGER: "users",
}
"""What is asked last of some roles, after whose meter it is."""

NEW: Final = "new"
"""The id of a meter that has none yet."""


class MeterSteps(ConfigSubentryFlow):
    """The steps behind the name of a meter."""

    def __init__(self) -> None:
        """Begin with nothing answered."""
        self._meter = Meter(meter_id=NEW, role=Role.HOUSE)
        """What has been said so far about how it counts."""
        self._is_calculated = False
        self._settings: Mapping[str, Any] = {}
        """The same about its registers."""

    async def async_step_registers(
        self, user_input: Answers | None = None
    ) -> SubentryFlowResult:
        """Ask for the registers of a meter."""

        def read(answers: Answers) -> None:
            named = {CONF_NAME: self._meter.name, **answers}
            entry = self._get_entry()
            others = other_points(entry, self._itself)
            self._settings = point_settings(self.hass, named, others)
            if self._is_new:
                check_free(self.hass, entry, chosen(self._settings))

        fields = register_fields(self._meter.role, own_sensors(self.hass))
        values = point_answers(self.hass, self._settings)
        return await self._async_ask("registers", user_input, fields, values, read)

    async def async_step_formula(
        self, user_input: Answers | None = None
    ) -> SubentryFlowResult:
        """Ask which meters a meter is calculated from."""

        def read(answers: Answers) -> None:
            self._meter = with_formula(self._meter, answers)

        fields = formula_fields(self._other_points)
        values = formula_answers(self._meter)
        return await self._async_ask("formula", user_input, fields, values, read)

    async def async_step_assignment(
        self, user_input: Answers | None = None
    ) -> SubentryFlowResult:
        """Ask whose meter it is, and since when."""

        def read(answers: Answers) -> None:
            self._meter = with_assignment(self._meter, answers)

        fields = assignment_fields(
            self._meter.role,
            self._houses,
            self._other_points,
            list((await self._async_books()).tariffs),
            is_new=self._is_new,
        )
        first = (await self._async_today()).replace(day=1)
        values = assignment_answers(self._meter) | {FIELD_START_DATE: first.isoformat()}
        return await self._async_ask("assignment", user_input, fields, values, read)

    async def async_step_parts(
        self, user_input: Answers | None = None
    ) -> SubentryFlowResult:
        """Ask which houses have which part of a common area."""

        def read(answers: Answers) -> None:
            self._meter = with_parts(self._meter, answers, self._houses)

        fields = part_fields(share_by(self._meter), self._houses)
        values = part_answers(self._meter, self._houses)
        return await self._async_ask("parts", user_input, fields, values, read)

    async def async_step_users(
        self, user_input: Answers | None = None
    ) -> SubentryFlowResult:
        """Ask who charges at a charger."""

        def read(answers: Answers) -> None:
            self._meter = with_users(self.hass, self._meter, answers)

        books = (await self._async_books()).commitments
        fields = user_fields(self._houses, participants_of(books))
        values = user_answers(self.hass, self._meter)
        return await self._async_ask("users", user_input, fields, values, read)

    async def _async_ask(
        self,
        step_id: str,
        answers: Answers | None,
        fields: Fields,
        values: Answers,
        read: Callable[[Answers], None],
    ) -> SubentryFlowResult:
        """Show a form until its answers are taken; then go on."""
        refusal = None
        if answers is not None:
            try:
                read(answers)
                is_last = step_id == self._steps[-1]
                books = (await self._async_books()).commitments
                check_meter(
                    self.hass,
                    books,
                    self._meter,
                    self._other_points,
                    step_id,
                    is_last=is_last,
                )
                if is_last:
                    self._check_parts(books)
                return await self._async_after(step_id)
            except HomeAssistantError as err:
                refusal = err
        name = self._meter.name
        return self.async_show_form(
            **form(step_id, fields, answers or values, refusal, meter=name)
        )

    def _check_parts(self, books: Commitments) -> None:
        """Refuse registers of which too much would take part, here and elsewhere."""
        registers = [("base", uuid) for _, uuid in chosen(self._settings)]
        parts = parts_of_meter(books, self._meter)
        check_parts(
            self.hass, self._get_entry(), self._meter.meter_id, registers, parts
        )

    @property
    def _steps(self) -> tuple[str, ...]:
        """What is asked of such a meter behind its name, in this order."""
        measured = "formula" if self._is_calculated else "registers"
        last = _LAST_STEPS.get(self._meter.role)
        return (measured, "assignment", *([last] if last else []))

    async def _async_after(self, step_id: str) -> SubentryFlowResult:
        """Show the next form; at the end, add or change the meter."""
        behind = self._steps[self._steps.index(step_id) + 1 :]
        if not behind:
            return await self._async_finish()
        return await self._async_show(behind[0])

    async def _async_show(self, step_id: str) -> SubentryFlowResult:
        step: Callable[[], Any] = getattr(self, f"async_step_{step_id}")
        shown: SubentryFlowResult = await step()
        return shown

    @abstractmethod
    async def _async_finish(self) -> SubentryFlowResult:
        """Add or change the meter, of which everything has been said."""

    @property
    def _is_new(self) -> bool:
        return self.source == SOURCE_USER

    @property
    def _itself(self) -> str | None:
        return None if self._is_new else self._reconfigure_subentry_id

    @property
    def _houses(self) -> tuple[House, ...]:
        return houses_of_entry(self._get_entry())

    @property
    def _other_points(self) -> tuple[Point, ...]:
        """What a meter can be behind, or be calculated from."""
        meters = meter_points_of_entry(self._get_entry())
        others = (m for m in meters if m.point_id != self._meter.meter_id)
        return (*self._houses, *others)

    async def _async_books(self) -> Books:
        return (await async_loaded(self._get_entry())).books

    async def _async_today(self) -> date:
        """Return the day it is where the community is."""
        name = self._get_entry().data[CONF_TIMEZONE]
        return dt_util.now(await dt_util.async_get_time_zone(name)).date()
