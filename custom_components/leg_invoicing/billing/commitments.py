"""What was agreed and what was billed: one immutable state of a community's books."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType

from .agreements import Agreement, Owner
from .benefits import BenefitVersion
from .calendar import Period
from .meters import Meter
from .money import Money
from .sharing_versions import PROPORTIONAL_SINCE_EVER, Sharing
from .tariffs import Tariff, TariffVersion


class CommitmentError(ValueError):
    """A change was refused; `code` and `details` make the sentence for people."""

    def __init__(self, code: str, **details: str) -> None:
        """Remember the reason and the names it is about."""
        super().__init__(f"{code}: {details}")
        self.code = code
        self.details = details


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedPeriod:
    """The index entry of an issued period."""

    period: Period
    closed_at: datetime
    file_name: str
    """The file that holds the issued period."""
    sha256: str
    """Hash of that file's bytes, in hexadecimal."""
    invoices: Mapping[str, Money]
    """What each house owes, by invoice number; negative when it is owed."""
    tariffs: tuple[str, ...]
    """The tariffs it was settled with."""
    houses: tuple[str, ...]
    accepted: tuple[str, ...] = ()
    """The blocking findings that were accepted by name."""
    user_id: str | None = None
    """Who closed it; None for an automation."""
    context_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffChange:
    """That prices were set."""

    at: datetime
    user_id: str | None
    """Who set them; None for an automation, a form, or the set-up."""
    tariff_id: str
    valid_from: date
    before: TariffVersion | None
    """What was valid from that day until then; None if nothing began on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitments:
    """What a community has agreed on and billed, and what it counts."""

    tariffs: Mapping[str, Tariff] = field(default_factory=lambda: MappingProxyType({}))
    tariff_changes: tuple[TariffChange, ...] = ()
    """The newest ones, in the order in which they were made."""
    agreements: tuple[Agreement, ...] = ()
    owners: Mapping[str, Owner] = field(default_factory=lambda: MappingProxyType({}))
    """By house; none where the community itself is."""
    left: Mapping[str, tuple[date, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    """The days on which houses left the community, the first without them; by date."""
    sharing: Sharing = PROPORTIONAL_SINCE_EVER
    benefits: tuple[BenefitVersion, ...] = ()
    """What is told beside the bills, each from a day on; by date."""
    meters: tuple[Meter, ...] = ()
    """Besides the houses' own, by id; also those that were removed."""
    closed: tuple[ClosedPeriod, ...] = ()
    """By date."""
    last_sequence: Mapping[int, int] = field(
        default_factory=lambda: MappingProxyType({})
    )
    """The last invoice number used, by year of issue."""
    last_house: int = 0
    """The number in the newest house id; never used again."""
    last_meter: int = 0
    """The same of meters."""

    def closed_within(self, first: date, end: date | None) -> Iterator[ClosedPeriod]:
        """Yield the closed periods that have a day in common with `[first, end)`."""
        for closed in self.closed:
            if first < closed.period.end and (end is None or closed.period.first < end):
                yield closed

    def find(self, period: Period) -> ClosedPeriod | None:
        """Return a period's index entry; None while it is open."""
        return next((c for c in self.closed if c.period == period), None)

    def agreements_of(self, house_id: str) -> tuple[Agreement, ...]:
        """Return a house's agreements by date."""
        return tuple(a for a in self.agreements if a.house_id == house_id)
