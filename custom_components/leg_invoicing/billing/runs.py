"""The days of an agreement that one version of a tariff prices."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from .checks import Portion
from .house_energy import HouseEnergy
from .models import LineRule
from .money import Money
from .tariffs import TariffVersion
from .vat import NO_VAT, Vat


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a house used and delivered on those days."""

    version: TariffVersion
    portions: Sequence[Portion]
    supplier_vat: Vat
    """The house's own, on what it is credited."""
    is_billed: bool
    """VAT and tiers count, which they do not in totals that go on and on."""

    @property
    def first(self) -> date:
        """The first day."""
        return self.portions[0].first

    @property
    def end(self) -> date:
        """The day after the last one."""
        return self.portions[-1].end

    @property
    def vat(self) -> Vat:
        """What prices have to do with VAT on these days."""
        return self.version.vat if self.is_billed else NO_VAT

    def vat_of(self, rule: LineRule) -> Vat:
        """Return the VAT of a kind of line: ours on charges, theirs on credits."""
        if rule.is_charge:
            return self.vat
        return self.supplier_vat if self.is_billed else NO_VAT

    def energy(self, band: str | None = None) -> HouseEnergy:
        """Return the energy in a band; all of it where none is named."""
        return energy_of(self.portions, band)

    def value(self, rule: LineRule) -> Money:
        """Return what the energy comes to at the prices of intervals."""
        return Money.total(p.value(is_charge=rule.is_charge) for p in self.portions)

    def months(self) -> Iterator[Run]:
        """Yield the same days month by month, where segments end with months."""
        for _, own in groupby(self.portions, lambda p: (p.first.year, p.first.month)):
            yield replace(self, portions=list(own))


def runs_of(
    portions: Iterable[Portion], supplier_vat: Vat, *, is_billed: bool
) -> Iterator[Run]:
    """Yield the runs of an agreement, as far as its tariff has prices."""
    for version, own in groupby(portions, key=lambda portion: portion.version):
        if version is not None:
            yield Run(
                version=version,
                portions=list(own),
                supplier_vat=supplier_vat,
                is_billed=is_billed,
            )


def energy_of(portions: Iterable[Portion], band: str | None = None) -> HouseEnergy:
    """Return what portions come to, in a band if one is named."""
    sums = (portion.energy(band) for portion in portions)
    return sum(sums, start=HouseEnergy())
