"""Which key, which weights and which order count when."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from custom_components.leg_invoicing.billing.agreements import Agreement
from custom_components.leg_invoicing.billing.allocation import AllocationKey
from custom_components.leg_invoicing.billing.calendar import parse_period
from custom_components.leg_invoicing.billing.dated import version_on
from custom_components.leg_invoicing.billing.models import Model
from custom_components.leg_invoicing.billing.settlement import settle
from custom_components.leg_invoicing.billing.sharing_versions import (
    SharingVersion,
    overweight,
)
from custom_components.leg_invoicing.billing.terms import Terms
from tests.billing.build import agreement, kwh, measured, quarters, sharing, terms

STATIC, EQUAL = AllocationKey.STATIC, AllocationKey.EQUAL
HALF = Decimal("0.5")


def weighted(house_id: str, weight: str, *days: str | None) -> Agreement:
    """Return an agreement that says a weight."""
    return replace(agreement(house_id, *days), weight=Decimal(weight))


def bought(of: Terms, start: str = "2026-06-01T12:00+02:00", n: int = 1) -> list[str]:
    """Return what each of three houses buys of 10 kWh that the last one makes."""
    span = quarters(start, n)
    flowed = measured(span, house_1="8/0", house_2="4/0", house_3="0/10")
    settlement = settle(of, span, flowed)
    total = settlement.community.energy
    assert total.local_import == total.local_export
    return [
        f"{energy.local_import.kwh.normalize():f}"
        for energy in list(settlement.houses.values())[:2]
    ]


def three(*agreements: Agreement) -> Terms:
    """Return the terms of three houses; agreements replace those of their house."""
    own = {a.house_id for a in agreements}
    others = [agreement(h) for h in ("house_1", "house_2", "house_3") if h not in own]
    return terms(*agreements, *others, model=Model.LOCAL_ONLY)


def test_a_key_counts_from_local_midnight() -> None:
    """The last quarter hour of June and the first of July are shared by two keys."""
    later = SharingVersion(valid_from=date(2026, 7, 1), allocation=EQUAL)
    of = sharing(three(), SharingVersion(), later)

    assert bought(of, "2026-06-30T23:45+02:00") == ["6.666667", "3.333333"]
    assert bought(of, "2026-07-01T00:00+02:00") == ["6", "4"]
    assert bought(of, "2026-06-30T23:45+02:00", 2) == ["12.666667", "7.333333"]


def test_the_version_of_a_day() -> None:
    """Each counts from its first day until the next one's."""
    later = SharingVersion(valid_from=date(2026, 7, 1), allocation=EQUAL)
    both = (SharingVersion(), later)

    assert version_on(both, date.min) is both[0]
    assert version_on(both, date(2026, 6, 30)) is both[0]
    assert version_on(both, date(2026, 7, 1)) is later
    assert version_on(both, date.max) is later


def test_what_fixed_shares_leave_over_is_surplus() -> None:
    """A producer sells to the grid what nobody's share can use."""
    weights = {"house_1": HALF, "house_2": HALF}
    of = sharing(three(), SharingVersion(allocation=STATIC, weights=weights))
    span = quarters("2026-06-01T12:00+02:00", 1)
    flowed = measured(span, house_1="8/0", house_2="4/0", house_3="0/10")

    houses = settle(of, span, flowed).houses

    assert houses["house_1"].local_import == kwh("5")
    assert houses["house_1"].grid_import == kwh("3")
    assert houses["house_2"].local_import == kwh("4")
    assert houses["house_3"].local_export == kwh("9")
    assert houses["house_3"].grid_export == kwh("1")


def test_without_any_weights_shares_are_equal() -> None:
    """Among all that belong to the community that day; a vacant house does."""
    of = sharing(three(), SharingVersion(allocation=STATIC))
    assert bought(of) == ["3.333334", "3.333333"]

    ended = sharing(
        three(agreement("house_2", "2026-01-01", "2026-06-01")),
        SharingVersion(allocation=STATIC),
    )
    assert bought(ended) == ["3.333334", "3.333333"]
    gone = replace(ended, left={"house_2": (date(2026, 6, 1),)})
    assert bought(gone)[0] == "5"
    assert bought(sharing(terms(), SharingVersion(allocation=STATIC))) == ["0", "0"]


