"""Settlements worked out by hand."""

from collections.abc import Sequence
from datetime import date

import pytest

from custom_components.leg_invoicing.billing.calendar import Span
from custom_components.leg_invoicing.billing.findings import Finding, FindingCode
from custom_components.leg_invoicing.billing.measurements import (
    IntervalSlice,
    Measurements,
)
from custom_components.leg_invoicing.billing.membership import houses_of
from custom_components.leg_invoicing.billing.models import Model
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.billing.records import settlement_record
from custom_components.leg_invoicing.billing.settlement import settle
from custom_components.leg_invoicing.billing.tariffs import Tariff
from tests.billing.build import (
    agreement,
    at,
    ct,
    kwh,
    measured,
    period,
    printed,
    quarters,
    statement_of,
    terms,
    version,
)

_NOON = "2026-01-05T12:00+01:00"


def test_the_published_example() -> None:
    """450.5 kWh at 20 ct and 120.3 kWh at 25 ct come to 60.025 in favour."""
    community = terms(agreement("house_1"))
    span = quarters(_NOON, 2)

    settlement = settle(
        community, span, measured(span, house_1=["120.3/400", "0/50.5"])
    )

    (record,) = settlement_record(settlement, "2026-01")["statements"]
    assert record["energy_exported_kwh"] == kwh("450.5").kwh
    assert record["energy_imported_kwh"] == kwh("120.3").kwh
    assert record["export_revenue_ct"] == 9010
    assert record["import_cost_ct"] == ct("3007.5").ct
    assert record["net_amount_ct"] == ct("6002.5").ct
    assert record["total_ct"] == -6002  # 3008 - 9010, each line rounded once


_NOON_AND_NIGHT = {
    "house_1": ["0.2/3", "0.5/0"],
    "house_2": ["1/0", "0.25/0"],
}


@pytest.mark.parametrize(
    ("model", "house_1", "house_2", "balance", "grid_import", "grid_export"),
    [
        # Noon: P = 3, C = 1.2, so 1.2 is shared. Night: P = 0, C = 0.75.
        (
            Model.POOL,
            [("import", "0.7", "25", "18"), ("export", "3", "20", "-60")],
            [("import", "1.25", "25", "31")],
            "-22.95",  # 17.5 + 31.25 - 60 - 0.75 * 30 + 1.8 * 6
            "22.5",
            "10.8",
        ),
        (
            Model.SPLIT,
            [
                ("local_import", "0.2", "25", "5"),
                ("grid_import", "0.5", "30", "15"),
                ("local_export", "1.2", "20", "-24"),
                ("grid_export", "1.8", "6", "-11"),
            ],
            [
                ("local_import", "1", "25", "25"),
                ("grid_import", "0.25", "30", "8"),
            ],
            "6",  # 5 ct between p_con and p_pv on 1.2 kWh
            "22.5",
            "10.8",
        ),
        (
            Model.LOCAL_ONLY,
            [
                ("local_import", "0.2", "25", "5"),
                ("local_export", "1.2", "20", "-24"),
            ],
            [("local_import", "1", "25", "25")],
            "6",
            "22.5",
            "10.8",
        ),
    ],
)
def test_models(
    model: Model,
    house_1: Sequence[tuple[str, ...]],
    house_2: Sequence[tuple[str, ...]],
    balance: str,
    grid_import: str,
    grid_export: str,
) -> None:
    """Each model charges and credits what its table of lines says."""
    community = terms(agreement("house_1"), agreement("house_2"), model=model)
    span = quarters(_NOON, 2)

    settlement = settle(community, span, measured(span, **_NOON_AND_NIGHT))

    assert house_1 == printed(statement_of(settlement, "house_1"))
    assert house_2 == printed(statement_of(settlement, "house_2"))
    account = settlement.community
    assert ct(balance) == account.balance
    assert ct(grid_import) == account.value_grid_import
    assert ct(grid_export) == account.value_grid_export
    assert kwh("1.2") == account.shared
    assert settlement.model is model
    assert settlement.findings == ()


