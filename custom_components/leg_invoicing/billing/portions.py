"""Houses during segments: the smallest pieces that have one occupant and one price.

From portions come statements, whose lines are priced by runs: the days of some lanes
under one version of a tariff.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import groupby

from .agreements import Agreement
from .calendar import local_date
from .charges import Run
from .house_energy import HouseEnergy
from .layout import Lane, Layout
from .models import LineRule
from .money import Money
from .quality import Quality
from .sharing import SegmentSums
from .tariffs import TariffVersion
from .terms import Terms
from .vat import NO_VAT, Vat


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """One house during one segment."""

    house_id: str
    position: int
    """Where the house stands among all houses."""
    lanes: Sequence[Lane]
    segment: SegmentSums
    first: date
    end: date
    """The segment in local days, the end exclusive."""
    agreement: Agreement | None
    versions: Mapping[str | None, TariffVersion | None]
    """By the tariff of a lane; None is the agreement's own."""

    @property
    def version(self) -> TariffVersion | None:
        """The prices of the agreement."""
        return self.versions[None]

    @property
    def energy(self) -> HouseEnergy:
        """The house's energies."""
        return self.energy_of(self.lanes)

    def energy_of(
        self,
        lanes: Iterable[Lane],
        version: TariffVersion | None = None,
        band: str | None = None,
    ) -> HouseEnergy:
        """Return the energies of some lanes; in a band of prices, if one is named."""
        bands = None if version is None else version.bands
        energies = (self.segment.energy(lane.position, bands, band) for lane in lanes)
        return sum(energies, start=HouseEnergy())

    def value_of(self, lanes: Iterable[Lane], rule: LineRule) -> Money:
        """Return what energy costs or brings, at the prices of intervals."""
        is_charge = rule.is_charge
        value = self.segment.value
        return Money.total(value(lane.position, is_charge=is_charge) for lane in lanes)


def portions_of(
    terms: Terms, layout: Layout, segments: Sequence[SegmentSums]
) -> dict[str, list[Portion]]:
    """Return each house's portions in the order of time."""
    zone = terms.community.zone
    agreements: Mapping[str, list[Agreement]] = defaultdict(list)
    for agreement in terms.agreements:
        agreements[agreement.house_id].append(agreement)
    portions: dict[str, list[Portion]] = {house_id: [] for house_id in layout.houses}
    for segment in segments:
        first = local_date(segment.span.start, zone)
        end = local_date(segment.span.end - 1, zone) + timedelta(days=1)
        for position, house_id in enumerate(layout.houses):
            billed = next((a for a in agreements[house_id] if a.covers(first)), None)
            lanes = layout.of_house[house_id]
            portions[house_id].append(
                Portion(
                    house_id=house_id,
                    position=position,
                    lanes=lanes,
                    segment=segment,
                    first=first,
                    end=end,
                    agreement=billed,
                    versions=_versions(terms, lanes, billed, first),
                )
            )
    return portions


def _versions(
    terms: Terms, lanes: Iterable[Lane], billed: Agreement | None, day: date
) -> dict[str | None, TariffVersion | None]:
    if billed is None:
        return {None: None}
    tariffs = dict.fromkeys(lane.tariff_id for lane in lanes)
    return {own: terms.tariffs[own or billed.tariff_id].at(day) for own in tariffs}


def runs_of(
    portions: Iterable[Portion], lanes: Sequence[Lane], *, with_vat: bool
) -> Iterator[Run]:
    """Yield the days that one version of the lanes' tariff prices, where there is one.

    All lanes have the same tariff.
    """
    tariff_id = lanes[0].tariff_id
    for version, same in groupby(portions, key=lambda p: p.versions[tariff_id]):
        own = list(same)
        if version is not None:
            yield Run(
                version=version,
                first=own[0].first,
                end=own[-1].end,
                energy=partial(_energy_in, own, lanes, version),
                value=partial(_value, own, lanes),
                vat=version.vat if with_vat else NO_VAT,
                supplier_vat=_supplier_vat(own[0]) if with_vat else NO_VAT,
                meter=lanes[0].name if len(lanes) == 1 else "",
            )


def _supplier_vat(portion: Portion) -> Vat:
    return NO_VAT if portion.agreement is None else portion.agreement.vat


def energy_of(portions: Iterable[Portion]) -> HouseEnergy:
    """Return the energies of portions."""
    return sum((portion.energy for portion in portions), start=HouseEnergy())


def _energy_in(
    portions: Iterable[Portion],
    lanes: Sequence[Lane],
    version: TariffVersion,
    band: str | None,
) -> HouseEnergy:
    energies = (portion.energy_of(lanes, version, band) for portion in portions)
    return sum(energies, start=HouseEnergy())


def _value(portions: Iterable[Portion], lanes: Sequence[Lane], rule: LineRule) -> Money:
    return Money.total(portion.value_of(lanes, rule) for portion in portions)


def intervals_of(portions: Iterable[Portion]) -> dict[Quality, int]:
    """Count intervals by quality, the best first."""
    counts = dict.fromkeys(Quality, 0)
    for portion in portions:
        for quality, count in portion.segment.qualities(portion.position).items():
            counts[quality] += count
    return {quality: count for quality, count in counts.items() if count}
