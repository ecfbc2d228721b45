"""Houses with several meters, and what is shared, settled by hand."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from custom_components.leg_invoicing.billing.findings import FindingCode
from custom_components.leg_invoicing.billing.house_energy import HouseEnergy
from custom_components.leg_invoicing.billing.measurements import Measurements
from custom_components.leg_invoicing.billing.models import Model
from custom_components.leg_invoicing.billing.settlement import (
    houses_of,
    settle,
    settle_energy,
)
from custom_components.leg_invoicing.billing.statements import Settlement
from custom_components.leg_invoicing.billing.tariffs import Tariff
from custom_components.leg_invoicing.billing.terms import Terms
from tests.billing.build import (
    agreement,
    at,
    kwh,
    measured,
    metered,
    quarters,
    statement_of,
    terms,
    version,
)

_NOON = "2026-01-05T12:00+01:00"
_HOUR = quarters(_NOON, 4)
_QUARTER = quarters(_NOON, 1)
_TARIFFS = {
    "standard": Tariff("standard", (version(),)),
    "charging": Tariff("charging", (version(p_con="40", p_grid_con="50"),)),
}


def _community(*houses: str, model: Model = Model.POOL, **meters: Any) -> Terms:
    agreed = terms(*map(agreement, houses), model=model, tariffs=_TARIFFS)
    return metered(agreed, **meters)


def _lines(settlement: Settlement, house_id: str) -> list[tuple[str, str, str, str]]:
    """Return kind, meter, kWh and ct of each line."""
    return [
        (
            str(line.kind),
            line.meter,
            f"{line.quantity.normalize():f}",
            f"{line.exact.ct.normalize():f}",
        )
        for line in statement_of(settlement, house_id).lines
    ]


def _settled(community: Terms, **points: str) -> Settlement:
    return settle(community, _QUARTER, measured(_QUARTER, **points))


def test_a_house_is_the_sum_of_its_meters() -> None:
    """PV and battery add to the house, in its lines, under its tariff."""
    community = _community(
        "house_1",
        pv={"house": "house_1", "role": "pv"},
        battery={"house": "house_1", "role": "battery"},
    )

    settlement = _settled(community, house_1="1/0", pv="0/3", battery="0.5/0.25")

    assert houses_of(
        community, _QUARTER, Measurements(("house_1", "pv", "battery"), ())
    ) == ("house_1",)
    energy = statement_of(settlement, "house_1").energy
    assert (energy.imported, energy.exported) == (kwh("1.5"), kwh("3.25"))
    assert _lines(settlement, "house_1") == [
        ("import", "", "1.5", "37.5"),
        ("export", "", "3.25", "-65"),
    ]
    assert settlement.findings == ()


def test_a_component_counts_through_formulas() -> None:
    """By itself it is billed to nobody, also where no formula uses it yet."""
    cellar = {"role": "component"}
    flat = {"house": "house_1", "role": "house", "formula": "house_1 - cellar"}
    measured_there = {"house_1": "3/0", "cellar": "1/0"}

    alone = _settled(_community("house_1", cellar=cellar), **measured_there)
    used = _settled(_community("house_1", cellar=cellar, flat=flat), **measured_there)

    assert statement_of(alone, "house_1").energy.imported == kwh("3")
    assert statement_of(used, "house_1").energy.imported == kwh("2")
    assert list(alone.houses) == list(used.houses) == ["house_1"]
    assert alone.findings == used.findings == ()


def test_a_charger_has_lines_and_prices_of_its_own() -> None:
    """Keys share by house; its part is divided by energy, and priced apart."""
    community = _community(
        "house_1",
        "house_2",
        model=Model.SPLIT,
        ev={
            "house": "house_1",
            "role": "ev_charger",
            "name": "Wallbox",
            "tariff": "charging",
        },
        pump={"house": "house_1", "role": "heat_pump"},
    )

    settlement = _settled(community, house_1="1/0", ev="2/0", pump="1/0", house_2="0/2")

    # Half of the 4 kWh is local, half of each meter's.
    assert _lines(settlement, "house_1") == [
        ("local_import", "", "0.5", "12.5"),
        ("local_import", "pump", "0.5", "12.5"),
        ("local_import", "Wallbox", "1", "40"),
        ("grid_import", "", "0.5", "15"),
        ("grid_import", "pump", "0.5", "15"),
        ("grid_import", "Wallbox", "1", "50"),
    ]
    assert settlement.community.energy.local_import == kwh("2")


_BEHIND: Mapping[str, Any] = {
    "ev": {"house": "house_1", "role": "ev_charger", "behind": "house_1"},
    "pump": {"house": "house_1", "role": "heat_pump", "behind": "house_1"},
}


@pytest.mark.parametrize(
    ("house", "ev", "pump", "house_left", "ev_billed", "pump_billed"),
    [
        ("5", "2", "1", "2", "2", "1"),  # all of it came through the register
        ("2", "3", "0", "0", "2", "0"),  # 1 kWh came from the own roof
        ("2", "3", "1", "0", "1.5", "0.5"),  # so did half of both
        ("0", "3", "1", "0", "0", "0"),  # everything did
    ],
)
def test_what_is_behind_a_meter_counts_once(
    house: str, ev: str, pump: str, house_left: str, ev_billed: str, pump_billed: str
) -> None:
    """A meter has at most what the one above it counted, which keeps the rest."""
    community = _community("house_1", **_BEHIND)

    settlement = _settled(
        community, house_1=f"{house}/0", ev=f"{ev}/0", pump=f"{pump}/0"
    )

    billed = {
        meter: quantity for _, meter, quantity, _ in _lines(settlement, "house_1")
    }
    expected = {"": house_left, "ev": ev_billed, "pump": pump_billed}
    assert billed == {meter: q for meter, q in expected.items() if q != "0"}
    assert settlement.community.energy.imported == kwh(house)


def test_a_meter_behind_a_meter_that_is_behind_a_house() -> None:
    """Each takes its part of what the one above it was left."""
    community = _community(
        "house_1",
        flat={
            "house": "house_1",
            "role": "house",
            "behind": "house_1",
            "tariff": "charging",
        },
        ev={"house": "house_1", "role": "ev_charger", "behind": "flat"},
    )

    settlement = _settled(community, house_1="4/0", flat="3/0", ev="2/0")
    from_the_roof = _settled(community, house_1="2/0", flat="3/0", ev="2/0")

    assert [line[1:3] for line in _lines(settlement, "house_1")] == [
        ("", "1"),
        ("ev", "2"),
        ("flat", "1"),
    ]
    assert [line[1:3] for line in _lines(from_the_roof, "house_1")] == [("ev", "2")]


def test_pv_behind_a_house_delivers_what_the_house_delivered() -> None:
    """What the roof made and the house used itself is on nobody's bill."""
    pv = {"house": "house_1", "role": "pv", "behind": "house_1"}
    plain = _community("house_1", pv=pv)
    apart = _community("house_1", pv={**pv, "name": "Roof", "tariff": "charging"})

    assert _lines(_settled(plain, house_1="0/3", pv="0/5"), "house_1") == [
        ("export", "", "3", "-60"),
    ]
    assert _lines(_settled(apart, house_1="0/3", pv="0/5"), "house_1") == [
        ("export", "Roof", "3", "-60"),
    ]


