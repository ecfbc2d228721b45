"""The command that settles files without Home Assistant."""

from decimal import Decimal
import json
from typing import Any

import pytest

from custom_components.leg_invoicing.billing.measurements import IntervalRow
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.billing.records import settlement_record
from custom_components.leg_invoicing.billing.settlement import settle
from custom_components.leg_invoicing.documents.exact_json import dumps
from custom_components.leg_invoicing.documents.tables import intervals_csv
from custom_components.leg_invoicing.documents.terms_yaml import terms_yaml
from tests.billing.build import agreement, measured, period, terms, version

from .desk import HEADER, ROWS, TERMS, Desk


def test_a_period_is_settled(desk: Desk) -> None:
    """The answer has the period, statements, community and findings, exactly."""
    answer = desk.settled()

    assert list(answer) == ["period", "statements", "community", "findings"]
    assert answer["period"] == "2026-01"
    anna, beat = answer["statements"]
    assert (anna["participant"], anna["from"], anna["to"]) == (
        "Anna Muster",
        "2026-01-01",
        "2026-02-01",
    )
    assert anna["import_cost_ct"] == Decimal("3.125")
    assert beat["house_id"] == "house_2"
    assert beat["to"] == "2026-01-16"
    assert beat["energy_imported_kwh"] == Decimal("0.5")
    assert beat["energy_exported_kwh"] == 1
    assert beat["local_import_kwh"] == Decimal("0.5")
    assert beat["grid_import_kwh"] == 0
    assert beat["local_export_kwh"] == Decimal("0.625")
    assert beat["grid_export_kwh"] == Decimal("0.375")
    assert beat["import_cost_ct"] == Decimal("12.5")
    assert beat["export_revenue_ct"] == Decimal("14.75")
    assert beat["net_amount_ct"] == Decimal("2.25")
    assert [line["amount_ct"] for line in beat["lines"]] == [13, -13, -2]
    assert answer["community"] == {
        "total_consumption_kwh": Decimal("0.625"),
        "total_production_kwh": 2 - 1,
        "shared_kwh": Decimal("0.625"),
        "grid_import_kwh": 0,
        "grid_export_kwh": Decimal("0.375"),
        "value_grid_import_ct": 0,
        "value_grid_export_ct": Decimal("2.25"),
        "vat_ct": 0,
        "input_vat_ct": 0,
        "balance_ct": Decimal("3.125"),
        "rounding_ct": Decimal("0.125"),
        "saved_ct": Decimal("11.9375"),
    }
    assert [finding["key"] for finding in answer["findings"]] == [
        "missing_data:house_1",
        "missing_data:house_2",
    ]


def test_json_is_the_same_on_one_line(desk: Desk) -> None:
    """Programs may ask for a single line; people get indents."""
    _, pretty, _ = desk.run()
    _, compact, _ = desk.run("--json")

    assert compact.count("\n") == 1
    assert pretty.count("\n") > 100
    assert json.loads(pretty) == json.loads(compact)


def test_numbers_are_exact(desk: Desk) -> None:
    """A price keeps its digits, and no binary fraction gets near it."""
    desk.write("terms.yaml", TERMS.replace("30.10", "30.300000000000000040000001"))
    desk.write("rows.csv", f"{HEADER}\nhouse_1,2026-01-01T00:00Z,0.000007,0,")

    _, out, _ = desk.run("--json")

    assert '"unit_price_ct": 30.300000000000000040000001' in out
    assert '"exact_ct": 0.000212100000000000000280000007' in out


def test_it_agrees_with_the_integration(desk: Desk) -> None:
    """What documents export is settled to the same bytes, whatever the row order."""
    community = terms(
        agreement("house_1", "2026-01-01", "2026-01-10", name="Müller, Anna"),
        agreement("house_1", "2026-01-10", name='Beat "B." O\'Neil'),
        agreement("house_2"),
        versions=[version(), version("2026-01-20", p_con="25.55")],
    )
    span = period("2026-01", community)
    flowed = measured(span, house_1="0.123456/0", house_2="0/0.2 interpolated")
    rows = [
        IntervalRow(house, slot.start, imported, exported, Quality(quality))
        for slot in flowed.slices
        for house, imported, exported, quality in zip(
            flowed.houses, *slot[1:4], strict=True
        )
    ]
    desk.write("terms.yaml", terms_yaml(community))
    desk.write("rows.csv", "".join(intervals_csv(reversed(rows))))

    _, out, _ = desk.run()

    record = settlement_record(settle(community, span, flowed), "2026-01")
    assert out == dumps(record) + "\n"


