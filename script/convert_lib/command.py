"""The command: meter-data files in, one CSV of intervals out."""

from argparse import Namespace
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from heapq import merge
from operator import attrgetter
import os
from pathlib import Path
import sys

from custom_components.leg_invoicing.archives import ArchiveError, files_in
from custom_components.leg_invoicing.billing.calendar import Instant, iso_utc
from custom_components.leg_invoicing.billing.measurements import IntervalRow
from custom_components.leg_invoicing.billing.official import OfficialOf
from custom_components.leg_invoicing.billing.quality import BILLABLE, Quality
from custom_components.leg_invoicing.billing.registers import RegisterEvent
from custom_components.leg_invoicing.documents.tables import intervals_csv
from custom_components.leg_invoicing.formats import FormatError, grid_csv
from custom_components.leg_invoicing.formats.collection import Collection
from custom_components.leg_invoicing.formats.deliveries import Direction, Share
from custom_components.leg_invoicing.formats.detection import (
    FORMAT_NAMES,
    UnknownFormatError,
)
from custom_components.leg_invoicing.formats.gaps import gaps
from custom_components.leg_invoicing.formats.gathered import (
    BrokenReadingsError,
    gathered_rows,
)
from custom_components.leg_invoicing.formats.kept_readings import KeptReading
from custom_components.leg_invoicing.formats.own_readings import doubts
from custom_components.leg_invoicing.formats.row_table import RowTable
from script.convert_lib.options import parse_options
from script.convert_lib.registers import gathering_of
from script.settle_lib.refusal import RefusalError


def main(arguments: Sequence[str] | None = None) -> int:
    """Convert; return 2 and write nothing where a file is broken."""
    options = parse_options(arguments, FORMAT_NAMES)
    try:
        conversion = _Conversion(options)
        for path in options.files:
            conversion.take(path)
        conversion.write()
        sys.stdout.buffer.flush()
    except RefusalError as err:
        print(f"Error: {err}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # whoever reads the rows has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return 0


def _tell(text: str) -> None:
    print(text, file=sys.stderr)


class _Conversion:
    """All files, and what they come to."""

    def __init__(self, options: Namespace) -> None:
        self._options = options
        self._found = Collection(
            options.interval, format_name=options.format, layout=self._layout
        )

    def take(self, path: Path) -> None:
        """Read a file; raises RefusalError where it is broken."""
        name = str(path)
        try:
            with path.open("rb") as opened:
                for name, file in files_in(str(path), opened):
                    self._found.take(name, file)
        except UnknownFormatError as err:
            reason = str(err.reason).replace("name it:", "name it by --format:")
            raise RefusalError.at(name, err.line, reason) from err
        except FormatError as err:
            raise RefusalError.at(name, err.line, str(err.reason)) from err
        except ArchiveError as err:
            raise RefusalError(f"{err.name}: {err}") from err
        except OSError as err:
            raise RefusalError.of_system(path, err) from err

    def write(self) -> None:
        """Write the rows, and tell what is to be known about them."""
        options, found = self._options, self._found
        mapped = dict(options.map)
        houses = {point: mapped.get(point, point) for point in found.points}
        if clashes := found.clashes(houses):
            raise RefusalError(
                f"{clashes[0]}: more than one kind of file, or of house, says "
                "something about it; convert them one after the other"
            )
        self._tell_points(mapped)
        gathering = gathering_of(
            found, houses, options.interval, options.max_power * 1000
        )
        own = RowTable(options.interval)
        own.take_over(found.own, houses)
        try:
            for row in gathered_rows(found.readings, houses, gathering, _tell_event):
                own.add(1, row)
        except BrokenReadingsError as err:
            raise RefusalError.at(err.name, err.line, str(err.reason)) from err
        for finding in doubts(gathering):
            _tell(finding)
        delivered = found.deliveries.rows(
            houses, options.interval, partly=options.partly
        )
        # Each house has rows of one kind of file only.
        rows = merge(own.by_house(), delivered, key=attrgetter("house_id"))
        written = _written(rows, _official(found, houses))
        for house_id, span in gaps(written, options.interval):
            _tell(
                f"{house_id}: nothing that can be billed from {iso_utc(span.start)} "
                f"to {iso_utc(span.end)}"
            )

    def _layout(self, name: str, proposed: grid_csv.Mapping) -> grid_csv.Mapping:
        """Read a load profile as proposed, and show how, for a person to check."""
        layout = replace(proposed, timezone=self._options.timezone)
        if self._options.stamp is not None:
            layout = replace(layout, stamp=grid_csv.Stamp(self._options.stamp))
        _tell(f"{name}: read as {layout}; check that this is right")
        return layout

    def _tell_points(self, mapped: Mapping[str, str]) -> None:
        """Tell what became of metering points, before any row is written."""
        found, deliveries = self._found, self._found.deliveries
        for name, (line, channel, reason) in found.left_out:
            _tell(f"{name}: line {line}: {channel} left out: {reason}")
        for point in deliveries.unknown(mapped):
            _tell(f"{point}: unknown; give --map {point}=HOUSE to name its house")
        for point in sorted(mapped.keys() - set(found.points)):
            _tell(f"{point}: given by --map, and in none of the files")
        for point, seconds in deliveries.unfit(self._options.interval):
            _tell(
                f"{point}: intervals of {seconds} seconds left out; they do not fit "
                f"{self._options.interval} minutes"
            )
        for counts, what in (
            (deliveries.repeated, "delivered again, the same"),
            (
                deliveries.replaced,
                "delivered again with another value; the newest counts",
            ),
            (
                deliveries.contradicted,
                "given twice, with other values; the last one counts",
            ),
        ):
            for point, count in sorted(counts.items()):
                _tell(f"{point}: {count} intervals {what}")


def _tell_event(kept: KeptReading, event: RegisterEvent) -> None:
    name, line, (house_id, register, reading, _) = kept
    _tell(
        f"{name}: line {line}: {house_id} {register} at {iso_utc(reading.at)} shows "
        f"{reading.value.kwh} kWh: {event.replace('_', ' ')}"
    )


def _official(found: Collection, houses: Mapping[str, str]) -> OfficialOf | None:
    """Return how to find what was allocated; None where nothing was."""
    rows: dict[tuple[str, Instant], IntervalRow] = {}
    for one in found.allotted(houses):
        if one.share is Share.COMMUNITY and one.quality in BILLABLE:
            key = (one.house_id, one.start)
            row = rows.get(key, IntervalRow(*key, None, None, Quality.MEASURED))
            rows[key] = (
                row._replace(imported=one.mwh)
                if one.direction is Direction.IMPORT
                else row._replace(exported=one.mwh)
            )
    return (lambda row: rows.get((row.house_id, row.start))) if rows else None


def _written(
    rows: Iterable[IntervalRow], official_of: OfficialOf | None
) -> Iterator[IntervalRow]:
    """Write each row while it passes by."""
    passed: list[IntervalRow] = []

    def passing() -> Iterator[IntervalRow]:
        for row in rows:
            passed.append(row)
            yield row

    out = sys.stdout.buffer
    for line in intervals_csv(passing(), official_of):
        # Names are UTF-8, whatever the terminal's language is set to.
        out.write(line.encode())
        yield from passed
        passed.clear()
