"""Exact decimals in answers."""

from decimal import Decimal
import json

from hypothesis import given, strategies as st
import pytest

from custom_components.leg_invoicing.json_numbers import plain

FIFTEEN_DIGITS = st.decimals(
    min_value=-(10**12), max_value=10**12, places=3, allow_nan=False
)


@pytest.mark.parametrize(
    ("exact", "number"),
    [
        ("9010", 9010),
        ("9010.00", 9010),
        ("3007.5", 3007.5),
        ("-0.000001", -0.000001),
        ("0E+2", 0),
        ("1E+3", 1000),
    ],
)
def test_decimals_become_numbers(exact: str, number: float) -> None:
    """A whole decimal becomes an integer, any other a float."""
    found = plain({"value": Decimal(exact)})["value"]

    assert found == number
    assert type(found) is type(number)


def test_everything_else_stays() -> None:
    """Texts, truths and nothing are what they were, however deep they lie."""
    record = {
        "text": "1.50",
        "none": None,
        "truth": True,
        "list": [Decimal(1), {"deep": (Decimal("0.5"), "x")}],
    }

    assert plain(record) == {
        "text": "1.50",
        "none": None,
        "truth": True,
        "list": [1, {"deep": [0.5, "x"]}],
    }
    assert plain(record)["truth"] is True


@given(FIFTEEN_DIGITS)
def test_fifteen_digits_survive(number: Decimal) -> None:
    """Amounts as large as a bill's come out of JSON as they went in."""
    text = json.dumps(plain({"value": number}))

    assert json.loads(text, parse_float=Decimal)["value"] == number
