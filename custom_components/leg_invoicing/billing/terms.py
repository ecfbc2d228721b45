"""The terms of a community: everything a settlement needs besides energy."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from .agreements import Agreement, Owner, Party
from .allocation import OfficialUse
from .benefits import NOTHING_TOLD, BenefitVersions
from .meters import Meter
from .models import Model
from .money import NO_MONEY, Money
from .rounding import EXACT, to_whole
from .sharing_versions import PROPORTIONAL_SINCE_EVER, Sharing
from .tariffs import Tariff


class GapPolicy(StrEnum):
    """What becomes of the intervals that no meter has measured."""

    MEASURE_ONLY = "measure_only"
    """Calculated values are not billed unless a person accepts them."""
    INTERPOLATE = "interpolate"
    """A gap's energy is spread over it; only long gaps are for a person."""


class GapShape(StrEnum):
    """How the energy of a gap is spread over its intervals."""

    LINEAR = "linear"
    """Evenly."""
    PROFILE = "profile"
    """As the same weekdays before used or delivered energy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GapRule:
    """What the members agreed on about gaps."""

    policy: GapPolicy = GapPolicy.INTERPOLATE
    limit_minutes: int = 24 * 60
    """How long a gap may be under `interpolate`; more than zero."""
    shape: GapShape = GapShape.LINEAR

    @property
    def limit_hours(self) -> Decimal:
        """The limit as people write it; `minutes_of` takes it back."""
        return hours_of(self.limit_minutes)


def hours_of(minutes: int) -> Decimal:
    """Return minutes in hours, to four decimals where they do not end."""
    ten_thousandths = EXACT.divide(Decimal(minutes * 10_000), Decimal(60))
    return Decimal(to_whole(ten_thousandths)).scaleb(-4, EXACT).normalize(EXACT)


def minutes_of(hours: Decimal) -> int:
    """Return a stretch of time to the minute."""
    return to_whole(EXACT.multiply(hours, Decimal(60)))


NAMELESS_ISSUER = Party(name="Community")
"""Who sends the invoices where nobody said it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """What the members agreed on for all of them."""

    timezone: str
    """Name of the IANA time zone whose days make the periods."""
    currency: str
    """ISO 4217 code; prices and amounts are in its hundredths (ct)."""
    model: Model = Model.POOL
    sharing: Sharing = PROPORTIONAL_SINCE_EVER
    interval_minutes: int = 15
    """5, 15, 30 or 60."""
    official_allocation: OfficialUse = OfficialUse.AUDIT
    """What is billed where the grid operator has allocated."""
    gaps: GapRule = GapRule()
    holidays: frozenset[date] = frozenset()
    """Days that bands may treat as holidays."""
    rounding: Money = NO_MONEY
    """What totals are rounded to, such as 5 ct; zero or a ct for not at all."""
    benefits: BenefitVersions = NOTHING_TOLD
    """What is told beside the bills."""
    grid_tariff: str
    """The tariff whose grid prices the community itself pays and gets."""
    issuer: Party = NAMELESS_ISSUER
    """Who sends the invoices, and owns houses that nobody else does."""

    @property
    def zone(self) -> ZoneInfo:
        """The time zone itself."""
        return ZoneInfo(self.timezone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A community, its tariffs and its agreements."""

    community: Community
    tariffs: Mapping[str, Tariff]
    """By id; holds every tariff that an agreement or the community names."""
    agreements: tuple[Agreement, ...]
    """As `check_agreements` returns them."""
    owners: Mapping[str, Owner] = field(default_factory=lambda: MappingProxyType({}))
    """By house; none where the community itself is."""
    left: Mapping[str, tuple[date, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    """The days on which houses left the community, the first without them; by date."""
    meters: tuple[Meter, ...] = ()
    """Besides the houses' own, as `check_meters` returns them."""

    @property
    def has_tiers(self) -> bool:
        """Tell whether some price depends on how much a month comes to."""
        versions = (v for tariff in self.tariffs.values() for v in tariff.versions)
        return any(version.has_tiers for version in versions)
