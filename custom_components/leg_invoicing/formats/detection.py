"""Which format a file has, our own two included."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from . import FormatError
from .catalogue import FORMATS
from .csv_table import columns_of
from .reasons import tables as because

OWN_CSV = "own_csv"
OWN_READINGS = "own_readings"
GRID_CSV = "grid_csv"
FORMAT_NAMES = (OWN_CSV, OWN_READINGS, *FORMATS)


class UnknownFormatError(FormatError):
    """Nobody knows what a file is."""

    def __init__(self) -> None:
        """Say what it could be."""
        super().__init__(1, because.UNKNOWN_FORMAT(names=", ".join(FORMAT_NAMES)))


def detected(head: bytes, name: str) -> str:
    """Return the format of a file that begins with these 4 KB.

    Raises UnknownFormatError.
    """
    for format_name, detect in _DETECT.items():
        if detect(head, name):
            return format_name
    raise UnknownFormatError


def _is_intervals(head: bytes, _name: str) -> bool:
    return {"house", "start"} <= columns_of(head)


def _is_readings(head: bytes, _name: str) -> bool:
    return {"house", "time"} <= columns_of(head)


_DETECT: Mapping[str, Callable[[bytes, str], bool]] = MappingProxyType(
    {
        OWN_CSV: _is_intervals,
        OWN_READINGS: _is_readings,
        **{format_.name: format_.detect for format_ in FORMATS.values()},
    }
)
