"""Communities with a meter at their connection to the grid: balance mode."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from custom_components.leg_invoicing.billing.models import Model
from custom_components.leg_invoicing.billing.records import settlement_record
from custom_components.leg_invoicing.billing.settlement import settle
from custom_components.leg_invoicing.billing.statements import Settlement
from tests.billing.build import (
    agreement,
    ct,
    kwh,
    measured,
    metered,
    period,
    quarters,
    terms,
)

_NOON = "2026-01-05T12:00+01:00"
_QUARTER = quarters(_NOON, 1)


def _settled(model: Model = Model.SPLIT, **points: str | None) -> Settlement:
    community = metered(
        terms(agreement("house_1"), agreement("house_2"), model=model),
        grid={"role": "grid", "name": "Transformer"},
    )
    cells = {point: [cell] for point, cell in points.items()}
    return settle(community, _QUARTER, measured(_QUARTER, **cells))


def test_what_did_not_come_from_the_grid_was_local() -> None:
    """A battery that no house's meter counts gives and takes."""
    # 6 kWh are used, 2 come from the grid; 3 are made, nothing goes there.
    settlement = _settled(house_1="4/0", house_2="2/3", grid="2/0")

    energy = settlement.community.energy
    assert (energy.local_import, energy.local_export) == (kwh("4"), kwh("3"))
    assert settlement.houses["house_1"].local_import == kwh("2.666667")
    account = settlement.community
    assert account.grid_meter is not None
    assert account.grid_meter.imported == kwh("2")
    assert account.losses == kwh("-1")
    (finding,) = settlement.findings
    assert (finding.key, finding.energy) == ("grid_differs", kwh("1"))
    assert finding.span == _QUARTER


def test_losses_are_the_community_s() -> None:
    """It pays what the grid's meter counts, and houses what theirs do."""
    settlement = _settled(house_1="4/0", house_2="2/3", grid="4/0.5")

    account = settlement.community
    assert account.energy.local_import == kwh("2")
    assert account.energy.local_export == kwh("2.5")
    assert account.value_grid_import == ct("120")  # 4 kWh × 30 ct
    assert account.value_grid_export == ct("3")  # 0.5 kWh × 6 ct
    assert account.losses == kwh("0.5")
    # Houses pay 2 × 25 + 4 × 30, and get 2.5 × 20 + 0.5 × 6.
    assert account.balance == ct("0")
    assert settlement.findings == ()
    record = settlement_record(settlement, "2026-01")["community"]
    assert record["grid_meter_import_kwh"] == Decimal(4)
    assert record["grid_meter_export_kwh"] == Decimal("0.5")
    assert record["losses_kwh"] == Decimal("0.5")


def test_more_from_the_grid_than_was_used() -> None:
    """Nothing was local then; what is lost costs the community."""
    settlement = _settled(house_1="1/0", house_2="1/0", grid="2.5/0")

    assert settlement.community.energy.local_import == kwh("0")
    assert settlement.community.balance == ct("-15")


def test_prices_of_intervals_bear_the_losses() -> None:
    """Under `break_even` the community stays at zero."""
    settlement = _settled(Model.BREAK_EVEN, house_1="4/0", house_2="2/3", grid="4/0.5")

    assert abs(settlement.community.balance.ct) < Decimal("0.0001")


def test_without_a_value_of_the_grid_houses_are_balanced() -> None:
    """That the meter said nothing blocks, and is said of the meter."""
    settlement = _settled(house_1="4/0", house_2="2/3", grid=None)

    assert settlement.community.energy.local_import == kwh("3")
    assert settlement.community.energy.local_export == kwh("3")
    (finding,) = settlement.findings
    assert (finding.key, finding.intervals) == ("missing_data", 1)
    assert finding.details == {"meters": "Transformer"}
    assert finding.blocking
    surplus = _settled(house_1="1/0", house_2="0/3", grid=None)
    assert surplus.community.grid_meter is not None
    assert surplus.community.grid_meter.exported == kwh("2")


def test_a_grid_meter_can_be_two() -> None:
    """Two connections are added up by a formula."""
    community = metered(
        terms(agreement("house_1")),
        north={"role": "house"},
        south={"role": "house"},
        grid={"role": "grid", "formula": "north + south"},
    )

    settlement = settle(
        community,
        _QUARTER,
        measured(_QUARTER, house_1="4/1", north="1/0", south="2/0.5"),
    )

    assert settlement.community.energy.local_import == kwh("1")
    assert settlement.community.energy.local_export == kwh("0.5")


def test_a_staircase_can_be_what_the_grid_counts_besides_flats() -> None:
    """The grid's meter may stand in a formula, and stays the grid's."""
    community = metered(
        terms(agreement("house_1"), agreement("house_2")),
        grid={"role": "grid"},
        stairs={
            "role": "common_area",
            "formula": "grid - house_1 - house_2",
            "share": {"by": "equal"},
        },
    )

    settlement = settle(
        community,
        _QUARTER,
        measured(_QUARTER, house_1="1/0", house_2="2/0", grid="4/0"),
    )

    assert [s.energy.imported for s in settlement.statements] == [
        kwh("1.5"),
        kwh("2.5"),
    ]
    assert settlement.community.losses == kwh("0")


def test_the_meter_counts_from_its_day_on() -> None:
    """Before, houses are balanced with each other."""
    community = metered(
        terms(agreement("house_1"), agreement("house_2")),
        grid={"role": "grid", "since": "2026-01-06"},
    )
    span = quarters("2026-01-05T23:45+01:00", 2)

    settlement = settle(
        community, span, measured(span, house_1="2/0", house_2="0/2", grid="1/0")
    )

    assert settlement.community.energy.local_import == kwh("3")
    assert settlement.community.energy.local_export == kwh("4")
    assert settlement.community.grid_meter is not None
    assert settlement.community.grid_meter.imported == kwh("1")


_FACTORS: list[Any] = [
    ("0.5", "0.3", "0.15"),
    ("1", "0.6", "0.3"),
    ("0.4", "0.24", "0.12"),
]


@pytest.mark.parametrize(("factor", "imported", "exported"), _FACTORS)
def test_a_part_of_a_house_can_take_part(
    factor: str, imported: str, exported: str
) -> None:
    """Its energy counts by the factor, before anything else."""
    agreed = terms(agreement("house_1"))
    part = replace(agreed.agreements[0], factor=Decimal(factor))
    community = replace(agreed, agreements=(part,))

    settlement = settle(community, _QUARTER, measured(_QUARTER, house_1="0.6/0.3"))

    assert settlement.houses["house_1"].imported == kwh(imported)
    assert settlement.houses["house_1"].exported == kwh(exported)


def test_the_factor_is_of_the_agreement() -> None:
    """Before and after a change each counts for its days, and a month adds up."""
    agreed = terms(
        agreement("house_1", end="2026-01-16"), agreement("house_1", "2026-01-16")
    )
    halved = replace(agreed.agreements[1], factor=Decimal("0.5"))
    community = replace(agreed, agreements=(agreed.agreements[0], halved))
    span = period("2026-01", community)

    settlement = settle(community, span, measured(span, house_1="1/0"))

    assert [s.energy.imported for s in settlement.statements] == [
        kwh("1440"),
        kwh("768"),
    ]
