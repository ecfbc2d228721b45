"""By which key production is shared, from which day on.

A community's sharing is a list of versions by date, like a tariff's prices: from
local midnight of its first day on a version counts, and whatever the version before
said does not. The first one counts since ever.

Weights are parts of the production, 1 being all of it, and sum to 1 at most on every
day. A house's weight on a day is

    that of its agreement of that day, if it says one
    else that of the version
    else 0

and where neither the version nor any agreement of that day says a weight, all houses
that somebody is billed for on that day have the same one. The order of `priority`
begins with the houses that the version lists; the others follow by id.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from .agreements import Agreement
from .allocation import AllocationKey
from .dated import SINCE_EVER, version_on
from .rounding import EXACT
from .scaled_sums import decimals_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SharingVersion:
    """The keys from one local day on."""

    valid_from: date = SINCE_EVER
    allocation: AllocationKey = AllocationKey.PROPORTIONAL
    """How what was produced is shared among those who use it."""
    producers: AllocationKey = AllocationKey.PROPORTIONAL
    """How what was used is shared among those who produce it."""
    weights: Mapping[str, Decimal] = field(default_factory=lambda: MappingProxyType({}))
    """By house; each from 0 to 1."""
    order: tuple[str, ...] = ()
    """Houses, the first to be served first."""


type Sharing = tuple[SharingVersion, ...]
"""Versions by date, one a day at most, the first since ever."""

PROPORTIONAL_SINCE_EVER: Sharing = (SharingVersion(),)


def of_houses(sharing: Sharing, houses: Iterable[str]) -> Sharing:
    """Return the versions with weights and order of these houses only."""
    known = set(houses)
    return tuple(
        replace(
            version,
            weights={h: w for h, w in version.weights.items() if h in known},
            order=tuple(h for h in version.order if h in known),
        )
        for version in sharing
    )


def overweight(
    sharing: Sharing, agreements: Sequence[Agreement]
) -> tuple[date, Decimal] | None:
    """Return the first day on which weights sum to more than 1, and to how much."""
    days = {version.valid_from for version in sharing}
    if any(agreement.weight is not None for agreement in agreements):
        days |= {a.first for a in agreements} | {a.end for a in agreements if a.end}
    for day in sorted(days):
        parts, whole = weights_on(version_on(sharing, day), valid_on(agreements, day))
        if sum(parts.values()) > whole:
            total = EXACT.divide(Decimal(sum(parts.values())), Decimal(whole))
            return day, total.normalize(EXACT)
    return None


def valid_on(agreements: Iterable[Agreement], day: date) -> list[Agreement]:
    """Return the agreements that are valid on a local day."""
    return [agreement for agreement in agreements if agreement.covers(day)]


def weights_on(
    version: SharingVersion, valid: Iterable[Agreement]
) -> tuple[dict[str, int], int]:
    """Return the weights that were said as integers, and the integer that is 1."""
    own = {a.house_id: a.weight for a in valid if a.weight is not None}
    weights = {**version.weights, **own}
    digits = decimals_of(weights.values())
    parts = {
        house_id: int(weight.scaleb(digits, EXACT))
        for house_id, weight in weights.items()
    }
    return parts, 10**digits