def test_official_allocations_are_billed_where_the_terms_say_so(desk: Desk) -> None:
    """Two more columns of the rows hold them; otherwise they are only compared."""
    desk.write(
        "rows.csv",
        f"{HEADER},community_import_kwh,community_export_kwh\n"
        "house_2,2026-01-01T00:00:00+01:00,0,1,measured,,0.1\n"
        "house_1,2026-01-01T00:00:00+01:00,0.125,0,measured,0.1,\n",
    )
    own = desk.settled()
    desk.write(
        "terms.yaml", TERMS.replace("split,", "split, official_allocation: bill,")
    )
    official = desk.settled()

    def local(record: Any) -> list[str]:
        return [s["local_import_kwh"] for s in record["statements"]]

    assert local(own)[0] == Decimal("0.125")
    assert local(official)[0] == Decimal("0.1")
    for record in (own, official):
        keys = {finding["key"] for finding in record["findings"]}
        assert "allocation_differs:house_1" in keys
        assert "allocation_missing" not in keys


def test_no_rows_are_all_missing(desk: Desk) -> None:
    """A file without rows is settled; each house is a finding."""
    desk.write("rows.csv", HEADER)

    answer = desk.settled("--trace", str(desk.folder / "out.csv"))

    assert [finding["intervals"] for finding in answer["findings"]] == [2976, 1440]
    assert len((desk.folder / "out.csv").read_text().splitlines()) == 1 + 2 * 2976


def test_nobody_and_nothing_comes_to_nothing(desk: Desk) -> None:
    """Without agreements and rows there are no statements and no findings."""
    desk.write("rows.csv", HEADER)
    desk.write("terms.yaml", f"{TERMS.partition('agreements:')[0]}agreements: []")

    answer = desk.settled()

    assert (answer["statements"], answer["findings"]) == ([], [])


def test_half_a_row_is_missing(desk: Desk) -> None:
    """The side that is known counts, and the interval is reported."""
    desk.write(
        "rows.csv",
        f"{HEADER}\nhouse_1,2026-01-01T00:00Z,0.5,,\nhouse_1,2026-01-01T01:00Z,,2,",
    )

    anna, _ = desk.settled()["statements"]

    assert anna["energy_imported_kwh"] == Decimal("0.5")
    assert anna["energy_exported_kwh"] == 2
    assert anna["intervals"] == {"missing": 2976}


def test_the_same_row_twice_counts_once(desk: Desk) -> None:
    """A row that says the same again is no conflict."""
    desk.write("rows.csv", ROWS + ROWS.partition("\n")[2])

    anna, _ = desk.settled()["statements"]
    assert anna["energy_imported_kwh"] == Decimal("0.125")


@pytest.mark.parametrize(
    "again",
    ["0.5,0,measured", "0.125,1,measured", "0.125,0,manual", ",0,", "0.125,,", ",,"],
)
def test_rows_that_contradict_each_other_are_refused(desk: Desk, again: str) -> None:
    """Both lines are named, and neither is preferred."""
    desk.write("rows.csv", f"{ROWS}house_1,2026-01-01T00:00:00+01:00,{again}")

    message = desk.refused()

    assert "rows.csv, line 6: house_1 at 2025-12-31T23:00:00Z" in message
    assert "line 3 with other values; keep one of the two" in message


def test_the_repeated_hour_is_settled_twice(desk: Desk) -> None:
    """In October two instants share a wall time, and both are billed."""
    desk.write(
        "rows.csv",
        f"{HEADER}\n"
        "house_1,2026-10-25T02:00:00+02:00,1,0,\n"
        "house_1,2026-10-25T02:00:00+01:00,2,0,\n",
    )

    (anna,) = desk.settled(period="2026-10-25..2026-10-26")["statements"]

    assert anna["energy_imported_kwh"] == 3
    assert anna["intervals"] == {"measured": 2, "missing": 98}


@pytest.mark.parametrize(
    ("period", "name", "intervals"),
    [
        ("2026-03", "2026-03", 2972),
        ("2026-Q1", "2026-Q1", 8636),
        ("2026", "2026", 35040),
        ("2026-02-01..2026-03-01", "2026-02", 2688),
    ],
)
def test_periods(desk: Desk, period: str, name: str, intervals: int) -> None:
    """Months, quarters, years and two dates can be settled."""
    answer = desk.settled(period=period)

    assert answer["period"] == name
    assert intervals == sum(answer["statements"][0]["intervals"].values())
