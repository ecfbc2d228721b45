"""Discounts, and fees for every meter."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from custom_components.leg_invoicing.billing.agreements import Agreement
from custom_components.leg_invoicing.billing.fees import FeeEach
from custom_components.leg_invoicing.billing.line_records import (
    line_from_record,
    line_record,
)
from custom_components.leg_invoicing.billing.meters import (
    CommonShare,
    Meter,
    Role,
    ShareBy,
)
from custom_components.leg_invoicing.billing.models import LineKind
from custom_components.leg_invoicing.billing.money import Money
from custom_components.leg_invoicing.billing.percentage import Percentage
from custom_components.leg_invoicing.billing.settlement import settle, settle_energy
from custom_components.leg_invoicing.billing.statements import Statement, Unit
from custom_components.leg_invoicing.billing.tariff_record import version_from_written
from custom_components.leg_invoicing.billing.tariff_written import written_version
from custom_components.leg_invoicing.billing.tariffs import Tariff, TariffVersion
from custom_components.leg_invoicing.billing.written import TermsError, Written
from tests.billing.build import agreement, ct, measured, period, statement_of, terms

_PRICES = {"p_pv": "20", "p_con": "25", "p_grid_del": "6", "p_grid_con": "30"}
_FEE = {"name": "Base fee", "amount": "500", "per": "month"}
_METERING = {"name": "Metering", "amount": "300", "per": "month", "each": "meter"}


def _written(**more: Any) -> dict[str, Any]:
    return {"valid_from": "2026-01-01", **_PRICES, **more}


def _read(**more: Any) -> TariffVersion:
    return version_from_written(Written(_written(**more)), 15)


def _off(of: str, percent: str = "5", name: str = "Loyalty") -> dict[str, str]:
    return {"name": name, "percent": percent, "of": of}


def _settled(
    text: str = "2026-01",
    each: str = "0.1/0.05",
    first: str = "2026-01-01",
    meters: tuple[Meter, ...] = (),
    **more: Any,
) -> Statement:
    version = _read(**more)
    community = terms(agreement("house_1", first=first), versions=[version])
    community = replace(community, meters=meters)
    span = period(text, community)
    points = {meter.meter_id: "0/0" for meter in meters if not meter.formula}
    settled = settle(community, span, measured(span, house_1=each, **points))
    return statement_of(settled, "house_1")


def _kinds(statement: Statement, kind: LineKind) -> list[tuple[str, str]]:
    return [(ln.name, f"{ln.exact.ct:f}") for ln in statement.lines if ln.kind is kind]


@pytest.mark.parametrize(
    ("of", "off"), [("energy", "-372"), ("fees", "-25"), ("all", "-397")]
)
def test_per_cent_are_of_what_is_charged(of: str, off: str) -> None:
    """Of 74.40 of energy and 5.00 of fees; not of what is credited."""
    statement = _settled(fees=[_FEE], discounts=[_off(of)])

    (line,) = (ln for ln in statement.lines if ln.kind is LineKind.DISCOUNT)
    assert (line.name, line.unit, line.quantity) == ("Loyalty", Unit.PERCENT, 5)
    assert (line.exact, line.amount) == (ct(off), ct(off))
    assert line.percentage == Percentage(Decimal(5), of)
    assert line.unit_price.times_hundred == ct(str(-20 * int(off)))
    assert statement.discounts == ct(off)
    assert (statement.fees, statement.import_cost) == (ct("500"), ct("7440"))
    assert line_from_record(line_record(line)) == line


def test_discounts_do_not_take_from_each_other() -> None:
    """Each is of the whole, so that their order says nothing."""
    both = [_off("energy", "10"), _off("all", "90", "Founders")]

    statement = _settled(discounts=both, fees=[_FEE])

    assert _kinds(statement, LineKind.DISCOUNT) == [
        ("Loyalty", "-744"),
        ("Founders", "-7146"),
    ]


def test_what_charges_nothing_is_left_alone() -> None:
    """A negative price or fee is a credit, which a discount does not lower."""
    statement = _settled(
        p_con="-1", fees=[{**_FEE, "amount": "-500"}], discounts=[_off("all")]
    )

    assert _kinds(statement, LineKind.DISCOUNT) == []
    assert statement.discounts == ct("0")


def test_an_amount_is_taken_off_by_the_day() -> None:
    """As a fee is owed: for 14 of 31 days, or once."""
    month = {"name": "Founders", "amount": "310", "per": "month"}
    once = {"name": "Welcome", "amount": "1000", "per": "once"}

    statement = _settled(first="2026-01-18", discounts=[month, once])

    founders, welcome = (ln for ln in statement.lines if ln.kind is LineKind.DISCOUNT)
    assert (founders.amount, founders.unit) == (ct("-140"), Unit.MONTH)
    assert [(part.days, part.of_days) for part in founders.parts] == [(14, 31)]
    assert (welcome.amount, welcome.unit) == (ct("-1000"), Unit.ONCE)


def test_a_discount_has_the_vat_of_what_it_is_of() -> None:
    """It lowers the tax: 8.1 % of 79.40 less 10 %."""
    vat = {"mode": "on_top", "rate": "8.1"}

    statement = _settled(fees=[_FEE], discounts=[_off("all", "10")], vat=vat)

    (share,) = statement.vat
    assert (share.charged, share.amount) == (ct("7146"), ct("579"))


def test_the_account_bears_the_discount() -> None:
    """What houses are let off is missing in the community's account."""
    community = terms(
        agreement("house_1"),
        versions=[_read(discounts=[_off("all", "7.25")], fees=[_FEE])],
    )
    span = period("2026-01", community)
    rows = measured(span, house_1="0.1/0")

    settled = settle(community, span, rows)
    statement, account = statement_of(settled, "house_1"), settled.community

    assert statement.discounts == ct("-575.65")
    paid = account.value_grid_import
    assert account.balance + account.rounding + paid == statement.total
    energy = settle_energy(community, span, rows)
    assert statement_of(energy, "house_1").discounts == ct("0")


