"""Prices that are per cent of another price."""

from decimal import Decimal
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.leg_invoicing.billing.line_records import (
    line_from_record,
    line_record,
)
from custom_components.leg_invoicing.billing.models import Model
from custom_components.leg_invoicing.billing.percentage import Percentage
from custom_components.leg_invoicing.billing.settlement import settle
from custom_components.leg_invoicing.billing.tariff_record import version_from_written
from custom_components.leg_invoicing.billing.tariff_written import written_version
from custom_components.leg_invoicing.billing.tariffs import TariffVersion
from custom_components.leg_invoicing.billing.written import TermsError, Written
from tests.billing.build import agreement, ct, measured, month, statement_of, terms

_DAY = {"name": "day", "from": "06:00", "to": "22:00"}
_NIGHT = {"name": "night", "rest": "true"}


def _written(**more: Any) -> dict[str, Any]:
    prices = {"p_pv": "20", "p_con": "25", "p_grid_del": "6", "p_grid_con": "30"}
    return {"valid_from": "2026-01-01", **prices, **more}


def _read(**more: Any) -> TariffVersion:
    return version_from_written(Written(_written(**more)), 15)


def _of(name: str, percent: str = "80") -> dict[str, str]:
    return {"percent": percent, "of": name}


def _shown(version: TariffVersion, name: str) -> dict[str | None, str]:
    return {band: str(rate.ct_per_kwh) for band, rate in getattr(version, name).rates}


def test_a_price_follows_another_one() -> None:
    """Without a zero that nobody entered, however long the chain is."""
    version = _read(
        p_con=_of("p_grid_con"), p_pv=_of("p_con", "50"), p_grid_del=_of("p_pv", "12.5")
    )

    assert _shown(version, "p_con") == {None: "24"}
    assert _shown(version, "p_pv") == {None: "12"}
    assert _shown(version, "p_grid_del") == {None: "1.5"}
    assert _shown(_read(p_con=_of("p_grid_con", "1000")), "p_con") == {None: "300"}
    assert _shown(_read(p_con=_of("p_standard"), p_standard="33"), "p_con") == {
        None: "26.4"
    }


def test_a_price_follows_band_by_band() -> None:
    """The other price differs by band, and so does what is per cent of it."""
    version = _read(
        bands=[_DAY, _NIGHT],
        p_grid_con={"day": "30", "night": "22.2"},
        p_con=_of("p_grid_con"),
    )

    assert _shown(version, "p_con") == {"day": "24", "night": "17.76"}


def test_a_band_may_be_called_percent() -> None:
    """Where a band has the name, it is the band."""
    version = _read(
        bands=[{**_DAY, "name": "percent"}, {**_NIGHT, "name": "of"}],
        p_con={"percent": "80", "of": "20"},
    )

    assert _shown(version, "p_con") == {"percent": "80", "of": "20"}


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"p_con": _of("p_con")}, "p_con.of: p_con cannot be per cent of p_con; use"),
        ({"p_con": _of("grid")}, "p_con.of: p_con cannot be per cent of grid; use"),
        (
            {"p_con": _of("p_pv"), "p_pv": _of("p_con")},
            "p_pv and p_con are per cent of",
        ),
        ({"p_con": _of("p_grid_con", "0")}, "percent must be more than 0 and 1000 at"),
        (
            {"p_con": _of("p_grid_con", "1000.1")},
            "percent must be more than 0 and 1000",
        ),
        ({"p_con": _of("p_grid_con", "1.0000001")}, "with six decimals at most"),
        ({"p_con": {"percent": "80"}}, "p_con: of is missing in p_con"),
        ({"p_con": {**_of("p_pv"), "to": "5"}}, "there is no 'to' here"),
    ],
)
def test_what_makes_no_price_is_refused(more: dict[str, Any], message: str) -> None:
    """Circles, prices that are none, and per cent that are too few or too many."""
    with pytest.raises(TermsError, match=message):
        _read(**more)


def test_what_is_written_is_read_back() -> None:
    """A version keeps what was entered, and computes the price again."""
    more = {"p_con": _of("p_grid_con", "82.50"), "p_pv": _of("p_con")}

    assert written_version(_read(**more)) == _written(**more)
    assert version_from_written(Written(written_version(_read(**more))), 15) == _read(
        **more
    )


@given(
    st.decimals(-(10**9), 10**9, places=9),
    st.decimals("0.000001", 1000, places=6),
)
def test_part_and_whole_are_exact(price: Decimal, percent: Decimal) -> None:
    """The whole is found again from its part, to the last digit."""
    percentage = Percentage(percent, "p_grid_con")

    assert percentage.whole_of(percentage.part_of(price)) == price


def test_a_line_says_where_its_price_comes_from() -> None:
    """It has the price as computed and the per cent as entered, in the records too."""
    community = terms(
        agreement("house_1"),
        model=Model.SPLIT,
        versions=[_read(p_con=_of("p_grid_con"))],
    )
    span = month("2026-01")

    settled = settle(community, span, measured(span, house_1="0.1/0.1"))
    bought, sold = statement_of(settled, "house_1").lines

    assert (bought.unit_price, bought.percentage) == (
        ct("24"),
        Percentage(Decimal(80), "p_grid_con"),
    )
    assert sold.percentage is None
    for line in (bought, sold):
        assert line_from_record(line_record(line)) == line
