"""The fields of the forms that bring a file in, and what their answers mean."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from homeassistant.helpers.selector import (
    FileSelector,
    FileSelectorConfig,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)

from .community import Point
from .form_checks import RefusedError
from .formats.deliveries import Direction
from .formats.detection import FORMAT_NAMES
from .formats.grid_mapping import Mapping as Layout, Stamp
from .formats.grid_record import UNITS, LayoutRecord, layout_record
from .forms import Answers, Fields

FIELD_FILE: Final = "file"
FIELD_FORMAT: Final = "format"
FIELD_IMPORT_COLUMNS: Final = "import_columns"
FIELD_EXPORT_COLUMNS: Final = "export_columns"
FIELD_POINT_COLUMN: Final = "point_column"
FIELD_UNIT: Final = "unit"
FIELD_DECIMAL: Final = "decimal"
FIELD_TIMEZONE: Final = "timezone"
FIELD_STAMP: Final = "stamp"

IGNORE: Final = "ignore"
"""Chosen instead of a house, for a point that is nobody's here."""

_DECIMALS: Final = {",": "comma", ".": "point"}


def _choice(
    options: Sequence[str] | Sequence[SelectOptionDict],
    *,
    names: str | None = None,
    multiple: bool = False,
) -> SelectSelector:
    config = SelectSelectorConfig(
        options=options,
        mode=SelectSelectorMode.DROPDOWN,
        multiple=multiple,
    )
    if names is not None:
        config["translation_key"] = names
    return SelectSelector(config)


UPLOAD_FIELDS: Final[Fields] = {
    FIELD_FILE: FileSelector(FileSelectorConfig(accept=".csv,.txt,.xml,.xlsx,.zip")),
    FIELD_FORMAT: _choice(list(FORMAT_NAMES), names="format"),
}


def layout_fields(header: Sequence[str], timezones: Sequence[str]) -> Fields:
    """Return what is asked about a load profile with such columns."""
    columns = [
        SelectOptionDict(value=str(number), label=name or str(number))
        for number, name in enumerate(header, start=1)
    ]
    return {
        FIELD_IMPORT_COLUMNS: _choice(columns, multiple=True),
        FIELD_EXPORT_COLUMNS: _choice(columns, multiple=True),
        FIELD_POINT_COLUMN: _choice(columns),
        FIELD_UNIT: _choice(list(UNITS)),
        FIELD_DECIMAL: _choice(list(_DECIMALS.values()), names="decimal"),
        FIELD_TIMEZONE: _choice(timezones),
        FIELD_STAMP: _choice(list(Stamp), names="stamp"),
    }


def layout_answers(layout: Layout) -> Answers:
    """Return a proposed layout the way its form shows it."""
    record = layout_record(layout)
    point = record["point_column"]
    return {
        FIELD_IMPORT_COLUMNS: _columns(record, Direction.IMPORT),
        FIELD_EXPORT_COLUMNS: _columns(record, Direction.EXPORT),
        FIELD_POINT_COLUMN: None if point is None else str(point),
        FIELD_UNIT: record["values"][0]["unit"],
        FIELD_DECIMAL: _DECIMALS[layout.decimal],
        FIELD_TIMEZONE: layout.timezone,
        FIELD_STAMP: str(layout.stamp),
    }


def _columns(record: Mapping[str, Any], direction: Direction) -> list[str]:
    values = record["values"]
    return [str(v["column"]) for v in values if v["direction"] == direction]


def layout_changes(
    answers: Answers, layout: Layout, header: Sequence[str]
) -> LayoutRecord:
    """Return what a person says of a layout; raises RefusedError."""
    imported = answers.get(FIELD_IMPORT_COLUMNS) or []
    exported = answers.get(FIELD_EXPORT_COLUMNS) or []
    if not imported and not exported:
        raise RefusedError(FIELD_IMPORT_COLUMNS, "column_needed")
    if both := set(imported) & set(exported):
        name = header[int(min(both)) - 1]
        raise RefusedError(FIELD_EXPORT_COLUMNS, "column_twice", column=name)
    points = {value.index + 1: value.point for value in layout.values}
    decimals = {name: sign for sign, name in _DECIMALS.items()}
    return {
        "values": [
            {
                "column": int(column),
                "point": points.get(int(column)) or header[int(column) - 1],
                "direction": direction,
                "unit": answers[FIELD_UNIT],
            }
            for direction, columns in (("import", imported), ("export", exported))
            for column in columns
        ],
        "point_column": answers.get(FIELD_POINT_COLUMN),
        "decimal": decimals[answers[FIELD_DECIMAL]],
        "timezone": answers[FIELD_TIMEZONE],
        "stamp": answers[FIELD_STAMP],
    }


def point_fields(points: Iterable[str], ours: Iterable[Point]) -> Fields:
    """Return a choice of houses and meters for each metering point."""
    options = [
        *(SelectOptionDict(value=o.point_id, label=o.name) for o in ours),
        SelectOptionDict(value=IGNORE, label=IGNORE),
    ]
    return dict.fromkeys(points, _choice(options, names="metering_point"))
