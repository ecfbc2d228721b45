"""What the current period adds up to, settled piece by piece.

Whatever is new since the last time is settled and added. When something older has
changed (a meter that came back, an import, new prices) the totals begin again at
the period's start. Either way it is the settlement that makes the bill, whose
parts add up to the whole.
"""

from dataclasses import replace

from homeassistant.core import HomeAssistant, callback

from .billing.calendar import Instant, Period, Span, midnight
from .billing.point_energy import point_energies
from .billing.settlement import settle_energy
from .billing.tally import Tally, tally
from .billing.terms import Terms
from .ledger import Ledger


class PeriodTotals:
    """The totals of one community's current period."""

    def __init__(self, hass: HomeAssistant, ledger: Ledger) -> None:
        """Begin with nothing."""
        self._hass = hass
        self._ledger = ledger
        self._period: Period | None = None
        """The period that the totals are of; None when they are to begin again."""
        self._so_far = Tally()
        self._settled_to: Instant = 0

    @callback
    def async_forget(self) -> None:
        """Begin again with the next settlement."""
        self._period = None

    @callback
    def async_changed(self, span: Span) -> None:
        """Begin again if the totals contain what has changed."""
        if span.start < self._settled_to:
            self._period = None

    async def async_settle(
        self, terms: Terms, period: Period, newest: Span
    ) -> tuple[Tally, Tally]:
        """Return the period up to the newest interval's end, and that interval.

        Must not be called again before it has returned.
        """
        # Where the clock was put back, what lies ahead is not known yet.
        if period != self._period or newest.end < self._settled_to:
            self._period = period
            self._so_far = Tally()
            self._settled_to = midnight(period.first, terms.community.zone)
        unsettled = Span(self._settled_to, newest.end)
        # What changes behind this from now on may have been read before it changed.
        self._settled_to = newest.end
        try:
            fresh, last = await self._hass.async_add_executor_job(
                self._settle, terms, unsettled, newest
            )
        except BaseException:
            self._period = None
            raise
        self._so_far += fresh
        return self._so_far, last

    def _settle(
        self, terms: Terms, unsettled: Span, newest: Span
    ) -> tuple[Tally, Tally]:
        last = _tally(self._ledger, terms, newest)
        if unsettled == newest:
            return last, last
        if unsettled.seconds == 0:
            return Tally(), last
        return _tally(self._ledger, terms, unsettled), last


def _tally(ledger: Ledger, terms: Terms, span: Span) -> Tally:
    settled = tally(settle_energy(terms, span, ledger.measurements(span)))
    if not terms.meters:
        return settled
    points = point_energies(ledger.measurements(span), terms.meters)
    meters = {
        m.meter_id: points[m.meter_id] for m in terms.meters if m.meter_id in points
    }
    return replace(settled, meters=meters)
