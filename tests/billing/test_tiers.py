"""Prices of the first kWh of a month, and of the next ones."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.leg_invoicing.billing.energy import Energy
from custom_components.leg_invoicing.billing.fees import FeePer, fee_parts
from custom_components.leg_invoicing.billing.line_records import (
    line_from_record,
    line_record,
)
from custom_components.leg_invoicing.billing.meters import Meter, Role
from custom_components.leg_invoicing.billing.models import Model
from custom_components.leg_invoicing.billing.settlement import settle, settle_energy
from custom_components.leg_invoicing.billing.statements import Line
from custom_components.leg_invoicing.billing.tariff_record import version_from_written
from custom_components.leg_invoicing.billing.tariff_written import written_version
from custom_components.leg_invoicing.billing.tariffs import (
    Price,
    TariffError,
    TariffVersion,
    check_heeded,
)
from custom_components.leg_invoicing.billing.terms_record import terms_from_record
from custom_components.leg_invoicing.billing.tiers import by_tier
from custom_components.leg_invoicing.billing.written import TermsError, Written
from tests.billing.build import (
    agreement,
    ct,
    kwh,
    measured,
    month,
    period,
    statement_of,
    terms,
)

_PRICES = {"p_pv": "20", "p_con": "25", "p_grid_del": "6", "p_grid_con": "30"}
_FREE = {"tiers": [{"to": "100", "price": "0"}, {"price": "25"}]}
_THREE = {
    "tiers": [
        {"to": "100", "price": "0"},
        {"to": "500.5", "price": "20"},
        {"price": "25"},
    ]
}


def _written(**more: Any) -> dict[str, Any]:
    return {"valid_from": "2026-01-01", **_PRICES, **more}


def _read(**more: Any) -> TariffVersion:
    return version_from_written(Written(_written(**more)), 15)


def _lines(text: str, each: str, first: str = "2026-01-01", **more: Any) -> list[Line]:
    """Settle a house with the same energy in each quarter hour of a period."""
    community = terms(agreement("house_1", first=first), versions=[_read(**more)])
    span = period(text, community)
    settled = settle(community, span, measured(span, house_1=each))
    return list(statement_of(settled, "house_1").lines)


def _shown(lines: list[Line]) -> list[tuple[str, str, str]]:
    return [
        (f"{ln.quantity.normalize():f}", f"{ln.unit_price.ct:f}", f"{ln.amount.ct:f}")
        for ln in lines
    ]


def test_tiers_of_a_month() -> None:
    """Each tier that is reached has a line: 595.2 kWh are 100, 400.5 and the rest."""
    lines = _lines("2026-01", "0.2/0", p_con=_THREE)

    assert _shown(lines) == [
        ("100", "0", "0"),
        ("400.5", "20", "8010"),
        ("94.7", "25", "2368"),
    ]
    assert [(line.tier.above, line.tier.to) for line in lines if line.tier] == [
        (kwh("0"), kwh("100")),
        (kwh("100"), kwh("500.5")),
        (kwh("500.5"), None),
    ]
    assert _shown(_lines("2026-01", "0.02/0", p_con=_THREE)) == [("59.52", "0", "0")]


def test_tiers_of_what_is_delivered() -> None:
    """A house gets the price of each tier for what it delivers."""
    price = {"tiers": [{"to": "100", "price": "22"}, {"price": "18"}]}

    lines = _lines("2026-01", "0/0.1", p_pv=price)

    assert _shown(lines) == [("100", "22", "-2200"), ("197.6", "18", "-3557")]


def test_part_of_a_month_has_part_of_its_tiers() -> None:
    """Whoever comes on the 18th has 14/31 of the free 100 kWh."""
    free, rest = _lines("2026-01", "0.1/0", first="2026-01-18", p_con=_FREE)

    assert (free.quantity, rest.quantity) == (
        Decimal("45.161291"),
        Decimal("134.4") - Decimal("45.161291"),
    )
    (days,) = free.parts
    assert (days.days, days.of_days) == (14, 31)
    assert (free.first, free.end) == (date(2026, 1, 18), date(2026, 2, 1))


def test_meters_with_the_same_prices_share_tiers() -> None:
    """The free 100 kWh are an agreement's, not those of each of its meters."""
    meter = Meter(meter_id="ev", role=Role.EV_CHARGER, house_id="house_1")
    community = terms(agreement("house_1"), versions=[_read(p_con=_FREE)])
    community = replace(community, meters=(meter,))
    span = month("2026-01")

    settled = settle(community, span, measured(span, house_1="0.1/0", ev="0.1/0"))

    lines = list(statement_of(settled, "house_1").lines)
    assert _shown(lines) == [("100", "0", "0"), ("495.2", "25", "12380")]
    assert [line.meter for line in lines] == ["", ""]


def test_two_months_are_the_sum_of_both() -> None:
    """A period of several months has the lines of each, with the same amounts."""
    both = _lines("2026-01-01..2026-03-01", "0.1/0", p_con=_THREE)

    assert both == [
        *_lines("2026-01", "0.1/0", p_con=_THREE),
        *_lines("2026-02", "0.1/0", p_con=_THREE),
    ]


