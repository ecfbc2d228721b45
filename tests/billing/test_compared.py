"""What is compared with a price elsewhere, and what cannot be."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from custom_components.leg_invoicing.billing.benefit_records import (
    benefits_from_record,
    benefits_record,
)
from custom_components.leg_invoicing.billing.benefits import (
    ALL_COMPARED,
    BenefitVersion,
    Ceiling,
    NotCompared,
)
from custom_components.leg_invoicing.billing.figures import sides_of
from custom_components.leg_invoicing.billing.findings import FindingCode
from custom_components.leg_invoicing.billing.models import Model
from custom_components.leg_invoicing.billing.settlement import settle, settle_energy
from custom_components.leg_invoicing.billing.signals import SignalValue
from custom_components.leg_invoicing.billing.statements import Settlement, Statement
from custom_components.leg_invoicing.billing.tariff_record import version_from_written
from custom_components.leg_invoicing.billing.tariffs import Tariff
from custom_components.leg_invoicing.billing.together import summed
from custom_components.leg_invoicing.billing.written import Written

from .build import agreement, ct, kwh, measured, quarters, statement_of, telling, terms

_SPAN = quarters("2026-01-05T12:00+01:00", 4)
_WRITTEN: Mapping[str, Any] = {
    "valid_from": "2026-01-01",
    "p_pv": "20",
    "p_con": "25",
    "p_grid_del": "6",
    "p_grid_con": "30",
}
_ELSEWHERE = {"p_standard": {"signal": "std"}}
_HOUSES = {"house_1": ["1/0", "2/0", "4/0", "8/0"], "house_2": "0/8"}


def _settled(
    seen: Sequence[str | None],
    model: Model = Model.LOCAL_ONLY,
    told: BenefitVersion | None = None,
    **changed: Any,
) -> Settlement:
    """Settle an hour in which 15 kWh are used, and signals show what is given."""
    version = version_from_written(Written({**_WRITTEN, **_ELSEWHERE, **changed}), 15)
    both = (agreement("house_1"), agreement("house_2"))
    agreed = terms(*both, model=model, versions=[version])
    shown = [
        SignalValue(name, _SPAN.start + 900 * i, value)
        for name in ("std", "spot")
        for i, value in enumerate(seen)
        if value is not None
    ]
    flowed = replace(measured(_SPAN, **_HOUSES), signals=shown)
    return settle(telling(agreed, told) if told else agreed, _SPAN, flowed)


def _compared(statement: Statement) -> tuple[Decimal, Decimal, NotCompared]:
    benefits, saved = statement.benefits, statement.saved
    assert benefits is not None
    assert saved is not None
    return benefits.grid_cost.ct, saved.ct, benefits.not_compared


def test_nothing_is_left_out_where_all_is_known() -> None:
    """15 kWh at 28 ct instead of 25, and no finding."""
    settled = _settled(["28"] * 4)

    used = statement_of(settled, "house_1")
    assert _compared(used) == (420, 45, ALL_COMPARED)
    assert benefits_record(used)["not_compared"] is None
    assert settled.findings == ()


@pytest.mark.parametrize(
    ("model", "changed", "cost"),
    [
        (Model.LOCAL_ONLY, {}, "150"),
        (Model.POOL, {}, "150"),
        (Model.SPLIT, {}, "150"),
        (Model.BREAK_EVEN, {}, None),
        # 15 kWh come to 10 × 20 + 5 × 30 = 350 ct, and 6 of them are not compared.
        (
            Model.POOL,
            {"p_con": {"tiers": [{"to": "310", "price": "20"}, {"price": "30"}]}},
            "140",
        ),
    ],
)
def test_what_is_not_known_is_on_neither_side(
    model: Model, changed: dict[str, Any], cost: str | None
) -> None:
    """6 of 15 kWh have no price elsewhere: a finding says so, and nothing blocks."""
    settled = _settled(["28", None, None, "28"], model, **changed)

    used = statement_of(settled, "house_1")
    elsewhere, saved, beside = _compared(used)
    assert elsewhere == 9 * 28
    assert beside.used == kwh("6")
    assert saved == elsewhere - (used.import_cost - beside.cost).ct
    if cost is not None:
        assert beside.cost == ct(cost)
    (finding,) = settled.findings
    assert finding.code is FindingCode.COMPARISON_MISSING
    assert not finding.blocking
    assert (finding.house_id, finding.energy) == ("house_1", kwh("6"))
    assert finding.intervals == 2
    assert finding.details == {"tariff": "standard", "signal": "std"}


def test_what_is_not_even_billed_is_not_said_twice() -> None:
    """Energy without a price here is a finding that blocks; elsewhere does not matter."""
    settled = _settled(["28", None, None, "28"], p_con={"signal": "spot"})

    assert [f.code for f in settled.findings] == [FindingCode.PRICE_MISSING]


def test_what_has_no_tariff_is_not_said_to_be_billed() -> None:
    """Before the first prices of the grid, those of intervals are not known either."""
    versions = {
        "grid": [
            version_from_written(Written({**_WRITTEN, "valid_from": "2027-01-01"}), 15)
        ],
        "own": [version_from_written(Written({**_WRITTEN, **_ELSEWHERE}), 15)],
    }
    agreed = terms(
        replace(agreement("house_1"), tariff_id="own"),
        replace(agreement("house_2"), tariff_id="own"),
        model=Model.BREAK_EVEN,
        versions=versions["own"],
    )
    tariffs = {name: Tariff(name, tuple(own)) for name, own in versions.items()}
    community = replace(agreed.community, grid_tariff="grid")
    agreed = replace(agreed, tariffs=tariffs, community=community)

    settled = settle(agreed, _SPAN, measured(_SPAN, **_HOUSES))

    assert [f.code for f in settled.findings] == [FindingCode.NO_TARIFF]


def test_what_is_delivered() -> None:
    """8 kWh of an interval bring 6 or more here, and nobody knows how much elsewhere."""
    seen = ["5", "5", "5", None]
    settled = _settled(seen, p_standard=None, p_grid_del={"signal": "std"})

    delivered = statement_of(settled, "house_2")
    _, saved, beside = _compared(delivered)
    assert beside == NotCompared(delivered=kwh("8"), revenue=ct("160"))
    assert saved == 7 * (20 - 5)
    (side,) = (s for s in sides_of(delivered.lines, delivered.benefits) if s.kwh)
    assert (side.kwh, side.here, side.elsewhere) == (7, ct("140"), ct("35"))


def test_records_and_sums() -> None:
    """What is not compared is kept with a statement, and added up on an invoice."""
    settled = _settled(["28", None, None, None])

    one = statement_of(settled, "house_1")
    record = benefits_record(one)
    assert record["not_compared"] == {
        "used_kwh": 14,
        "cost_ct": 350,
        "delivered_kwh": 0,
        "revenue_ct": 0,
    }
    assert benefits_from_record(record) == one.benefits
    # Of several houses on an invoice, each says so, or it would seem to be the sum's.
    other = benefits_record(statement_of(settled, "house_2"))
    assert benefits_from_record(record | other) == (
        statement_of(settled, "house_2").benefits
    )
    both = summed([one, one]).benefits
    assert both is not None
    assert both.not_compared == NotCompared(used=kwh("28"), cost=ct("700"))


def test_sums_of_intervals_leave_out_the_same() -> None:
    """What is shown live is compared in the same way as what is billed."""
    seen = [SignalValue("std", _SPAN.start + n * 1800, t) for n, t in enumerate("79")]
    version = version_from_written(Written({**_WRITTEN, **_ELSEWHERE}), 15)
    agreed = terms(
        agreement("house_1"),
        agreement("house_2"),
        model=Model.LOCAL_ONLY,
        versions=[version],
    )
    flowed = replace(measured(_SPAN, **_HOUSES), signals=seen)
    used = statement_of(settle_energy(agreed, _SPAN, flowed), "house_1")
    # 1 × (7 − 25) + 4 × (9 − 25)
    assert used.saved == ct("-82")


@pytest.mark.parametrize(
    ("seen", "details"),
    [
        (["25"] * 4, ("37500", "30000")),
        # 9 kWh at 25 ct, and 80 % of as many at 25.
        (["25", None, None, "25"], ("22500", "18000")),
        (["32", None, None, "32"], None),
    ],
)
def test_the_ceiling_is_of_what_can_be_compared(
    seen: list[str | None], details: tuple[str, str] | None
) -> None:
    """What has no price elsewhere is neither charged too much nor too little."""
    ceiling = BenefitVersion(ceiling=Ceiling(percent=Decimal(80)))
    settled = _settled(seen, told=ceiling)

    found = [
        (f.details["charged_ct"], f.details["allowed_ct"])
        for f in settled.findings
        if f.code is FindingCode.PRICE_ABOVE_CEILING
    ]
    assert found == ([] if details is None else [tuple(x[:-2] for x in details)])
