"""One sheet of an Excel workbook (xlsx), row by row, in bounded memory.

A workbook is a zip archive of XML, which the standard library and defusedxml read.
No spreadsheet library does it better here: openpyxl does not come with Home
Assistant, trusts a sheet's `<dimension>`, which real files have wrong, and makes
binary fractions of numbers that a bill needs as they are written.
"""

from collections.abc import Iterator, Mapping
import re
from typing import BinaryIO, NamedTuple
import zipfile
import zlib

from ..billing.reasons import ReasonedError
from . import FormatError
from .reasons import workbooks as because
from .xml_paths import steps

_BOOK = "xl/workbook.xml"
_LINKS = "xl/_rels/workbook.xml.rels"
_STRINGS = "xl/sharedStrings.xml"

_REFERENCE = re.compile(r"[A-Z]{1,3}[0-9]{1,7}", re.ASCII)
_CELL_TEXTS = frozenset(f"sheetData/row/c/{path}" for path in ("v", "is/t", "is/r/t"))
_MOST_STRINGS = 1_000_000
_MOST_COLUMNS = 16_384
"""As many as Excel has."""
_TRUE = frozenset({"1", "true"})

# What reading a damaged archive raises, beside the errors of its XML.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    UnicodeDecodeError,
)


class Cell(NamedTuple):
    """What a cell holds."""

    text: str
    is_text: bool
    """Whether it is a text; otherwise a number, as the file writes it."""


type Row = tuple[int, Mapping[int, Cell]]
"""A row's number and its cells by column, both counted from 1; none is empty."""


class Sheet(NamedTuple):
    """One sheet of a workbook."""

    from_1904: bool
    """Whether days count from 1904 and not from 1900."""
    rows: Iterator[Row]


def sheet_of(file: BinaryIO, names: tuple[str, ...]) -> Sheet:
    """Open the first sheet that has one of these names, in any capitals.

    Raises FormatError, also while rows are read, where the workbook is damaged.
    """
    try:
        archive = zipfile.ZipFile(file)
        from_1904, sheets = _contents(archive)
        links = {
            step.element.get("Id", ""): step.element.get("Target", "")
            for step in steps(_part(archive, _LINKS))
            if step.begins
        }
    except (*_DAMAGED, ValueError) as err:
        raise _damaged(err) from err
    for name, link in sheets:
        if name.strip().lower() in names:
            target = links.get(link, "")
            path = target[1:] if target.startswith("/") else f"xl/{target}"
            return Sheet(from_1904, _rows(archive, path))
    there = ", ".join(name for name, _ in sheets)
    raise FormatError(1, because.NO_SHEET(wanted=", ".join(names), there=there))


def _damaged(err: Exception) -> FormatError:
    if isinstance(err, FormatError):
        return err
    error = err.reason if isinstance(err, ReasonedError) else str(err)
    return FormatError(1, because.DAMAGED(error=error))


def _part(archive: zipfile.ZipFile, path: str) -> BinaryIO:
    """Open a part of the workbook."""
    try:
        info = archive.getinfo(path)
    except KeyError as err:
        raise ReasonedError(because.PART_MISSING(path=path)) from err
    # Others come from no spreadsheet program, and each has errors of its own.
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise ReasonedError(because.UNUSUAL_PART(path=path))
    return archive.open(info)  # type: ignore[return-value]


def _contents(archive: zipfile.ZipFile) -> tuple[bool, list[tuple[str, str]]]:
    """Return how days count, and the sheets' names and links."""
    from_1904, sheets = False, []
    for step in steps(_part(archive, _BOOK)):
        attributes = step.element.attrib
        if step.begins and step.path == "workbookPr":
            from_1904 = attributes.get("date1904", "").lower() in _TRUE
        elif step.begins and step.path == "sheets/sheet":
            link = next((v for key, v in attributes.items() if key.endswith("}id")), "")
            sheets.append((attributes.get("name", ""), link))
    return from_1904, sheets


def _rows(archive: zipfile.ZipFile, path: str) -> Iterator[Row]:
    try:
        strings = _strings(archive)
        yield from _cells_by_row(_part(archive, path), strings)
    except (*_DAMAGED, ValueError) as err:
        raise _damaged(err) from err


def _strings(archive: zipfile.ZipFile) -> list[str]:
    """Return the texts that cells refer to by their number."""
    if _STRINGS not in archive.namelist():
        return []
    strings: list[str] = []
    pieces: list[str] = []
    for step in steps(_part(archive, _STRINGS)):
        if step.begins:
            continue
        # Not `si/rPh/t`, which tells how to pronounce it.
        if step.path in {"si/t", "si/r/t"}:
            pieces.append(step.element.text or "")
        elif step.path == "si":
            strings.append("".join(pieces).strip())
            pieces.clear()
            if len(strings) > _MOST_STRINGS:
                raise FormatError(step.line, because.TOO_MANY_TEXTS())
    return strings


def _cells_by_row(part: BinaryIO, strings: list[str]) -> Iterator[Row]:
    number = column = 0
    cells: dict[int, Cell] = {}
    pieces: list[str] = []
    for step in steps(part):
        if step.path == "sheetData/row":
            if step.begins:
                number, column = _row_number(step.element.get("r"), number), 0
            elif cells:
                yield number, cells
                cells = {}
        elif step.path == "sheetData/row/c":
            if step.begins:
                column = _column(step.element.get("r"), column, number)
            elif text := "".join(pieces).strip():
                kind = step.element.get("t", "n")
                cells[column] = _cell(text, kind, strings, number)
            pieces.clear()
        elif not step.begins and step.path in _CELL_TEXTS:
            pieces.append(step.element.text or "")


def _row_number(stated: str | None, before: int) -> int:
    """Return a row's number, which it may leave to be counted."""
    if stated is None:
        return before + 1
    if not (stated.isascii() and stated.isdigit() and before < int(stated) < 10**7):
        raise FormatError(before + 1, because.WRONG_ROW(number=stated[:20]))
    return int(stated)


def _column(stated: str | None, before: int, row: int) -> int:
    """Return a cell's column, which it may leave to be counted."""
    if stated is not None and not _REFERENCE.fullmatch(stated):
        raise FormatError(row, because.NO_PLACE(place=stated[:20]))
    column = before + 1 if stated is None else _number(stated.rstrip("0123456789"))
    if column > _MOST_COLUMNS:
        raise FormatError(row, because.TOO_WIDE(most=_MOST_COLUMNS))
    return column


def _number(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column


def _cell(text: str, kind: str, strings: list[str], row: int) -> Cell:
    if kind == "b":
        return Cell(f"truth value {text}", is_text=True)
    if kind != "s":
        return Cell(text, is_text=kind != "n")
    is_number = text.isascii() and text.isdigit() and len(text) < 10
    if not is_number or int(text) >= len(strings):
        raise FormatError(row, because.NO_TEXT(number=text[:20]))
    return Cell(strings[int(text)], is_text=True)
