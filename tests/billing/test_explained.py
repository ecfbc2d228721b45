"""Every line explains itself, by arithmetic that gives its amount."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
import yaml

from custom_components.leg_invoicing.billing.counting import Counted, Flow, counted
from custom_components.leg_invoicing.billing.explained import explained
from custom_components.leg_invoicing.billing.explanations import (
    Explanation,
    Formula,
    Remark,
    explanation_record,
)
from custom_components.leg_invoicing.billing.fees import Fee, FeePer
from custom_components.leg_invoicing.billing.line_sources import Part
from custom_components.leg_invoicing.billing.measurements import Measurements
from custom_components.leg_invoicing.billing.models import LineKind, Model
from custom_components.leg_invoicing.billing.money import Money
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.billing.rates import SignalPrice
from custom_components.leg_invoicing.billing.settlement import settle
from custom_components.leg_invoicing.billing.signals import SignalValue
from custom_components.leg_invoicing.billing.statements import Line, Statement, Unit
from custom_components.leg_invoicing.billing.tariff_record import version_from_written
from custom_components.leg_invoicing.billing.tariffs import TariffVersion
from custom_components.leg_invoicing.billing.terms import Terms
from custom_components.leg_invoicing.billing.terms_record import terms_from_record
from custom_components.leg_invoicing.billing.together import others_on_invoice
from custom_components.leg_invoicing.billing.vat import Vat, VatMode
from custom_components.leg_invoicing.billing.written import Written

from .build import agreement, ct, kwh, measured, period, statement_of, terms, version
from .cases import Case, cases
from .test_metering_properties import Metered, communities

DAY = "2026-01-01..2026-01-02"
CLOSING = {LineKind.VAT, LineKind.SUPPLIER_VAT, LineKind.ROUNDING}
DAY_NIGHT = version_from_written(
    Written(
        {
            "valid_from": "2026-01-01",
            "bands": [
                {"name": "day", "from": "06:00", "to": "22:00"},
                {"name": "night", "rest": "true"},
            ],
            "p_pv": "20",
            "p_con": {"day": "25", "night": "18"},
            "p_grid_del": "6",
            "p_grid_con": "30",
        }
    ),
    15,
)
FEES = (
    Fee(name="Base fee", amount=ct("310"), per=FeePer.MONTH),
    Fee(name="Joining", amount=ct("50"), per=FeePer.ONCE),
    Fee(name="Service", amount=ct("0.5"), per=FeePer.KWH),
)


def explanations(
    of: Terms, text: str = DAY, house: str = "one", **houses: str | list[str | None]
) -> tuple[Explanation, ...]:
    """Explain the statement of a house."""
    span = period(text, of)
    flow = Flow.of(measured(span, **houses))
    statement = statement_of(settle(of, span, flow.within(span)), house)
    return explained(statement, of, counted(of, statement, flow))


def day_and_night(*fees: Fee, vat: Vat | None = None, coin: str = "0") -> Terms:
    """Return a community of one house, by day and night."""
    prices: TariffVersion = replace(DAY_NIGHT, fees=fees, vat=vat or DAY_NIGHT.vat)
    return terms(agreement("one"), versions=[prices], rounding=ct(coin))


def test_bands_and_how_well_their_intervals_are_known() -> None:
    """A band's line has the band's intervals, measured and interpolated ones apart."""
    cells = ["0.1/0"] * 24 + ["0.2/0 interpolated"] * 8 + ["0.1/0"] * 64

    day, night = explanations(day_and_night(), one=cells)

    assert day.counted == (
        Counted(
            quality=Quality.MEASURED, intervals=56, energy=kwh("5.6"), value=ct("140")
        ),
        Counted(
            quality=Quality.INTERPOLATED,
            intervals=8,
            energy=kwh("1.6"),
            value=ct("40"),
        ),
    )
    assert [c.intervals for c in night.counted] == [32]
    assert (day.formula, day.exact, day.amount) == (
        Formula.PRODUCT,
        ct("180"),
        ct("180"),
    )
    assert day.remark is None


def test_fees_vat_and_rounding() -> None:
    """Each names what it is computed from."""
    vat = Vat(mode=VatMode.ON_TOP, rate=Decimal("8.1"))
    of = day_and_night(*FEES, vat=vat, coin="5")

    *energy, base, once, service, tax, rounding = explanations(of, one="0.1/0.01")

    assert [line.line.kind for line in energy] == ["import", "import", "export"]
    # 6.4 kWh × 25 and 3.2 kWh × 18, less 0.96 kWh × 20.
    assert [line.amount.ct for line in energy] == [160, 58, -19]
    assert (base.formula, base.exact) == (Formula.TIME, ct("10"))
    assert (once.formula, once.exact) == (Formula.ONCE, ct("50"))
    assert (service.of_lines, service.exact) == ((1, 2), ct("4.8"))
    assert tax.of_lines == (1, 2, 4, 5, 6)
    assert (tax.base, tax.exact) == (ct("283"), ct("22.923"))
    assert tax.amount == ct("23")
    assert (rounding.formula, rounding.base) == (Formula.COIN, ct("287"))
    assert (rounding.of_lines, rounding.exact) == ((1, 2, 3, 4, 5, 6, 7), ct("-2"))


def test_a_price_of_each_interval() -> None:
    """Where prices are found interval by interval, their worth adds up."""
    (used,) = explanations(
        terms(agreement("one"), model=Model.BREAK_EVEN),
        one=["0.1/0"] * 48 + ["0.3/0 estimated"] * 48,
        two="0/0.2",
    )

    assert used.formula is Formula.INTERVALS
    assert [c.quality for c in used.counted] == [Quality.MEASURED, Quality.ESTIMATED]
    assert sum(c.value.ct for c in used.counted) == used.exact.ct
    assert used.remark is None


def test_days_with_another_price() -> None:
    """A line has the intervals of its own days."""
    of = terms(
        agreement("one"), versions=[version(), version("2026-01-02", p_con="26")]
    )

    first, second = explanations(of, "2026-01-01..2026-01-04", one="0.1/0")

    assert [c.intervals for c in first.counted] == [96]
    assert [c.intervals for c in second.counted] == [192]


def test_measurements_that_have_changed_since() -> None:
    """What was billed is explained all the same, and said to be no longer so."""
    of = terms(agreement("one"), model=Model.BREAK_EVEN)
    span = period(DAY, of)
    before = statement_of(settle(of, span, measured(span, one="0.1/0")), "one")
    flat = terms(agreement("one"))
    billed = statement_of(settle(flat, span, measured(span, one="0.1/0")), "one")
    now = Flow.of(measured(span, one="0.2/0"))

    def explain(by: Terms, statement: Statement) -> Explanation:
        (only,) = explained(statement, by, counted(by, statement, now))
        return only

    for by, statement in ((of, before), (flat, billed)):
        explanation = explain(by, statement)
        assert explanation.remark is Remark.MEASUREMENTS_CHANGED
        assert explanation.amount == statement.lines[0].amount
        assert explanation.counted[0].energy == kwh("19.2")


def test_a_record() -> None:
    """What actions answer has the line's own fields, and how it comes about."""
    used, once = explanations(
        terms(agreement("one"), versions=[version(fees=FEES[1:2])]), one="0.03/0"
    )

    record = explanation_record(used)

    assert (record["line"], record["kind"], record["formula"]) == (
        1,
        "import",
        "product",
    )
    assert (record["quantity"], record["unit_price_ct"]) == (Decimal("2.88"), 25)
    assert record["intervals"] == [
        {
            "quality": "measured",
            "intervals": 96,
            "energy_kwh": Decimal("2.88"),
            "value_ct": None,
        }
    ]
    assert (record["of_lines"], record["base_ct"]) == ([], None)
    assert (record["unrounded_ct"], record["rounding_ct"]) == (72, 0)
    assert record["remark"] is None
    assert explanation_record(once)["formula"] == "once"


