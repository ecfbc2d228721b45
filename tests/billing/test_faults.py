"""Faults found in other billing systems, each shown not to be one of ours.

The numbers are those of the list in the domain's description.
"""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from custom_components.leg_invoicing.billing.agreements import Owner, Party
from custom_components.leg_invoicing.billing.allocation import AllocationKey
from custom_components.leg_invoicing.billing.bands import Band, Bands, Window
from custom_components.leg_invoicing.billing.calendar import Span, parse_period
from custom_components.leg_invoicing.billing.findings import FindingCode
from custom_components.leg_invoicing.billing.invoices import Letterhead, issue
from custom_components.leg_invoicing.billing.measurements import (
    IntervalRow,
    IntervalSlice,
    Measurements,
    combine,
)
from custom_components.leg_invoicing.billing.models import Model
from custom_components.leg_invoicing.billing.money import Money, UnitPrice
from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.billing.settlement import settle
from custom_components.leg_invoicing.billing.sharing_versions import SharingVersion
from custom_components.leg_invoicing.billing.tariffs import Price, TariffVersion
from tests.billing.build import (
    agreement,
    at,
    ct,
    kwh,
    measured,
    period,
    printed,
    quarters,
    sharing,
    statement_of,
    terms,
    version,
)


def _within(measurements: Measurements, span: Span) -> Measurements:
    """Return the slices that a ledger would read for a span."""
    return Measurements(
        measurements.houses, [s for s in measurements.slices if s.start in span]
    )


def test_fault_01_slot_at_period_end_billed_once() -> None:
    """The quarter hour on the edge of two months is February's, and only its."""
    community = terms(agreement("house_1"))
    january, february, both = (
        period(text, community)
        for text in ("2026-01", "2026-02", "2026-01-01..2026-03-01")
    )
    year = measured(both, house_1="0/0")
    edge = at("2026-02-01T00:00+01:00")
    flowed = Measurements(
        ("house_1",),
        [
            slot._replace(imported=[1_000_000]) if slot.start == edge else slot
            for slot in year.slices
        ],
    )

    energies = [
        statement_of(settle(community, span, _within(flowed, span)), "house_1").energy
        for span in (january, february, both)
    ]

    assert [kwh("0"), kwh("1"), kwh("1")] == [e.imported for e in energies]
    assert energies[2] == energies[0] + energies[1]


def test_fault_02_nobody_pays_after_moving_out() -> None:
    """Who moves out on the 16th pays for fifteen days, and the owner for the rest."""
    community = terms(agreement("house_1", end="2026-01-16"))
    january = period("2026-01", community)

    settlement = settle(community, january, measured(january, house_1="0.1/0"))

    statement, vacancy = settlement.statements
    assert statement.energy.imported == kwh("144")  # 15 days of 9.6 kWh
    assert statement.import_cost == ct("3600")
    assert (statement.first, statement.end) == (date(2026, 1, 1), date(2026, 1, 16))
    assert statement.span == Span(january.start, at("2026-01-16T00:00+01:00"))
    assert vacancy.energy.imported == kwh("153.6")
    assert settlement.findings == ()


def test_fault_03_tenants_share_the_house_by_days() -> None:
    """Of 720 kWh in a month, each tenant pays those of the own days."""
    community = terms(
        agreement("house_1", "2026-06-01", "2026-06-11", name="Anna Muster"),
        agreement("house_1", "2026-06-11", name="Beat Beispiel"),
    )
    june = period("2026-06", community)

    settlement = settle(community, june, measured(june, house_1="0.25/0"))

    assert [("Anna Muster", kwh("240")), ("Beat Beispiel", kwh("480"))] == [
        (s.agreement.participant.name, s.energy.imported) for s in settlement.statements
    ]
    assert settlement.community.energy.imported == kwh("720")
    assert settlement.findings == ()


def _day_and_night() -> TariffVersion:
    rates = (("day", "25"), ("night", "18"))
    return replace(
        version(),
        bands=Bands((Band("night", (Window(start=22 * 60, end=6 * 60),)),), rest="day"),
        p_con=Price(tuple((band, UnitPrice(Decimal(ct))) for band, ct in rates)),
    )


