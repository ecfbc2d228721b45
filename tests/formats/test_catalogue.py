"""The table of all formats."""

import pytest

from custom_components.leg_invoicing.formats.catalogue import FORMATS
from custom_components.leg_invoicing.formats.detection import (
    UnknownFormatError,
    detected,
)


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"house,start,import_kwh,export_kwh\n", "own_csv"),
        (b"house,time,import_kwh,export_kwh\n", "own_readings"),
        (b"100,NEM12,202602010300,A,B\n", "nem12"),
        (b'<feed xmlns:espi="http://naesb.org/espi">', "espi"),
        (b"Zeit;Bezug (kWh)\n01.02.2026 00:00;0,5\n", "grid_csv"),
    ],
)
def test_a_file_is_read_by_its_format(head: bytes, name: str) -> None:
    """The beginning of a file tells which it is."""
    assert detected(head, "file") == name


def test_an_unknown_file() -> None:
    """What no format knows is read by none."""
    with pytest.raises(UnknownFormatError):
        detected(b"Dear Sir or Madam\n", "letter.txt")


def test_load_profiles_are_tried_last() -> None:
    """Their CSV has nothing to be known by."""
    assert list(FORMATS)[-1] == "grid_csv"
