"""Who pays for a house, from when to when, under which tariff.

Agreements of one house never overlap: a change of occupant ends one on the day
the next begins (`to` is exclusive), and the house's energy splits there.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise

from .reasons import ReasonedError, Sentence, community as because
from .vat import NO_VAT, Vat

LANGUAGES = ("en", "de", "fr", "it")
"""The languages in which people can be written to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Somebody on an invoice: who sends it or who receives it."""

    name: str
    address: tuple[str, ...] = ()
    """Lines below the name on an envelope."""
    email: str | None = None
    language: str = "en"
    """Language of what is written to them: one of `LANGUAGES`."""
    iban: str | None = None
    vat_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """One participant is billed for one house over some days."""

    house_id: str
    participant: Party
    tariff_id: str
    first: date
    end: date | None = None
    """The first day it is no longer valid; None while it is open-ended."""
    vat: Vat = NO_VAT
    """The participant's own tax on what the house delivers."""
    weight: Decimal | None = None
    """The house's weight in sharing while it is valid; None: the community's own."""
    factor: Decimal = Decimal(1)
    """The part of the house's energy that takes part, more than zero."""
    agreement_id: str = field(default="")
    """Stays the same when the participant's data are corrected."""
    invoice: str = ""
    """Agreements with the same word share an invoice; without one it is by itself."""
    vacancy: bool = False
    """Nobody lives there: the owner is billed. Follows from the others' days."""

    def covers(self, day: date) -> bool:
        """Tell whether the agreement is valid on a local day."""
        return self.first <= day and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Who is billed for a house while nobody has it."""

    party: Party
    tariff_id: str | None = None
    """None: the tariff of whoever had the house before."""
    invoice: str = ""
    """As of an agreement."""
    vat: Vat = NO_VAT
    """The owner's own tax on what the vacant house delivers."""


class AgreementError(ReasonedError):
    """Two agreements contradict each other, or one contradicts itself."""

    def __init__(self, agreement: Agreement, reason: Sentence) -> None:
        """Remember which agreement is wrong, so that the caller can name it."""
        house_id, name = agreement.house_id, agreement.participant.name
        super().__init__(
            because.OF_AGREEMENT(house=house_id, participant=name, reason=reason)
        )
        self.agreement = agreement


def check_agreements(agreements: Iterable[Agreement]) -> tuple[Agreement, ...]:
    """Return the agreements by house and date.

    Raises AgreementError when one ends before it begins or two of a house
    overlap.
    """
    ordered = tuple(sorted(agreements, key=lambda a: (a.house_id, a.first)))
    for agreement in ordered:
        if agreement.end is not None and agreement.end <= agreement.first:
            raise AgreementError(agreement, because.ENDS_TOO_EARLY())
    for earlier, later in pairwise(ordered):
        if earlier.house_id == later.house_id and (
            earlier.end is None or later.first < earlier.end
        ):
            name = earlier.participant.name
            reason = because.HOUSE_TAKEN(day=later.first, name=name)
            raise AgreementError(later, reason)
    return ordered
