"""Fees by the days that they are owed for."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, strategies as st
import pytest

from custom_components.leg_invoicing.billing.fees import Fee, FeePer, fee_parts
from custom_components.leg_invoicing.billing.models import LineKind
from custom_components.leg_invoicing.billing.money import Money
from custom_components.leg_invoicing.billing.settlement import settle
from custom_components.leg_invoicing.billing.statements import Line, Unit
from tests.billing.build import (
    agreement,
    ct,
    measured,
    month,
    statement_of,
    terms,
    version as prices,
)


def _owed(per: FeePer, amount: str, first: str, end: str) -> Money:
    parts = fee_parts(per, date.fromisoformat(first), date.fromisoformat(end))
    return Money.total(part.share(ct(amount)) for part in parts)


@pytest.mark.parametrize(
    ("per", "first", "end", "owed"),
    [
        (FeePer.MONTH, "2026-01-01", "2026-02-01", "500"),
        (FeePer.MONTH, "2026-01-01", "2026-04-01", "1500"),
        (FeePer.MONTH, "2026-01-01", "2026-01-18", "274.193548"),
        (FeePer.MONTH, "2026-01-18", "2026-02-01", "225.806452"),
        (FeePer.MONTH, "2026-01-31", "2026-03-02", "532.258065"),
        (FeePer.YEAR, "2026-01-01", "2027-01-01", "500"),
        (FeePer.YEAR, "2026-01-01", "2026-02-01", "42.465753"),
        (FeePer.YEAR, "2028-02-01", "2028-03-01", "39.617487"),
    ],
)
def test_fees_are_owed_by_the_day(per: FeePer, first: str, end: str, owed: str) -> None:
    """Of a month or a year of that many days."""
    assert _owed(per, "500", first, end) == ct(owed)


_DAYS = st.dates(date(2026, 1, 1), date(2030, 1, 1))


@given(
    st.sampled_from([FeePer.MONTH, FeePer.YEAR]),
    st.decimals(-10_000, 10_000, places=4),
    st.lists(_DAYS, min_size=3, max_size=5, unique=True).map(sorted),
)
def test_parts_owe_what_the_whole_owes(
    per: FeePer, amount: Decimal, days: list[date]
) -> None:
    """Wherever days are parted, nothing is owed twice and nothing is lost."""
    text = f"{amount:f}"
    edges = [day.isoformat() for day in days]
    parts = [
        _owed(per, text, first, end)
        for first, end in zip(edges, edges[1:], strict=False)
    ]

    assert Money.total(parts) == _owed(per, text, edges[0], edges[-1])


def _fee_lines(*fees: Fee, first: str = "2026-01-01", **more: str) -> list[Line]:
    community = terms(
        agreement("house_1", first=first),
        versions=[prices(fees=fees)],
        model=more.get("model", "pool"),
    )
    span = month("2026-01")
    settled = settle(community, span, measured(span, house_1="0.1/0"))
    return [
        line
        for line in statement_of(settled, "house_1").lines
        if line.kind is LineKind.FEE
    ]


def _fee(name: str, amount: str, per: str) -> Fee:
    return Fee(name=name, amount=ct(amount), per=FeePer(per))


def test_a_line_says_what_a_fee_is_of() -> None:
    """The name, the part of the month, and its days."""
    (line,) = _fee_lines(_fee("Base fee", "500", "month"), first="2026-01-18")

    assert (line.name, line.unit, line.unit_price) == (
        "Base fee",
        Unit.MONTH,
        ct("500"),
    )
    assert (line.quantity, line.amount) == (Decimal("0.451613"), ct("226"))
    assert [(part.days, part.of_days) for part in line.parts] == [(14, 31)]
    assert (line.first, line.end) == (date(2026, 1, 18), date(2026, 2, 1))


@pytest.mark.parametrize(
    ("first", "lines"), [("2026-01-10", 1), ("2025-12-31", 0), ("2026-01-01", 1)]
)
def test_a_fee_once_is_owed_when_an_agreement_begins(first: str, lines: int) -> None:
    """In the period of its first day, and never again."""
    assert len(_fee_lines(_fee("Joining", "2000", "once"), first=first)) == lines


def test_a_fee_per_kwh_is_of_what_is_charged() -> None:
    """Under `local_only`, the grid's energy is not ours to charge for."""
    fee = _fee("Settlement", "0.4", "kwh")

    (line,) = _fee_lines(fee)

    assert (line.quantity, line.unit) == (Decimal("297.6"), Unit.KWH)
    assert line.exact == ct("119.04")
    assert _fee_lines(fee, model="local_only") == []


def test_a_change_of_the_fee_is_two_lines() -> None:
    """Each version owes the days on which it was valid."""
    community = terms(
        agreement("house_1"),
        versions=[
            prices(fees=(_fee("Base fee", "310", "month"),)),
            prices("2026-01-11", fees=(_fee("Base fee", "620", "month"),)),
        ],
    )
    span = month("2026-01")

    settled = settle(community, span, measured(span, house_1="0/0"))
    statement = statement_of(settled, "house_1")

    assert [line.amount for line in statement.lines] == [ct("100"), ct("420")]
    assert statement.fees == ct("520")
    assert statement.lines[0].end - timedelta(days=1) == date(2026, 1, 10)
