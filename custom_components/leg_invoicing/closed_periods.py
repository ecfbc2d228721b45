"""Closed periods whose measurements have changed since: a repair for each.

A period is settled again when something in it changes, and when Home Assistant has
started, if anybody has changed anything in it since it was closed. What was issued
stays; the repair says what would be different, and is gone when nothing is.
"""

import asyncio
from collections.abc import Iterable
import logging
from typing import TYPE_CHECKING

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .billing.calendar import Period, Span
from .billing.closed_check import changed_bills
from .billing.commitments import ClosedPeriod
from .billing.findings import Finding
from .billing.invoice_records import invoice_from_record
from .billing.records import Record
from .billing.terms import Terms
from .billing.terms_record import terms_from_record
from .books import Books
from .community import House
from .const import CONF_CURRENCY, DOMAIN, FINDING_PAGES
from .ledger import Ledger
from .settling import settle_period, terms_record

if TYPE_CHECKING:
    from .runtime import LegConfigEntry

_LOGGER = logging.getLogger(__name__)

_KEY = "closed_period_changed"
_FOR_EVER = 2**40


class ClosedPeriods:
    """Watches what becomes of a community's closed periods."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: LegConfigEntry,
        books: Books,
        ledger: Ledger,
        houses: Iterable[House],
    ) -> None:
        """Watch the periods in the books."""
        self._hass = hass
        self._entry = entry
        self._books = books
        self._ledger = ledger
        self._names = {house.house_id: house.name for house in houses}
        self._findings: dict[Period, tuple[Finding, ...]] = {}
        self._due: dict[Period, ClosedPeriod] = {}
        self._checking = asyncio.Lock()

    def findings(self, period: Period) -> tuple[Finding, ...]:
        """Return what is known to have changed in a period."""
        return self._findings.get(period, ())

    @callback
    def async_start(self, terms: Terms) -> None:
        """Have those periods settled again that have been touched."""
        self._entry.async_create_background_task(
            self._hass, self._async_begin(terms), f"{DOMAIN} closed periods"
        )

    @callback
    def async_changed(self, terms: Terms, span: Span) -> None:
        """Have the closed periods settled again that a change is in."""
        touched = [c for c in self._books.closed if _span(c, terms).overlap(span)]
        if touched:
            self._due |= {closed.period: closed for closed in touched}
            self._entry.async_create_task(self._hass, self.async_check())

    @callback
    def async_clear(self) -> None:
        """Take back everything: nobody watches these periods any more."""
        for period in self._findings:
            ir.async_delete_issue(self._hass, DOMAIN, self._issue_id(period))

    async def async_check(self) -> None:
        """Settle again what is due."""
        async with self._checking:
            while self._due:
                period, closed = self._due.popitem()
                try:
                    self._findings[period] = await self._async_changes(closed)
                except Exception:
                    _LOGGER.exception("%s: not compared", period.period_id)
                    continue
                self._tell(period)

    async def _async_begin(self, terms: Terms) -> None:
        closed = self._books.closed
        touched = await self._hass.async_add_executor_job(self._touched, terms, closed)
        self._due |= {closed.period: closed for closed in touched}
        await self.async_check()

    def _touched(
        self, terms: Terms, closed: Iterable[ClosedPeriod]
    ) -> list[ClosedPeriod]:
        """Return the periods in which something was changed after they were closed.

        Where something was missing and accepted, a meter may have filled it in.
        """
        return [
            each
            for each in closed
            if each.accepted
            or any(
                revision.span is not None and revision.span.overlap(_span(each, terms))
                for revision in self._ledger.revisions(
                    Span(int(each.closed_at.timestamp()), _FOR_EVER)
                )
            )
        ]

    async def _async_changes(self, closed: ClosedPeriod) -> tuple[Finding, ...]:
        issued = await self._books.async_issued(closed)
        return await self._hass.async_add_executor_job(
            _changes, self._ledger, closed.period, issued
        )

    @callback
    def _tell(self, period: Period) -> None:
        findings = self._findings[period]
        if not findings:
            ir.async_delete_issue(self._hass, DOMAIN, self._issue_id(period))
            return
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            self._issue_id(period),
            is_fixable=False,
            learn_more_url=f"{FINDING_PAGES}/closed_period_changed.md",
            severity=ir.IssueSeverity.WARNING,
            translation_key="closed_period_changed",
            translation_placeholders=self._placeholders(period, findings),
        )

    def _placeholders(
        self, period: Period, findings: Iterable[Finding]
    ) -> dict[str, str]:
        currency = self._entry.data[CONF_CURRENCY]
        changes = {
            self._names.get(f.house_id or "", f.house_id or ""): f.details["difference"]
            for f in findings
        }
        return {
            "community": self._entry.title,
            "period": period.period_id,
            "houses": ", ".join(changes),
            "amount": ", ".join(
                f"{name} {amount} {currency}" for name, amount in changes.items()
            ),
        }

    def _issue_id(self, period: Period) -> str:
        return f"{_KEY}_{self._books.community_id}_{period.period_id}"


def _span(closed: ClosedPeriod, terms: Terms) -> Span:
    return closed.period.span(terms.community.zone)


def _changes(ledger: Ledger, period: Period, issued: Record) -> tuple[Finding, ...]:
    """Settle a period by what was frozen with it, and compare."""
    terms = terms_from_record(terms_record(issued["terms"]))
    settlement = settle_period(ledger, terms, period)
    invoices = [invoice_from_record(invoice) for invoice in issued["invoices"]]
    return changed_bills(period, invoices, settlement)