def test_fault_04_a_night_over_midnight_is_a_night() -> None:
    """Energy from ten at night to six in the morning has the night's price."""
    community = terms(agreement("house_1"), versions=[_day_and_night()])
    span = quarters("2026-01-05T00:00+01:00", 96)

    settlement = settle(community, span, measured(span, house_1="0.25/0"))

    assert printed(statement_of(settlement, "house_1")) == [
        ("import", "16", "25", "400"),
        ("import", "8", "18", "144"),
    ]


def test_fault_05_bands_follow_the_clocks_on_the_wall() -> None:
    """Not those of UTC, which are an hour or two behind."""
    community = terms(agreement("house_1"), versions=[_day_and_night()])
    for start in ("2026-01-05T05:00+01:00", "2026-07-06T05:00+02:00"):
        span = quarters(start, 8)
        settlement = settle(community, span, measured(span, house_1="1/0"))

        assert printed(statement_of(settlement, "house_1")) == [
            ("import", "4", "25", "100"),
            ("import", "4", "18", "72"),
        ]


def test_fault_05_days_and_prices_begin_at_local_midnight() -> None:
    """A new price counts from local midnight on, an hour before UTC's in winter."""
    community = terms(
        agreement("house_1"),
        versions=[version("2026-01-01"), version("2026-01-02", p_con="26")],
    )
    span = quarters("2026-01-01T23:30+01:00", 4)

    settlement = settle(community, span, measured(span, house_1="1/0"))

    assert printed(statement_of(settlement, "house_1")) == [
        ("import", "2", "25", "50"),
        ("import", "2", "26", "52"),
    ]
    assert period("2026-01", community) == Span(
        at("2025-12-31T23:00Z"), at("2026-01-31T23:00Z")
    )


def test_fault_06_charges_equal_credits_to_the_cent() -> None:
    """What rounding leaves over is in the community's account, under its own name."""
    community = terms(
        *(agreement(f"house_{n}") for n in (1, 2, 3)),
        model=Model.SPLIT,
        versions=[version(p_con="20.5", p_pv="20.5", p_grid_con="33.3")],
    )
    span = quarters("2026-01-05T12:00+01:00", 1)

    settlement = settle(
        community,
        span,
        measured(span, house_1="0.1/0", house_2="0.1/0", house_3="0/0.1"),
    )

    account = settlement.community
    owed = Money.total(s.total for s in settlement.statements)
    grid = account.value_grid_export - account.value_grid_import
    assert owed + grid == account.balance + account.rounding
    # Two charges of 1.025 + 1.665 ct, one credit of 2.05 ct, printed 1 + 2 and -2.
    assert [ct("3"), ct("3"), ct("-2")] == [s.total for s in settlement.statements]
    assert account.balance == ct("0")
    assert account.rounding == ct("0.67")


@pytest.mark.parametrize(
    "key", [key for key in AllocationKey if key is not AllocationKey.PRIORITY]
)
def test_fault_07_equal_houses_share_equally(key: AllocationKey) -> None:
    """Two equal houses get half each, and whoever is listed first gets no more."""
    community = sharing(
        terms(*(agreement(f"house_{n}") for n in (1, 2, 3)), model=Model.LOCAL_ONLY),
        SharingVersion(
            allocation=key,
            weights={"house_1": Decimal("0.5"), "house_2": Decimal("0.5")},
        ),
    )
    span = quarters("2026-01-05T12:00+01:00", 1)
    needs = {"house_1": "1/0", "house_2": "1/0", "house_3": "0/1"}

    for houses in (needs, dict(reversed(needs.items()))):
        settlement = settle(community, span, measured(span, **houses))

        assert settlement.houses["house_1"].local_import == kwh("0.5")
        assert settlement.houses["house_2"].local_import == kwh("0.5")


