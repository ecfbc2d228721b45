"""Our own two files, read as deliveries: their houses are the metering points."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
import csv
from typing import BinaryIO
from zoneinfo import ZoneInfo

from custom_components.leg_invoicing.billing.calendar import iso_utc
from custom_components.leg_invoicing.billing.gathering import Gathering, MeteredHouse
from custom_components.leg_invoicing.billing.measurements import IntervalRow
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.billing.registers import RegisterLimits
from custom_components.leg_invoicing.formats import own_csv, own_readings
from custom_components.leg_invoicing.formats.deliveries import (
    Direction,
    MeteredInterval,
    OnSkipped,
    Share,
    ignore,
)

type Tell = Callable[[str], None]
"""Tells a person one thing."""


def is_intervals(head: bytes, name: str) -> bool:  # noqa: ARG001 - the columns tell
    """Tell whether a file is our CSV of intervals."""
    return {"house", "start"} <= _columns(head)


def is_readings(head: bytes, name: str) -> bool:  # noqa: ARG001 - the columns tell
    """Tell whether a file is our CSV of register readings."""
    return {"house", "time"} <= _columns(head)


def _columns(head: bytes) -> set[str]:
    line = head.partition(b"\n")[0].decode("utf-8-sig", "replace")
    return {name.strip().lower() for name in next(csv.reader([line.strip()]), [])}


class OwnFiles:
    """Reads them for a community with intervals of some length."""

    def __init__(self, minutes: int, max_power_w: int, tell: Tell) -> None:
        """Remember what is normal, and whom to tell what is not."""
        self._minutes = minutes
        self._limits = RegisterLimits(
            interval_seconds=minutes * 60, max_power_w=max_power_w
        )
        self._tell = tell

    def intervals(
        self,
        file: BinaryIO,
        on_skipped: OnSkipped = ignore,  # noqa: ARG002 - nothing is left out
    ) -> Iterator[MeteredInterval]:
        """Yield both sides of each row."""
        for _, row in own_csv.read(file, self._minutes):
            yield from self._sides(row)

    def readings(
        self,
        file: BinaryIO,
        on_skipped: OnSkipped = ignore,  # noqa: ARG002 - nothing is left out
    ) -> Iterator[MeteredInterval]:
        """Yield both sides of what the registers close, by the rules of live ones."""
        read = list(own_readings.read(file))
        gathering = Gathering(ZoneInfo("UTC"), self._houses(r for _, r in read))
        for line, shown in read:
            house_id, register, reading, _ = shown
            event = own_readings.gather(gathering, (house_id, register), line, shown)
            if event is not None:
                self._tell(
                    f"line {line}: {house_id} {register} at {iso_utc(reading.at)} "
                    f"shows {reading.value.kwh} kWh: {event.replace('_', ' ')}"
                )
        for finding in own_readings.doubts(gathering):
            self._tell(finding)
        for row in gathering.rows.values():
            yield from self._sides(row)

    def _houses(
        self, readings: Iterable[own_readings.RegisterReading]
    ) -> dict[str, MeteredHouse]:
        """Return the houses; a register that is never read is one that is not there."""
        registers: dict[str, set[str]] = defaultdict(set)
        for house_id, register, *_ in readings:
            registers[house_id].add(register)
        return {
            house_id: MeteredHouse(
                registers=frozenset(names), limits=self._limits, member_since=0
            )
            for house_id, names in registers.items()
        }

    def _sides(self, row: IntervalRow) -> Iterator[MeteredInterval]:
        sides = ((Direction.IMPORT, row.imported), (Direction.EXPORT, row.exported))
        for direction, mwh in sides:
            yield MeteredInterval(
                row.house_id,
                direction,
                Share.TOTAL,
                row.start,
                self._minutes * 60,
                mwh or 0,
                Quality.MISSING if mwh is None else row.quality,
            )
