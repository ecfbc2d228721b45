"""How a load profile is read, as a person sees it and may change it.

Columns are counted from 1, as people do, and units have names.
"""

from collections.abc import Callable, Mapping as MappingOf, Sequence
from dataclasses import fields, replace
from typing import Any
from zoneinfo import ZoneInfo

from ..billing.reasons import ReasonedError, Sentence
from ..billing.written import listed
from .deliveries import Direction
from .grid_mapping import Mapping, Stamp, ValueColumn
from .reasons import profiles as because

UNITS = {"Wh": 3, "kWh": 6, "MWh": 9}
_UNIT_NAMES = {exponent: name for name, exponent in UNITS.items()}
_MINUTES = (5, 10, 15, 30, 60)
_VALUE_FIELDS = ("column", "point", "direction", "unit")

type LayoutRecord = MappingOf[str, Any]


def layout_record(layout: Mapping) -> dict[str, Any]:
    """Return a layout as JSON-ready data."""
    record = {field.name: getattr(layout, field.name) for field in fields(layout)}
    return {
        **record,
        "stamp": str(layout.stamp),
        "time_columns": [column + 1 for column in layout.time_columns],
        "point_column": None
        if layout.point_column is None
        else layout.point_column + 1,
        "values": [_value_record(value) for value in layout.values],
    }


def _value_record(value: ValueColumn) -> dict[str, Any]:
    return {
        "column": value.index + 1,
        "point": value.point,
        "direction": str(value.direction),
        "unit": _UNIT_NAMES[value.exponent],
    }


def with_changes(layout: Mapping, changes: LayoutRecord) -> Mapping:
    """Return a layout with what a person says otherwise.

    Raises ReasonedError, which says what is wrong.
    """
    if unknown := sorted(changes.keys() - _READERS.keys()):
        known = ", ".join(_READERS)
        raise ReasonedError(because.UNKNOWN_SETTING(name=unknown[0], known=known))
    read = {}
    for name, value in changes.items():
        try:
            read[name] = _READERS[name](value)
        except ReasonedError as err:
            raise _wrong(name, value, err.reason) from err
        except (TypeError, KeyError, ValueError, OSError) as err:
            raise _wrong(name, value, because.DOCUMENTED()) from err
    return replace(layout, **read)


def _wrong(name: str, value: object, hint: Sentence) -> ReasonedError:
    return ReasonedError(because.WRONG_SETTING(name=name, value=value, hint=hint))


def _column(value: object) -> int:
    number = int(str(value))
    if number < 1:
        raise ReasonedError(because.FROM_ONE())
    return number - 1


def _time_columns(value: Sequence[object]) -> tuple[int, ...]:
    columns = tuple(map(_column, value))
    if len(columns) not in {1, 2}:
        raise ReasonedError(because.TIME_COLUMNS())
    return columns


def _values(value: Sequence[MappingOf[str, Any]]) -> tuple[ValueColumn, ...]:
    if not value:
        raise ReasonedError(because.NO_ENERGY_COLUMN())
    return tuple(map(_value, value))


def _value(value: MappingOf[str, Any]) -> ValueColumn:
    if unknown := value.keys() - set(_VALUE_FIELDS):
        known = ", ".join(_VALUE_FIELDS)
        raise ReasonedError(because.NOT_OF_COLUMN(name=min(unknown), known=known))
    return ValueColumn(
        index=_column(value["column"]),
        point=str(value.get("point", "1")),
        direction=_one_of(*Direction)(value.get("direction", "import")),
        exponent=UNITS[_one_of(*UNITS)(value.get("unit", "kWh"))],
    )


def _one_of[Value](*known: Value) -> Callable[[Any], Value]:
    def read(value: object) -> Value:
        for one in known:
            if one == value:
                return one
        raise ReasonedError(listed(repr(str(one)) for one in known))

    return read


def _line(value: object) -> int:
    number = int(str(value))
    if number < 0:
        raise ReasonedError(because.FROM_ONE())
    return number


def _point_column(value: object) -> int | None:
    return None if value is None else _column(value)


_READERS: MappingOf[str, Callable[[Any], Any]] = {
    "values": _values,
    "encoding": _one_of("utf-8", "cp1252"),
    "delimiter": _one_of(";", ",", "\t"),
    "decimal": _one_of(",", "."),
    "header_line": _line,
    "time_columns": _time_columns,
    "time_format": str,
    "stamp": _one_of(*Stamp),
    "timezone": lambda value: ZoneInfo(str(value)).key,
    "minutes": lambda value: _one_of(*_MINUTES)(int(str(value))),
    "point_column": _point_column,
}
