"""What the grid operator allocated: billed, or compared with our own."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from custom_components.leg_invoicing.billing.allocation import OfficialUse
from custom_components.leg_invoicing.billing.findings import FindingCode
from custom_components.leg_invoicing.billing.measurements import IntervalRow
from custom_components.leg_invoicing.billing.models import Model
from custom_components.leg_invoicing.billing.official import official_by_start
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.billing.settlement import settle
from custom_components.leg_invoicing.billing.statements import Settlement

from .build import agreement, kwh, measured, quarters, terms

SPAN = quarters("2026-01-01T12:00+01:00", 2)
NOON, LATER = SPAN.start, SPAN.start + 900


def official(
    house_id: str,
    cell: str,
    start: int = NOON,
    quality: Quality = Quality.MEASURED,
) -> IntervalRow:
    """Return what was allocated from a cell such as `0.5/-`; `-` is nothing said."""
    imported, exported = (
        None if text == "-" else kwh(text).mwh for text in cell.split("/")
    )
    return IntervalRow(house_id, start, imported, exported, quality)


def settled(
    rows: Iterable[IntervalRow], use: OfficialUse = OfficialUse.BILL, **houses: object
) -> Settlement:
    """Settle two quarter hours, of which the second is at night."""
    of = terms(*(agreement(house) for house in houses), model=Model.SPLIT)
    of = replace(of, community=replace(of.community, official_allocation=use))
    cells = {house: [cell, "0/0"] for house, cell in houses.items()}
    return settle(of, SPAN, replace(measured(SPAN, **cells), official=rows))


def local(settlement: Settlement) -> dict[str, tuple[str, str]]:
    """Return what each house got from and gave to the community."""
    return {
        house_id: (
            f"{energy.local_import.kwh.normalize():f}",
            f"{energy.local_export.kwh.normalize():f}",
        )
        for house_id, energy in settlement.houses.items()
    }


def findings(settlement: Settlement) -> dict[str, tuple[int, str]]:
    """Return how many intervals and how much energy each finding is about."""
    return {
        finding.key: (finding.intervals, f"{finding.energy.kwh.normalize():f}")
        for finding in settlement.findings
        if finding.energy is not None
    }


ALL = (official("a", "-/0.6"), official("b", "0.4/0"), official("c", "0.2/-"))
HOUSES = {"a": "0/0.6", "b": "0.5/0", "c": "0.5/0"}


def test_official_energies_are_billed() -> None:
    """Where they are complete, they are the local share; the rest is the grid's."""
    settlement = settled(ALL, **HOUSES)

    assert local(settlement) == {
        "a": ("0", "0.6"),
        "b": ("0.4", "0"),
        "c": ("0.2", "0"),
    }
    assert settlement.houses["c"].grid_import == kwh("0.3")
    assert findings(settlement) == {
        "allocation_differs:b": (1, "0.1"),
        "allocation_differs:c": (1, "0.1"),
    }


def test_or_only_compared() -> None:
    """Otherwise ours is billed, and the same differences are told."""
    settlement = settled(ALL, OfficialUse.AUDIT, **HOUSES)

    assert local(settlement) == {
        "a": ("0", "0.6"),
        "b": ("0.3", "0"),
        "c": ("0.3", "0"),
    }
    assert findings(settlement) == findings(settled(ALL, **HOUSES))
    assert not any(finding.blocking for finding in settlement.findings)


def test_nothing_official_changes_nothing() -> None:
    """Without official energies, there is nothing to compare."""
    settlement = settled((), OfficialUse.AUDIT, **HOUSES)

    assert local(settlement)["b"] == ("0.3", "0")
    assert findings(settlement) == {}


@pytest.mark.parametrize(
    "rows",
    [
        (),
        ALL[:2],
        (*ALL[:2], official("c", "-/0")),
        (*ALL[:2], official("c", "0.2/0", quality=Quality.TEMPORARY)),
        (official("b", "0.4/0"), official("c", "0.2/-")),
        tuple(official(row.house_id, "0/0", NOON - 900) for row in ALL),
    ],
)
def test_an_interval_is_billed_officially_as_a_whole(
    rows: tuple[IntervalRow, ...],
) -> None:
    """Where one house's energy is missing, ours counts for all, and that is told."""
    settlement = settled(rows, **HOUSES)

    assert local(settlement) == {
        "a": ("0", "0.6"),
        "b": ("0.3", "0"),
        "c": ("0.3", "0"),
    }
    assert findings(settlement)["allocation_missing"] == (1, "0.6")
    (missing,) = (
        f for f in settlement.findings if f.code is FindingCode.ALLOCATION_MISSING
    )
    assert missing.blocking
    assert missing.span == quarters("2026-01-01T12:00+01:00", 1)


def test_nobody_gets_more_than_was_measured() -> None:
    """Where the operator's meter counted more, what is billed is the limit."""
    rows = (official("a", "0/0.7"), official("b", "0.6/0"), official("c", "0.1/0"))

    settlement = settled(rows, **HOUSES)

    assert local(settlement) == {
        "a": ("0", "0.6"),
        "b": ("0.5", "0"),
        "c": ("0.1", "0"),
    }


def test_what_is_rounded_is_no_difference() -> None:
    """A thousandth of a kWh is; more is not."""
    rows = (official("b", "0.299/0"), official("c", "0.301001/0"))

    assert findings(settled(rows, OfficialUse.AUDIT, **HOUSES)) == {
        "allocation_differs:c": (1, "0.001001")
    }


def test_what_was_not_measured_is_not_compared() -> None:
    """It is a finding already; houses that nobody knows are nobody's."""
    rows = (*ALL, official("x", "1/1"))

    settlement = settled(rows, OfficialUse.AUDIT, a="0/0.6", b="0.5/0", c=None)

    assert {f.key for f in settlement.findings} == {
        "allocation_differs:a",
        "allocation_differs:b",
        "missing_data:c",
    }


def test_allocations_are_found_beside_measurements() -> None:
    """Rows ascend by start; what belongs to no row is passed over."""
    rows = [official("a", "1/-"), official("b", "2/-"), official("a", "3/-", LATER)]
    official_of = official_by_start([official("z", "1/1", NOON - 900), *rows])

    asked = [("b", NOON), ("c", NOON), ("a", LATER), ("b", LATER)]
    found = [official_of(official(house, "-/-", start)) for house, start in asked]

    assert found == [rows[1], None, rows[2], None]
