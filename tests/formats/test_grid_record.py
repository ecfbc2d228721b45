"""How a load profile is read, as people see it."""

import pytest

from custom_components.leg_invoicing.billing.reasons import ReasonedError
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
    ("changes", "hint"),
    [
        ({"colour": "red"}, "known are values, encoding, delimiter"),
        ({"values": []}, "there must be a column of energies"),
        ({"values": [{}]}, "the documentation"),
        ({"values": [{"column": 0}]}, "are counted from 1"),
        ({"values": [{"column": 1, "size": 2}]}, "'size' says nothing of a column"),
        ({"values": [{"column": 1, "unit": "kW"}]}, "use 'Wh', 'kWh', 'MWh'"),
        ({"values": [{"column": 1, "direction": "up"}]}, "use 'import', 'export'"),
        ({"values": 7}, "the documentation"),
        ({"delimiter": "x"}, "use ';', ',', '\\t'"),
        ({"minutes": 7}, "use '5', '10'"),
        ({"minutes": "many"}, "the documentation"),
        ({"timezone": "/etc/passwd"}, "the documentation"),
        ({"timezone": "Nowhere"}, "the documentation"),
        ({"time_columns": [1, 2, 3]}, "in one column or in two"),
        ({"header_line": -1}, "are counted from 1"),
        ({"stamp": "middle"}, "use 'start', 'end'"),
        ({"point_column": 0}, "are counted from 1"),
    ],
)
def test_what_cannot_be_is_refused(changes: dict[str, object], hint: str) -> None:
    """With the part that is wrong, and what it could be."""
    with pytest.raises(ReasonedError) as refused:
        with_changes(_LAYOUT, changes)

    assert next(iter(changes)) in str(refused.value)
    assert hint in str(refused.value)


def test_a_file_may_have_no_header() -> None:
    """Then its columns have no names; a byte-order mark is none of them."""
    layout = with_changes(_LAYOUT, {"header_line": 0})

    assert header_of(b"\xef\xbb\xbfa;b\r\n1;2\r\n", _LAYOUT) == ["a", "b"]
    assert header_of(b"a;b\n", layout) == []
