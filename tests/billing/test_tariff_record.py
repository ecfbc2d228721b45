"""Tariffs as they are written down, read and written again."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from custom_components.leg_invoicing.billing.bands import DAYS
from custom_components.leg_invoicing.billing.fees import FeePer
from custom_components.leg_invoicing.billing.money import UnitPrice
from custom_components.leg_invoicing.billing.seasons import Season
from custom_components.leg_invoicing.billing.tariff_record import version_from_written
from custom_components.leg_invoicing.billing.tariff_written import written_version
from custom_components.leg_invoicing.billing.tariffs import Price, TariffVersion
from custom_components.leg_invoicing.billing.vat import VatMode
from custom_components.leg_invoicing.billing.written import TermsError, Written

_DAY = {"name": "day", "days": "mon-fri, sun", "from": "06:00", "to": "22:00"}
_REST = {"name": "night", "rest": "true"}


def _written(**more: Any) -> dict[str, Any]:
    prices = {"p_pv": "20", "p_con": "25", "p_grid_del": "6", "p_grid_con": "30"}
    return {"valid_from": "2026-01-01", **prices, **more}


def _read(**more: Any) -> TariffVersion:
    return version_from_written(Written(_written(**more)), 15)


def test_all_that_a_tariff_can_say() -> None:
    """Bands, prices by band, fees and VAT."""
    version = _read(
        bands=[_DAY, {"name": "day", "days": ["sat"], "season": "06-01..08-31"}, _REST],
        p_con={"night": "18.50", "day": "25"},
        p_standard="29.40",
        fees=[{"name": "Metering", "amount": "6000", "per": "year"}],
        vat={"mode": "included", "rate": "8.1"},
    )

    bands = version.bands
    assert bands is not None
    assert bands.names == ("day", "night")
    weekdays, saturdays = bands.bands[0].windows
    assert {DAYS[day] for day in weekdays.days} == {
        *("mon", "tue", "wed", "thu", "fri", "sun")
    }
    assert (weekdays.start, weekdays.end) == (360, 1320)
    assert saturdays.season == Season((6, 1), (8, 31))
    assert [(band, str(rate.ct_per_kwh)) for band, rate in version.p_con.rates] == [
        ("day", "25"),
        ("night", "18.50"),
    ]
    assert version.p_standard == Price.flat(UnitPrice(Decimal("29.40")))
    (fee,) = version.fees
    assert (fee.name, fee.amount.ct, fee.per) == ("Metering", 6000, FeePer.YEAR)
    assert (version.vat.mode, version.vat.rate) == (VatMode.INCLUDED, Decimal("8.1"))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon", "mon"),
        ("mon-wed", "mon tue wed"),
        ("sat-mon", "sat sun mon"),
        ("sun,holiday", "sun holiday"),
        ("holiday mon-tue", "holiday mon tue"),
        ("mon - wed, sat", "mon tue wed sat"),
        ("Mon-Tue HOLIDAY", "mon tue holiday"),
        ("Monday - Wednesday, sunday", "mon tue wed sun"),
        (["Fri - Sat", "holiday, sun"], "fri sat sun holiday"),
        (["fri-sat", "holiday"], "fri sat holiday"),
    ],
)
def test_days(text: str | list[str], days: str) -> None:
    """Names, ranges over the weekend, and lists of both."""
    bands = _read(bands=[{"name": "some", "days": text}, _REST]).bands

    assert bands is not None
    ((window,),) = (band.windows for band in bands.bands)
    assert {DAYS[day] for day in window.days} == set(days.split())


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"bands": []}, "bands: there must be a band besides the rest"),
        ({"bands": [_REST]}, "bands: there must be a band besides the rest"),
        ({"bands": [_DAY, _REST, _REST]}, "bands.2: rest is one band, and whatever"),
        ({"bands": [{**_REST, "days": "mon"}]}, "bands.0: rest is one band, and"),
        (
            {"bands": [{"name": "x", "rest": "no"}]},
            "rest: rest can only be true; leave",
        ),
        ({"bands": [_DAY]}, "bands: mon 00:00-06:00 is in no band; add it to one"),
        ({"bands": [_DAY, {**_DAY, "name": "b"}, _REST]}, "is in the bands day and b"),
        ({"bands": [{**_DAY, "name": "night"}, _REST]}, "two bands are called alike"),
        ({"bands": [{**_DAY, "days": "mo"}]}, "there is no day 'mo'; did you mean"),
        ({"bands": [{**_DAY, "days": "Mo"}]}, "there is no day 'Mo'; did you mean"),
        ({"bands": [{**_DAY, "days": "mon -"}]}, "there is no day 'mon-'; use mon, "),
        ({"bands": [{**_DAY, "days": "-fri"}]}, "there is no day '-fri'; use mon, "),
        ({"bands": [{**_DAY, "days": "fri-holiday"}]}, "a holiday is no weekday"),
        ({"bands": [{**_DAY, "from": "6"}]}, 'from must be a time, written like "06'),
        ({"bands": [{**_DAY, "from": "24:30"}]}, "from must be a time, written like"),
        ({"bands": [{**_DAY, "from": "24:00"}]}, "begins at 00:00, not at 24:00"),
        ({"bands": [{**_DAY, "to": "21:40"}]}, "21:40 lies inside an interval of 15"),
        ({"bands": [{**_DAY, "season": "June"}]}, "is written like 10-01..03-31"),
        ({"bands": [{**_DAY, "season": "06-01..06-31"}]}, "there is no day 06-31"),
        (
            {"p_con": {"entity": "sensor.spot", "multiplier": "2"}},
            "p_con.entity: in the file of --terms, write signal: and a name of the",
        ),
        (
            {"bands": [_DAY, _REST], "p_con": {"day": {"entity": "x"}, "night": "2"}},
            "p_con.day.entity: in the file of --terms, write signal:",
        ),
        (
            {"bands": {"entity": "select.x", "modes": {"a": ["b"]}}},
            "bands.entity: in the file of --terms, write signal:",
        ),
        (
            {"p_con": {"tiers": [{"to": "9", "price": {"day": "1"}}, {"price": "2"}]}},
            "price must be a number, such as 20.5",
        ),
        ({"valid_from": None}, "valid_from must be a date, written like 2026-01-31"),
        ({"p_con": {"day": "25"}}, "p_con has prices by band, but there are no bands"),
        ({"bands": [_DAY, _REST], "p_con": {"day": "1"}}, "night is missing in p_con"),
        (
            {"bands": [_DAY, _REST], "p_con": {"day": "1", "nigt": "2"}},
            "there is no 'nigt' here; did you mean 'night'",
        ),
        (
            {"fees": [{"name": "a", "amount": "x", "per": "month"}]},
            "'x' is not a finite",
        ),
        ({"p_con": "1000000000000"}, "p_con is 1000000000000, which is more than"),
        ({"p_con": "1e-60"}, "p_con is 1e-60, which is more than twelve digits"),
        ({"fees": [{"name": "a", "amount": "1", "per": "week"}]}, "cannot be 'week'"),
        ({"vat": {"mode": "on_top"}}, "vat: the rate of the VAT is missing"),
        ({"vat": {"mode": "on_top", "rate": "200"}}, "must be between 0 and 100"),
        ({"vat": {"mode": "included", "rate": "-1"}}, "must be between 0 and 100"),
        ({"vat": {"mode": "none"}}, "vat: the reason why there is no VAT is missing"),
        ({"vat": {"mode": "included", "rate": "100"}}, "vat.rate: the rate of the VAT"),
        (
            {"vat": {"mode": "none", "rate": "8.1"}},
            "there is no rate where there is no",
        ),
        (
            {"vat": {"mode": "on_top", "rate": "8.1", "reason": "x"}},
            "a reason is for bills without VAT",
        ),
        ({"vat": {"mode": "on_top", "rate": "8.1", "per": "x"}}, "there is no 'per'"),
    ],
)
def test_what_is_not_understood_is_refused(more: dict[str, Any], message: str) -> None:
    """The refusal says where it stands, what is wrong and how to write it."""
    with pytest.raises(TermsError, match=message.replace(".", r"\.")):
        _read(**more)


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"p_standard": "33", "vat": {"mode": "none", "reason": "not subject to VAT"}},
        {
            "bands": [
                {"name": "a", "to": "12:00"},
                {"name": "b", "from": "12:00"},
            ],
        },
        {
            "bands": [
                {**_DAY, "days": ["mon", "sun"]},
                {"name": "day", "days": ["holiday"], "season": "10-01..03-31"},
                {"name": "late", "days": ["tue"], "from": "22:00"},
                _REST,
            ],
            "p_grid_con": {"day": "1", "late": "-0.5", "night": "0.10"},
            "fees": [{"name": "Fee", "amount": "0.4", "per": "kwh"}],
            "vat": {"mode": "on_top", "rate": "8.1"},
        },
    ],
)
def test_what_is_written_is_read_back(more: dict[str, Any]) -> None:
    """A version written down and read again is the same version."""
    version = _read(**more)

    assert written_version(version) == _written(**more)
    assert version_from_written(Written(written_version(version)), 1) == version


def test_prices_of_other_bands_are_an_error() -> None:
    """A version has a price for each of its bands, and for no other."""
    flat = Price.flat(_read().p_con.at(None))
    with pytest.raises(ValueError, match="p_con has prices for day"):
        TariffVersion(
            valid_from=date(2026, 1, 1),
            p_pv=flat,
            p_con=Price((("day", flat.at(None)),)),
            p_grid_del=flat,
            p_grid_con=flat,
        )
