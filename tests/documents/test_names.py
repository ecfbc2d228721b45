"""File names of documents."""

from dataclasses import replace
import ntpath
from pathlib import Path, PureWindowsPath

from hypothesis import given, strategies as st
import pytest

from custom_components.leg_invoicing.billing.invoices import Invoice
from custom_components.leg_invoicing.documents.names import document_name

from .months import invoice, issued

INVOICE = invoice()


def _with_ids(invoice_id: str, house_id: str) -> Invoice:
    statement = INVOICE.statement
    agreement = replace(statement.agreement, house_id=house_id)
    return replace(
        INVOICE,
        invoice_id=invoice_id,
        statement=replace(statement, agreement=agreement),
    )


def test_name() -> None:
    """A document is named after its invoice and its house."""
    assert document_name(INVOICE, "pdf") == "INV-2026-001_house_1.pdf"


def test_names_sort_as_issued() -> None:
    """Sorted by name, documents stand in the order of their numbers."""
    names = [document_name(one, "pdf") for one in issued()]
    assert names == sorted(names)
    assert len(set(names)) == len(names)


def test_nobody_is_named() -> None:
    """A file name does not tell who lives in the house."""
    assert "Anna" not in document_name(INVOICE, "pdf")


@pytest.mark.parametrize(
    "hostile",
    [
        "../../etc/passwd",
        "..",
        ".",
        "/",
        "C:\\x",
        "a\0b",
        "con.txt",
        "é/ü",
        "~",
        "a" * 999,
    ],
)
def test_hostile_ids(hostile: str) -> None:
    """An id made to climb out of the folder stays a plain name in it."""
    for name in (
        document_name(_with_ids(hostile, "house_1"), "pdf"),
        document_name(_with_ids("INV-2026-001", hostile), "pdf"),
    ):
        assert Path("folder", name).resolve().parent == Path("folder").resolve()
        assert len(name.encode()) < 255


@given(st.text(), st.text())
def test_any_ids(invoice_id: str, house_id: str) -> None:
    """Whatever the ids are, the name has one part on every system."""
    name = document_name(_with_ids(invoice_id, house_id), "json")
    assert Path(name).name == PureWindowsPath(name).name == name
    assert not ntpath.isreserved(name)
    assert name.isascii()
    assert name.isprintable()


@pytest.mark.parametrize("suffix", ["", ".pdf", "p/df", "../x", "PDF", "pdf\n"])
def test_suffixes_are_checked(suffix: str) -> None:
    """What is not a suffix is refused."""
    with pytest.raises(ValueError, match="is not a file name's suffix"):
        document_name(INVOICE, suffix)