def test_a_virtual_meter_is_a_difference() -> None:
    """What the main meter counts besides a submeter is the house's own."""
    community = _community(
        "house_1",
        "house_2",
        main={"role": "house"},
        rest={"house": "house_1", "role": "house", "formula": "main - house_2"},
    )

    settlement = _settled(community, main="5/1", house_2="2/0")

    assert statement_of(settlement, "house_1").energy.imported == kwh("3")
    assert statement_of(settlement, "house_1").energy.exported == kwh("1")
    assert statement_of(settlement, "house_2").energy.imported == kwh("2")
    assert settlement.findings == ()


def test_a_virtual_meter_is_a_sum_under_a_house_s_own_id() -> None:
    """A house without a meter of its own can be what its flats are."""
    community = _community(
        "house_1",
        flat_a={"role": "house"},
        flat_b={"role": "house"},
        house_1={"house": "house_1", "role": "house", "formula": "flat_a + flat_b"},
    )

    settlement = _settled(community, flat_a="1/0", flat_b="2/1")

    assert _lines(settlement, "house_1") == [
        ("import", "", "3", "75"),
        ("export", "", "1", "-20"),
    ]
    assert settlement.findings == ()


def test_less_than_nothing_is_nothing_and_said() -> None:
    """A difference cannot be negative: meters that contradict each other are found."""
    community = _community(
        "house_1",
        "house_2",
        rest={
            "house": "house_1",
            "role": "house",
            "name": "Rest",
            "formula": "house_1 - house_2",
        },
    )

    settlement = _settled(community, house_1="1/0", house_2="1.25/0")

    assert statement_of(settlement, "house_1").energy.imported == kwh("0")
    (finding,) = settlement.findings
    assert finding.key == "meter_negative:house_1"
    assert (finding.intervals, finding.energy) == (1, kwh("0.25"))
    assert finding.details == {"meters": "Rest"}
    assert not finding.blocking


