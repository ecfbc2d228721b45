"""Holidays of a country: by the library, by hand, and in the terms."""

from datetime import date
from typing import Any

import pytest

from custom_components.leg_invoicing.billing.calendar import parse_period
from custom_components.leg_invoicing.billing.holidays_written import (
    holidays_from_written,
)
from custom_components.leg_invoicing.billing.public_holidays import (
    countries,
    public_holidays,
    with_holidays_of,
)
from custom_components.leg_invoicing.billing.terms_record import terms_from_record
from custom_components.leg_invoicing.billing.written import TermsError, Written

_SUMMER = date(2026, 7, 1)


def _read(value: Any) -> frozenset[date]:
    return holidays_from_written(Written(value, ("community", "holidays")))


@pytest.mark.parametrize(
    ("country", "part", "day", "is_one"),
    [
        ("CH", None, "2026-08-01", True),
        ("CH", "ZH", "2026-04-06", True),  # Easter Monday
        ("CH", "TI", "2026-05-01", True),
        ("CH", "GE", "2026-05-01", False),
        ("DE", "BY", "2026-06-04", True),  # Corpus Christi
        ("DE", "BE", "2026-06-04", False),
        ("AT", None, "2026-10-26", True),
        ("IT", None, "2030-04-22", True),
        ("FR", None, "2099-07-14", True),
        ("CH", None, "2026-07-01", False),
    ],
)
def test_a_country_s_holidays(
    country: str, part: str | None, day: str, is_one: bool
) -> None:
    """Some differ from one part of a country to another, and come back every year."""
    assert (date.fromisoformat(day) in public_holidays(country, part)) is is_one


def test_a_country_may_be_written_with_what_differs() -> None:
    """Dates are added to those of the country, and taken from them."""
    written = {
        "country": "CH",
        "subdivision": "ZH",
        "also": ["2026-07-01"],
        "except": ["2026-08-01"],
    }

    days = _read(written)

    assert days - public_holidays("CH", "ZH") == {_SUMMER}
    assert public_holidays("CH", "ZH") - days == {date(2026, 8, 1)}
    assert _read(["2026-07-01"]) == {_SUMMER}


@pytest.mark.parametrize(
    ("written", "key", "reason"),
    [
        ({"country": "Schweiz"}, "country", "no holidays are known of 'Schweiz'; "),
        ({"country": "ch"}, "country", "two letters as in ISO 3166, such as CH"),
        ({"country": "CH", "subdivision": "Zurich"}, "subdivision", "; use AG, AI, AR"),
        ({"country": "LI", "subdivision": "1"}, "subdivision", "LI has no parts"),
        ({"country": "CH", "also": ["August"]}, 0, "written like 2026-01-31"),
        ({"subdivision": "ZH"}, "holidays", "country is missing"),
        ({"country": "CH", "but": []}, "but", "there is no 'but' here"),
    ],
)
def test_unknown_places_are_refused(
    written: dict[str, Any], key: str | int, reason: str
) -> None:
    """The refusal names what is known instead."""
    with pytest.raises(TermsError) as raised:
        _read(written)

    assert raised.value.path[-1] == key
    assert reason in str(raised.value.reason)


def test_a_period_keeps_the_holidays_it_can_ask_for() -> None:
    """Those of its days, and of the eve, whose night may run into it."""
    terms = terms_from_record(
        {
            "community": {"timezone": "Europe/Zurich", "holidays": {"country": "CH"}},
            "tariffs": {
                "standard": [
                    {
                        "valid_from": "2026-01-01",
                        **dict.fromkeys(
                            ("p_pv", "p_con", "p_grid_del", "p_grid_con"), "1"
                        ),
                    }
                ]
            },
            "agreements": [],
        }
    )
    assert len(terms.community.holidays) > len(countries())

    def of(period: str) -> frozenset[date]:
        return with_holidays_of(terms, parse_period(period)).community.holidays

    assert of("2026-08") == of("2026-08-02..2026-08-03") == {date(2026, 8, 1)}
    assert of("2026-08-03..2026-08-04") == of("2026-07") == frozenset()
