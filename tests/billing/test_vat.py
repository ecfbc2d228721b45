"""VAT and the rounding of totals, and what is left for the community's account."""

from dataclasses import replace
from decimal import Decimal

import pytest

from custom_components.leg_invoicing.billing.agreements import Owner, Party
from custom_components.leg_invoicing.billing.fees import Fee, FeePer
from custom_components.leg_invoicing.billing.models import LineKind, Model
from custom_components.leg_invoicing.billing.money import Money
from custom_components.leg_invoicing.billing.settlement import settle
from custom_components.leg_invoicing.billing.statements import Settlement, Statement
from custom_components.leg_invoicing.billing.vat import NO_VAT, Vat, VatMode
from tests.billing.build import (
    agreement,
    ct,
    measured,
    month,
    statement_of,
    terms,
    version as prices,
)

_ON_TOP = Vat(mode=VatMode.ON_TOP, rate=Decimal("8.1"))
_INCLUDED = Vat(mode=VatMode.INCLUDED, rate=Decimal("8.1"))


def _settled(
    vat: Vat, *, coin: str = "0", fee: str = "0", of_seller: Vat = NO_VAT
) -> Settlement:
    """Settle a month in which one house buys and another one sells."""
    community = terms(
        agreement("house_1"),
        replace(agreement("house_2"), vat=of_seller),
        versions=[
            prices(vat=vat, fees=(Fee(name="Base", amount=ct(fee), per=FeePer.MONTH),))
        ],
        model=Model.SPLIT,
        rounding=ct(coin),
    )
    span = month("2026-01")
    return settle(community, span, measured(span, house_1="0.1/0", house_2="0/0.05"))


def _amounts(statement: Statement) -> dict[str, str]:
    return {str(line.kind): f"{line.amount.ct:f}" for line in statement.lines}


def test_vat_on_top() -> None:
    """A line adds it to energy and fees; what a house sells bears none."""
    settled = _settled(_ON_TOP, fee="1000")
    buyer = statement_of(settled, "house_1")

    # 148.8 kWh at 25 and at 30 ct, and 10.00: 9184 × 8.1 % = 743.904
    assert _amounts(buyer) == {
        "local_import": "3720",
        "grid_import": "4464",
        "fee": "1000",
        "vat": "744",
    }
    assert (buyer.vat_amount, buyer.vat_on_top, buyer.total) == (
        ct("744"),
        ct("744"),
        ct("9928"),
    )
    line = buyer.lines[-1]
    assert (line.quantity, line.unit_price) == (Decimal("8.1"), ct("91.84"))
    seller = statement_of(settled, "house_2")
    assert seller.vat_amount == ct("81")  # of the fee alone


def test_vat_included() -> None:
    """Prices contain it: nothing is added, and the account has the rest."""
    buyer = statement_of(_settled(_INCLUDED), "house_1")

    # 8184 × 8.1 / 108.1 = 613.23
    assert (buyer.vat_amount, buyer.vat_on_top) == (ct("613"), ct("0"))
    assert buyer.total == ct("8184")


def test_no_vat_and_why() -> None:
    """The reason is at hand where there is one."""
    reason = Vat(reason="not subject to VAT")

    (share,) = statement_of(_settled(reason), "house_1").vat
    assert (share.vat, share.amount) == (reason, ct("0"))
    assert statement_of(_settled(NO_VAT), "house_1").vat == ()


def test_a_rate_counts_from_its_day() -> None:
    """A period in which it changes has a line for each rate."""
    new = Vat(mode=VatMode.ON_TOP, rate=Decimal("8.5"))
    community = terms(
        agreement("house_1"),
        versions=[prices(vat=_ON_TOP), prices("2026-01-11", vat=new)],
    )
    span = month("2026-01")

    statement = statement_of(
        settle(community, span, measured(span, house_1="0.1/0")), "house_1"
    )

    assert [
        (line.quantity, line.amount)
        for line in statement.lines
        if line.kind is LineKind.VAT
    ] == [(Decimal("8.1"), ct("194")), (Decimal("8.5"), ct("428"))]


def test_the_published_rounding() -> None:
    """8790.00 at 8.1 % is 711.99 of tax; 9501.99 becomes 9502.00."""
    assert _ON_TOP.on(ct("879000")) == ct("71199")
    buyer = statement_of(_settled(_ON_TOP, coin="5", fee="870816"), "house_1")

    amounts = _amounts(buyer)
    assert sum(map(int, amounts.values())) == 950200
    assert (amounts["vat"], amounts["rounding"]) == ("71199", "1")
    assert buyer.total == ct("950200")


