"""Numbers and dates as a language and a country write them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from custom_components.leg_invoicing.billing.energy import Energy
from custom_components.leg_invoicing.billing.money import Money
from custom_components.leg_invoicing.documents.wording import Wording, wording_for

from .months import LETTERHEAD

BIG = Money(Decimal(-123456789))


def wording(
    language: str, currency: str = "CHF", zone: str = "Europe/Zurich"
) -> Wording:
    """Return how somebody is written to; spaces that do not break are plain."""
    return wording_for(replace(LETTERHEAD, currency=currency, timezone=zone), language)


def plain(text: str) -> str:
    """Return a text with plain spaces."""
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("language", "currency", "zone", "locale"),
    [
        ("de", "CHF", "Europe/Zurich", "de_CH"),
        ("fr", "CHF", "Europe/Zurich", "fr_CH"),
        ("it", "CHF", "Europe/Vaduz", "it_CH"),
        ("en", "CHF", "UTC", "en_CH"),
        ("de", "EUR", "Europe/Vienna", "de_AT"),
        ("de", "EUR", "Europe/Berlin", "de_DE"),
        ("it", "EUR", "Europe/Rome", "it_IT"),
        ("it", "EUR", "Europe/Vienna", "it"),
        ("en", "EUR", "Etc/UTC", "en"),
        ("en", "GBP", "Europe/London", "en_GB"),
        ("rm", "CHF", "Europe/Zurich", "en_CH"),
    ],
)
def test_country(language: str, currency: str, zone: str, locale: str) -> None:
    """The currency decides on the country, then the time zone, then nobody."""
    assert str(wording(language, currency, zone).locale) == locale


@pytest.mark.parametrize(
    ("language", "currency", "zone", "amount", "day", "days"),
    [
        (
            "de",
            "CHF",
            "Europe/Zurich",
            "CHF −1’234’567.89",
            "1. März 2026",
            "1.–31. Jan. 2026",
        ),
        (
            "fr",
            "CHF",
            "Europe/Zurich",
            "−1 234 567,89 CHF",
            "1 mars 2026",
            "1–31 janv. 2026",
        ),
        (
            "it",
            "CHF",
            "Europe/Zurich",
            "CHF −1’234’567.89",
            "1 marzo 2026",
            "1–31 gen 2026",
        ),
        (
            "en",
            "CHF",
            "Europe/Zurich",
            "CHF −1’234’567.89",
            "1 March 2026",
            "1–31 Jan 2026",
        ),
        (
            "de",
            "EUR",
            "Europe/Berlin",
            "−1.234.567,89 €",
            "1. März 2026",
            "1.–31. Jan. 2026",
        ),
        (
            "de",
            "EUR",
            "Europe/Vienna",
            "−€ 1.234.567,89",
            "1. März 2026",
            "1.–31. Jän. 2026",
        ),
        (
            "en",
            "USD",
            "America/New_York",
            "−$1,234,567.89",
            "March 1, 2026",
            "Jan 1 – 31, 2026",
        ),
    ],
)
def test_country_writes(
    language: str, currency: str, zone: str, amount: str, day: str, days: str
) -> None:
    """Amounts and dates look as they do at home."""
    written = wording(language, currency, zone)
    assert plain(written.amount_with_currency(BIG)) == amount
    assert written.day(date(2026, 3, 1)) == day
    assert plain(written.days(date(2026, 1, 1), date(2026, 1, 31))) == days


def test_foreign_currency_keeps_its_distance() -> None:
    """A currency's letters do not run into the digits."""
    amount = wording("en", "SEK", "America/New_York").amount_with_currency(-BIG)
    assert plain(amount) == "SEK 1,234,567.89"


@pytest.mark.parametrize(
    ("currency", "ct", "end"),
    [("JPY", "12300", "123"), ("KWD", "150.1", "1.501"), ("CHF", "150", "1.50")],
)
def test_amounts_have_the_decimals_of_their_currency(
    currency: str, ct: str, end: str
) -> None:
    """They are written to the smallest unit, with and without the currency."""
    written = wording("en", currency)
    amount = Money(Decimal(ct))
    assert written.amount(amount) == end
    assert written.amount_with_currency(amount).endswith(end)
    assert "." not in end or written.amount_with_currency(-amount).count(".") == 1


@pytest.mark.parametrize(
    ("mwh", "written"),
    [
        (0, "0.000"),
        (1_499, "0.001"),
        (-1_500, "−0.002"),
        (1_234_567_890_123, "1’234’567.890"),
        (10**21, "1’000’000’000’000’000.000"),
    ],
)
def test_energy(mwh: int, written: str) -> None:
    """Energy is written to the watt hour."""
    assert wording("de").kwh(Energy(mwh)) == written


@pytest.mark.parametrize(
    ("currency", "price", "unit", "written"),
    [
        ("CHF", "20", "Rp.", "20.00"),
        ("CHF", "20.5", "Rp.", "20.50"),
        ("CHF", "20.12500", "Rp.", "20.125"),
        ("CHF", "1E+3", "Rp.", "1’000.00"),
        ("CHF", "-3.5", "Rp.", "−3.50"),
        ("CHF", "0", "Rp.", "0.00"),
        ("CHF", "0.0000000001", "Rp.", "0.0000000001"),
        ("EUR", "20.125", "ct", "20.125"),
        ("SEK", "20.125", "öre", "20.125"),
        ("PLN", "300", "gr", "300.00"),
        ("JPY", "3000", "JPY", "30.00"),
        ("JPY", "20.125", "JPY", "0.20125"),
    ],
)
def test_price(currency: str, price: str, unit: str, written: str) -> None:
    """A price shows every digit that was entered, in cents where they have a name."""
    swiss = wording("de", currency)
    assert swiss.price_unit == unit
    assert swiss.price(Money(Decimal(price))) == written


def test_shares_and_counts() -> None:
    """Per cents have a decimal where they need one."""
    german = wording("de", "EUR", "Europe/Berlin")
    assert [plain(german.percent(t)) for t in (0, 1, 982, 1000)] == [
        "0 %",
        "0,1 %",
        "98,2 %",
        "100 %",
    ]
    assert german.count(2976) == "2.976"
    assert plain(german.about_kwh(12_345)) == "1.234,5 kWh"
    assert plain(german.kwh_with_unit(Energy(1_500_000))) == "1,500 kWh"


def test_moments_are_local() -> None:
    """A stretch of time is written in local time, summer time included."""
    start = int(datetime(2026, 3, 29, 0, 30, tzinfo=UTC).timestamp())
    german = wording("de")
    assert german.moments(start, start + 3600) == "29. März 2026, 01:30 – 03:30"
    assert (
        german.moments(start, start + 86_400)
        == "29. März 2026, 01:30 – 30. März 2026, 02:30"
    )


@pytest.mark.parametrize(
    ("currency", "average"),
    [("CHF", "Ø 16.26"), ("JPY", "Ø 0.16"), ("KWD", "Ø 0.16259")],
)
def test_an_average_has_two_decimals_of_the_smallest_unit(
    currency: str, average: str
) -> None:
    """Whatever prices are in, it is near enough to be multiplied by."""
    assert (
        plain(wording("en", currency).average(Money(Decimal("16.258964")))) == average
    )
