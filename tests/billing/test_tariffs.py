"""Prices and the days from which they count."""

from dataclasses import replace
from datetime import date

import pytest

from custom_components.leg_invoicing.billing.bands import (
    DAYS,
    HOLIDAY,
    Band,
    Bands,
    Window,
)
from custom_components.leg_invoicing.billing.signal_bands import ModeBands
from custom_components.leg_invoicing.billing.tariffs import (
    Tariff,
    TariffError,
    check_bands_met,
)
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


def _with_days(*days: int) -> Bands:
    """Return a band of some days, and all the rest."""
    return Bands((Band("some", (Window(days=frozenset(days)),)),), rest="other")


def test_a_band_of_no_days_is_refused() -> None:
    """No time would ever be in it."""
    never = replace(_JANUARY, bands=_with_days())

    with pytest.raises(TariffError, match="the band some is of no days; name some"):
        check_bands_met(never, has_holidays=True)


def test_a_band_of_holidays_needs_some() -> None:
    """The refusal names the band, and where holidays are named."""
    asking = replace(_JANUARY, bands=_with_days(HOLIDAY))

    check_bands_met(asking, has_holidays=True)
    with pytest.raises(
        TariffError, match="the band some asks for holidays, .*community"
    ):
        check_bands_met(asking, has_holidays=False)


@pytest.mark.parametrize(
    "bands",
    [
        None,
        ModeBands("mode", (("day", ("1",)),)),
        _with_days(0),
        _with_days(*range(len(DAYS))),
        _with_days(5, 6, HOLIDAY),
    ],
)
def test_other_bands_need_no_holidays(bands: Bands | ModeBands | None) -> None:
    """Nor do those that have other days, too."""
    check_bands_met(replace(_JANUARY, bands=bands), has_holidays=False)
