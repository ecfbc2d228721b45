"""Energy and power over a span."""

from decimal import Decimal

from custom_components.leg_invoicing.billing.measurements import IntervalSlice
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.billing.span_statistics import span_statistics

GOOD, GONE = Quality.MEASURED, Quality.MISSING


def test_energy_and_power() -> None:
    """Power is of intervals in which everybody is known; energy is all that is."""
    found = span_statistics(
        [
            IntervalSlice(0, [100_000, 50_000], [0, 7], [GOOD, Quality.ESTIMATED]),
            IntervalSlice(900, [300_000, 0], [0, 0], [GOOD, GOOD]),
            IntervalSlice(1800, [9_000_000, 77], [0, 77], [GOOD, GONE]),
        ],
        900,
    )

    assert found.used.energy.mwh == 9_450_000
    assert found.delivered.energy.mwh == 7
    assert (found.intervals, found.complete) == (3, 2)
    assert found.powers(found.used) == {
        "min_power_w": Decimal("600.000"),
        "max_power_w": Decimal("1200.000"),
        "average_power_w": Decimal("900.000"),
    }
    assert found.coverage == (5, 6)
    assert found.qualities == {GOOD: 4, Quality.ESTIMATED: 1, GONE: 1}


def test_nothing_known() -> None:
    """Without a complete interval there is no power, rather than none at all."""
    found = span_statistics([IntervalSlice(0, [0], [0], [GONE])], 900)

    assert set(found.powers(found.used).values()) == {None}
    assert found.coverage == (0, 1)
