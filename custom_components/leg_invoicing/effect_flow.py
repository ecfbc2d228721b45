"""What a decision would have meant, shown before it is saved.

The last whole month that has measurements is settled as it was, and as it would have
been; a month, so that nobody waits for long. Where there is none, or it takes too
long, that is said, and saving is possible all the same; as it is where a price follows
a sensor, and nobody knows what that showed.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.util import dt as dt_util

from .billing.calendar import Instant, Period, Span, cadence_period, local_date
from .billing.comparison import Compared, Comparison
from .billing.currencies import decimals_of, smallest_unit
from .billing.findings import FindingCode
from .billing.money import NO_MONEY, Money
from .billing.sharing_versions import overweight
from .billing.simulation import Scenario
from .billing.terms import Terms
from .community import houses_of_entry
from .forms import Answers
from .loaded import async_loaded
from .runtime import terms_now
from .simulating import settle_beside

LONGEST_SECONDS = 20

type Wanted = Callable[[Terms, Period], Scenario]
"""The terms as they stand, and a month -> how it might have been."""
type Save = Callable[[], Awaitable[ConfigFlowResult]]


class EffectSteps(OptionsFlow):
    """The steps between an answer and its being saved."""

    _async_save: Save
    _back: str
    """The step that asked."""
    _shown: Mapping[str, str] | None = None
    """What would have been, in words."""
    _is_partly = False
    """Of some of the energy nobody knows what it would have cost."""

    async def _async_show_effect(
        self, wanted: Wanted, save: Save, back: str
    ) -> ConfigFlowResult:
        """Show what would have been; then save, or go back to a step."""
        self._async_save, self._back = save, back
        self._shown = await self._async_effect(wanted)
        if self._shown is None:
            return await self.async_step_effect_unknown()
        if self._is_partly:
            return await self.async_step_effect_partly()
        return await self.async_step_effect()

    async def async_step_effect(self, _: Answers | None = None) -> ConfigFlowResult:
        """Show what would have been."""
        return self._menu("effect")

    async def async_step_effect_partly(
        self, _: Answers | None = None
    ) -> ConfigFlowResult:
        """Show what would have been, as far as prices are known."""
        return self._menu("effect_partly")

    async def async_step_effect_unknown(
        self, _: Answers | None = None
    ) -> ConfigFlowResult:
        """Say that nobody knows."""
        return self._menu("effect_unknown")

    def _menu(self, step_id: str) -> ConfigFlowResult:
        return self.async_show_menu(
            step_id=step_id,
            menu_options=["save", self._back],
            description_placeholders=self._shown,
        )

    async def async_step_save(self, _: Answers | None = None) -> ConfigFlowResult:
        """Save what was answered."""
        return await self._async_save()

    async def _async_effect(self, wanted: Wanted) -> dict[str, str] | None:
        """Return what would have been, in numbers; None where nobody knows."""
        data, terms = (
            await async_loaded(self.config_entry),
            terms_now(self.config_entry),
        )
        run, now = self.hass.async_add_executor_job, dt_util.utcnow()
        month = last_measured_month(
            await run(data.ledger.bounds), int(now.timestamp()), terms.community.zone
        )
        if month is None:
            return None
        scenario = wanted(terms, month)
        if overweight(scenario.terms.community.sharing, scenario.terms.agreements):
            return None
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                settled = run(settle_beside, data.ledger, terms, scenario, month)
                comparison, findings = await settled
        except TimeoutError:
            return None
        codes = {finding.code for finding in findings}
        self._is_partly = FindingCode.PRICE_MISSING in codes
        if not comparison.houses:
            return None
        return {"month": month.period_id, **self._in_words(comparison, terms)}

    def _in_words(self, comparison: Comparison, terms: Terms) -> dict[str, str]:
        names = {h.house_id: h.name for h in houses_of_entry(self.config_entry)}
        currency = terms.community.currency
        return {
            "currency": currency,
            "houses": "\n".join(
                f"| {names.get(house_id, house_id).replace('|', '&#124;')} "
                f"| {_amounts(own, 'total_ct', currency)} |"
                for house_id, own in comparison.houses.items()
            ),
            "account": _amounts(comparison.community, "balance_ct", currency),
        }


def last_measured_month(
    measured: Span | None, now: Instant, zone: ZoneInfo
) -> Period | None:
    """Return the last month that is over and of which anything was measured."""
    if measured is None:
        return None
    month = cadence_period(local_date(min(measured.end - 1, now), zone), 1)
    if month.span(zone).end > now:
        month = cadence_period(month.first - timedelta(days=1), 1)
    return month if month.span(zone).overlap(measured) else None


def _amounts(own: Compared, figure: str, currency: str) -> str:
    """Return an amount before, after, and what they are apart, as cells of a table."""
    unit, decimals = smallest_unit(currency), decimals_of(currency)
    before, after = (
        Money(figures[figure]).rounded_to(unit) for figures in (own.before, own.after)
    )
    more = after - before
    sign = "+" if more > NO_MONEY else ""
    texts = [f"{amount.units:.{decimals}f}" for amount in (before, after, more)]
    return f"{texts[0]} | {texts[1]} | {sign}{texts[2]}"