@pytest.mark.parametrize(
    ("coin", "total"), [("0", "8184"), ("1", "8184"), ("5", "8185"), ("100", "8200")]
)
def test_totals_are_rounded_to_coins(coin: str, total: str) -> None:
    """To the nearest multiple; without a coin, to nothing."""
    buyer = statement_of(_settled(NO_VAT, coin=coin), "house_1")

    assert buyer.total == ct(total)
    assert buyer.rounding == ct(total) - ct("8184")


def test_a_producer_who_owes_vat_is_credited_it() -> None:
    """His own rate is added to his credit, and the community may deduct it."""
    settled = _settled(_ON_TOP, of_seller=Vat(mode=VatMode.ON_TOP, rate=Decimal("2.6")))
    seller, account = statement_of(settled, "house_2"), settled.community

    # 148.8 kWh at 20 ct: 2976 × 2.6 % = 77.376
    assert _amounts(seller) == {
        "local_export": "-2976",
        "fee": "0",
        "supplier_vat": "-77",
    }
    assert (seller.vat_amount, seller.supplier_vat_amount) == (ct("0"), ct("77"))
    assert seller.export_revenue == ct("2976")
    assert (seller.total, seller.rounding) == (ct("-3053"), ct("0"))
    assert (account.vat, account.input_vat) == (ct("663"), ct("77"))
    assert account.balance == _settled(_ON_TOP).community.balance


def test_an_owner_who_owes_vat_is_credited_it() -> None:
    """On what the house delivers while nobody has it; who had it owes none."""
    owner = Owner(party=Party(name="Otto", vat_number="CHE-123.456.788"), vat=_ON_TOP)
    community = terms(
        agreement("house_1"),
        agreement("house_2", end="2026-01-16"),
        owners={"house_2": owner},
        model=Model.SPLIT,
    )
    span = month("2026-01")
    flowed = measured(span, house_1="0.1/0", house_2="0/0.05")

    _, before, vacant = settle(community, span, flowed).statements

    assert _amounts(before) == {"local_export": "-1440"}
    # 16 days of 4.8 kWh at 20 ct: 1536 × 8.1 % = 124.416
    assert _amounts(vacant) == {"local_export": "-1536", "supplier_vat": "-124"}
    assert vacant.agreement.participant == owner.party


def test_what_a_producer_is_credited_may_contain_vat() -> None:
    """Nothing is added; the account is without the tax that it may deduct."""
    settled = _settled(NO_VAT, of_seller=_INCLUDED)
    seller = statement_of(settled, "house_2")

    # 2976 × 8.1 / 108.1 = 222.995
    assert (seller.supplier_vat_amount, seller.supplier_vat_on_top) == (
        ct("223"),
        ct("0"),
    )
    assert seller.total == ct("-2976")
    plain = _settled(NO_VAT).community.balance
    assert settled.community.balance == plain + ct("223")


def test_a_producer_may_say_why_there_is_none() -> None:
    """His reason is not the community's."""
    reason = Vat(reason="small business")
    seller = statement_of(_settled(_ON_TOP, of_seller=reason), "house_2")

    assert [share.vat for share in seller.vat] == [_ON_TOP]  # of a fee of nothing
    assert [share.vat for share in seller.supplier_vat] == [reason]


@pytest.mark.parametrize("vat", [NO_VAT, _ON_TOP, _INCLUDED])
@pytest.mark.parametrize("of_seller", [NO_VAT, _ON_TOP, _INCLUDED])
@pytest.mark.parametrize("coin", ["0", "5"])
def test_to_the_cent_nothing_is_left(vat: Vat, of_seller: Vat, coin: str) -> None:
    """Σ totals = balance − from the grid + to it + VAT − input VAT + rounding."""
    settled = _settled(vat, coin=coin, fee="333.333333", of_seller=of_seller)
    account = settled.community

    assert Money.total(statement.total for statement in settled.statements) == (
        account.balance
        - account.value_grid_export
        + account.value_grid_import
        + account.vat
        - account.input_vat
        + account.rounding
    )
    assert account.vat == Money.total(s.vat_amount for s in settled.statements)
