"""The terms of a community: everything a settlement needs besides energy."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from .agreements import Agreement
from .allocation import AllocationKey
from .models import Model
from .official import OfficialUse
from .tariffs import Tariff


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """What the members agreed on for all of them."""

    timezone: str
    """Name of the IANA time zone whose days make the periods."""
    currency: str
    """ISO 4217 code; prices and amounts are in its hundredths (ct)."""
    model: Model = Model.POOL
    allocation: AllocationKey = AllocationKey.PROPORTIONAL
    interval_minutes: int = 15
    """5, 15, 30 or 60."""
    official_allocation: OfficialUse = OfficialUse.AUDIT
    """What is billed where the grid operator has allocated."""
    grid_tariff: str
    """The tariff whose grid prices the community itself pays and gets."""

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
