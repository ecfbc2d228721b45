"""Prices that follow a signal, and bands that one chooses."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from custom_components.leg_invoicing.billing.calendar import Span
from custom_components.leg_invoicing.billing.findings import Finding, FindingCode
from custom_components.leg_invoicing.billing.measurements import Measurements
from custom_components.leg_invoicing.billing.models import Model
from custom_components.leg_invoicing.billing.percentage import Percentage
from custom_components.leg_invoicing.billing.settlement import settle, settle_energy
from custom_components.leg_invoicing.billing.signal_bands import ModeBands
from custom_components.leg_invoicing.billing.signals import SignalValue
from custom_components.leg_invoicing.billing.signals_named import (
    numbers_named,
    signals_named,
)
from custom_components.leg_invoicing.billing.tariff_record import version_from_written
from custom_components.leg_invoicing.billing.tariff_written import written_version
from custom_components.leg_invoicing.billing.tariffs import TariffVersion
from custom_components.leg_invoicing.billing.terms import Terms
from custom_components.leg_invoicing.billing.written import TermsError, Written

from .build import agreement, ct, kwh, measured, printed, quarters, statement_of, terms

_NOON = "2026-01-05T12:00+01:00"
_SPAN = quarters(_NOON, 4)
_WRITTEN: Mapping[str, Any] = {
    "valid_from": "2026-01-01",
    "p_pv": "20",
    "p_con": "25",
    "p_grid_del": "6",
    "p_grid_con": "30",
}
_SPOT = {"signal": "spot", "multiplier": "1.08", "offset": "2.5"}
_MODES = {
    "signal": "mode",
    "modes": {"priority": ["priority", "boost"], "normal": ["normal"]},
}


def _version(**changed: Any) -> TariffVersion:
    return version_from_written(Written({**_WRITTEN, **changed}), 15)


def _terms(model: Model = Model.SPLIT, **changed: Any) -> Terms:
    agreements = (agreement("house_1"), agreement("house_2"))
    return terms(*agreements, model=model, versions=[_version(**changed)])


def _seen(signal: str, *values: str | None, span: Span = _SPAN) -> list[SignalValue]:
    return [
        SignalValue(signal, span.start + 900 * i, value)
        for i, value in enumerate(values)
        if value is not None
    ]


def _flowed(
    signals: Iterable[SignalValue], span: Span = _SPAN, **houses: Any
) -> Measurements:
    return replace(measured(span, **houses), signals=list(signals))


def _missing(findings: Iterable[Finding]) -> list[Finding]:
    return [f for f in findings if f.code is FindingCode.PRICE_MISSING]


def test_an_average_of_nearly_nothing_has_no_sign() -> None:
    """It is kept as zero, and printed again in the same way."""
    flowed = _flowed(
        _seen("spot", "-0.0000001", None), house_1=["1/0", "0/0", "0/0", "0/0"]
    )

    settled = settle(_terms(p_grid_con={"signal": "spot"}), _SPAN, flowed)

    (line,) = statement_of(settled, "house_1").lines
    assert str(line.unit_price.ct) == "0.000000"


def test_energy_is_priced_interval_by_interval() -> None:
    """A line has the average price, and the exact amount of all intervals."""
    flowed = _flowed(
        _seen("spot", "10", "-5.5", "12.345", "0"),
        house_1=["1/0", "2/0", "0.5/0", "3/0"],
        house_2="0/0",
    )

    settled = settle(_terms(p_grid_con=_SPOT), _SPAN, flowed)

    # 1 x 13.3 + 2 x -3.44 + 0.5 x 15.8326 + 3 x 2.5
    (line,) = statement_of(settled, "house_1").lines
    assert (line.exact, line.quantity) == (ct("21.8363"), Decimal("6.5"))
    assert (line.is_average, line.unit_price) == (True, ct("3.359431"))
    assert settled.community.value_grid_import == line.exact
    assert settled.community.balance == ct("0")
    assert not settled.findings


def test_without_a_value_nothing_is_priced_and_a_person_is_told() -> None:
    """A value that is missing is not the last one: the energy is on no line."""
    flowed = _flowed(
        _seen("spot", "10", None, "unavailable", "20"),
        house_1=["1/0", "2/0", "4/0", "8/0"],
        house_2=["0/0", "0/1", "0/0", "0/0"],
    )

    settled = settle(_terms(p_grid_con={"signal": "spot"}), _SPAN, flowed)

    assert printed(statement_of(settled, "house_1")) == [
        ("local_import", "1", "25", "25"),
        ("grid_import", "9", "18.888889", "170"),
    ]
    house, community = _missing(settled.findings)
    assert (house.key, house.blocking) == ("price_missing:house_1", True)
    assert house.details == {"tariff": "standard", "signal": "spot"}
    assert (house.intervals, house.energy) == (2, kwh("5"))
    assert house.span == Span(_SPAN.start + 900, _SPAN.start + 2700)
    assert (community.house_id, community.energy) == (None, kwh("5"))


def test_what_is_on_no_line_owes_no_fee_per_kwh() -> None:
    """A fee counts the kWh that are charged, not those whose price is missing."""
    fee = {"name": "Settlement", "amount": "1", "per": "kwh"}
    flowed = _flowed(
        _seen("spot", "10", None, "unavailable", "20"),
        house_1=["1/0", "2/0", "4/0", "8/0"],
        house_2="0/0",
    )

    settled = settle(_terms(p_grid_con={"signal": "spot"}, fees=[fee]), _SPAN, flowed)

    assert printed(statement_of(settled, "house_1")) == [
        ("grid_import", "9", "18.888889", "170"),
        ("fee", "9", "1", "9"),
    ]


def test_what_is_missing_matters_only_where_energy_flows() -> None:
    """A price that nobody needed is no finding."""
    flowed = _flowed([], house_1="0/0", house_2="0/0")

    assert not settle(_terms(p_grid_con=_SPOT), _SPAN, flowed).findings


def test_a_house_without_an_agreement_needs_no_price() -> None:
    """Its energy is a finding already; the community's own purchase needs one."""
    community = terms(
        agreement("house_1"),
        model=Model.SPLIT,
        versions=[_version(p_grid_con=_SPOT)],
    )

    settled = settle(community, _SPAN, _flowed([], house_2="1/0"))

    assert [f.house_id for f in _missing(settled.findings)] == [None]