@settings(max_examples=60)
@given(case=cases())
def test_every_explanation_gives_the_amount(case: Case) -> None:
    """Whatever the terms, a line computed again is the line."""
    _explain_all(case.terms, case.settled().statements, case.measurements)


@settings(max_examples=60)
@given(case=communities())
def test_every_explanation_of_meters_gives_the_amount(case: Metered) -> None:
    """Whatever is measured besides the houses, by tariffs of its own or not."""
    measurements = case.measured(case.span)
    _explain_all(case.terms, case.settled().statements, measurements)


def _explain_all(
    of: Terms, statements: Sequence[Statement], measurements: Measurements
) -> None:
    """Hold every line of statements against its explanation."""
    flow = Flow.of(measurements)
    for statement in statements:
        counts = counted(of, statement, flow)
        others = others_on_invoice(statement, statements)
        for explanation in explained(statement, of, counts, others):
            assert explanation.amount == explanation.line.amount
            assert explanation.remark is None
            _add_up(explanation, [statement.lines[n - 1] for n in explanation.of_lines])


def _add_up(explanation: Explanation, of_lines: Sequence[Line]) -> None:
    """Hold the lines that a line is computed from against what is said of them."""
    line = explanation.line
    assert (line.kind in CLOSING) <= bool(of_lines or explanation.others)
    if line.kind is LineKind.DISCOUNT and line.unit is Unit.PERCENT:
        assert Money.total(each.exact for each in of_lines) == explanation.base
    elif line.kind in CLOSING:
        printed = Money.total(each.amount for each in of_lines)
        assert printed + explanation.others == explanation.base
    elif of_lines:
        assert sum(each.quantity for each in of_lines) == line.quantity


