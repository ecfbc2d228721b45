"""The numbers of a statement that are no lines come from those that are."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
import yaml

from custom_components.leg_invoicing.billing.figure_records import figure_record
from custom_components.leg_invoicing.billing.figures import (
    Avoided,
    Difference,
    IncludedTax,
    Saved,
    figures_of,
)
from custom_components.leg_invoicing.billing.models import LineKind
from custom_components.leg_invoicing.billing.money import Money
from custom_components.leg_invoicing.billing.settlement import settle
from custom_components.leg_invoicing.billing.statements import Statement
from custom_components.leg_invoicing.billing.terms_record import terms_from_record
from custom_components.leg_invoicing.billing.vat import VatMode

from .build import measured, period, statement_of
from .cases import Case, cases

_TERMS = """\
community: {timezone: Europe/Zurich, model: split, co2: 100,
  grid_discount: {percent: 40, grid_fee: 9.5}}
tariffs:
  home:
    - {valid_from: 2026-01-01, p_pv: 20, p_con: 25, p_grid_del: 6, p_grid_con: 30,
       fees: [{name: Base fee, amount: 310, per: month}],
       vat: {mode: included, rate: 8.1}}
agreements:
  - {house: one, participant: Ann, tariff: home,
     from: 2026-01-01, vat: {mode: included, rate: 2.6, number: X}}
  - {house: two, participant: Bob, tariff: home, from: 2026-01-01}
"""


def statement(**houses: str) -> Statement:
    """Return a day of the first house."""
    of = terms_from_record(yaml.load(_TERMS, Loader=yaml.BaseLoader))  # noqa: S506
    span = period("2026-01-01..2026-01-02", of)
    return statement_of(settle(of, span, measured(span, **houses)), "one")


def test_what_there_is_to_tell() -> None:
    """Each figure has the lines it comes from, and what they come to."""
    told = [
        figure_record(figure)
        for figure in figures_of(statement(one="0.01/0.2", two="0.1/0"))
    ]

    # 0.96 kWh at 25 ct, 10.56 at 20 and 8.64 at 6 ct, and a day of the fee.
    assert [figure["figure"] for figure in told] == [
        "total",
        "vat_included",
        "supplier_vat_included",
        "saved",
        "difference",
        "co2_avoided",
        "grid_discount",
    ]
    total, vat, supplier_vat, saved, difference, co2, discount = told
    assert total == {"figure": "total", "amount_ct": -229, "of_lines": [1, 2, 3, 4]}
    assert vat == {
        "figure": "vat_included",
        "amount_ct": 3,
        "of_lines": [1, 4],
        "rate": Decimal("8.1"),
        "gross_ct": 34,
        "net_ct": 31,
        "unrounded_ct": Decimal("2.547641"),
    }
    assert (supplier_vat["gross_ct"], supplier_vat["of_lines"]) == (263, [2, 3])
    assert saved["used"] == {
        "energy_kwh": Decimal("0.96"),
        "elsewhere_ct": 29,
        "here_ct": 24,
        "of_lines": [1],
    }
    assert saved["delivered"]["elsewhere_ct"] == 115
    assert saved["amount_ct"] == 29 - 24 + 263 - 115
    assert difference == {
        "figure": "difference",
        "amount_ct": 153 - 10,
        "of_lines": [4],
        "saved_ct": 153,
        "besides_ct": 10,
    }
    assert co2 == {
        "figure": "co2_avoided",
        "amount_g": 96,
        "energy_kwh": Decimal("0.96"),
        "g_per_kwh": 100,
    }
    assert discount == {
        "figure": "grid_discount",
        "amount_ct": 4,
        "energy_kwh": Decimal("0.96"),
        "percent": 40,
        "grid_fee_ct_per_kwh": Decimal("9.5"),
        "unrounded_ct": Decimal("3.648"),
    }


def test_nothing_to_tell() -> None:
    """Who neither uses nor delivers anything saves nothing, and avoids nothing."""
    known = statement(one="0/0", two="0.1/0")
    known = replace(known, lines=())

    for each in (known, replace(known, benefits=None)):
        (total,) = figures_of(each)
        assert figure_record(total) == {
            "figure": "total",
            "amount_ct": 0,
            "of_lines": [],
        }


@settings(max_examples=60)
@given(case=cases())
def test_every_figure_adds_up(case: Case) -> None:
    """Whatever the terms, figures are computed from lines as they are printed."""
    for each in case.settled().statements:
        _add_up(each)


def _add_up(each: Statement) -> None:
    total, *figures = figures_of(each)
    assert total.amount == each.total == _printed(each, range(1, len(each.lines) + 1))
    taxes = [figure for figure in figures if isinstance(figure, IncludedTax)]
    for tax in taxes:
        printed = _printed(each, tax.of_lines)
        gross = printed if tax.kind is LineKind.VAT else -printed
        assert gross == tax.share.charged == tax.net + tax.share.amount
        assert abs((tax.exact - tax.share.amount).ct) <= 51
    included = {VatMode.INCLUDED}
    shares = [s for s in (*each.vat, *each.supplier_vat) if s.vat.mode in included]
    assert [tax.share for tax in taxes] == shares
    for figure in figures:
        if isinstance(figure, Saved):
            here = Money.total(
                side.here if side.is_charge else -side.here for side in figure.sides
            )
            lines = [n for side in figure.sides for n in side.of_lines]
            assert here == _printed(each, lines) - _not_compared(each, figure)
        elif isinstance(figure, Difference):
            assert figure.besides == _printed(each, figure.of_lines)
        elif isinstance(figure, Avoided):
            assert figure.grams == each.co2_avoided


def _not_compared(each: Statement, saved: Saved) -> Money:
    """Return what lines say of energy of which nobody knows its worth elsewhere."""
    assert each.benefits is not None
    beside = each.benefits.not_compared
    return Money.total(
        beside.cost.rounded_to(side.smallest)
        if side.is_charge
        else -beside.revenue.rounded_to(side.smallest)
        for side in saved.sides
    )


def _printed(each: Statement, numbers: Sequence[int]) -> Money:
    return Money.total(each.lines[number - 1].amount for number in numbers)
