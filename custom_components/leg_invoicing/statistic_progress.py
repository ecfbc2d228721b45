"""How far the statistics of a community are, and from when on they are to be redone."""

from dataclasses import dataclass

from homeassistant.core import HomeAssistant
from homeassistant.util.hass_dict import HassKey

from .billing.calendar import Instant, midnight
from .billing.dated import EVER
from .billing.terms import Terms
from .billing.terms_change import first_changed_day
from .const import DOMAIN


@dataclass(slots=True)
class Progress:
    """How far they are; it outlasts a reload."""

    done_to: Instant | None = None
    """The end of the newest hour that was written; None until that is known."""
    changed_from: Instant | None = None
    """The first instant that has changed since."""
    terms: Terms | None = None
    """The terms by which what is written was settled."""

    def change(self, instant: Instant) -> None:
        """Note that something changed from an instant on."""
        before = self.changed_from
        self.changed_from = instant if before is None else min(before, instant)

    def settle_by(self, terms: Terms, billed_to: Instant) -> None:
        """Note what changed terms change; `billed_to` ends the newest closed period."""
        if self.terms is not None:
            day = first_changed_day(self.terms, terms)
            if day == EVER:
                # What all agreed on holds for everything that is not billed yet.
                self.change(billed_to)
            elif day is not None:
                self.change(midnight(day, terms.community.zone))
        self.terms = terms


PROGRESS: HassKey[dict[str, Progress]] = HassKey(f"{DOMAIN}_statistics")


def progress_of(hass: HomeAssistant, entry_id: str) -> Progress:
    """Return how far those of a community are."""
    return hass.data.setdefault(PROGRESS, {}).setdefault(entry_id, Progress())
