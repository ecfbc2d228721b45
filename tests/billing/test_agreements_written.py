"""Owners and membership as a person writes them down, and what is refused."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from custom_components.leg_invoicing.billing.agreements import Owner, Party
from custom_components.leg_invoicing.billing.terms_record import terms_from_record
from custom_components.leg_invoicing.billing.vat import Vat, VatMode
from custom_components.leg_invoicing.billing.written import TermsError

_PRICES = {"p_pv": "20", "p_con": "25", "p_grid_del": "6", "p_grid_con": "30"}


def _record(**more: Any) -> dict[str, Any]:
    """Return the terms of a house that two people had, one after the other."""
    agreement = {"house": "house_1", "tariff": "standard"}
    return {
        "community": {"timezone": "Europe/Zurich", "issuer": "Sonnenweg"},
        "tariffs": {"standard": [{"valid_from": "2026-01-01", **_PRICES}]},
        "agreements": [
            {**agreement, "participant": "Beat", "from": "2026-06-01"},
            {
                **agreement,
                "participant": "Anna",
                "from": "2026-01-01",
                "to": "2026-05-01",
            },
        ],
        **more,
    }


def test_who_owns_a_house() -> None:
    """A name is enough; the tariff is then that of whoever had the house."""
    terms = terms_from_record(_record(owners={"house_1": "Otto"}))
    assert terms.owners == {"house_1": Owner(party=Party(name="Otto"))}
    assert terms.community.issuer == Party(name="Sonnenweg")

    written = {
        "name": "Otto",
        "address": "Weg 1",
        "language": "de",
        "tariff": "standard",
        "vat": {"mode": "on_top", "rate": "8.1", "number": "CHE-1"},
    }
    terms = terms_from_record(_record(owners={"house_1": written}))
    assert terms.owners["house_1"] == Owner(
        party=Party(name="Otto", address=("Weg 1",), language="de", vat_number="CHE-1"),
        tariff_id="standard",
        vat=Vat(mode=VatMode.ON_TOP, rate=Decimal("8.1")),
    )


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("2026-05-01", (date(2026, 5, 1),)),
        (["2026-06-01", "2026-05-15"], (date(2026, 5, 15), date(2026, 6, 1))),
    ],
)
def test_when_a_house_left(written: object, left: tuple[date, ...]) -> None:
    """One day, or several in any order."""
    assert terms_from_record(_record(left={"house_1": written})).left == {
        "house_1": left
    }
    assert terms_from_record(_record(left=None, owners=None)).left == {}


def test_who_gets_one_invoice_for_several_houses() -> None:
    """Agreements and owners with the same word share one."""
    record = _record(owners={"house_1": {"name": "Beat", "invoice": "beat"}})
    record["agreements"][0]["invoice"] = "beat"

    terms = terms_from_record(record)

    assert [a.invoice for a in terms.agreements] == ["", "beat"]
    assert terms.owners["house_1"].invoice == "beat"

    record["owners"]["house_1"]["name"] = "Otto"
    with pytest.raises(TermsError, match="the invoice 'beat' is Beat's") as error:
        terms_from_record(record)
    assert error.value.path == ("owners", "house_1")

    record["agreements"][1]["invoice"] = "beat"
    with pytest.raises(TermsError, match="write another word, or the same") as error:
        terms_from_record(record)
    assert error.value.path == ("agreements", 1, "invoice")


@pytest.mark.parametrize(
    ("more", "path", "reason"),
    [
        ({"owners": []}, ("owners",), "owners must be a mapping"),
        ({"owners": {"house_2": "Otto"}}, ("owners", "house_2"), "did you mean"),
        ({"owners": {"house_1": {}}}, ("owners", "house_1"), "name is missing"),
        (
            {"owners": {"house_1": {"name": "Otto", "tarif": "x"}}},
            ("owners", "house_1", "tarif"),
            "did you mean 'tariff'",
        ),
        (
            {"owners": {"house_1": {"name": "Otto", "tariff": "x"}}},
            ("owners", "house_1", "tariff"),
            "there is no tariff 'x'",
        ),
        ({"left": {"house_2": "2026-05-01"}}, ("left", "house_2"), "did you mean"),
        ({"left": {"house_1": "May"}}, ("left", "house_1"), "must be a date"),
        (
            {"left": {"house_1": "2026-01-01"}},
            ("left", "house_1"),
            "nobody has had the house before 2026-01-01",
        ),
        (
            {"left": {"house_1": ["2026-05-01", "2026-04-30"]}},
            ("left", "house_1", 1),
            "Anna still has the house on 2026-04-30; add to: 2026-04-30",
        ),
        ({"left": {"house_1": "2026-06-02"}}, ("left", "house_1"), "Beat still has"),
    ],
)
def test_what_is_not_understood_is_refused(
    more: dict[str, Any], path: tuple[str | int, ...], reason: str
) -> None:
    """Each refusal names the place and what to write instead."""
    with pytest.raises(TermsError) as error:
        terms_from_record(_record(**more))
    assert error.value.path == path
    assert reason in str(error.value.reason)
