"""Numbers as people and spreadsheets write them."""

from decimal import Decimal

from hypothesis import given, strategies as st
import pytest

from custom_components.leg_invoicing.billing.decimal_text import (
    NumberError,
    decimal_from_text,
)


@pytest.mark.parametrize(
    "text",
    ["0", "20", "20.10", "-0.5", "+3", ".5", "5.", "1e-05", "0" * 60],
)
def test_numbers_are_read_with_every_digit(text: str) -> None:
    """A number is what the text says, trailing zeros included."""
    assert str(Decimal(text)) == str(decimal_from_text(text))


@pytest.mark.parametrize(
    ("text", "written"),
    [("1E3", "1000"), ("-0", "0"), ("-0.0", "0.0"), ("2.5e1", "25")],
)
def test_the_same_number_is_the_same_however_it_is_written(
    text: str, written: str
) -> None:
    """There is no exponent, and no sign of nothing."""
    assert str(decimal_from_text(text)) == written


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 1",
        "1\n",
        "20,5",
        "1'000",
        "1_000",
        "1 000",
        "nan",
        "inf",
        "-Infinity",
        ".",
        "e5",
        "1e",
        "1e100",
        "0x14",
        "٢٠",
        "true",
        "1.2.3",
        "0" * 61,
    ],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    """Nothing is guessed; the message says how a number is written."""
    with pytest.raises(NumberError, match="write digits with a decimal point"):
        decimal_from_text(text)


def test_a_long_text_is_not_repeated_in_full() -> None:
    """A message stays readable, whatever stands in the file."""
    with pytest.raises(NumberError) as raised:
        decimal_from_text("x" * 10_000)

    assert len(str(raised.value)) < 200


@given(st.decimals(-(10**9), 10**9, places=6))
def test_every_written_number_is_read(number: Decimal) -> None:
    """What Python writes, without an exponent, comes back as it was."""
    assert number == decimal_from_text(f"{number:f}")