def test_the_community_trades_at_its_own_tariff() -> None:
    """The grid's prices for the community are those of the grid tariff."""
    tariffs = {
        "grid": Tariff("grid", (version(p_grid_con="28", p_grid_del="7"),)),
        "cheap": Tariff("cheap", (version(p_con="10"),)),
    }
    community = terms(agreement("house_1", tariff_id="cheap"), tariffs=tariffs)
    span = quarters(_NOON, 2)

    settlement = settle(community, span, measured(span, house_1=["1/0", "0/1"]))

    assert printed(statement_of(settlement, "house_1")) == [
        ("import", "1", "10", "10"),
        ("export", "1", "20", "-20"),
    ]
    assert ct("28") == settlement.community.value_grid_import
    assert ct("7") == settlement.community.value_grid_export
    assert ct("-31") == settlement.community.balance


def test_a_line_for_each_price_in_turn() -> None:
    """Prices that follow each other make lines with their days; others do not cut."""
    tariffs = {
        "standard": Tariff("standard", (version(), version("2026-01-11", p_con="26"))),
        "other": Tariff("other", (version(), version("2026-01-21", p_con="40"))),
    }
    community = terms(agreement("house_1"), tariffs=tariffs)
    january = period("2026-01", community)

    statement = statement_of(
        settle(community, january, measured(january, house_1="0.1/0")), "house_1"
    )

    assert [
        (date(2026, 1, 1), date(2026, 1, 11), kwh("96").kwh, ct("2400")),
        (date(2026, 1, 11), date(2026, 2, 1), kwh("201.6").kwh, ct("5241.6")),
    ] == [(ln.first, ln.end, ln.quantity, ln.exact) for ln in statement.lines]
    assert statement.intervals == {Quality.MEASURED: 2976}
    assert (statement.first, statement.end) == (date(2026, 1, 1), date(2026, 2, 1))


def test_part_of_a_day_is_named_by_its_day() -> None:
    """What is settled live, a quarter hour, is dated by the day it lies on."""
    community = terms(agreement("house_1"))
    span = quarters("2026-01-05T23:45+01:00", 1)

    settlement = settle(community, span, measured(span, house_1="1/0"))

    statement = statement_of(settlement, "house_1")
    assert (statement.first, statement.end) == (date(2026, 1, 5), date(2026, 1, 6))
    assert statement.span == span == settlement.span


def test_statements_stand_by_house_and_date() -> None:
    """Each agreement that is valid in the span has a statement, and no other."""
    community = terms(
        agreement("house_2"),
        agreement("house_1", "2026-01-16", name="Beat"),
        agreement("house_1", "2026-01-01", "2026-01-16", name="Anna"),
        agreement("house_3", "2026-02-01"),
        agreement("house_4", "2025-01-01", "2026-01-01"),
        left={"house_4": (date(2026, 1, 1),)},
    )
    january = period("2026-01", community)

    settlement = settle(community, january, Measurements((), ()))

    assert [s.agreement.participant.name for s in settlement.statements] == [
        "Anna",
        "Beat",
        "House_2",
    ]
    assert tuple(settlement.houses) == ("house_1", "house_2")
    middle = at("2026-01-16T00:00+01:00")
    assert [
        Span(january.start, middle),
        Span(middle, january.end),
        january,
    ] == [s.span for s in settlement.statements]


def test_houses_are_those_measured_and_those_billed() -> None:
    """A house counts when it has rows or an agreement, and stands by its id."""
    community = terms(agreement("house_2"), agreement("house_9", "2027-01-01"))
    span = period("2026-01", community)

    assert houses_of(community, span, Measurements(("house_1",), ())) == (
        "house_1",
        "house_2",
    )


def test_a_house_without_data_blocks() -> None:
    """Missing intervals are one finding a house, from the first to the last."""
    community = terms(
        agreement("house_1", "2026-01-05", "2026-01-06"),
        agreement("house_1", "2026-01-06", name="Beat"),
    )
    span = quarters("2026-01-05T23:15+01:00", 8)

    settlement = settle(
        community,
        span,
        measured(
            span,
            house_1=["1/0", None, "1/0", "1/0", None, None, "1/0", "1/0"],
            house_2=["0/0"] * 7 + [None],
        ),
    )

    # House 2 has no agreement, so nobody expects data of it.
    assert settlement.findings == (
        Finding(
            code=FindingCode.MISSING_DATA,
            house_id="house_1",
            span=quarters("2026-01-05T23:30+01:00", 5),
            intervals=3,
            energy=kwh("0"),
        ),
    )
    assert settlement.findings[0].blocking
    assert settlement.findings[0].key == "missing_data:house_1"
    assert [s.intervals for s in settlement.statements] == [
        {Quality.MEASURED: 2, Quality.MISSING: 1},
        {Quality.MEASURED: 3, Quality.MISSING: 2},
    ]