def _meter(meter_id: str, role: Role = Role.PV, **more: Any) -> Meter:
    return Meter(meter_id=meter_id, role=role, house_id="house_1", **more)


def test_a_fee_for_every_meter() -> None:
    """The house's own, and others while they count; virtual ones have no register."""
    meters = (
        _meter("pv", since=date(2026, 1, 18)),
        _meter("battery", Role.BATTERY, until=date(2026, 1, 11)),
        _meter("gone", since=date(2026, 3, 1)),
        _meter("rest", Role.EV_CHARGER, formula=((1, "pv"),)),
    )

    statement = _settled(meters=meters, fees=[_METERING, _FEE])

    metering, base = (ln for ln in statement.lines if ln.kind is LineKind.FEE)
    assert [(part.days, part.of_days) for part in metering.parts] == [
        (31, 31),
        (14, 31),
        (10, 31),
    ]
    assert metering.quantity == Decimal("1.774194")
    assert metering.exact == ct("300") + ct("135.483871") + ct("96.774193")
    assert base.exact == ct("500")


def test_a_fee_for_every_meter_once() -> None:
    """When an agreement begins, and when a meter is added."""
    once = {"name": "Installation", "amount": "1000", "per": "once", "each": "meter"}
    meters = (
        _meter("pv"),
        _meter("battery", Role.BATTERY, since=date(2026, 1, 20)),
        _meter("late", since=date(2026, 2, 5)),
        _meter("gone", until=date(2025, 12, 1)),
    )

    january = _settled(meters=meters, fees=[once])
    february = _settled("2026-02", meters=meters, fees=[once])

    assert _kinds(january, LineKind.FEE) == [("Installation", "3000")]
    assert _kinds(february, LineKind.FEE) == [("Installation", "1000")]


