"""What a loaded community holds while Home Assistant runs."""

from dataclasses import dataclass

from homeassistant.config_entries import ConfigEntry

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
