"""The ceiling of what may be charged for energy, as the members agreed on it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from custom_components.leg_invoicing.billing.benefits import BenefitVersion, Ceiling
from custom_components.leg_invoicing.billing.calendar import Span
from custom_components.leg_invoicing.billing.findings import FindingCode
from custom_components.leg_invoicing.billing.models import Model
from custom_components.leg_invoicing.billing.settlement import settle, settle_energy
from custom_components.leg_invoicing.billing.statements import Settlement
from custom_components.leg_invoicing.billing.tariffs import TariffVersion
from custom_components.leg_invoicing.billing.terms import Terms
from tests.billing.build import (
    agreement,
    kwh,
    measured,
    period,
    quarters,
    telling,
    terms,
    version,
)

_NOON = quarters("2026-06-01T12:00+02:00", 2)


def _agreed(
    model: Model, *versions: TariffVersion, ceiling: str | None = "80"
) -> Terms:
    agreed = terms(
        agreement("house_1"), agreement("house_2"), model=model, versions=versions
    )
    percent = Ceiling(percent=Decimal(ceiling)) if ceiling else None
    return telling(agreed, BenefitVersion(ceiling=percent))


def _settled(
    model: Model, *versions: TariffVersion, ceiling: str | None = "80"
) -> Settlement:
    """Settle 120 kWh from the community and 180 kWh from the grid."""
    flowed = measured(_NOON, house_1=["120/0", "180/0"], house_2=["0/120", "0/0"])
    return settle(_agreed(model, *versions, ceiling=ceiling), _NOON, flowed)


def _findings(settlement: Settlement) -> list[tuple[str | None, dict[str, str]]]:
    return [
        (finding.house_id, dict(finding.details))
        for finding in settlement.findings
        if finding.code is FindingCode.PRICE_ABOVE_CEILING
    ]


def test_the_published_example() -> None:
    """180 kWh at 0.30 and 120 kWh at 0.24 make 82.80; with 90.00, 7.20 is too much."""
    ((house_id, details),) = _findings(_settled(Model.POOL, version(p_con="30")))

    assert house_id == "house_1"
    assert details == {
        "percent": "80",
        "charged_ct": "9000",
        "allowed_ct": "8280",
        "difference_ct": "720",
    }


def test_what_the_finding_says() -> None:
    """It names the time and the energy, and stops no period from closing."""
    settlement = _settled(Model.POOL, version(p_con="30"))

    (finding,) = settlement.findings
    assert finding.span == _NOON
    assert finding.energy == kwh("300")
    assert not finding.blocking
    assert finding.key == "price_above_ceiling:house_1"


@pytest.mark.parametrize(
    ("model", "p_con", "allowed", "too_much"),
    [
        (Model.POOL, "27.6", None, None),  # 82.80 for 300 kWh
        (Model.POOL, "27.60001", None, None),  # less than half a ct above
        (Model.POOL, "27.61", "8280", "3"),
        (Model.SPLIT, "24", None, None),
        (Model.SPLIT, "24.5", "8280", "60"),
        # The utility bills the rest.
        (Model.LOCAL_ONLY, "24", None, None),
        (Model.LOCAL_ONLY, "24.5", "2880", "60"),
        # At noon energy costs what producers get, afterwards what the grid asks.
        (Model.BREAK_EVEN, "99", None, None),
    ],
)
def test_each_model(
    model: Model, p_con: str, allowed: str | None, too_much: str | None
) -> None:
    """Compared is the energy that the model charges."""
    found = _findings(_settled(model, version(p_con=p_con)))

    assert [
        (details["allowed_ct"], details["difference_ct"]) for _, details in found
    ] == ([(allowed, too_much)] if allowed else [])


def test_the_standard_product_counts() -> None:
    """Where a house would pay more alone, more is allowed."""
    prices = version(p_con="30", p_standard="40")

    assert _findings(_settled(Model.POOL, prices)) == []


def test_without_a_ceiling_nothing_is_said() -> None:
    """Prices are free where nobody agreed on one."""
    assert _findings(_settled(Model.POOL, version(p_con="99"), ceiling=None)) == []


def test_each_version_by_itself() -> None:
    """What was cheap in January makes nothing dear in February allowed."""
    agreed = _agreed(Model.LOCAL_ONLY, version(p_con="10"), version("2026-02-01"))
    span = period("2026-01-31..2026-02-02", agreed)
    flowed = measured(span, house_1="1/0", house_2="0/1")

    ((_, details),) = _findings(settle(agreed, span, flowed))

    assert (details["charged_ct"], details["allowed_ct"]) == ("2400", "2304")
    assert _findings(settle_energy(agreed, span, flowed)) == []


def test_nobody_is_charged() -> None:
    """Energy of a house without an agreement is another finding."""
    agreed = _agreed(Model.POOL, version(p_con="99"))
    agreed = replace(agreed, agreements=())
    flowed = measured(_NOON, house_1=["120/0", "180/0"])

    assert _findings(settle(agreed, _NOON, flowed)) == []


def test_days_are_compared_with_the_ceiling_that_counts_on_them() -> None:
    """What is entered for another year changes nothing of this one."""
    midnight = quarters("2026-12-31T23:30+01:00", 4)
    flowed = measured(midnight, house_1="1/0", house_2="0/1")
    agreed = terms(agreement("house_1"), agreement("house_2"), model=Model.LOCAL_ONLY)
    versions = (
        BenefitVersion(ceiling=Ceiling(percent=Decimal(90))),
        BenefitVersion(
            valid_from=date(2027, 1, 1), ceiling=Ceiling(percent=Decimal(80))
        ),
    )

    both = settle(telling(agreed, *versions), midnight, flowed)

    ((_, details),) = _findings(both)
    # 2 kWh at 25 ct, where 80 % of 30 ct are allowed.
    assert (details["charged_ct"], details["allowed_ct"]) == ("50", "48")
    (finding,) = both.findings
    assert finding.span == Span(midnight.start + 1800, midnight.end)
    assert _findings(settle(telling(agreed, versions[0]), midnight, flowed)) == []


def test_a_currency_without_hundredths() -> None:
    """Amounts are compared in what the currency has."""
    agreed = _agreed(Model.POOL, version(p_con="30"))
    yen = replace(agreed, community=replace(agreed.community, currency="JPY"))
    flowed = measured(_NOON, house_1=["1.2/0", "1.8/0"], house_2=["0/1.2", "0/0"])

    # 7.2 ct are nothing in yen.
    assert _findings(settle(yen, _NOON, flowed)) == []
    assert len(_findings(settle(agreed, _NOON, flowed))) == 1
