"""Dated tariffs.

A tariff is a list of versions; the one with the latest `valid_from` on or before
a local day prices that day's energy. A change of price therefore takes effect at
local midnight, and a period that contains one has lines at both prices.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise

from .bands import HOLIDAY, Bands
from .discounts import Discount
from .fees import Fee
from .models import Model
from .money import UnitPrice
from .percentage import Percentage
from .rates import Rate, part_of, rate_at
from .reasons import ReasonedError, tariffs as because
from .signal_bands import ModeBands
from .signals import NO_SIGNALS
from .tiers import Tier
from .vat import NO_VAT, Vat

type BandName = str | None
"""A band of a tariff; None for all of the time."""


@dataclass(frozen=True, slots=True)
class Price:
    """What a kWh costs: one rate, or a rate for each band."""

    rates: tuple[tuple[BandName, Rate], ...]
    percentage: Percentage | None = None
    """What was entered instead of rates: per cent of another of the four prices."""
    tiers: tuple[Tier, ...] = ()
    """What bills go by, if any; the rate is then that of the last one."""

    @classmethod
    def flat(cls, price: Rate) -> Price:
        """Return a price that is the same in all bands."""
        return cls(((None, price),))

    @classmethod
    def tiered(cls, tiers: tuple[Tier, ...]) -> Price:
        """Return a price in tiers."""
        return cls(((None, tiers[-1].price),), tiers=tiers)

    def part(self, percentage: Percentage) -> Price:
        """Return the price that is so many per cent of this one, in each band."""
        rates = ((band, part_of(rate, percentage)) for band, rate in self.rates)
        return replace(self, rates=tuple(rates), percentage=percentage)

    def at(self, band: BandName) -> Rate | None:
        """Return the rate in a band; None where it takes a band that is not known."""
        rates = dict(self.rates)
        return rates[None] if None in rates else rates.get(band)


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffVersion:
    """What a tariff says from one day on."""

    valid_from: date
    p_pv: Price
    """A house sells to the community."""
    p_con: Price
    """A house buys from the community."""
    p_grid_del: Price
    """The community sells to the grid."""
    p_grid_con: Price
    """The community buys from the grid."""
    p_standard: Price | None = None
    """A house would buy from its utility; like the community where left out."""
    bands: Bands | ModeBands | None = None
    """The bands by which prices may differ."""
    fees: tuple[Fee, ...] = ()
    discounts: tuple[Discount, ...] = ()
    vat: Vat = NO_VAT

    def __post_init__(self) -> None:
        """Refuse prices of other bands than there are."""
        names = () if self.bands is None else self.bands.names
        for price_name, price in (*self.prices(), (STANDARD, self.p_utility)):
            bands = [band for band, _ in price.rates]
            if bands != [None] and sorted(filter(None, bands)) != sorted(names):
                raise ValueError(
                    f"{price_name} has prices for {', '.join(map(str, bands))}, "
                    f"where the bands are {', '.join(names) or 'not given'}"
                )

    def prices(self) -> Iterator[tuple[str, Price]]:
        """Yield each price with its name."""
        for name in PRICE_NAMES:
            yield name, getattr(self, name)

    @property
    def has_tiers(self) -> bool:
        """Tell whether some price depends on how much a month comes to."""
        return any(price.tiers for _, price in self.prices())

    @property
    def holiday_band(self) -> str | None:
        """The first band that asks for holidays; None where none does."""
        return self.bands.holiday_band if isinstance(self.bands, Bands) else None

    @property
    def p_utility(self) -> Price:
        """What a house would pay without the community: the standard product."""
        return self.p_grid_con if self.p_standard is None else self.p_standard

    def prices_at(
        self,
        time: datetime,
        holidays: frozenset[date],
        signals: Mapping[str, str] = NO_SIGNALS,
    ) -> Prices:
        """Return the prices of a local time, at which signals showed something."""
        match self.bands:
            case None:
                band = None
            case ModeBands():
                band = self.bands.of(signals)
            case _:
                band = self.bands.at(time, holidays)
        return self.prices_in(band, signals)

    def prices_in(
        self, band: BandName, signals: Mapping[str, str] = NO_SIGNALS
    ) -> Prices:
        """Return the prices in a band; None where there are no bands."""
        return Prices(
            **{name: rate_at(price.at(band), signals) for name, price in self.prices()}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """The four prices of an instant; None where one is not known."""

    p_pv: UnitPrice | None
    p_con: UnitPrice | None
    p_grid_del: UnitPrice | None
    p_grid_con: UnitPrice | None


PRICE_NAMES = ("p_pv", "p_con", "p_grid_del", "p_grid_con")
STANDARD = "p_standard"
"""The price that may be left out."""


class TariffError(ReasonedError):
    """A tariff has prices that nobody heeds."""


def check_heeded(version: TariffVersion, model: Model) -> None:
    """Refuse, by TariffError, tiers where the model has prices of its own."""
    if model is Model.BREAK_EVEN and version.has_tiers:
        raise TariffError(because.TIERS_NOT_HEEDED(model=model))


def check_bands_met(version: TariffVersion, *, has_holidays: bool) -> None:
    """Refuse, by TariffError, bands that no time is ever in.

    It is for what is being entered; what was entered before is settled as it stands.
    """
    if not isinstance(version.bands, Bands):
        return
    for band in version.bands.bands:
        if not all(window.days for window in band.windows):
            raise TariffError(because.BAND_OF_NO_DAYS(band=band.name))
        days = frozenset[int]().union(*(window.days for window in band.windows))
        if days == {HOLIDAY} and not has_holidays:
            raise TariffError(because.BAND_OF_NO_HOLIDAYS(band=band.name))


@dataclass(frozen=True, slots=True)
class Tariff:
    """A tariff's versions in the order of their dates."""

    tariff_id: str
    versions: tuple[TariffVersion, ...]

    def __post_init__(self) -> None:
        """Refuse a tariff in which a day could have two prices, or none ever."""
        if not self.versions:
            raise ValueError(f"{self.tariff_id}: the tariff has no prices")
        for earlier, later in pairwise(self.versions):
            if later.valid_from <= earlier.valid_from:
                raise ValueError(
                    f"{self.tariff_id}: two versions begin on {later.valid_from}"
                    if later.valid_from == earlier.valid_from
                    else f"{self.tariff_id}: the versions are not in order of date"
                )

    def at(self, day: date) -> TariffVersion | None:
        """Return the version valid on a local day; None before the first."""
        index = bisect_right(self.versions, day, key=lambda v: v.valid_from)
        return self.versions[index - 1] if index else None
