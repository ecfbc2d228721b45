"""Energies, amounts and prices: exact, and only where the dimension makes sense."""

from collections.abc import Callable
from decimal import ROUND_UP, Decimal, localcontext
import operator

import pytest

from custom_components.leg_invoicing.billing.energy import NO_ENERGY, Energy
from custom_components.leg_invoicing.billing.money import NO_MONEY, Money, UnitPrice
from tests.billing.build import ct, kwh

_PRICE = UnitPrice(Decimal(25))


@pytest.mark.parametrize(
    ("text", "mwh"),
    [
        ("450.5", 450_500_000),
        ("0.000001", 1),
        ("0.0000005", 0),  # halves to even
        ("0.0000015", 2),
        ("-0.0000025", -2),
        ("0.00000149999999999999999999999999999999999999", 1),
        ("1e3", 1_000_000_000),
        (
            "123456789012345678901234567890.1234567",
            123456789012345678901234567890123457,
        ),
    ],
)
def test_kwh_become_whole_milliwatt_hours(text: str, mwh: int) -> None:
    """Kilowatt hours are rounded to the sixth decimal, and large ones stay exact."""
    assert Energy(mwh) == Energy.from_kwh(Decimal(text))


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "snan"])
def test_what_is_no_number_is_no_energy(text: str) -> None:
    """An infinity or not-a-number is refused."""
    with pytest.raises(ValueError, match="not an amount of energy"):
        Energy.from_kwh(Decimal(text))


def test_energy_comes_back_as_it_went_in() -> None:
    """Six decimals survive the way to milliwatt hours and back."""
    assert str(kwh("12345678.123456").kwh) == "12345678.123456"


def test_energies_add_subtract_and_compare() -> None:
    """The operators do what they do with numbers."""
    assert kwh("0.3") == kwh("0.1") + kwh("0.2")
    assert kwh("-0.1") == kwh("0.1") - kwh("0.2") == -kwh("0.1")
    assert kwh("0.1") < kwh("0.2")
    assert kwh("0.6") == Energy.total([kwh("0.1"), kwh("0.2"), kwh("0.3")])
    assert Energy.total([]) == NO_ENERGY


def test_only_no_energy_is_false() -> None:
    """Energy in either direction counts as some."""
    assert not NO_ENERGY
    assert kwh("0.000001")
    assert kwh("-0.000001")


def test_pricing_is_exact() -> None:
    """The published example: 450.5 kWh at 20 ct and 120.3 kWh at 25 ct."""
    assert ct("9010") == kwh("450.5") * UnitPrice(Decimal(20))
    assert ct("3007.5") == kwh("120.3") * _PRICE


def test_amounts_keep_more_digits_than_a_thread_does() -> None:
    """No digit is lost to the decimal context, which keeps 28 of them at most."""
    price = UnitPrice(Decimal("30.300000000000000040000000000000007"))
    with localcontext(prec=3, rounding=ROUND_UP):
        value = kwh("123456789.123456") * price
        shown = (
            value,
            value + ct("0.1"),
            value - ct("0.1"),
            -value,
            Money.total([value, value]),
        )
        rounded = value.rounded
        units = value.units, price.units_per_kwh, kwh("12345.678901").kwh

    exact = Decimal("3740740710.440716804938271564938240864197523864192")
    with localcontext(prec=100):
        assert Money(exact) == shown[0]
        assert Money(exact + Decimal("0.1")) == shown[1]
        assert Money(exact - Decimal("0.1")) == shown[2]
        assert Money(-exact) == shown[3]
        assert Money(2 * exact) == shown[4]
        assert ct("3740740710") == rounded
        assert units == (exact / 100, price.ct_per_kwh / 100, Decimal("12345.678901"))


def test_amounts_compare_and_nothing_sums_to_zero() -> None:
    """Money compares like a number, and an empty sum is zero."""
    assert ct("1") < ct("2")
    assert Money.total([]) == NO_MONEY


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [
        ("0.5", "1"),
        ("-0.5", "-1"),
        ("2.5", "3"),
        ("2.4999999999999999999999999999999", "2"),
        ("3007.5", "3008"),
        ("99999999999999999999999999999999.5", "100000000000000000000000000000000"),
    ],
)
def test_halves_of_a_cent_go_away_from_zero(amount: str, rounded: str) -> None:
    """A bill is rounded as a person rounds it."""
    assert rounded == str(ct(amount).rounded.ct)


def test_a_credit_below_half_a_cent_is_plain_zero() -> None:
    """Nobody reads -0 on a bill."""
    assert str(ct("-0.3").rounded.ct) == "0"


@pytest.mark.parametrize(
    ("operation", "left", "right"),
    [
        (operator.add, kwh("1"), ct("1")),
        (operator.add, kwh("1"), 1),
        (operator.add, 1, kwh("1")),
        (operator.add, ct("1"), kwh("1")),
        (operator.add, ct("1"), _PRICE),
        (operator.add, ct("1"), Decimal(1)),
        (operator.add, _PRICE, _PRICE),
        (operator.sub, kwh("1"), ct("1")),
        (operator.sub, ct("1"), Decimal(1)),
        (operator.sub, ct("1"), _PRICE),
        (operator.mul, kwh("1"), kwh("1")),
        (operator.mul, kwh("1"), 2),
        (operator.mul, 2, kwh("1")),
        (operator.mul, kwh("1"), ct("1")),
        (operator.mul, kwh("1"), Decimal(25)),
        (operator.mul, ct("1"), 2),
        (operator.mul, ct("1"), ct("1")),
        (operator.mul, _PRICE, kwh("1")),
        (operator.truediv, kwh("1"), 2),
        (operator.truediv, ct("1"), kwh("1")),
        (operator.lt, kwh("1"), ct("2")),
        (operator.lt, kwh("1"), 2),
        (operator.lt, ct("1"), 2),
        (operator.lt, ct("1"), _PRICE),
        (operator.neg, _PRICE, None),
    ],
)
def test_what_has_no_meaning_is_refused(
    operation: Callable[..., object], left: object, right: object
) -> None:
    """Energy, money, prices and bare numbers do not mix."""
    operands = (left,) if right is None else (left, right)
    with pytest.raises((TypeError, AttributeError)):
        operation(*operands)


@pytest.mark.parametrize(
    ("value", "field"), [(kwh("1"), "mwh"), (ct("1"), "ct"), (_PRICE, "ct_per_kwh")]
)
def test_quantities_do_not_change(value: object, field: str) -> None:
    """What was computed once stays what it is."""
    with pytest.raises(AttributeError):
        setattr(value, field, 0)
