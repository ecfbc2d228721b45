"""What the entities show: one immutable view of the current period."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from .billing.break_even import BreakEven
from .billing.calendar import Period, Span, local_date
from .billing.commitments import Commitments
from .billing.energy import Energy
from .billing.membership import with_vacancies
from .billing.models import Model
from .billing.money import Money
from .billing.signals import NO_SIGNALS
from .billing.tally import Tally
from .billing.tariffs import Prices, Tariff
from .billing.terms import Terms
from .readiness import Readiness


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The current period so far, its newest interval, and the prices now."""

    period: Period
    span: Span
    """From the period's start to the end of the newest settled interval."""
    so_far: Tally
    newest: Tally
    """The newest settled interval alone."""
    registers: Mapping[tuple[str, str], Energy]
    """The registers' newest values, by house and register."""
    prices: Mapping[str, Prices]
    """The prices in force, by house; absent where there are none."""
    grid_prices: Prices | None
    open_amount: Money
    """What houses owe on invoices that are not paid."""
    stale: frozenset[str]
    """The houses whose meters a person should look at."""
    last_period: Readiness | None
    """The last period that is over; None until it is known where it stands."""


def prices_in_force(
    terms: Terms, span: Span, newest: Tally, signals: Mapping[str, str] = NO_SIGNALS
) -> dict[str, Prices]:
    """Return each house's prices at the end of a span, of its newest interval."""
    day = local_date(span.end - 1, terms.community.zone)
    prices = {}
    for agreement in with_vacancies(terms).agreements:
        if agreement.covers(day):
            tariff = terms.tariffs[agreement.tariff_id]
            found = _prices(terms, tariff, span, signals)
            if found is not None:
                prices[agreement.house_id] = found
    if terms.community.model is not Model.BREAK_EVEN:
        return prices
    grid = grid_prices_in_force(terms, span, signals)
    if grid is None:
        return {}
    rule = BreakEven.of(grid)
    return dict.fromkeys(prices, rule.averages(newest.energy)) if rule else {}


def grid_prices_in_force(
    terms: Terms, span: Span, signals: Mapping[str, str] = NO_SIGNALS
) -> Prices | None:
    """Return the community's own prices at the end of a span."""
    tariff = terms.tariffs[terms.community.grid_tariff]
    return _prices(terms, tariff, span, signals)


def _prices(
    terms: Terms, tariff: Tariff, span: Span, signals: Mapping[str, str]
) -> Prices | None:
    time = datetime.fromtimestamp(span.end - 1, terms.community.zone)
    version = tariff.at(time.date())
    if version is None:
        return None
    return version.prices_at(time, terms.community.holidays, signals)


def open_amount(books: Commitments) -> Money:
    """Sum what houses owe; what they are owed is not set off against it."""
    return Money.total(
        due for closed in books.closed for due in closed.invoices.values() if due.ct > 0
    )