def test_a_gap_over_a_change_of_occupant_is_one_finding() -> None:
    """Its energy and intervals are those of both occupants."""
    community = terms(
        agreement("house_1", "2026-01-05", "2026-01-06"),
        agreement("house_1", "2026-01-06", name="Beat"),
    )
    span = quarters("2026-01-05T23:30+01:00", 4)

    (finding,) = settle(
        community,
        span,
        measured(
            span, house_1=["1/0", *["0.5/0.25 interpolated"] * 2, "2/0 interpolated"]
        ),
    ).findings

    assert finding == Finding(
        code=FindingCode.INTERPOLATED_DATA,
        house_id="house_1",
        span=quarters("2026-01-05T23:45+01:00", 3),
        intervals=3,
        energy=kwh("3.5"),
    )


def test_half_a_row_is_billed_and_blocks() -> None:
    """A side that is known counts, and the interval is missing all the same."""
    community = terms(agreement("house_1"))
    span = quarters(_NOON, 1)

    settlement = settle(community, span, measured(span, house_1="0.5/0 missing"))

    (finding,) = settlement.findings
    assert (finding.code, finding.energy) == (FindingCode.MISSING_DATA, kwh("0.5"))
    assert statement_of(settlement, "house_1").energy.imported == kwh("0.5")


def test_placeholders_block_and_are_not_billed() -> None:
    """Temporary values count as nothing, not even for the other houses' shares."""
    community = terms(
        agreement("house_1"), agreement("house_2"), model=Model.LOCAL_ONLY
    )
    span = quarters(_NOON, 2)

    settlement = settle(
        community,
        span,
        measured(
            span,
            house_1=["0/9 temporary", "0/1"],
            house_2=["1/0", "1/0 interpolated"],
        ),
    )

    assert [(f.key, f.intervals, f.blocking) for f in settlement.findings] == [
        ("temporary_data:house_1", 1, True),
        ("interpolated_data:house_2", 1, False),
    ]
    assert settlement.houses["house_2"].local_import == kwh("1")
    assert settlement.houses["house_1"].exported == kwh("1")
    assert statement_of(settlement, "house_1").intervals == {
        Quality.MEASURED: 1,
        Quality.TEMPORARY: 1,
    }


@pytest.mark.parametrize("quality", ["measured", "substituted", "manual", "estimated"])
def test_other_qualities_are_billed_without_a_finding(quality: str) -> None:
    """They are counted on the statement."""
    community = terms(agreement("house_1"))
    span = quarters(_NOON, 1)

    settlement = settle(community, span, measured(span, house_1=f"1/0 {quality}"))

    assert settlement.findings == ()
    assert settlement.statements[0].intervals == {Quality[quality.upper()]: 1}


def test_energy_before_the_first_prices_of_intervals_blocks() -> None:
    """Also where as much is delivered as is used: prices are those of the grid."""
    community = terms(
        agreement("house_1"),
        agreement("house_2"),
        model=Model.BREAK_EVEN,
        versions=[version("2026-01-02")],
    )
    span = quarters("2026-01-01T12:00+01:00", 1)

    settlement = settle(community, span, measured(span, house_1="1/0", house_2="0/1"))

    found = {finding.key: finding.energy for finding in settlement.findings}
    assert found["no_tariff"] == kwh("2")


