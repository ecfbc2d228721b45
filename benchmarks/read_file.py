"""Read a file of meter data to its end, and keep nothing."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

# This must come first: it keeps Home Assistant, which nothing here needs, out.
from script.settle_lib import pure_wings  # noqa: F401

# isort: split

from custom_components.leg_invoicing.formats import own_csv, own_readings
from custom_components.leg_invoicing.formats.catalogue import FORMATS

READERS: Mapping[str, Callable[[BinaryIO], Iterator[object]]] = {
    "own_csv": lambda file: own_csv.read(file, 15),
    "own_readings": own_readings.read,
    **{name: format_.read for name, format_ in FORMATS.items()},
}


def run(path: Path) -> int:
    """Return how many intervals or readings a file holds; its name is its format."""
    with path.open("rb") as file:
        return sum(1 for _ in READERS[path.stem](file))
