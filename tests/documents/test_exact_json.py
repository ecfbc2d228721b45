"""JSON with exact decimals."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
import json
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.leg_invoicing.billing.invoice_records import (
    invoice_from_record,
    invoice_record,
)
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.documents.exact_json import dumps

from .months import issued

DECIMALS = st.decimals(
    allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | DECIMALS,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


class Colour(StrEnum):
    """Something that is a text with a type."""

    RED = "red"


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("9010", "9010"),
        ("9010.00", "9010"),
        ("3007.5", "3007.5"),
        ("3007.50", "3007.5"),
        ("-6002.5", "-6002.5"),
        ("1E+3", "1000"),
        ("1.5E-7", "0.00000015"),
        (
            "0.1000000000000000055511151231257827",
            "0.1000000000000000055511151231257827",
        ),
        ("-0.00", "0"),
        ("100", "100"),
    ],
)
def test_decimals_are_written_exactly(number: str, written: str) -> None:
    """A decimal keeps its value and loses its exponent and needless zeros."""
    assert dumps(Decimal(number)) == written


@given(VALUES)
def test_reading_back_gives_the_same(value: Any) -> None:
    """Whatever is written is read back equal by a reader that keeps decimals."""
    for indent in (2, None):
        text = dumps(value, indent)
        assert json.loads(text, parse_float=Decimal, parse_int=Decimal) == value


def test_layout() -> None:
    """Records are indented, keys keep their order, and empty things stay small."""
    value = {"b": [1, {"c": None}], "a": (), "d": {}, "e": True, "f": "é\n"}
    assert dumps(value) == json.dumps(value, indent=2, ensure_ascii=False)
    assert dumps(value, None) == json.dumps(value, ensure_ascii=False)


def test_enumerations_are_written_as_what_they_are() -> None:
    """An enumeration's member is written as its text or number."""
    assert dumps([Colour.RED, Quality.INTERPOLATED], None) == '["red", 30]'


@pytest.mark.parametrize(
    "value", [1.5, date(2026, 1, 1), b"", {1: 2}, {"a": [object()]}]
)
def test_inexact_values_are_refused(value: object) -> None:
    """What JSON cannot hold exactly is refused rather than guessed at."""
    with pytest.raises(TypeError, match="cannot be"):
        dumps(value)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_are_none_are_refused(number: str) -> None:
    """Not-a-number and the infinities have no place in JSON."""
    with pytest.raises(ValueError, match="is not a number"):
        dumps({"a": Decimal(number)})


def test_invoices_survive() -> None:
    """An invoice that was written can be rebuilt from what was written."""
    for invoice in issued(gap=3):
        record = json.loads(dumps(invoice_record(invoice)), parse_float=Decimal)
        assert invoice_record(invoice_from_record(record)) == invoice_record(invoice)
