"""Prices and the days from which they count."""

from datetime import date

import pytest

from custom_components.leg_invoicing.billing.tariffs import Tariff
from tests.billing.build import version

_JANUARY, _MARCH = version("2026-01-01", p_con="25"), version("2026-03-01", p_con="26")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2025-12-31", None),
        ("2026-01-01", _JANUARY),
        ("2026-02-28", _JANUARY),
        ("2026-03-01", _MARCH),
        ("2030-01-01", _MARCH),
    ],
)
def test_the_latest_version_counts(day: str, expected: object) -> None:
    """A version counts from its first day until the next one's."""
    tariff = Tariff("standard", (_JANUARY, _MARCH))

    assert expected is tariff.at(date.fromisoformat(day))


@pytest.mark.parametrize(
    ("versions", "reason"),
    [
        ((), "no prices"),
        ((_JANUARY, _JANUARY), "two versions begin on 2026-01-01"),
        ((_MARCH, _JANUARY), "not in order"),
    ],
)
def test_no_day_has_two_prices(versions: tuple[object, ...], reason: str) -> None:
    """A tariff with a doubtful day is refused."""
    with pytest.raises(ValueError, match=reason):
        Tariff("standard", versions)
