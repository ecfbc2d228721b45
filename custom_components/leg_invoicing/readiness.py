"""Whether the last period could be closed as it is.

A whole period is settled for the answer, so it is kept until something changes that
it rests on: measurements, the books, or which period is the last one.
"""

from collections.abc import Callable
from dataclasses import dataclass
import logging
from typing import TYPE_CHECKING

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from .billing.calendar import Period, Span
from .billing.commitments import Commitments
from .billing.terms import Terms
from .const import DOMAIN
from .ledger import Ledger
from .period_checks import in_the_way
from .settling import settle_period

if TYPE_CHECKING:
    from .runtime import LegConfigEntry

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Readiness:
    """A period that is over, and what keeps it from being closed."""

    period: Period
    reasons: tuple[str, ...]
    """Codes of refusals and names of findings."""


@dataclass(frozen=True, slots=True)
class _Question:
    """What an answer rests on."""

    period: Period
    terms: Terms
    books: Commitments


class LastPeriod:
    """Knows whether a community's last period could be closed."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: LegConfigEntry,
        ledger: Ledger,
        on_answer: Callable[[], None],
    ) -> None:
        """Take whom to tell when there is an answer."""
        self.answer: Readiness | None = None
        self._hass = hass
        self._entry = entry
        self._ledger = ledger
        self._on_answer = on_answer
        self._question: _Question | None = None

    @callback
    def async_changed(self, terms: Terms, span: Span) -> None:
        """Forget the answer when the period contains what has changed."""
        asked = self._question
        if asked and asked.period.span(terms.community.zone).overlap(span):
            self._question = None

    @callback
    def async_ask(self, period: Period, terms: Terms, books: Commitments) -> None:
        """Have the answer found, in the background, if it is not known."""
        question = _Question(period, terms, books)
        if question == self._question:
            return
        self._question = question
        self._entry.async_create_background_task(
            self._hass, self._async_answer(question), f"{DOMAIN} readiness"
        )

    async def _async_answer(self, question: _Question) -> None:
        try:
            reasons = await self._hass.async_add_executor_job(
                _reasons, self._ledger, question
            )
        except Exception:
            _LOGGER.exception("%s could not be checked", question.period.period_id)
            return
        if question is self._question:
            self.answer = Readiness(question.period, reasons)
            self._on_answer()


def _reasons(ledger: Ledger, question: _Question) -> tuple[str, ...]:
    terms, period = question.terms, question.period
    if question.books.find(period):
        return ("period_closed",)
    now = dt_util.utcnow().astimezone(terms.community.zone)
    settlement = settle_period(ledger, terms, period)
    return in_the_way(question.books, period, terms, now, settlement)
