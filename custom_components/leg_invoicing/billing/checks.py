"""What can be wrong with a settlement, found from its sums.

Each check is a function from portions to findings. A portion is one house during
one segment: the smallest piece that has one occupant and one set of prices.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from .agreements import Agreement
from .calendar import Span
from .energy import Energy
from .findings import Finding, FindingCode
from .house_energy import HouseEnergy
from .pricing import Worth, worth
from .quality import Quality
from .rates import Rate
from .sharing import Flagged, SegmentSums
from .tariffs import BandName, TariffVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """One house during one segment."""

    house_id: str
    position: int
    """Where the house stands in the segment's lanes."""
    segment: SegmentSums
    first: date
    end: date
    """The segment in local days, the end exclusive."""
    agreement: Agreement | None
    version: TariffVersion | None

    @property
    def energy(self) -> HouseEnergy:
        """The house's energies."""
        return self.segment.energy(self.position)

    def worth(self, energy: str, band: BandName, rate: Rate) -> Worth:
        """Return what one of the house's energies is worth at a rate of its tariff."""
        bands = None if self.version is None else self.version.bands
        return worth(self.segment, self.position, energy, bands, band, rate)

    def value(self, energy: str, *, is_charge: bool) -> Worth:
        """Return what the house's energy costs or brings, at prices of intervals."""
        return Worth(
            getattr(self.segment.valued_energy(self.position), energy),
            self.segment.value(self.position, is_charge=is_charge),
        )


_CODE_OF_QUALITY = {
    Quality.MISSING: FindingCode.MISSING_DATA,
    Quality.TEMPORARY: FindingCode.TEMPORARY_DATA,
}


def flagged_intervals(
    portions: Iterable[Portion], interval_seconds: int
) -> Iterator[Finding]:
    """Report missing and temporary intervals, one finding a house.

    A house that nobody has an agreement for is not expected to have data.
    """
    notes: dict[tuple[str, FindingCode], Flagged] = {}
    for portion in portions:
        if portion.agreement is None:
            continue
        for quality, code in _CODE_OF_QUALITY.items():
            flagged = portion.segment.flagged.get((portion.position, quality))
            if flagged is not None:
                key = (portion.house_id, code)
                notes[key] = _joined(notes.get(key), flagged)
    for (house_id, code), note in notes.items():
        yield Finding(
            code=code,
            house_id=house_id,
            span=Span(note.first, note.last + interval_seconds),
            intervals=note.intervals,
            energy=Energy(note.energy),
        )


def _joined(earlier: Flagged | None, later: Flagged) -> Flagged:
    if earlier is None:
        return later
    return Flagged(
        earlier.first,
        later.last,
        earlier.intervals + later.intervals,
        earlier.energy + later.energy,
    )


def energy_without_agreement(portions: Iterable[Portion]) -> Iterator[Finding]:
    """Report energy that flowed while nobody was billed for the house."""
    for portion in portions:
        sums = portion.segment.energy(portion.position)
        energy = sums.imported + sums.exported
        if portion.agreement is None and energy:
            yield Finding(
                code=FindingCode.NO_AGREEMENT,
                house_id=portion.house_id,
                span=portion.segment.span,
                intervals=portion.segment.intervals,
                energy=energy,
            )


def missing_prices(portions: Iterable[Portion]) -> Iterator[Finding]:
    """Report agreements whose tariff has no prices yet."""
    for portion in portions:
        if portion.agreement is not None and portion.version is None:
            yield Finding(
                code=FindingCode.NO_TARIFF,
                house_id=portion.house_id,
                span=portion.segment.span,
                intervals=portion.segment.intervals,
                details={"tariff": portion.agreement.tariff_id},
            )