def test_dates_are_those_of_the_statement() -> None:
    """The statement of somebody who moved out counts its own intervals only."""
    of = terms(agreement("one", end="2026-01-02"), agreement("one", "2026-01-02"))
    span = period("2026-01-01..2026-01-04", of)
    flow = Flow.of(measured(span, one="0.1/0"))
    first, second = settle(of, span, flow.within(span)).statements

    assert first.end == second.first == date(2026, 1, 2)
    for statement, intervals in ((first, 96), (second, 192)):
        ((known,),) = counted(of, statement, flow)
        assert known.intervals == intervals


_METERS = """\
community: {timezone: Europe/Zurich, model: split}
tariffs:
  home:
    - {valid_from: 2026-01-01, p_pv: 20, p_con: 25, p_grid_del: 6, p_grid_con: 30,
       fees: [{name: Service, amount: 0.5, per: kwh}]}
  car:
    - {valid_from: 2026-01-01, p_pv: 20, p_con: 35, p_grid_del: 6, p_grid_con: 40,
       fees: [{name: Charging, amount: 2, per: kwh}]}
agreements:
  - {house: one, participant: A, tariff: home, from: 2026-01-01}
  - {house: two, participant: B, tariff: home, from: 2026-01-01}
meters:
  box: {house: one, role: ev_charger, name: Wallbox, behind: one, tariff: car}
  heat: {house: one, role: heat_pump, behind: one}
"""


def test_meters_with_lines_of_their_own() -> None:
    """Each line has its own meter's energy, and a fee that of its own tariff."""
    of = terms_from_record(yaml.load(_METERS, Loader=yaml.BaseLoader))  # noqa: S506

    lines = explanations(of, one="0.6/0", two="0/0.3", box="0.2/0", heat="0.1/0")

    for each in lines:
        assert each.remark is None
        assert each.amount == each.line.amount
    by_line = {(str(each.line.kind), each.line.meter): each for each in lines}
    assert len(by_line) == len(lines) == 8
    for meter, energy in (("", "14.4"), ("Wallbox", "9.6"), ("heat", "4.8")):
        (known,) = by_line["local_import", meter].counted
        assert (known.intervals, known.energy) == (96, kwh(energy))
    for meter, among, amount in (
        ("", ("", "heat"), "19.2"),
        ("Wallbox", ("Wallbox",), "38.4"),
    ):
        fee = by_line["fee", meter]
        assert fee.exact == ct(amount)
        assert set(fee.of_lines) == {
            each.number
            for (kind, of_meter), each in by_line.items()
            if kind != "fee" and of_meter in among
        }


_ALIKE = """\
community: {timezone: Europe/Zurich, model: pool}
tariffs:
  home:
    - {valid_from: 2026-01-01, p_pv: 20, p_con: 25, p_grid_del: 6, p_grid_con: 30}
  car:
    - {valid_from: 2026-01-01, p_pv: 20, p_con: 35, p_grid_del: 6, p_grid_con: 40,
       fees: [{name: Charging, amount: 2, per: kwh}]}
  night:
    - {valid_from: 2026-01-01, p_pv: 20, p_con: 15, p_grid_del: 6, p_grid_con: 40,
       discounts: [{name: Green, percent: 10, of: energy}]}
agreements:
  - {house: one, participant: A, tariff: home, from: 2026-01-01}
meters:
  box_1: {house: one, role: ev_charger, name: Wallbox, tariff: car}
  box_2: {house: one, role: ev_charger, name: Wallbox, tariff: night}
  box_3: {house: one, role: ev_charger, name: Wallbox}
"""


def test_meters_that_are_called_alike() -> None:
    """Each line is about its own, whatever people call the others."""
    of = terms_from_record(yaml.load(_ALIKE, Loader=yaml.BaseLoader))  # noqa: S506

    lines = explanations(of, one="0.6/0", box_1="0.2/0", box_2="0.1/0", box_3="0.4/0")

    by_line = {(str(each.line.kind), each.line.meter_id): each for each in lines}
    assert len(by_line) == len(lines) == 6
    for meter_id, energy in (("box_1", "19.2"), ("box_2", "9.6"), ("box_3", "38.4")):
        used = by_line["import", meter_id]
        assert used.line.meter == "Wallbox"
        assert [c.energy for c in used.counted] == [kwh(energy)]
        assert used.remark is None
    for kind, meter_id in (("fee", "box_1"), ("discount", "box_2")):
        number = by_line["import", meter_id].number
        assert by_line[kind, meter_id].of_lines == (number,)


