"""Import a CSV of intervals as the integration does: checked, exact, all or nothing."""

from pathlib import Path

# This must come first: it keeps Home Assistant, which nothing here needs, out.
from script.settle_lib import pure_wings  # noqa: F401

# isort: split

from custom_components.leg_invoicing.formats.collection import Collection
from custom_components.leg_invoicing.ledger import Ledger, Origin, Source


def run(csv: Path, database: Path) -> int:
    """Read all, then write it in one transaction; return how many rows changed."""
    files = Collection(15)
    with csv.open("rb") as file:
        files.take(csv.name, file)
    table = files.table({house: house for house in files.points}, (), {})
    ledger = Ledger.open(database)
    written = ledger.write(table.by_start(), Origin(source=Source.FILE, at=0))
    ledger.close()
    return written.changed
