"""Settlements agree with a slow one in fractions."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from itertools import chain

from hypothesis import assume, given
import pytest

from custom_components.leg_invoicing.billing.calendar import (
    Span,
    interval_starts,
    local_date,
    midnight,
)
from custom_components.leg_invoicing.billing.currencies import smallest_unit
from custom_components.leg_invoicing.billing.energy import Energy
from custom_components.leg_invoicing.billing.house_energy import HouseEnergy
from custom_components.leg_invoicing.billing.measurements import (
    IntervalSlice,
    Measurements,
)
from custom_components.leg_invoicing.billing.models import CREDITS, LineKind, Model
from custom_components.leg_invoicing.billing.money import Money, UnitPrice
from custom_components.leg_invoicing.billing.settlement import settle, settle_energy
from custom_components.leg_invoicing.billing.statements import Settlement, Statement
from custom_components.leg_invoicing.billing.tariffs import Price, Tariff, TariffVersion
from custom_components.leg_invoicing.billing.terms import Community, Terms
from custom_components.leg_invoicing.billing.together import by_invoice
from tests.billing.bill_oracle import bill_slowly
from tests.billing.oracle import nearest, settle_slowly, taxes

from .cases import Case, cases, measurements_of, signals_at

_CLOSING = {LineKind.VAT, LineKind.SUPPLIER_VAT, LineKind.ROUNDING}
"""The kinds of line that follow from the others."""


@given(cases())
def test_7_taxes_are_those_of_a_slow_bill(case: Case) -> None:
    """Each side's tax is computed on its own lines, and the total follows."""
    unit = Fraction(smallest_unit(case.terms.community.currency).ct)
    for invoice in by_invoice(case.settled().statements):
        total = sum(_slow_total(statement, unit) for statement in invoice)
        if coin := Fraction(case.terms.community.rounding.ct):
            total = nearest(total, coin)
        assert Fraction(Money.total(s.total for s in invoice).ct) == total


def _slow_total(statement: Statement, unit: Fraction) -> Fraction:
    """Return what a house owes before its invoice is rounded to coins."""
    charged, credited = [], []
    for line in statement.lines:
        amount = Fraction(line.amount.ct)
        vat = (str(line.vat.mode), Fraction(line.vat.rate))
        if line.kind in CREDITS:
            credited.append((*vat, -amount))
        elif line.kind not in _CLOSING:
            charged.append((*vat, amount))
    tax, added = taxes(charged, unit)
    supplier_tax, supplier_added = taxes(credited, unit)

    assert Fraction(statement.vat_amount.ct) == tax
    assert Fraction(statement.supplier_vat_amount.ct) == supplier_tax
    total = sum(line[2] for line in charged) - sum(line[2] for line in credited)
    return total + added - supplier_added


@given(cases())
def test_the_settlement_agrees_with_one_in_fractions(case: Case) -> None:
    """Energies, costs, revenues and the account equal those of the slow settlement."""
    settlement = settle_energy(case.terms, case.span, case.measurements)
    rows = {
        start: {house: cell[:2] for house, cell in case.rows.get(start, {}).items()}
        for start in interval_starts(case.span, case.terms.community.interval_minutes)
    }

    seen = {start: signals_at(start) for start in rows}

    books = settle_slowly(case.terms, rows, sorted(settlement.houses), seen)

    # Prices of intervals are no decimals; what they come to is shared in whole units.
    is_valued = case.terms.community.model is Model.BREAK_EVEN
    near = partial(pytest.approx, rel=0, abs=Fraction(1, 10**5) if is_valued else 0)
    for statement in settlement.statements:
        agreement, energy = statement.agreement, statement.energy
        bill = books.bills.pop((agreement.house_id, agreement.first.isoformat()))
        assert energy == HouseEnergy(
            imported=Energy(bill.imported),
            exported=Energy(bill.exported),
            local_import=Energy(bill.local_import),
            local_export=Energy(bill.local_export),
        )
        assert Fraction(statement.import_cost.ct) == near(bill.cost)
        assert Fraction(statement.export_revenue.ct) == near(bill.revenue)
        assert Fraction(statement.saved.ct) == near(bill.saved)
        assert (statement.benefits.co2_avoided or 0) == bill.co2
        taken_off = statement.grid_discount
        assert (taken_off.ct if taken_off else 0) == bill.taken_off
    assert books.bills == {}
    account = settlement.community
    assert books.grid_import_value == Fraction(account.value_grid_import.ct)
    assert books.grid_export_value == Fraction(account.value_grid_export.ct)
    assert Fraction(account.balance.ct) == near(books.balance)