def test_a_meter_with_prices_of_its_own_owes_their_fees() -> None:
    """It is not counted among the others, and a virtual one not at all."""
    meters = (
        _meter("ev", Role.EV_CHARGER, tariff_id="charging"),
        _meter("heat", Role.HEAT_PUMP, tariff_id="charging", formula=((1, "ev"),)),
    )
    standard, charging = (
        Tariff(name, (_read(fees=[{**_METERING, "amount": amount}]),))
        for name, amount in (("standard", "300"), ("charging", "200"))
    )
    community = terms(
        agreement("house_1"), tariffs={"standard": standard, "charging": charging}
    )
    community = replace(community, meters=meters)
    span = period("2026-01", community)

    settled = settle(community, span, measured(span, house_1="0/0", ev="0/0"))

    fees = statement_of(settled, "house_1").lines
    assert [(line.meter, line.exact) for line in fees] == [
        ("", ct("300")),
        ("ev", ct("200")),
    ]


def _charging(
    meter: Meter,
    fee: Mapping[str, str],
    *agreements: Agreement,
    month: str = "2026-01",
    used: str = "0/0",
) -> list[tuple[str, str, Money]]:
    """Return house, meter and amount of the fees that a meter's own tariff has."""
    community = terms(
        *agreements,
        tariffs={
            "standard": Tariff("standard", (_read(),)),
            "charging": Tariff("charging", (_read(fees=[fee]),)),
        },
    )
    community = replace(community, meters=(meter,))
    span = period(month, community)
    flat = dict.fromkeys((a.house_id for a in agreements), "0/0")
    flat[meter.meter_id] = used
    return [
        (statement.agreement.house_id, line.meter, line.exact)
        for statement in settle(community, span, measured(span, **flat)).statements
        for line in statement.lines
        if line.kind is LineKind.FEE
    ]


_MONTHLY = {"name": "Charging", "amount": "3100", "per": "month"}
_SETUP = {"name": "Setup", "amount": "9900", "per": "once"}


@pytest.mark.parametrize(
    ("days", "month", "fee", "owed"),
    [
        ({"since": date(2026, 1, 22)}, "2026-01", _MONTHLY, ["1000"]),
        ({"until": date(2026, 1, 11)}, "2026-01", _MONTHLY, ["1000"]),
        ({"until": date(2026, 1, 11)}, "2026-02", _MONTHLY, []),
        ({"since": date(2026, 1, 22)}, "2026-01", _SETUP, ["9900"]),
        ({"since": date(2026, 1, 22)}, "2026-02", _SETUP, []),
        ({"since": date(2025, 1, 22)}, "2026-01", _SETUP, ["9900"]),
    ],
)
@pytest.mark.parametrize("each", ["house", "meter"])
def test_a_tariff_of_a_meter_owes_fees_while_the_meter_counts(
    days: dict[str, date], month: str, fee: dict[str, str], owed: list[str], each: str
) -> None:
    """By the day, and once when it begins, or the agreement if that is later."""
    meter = _meter("ev", Role.EV_CHARGER, tariff_id="charging", **days)

    found = _charging(meter, {**fee, "each": each}, agreement("house_1"), month=month)

    assert [amount for _, _, amount in found] == [ct(text) for text in owed]


@pytest.mark.parametrize("fee", [_MONTHLY, _SETUP])
@pytest.mark.parametrize("each", ["house", "meter"])
def test_who_charges_elsewhere_owes_no_fee_for_the_charger(
    fee: dict[str, str], each: str
) -> None:
    """The house to which the charger belongs owes it once, alone."""
    meter = _meter(
        "ev",
        Role.EV_CHARGER,
        tariff_id="charging",
        user_signal="tag",
        users={"B": "house_2"},
    )
    houses = (agreement("house_1"), agreement("house_2"))

    found = _charging(meter, {**fee, "each": each}, *houses)

    assert found == [("house_1", "ev", ct(fee["amount"]))]


def _staircase(by: str, **of: str) -> Meter:
    parts = {house_id: Decimal(part) for house_id, part in of.items()}
    share = CommonShare(by=ShareBy(by), of=parts)
    role = Role.COMMON_AREA
    return Meter(meter_id="stairs", role=role, share=share, tariff_id="charging")