def test_the_parts_add_up_to_the_whole_whatever_decimals_values_have() -> None:
    """Values of an exchange have as many decimals as they like."""
    values = ("10.5", "0.083120000000000001", "1E1", "7")
    community = _terms(p_grid_con=_SPOT, p_grid_del={"signal": "spot", "offset": "-1"})
    cells = ["1/0", "0.333333/0", "0/0.7", "0/0.000001"]

    whole = settle_energy(
        community, _SPAN, _flowed(_seen("spot", *values), house_1=cells)
    )
    parts = [
        settle_energy(
            community,
            span := Span(_SPAN.start + 900 * i, _SPAN.start + 900 * (i + 1)),
            _flowed(_seen("spot", value, span=span), span, house_1=[cell]),
        )
        for i, (value, cell) in enumerate(zip(values, cells, strict=True))
    ]

    costs = [statement_of(part, "house_1").import_cost.ct for part in parts]
    assert statement_of(whole, "house_1").import_cost.ct == sum(costs)
    exact = Decimal("0.333333") * (
        Decimal("0.083120000000000001") * Decimal("1.08") + Decimal("2.5")
    )
    assert sum(costs) == Decimal("13.84") + exact


def test_more_intervals_than_are_summed_at_once() -> None:
    """A day and more: every interval at its own price."""
    span = quarters("2026-01-05T00:00+01:00", 200)
    values = [str(i % 7) for i in range(200)]
    flowed = _flowed(_seen("spot", *values, span=span), span, house_1="1/0")

    settled = settle(_terms(p_grid_con={"signal": "spot"}), span, flowed)

    assert settled.community.value_grid_import.ct == sum(map(int, values))


def test_per_cent_of_a_price_that_follows_a_signal_follow_it_too() -> None:
    """80 % of the grid's price, whatever that is."""
    version = _version(p_grid_con=_SPOT, p_con={"percent": "80", "of": "p_grid_con"})

    prices = version.prices_in(None, {"spot": "10"})

    assert prices.p_grid_con.ct_per_kwh == Decimal("13.3")
    assert prices.p_con.ct_per_kwh == Decimal("10.64")
    assert version.p_con.percentage == Percentage(Decimal(80), "p_grid_con")
    assert version.prices_in(None).p_con is None


def test_bands_by_the_clock_may_follow_signals_too() -> None:
    """A price may follow a signal in one band and be a number in the other."""
    version = _version(
        bands=[
            {"name": "day", "from": "06:00", "to": "12:15"},
            {"name": "night", "rest": "true"},
        ],
        p_grid_con={"day": {"signal": "spot"}, "night": "22"},
    )
    community = terms(agreement("house_1"), model=Model.SPLIT, versions=[version])
    flowed = _flowed(_seen("spot", "10"), house_1="1/0")

    settled = settle(community, _SPAN, flowed)

    assert printed(statement_of(settled, "house_1")) == [
        ("grid_import", "1", "10.000000", "10"),
        ("grid_import", "3", "22", "66"),
    ]