def test_fault_08_each_producer_is_paid_for_the_own_part() -> None:
    """Two producers of 3 and 1 kWh share the sale of 2 kWh as 1.5 and 0.5."""
    community = terms(*(agreement(f"house_{n}") for n in (1, 2, 3)), model=Model.SPLIT)
    span = quarters("2026-01-05T12:00+01:00", 1)

    settlement = settle(
        community, span, measured(span, house_1="0/3", house_2="0/1", house_3="2/0")
    )

    assert printed(statement_of(settlement, "house_1")) == [
        ("local_export", "1.5", "20", "-30"),
        ("grid_export", "1.5", "6", "-9"),
    ]
    assert printed(statement_of(settlement, "house_2")) == [
        ("local_export", "0.5", "20", "-10"),
        ("grid_export", "0.5", "6", "-3"),
    ]


def test_fault_09_equal_shares_leave_no_energy_over() -> None:
    """Equal shares go on until all is shared: of 10 kWh, 1, 2, 3.5 and 3.5.

    A first pass gives 1, 2, 2.5 and 2.5; a second pass among four would give the two
    that want more half a kWh each, and leave 1 kWh to the grid.
    """
    community = sharing(
        terms(*(agreement(f"house_{n}") for n in range(1, 6)), model=Model.SPLIT),
        SharingVersion(allocation=AllocationKey.EQUAL),
    )
    span = quarters("2026-01-05T12:00+01:00", 1)

    settlement = settle(
        community,
        span,
        measured(
            span,
            house_1="1/0",
            house_2="2/0",
            house_3="4/0",
            house_4="8/0",
            house_5="0/10",
        ),
    )

    assert [
        f"{energy.local_import.kwh.normalize():f}"
        for energy in settlement.houses.values()
    ] == ["1", "2", "3.5", "3.5", "0"]
    assert settlement.houses["house_5"].local_export == kwh("10")
    assert settlement.community.shared == kwh("10")


def test_fault_10_what_arrives_after_an_outage_still_counts() -> None:
    """A row that was missing is filled by the energy that came in later."""
    gap = IntervalRow("house_1", 900, None, None, Quality.MISSING)
    late = IntervalRow("house_1", 900, 250_000, 0, Quality.INTERPOLATED)

    assert combine(gap, late) == late


def test_fault_11_filled_gaps_are_told() -> None:
    """Interpolated energy is billed, counted on the statement and a finding."""
    community = terms(agreement("house_1"))
    span = quarters("2026-01-05T12:00+01:00", 4)
    filled = "0.5/0 interpolated"

    settlement = settle(
        community, span, measured(span, house_1=["0.4/0", filled, filled, "0.6/0"])
    )

    statement = statement_of(settlement, "house_1")
    assert statement.energy.imported == kwh("2")
    assert statement.intervals == {Quality.MEASURED: 2, Quality.INTERPOLATED: 2}
    (finding,) = settlement.findings
    assert finding.code is FindingCode.INTERPOLATED_DATA
    assert not finding.blocking
    assert finding.span == quarters("2026-01-05T12:15+01:00", 2)
    assert (finding.intervals, finding.energy) == (2, kwh("1"))


def test_fault_12_numbers_follow_each_other() -> None:
    """Invoices are numbered from the last one used, whatever the time is."""
    community = terms(agreement("house_1"), agreement("house_2"))
    span = period("2026-01", community)
    settlement = settle(community, span, Measurements((), ()))

    invoices = issue(
        settlement,
        Letterhead(
            community_id="sonnenweg",
            community_name="Sonnenweg",
            issuer=Party(name="Sonnenweg"),
            timezone="Europe/Zurich",
            currency="CHF",
            payment_term_days=30,
        ),
        parse_period("2026-01"),
        issued_on=date(2026, 2, 3),
        last_sequence=998,
        house_names={},
        registers={},
    )

    assert [i.invoice_id for i in invoices] == ["INV-2026-999", "INV-2026-1000"]


