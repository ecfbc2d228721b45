"""Workbooks as real exporters write them: with a wrong dimension and mixed cells."""

from collections.abc import Sequence
from io import BytesIO
from xml.sax.saxutils import escape
import zipfile

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def number(text: str) -> str:
    """Return a cell that holds a number."""
    return f"><v>{text}</v>"


def inline(text: str) -> str:
    """Return a cell with a text of its own."""
    return f' t="inlineStr"><is><t>{escape(text)}</t></is>'


def shared(index: int) -> str:
    """Return a cell with one of the workbook's texts."""
    return f' t="s"><v>{index}</v>'


def cell(kind: str, text: str) -> str:
    """Return a cell of another kind: `str`, `d`, `b`, `e`."""
    return f' t="{kind}"><v>{text}</v>'


def sheet_xml(rows: Sequence[Sequence[str]], *, placed: bool = True) -> str:
    """Write a sheet; empty texts are no cells, and `placed` ones say where they are."""
    lines = []
    for row, cells in enumerate(rows, start=1):
        texts = []
        for column, content in enumerate(cells):
            place = f' r="{chr(65 + column)}{row}"' if placed else ""
            if content or not placed:
                texts.append(f"<c{place}{content or '>'}</c>")
        where = f' r="{row}"' if placed else ""
        lines.append(f"<row{where}>{''.join(texts)}</row>")
    return (
        f'<worksheet xmlns="{_MAIN}"><dimension ref="A1"/><sheetData>'
        f"{''.join(lines)}</sheetData></worksheet>"
    )


def parts(
    sheet: str,
    *,
    name: str = "Energiedaten",
    strings: Sequence[str] = (),
    book: str = "",
    target: str = "worksheets/sheet2.xml",
) -> dict[str, str]:
    """Return the parts of a workbook whose second sheet is this one."""
    found = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELS}">{book}<sheets>'
            '<sheet name="Summary" sheetId="1" r:id="rId1"/>'
            f'<sheet name="{name}" sheetId="2" r:id="rId2"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{_PACKAGE}">'
            '<Relationship Id="rId1" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="rId2" Target="{target}"/></Relationships>'
        ),
        "xl/worksheets/sheet2.xml": sheet,
    }
    if strings:
        items = "".join(f"<si>{text}</si>" for text in strings)
        found["xl/sharedStrings.xml"] = f'<sst xmlns="{_MAIN}">{items}</sst>'
    return found


def packed(found: dict[str, str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Pack the parts of a workbook."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for path, text in found.items():
            archive.writestr(path, text)
    return file.getvalue()