_BANDS = """\
community: {timezone: Europe/Zurich, model: pool}
tariffs:
  home:
    - {valid_from: 2026-01-01, p_pv: 20, p_grid_del: 6, p_grid_con: 30,
       bands: [{name: day, from: "06:00", to: "22:00"}, {name: night, rest: true}],
       p_con: {day: 25, night: 18}}
  car:
    - {valid_from: 2026-01-01, p_pv: 20, p_grid_del: 6, p_grid_con: 40,
       bands: [{name: day, from: "10:00", to: "16:00"}, {name: night, rest: true}],
       p_con: {day: 10, night: 40}}
agreements:
  - {house: one, participant: A, tariff: home, from: 2026-01-01}
meters:
  box: {house: one, role: ev_charger, behind: one, tariff: car}
  heat: {house: one, role: heat_pump, behind: one}
"""


def test_bands_of_the_same_name_in_two_tariffs() -> None:
    """A meter's lines have the intervals of its own tariff's bands, if it has one."""
    of = terms_from_record(yaml.load(_BANDS, Loader=yaml.BaseLoader))  # noqa: S506

    lines = explanations(of, one="0.6/0", box="0.2/0", heat="0.1/0")

    counts = {
        (each.line.meter, each.line.band): each.counted[0].intervals for each in lines
    }
    assert counts == {
        ("", "day"): 64,
        ("", "night"): 32,
        ("heat", "day"): 64,
        ("heat", "night"): 32,
        ("box", "day"): 24,
        ("box", "night"): 72,
    }


_TIERED_METERS = """\
community: {timezone: Europe/Zurich, model: pool}
tariffs:
  home:
    - {valid_from: 2026-01-01, p_pv: 20, p_grid_del: 6, p_grid_con: 30,
       p_con: {tiers: [{to: 31, price: 10}, {price: 25}]}}
  car:
    - {valid_from: 2026-01-01, p_pv: 20, p_grid_del: 6, p_grid_con: 40,
       p_con: {tiers: [{to: 62, price: 30}, {price: 35}]}}
agreements:
  - {house: one, participant: A, tariff: home, from: 2026-01-01}
meters:
  box: {house: one, role: ev_charger, name: Wallbox, behind: one, tariff: car}
  heat: {house: one, role: heat_pump, behind: one}
"""


def test_tiers() -> None:
    """The lines of a month's tiers have the same intervals behind them."""
    prices = {
        "valid_from": "2026-01-01",
        "p_pv": "20",
        "p_con": {"tiers": [{"to": "3.1", "price": "10"}, {"price": "25"}]},
        "p_grid_del": "6",
        "p_grid_con": "30",
    }
    of = terms(agreement("one"), versions=[version_from_written(Written(prices), 15)])

    free, rest = explanations(of, one="0.1/0")

    assert free.counted == rest.counted
    assert (free.line.quantity, free.exact) == (Decimal("0.1"), ct("1"))
    assert (rest.line.quantity, rest.exact) == (Decimal("9.5"), ct("237.5"))
    assert free.remark is rest.remark is None


def test_tiers_of_a_house_with_meters() -> None:
    """A tier has the energy of all that goes by the agreement's prices behind it."""
    of = terms_from_record(yaml.load(_TIERED_METERS, Loader=yaml.BaseLoader))  # noqa: S506

    free, rest, *apart = explanations(of, one="0.6/0", box="0.2/0", heat="0.1/0")

    for tier in (free, rest):
        assert [(c.intervals, c.energy) for c in tier.counted] == [(96, kwh("38.4"))]
        assert tier.remark is None
    assert [(each.line.meter, each.remark) for each in apart] == [
        ("Wallbox", None),
        ("Wallbox", None),
    ]
    for tier in apart:
        assert [(c.intervals, c.energy) for c in tier.counted] == [(96, kwh("19.2"))]


