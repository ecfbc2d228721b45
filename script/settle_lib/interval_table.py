"""One period of intervals in memory, whatever the order of the file's rows.

A lane of machine integers per house and quantity keeps a month of a large
community small: 21 bytes an interval.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass

from custom_components.leg_invoicing.billing.calendar import (
    Span,
    interval_starts,
    iso_utc,
)
from custom_components.leg_invoicing.billing.measurements import (
    IntervalRow,
    IntervalSlice,
    Measurements,
)
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.formats import FormatError
from custom_components.leg_invoicing.formats.reasons import tables as because

_UNKNOWN = -1
_NO_LINE = 0


@dataclass(slots=True)
class _Lane:
    """One house, by the position of the interval in the period."""

    imported: array[int]
    exported: array[int]
    quality: array[int]
    line: array[int]
    """Where in the file the row stands."""

    def flag_unknown(self) -> None:
        """Make what is not known zeros, and every such interval MISSING."""
        if _UNKNOWN not in self.imported and _UNKNOWN not in self.exported:
            return
        for i, sides in enumerate(zip(self.imported, self.exported, strict=True)):
            if _UNKNOWN in sides:
                self.quality[i] = Quality.MISSING
        for side in (self.imported, self.exported):
            side[:] = array("q", (max(mwh, 0) for mwh in side))


class IntervalTable:
    """The rows that lie in a span."""

    def __init__(self, span: Span, minutes: int) -> None:
        """Begin with nothing known."""
        self._span = span
        self._starts = interval_starts(span, minutes)
        self._lanes: dict[str, _Lane] = {}

    def add(self, line: int, row: IntervalRow) -> None:
        """Take a row of the file; rows outside the span are ignored.

        Raises FormatError when an earlier row says something else about the same
        house and interval.
        """
        if row.start not in self._span:
            return
        lane = self._lanes.get(row.house_id)
        if lane is None:
            lane = self._lanes[row.house_id] = self._new_lane()
        i = self._starts.index(row.start)
        imported = _UNKNOWN if row.imported is None else row.imported
        exported = _UNKNOWN if row.exported is None else row.exported
        if lane.line[i] != _NO_LINE:
            before = (lane.imported[i], lane.exported[i], lane.quality[i])
            if before != (imported, exported, row.quality):
                reason = because.STANDS_TWICE(
                    house=row.house_id, time=iso_utc(row.start), line=lane.line[i]
                )
                raise FormatError(line, reason)
            return
        lane.imported[i], lane.exported[i] = imported, exported
        lane.quality[i], lane.line[i] = row.quality, line

    def measurements(self) -> Measurements:
        """Return what the rows say, with the houses by id."""
        houses = tuple(sorted(self._lanes))
        lanes = [self._lanes[house_id] for house_id in houses]
        for lane in lanes:
            lane.flag_unknown()
        slices = map(
            IntervalSlice,
            self._starts,
            zip(*(lane.imported for lane in lanes), strict=True),
            zip(*(lane.exported for lane in lanes), strict=True),
            zip(*(lane.quality for lane in lanes), strict=True),
            strict=bool(lanes),  # without houses there are no slices
        )
        return Measurements(houses, slices)

    def rows(self) -> Iterator[IntervalRow]:
        """Yield what is known, by start and house."""
        for i, start in enumerate(self._starts):
            for house_id, lane in self._lanes.items():
                if lane.line[i] != _NO_LINE:
                    yield IntervalRow(
                        house_id,
                        start,
                        _known(lane.imported[i]),
                        _known(lane.exported[i]),
                        Quality(lane.quality[i]),
                    )

    def _new_lane(self) -> _Lane:
        intervals = len(self._starts)
        return _Lane(
            imported=array("q", [_UNKNOWN]) * intervals,
            exported=array("q", [_UNKNOWN]) * intervals,
            quality=array("b", [Quality.MISSING]) * intervals,
            line=array("I", [_NO_LINE]) * intervals,
        )


def _known(mwh: int) -> int | None:
    return None if mwh == _UNKNOWN else mwh
