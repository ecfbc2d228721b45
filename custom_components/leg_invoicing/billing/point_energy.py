"""What metering points measured, before anything is shared or divided."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from .energy import Energy
from .house_energy import HouseEnergy
from .measurements import Measurements
from .meters import Meter
from .quality import BILLABLE

type _Lane = Mapping[str, int]
"""mWh by point."""


def point_energies(
    measured: Measurements, meters: Iterable[Meter] = ()
) -> dict[str, HouseEnergy]:
    """Return the energies of all points that were measured, and of calculated meters.

    What may not be billed counts for nothing, and so does a calculation that comes to
    less than nothing in an interval.
    """
    calculated = [meter for meter in meters if meter.formula]
    imported: Counter[str] = Counter()
    exported: Counter[str] = Counter()
    for interval in measured.slices:
        is_known = [quality in BILLABLE for quality in interval.quality]
        for sums, lane in (
            (imported, interval.imported),
            (exported, interval.exported),
        ):
            known = _known(measured.houses, lane, is_known)
            sums.update(known)
            sums.update(_results(calculated, known))
    return {
        point: HouseEnergy(
            imported=Energy(imported[point]), exported=Energy(exported[point])
        )
        for point in (*measured.houses, *(meter.meter_id for meter in calculated))
    }


def _known(points: Sequence[str], lane: Sequence[int], is_known: list[bool]) -> _Lane:
    values = zip(points, lane, is_known, strict=True)
    return {point: mwh for point, mwh, known in values if known}


def _results(calculated: Iterable[Meter], known: _Lane) -> dict[str, int]:
    return {
        meter.meter_id: max(
            sum(sign * known.get(point, 0) for sign, point in meter.formula), 0
        )
        for meter in calculated
    }
