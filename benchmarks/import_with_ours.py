"""Import a CSV of intervals as the integration does: checked, exact, all or nothing."""

from collections.abc import Iterator
from pathlib import Path

# This must come first: it keeps Home Assistant, which nothing here needs, out.
from script.settle_lib import pure_wings  # noqa: F401

# isort: split

from custom_components.leg_invoicing.billing.measurements import IntervalRow
from custom_components.leg_invoicing.formats import FormatError, own_csv
from custom_components.leg_invoicing.ledger import Ledger, Origin, Source

HOUSES = {f"house_{number}" for number in range(1, 1001)}


def run(csv: Path, database: Path) -> int:
    """Read and write in one go, in one transaction; return how many rows changed."""
    ledger = Ledger.open(database)
    with csv.open("rb") as file:
        written = ledger.write(_rows(file), Origin(source=Source.FILE, at=0))
    ledger.close()
    return written.changed


def _rows(lines: Iterator[bytes]) -> Iterator[IntervalRow]:
    for line, row in own_csv.read(lines, 15):
        if row.house_id not in HOUSES:
            raise FormatError(line, f"there is no house {row.house_id!r}")
        yield row
