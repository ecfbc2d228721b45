"""Account numbers."""

import pytest

from custom_components.leg_invoicing.billing.iban import IbanError, compact_iban


@pytest.mark.parametrize(
    ("typed", "compact"),
    [
        ("CH93 0076 2011 6238 5295 7", "CH9300762011623852957"),
        ("ch9300762011623852957", "CH9300762011623852957"),
        (" DE89 3704 0044 0532 0130 00 ", "DE89370400440532013000"),
        ("AT61 1904 3002 3457 3201", "AT611904300234573201"),
        ("FR14 2004 1010 0505 0001 3M02 606", "FR1420041010050500013M02606"),
        ("IT60 X054 2811 1010 0000 0123 456", "IT60X0542811101000000123456"),
    ],
)
def test_valid(typed: str, compact: str) -> None:
    """A valid number comes back in capitals and without spaces."""
    assert compact_iban(typed) == compact


@pytest.mark.parametrize(
    "typed",
    [
        "CH93 0076 2011 6238 5295 8",
        "CH39 0076 2011 6238 5295 7",
        "CH93 0076 2011 6238 5259 7",
        "CH93 0076 2011 6238 529",
        "CH93",
        "9300762011623852957CH",
        "CH93-0076-2011-6238-5295-7",
        "CH９３００７６２０１１６２３８５２９５７",
        "hello",
        "",
    ],
)
def test_mistyped(typed: str) -> None:
    """A wrong digit, a swap, a missing end or another form is refused."""
    with pytest.raises(IbanError):
        compact_iban(typed)


@pytest.mark.parametrize("digit", "012456789")
@pytest.mark.parametrize("position", [2, 3, 4, 12, 20])
def test_every_wrong_digit(position: int, digit: str) -> None:
    """No single wrong digit goes unnoticed."""
    right = "CH9300762011623852957"
    wrong = right[:position] + digit + right[position + 1 :]
    if wrong == right:
        assert compact_iban(wrong) == right
    else:
        with pytest.raises(IbanError):
            compact_iban(wrong)
