"""Dated tariffs.

A tariff is a list of versions; the one with the latest `valid_from` on or before
a local day prices that day's energy. A change of price therefore takes effect at
local midnight, and a period that contains one has lines at both prices.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from .money import UnitPrice


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffVersion:
    """The four prices of a tariff from one day on."""

    valid_from: date
    p_pv: UnitPrice
    """A house sells to the community."""
    p_con: UnitPrice
    """A house buys from the community."""
    p_grid_del: UnitPrice
    """The community sells to the grid."""
    p_grid_con: UnitPrice
    """The community buys from the grid."""


PRICE_NAMES = ("p_pv", "p_con", "p_grid_del", "p_grid_con")


class TariffError(ValueError):
    """Two versions of a tariff begin on the same day, or it has none."""


@dataclass(frozen=True, slots=True)
class Tariff:
    """A tariff's versions in the order of their dates."""

    tariff_id: str
    versions: tuple[TariffVersion, ...]

    def __post_init__(self) -> None:
        """Refuse a tariff in which a day could have two prices, or none ever."""
        if not self.versions:
            raise TariffError(f"{self.tariff_id}: the tariff has no prices")
        for earlier, later in pairwise(self.versions):
            if later.valid_from <= earlier.valid_from:
                raise TariffError(
                    f"{self.tariff_id}: two versions begin on {later.valid_from}"
                    if later.valid_from == earlier.valid_from
                    else f"{self.tariff_id}: the versions are not in order of date"
                )

    def at(self, day: date) -> TariffVersion | None:
        """Return the version valid on a local day; None before the first."""
        index = bisect_right(self.versions, day, key=lambda v: v.valid_from)
        return self.versions[index - 1] if index else None