def test_a_new_version_begins_with_tiers_of_its_own() -> None:
    """Each version has the part of the limits that its days are of the month."""
    community = terms(
        agreement("house_1"),
        versions=[
            _read(p_con=_FREE),
            replace(_read(p_con=_THREE), valid_from=date(2026, 1, 11)),
        ],
    )
    span = month("2026-01")

    settled = settle(community, span, measured(span, house_1="0.1/0"))
    lines = statement_of(settled, "house_1").lines

    assert [str(line.quantity.normalize()) for line in lines] == [
        "32.258064",
        "63.741936",
        "67.741936",
        "133.858064",
    ]


def test_totals_of_intervals_go_by_the_last_tier() -> None:
    """They add up over any spans, which tiers do not; a bill is settled by months."""
    community = terms(agreement("house_1"), versions=[_read(p_con=_FREE)])
    span = period("2026-01-01..2026-03-01", community)
    rows = measured(span, house_1="0.1/0")

    (line,) = statement_of(settle_energy(community, span, rows), "house_1").lines

    assert (line.unit_price, line.tier) == (ct("25"), None)
    assert line.quantity == Decimal("566.4")
    assert community.tariffs["standard"].versions[0].p_con.at(None).ct_per_kwh == 25


_LIMITS = st.lists(st.integers(1, 10**9), min_size=1, max_size=4, unique=True)


@given(_LIMITS, st.integers(0, 10**9), st.integers(1, 30), st.integers(0, 10**9))
def test_tiers_leave_nothing_over(
    limits: list[int], energy: int, day: int, later: int
) -> None:
    """All energy is in one tier, whatever the part; full parts have full limits."""
    written = [{"to": str(Energy(e).kwh), "price": "1"} for e in sorted(limits)]
    tiers = _read(p_con={"tiers": [*written, {"price": "2"}]}).p_con.tiers
    cut, end = date(2026, 1, 1 + day), date(2026, 2, 1)
    parts = [
        next(fee_parts(FeePer.MONTH, *days))
        for days in ((date(2026, 1, 1), cut), (cut, end))
    ]

    for part, mwh in zip(parts, (energy, later), strict=True):
        shares = [share for _, share in by_tier(tiers, Energy(mwh), part)]
        assert Energy.total(shares) == Energy(mwh)
        assert all(share > Energy(0) for share in shares)
    full = [dict(by_tier(tiers, Energy(10**12), part)) for part in parts]
    for tier in tiers[:-1]:
        assert tier.to is not None
        up_to = [
            sum(e.mwh for t, e in found.items() if t.to and t.to <= tier.to)
            for found in full
        ]
        assert abs(sum(up_to) - tier.to.mwh) <= 1


def test_what_is_written_is_read_back() -> None:
    """Tiers survive in the books, and on the lines of a statement."""
    more = {"p_con": _THREE, "p_pv": _FREE}
    version = _read(**more)

    assert written_version(version) == _written(**more)
    assert version_from_written(Written(written_version(version)), 15) == version
    for line in _lines("2026-01", "0.2/0.1", **more):
        assert line_from_record(line_record(line)) == line


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"p_grid_con": _FREE}, "p_grid_con is a price of the grid's and has no tiers"),
        ({"p_grid_del": _FREE}, "p_pv and p_con may have them"),
        ({"p_con": {"tiers": []}}, "there must be two tiers or more; or write one"),
        ({"p_con": {"tiers": [{"price": "1"}]}}, "there must be two tiers or more"),
        (
            {"p_con": {"tiers": [{"to": "1", "price": "1"}] * 2}},
            "p_con.tiers.1.to: the last tier has no end",
        ),
        (
            {"p_con": {"tiers": [{"to": "0", "price": "1"}, {"price": "1"}]}},
            "to must be more than 0 kWh a month",
        ),
        (
            {"p_con": {"tiers": [*[{"to": "10", "price": "1"}] * 2, {"price": "1"}]}},
            "to must be more than 10 kWh a month",
        ),
        (
            {"p_con": {"tiers": [{"to": "0.0000001", "price": "1"}, {"price": "1"}]}},
            "with six decimals at most",
        ),
        ({"p_con": {**_FREE, "day": "1"}}, "there is no 'day' here"),
        (
            {"p_con": _FREE, "p_pv": {"percent": "80", "of": "p_con"}},
            "p_con has tiers, and p_pv cannot be per cent of several prices",
        ),
    ],
)
def test_what_makes_no_tiers_is_refused(more: dict[str, Any], message: str) -> None:
    """The grid's prices, limits that do not rise, and bands beside them."""
    with pytest.raises(TermsError, match=message):
        _read(**more)


def test_bands_may_be_elsewhere() -> None:
    """A price has tiers or bands; others of the same version may have bands."""
    bands = [{"name": "day", "days": "mon-fri"}, {"name": "end", "rest": "true"}]
    version = _read(bands=bands, p_con=_FREE, p_grid_con={"day": "30", "end": "22"})

    assert version.p_con.tiers
    assert isinstance(version.p_con, Price)


def test_a_model_that_has_prices_of_intervals() -> None:
    """Tiers would not count under `break_even`, so terms with both are refused."""
    record = {
        "community": {"timezone": "Europe/Zurich", "model": "break_even"},
        "tariffs": {"standard": [_written(p_con=_FREE)]},
        "agreements": [],
    }

    with pytest.raises(TermsError, match=r"tariffs\.standard: under the model break_"):
        terms_from_record(record)
    with pytest.raises(TariffError, match="take the place of tiers"):
        check_heeded(_read(p_con=_FREE), Model.BREAK_EVEN)
    for model in set(Model) - {Model.BREAK_EVEN}:
        check_heeded(_read(p_con=_FREE), model)
