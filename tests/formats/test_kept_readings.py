"""Readings that are kept until their houses are known."""

from custom_components.leg_invoicing.billing.energy import Energy
from custom_components.leg_invoicing.billing.register_state import Reading
from custom_components.leg_invoicing.formats.kept_readings import (
    KeptReading,
    KeptReadings,
)
from custom_components.leg_invoicing.formats.own_readings import RegisterReading

_OLD = RegisterReading("house_1", "import", Reading(900, Energy(10**12)))
_NEW = RegisterReading(
    "house_1", "import", Reading(1900, Energy(0)), Reading(1800, Energy(10**12 + 1))
)
_OTHER = RegisterReading("house, 2", "export", Reading(1, Energy(7)))


def test_readings_come_back_as_they_were_kept() -> None:
    """File, line, change of meter and order are those that went in."""
    came = [("a.csv", 2, _OLD), ("b.csv", 9, _OTHER), ("a.csv", 3, _NEW)]
    kept = KeptReadings()
    for one in came:
        kept.add(*one)

    assert list(kept) == [KeptReading(*one) for one in came]
    assert kept.houses == {"house_1", "house, 2"}
    assert kept.registers == {("house_1", "import"), ("house, 2", "export")}


def test_nothing_is_kept() -> None:
    """Without readings there are no houses."""
    assert list(KeptReadings()) == []
    assert KeptReadings().houses == set()
