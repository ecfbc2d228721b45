"""How a load profile is read, as people see it."""

import pytest

from custom_components.leg_invoicing.formats.deliveries import Direction
from custom_components.leg_invoicing.formats.grid_csv import header_of
from custom_components.leg_invoicing.formats.grid_mapping import Mapping, ValueColumn
from custom_components.leg_invoicing.formats.grid_record import (
    layout_record,
    with_changes,
)

_LAYOUT = Mapping(
    values=(ValueColumn(index=2, point="P", direction=Direction.EXPORT, exponent=3),),
    point_column=1,
)


def test_columns_are_counted_from_one() -> None:
    """And units have names."""
    record = layout_record(_LAYOUT)

    assert record["values"] == [
        {"column": 3, "point": "P", "direction": "export", "unit": "Wh"}
    ]
    assert (record["time_columns"], record["point_column"]) == ([1], 2)


@pytest.mark.parametrize("layout", [_LAYOUT, Mapping(values=_LAYOUT.values)])
def test_a_record_is_read_back(layout: Mapping) -> None:
    """What is shown may be said as it is."""
    assert with_changes(Mapping(values=()), layout_record(layout)) == layout


@pytest.mark.parametrize(
    "changes",
    [
        {"colour": "red"},
        {"values": []},
        {"values": [{}]},
        {"values": [{"column": 0}]},
        {"values": [{"column": 1, "size": 2}]},
        {"values": [{"column": 1, "unit": "kW"}]},
        {"values": [{"column": 1, "direction": "up"}]},
        {"values": 7},
        {"delimiter": "x"},
        {"minutes": 7},
        {"minutes": "many"},
        {"timezone": "/etc/passwd"},
        {"timezone": "Nowhere"},
        {"time_columns": [1, 2, 3]},
        {"header_line": -1},
        {"stamp": "middle"},
        {"point_column": 0},
    ],
)
def test_what_cannot_be_is_refused(changes: dict[str, object]) -> None:
    """With the part that is wrong."""
    with pytest.raises(ValueError, match=next(iter(changes))):
        with_changes(_LAYOUT, changes)


def test_a_file_may_have_no_header() -> None:
    """Then its columns have no names; a byte-order mark is none of them."""
    layout = with_changes(_LAYOUT, {"header_line": 0})

    assert header_of(b"\xef\xbb\xbfa;b\r\n1;2\r\n", _LAYOUT) == ["a", "b"]
    assert header_of(b"a;b\n", layout) == []
