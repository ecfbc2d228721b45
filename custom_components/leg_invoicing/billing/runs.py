"""The days of an agreement that one version of a tariff prices, for some lanes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from .agreements import Agreement
from .house_energy import HouseEnergy
from .layout import Lane
from .meters import Meter
from .models import LineRule
from .portions import Portion
from .pricing import Worth
from .rates import Rate
from .sharing import ANYWHERE, Where
from .tariffs import BandName, TariffVersion
from .vat import NO_VAT, Vat


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Days of an agreement that are priced by one version of a tariff."""

    version: TariffVersion
    portions: tuple[Portion, ...]
    """One at least, in the order of time."""
    lanes: Sequence[Lane]
    """One at least, of one tariff."""
    vat: Vat
    supplier_vat: Vat
    """The house's own, on what it is credited."""
    meters: Sequence[Meter] = ()
    """Those for which fees per meter are owed."""
    is_billed: bool
    """Tiers count, which they do not in totals that go on from interval to interval."""

    @property
    def first(self) -> date:
        """The first of the days."""
        return self.portions[0].first

    @property
    def end(self) -> date:
        """The day after the last one."""
        return self.portions[-1].end

    @property
    def meter(self) -> str:
        """What is measured besides the house itself, where it is one lane."""
        return self.lanes[0].name if len(self.lanes) == 1 else ""

    @property
    def meter_id(self) -> str:
        """The same by its id."""
        return self.lanes[0].meter_id if len(self.lanes) == 1 else ""

    @property
    def priced(self) -> Meter | None:
        """The meter whose own tariff this is; None where it is the agreement's."""
        lane = self.lanes[0]
        return None if lane.tariff_id is None else lane.meter

    @property
    def energy(self) -> HouseEnergy:
        """All energy of these days."""
        energies = (portion.energy_of(self.lanes) for portion in self.portions)
        return sum(energies, start=HouseEnergy())

    def where(self, band: BandName) -> Where:
        """Return the intervals in a band of the version."""
        return Where(self.version.bands, band)

    def worth(self, rule: LineRule, rate: Rate, where: Where) -> Worth:
        """Return what a rule's energy is worth at a rate in some intervals."""
        return Worth.total(
            portion.worth(lane, rule.energy, rate, where)
            for portion in self.portions
            for lane in self.lanes
        )

    def value(self, rule: LineRule, where: Where = ANYWHERE) -> Worth:
        """Return what a rule's energy is worth at the prices of intervals."""
        return Worth.total(
            portion.value(lane, rule.energy, where, is_charge=rule.is_charge)
            for portion in self.portions
            for lane in self.lanes
        )

    def by_lane(self) -> Iterator[Run]:
        """Yield the same days lane by lane."""
        for lane in self.lanes:
            yield replace(self, lanes=(lane,))

    def months(self) -> Iterator[Run]:
        """Yield the same days month by month, where segments end with months."""
        for _, own in groupby(self.portions, lambda p: (p.first.year, p.first.month)):
            yield replace(self, portions=tuple(own))


def runs_of(
    agreement: Agreement,
    portions: Iterable[Portion],
    lanes: Sequence[Lane],
    meters: Sequence[Meter] = (),
    *,
    is_billed: bool,
) -> Iterator[Run]:
    """Yield the days of an agreement by version, as far as there is one.

    The lanes are of one tariff.
    """
    tariff_id = lanes[0].tariff_id
    for version, same_prices in groupby(portions, lambda p: p.versions[tariff_id]):
        if version is not None:
            yield Run(
                version=version,
                portions=tuple(same_prices),
                lanes=lanes,
                meters=meters,
                vat=version.vat if is_billed else NO_VAT,
                supplier_vat=agreement.vat if is_billed else NO_VAT,
                is_billed=is_billed,
            )


def lanes_by_tariff(lanes: Sequence[Lane]) -> Iterator[Sequence[Lane]]:
    """Yield what has the same fees and tiers: meters with tariffs, and the rest."""
    yield [lane for lane in lanes if lane.tariff_id is None]
    yield from ([lane] for lane in lanes if lane.tariff_id is not None)


def energy_of(portions: Iterable[Portion]) -> HouseEnergy:
    """Return all energy of some portions."""
    return sum((portion.energy for portion in portions), start=HouseEnergy())
