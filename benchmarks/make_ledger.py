"""Make a ledger of a believable community, through the integration's own code.

Usage: python -m benchmarks.make_ledger PATH HOUSES FIRST_DAY END_DAY

Every house has a base load with a morning and an evening, every other one has PV on
its roof; clouds come and go by the day. The same arguments make the same ledger.
"""

from collections.abc import Iterator
from datetime import date
from math import cos, exp, pi, sin
from pathlib import Path
import random
import sys
from zoneinfo import ZoneInfo

# This must come first: it keeps Home Assistant, which nothing here needs, out.
from script.settle_lib import pure_wings  # noqa: F401

# isort: split

from custom_components.leg_invoicing.billing.calendar import Instant, Period, Span
from custom_components.leg_invoicing.billing.energy import Energy
from custom_components.leg_invoicing.billing.measurements import IntervalRow
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.ledger import (
    Ledger,
    Origin,
    ReadingKind,
    Source,
    StoredReading,
)

ZONE = ZoneInfo("Europe/Zurich")
QUARTER_HOUR = 900
DAY = 24 * 3600
LATITUDE = 47.4 / 180 * pi


class House:
    """What one house draws and delivers, and what its registers show."""

    def __init__(self, number: int) -> None:
        """Furnish a house; its number decides how."""
        self.house_id = f"house_{number}"
        self._random = random.Random(number)
        self._watts = self._random.uniform(120, 400)
        self._peak_watts = 1000 * self._random.uniform(5, 14) if number % 2 else 0
        self.registers = {"import": 0, "export": 0}

    def row(self, start: Instant, sun: float) -> IntervalRow:
        """Live through a quarter hour, under that much of a clear summer's sun."""
        hour = start % DAY / 3600
        habits = 1 + 2 * exp(-((hour - 7) ** 2)) + 4 * exp(-((hour - 18) ** 2) / 5)
        used = self._watts * habits * self._random.lognormvariate(0, 0.6)
        delivered = self._peak_watts * sun * self._random.uniform(0.8, 1)
        # Inside a quarter hour a house with PV often does both.
        at_once = min(used, delivered) * self._random.uniform(0.7, 1)
        imported, exported = (
            round(watts * 1000 * QUARTER_HOUR / 3600)
            for watts in (used - at_once, delivered - at_once)
        )
        self.registers["import"] += imported
        self.registers["export"] += exported
        return IntervalRow(self.house_id, start, imported, exported, Quality.MEASURED)

    def readings(self, at: Instant) -> Iterator[StoredReading]:
        """Read the registers."""
        for register, mwh in self.registers.items():
            yield StoredReading(
                house_id=self.house_id,
                register=register,
                at=at,
                value=Energy(mwh),
                kind=ReadingKind.READ,
            )


def sunshine(start: Instant) -> float:
    """Return how high the sun stands, as a part of straight overhead."""
    day, hour = start // DAY % 365.25, start % DAY / 3600 + 0.5
    declination = -0.409 * cos(2 * pi * (day + 10) / 365.25)
    height = sin(LATITUDE) * sin(declination) + cos(LATITUDE) * cos(declination) * cos(
        (hour - 12) / 12 * pi
    )
    return max(0.0, height)


def make_ledger(path: Path, houses: int, span: Span) -> None:
    """Write a day at a time, as intervals come in: all houses of each, in order."""
    community = [House(number) for number in range(1, houses + 1)]
    weather = random.Random(0)
    ledger = Ledger.open(path)
    for midnight in range(span.start, span.end, DAY):
        clear = weather.uniform(0.1, 1)
        end = min(midnight + DAY, span.end)
        rows = (
            house.row(start, clear * sunshine(start))
            for start in range(midnight, end, QUARTER_HOUR)
            for house in community
        )
        ledger.write(rows, Origin(source=Source.LIVE, at=end))
        ledger.write(
            (),
            Origin(source=Source.LIVE, at=end),
            registers={
                (house.house_id, register): {"at": end, "value": mwh}
                for house in community
                for register, mwh in house.registers.items()
            },
            readings=(
                reading for house in community for reading in house.readings(end)
            ),
        )
    ledger.close()


def main() -> None:
    """Make a ledger of the local days from one day to another."""
    path, houses, first, end = sys.argv[1:]
    period = Period(date.fromisoformat(first), date.fromisoformat(end))
    make_ledger(Path(path), int(houses), period.span(ZONE))


if __name__ == "__main__":
    main()
