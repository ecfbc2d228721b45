"""What metering points measured, before it is divided among houses."""

from custom_components.leg_invoicing.billing.energy import Energy
from custom_components.leg_invoicing.billing.house_energy import HouseEnergy
from custom_components.leg_invoicing.billing.measurements import (
    IntervalSlice,
    Measurements,
)
from custom_components.leg_invoicing.billing.meters import Meter, Role
from custom_components.leg_invoicing.billing.point_energy import point_energies
from custom_components.leg_invoicing.billing.quality import Quality

GOOD, TEMPORARY = Quality.MEASURED, Quality.TEMPORARY


def _energy(imported: int, exported: int) -> HouseEnergy:
    return HouseEnergy(imported=Energy(imported), exported=Energy(exported))


def _measured() -> Measurements:
    return Measurements(
        houses=("house_1", "meter_1"),
        slices=[
            IntervalSlice(0, [10, 4], [5, 0], [GOOD, GOOD]),
            IntervalSlice(900, [3, 7], [1, 0], [GOOD, GOOD]),
            IntervalSlice(1800, [100, 2], [0, 0], [TEMPORARY, GOOD]),
        ],
    )


def test_what_may_be_billed_adds_up() -> None:
    """Each point's energies are summed up, without what nobody may be billed for."""
    assert point_energies(_measured()) == {
        "house_1": _energy(13, 6),
        "meter_1": _energy(13, 0),
    }


def test_calculated_meters() -> None:
    """A difference is taken in each interval, and never less than nothing."""
    rest = Meter(
        meter_id="meter_2",
        role=Role.HOUSE,
        house_id="house_1",
        formula=((1, "house_1"), (-1, "meter_1")),
    )
    pump = Meter(meter_id="meter_1", role=Role.HEAT_PUMP, house_id="house_1")

    assert point_energies(_measured(), [pump, rest])["meter_2"] == _energy(6, 6)