@pytest.mark.parametrize(
    ("rest", "lines", "unpriced"),
    [
        ("normal", [("2", "40", "80"), ("2", "30", "60")], None),
        (None, [("2", "40", "80"), ("1", "30", "30")], (1, kwh("1"))),
    ],
)
def test_a_mode_chooses_the_price(rest: str | None, lines: list, unpriced: Any) -> None:
    """What no band names has the rest's price; without a rest it has none."""
    community = _terms(
        bands=_MODES | ({"rest": rest} if rest else {}),
        p_grid_con={"priority": "40", "normal": "30"},
    )
    flowed = _flowed(_seen("mode", "priority", "boost", "normal"), house_1="1/0")

    settled = settle(community, _SPAN, flowed)

    own = printed(statement_of(settled, "house_1"))
    assert [line[1:] for line in own] == lines
    noted = [(f.intervals, f.energy) for f in _missing(settled.findings) if f.house_id]
    assert noted == ([unpriced] if unpriced else [])


def test_a_price_that_all_bands_share_needs_no_mode() -> None:
    """Only what differs by band waits for the signal."""
    settled = settle(_terms(bands=_MODES), _SPAN, _flowed([], house_1="1/0"))

    assert not _missing(settled.findings)
    assert printed(statement_of(settled, "house_1"))[0][1:] == ("4", "30", "120")


def test_break_even_takes_the_prices_of_each_interval() -> None:
    """The community neither gains nor loses at prices of an exchange."""
    community = _terms(Model.BREAK_EVEN, p_grid_con=_SPOT, p_grid_del="6.125")
    flowed = _flowed(
        _seen("spot", "10", "11.5", None, "30"),
        house_1=["3/0", "1/0", "2/0", "1/0"],
        house_2=["0/1", "0/2", "0/0", "0/0.5"],
    )

    settled = settle(community, _SPAN, flowed)

    assert settled.community.balance == ct("0")
    assert statement_of(settled, "house_1").lines[0].quantity == 5
    assert [f.house_id for f in _missing(settled.findings)] == ["house_1", None]


def test_break_even_sums_units_of_all_sizes() -> None:
    """A finer price after coarse ones, and coarse ones after it."""
    span = quarters("2026-01-05T00:00+01:00", 192)
    community = _terms(Model.BREAK_EVEN, p_grid_con={"signal": "spot"})
    values = [*["10"] * 96, "10.123", *["11"] * 95]
    flowed = _flowed(_seen("spot", *values, span=span), span, house_1="1/0")

    settled = settle_energy(community, span, flowed)

    assert settled.community.balance == ct("0")
    assert settled.community.value_grid_import == ct("2015.123")


def test_prices_in_force_are_those_of_the_signals() -> None:
    """A mode and a price of an exchange are those of the moment, or not known."""
    bands = _version(bands=_MODES, p_grid_con={"priority": _SPOT, "normal": "30"})

    def now(signals: Mapping[str, str]) -> object:
        price = bands.prices_at(None, frozenset(), signals).p_grid_con
        return price and price.ct_per_kwh

    assert now({"mode": "boost", "spot": "10"}) == Decimal("13.30")
    assert now({"mode": "normal"}) == 30
    assert now({"mode": "boost"}) is None
    assert now({}) is None


def test_signals_that_terms_name() -> None:
    """Whoever records signals learns which ones."""
    named = _terms(bands=_MODES, p_grid_con={"priority": _SPOT, "normal": "30"})

    assert signals_named(named) == {"mode", "spot"}
    assert numbers_named(named) == {"spot"}
    assert signals_named(_terms()) == frozenset()


@pytest.mark.parametrize(
    "changed",
    [
        {"p_grid_con": _SPOT},
        {"p_grid_con": {"signal": "spot"}},
        {"bands": _MODES, "p_con": {"priority": _SPOT, "normal": "1"}},
        {"bands": {**_MODES, "rest": "normal"}},
    ],
)
def test_what_is_written_is_read_back(changed: Mapping[str, Any]) -> None:
    """A frozen copy of the tariff says the same."""
    version = _version(**changed)

    assert version_from_written(Written(written_version(version)), 15) == version


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"p_con": {"signal": "spot", "factor": "2"}}, "there is no 'factor' here"),
        ({"p_con": {"signal": "spot", "multiplier": "0"}}, "multiplied by 0"),
        ({"p_con": {"signal": "spot", "offset": "x"}}, "not a finite number"),
        ({"bands": {"signal": "mode", "modes": {}}}, "modes are bands with"),
        ({"bands": {"signal": "mode", "modes": {"a": []}}}, "modes are bands with"),
        ({"bands": {"signal": "mode", "modes": {" ": ["x"]}}}, "needs a name"),
        (
            {"bands": {"signal": "mode", "modes": {"a": ["x"], "b": ["x"]}}},
            "x makes two bands",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(
    changed: Mapping[str, Any], reason: str
) -> None:
    """The sentence says what is wrong, and how to put it right."""
    with pytest.raises(TermsError, match=reason):
        _version(**changed)


def test_a_rest_may_be_one_of_the_bands() -> None:
    """A name stands once among the names."""
    bands = ModeBands("mode", (("a", ("x",)), ("b", ("y",))), "b")

    assert bands.names == ("a", "b")
    assert (bands.of({"mode": "x"}), bands.of({})) == ("a", "b")