def test_a_missing_point_is_missing_for_what_depends_on_it() -> None:
    """The finding is the house's, and names the meters that are its cause."""
    community = _community(
        "house_1",
        "house_2",
        stairs={"role": "common_area", "name": "Stairs", "share": {"by": "equal"}},
        rest={"house": "house_2", "role": "house", "formula": "main - house_1"},
        main={"role": "house", "name": "Main"},
    )
    span = quarters(_NOON, 3)

    settlement = settle(
        community,
        span,
        measured(
            span,
            house_1=["1/0", "1/0", None],
            main=["3/0", None, "3/0"],
            stairs=["1/0", None, "1/0 interpolated"],
        ),
    )

    found = {finding.key: finding for finding in settlement.findings}
    assert sorted(found) == ["missing_data:house_1", "missing_data:house_2"]
    assert found["missing_data:house_1"].details == {"meters": "Stairs"}
    assert found["missing_data:house_2"].details == {"meters": "Main, Stairs, house_1"}
    assert found["missing_data:house_2"].intervals == 2
    assert statement_of(settlement, "house_2").intervals == {0: 1, 60: 2}


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        ({"by": "equal"}, ["0.6", "0.6", "0.6"]),
        ({"by": "equal", "of": ["house_1", "house_3"]}, ["0.9", "0", "0.9"]),
        ({"by": "area", "of": {"house_1": "80", "house_2": "40"}}, ["1.2", "0.6", "0"]),
        (
            {"by": "percent", "of": {"house_1": "62.5", "house_3": "37.5"}},
            ["1.125", "0", "0.675"],
        ),
    ],
)
def test_a_common_area_is_shared(share: Any, expected: list[str]) -> None:
    """By equal parts, area, units or percentages; the parts sum to the meter."""
    community = _community(
        "house_1",
        "house_2",
        "house_3",
        stairs={"role": "common_area", "name": "Staircase", "share": share},
    )

    settlement = _settled(
        community, house_1="1/0", house_2="1/0", house_3="0/0", stairs="1.8/0"
    )

    for house_id, own in zip(community_houses(community), expected, strict=True):
        billed = {m: q for _, m, q, _ in _lines(settlement, house_id)}
        assert billed.get("Staircase", "0") == own
    assert settlement.community.energy.imported == kwh("3.8")


def community_houses(community: Terms) -> list[str]:
    """Return the houses of agreements."""
    return sorted({a.house_id for a in community.agreements})


