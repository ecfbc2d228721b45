"""Every meter-data format there is.

Asked in this order, the first format that knows a file reads it; a spreadsheet's
CSV, which has nothing to be known by, comes last.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO, NamedTuple, Protocol

from . import eda_xlsx, eda_xml, espi, grid_csv, nem12, sdat
from .deliveries import MeteredInterval, OnSkipped, ignore


class Reader(Protocol):
    """Reads a file of one format."""

    def __call__(
        self, file: BinaryIO, on_skipped: OnSkipped = ignore
    ) -> Iterator[MeteredInterval]:
        """Yield every interval; raise FormatError where the file is broken."""


class Format(NamedTuple):
    """One format of meter-data files."""

    name: str
    detect: Callable[[bytes, str], bool]
    """Tells from a file's first 4 KB and its name whether it is of this format."""
    read: Reader


_FORMATS: tuple[Format, ...] = (
    Format("nem12", nem12.detect, nem12.read),
    Format("sdat", sdat.detect, sdat.read),
    Format("eda_xml", eda_xml.detect, eda_xml.read),
    Format("eda_xlsx", eda_xlsx.detect, eda_xlsx.read),
    Format("espi", espi.detect, espi.read),
    Format("grid_csv", grid_csv.detect, grid_csv.read),
)

FORMATS: Mapping[str, Format] = {format_.name: format_ for format_ in _FORMATS}