def test_fault_13_the_repeated_hour_counts_twice() -> None:
    """On 25 October 02:00 to 03:00 comes twice, and both hours are billed."""
    community = terms(agreement("house_1"))
    day = period("2026-10-25..2026-10-26", community)
    flowed = measured(day, house_1="0.25/0")
    twice = [at("2026-10-25T02:00+02:00"), at("2026-10-25T02:00+01:00")]

    settlement = settle(community, day, flowed)

    assert set(twice) <= {slot.start for slot in flowed.slices}
    statement = statement_of(settlement, "house_1")
    assert statement.energy.imported == kwh("25")
    assert statement.intervals == {Quality.MEASURED: 100}


def test_fault_14_the_price_on_a_line_is_the_agreed_one() -> None:
    """A line's price is the tariff's own, never the rounded amount by the energy."""
    community = terms(agreement("house_1"), versions=[version(p_con="21.37")])
    span = quarters("2026-01-05T12:00+01:00", 1)

    (line,) = statement_of(
        settle(community, span, measured(span, house_1="0.013/0")), "house_1"
    ).lines

    assert str(line.unit_price.ct) == "21.37"
    assert (line.exact, line.amount) == (ct("0.27781"), ct("0"))


def test_fault_15_vacancy_is_billed_to_the_owner() -> None:
    """Between two occupants, and after the last one, the owner is billed."""
    owner = Owner(party=Party(name="Otto Owner"), tariff_id="standard")
    community = terms(
        agreement("house_1", end="2026-01-11", name="Anna Muster"),
        agreement("house_1", "2026-01-21", "2026-01-30", name="Beat Beispiel"),
        agreement("house_2"),
        owners={"house_1": owner},
        model=Model.SPLIT,
    )
    january = period("2026-01", community)

    settlement = settle(
        community, january, measured(january, house_1="0.1/0", house_2="0/0.05")
    )

    assert [
        ("Anna Muster", False, date(2026, 1, 1), date(2026, 1, 11), kwh("96")),
        ("Otto Owner", True, date(2026, 1, 11), date(2026, 1, 21), kwh("96")),
        ("Beat Beispiel", False, date(2026, 1, 21), date(2026, 1, 30), kwh("86.4")),
        ("Otto Owner", True, date(2026, 1, 30), date(2026, 2, 1), kwh("19.2")),
    ] == [
        (
            s.agreement.participant.name,
            s.agreement.vacancy,
            s.first,
            s.end,
            s.energy.imported,
        )
        for s in settlement.statements
        if s.agreement.house_id == "house_1"
    ]
    # A vacant house has its part of the sun, and its owner pays for both parts.
    assert printed(settlement.statements[1]) == [
        ("local_import", "48", "25", "1200"),
        ("grid_import", "48", "30", "1440"),
    ]
    account = settlement.community
    owed = Money.total(s.total for s in settlement.statements)
    assert owed - account.value_grid_import == account.balance + account.rounding
    assert settlement.findings == ()


def test_fault_15_the_energy_of_a_house_that_never_joined_is_told() -> None:
    """Energy that nobody is billed for blocks the period and stays in the account."""
    community = terms(agreement("house_1"))
    span = quarters("2026-01-05T12:00+01:00", 2)

    settlement = settle(
        community, span, measured(span, house_1="0/1", house_2="0.75/0")
    )

    (finding,) = settlement.findings
    assert finding.code is FindingCode.NO_AGREEMENT
    assert finding.blocking
    assert (finding.key, finding.span) == ("no_agreement:house_2", span)
    assert (finding.intervals, finding.energy) == (2, kwh("1.5"))
    # The community pays the producer 40 ct and gets 3 ct for what went to the grid.
    assert settlement.community.balance == ct("-37")
    assert [s.agreement.house_id for s in settlement.statements] == ["house_1"]


def test_the_order_of_the_houses_lanes_is_the_measurements_own() -> None:
    """A house keeps its energy when lanes come in another order than the ids."""
    community = terms(agreement("house_1"), agreement("house_2"))
    slot = IntervalSlice(0, [7, 5], [0, 0], [0, 0])

    settlement = settle(
        community, Span(0, 900), Measurements(("house_2", "house_1"), [slot])
    )

    assert settlement.houses["house_1"].imported.mwh == 5
    assert settlement.houses["house_2"].imported.mwh == 7
    assert settlement.community.energy.imported.kwh == Decimal("0.000012")