def test_a_vacant_house_has_its_part_of_the_stairs() -> None:
    """Its owner pays it; a house that has left has none, unless it is named."""
    stairs = {"role": "common_area", "share": {"by": "equal"}}
    named = {"role": "common_area", "share": {"by": "equal", "of": ["house_2"]}}
    agreed = terms(agreement("house_1"), agreement("house_2", end="2026-01-03"))
    vacant = metered(agreed, stairs=stairs)
    left = replace(vacant, left={"house_2": (date(2026, 1, 4),)})
    forgotten = replace(metered(agreed, stairs=named), left=left.left)
    points = {"house_1": "1/0", "house_2": "0/0", "stairs": "1/0"}

    shared = statement_of(_settled(vacant, **points), "house_2")
    assert shared.agreement.vacancy
    assert shared.energy.imported == kwh("0.5")
    assert _settled(left, **points).houses == {
        "house_1": HouseEnergy(imported=kwh("2"))
    }
    (finding,) = _settled(forgotten, **points).findings
    assert finding.key == "no_agreement:house_2"


def test_stairs_of_houses_that_have_all_left() -> None:
    """Nobody has a part of them, and nobody is billed."""
    stairs = {"role": "common_area", "share": {"by": "equal"}}
    agreed = terms(agreement("house_1", end="2026-01-03"))
    left = replace(
        metered(agreed, stairs=stairs), left={"house_1": (date(2026, 1, 3),)}
    )

    settled = _settled(left, house_1="1/0", stairs="1/0")

    assert settled.statements == ()
    assert settled.houses == {}


def test_a_meter_counts_from_its_day_on() -> None:
    """Before, its energy is nobody's, and what is now behind it stands for itself."""
    community = _community(
        "house_1",
        ev={
            "house": "house_1",
            "role": "ev_charger",
            "since": "2026-01-06",
            "behind": "house_1",
        },
    )
    span = quarters("2026-01-05T23:45+01:00", 2)

    settlement = settle(community, span, measured(span, house_1="3/0", ev="2/0"))

    assert _lines(settlement, "house_1") == [
        ("import", "", "4", "100"),
        ("import", "ev", "2", "50"),
    ]
    (before, after) = (
        settle_energy(community, part, measured(part, house_1="3/0", ev="2/0"))
        for part in (
            quarters("2026-01-05T23:45+01:00", 1),
            quarters("2026-01-06T00:00+01:00", 1),
        )
    )
    assert [line[1:3] for line in _lines(before, "house_1")] == [("", "3")]
    assert [line[1:3] for line in _lines(after, "house_1")] == [("", "1"), ("ev", "2")]


def test_a_meter_counts_up_to_the_day_it_ends() -> None:
    """What was removed is billed up to that midnight, and then left out."""
    community = _community(
        "house_1",
        pump={"house": "house_1", "role": "heat_pump", "until": "2026-01-06"},
    )
    two_days = quarters("2026-01-05T23:45+01:00", 2)

    settlement = settle(
        community, two_days, measured(two_days, house_1="1/0", pump="0.5/0")
    )

    assert _lines(settlement, "house_1") == [
        ("import", "", "2", "50"),
        ("import", "pump", "0.5", "12.5"),
    ]


def test_a_meter_without_prices_yet_is_found() -> None:
    """A tariff of its own must have a price for the time."""
    late = Tariff("charging", (version("2026-02-01"),))
    community = _community(
        "house_1", ev={"house": "house_1", "role": "ev_charger", "tariff": "charging"}
    )
    community = replace(community, tariffs={**_TARIFFS, "charging": late})

    (finding,) = _settled(community, house_1="1/0", ev="1/0").findings

    assert finding.code is FindingCode.NO_TARIFF
    assert finding.details == {"tariff": "charging"}


def test_the_trace_is_by_house() -> None:
    """Whoever looks at how an interval was shared sees houses."""
    community = _community("house_1", pump={"house": "house_1", "role": "heat_pump"})
    seen = []

    settle(
        community,
        _QUARTER,
        measured(_QUARTER, house_1="1/0", pump="2/4"),
        lambda m, bought, sold: seen.append((m.imported, m.exported, bought, sold)),
    )

    assert at(_NOON) == _QUARTER.start
    assert [list(map(list, each)) for each in seen] == [
        [[3_000_000], [4_000_000], [3_000_000], [3_000_000]]
    ]
