"""Houses during segments: the smallest pieces that have one occupant and one price."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from .agreements import Agreement
from .benefits import BenefitVersion
from .calendar import local_date
from .dated import version_on
from .early_vacancy import early_vacancies
from .house_energy import HouseEnergy
from .layout import Lane, Layout
from .pricing import Worth, worth
from .quality import Quality
from .rates import Rate
from .sharing import SegmentSums, Where
from .tariffs import TariffVersion
from .terms import Terms


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
    members: Sequence[str]
    """The houses that have joined and not left, which share what all of them share."""
    versions: Mapping[str | None, TariffVersion | None]
    """By the tariff of a lane; None is the agreement's own."""
    told: BenefitVersion
    """What the community tells of these days beside the bill."""

    @property
    def energy(self) -> HouseEnergy:
        """The house's energies."""
        return self.energy_of(self.lanes)

    def energy_of(self, lanes: Iterable[Lane]) -> HouseEnergy:
        """Return the energies of some lanes."""
        energies = (self.segment.energy(lane.position) for lane in lanes)
        return sum(energies, start=HouseEnergy())

    def worth(self, lane: Lane, energy: str, rate: Rate, where: Where) -> Worth:
        """Return what one of a lane's energies is worth at a rate."""
        return worth(self.segment, lane.position, energy, rate, where)

    def value(self, lane: Lane, energy: str, where: Where, *, is_charge: bool) -> Worth:
        """Return what a lane's energy costs or brings, at prices of intervals."""
        valued = where._replace(is_valued=True)
        return Worth(
            getattr(self.segment.energy(lane.position, valued), energy),
            self.segment.value(lane.position, valued, is_charge=is_charge),
        )


def portions_of(
    terms: Terms, layout: Layout, segments: Sequence[SegmentSums]
) -> dict[str, list[Portion]]:
    """Return each house's portions in the order of time."""
    zone = terms.community.zone
    portions: dict[str, list[Portion]] = {house_id: [] for house_id in layout.houses}
    early, vacant = early_vacancies(terms), dict[str, Agreement]()
    for segment in segments:
        first = local_date(segment.span.start, zone)
        end = local_date(segment.span.end - 1, zone) + timedelta(days=1)
        told = version_on(terms.community.benefits, first)
        valid = {a.house_id: a for a in terms.agreements if a.covers(first)}
        members = [house_id for house_id in layout.houses if house_id in valid]
        vacant |= {h: a for h, a in early.items() if _is_known(layout, segment, h)}
        valid |= {h: a for h, a in vacant.items() if a.covers(first)}
        for position, house_id in enumerate(layout.houses):
            lanes, billed = layout.of_house[house_id], valid.get(house_id)
            portions[house_id].append(
                Portion(
                    house_id=house_id,
                    position=position,
                    lanes=lanes,
                    segment=segment,
                    first=first,
                    end=end,
                    agreement=billed,
                    members=members,
                    versions=_versions(terms, lanes, billed, first),
                    told=told,
                )
            )
    return portions


def _is_known(layout: Layout, segment: SegmentSums, house_id: str) -> bool:
    """Tell whether a house was measured, or used something that was."""
    if house_id not in layout.of_house:
        return False
    known = segment.qualities(layout.houses.index(house_id)).keys() - {Quality.MISSING}
    lanes = (segment.energy(lane.position) for lane in layout.of_house[house_id])
    return bool(known) or any(e.imported + e.exported for e in lanes)


def _versions(
    terms: Terms, lanes: Iterable[Lane], billed: Agreement | None, day: date
) -> dict[str | None, TariffVersion | None]:
    tariffs = dict.fromkeys(lane.tariff_id for lane in lanes)
    if billed is None:
        return dict.fromkeys(tariffs)
    return {own: terms.tariffs[own or billed.tariff_id].at(day) for own in tariffs}


def intervals_of(portions: Iterable[Portion]) -> dict[Quality, int]:
    """Count intervals by quality, the best first."""
    counts = dict.fromkeys(Quality, 0)
    for portion in portions:
        for quality, count in portion.segment.qualities(portion.position).items():
            counts[quality] += count
    return {quality: count for quality, count in counts.items() if count}