@given(cases())
def test_bills_agree_with_those_in_fractions(case: Case) -> None:
    """Tiers, fees and discounts equal those of bills that are added up by hand."""
    assume(case.terms.community.model is not Model.BREAK_EVEN)
    settlement = case.settled()
    rows = {
        start: {house: cell[:2] for house, cell in case.rows.get(start, {}).items()}
        for start in interval_starts(case.span, case.terms.community.interval_minutes)
    }

    seen = {start: signals_at(start) for start in rows}

    books = settle_slowly(case.terms, rows, sorted(settlement.houses), seen)

    for statement in settlement.statements:
        agreement = statement.agreement
        bill = books.bills[agreement.house_id, agreement.first.isoformat()]
        due = bill_slowly(bill.flows, bill.days, agreement)
        assert Fraction(statement.import_cost.ct) == due.cost
        assert Fraction(statement.export_revenue.ct) == due.revenue
        assert Fraction(statement.fees.ct) == due.fees
        assert Fraction(statement.discounts.ct) == due.discounts


@given(cases(of_two_months=True))
def test_months_add_up_to_the_period_of_both(case: Case) -> None:
    """Two months owe to the last decimal what the period of both owes."""
    zone = case.terms.community.zone
    edge = midnight(local_date(case.span.end - 1, zone), zone)
    spans = [Span(case.span.start, edge), Span(edge, case.span.end)]

    parts = [settle(case.terms, s, measurements_of(case.rows, s)) for s in spans]

    names = ["import_cost", "export_revenue", "fees"]
    if case.terms.community.model is not Model.BREAK_EVEN:
        names.append("discounts")  # its average of two months may be below zero

    def amounts(settlements: Sequence[Settlement]) -> Mapping[str, list[Money]]:
        found: dict[str, list[Money]] = {}
        for statement in chain.from_iterable(s.statements for s in settlements):
            agreement_id = statement.agreement.agreement_id
            row = found.setdefault(agreement_id, [Money(Decimal(0))] * len(names))
            owed = (getattr(statement, name) for name in names)
            row[:] = [a + b for a, b in zip(row, owed, strict=True)]
        return found

    assert amounts([case.settled()]) == amounts(parts)


def test_a_slice_off_the_grid_is_an_error_of_the_program() -> None:
    """Rows outside the span, out of order or between intervals are not settled."""
    span = Span(0, 1800)
    terms = Terms(
        community=Community(timezone="UTC", currency="CHF", grid_tariff="day"),
        tariffs={"day": _ANY_TARIFF},
        agreements=(),
    )
    for starts in ([1800], [-900], [450], [900, 0], [0, 0]):
        slices = [IntervalSlice(start, [1], [0], [0]) for start in starts]
        with pytest.raises(ValueError, match="does not belong"):
            settle(terms, span, Measurements(("house_1",), slices))


_ANY_TARIFF = Tariff(
    "day",
    (
        TariffVersion(
            valid_from=date(1970, 1, 1),
            **dict.fromkeys(
                ("p_pv", "p_con", "p_grid_del", "p_grid_con"),
                Price.flat(UnitPrice(Decimal(1))),
            ),
        ),
    ),
)