def test_discounts() -> None:
    """What is let off is less than nothing, and names the lines it is off."""
    prices = {
        "valid_from": "2026-01-01",
        "p_pv": "20",
        "p_con": "25",
        "p_grid_del": "6",
        "p_grid_con": "30",
        "fees": [{"name": "Base fee", "amount": "310", "per": "month"}],
        "discounts": [
            {"name": "Friends", "percent": "10", "of": "all"},
            {"name": "Sun", "percent": "5", "of": "energy"},
            {"name": "Start", "amount": "31", "per": "month"},
            {"name": "Welcome", "amount": "20", "per": "once"},
            {"name": "Green", "amount": "0.5", "per": "kwh"},
        ],
    }
    of = terms(agreement("one"), versions=[version_from_written(Written(prices), 15)])

    used, fee, friends, sun, start, welcome, green = explanations(of, one="0.1/0")

    assert (used.exact, fee.exact) == (ct("240"), ct("10"))
    assert (friends.of_lines, friends.base, friends.exact) == (
        (1, 2),
        ct("250"),
        ct("-25"),
    )
    assert (sun.of_lines, sun.exact) == ((1,), ct("-12"))
    assert (start.exact, welcome.exact) == (ct("-1"), ct("-20"))
    assert (green.of_lines, green.exact) == ((1,), ct("-4.8"))
    assert green.amount == ct("-5")


def test_a_discount_counts_what_is_above_zero() -> None:
    """What a house is paid for what it uses is not made less."""
    prices = {
        "valid_from": "2026-01-01",
        "bands": [
            {"name": "day", "from": "06:00", "to": "22:00"},
            {"name": "night", "rest": "true"},
        ],
        "p_pv": "20",
        "p_con": {"day": "25", "night": "-5"},
        "p_grid_del": "6",
        "p_grid_con": "30",
        "discounts": [{"name": "Friends", "percent": "10", "of": "energy"}],
    }
    of = terms(agreement("one"), versions=[version_from_written(Written(prices), 15)])

    _, night, friends = explanations(of, one="0.1/0")

    assert night.exact == ct("-16")
    assert (friends.of_lines, friends.base, friends.exact) == (
        (1,),
        ct("160"),
        ct("-16"),
    )


_SOURCES = """\
community: {timezone: Europe/Zurich, model: split}
tariffs:
  home:
    - {valid_from: 2026-01-01, p_pv: 20, p_con: 25, p_grid_con: 30,
       p_grid_del: {signal: spot, multiplier: 0.9, offset: -1}}
  stairs:
    - {valid_from: 2026-01-01, p_pv: 20, p_con: 25, p_grid_del: 6,
       p_grid_con: {percent: 50, of: p_standard}, p_standard: {signal: spot},
       fees: [{name: Cleaning, amount: 620, per: month},
              {name: Counting, amount: 1, per: kwh}],
       discounts: [{name: Friends, percent: 10, of: all}]}
agreements:
  - {house: one, participant: A, tariff: home, from: 2026-01-01}
  - {house: two, participant: B, tariff: home, from: 2026-01-01}
meters:
  hall: {role: common_area, share: {by: equal}}
  stairs: {role: common_area, tariff: stairs, name: Staircase,
           share: {by: area, of: {one: 80, two: 120}}}
"""


def sources() -> tuple[Explanation, ...]:
    """Explain a bill with prices that follow a signal, and parts of shared meters."""
    of = terms_from_record(yaml.load(_SOURCES, Loader=yaml.BaseLoader))  # noqa: S506
    span = period(DAY, of)
    shown = [SignalValue("spot", s, "10") for s in range(span.start, span.end, 900)]
    flow = Flow.of(
        replace(
            measured(span, one="0/0.1", two="0.2/0", hall="0.02/0", stairs="0.1/0"),
            signals=shown,
        )
    )
    statement = statement_of(settle(of, span, flow.within(span)), "two")
    return explained(statement, of, counted(of, statement, flow))


def test_what_a_line_comes_from() -> None:
    """A price may follow a signal, and the house may have a part of a meter."""
    seen = {
        (str(each.line.kind), each.line.name or each.line.meter): each
        for each in sources()
    }

    part = Part(Decimal(120), Decimal(200))
    followed = {key: each.follows for key, each in seen.items() if each.follows}
    assert followed == {
        ("grid_import", "Staircase"): SignalPrice("spot", Decimal("0.5"), Decimal(0))
    }
    assert {key for key, each in seen.items() if each.part} == {
        ("local_import", "Staircase"),
        ("grid_import", "Staircase"),
        ("fee", "Cleaning"),
    }
    assert {each.part for each in seen.values()} == {None, part}
    record = explanation_record(seen["grid_import", "Staircase"])
    assert record["follows"] == {
        "signal": "spot",
        "multiplier": Decimal("0.5"),
        "offset_ct": 0,
    }
    assert record["part"] == {"own": 120, "whole": 200}
