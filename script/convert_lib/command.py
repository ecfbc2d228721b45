"""The command: meter-data files in, one CSV of intervals out."""

from argparse import Namespace
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
import os
from pathlib import Path
import sys
from typing import BinaryIO

from custom_components.leg_invoicing.billing.calendar import iso_utc
from custom_components.leg_invoicing.billing.measurements import IntervalRow
from custom_components.leg_invoicing.documents.tables import intervals_csv
from custom_components.leg_invoicing.formats import FormatError, grid_csv
from custom_components.leg_invoicing.formats.catalogue import FORMATS, Format
from custom_components.leg_invoicing.formats.deliveries import (
    MeteredInterval,
    OnSkipped,
    Skipped,
    ignore,
)
from custom_components.leg_invoicing.formats.gaps import gaps
from custom_components.leg_invoicing.formats.to_rows import Deliveries
from script.convert_lib.archives import opened
from script.convert_lib.options import parse_options
from script.convert_lib.own_files import OwnFiles, is_intervals, is_readings
from script.settle_lib.refusal import RefusalError

_HEAD_BYTES = 4096
_OWN = ("own_csv", "own_readings")


def main(arguments: Sequence[str] | None = None) -> int:
    """Convert; return 2 and write nothing where a file is broken."""
    options = parse_options(arguments, (*_OWN, *FORMATS))
    try:
        conversion = _Conversion(options)
        for path, file in opened(options.files):
            conversion.take(path, file)
    except RefusalError as err:
        print(f"Error: {err}", file=sys.stderr)
        return 2
    try:
        conversion.write()
        sys.stdout.buffer.flush()
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
        self._deliveries = Deliveries()
        self._own_houses: set[str] = set()
        own = OwnFiles(options.interval, options.max_power * 1000, self._tell_here)
        self._path = Path()
        self._formats: Mapping[str, Format] = {
            "own_csv": Format("own_csv", is_intervals, own.intervals),
            "own_readings": Format("own_readings", is_readings, own.readings),
            **FORMATS,
            "grid_csv": Format("grid_csv", grid_csv.detect, self._read_grid_csv),
        }

    def take(self, path: Path, file: BinaryIO) -> None:
        """Read a file; raises RefusalError where it is broken."""
        self._path = path
        try:
            head = file.read(_HEAD_BYTES)
            file.seek(0)
            format_ = self._format(head)
            for interval in format_.read(file, self._note_skipped):
                self._deliveries.add(interval)
                if format_.name in _OWN:
                    self._own_houses.add(interval.point)
        except FormatError as err:
            raise RefusalError.at(path, err.line, err.reason) from err

    def write(self) -> None:
        """Write the rows, and tell what is to be known about them."""
        options, deliveries = self._options, self._deliveries
        mapped = dict(options.map)
        self._tell_points(mapped)
        houses = {point: mapped.get(point, point) for point in deliveries.points}
        rows = _written(deliveries.rows(houses, options.interval))
        for house_id, span in gaps(rows, options.interval):
            _tell(
                f"{house_id}: nothing that can be billed from {iso_utc(span.start)} "
                f"to {iso_utc(span.end)}"
            )

    def _format(self, head: bytes) -> Format:
        if self._options.format is not None:
            return self._formats[self._options.format]
        for format_ in self._formats.values():
            if format_.detect(head, self._path.name):
                return format_
        raise RefusalError.at(
            self._path,
            1,
            f"no known format; name it by --format: {', '.join(self._formats)}",
        )

    def _read_grid_csv(
        self, file: BinaryIO, on_skipped: OnSkipped = ignore
    ) -> Iterator[MeteredInterval]:
        """Read a load profile as proposed, and show how, for a person to check."""
        mapping = grid_csv.propose(file.read(_HEAD_BYTES))
        file.seek(0)
        mapping = replace(mapping, timezone=self._options.timezone)
        if self._options.stamp is not None:
            mapping = replace(mapping, stamp=grid_csv.Stamp(self._options.stamp))
        self._tell_here(f"read as {mapping}; check that this is right")
        return grid_csv.read(file, on_skipped, mapping)

    def _tell_here(self, text: str) -> None:
        _tell(f"{self._path}: {text}")

    def _note_skipped(self, skipped: Skipped) -> None:
        line, channel, reason = skipped
        self._tell_here(f"line {line}: {channel} left out: {reason}")

    def _tell_points(self, mapped: Mapping[str, str]) -> None:
        """Tell what became of metering points, before any row is written."""
        found = self._deliveries
        for point in found.unknown(mapped):
            if point not in self._own_houses:
                _tell(f"{point}: unknown; give --map {point}=HOUSE to name its house")
        for point in sorted(mapped.keys() - set(found.points)):
            _tell(f"{point}: given by --map, and in none of the files")
        for point, seconds in found.unfit(self._options.interval):
            _tell(
                f"{point}: intervals of {seconds} seconds left out; they do not fit "
                f"{self._options.interval} minutes"
            )
        for counts, what in (
            (found.repeated, "delivered again, the same"),
            (found.replaced, "delivered again with another value; the newest counts"),
            (found.contradicted, "given twice, with other values; the last one counts"),
        ):
            for point, count in sorted(counts.items()):
                _tell(f"{point}: {count} intervals {what}")


def _written(rows: Iterable[IntervalRow]) -> Iterator[IntervalRow]:
    """Write each row while it passes by."""
    passed: list[IntervalRow] = []

    def passing() -> Iterator[IntervalRow]:
        for row in rows:
            passed.append(row)
            yield row

    out = sys.stdout.buffer
    for line in intervals_csv(passing()):
        # Names are UTF-8, whatever the terminal's language is set to.
        out.write(line.encode())
        yield from passed
        passed.clear()
