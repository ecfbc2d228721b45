"""The days of an agreement that one version of a tariff prices."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from .agreements import Agreement
from .checks import Portion
from .house_energy import HouseEnergy
from .models import LineRule
from .pricing import Worth
from .rates import Rate
from .tariffs import BandName, TariffVersion
from .vat import NO_VAT, Vat


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Days of an agreement that are priced by one version of a tariff."""

    version: TariffVersion
    portions: tuple[Portion, ...]
    """One at least, in the order of time."""
    vat: Vat
    supplier_vat: Vat
    """The house's own, on what it is credited."""

    @property
    def first(self) -> date:
        """The first of the days."""
        return self.portions[0].first

    @property
    def end(self) -> date:
        """The day after the last one."""
        return self.portions[-1].end

    @property
    def energy(self) -> HouseEnergy:
        """All energy of these days."""
        return energy_of(self.portions)

    def worth(self, rule: LineRule, band: BandName, rate: Rate) -> Worth:
        """Return what a rule's energy is worth at a rate, in its band."""
        return Worth.total(p.worth(rule.energy, band, rate) for p in self.portions)

    def value(self, rule: LineRule) -> Worth:
        """Return what a rule's energy is worth at the prices of intervals."""
        return Worth.total(
            p.value(rule.energy, is_charge=rule.is_charge) for p in self.portions
        )


def runs_of(
    agreement: Agreement, portions: Iterable[Portion], *, with_vat: bool
) -> Iterator[Run]:
    """Yield the days of an agreement by version, as far as there is one."""
    for version, same_prices in groupby(portions, key=lambda p: p.version):
        if version is not None:
            yield Run(
                version=version,
                portions=tuple(same_prices),
                vat=version.vat if with_vat else NO_VAT,
                supplier_vat=agreement.vat if with_vat else NO_VAT,
            )


def energy_of(portions: Iterable[Portion]) -> HouseEnergy:
    """Return all energy of some portions."""
    return sum((portion.energy for portion in portions), start=HouseEnergy())