@pytest.mark.parametrize(
    ("meter", "owed"),
    [
        (_staircase("equal"), ["1033.333333", "1033.333333", "1033.333334"]),
        (
            _staircase("area", house_1="62.5", house_3="30.5"),
            ["2083.333333", "1016.666667"],
        ),
        (_staircase("percent", house_1="100"), ["3100"]),
    ],
)
@pytest.mark.parametrize("each", ["house", "meter"])
def test_the_fees_of_a_common_area_are_divided_as_its_energy_is(
    meter: Meter, owed: list[str], each: str
) -> None:
    """The parts of the houses sum to the fee; who has no part owes none."""
    houses = [agreement(f"house_{number}") for number in (1, 2, 3)]

    found = _charging(meter, {**_MONTHLY, "each": each}, *houses)

    assert [amount for _, _, amount in found] == [ct(text) for text in owed]
    assert {name for _, name, _ in found} == {"stairs"}


def test_a_part_of_a_fee_changes_with_who_shares() -> None:
    """Alone for ten of 31 days, and one of two for the others."""
    houses = (agreement("house_1"), agreement("house_2", first="2026-01-11"))

    found = _charging(_staircase("equal"), _MONTHLY, *houses)

    assert found == [
        ("house_1", "stairs", ct("1000")),
        ("house_1", "stairs", ct("1050")),
        ("house_2", "stairs", ct("1050")),
    ]


def test_who_comes_owes_a_part_of_what_is_owed_once() -> None:
    """The part of the day on which an agreement begins; by the kWh, all of it."""
    houses = (agreement("house_1"), agreement("house_2", first="2026-01-11"))
    by_kwh = {"name": "Settlement", "amount": "1", "per": "kwh"}

    once = _charging(_staircase("area", house_1="1", house_2="3"), _SETUP, *houses)
    energy = _charging(_staircase("equal"), by_kwh, *houses, used="0.001/0")

    assert once == [
        ("house_1", "stairs", ct("2475")),
        ("house_2", "stairs", ct("7425")),
    ]
    assert [amount for *_, amount in energy] == [ct("1.968"), ct("1.008")]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (
            {"discounts": [_off("energy", "0")]},
            "percent must be more than 0 and 100 at",
        ),
        (
            {"discounts": [_off("fees", "101")]},
            "percent must be more than 0 and 100 at",
        ),
        ({"discounts": [_off("vat")]}, "of cannot be 'vat'; use energy, fees, all"),
        ({"discounts": [{"name": "x"}]}, "percent is missing in entry 1"),
        (
            {"discounts": [{**_off("all"), "per": "month"}]},
            "there is no 'per' here",
        ),
        (
            {"discounts": [{"name": "x", "amount": "-1", "per": "month"}]},
            "a discount is more than 0 ct",
        ),
        (
            {"discounts": [_off("energy", "60"), _off("all", "40.1")]},
            "discounts: the discounts of energy are more than 100 per cent together",
        ),
        (
            {"discounts": [_off("fees", "60"), _off("all", "40.1")]},
            "the discounts of fees are more than 100 per cent",
        ),
        (
            {"fees": [{**_FEE, "per": "kwh", "each": "meter"}]},
            "a fee per kWh counts kWh, not meters",
        ),
        (
            {"fees": [{**_FEE, "each": "room"}]},
            "each cannot be 'room'; use house, meter",
        ),
    ],
)
def test_what_is_no_discount_is_refused(more: dict[str, Any], message: str) -> None:
    """Nothing, more than all, and what is not charged."""
    with pytest.raises(TermsError, match=message):
        _read(**more)


def test_what_is_written_is_read_back() -> None:
    """Discounts and fees per meter survive in the books."""
    more = {
        "fees": [_FEE, _METERING],
        "discounts": [
            _off("energy", "60"),
            _off("fees", "100", "Free"),
            {"name": "Founders", "amount": "310", "per": "year"},
        ],
    }
    version = _read(**more)

    assert written_version(version) == _written(**more)
    assert version_from_written(Written(written_version(version)), 15) == version
    assert [fee.each for fee in version.fees] == [FeeEach.HOUSE, FeeEach.METER]