def test_energy_before_the_first_price_blocks() -> None:
    """Days without a price have no line; the house and the community say so."""
    community = terms(
        agreement("house_1", "2025-01-01"), versions=[version("2026-01-02")]
    )
    span = quarters("2026-01-01T23:30+01:00", 4)
    first_two = quarters("2026-01-01T23:30+01:00", 2)

    settlement = settle(community, span, measured(span, house_1="1/0.25"))

    assert printed(statement_of(settlement, "house_1")) == [
        ("import", "2", "25", "50"),
        ("export", "0.5", "20", "-10"),
    ]
    assert settlement.findings == (
        Finding(
            code=FindingCode.NO_TARIFF,
            house_id="house_1",
            span=first_two,
            intervals=2,
            details={"tariff": "standard"},
        ),
        Finding(
            code=FindingCode.NO_TARIFF,
            span=first_two,
            intervals=2,
            energy=kwh("1.5"),
            details={"tariff": "standard"},
        ),
    )
    assert [f.key for f in settlement.findings] == ["no_tariff:house_1", "no_tariff"]
    assert ct("45") == settlement.community.value_grid_import


@pytest.mark.parametrize("cell", ["1/0", "0/1"])
def test_either_side_of_the_grid_needs_a_price(cell: str) -> None:
    """The community's own trade without a price is a finding, whichever way it goes."""
    community = terms(versions=[version("2027-01-01")])
    span = quarters(_NOON, 1)

    findings = settle(community, span, measured(span, house_1=cell)).findings

    assert [f.key for f in findings] == ["no_agreement:house_1", "no_tariff"]
    assert findings[1].energy == kwh("1")


def test_what_is_shared_needs_no_grid_price() -> None:
    """Where nothing goes through the grid, its price is not missed."""
    community = terms(
        agreement("house_1", tariff_id="own"),
        tariffs={
            "grid": Tariff("grid", (version("2027-01-01"),)),
            "own": Tariff("own", (version(),)),
        },
    )
    span = quarters(_NOON, 1)

    assert settle(community, span, measured(span, house_1="1/1")).findings == ()


def test_a_trace_sees_every_interval() -> None:
    """Each interval comes once, in order, with lanes by house id."""
    community = terms(agreement("house_1"), agreement("house_2"))
    span = quarters(_NOON, 100)  # more than are added at a time
    seen = []

    settle(
        community,
        span,
        measured(span, house_2="0/1", house_1="0.25/0"),
        lambda slot, bought, sold: seen.append((slot.start, [*bought], [*sold])),
    )

    assert seen == [
        (start, [250_000, 0], [0, 250_000])
        for start in range(span.start, span.end, 900)
    ]


def test_a_day_that_a_zone_left_out_has_no_statement() -> None:
    """Samoa had no 30 December 2011; who had the house that day pays nothing."""
    community = terms(
        agreement("house_1", "2011-12-01", "2011-12-30", name="Anna"),
        agreement("house_1", "2011-12-30", "2011-12-31", name="Beat"),
        agreement("house_1", "2011-12-31", name="Carla"),
        versions=[version("2011-01-01")],
        timezone="Pacific/Apia",
    )
    december = period("2011-12", community)

    settlement = settle(community, december, measured(december, house_1="0.25/0"))

    assert [("Anna", kwh("696")), ("Carla", kwh("24"))] == [
        (s.agreement.participant.name, s.energy.imported) for s in settlement.statements
    ]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("18:00", "19:00"),  # midnight in Nepal is at 18:15 UTC
        ("19:10", "20:00"),
        ("19:00", "20:10"),
    ],
)
def test_a_change_inside_an_interval_is_an_error(start: str, end: str) -> None:
    """An interval's energy never belongs to two; such spans are not settled."""
    community = terms(
        agreement("house_1", "2026-01-01", "2026-01-06"),
        timezone="Asia/Kathmandu",
        minutes=30,
    )
    span = Span(at(f"2026-01-05T{start}Z"), at(f"2026-01-05T{end}Z"))

    with pytest.raises(ValueError, match="off the interval grid"):
        settle(community, span, Measurements((), ()))


def test_lanes_of_different_lengths_are_an_error() -> None:
    """A lane that is too short must not be settled as if it were another's."""
    slot = IntervalSlice(0, [1, 2], [1], [0, 0])

    with pytest.raises(ValueError, match="zip"):
        settle(terms(), Span(0, 900), Measurements(("house_1", "house_2"), [slot]))