def test_the_weight_of_an_agreement_goes_before_the_communitys() -> None:
    """While the agreement is valid, and not a day longer."""
    weights = {"house_1": Decimal("0.2"), "house_2": Decimal("0.1")}
    of = sharing(
        three(
            weighted("house_1", "0.7", "2026-01-01", "2026-07-01"),
            agreement("house_1", "2026-07-01"),
        ),
        SharingVersion(allocation=STATIC, weights=weights),
    )

    assert bought(of) == ["7", "1"]
    assert bought(of, "2026-07-01T00:00+02:00") == ["2", "1"]


def test_houses_that_the_order_leaves_out_come_last() -> None:
    """By id, behind those that it lists."""
    key = AllocationKey.PRIORITY
    of = three()

    assert bought(sharing(of, SharingVersion(allocation=key))) == ["8", "2"]
    listed = SharingVersion(allocation=key, order=("house_2",))
    assert bought(sharing(of, listed)) == ["6", "4"]


def test_producers_may_be_served_in_order() -> None:
    """The plant that stands first sells first; usually each sells in proportion."""
    span = quarters("2026-06-01T12:00+02:00", 1)
    flowed = measured(span, house_1="0/3", house_2="0/5", house_3="6/0")

    def sold(version: SharingVersion) -> list[str]:
        houses = settle(sharing(three(), version), span, flowed).houses
        return [f"{houses[h].local_export.kwh.normalize():f}" for h in houses][:2]

    assert sold(SharingVersion()) == ["2.25", "3.75"]
    assert sold(SharingVersion(producers=AllocationKey.PRIORITY)) == ["3", "3"]
    assert sold(
        SharingVersion(producers=AllocationKey.PRIORITY, order=("house_2",))
    ) == ["1", "5"]


@pytest.mark.parametrize(
    ("weights", "agreements", "over"),
    [
        ({}, [], None),
        ({"a": "0.5", "b": "0.5"}, [], None),
        ({"a": "0.5", "b": "0.500001"}, [], (date.min, Decimal("1.000001"))),
        ({"a": "1"}, [weighted("a", "1")], None),
        ({"a": "1", "b": "0"}, [weighted("b", "1e-9")], ("2026-01-01", "1.000000001")),
        (
            {"a": "0.5"},
            [weighted("b", "0.6", "2026-02-01", "2026-03-01")],
            ("2026-02-01", "1.1"),
        ),
        # While somebody else has a, its weight is smaller.
        (
            {"a": "0.5", "b": "0.6"},
            [weighted("a", "0.4", "2026-02-01", "2026-03-01")],
            (date.min, Decimal("1.1")),
        ),
    ],
)
def test_weights_are_more_than_there_is(
    weights: dict[str, str],
    agreements: list[Agreement],
    over: tuple[object, object] | None,
) -> None:
    """The first day is found, over all versions and agreements."""
    version = SharingVersion(weights={h: Decimal(w) for h, w in weights.items()})

    found = overweight((version,), agreements)

    assert (found is None) == (over is None)
    if found and over:
        assert (str(found[0]), str(found[1])) == (str(over[0]), str(over[1]))


def test_a_settlement_over_a_change_of_keys_is_the_sum_of_its_parts() -> None:
    """A quarter of a year in which the key changes equals its months."""
    later = SharingVersion(
        valid_from=date(2026, 2, 11),
        allocation=AllocationKey.HYBRID,
        weights={"house_1": Decimal("0.3")},
    )
    of = sharing(three(), SharingVersion(), later)

    def energies(period: str) -> list[int]:
        span = parse_period(period).span(of.community.zone)
        flowed = measured(
            span, house_1="0.03/0", house_2="0.04/0.01", house_3="0.01/0.05"
        )
        houses = settle(of, span, flowed).houses
        return [energy.local_import.mwh for energy in houses.values()]

    months = [energies(f"2026-0{month}") for month in (1, 2, 3)]
    assert energies("2026-Q1") == [sum(parts) for parts in zip(*months, strict=True)]
