"""What a loaded community holds while Home Assistant runs."""

from dataclasses import dataclass

from homeassistant.config_entries import ConfigEntry

from .billing.calendar import Span
from .billing.terms import Terms
from .books import Books
from .community import settings_of, terms_of
from .coordinator import LegCoordinator
from .ledger import Ledger


@dataclass(slots=True, kw_only=True)
class LegData:
    """The stores of one community, and its clock."""

    books: Books
    ledger: Ledger
    coordinator: LegCoordinator


type LegConfigEntry = ConfigEntry[LegData]


def terms_now(entry: LegConfigEntry) -> Terms:
    """Return the community's terms as they stand."""
    return terms_of(settings_of(entry), entry.runtime_data.books.commitments)


def closed_spans(entry: LegConfigEntry) -> dict[str, Span]:
    """Return the spans of the closed periods, by their ids."""
    zone = terms_now(entry).community.zone
    closed = entry.runtime_data.books.closed
    return {each.period.period_id: each.period.span(zone) for each in closed}
