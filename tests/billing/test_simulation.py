"""What a span would have cost under other terms, or with other members."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import yaml

from custom_components.leg_invoicing.billing.allocation import AllocationKey
from custom_components.leg_invoicing.billing.benefits import BenefitVersion, Ceiling
from custom_components.leg_invoicing.billing.calendar import parse_period
from custom_components.leg_invoicing.billing.comparison import (
    Comparison,
    compared,
    comparison_record,
)
from custom_components.leg_invoicing.billing.measurements import Measurements
from custom_components.leg_invoicing.billing.meters_written import written_meter
from custom_components.leg_invoicing.billing.models import Model
from custom_components.leg_invoicing.billing.settlement import settle
from custom_components.leg_invoicing.billing.sharing_versions import SharingVersion
from custom_components.leg_invoicing.billing.simulation import (
    Scenario,
    under_sharing,
    under_tariff,
)
from custom_components.leg_invoicing.billing.simulation_changes import scenario
from custom_components.leg_invoicing.billing.terms_record import terms_from_record
from custom_components.leg_invoicing.billing.written import TermsError

from .build import measured, version

_TERMS = """\
community:
  timezone: Europe/Zurich
  model: split
  allocation: static
  weights: {house_1: 0.5, house_3: 0.5}
  sharing: [{valid_from: 2026-02-01, allocation: priority, order: [house_3, house_2]}]
tariffs:
  Standard:
    - {valid_from: 2026-01-01, p_pv: 20, p_con: 25, p_grid_del: 6, p_grid_con: 30}
    - {valid_from: 2026-03-01, p_pv: 21, p_con: 26, p_grid_del: 6, p_grid_con: 30}
agreements:
  - {house: house_1, participant: A, tariff: Standard, from: 2026-01-01}
  - {house: house_2, participant: B, tariff: Standard, from: 2026-01-01, to: 2026-02-02}
  - {house: house_2, participant: C, tariff: Standard, from: 2026-02-02}
  - {house: house_3, participant: D, tariff: Standard, from: 2026-01-01}
"""
RECORD = yaml.load(_TERMS, Loader=yaml.BaseLoader)  # noqa: S506
PERIOD = parse_period("2026-02-01..2026-02-03")
TERMS = terms_from_record(RECORD)
SPAN = PERIOD.span(TERMS.community.zone)


def flowed() -> Measurements:
    """Return two days on which house 1 delivered, and the others used."""
    return measured(SPAN, house_1="0/1", house_2="0.4/0", house_3="0.8/0.2")


def changed(**changes: Any) -> Scenario:
    """Return the community with changes."""
    return scenario(RECORD, changes, PERIOD.first)


def effect(wanted: Scenario) -> Comparison:
    """Compare the community as it was with a scenario."""
    return compared(
        settle(TERMS, SPAN, flowed()),
        settle(wanted.terms, SPAN, wanted.measured(flowed())),
    )


def totals(comparison: Comparison) -> Mapping[str, Decimal]:
    """Return what each house would have owed more."""
    return {h: own.difference["total_ct"] for h, own in comparison.houses.items()}


def test_nothing_changed() -> None:
    """Without changes, the terms are what they were, and all differences are zero."""
    wanted = changed()

    assert wanted.terms == TERMS
    comparison = effect(wanted)
    assert set(totals(comparison).values()) == {0}
    assert set(comparison.community.difference.values()) == {0}


def test_another_price() -> None:
    """A price that is named is another one in all of the span; the rest stays.

    In 192 quarter hours house 3 buys 0.8 kWh and house 2, in which somebody else lives
    on the second day, 0.4 kWh of 1.2 kWh.
    """
    wanted = changed(tariffs={"Standard": {"p_con": "24"}})

    comparison = effect(wanted)

    stands, later = wanted.terms.tariffs["Standard"].versions
    assert stands == version("2026-02-01", p_con="24")
    assert later == version("2026-03-01", p_pv="21", p_con="24")
    assert totals(comparison) == {
        "house_1": 0,
        "house_2": Decimal(-76),
        "house_3": Decimal(-154),
    }
    assert comparison.houses["house_2"].difference["import_cost_ct"] == Decimal("-76.8")
    assert comparison.community.difference["balance_ct"] == Decimal("-230.4")


def test_another_price_where_there_are_several_versions() -> None:
    """What is named is another in each of them; what is not stays as each has it."""
    first, later = RECORD["tariffs"]["Standard"]
    monthly = [{"name": "Base", "amount": "500", "per": "month"}]
    later = later | {"valid_from": "2026-02-02", "p_con": "50", "fees": monthly}
    record = {**RECORD, "tariffs": {"Standard": [later, first]}}
    before = settle(terms_from_record(record), SPAN, flowed())

    def effect_of(change: Mapping[str, str | None]) -> Comparison:
        wanted = scenario(record, {"tariffs": {"Standard": change}}, PERIOD.first)
        return compared(before, settle(wanted.terms, SPAN, flowed()))

    for nothing in ({}, {"p_grid_con": "30"}, {"valid_from": None}):
        assert set(totals(effect_of(nothing)).values()) == {0}
    sold = effect_of({"p_pv": "10"}).houses["house_1"].difference
    assert sold["export_revenue_ct"] == -96 * (20 - 10) - 96 * (21 - 10)
    assert sold["fees_ct"] == 0


def test_another_price_from_a_day_on() -> None:
    """What was valid before it stays, as do later versions."""
    wanted = changed(tariffs={"Standard": {"valid_from": "2026-02-02", "p_pv": "10"}})

    assert [v.valid_from for v in wanted.terms.tariffs["Standard"].versions] == [
        date(2026, 1, 1),
        date(2026, 2, 2),
        date(2026, 3, 1),
    ]
    sold = effect(wanted).houses["house_1"].difference["export_revenue_ct"]
    assert sold == Decimal(-960)  # half of the days, 96 kWh at 10 ct less


def test_a_tariff_as_a_whole() -> None:
    """A list says all versions; the name may be a new one, with all its prices."""
    prices = dict(RECORD["tariffs"]["Standard"][0])

    as_list = changed(tariffs={"Standard": [prices | {"p_con": "9"}]})
    assert as_list.terms.tariffs["Standard"].versions == (version(p_con="9"),)

    prices.pop("valid_from")
    new = changed(
        tariffs={"Family": prices},
        agreements=[each | {"tariff": "Family"} for each in RECORD["agreements"]],
    )
    assert new.terms.tariffs["Family"].versions == (version("2026-02-01"),)
    assert {a.tariff_id for a in new.terms.agreements} == {"Family"}


def test_a_price_where_there_was_none_yet() -> None:
    """A tariff that begins later begins with the span."""
    later = dict(RECORD["tariffs"]["Standard"][1])
    record = {**RECORD, "tariffs": {"Standard": [later]}}

    wanted = scenario(record, {"tariffs": {"Standard": {"p_pv": "1"}}}, PERIOD.first)

    (only,) = wanted.terms.tariffs["Standard"].versions
    assert only == version("2026-02-01", p_pv="1", p_con="26")


def test_another_model_and_key() -> None:
    """Whoever says anything about sharing says all of it; other settings stay."""
    wanted = changed(community={"model": "pool", "allocation": "equal"})

    assert wanted.terms.community == replace(
        TERMS.community,
        model=Model.POOL,
        sharing=(SharingVersion(allocation=AllocationKey.EQUAL),),
    )
    assert changed(community={"model": "pool"}).terms.community.sharing == (
        TERMS.community.sharing
    )


def test_what_else_is_told() -> None:
    """Whoever says anything about it says all of it, for all days."""
    told = {"co2": "128", "benefits": [{"valid_from": "2026-01-15", "co2": "112"}]}
    record = {**RECORD, "community": RECORD["community"] | told}
    ceiling = {"community": {"ceiling": {"percent": "80"}}}

    wanted = scenario(record, ceiling, PERIOD.first)

    assert wanted.terms.community.benefits == (
        BenefitVersion(ceiling=Ceiling(percent=Decimal(80))),
    )
    same = scenario(record, {"community": {"model": "pool"}}, PERIOD.first)
    assert len(same.terms.community.benefits) == 2


def test_what_only_one_side_tells() -> None:
    """It is told there, and there is nothing to compare it with."""
    account = effect(changed(community={"co2": "128"})).community

    assert account.after["co2_avoided_g"] > 0
    assert "co2_avoided_g" not in account.before
    assert account.difference.keys() == account.before.keys()


def test_one_more_member() -> None:
    """It uses and delivers so many times what another house does."""
    wanted = changed(
        member={"like": "house_3", "consumption": "1.5", "production": "0"},
        community={"allocation": "equal"},
    )

    comparison = effect(wanted)

    joined = comparison.houses["new_member"]
    assert joined.before["total_ct"] == 0
    used = joined.after["local_import_kwh"] + joined.after["grid_import_kwh"]
    assert used == Decimal("230.4")  # 192 × 1.2 kWh
    assert joined.after["local_export_kwh"] == joined.after["grid_export_kwh"] == 0
    assert totals(comparison)["house_2"] == 0
    # House 3 shared 1.2 kWh with house 2 alone; now with a third one.
    assert totals(comparison)["house_3"] == Decimal(192 * 5) * Decimal("0.4")


def test_a_member_like_nobody_who_was_measured() -> None:
    """Where the pattern has no data, the member has none either."""
    wanted = changed(member={"like": "house_3"})

    left_out = measured(SPAN, house_1="0/1", house_2="0.4/0")
    settled = settle(wanted.terms, SPAN, wanted.measured(left_out))

    assert {f.house_id for f in settled.findings} == {"house_3", "new_member"}


def test_a_members_own_terms() -> None:
    """Its tariff and weight can be named, and it can be named itself."""
    wanted = changed(
        member={"like": "house_2", "tariff": "Standard", "weight": "0.2"},
        community={"allocation": "priority", "order": ["new_member", "house_2"]},
    )

    newest = next(a for a in wanted.terms.agreements if a.house_id == "new_member")
    assert (newest.tariff_id, newest.weight) == ("Standard", Decimal("0.2"))
    assert wanted.terms.community.sharing[0].order == ("new_member", "house_2")


@pytest.mark.parametrize(
    ("days", "tariff"),
    [
        (("2026-02-02", "2026-01-01"), "Old"),
        (("2026-02-01", "2026-01-01"), "Standard"),
        (("2026-02-02", "2026-02-03"), "Standard"),
    ],
)
def test_whose_tariff_a_member_has(days: tuple[str, str], tariff: str) -> None:
    """Where people had a house in turn, it is that of the first of the days."""
    house_1, *others = RECORD["agreements"]
    agreements = [
        house_1 | {"from": days[0]},
        house_1 | {"from": days[1], "tariff": "Old"},
    ]
    earlier, later = sorted(agreements, key=lambda each: each["from"])
    earlier["to"] = later["from"]
    tariffs = RECORD["tariffs"] | {"Old": RECORD["tariffs"]["Standard"]}
    record = {**RECORD, "tariffs": tariffs, "agreements": [*agreements, *others]}

    wanted = scenario(record, {"member": {"like": "house_1"}}, PERIOD.first)

    (new,) = [a for a in wanted.terms.agreements if a.house_id == "new_member"]
    assert new.tariff_id == tariff


def test_one_member_less() -> None:
    """Nothing of the house remains, nor does anything name it."""
    wanted = changed(without=["house_3"])

    comparison = effect(wanted)

    first, second = wanted.terms.community.sharing
    assert first.weights == {"house_1": Decimal("0.5")}
    assert second.order == ("house_2",)
    assert wanted.measured(flowed()).houses == ("house_1", "house_2")
    assert comparison.houses["house_3"].after["total_ct"] == 0
    assert comparison.community.after["total_consumption_kwh"] == Decimal("76.8")


def test_the_meters_of_a_member_less() -> None:
    """They leave with their house; what others share, they share without it."""
    hall = {"role": "common_area", "share": {"by": "equal"}}
    meters = {
        "ev": {
            "house": "house_1",
            "role": "ev_charger",
            "user": "tag",
            "users": {"A": "house_3"},
        },
        "hall": hall,
        "lift": {
            "role": "common_area",
            "share": {"by": "equal", "of": ["house_1", "house_3"]},
        },
        "pv": {"house": "house_3", "role": "pv"},
        "roof": {"role": "common_area", "share": {"by": "equal", "of": ["house_3"]}},
        "stairs": {
            "role": "common_area",
            "share": {"by": "percent", "of": {"house_2": "40", "house_3": "60"}},
        },
    }

    wanted = scenario(
        {**RECORD, "meters": meters}, {"without": ["house_3"]}, PERIOD.first
    )

    assert {m.meter_id: written_meter(m) for m in wanted.terms.meters} == {
        "ev": {"house": "house_1", "role": "ev_charger"},
        "hall": hall,
        "lift": {"role": "common_area", "share": {"by": "equal", "of": ["house_1"]}},
        "stairs": {
            "role": "common_area",
            "share": {"by": "units", "of": {"house_2": "40"}},
        },
    }
    assert wanted.without == {"house_3", "pv", "roof"}


def test_what_is_left_without_a_part_is_left_out() -> None:
    """Who has no part of a staircase does not pay for all of it."""
    share = {"by": "percent", "of": {"house_2": "0", "house_3": "100"}}
    record = {**RECORD, "meters": {"stairs": {"role": "common_area", "share": share}}}

    wanted = scenario(record, {"without": ["house_3"]}, PERIOD.first)

    assert wanted.terms.meters == ()
    assert wanted.without == {"house_3", "stairs"}


def test_a_meter_that_is_its_house() -> None:
    """Other meters may leave it out; what the house measured stays."""
    meters = {"house_1": {"house": "house_1", "role": "house"}}

    wanted = scenario({**RECORD, "meters": meters}, {"meters": {}}, PERIOD.first)

    assert wanted.without == frozenset()


@pytest.mark.parametrize(
    "change", [{"member": {"like": "house_1"}}, {"without": ["house_3"]}]
)
def test_no_other_members_where_a_formula_needs_the_grid(
    change: dict[str, Any],
) -> None:
    """Nobody knows what the meter at the grid would have counted."""
    rest = {"house": "house_2", "role": "house", "formula": "grid - house_1"}
    meters = {"grid": {"role": "grid"}, "rest": rest}
    record = {**RECORD, "meters": meters}

    with pytest.raises(TermsError, match="'grid' would have counted, and the formula"):
        scenario(record, change, PERIOD.first)

    assert scenario(record, {**change, "meters": {}}, PERIOD.first).terms.meters == ()


def test_a_member_like_a_part_of_a_house() -> None:
    """As much takes part; meters that are called as its own would be keep their names."""
    agreements = [
        {**each, "factor": "0.5"} if each["house"] == "house_1" else each
        for each in RECORD["agreements"]
    ]
    meters = {
        "pv": {"house": "house_1", "role": "pv"},
        "new_member_pv": {"house": "house_2", "role": "pv"},
    }
    record = {**RECORD, "agreements": agreements, "meters": meters}

    wanted = scenario(record, {"member": {"like": "house_1"}}, PERIOD.first)

    (new,) = [a for a in wanted.terms.agreements if a.house_id == "new_member"]
    assert new.factor == Decimal("0.5")
    assert {m.meter_id: m.house_id for m in wanted.terms.meters} == {
        "pv": "house_1",
        "new_member_pv": "house_2",
        "new_member_pv_": "new_member",
    }


def test_a_community_that_says_nothing_about_sharing() -> None:
    """Where there is nothing to name a house, nothing is added."""
    community = {"timezone": "Europe/Zurich", "weights": None, "sharing": None}
    record = {**RECORD, "community": community}

    wanted = scenario(record, {"without": ["house_1"]}, PERIOD.first)

    assert wanted.terms.community.sharing == (SharingVersion(),)


def test_meters_of_a_house_that_is_not_there() -> None:
    """They are gone with it, and others share without it."""
    record = {
        **RECORD,
        "agreements": [
            *RECORD["agreements"][:-1],
            RECORD["agreements"][-1] | {"to": "2026-12-01"},
        ],
        "owners": {"house_3": "D", "house_1": "A"},
        "left": {"house_3": "2026-12-01"},
        "meters": {
            "pv_3": {"house": "house_3", "role": "pv"},
            "ev_1": {
                "house": "house_1",
                "role": "ev_charger",
                "user": "tag",
                "users": {
                    "A": "house_1",
                    "B": "house_3",
                    "C": {"house": "house_3", "participant": "D"},
                    "D": {"house": "house_1", "participant": "A"},
                },
            },
            "stairs": {
                "role": "common_area",
                "share": {"by": "area", "of": {"house_1": "80", "house_3": "9"}},
            },
            "hall": {
                "role": "common_area",
                "share": {"by": "equal", "of": ["house_2", "house_3"]},
            },
            "lift": {"role": "common_area", "share": {"by": "equal"}},
        },
    }

    wanted = scenario(record, {"without": ["house_3"]}, PERIOD.first)

    assert wanted.without == {"house_3", "pv_3"}
    assert set(wanted.terms.owners) == {"house_1"}
    assert wanted.terms.left == {}
    ev_1, *common = wanted.terms.meters
    assert ev_1.users == {"A": "house_1", "D": "house_1"}
    assert ev_1.participants == {"D": "A"}
    assert {meter.meter_id: set(meter.share.of) for meter in common if meter.share} == {
        "stairs": {"house_1"},
        "hall": {"house_2"},
        "lift": set(),
    }


_VIRTUAL = {
    "rest": {"house": "house_3", "role": "house", "formula": "main - ev"},
    "main": {"role": "house"},
    "ev": {"house": "house_3", "role": "ev_charger"},
    "pump": {"house": "house_1", "role": "heat_pump", "behind": "ev"},
}


def test_the_virtual_meter_of_a_member_less() -> None:
    """What only its formula used leaves with it; what was behind it stands alone."""
    record = {**RECORD, "meters": _VIRTUAL}

    wanted = scenario(record, {"without": ["house_3"]}, PERIOD.first)

    assert wanted.without == {"house_3", "rest", "main", "ev"}
    (pump,) = wanted.terms.meters
    assert (pump.meter_id, pump.behind) == ("pump", None)


def test_a_member_like_a_house_with_meters() -> None:
    """It has meters of its own, wired as those of the other house, and bills alike."""
    meters = {
        "rest": {"house": "house_3", "role": "house", "formula": "main - ev"},
        "main": {"role": "house"},
        "ev": {
            "house": "house_3",
            "role": "ev_charger",
            "name": "Wallbox",
            "user": "tag",
            "users": {"A": "house_1"},
        },
        "pump": {"house": "house_3", "role": "heat_pump", "behind": "ev"},
        "hall": {"house": "house_3", "role": "heat_pump", "behind": "stairs"},
        "stairs": {"role": "common_area", "share": {"by": "equal", "of": ["house_1"]}},
        "grid": {"role": "grid"},
    }
    record = {**RECORD, "meters": meters}
    flow = {
        "house_1": "0/1",
        "house_2": "0.4/0",
        "main": "0.9/0.3",
        "ev": "0.5/0",
        "pump": "0.2/0",
        "hall": "0.1/0",
        "stairs": "0.3/0",
        "grid": "1/0",
    }

    changes = {
        "member": {"like": "house_3"},
        "community": {"allocation": "proportional"},
    }
    wanted = scenario(record, changes, PERIOD.first)

    assert {
        m.meter_id: written_meter(m)
        for m in wanted.terms.meters
        if m.meter_id not in meters
    } == {
        "new_member_rest": {
            "house": "new_member",
            "role": "house",
            "formula": "new_member_main - new_member_ev",
            "name": "rest",
        },
        "new_member_main": {"role": "house", "name": "main"},
        "new_member_ev": {
            "house": "new_member",
            "role": "ev_charger",
            "name": "Wallbox",
        },
        "new_member_pump": {
            "house": "new_member",
            "role": "heat_pump",
            "behind": "new_member_ev",
            "name": "pump",
        },
        "new_member_hall": {
            "house": "new_member",
            "role": "heat_pump",
            "name": "hall",
        },
    }
    assert wanted.without == {"grid"}
    settled = settle(wanted.terms, SPAN, wanted.measured(measured(SPAN, **flow)))
    assert {finding.house_id for finding in settled.findings} == {"house_3"}
    assert settled.houses["new_member"].imported.kwh == 192 * Decimal("1.0")
    assert settled.houses["new_member"].exported == settled.houses["house_3"].exported
    lines = {
        statement.agreement.house_id: [(ln.kind, ln.meter) for ln in statement.lines]
        for statement in settled.statements
    }
    assert lines["new_member"] == lines["house_3"]


def test_no_member_like_a_formula_of_others() -> None:
    """What somebody else's meter is a part of has no pattern, which is said."""
    for point, meter in (
        ("house_1", {"role": "house"}),
        ("pump", {"house": "house_1", "role": "heat_pump"}),
        ("stairs", {"role": "common_area", "share": {"by": "equal"}}),
    ):
        rest = {"house": "house_3", "role": "house", "formula": f"main - {point}"}
        meters = {"rest": rest, "main": {"role": "house"}, "x": {"role": "grid"}}
        if point != "house_1":
            meters[point] = meter
        record = {**RECORD, "meters": meters}

        with pytest.raises(TermsError, match=f"'rest' of 'house_3' needs '{point}'"):
            scenario(record, {"member": {"like": "house_3"}}, PERIOD.first)
        assert scenario(record, {"member": {"like": "house_2"}}, PERIOD.first).member


def test_no_house_less_that_a_formula_needs() -> None:
    """The refusal names both; whoever changes the meters, too, is not refused."""
    rest = {"house": "house_2", "role": "house", "formula": "main - ev - house_1"}
    meters = {
        "rest": rest,
        "main": {"role": "house"},
        "ev": {"house": "house_3", "role": "ev_charger"},
    }
    record = {**RECORD, "meters": meters}

    for house, point in (("house_3", "ev"), ("house_1", "house_1")):
        words = f"without '{house}' there is no '{point}', which the formula of 'rest'"
        with pytest.raises(TermsError, match=words):
            scenario(record, {"without": [house]}, PERIOD.first)
        assert scenario(record, {"without": [house], "meters": {}}, PERIOD.first)
    wanted = scenario(record, {"without": ["house_2", "house_3"]}, PERIOD.first)
    assert wanted.terms.meters == ()


def test_a_member_in_agreements_of_ones_own() -> None:
    """What changes agree on with the new member counts; what they say nothing of, too."""
    like = {"like": "house_1"}
    own = RECORD["agreements"][0] | {"house": "new_member", "participant": "N"}

    with_it = changed(member=like, agreements=[*RECORD["agreements"], own])
    without_it = changed(member=like, agreements=RECORD["agreements"])

    for wanted, name in ((with_it, "N"), (without_it, "new_member")):
        (new,) = [a for a in wanted.terms.agreements if a.house_id == "new_member"]
        assert new.participant.name == name
    with pytest.raises(TermsError, match="must be a list"):
        changed(member=like, agreements="none")


def test_a_tariff_or_a_key_of_its_own() -> None:
    """A version that is to come is looked at as if it had been all the time."""
    later = version("2027-01-01", p_con="24")
    equal = SharingVersion(
        valid_from=date(2027, 1, 1), allocation=AllocationKey.PROPORTIONAL
    )

    cheaper = under_tariff(TERMS, "Standard", later, PERIOD.first)
    shared = under_sharing(TERMS, equal, PERIOD.first)

    prices = dict(RECORD["tariffs"]["Standard"][0])
    only = prices | {"valid_from": "2026-02-01", "p_con": "24"}
    by_words = changed(tariffs={"Standard": [only]})
    assert cheaper.terms == by_words.terms
    assert totals(effect(cheaper)) == totals(effect(by_words))
    since_ever, always = shared.terms.community.sharing
    assert since_ever == SharingVersion()
    assert always == replace(equal, valid_from=PERIOD.first)


def test_a_comparison_as_a_record() -> None:
    """Each figure stands there before, after, and as the difference of both."""
    wanted = changed(tariffs={"Standard": {"p_con": "24"}})

    record = comparison_record(effect(wanted))

    assert [house["house_id"] for house in record["houses"]] == [
        "house_1",
        "house_2",
        "house_3",
    ]
    house = record["houses"][1]
    assert (house["before"]["total_ct"], house["after"]["total_ct"]) == (1920, 1844)
    assert house["difference"]["total_ct"] == -76
    assert record["community"]["difference"]["rounding_ct"] == Decimal("0.4")


def test_a_band_of_holidays_that_nobody_named() -> None:
    """It is refused of what is changed, unless holidays are known or named with it."""
    free = {"name": "free", "days": "holiday"}
    bands = {"bands": [free, {"name": "other", "rest": "true"}]}
    tariffs = {"tariffs": {"Standard": bands}}
    record = {
        **RECORD,
        "community": {**RECORD["community"], "holidays": []},
    }

    with pytest.raises(TermsError, match="the band free asks for holidays"):
        scenario(RECORD, tariffs, PERIOD.first)
    assert scenario(RECORD, tariffs, PERIOD.first, has_holidays=True)
    assert changed(**tariffs, community={"holidays": ["2026-12-25"]})
    assert scenario(record, tariffs, PERIOD.first)


_IN_FAMILY = {"like": "house_1", "tariff": "Family"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ([], "must be a mapping"),
        ({"tarif": {}}, "there is no 'tarif' here"),
        ({"x": {}}, "use community, .*, left, meters, member, without"),
        ({"membr": {"like": "house_1"}}, "did you mean 'member'?"),
        ({"tariffs": {"Standard": {"p_con": None}}}, "p_con must be a number"),
        ({"community": {"mode": "pool"}}, "did you mean 'model'?"),
        ({"community": {"interval": "30"}}, "interval; leave it out"),
        ({"community": {"timezone": "Europe/Paris"}}, "timezone; leave it out"),
        ({"community": {"weights": {"house_1": "1"}}}, "add allocation"),
        ({"tariffs": {"Standard": {"p_cons": "1"}}}, "did you mean 'p_con'?"),
        ({"tariffs": {"Standard": {"valid_from": "soon"}}}, "must be a date"),
        (
            {"tariffs": {"Family": {"p_con": "1"}}, "member": _IN_FAMILY},
            "p_pv is missing",
        ),
        ({"tariffs": {"Family": []}, "member": _IN_FAMILY}, "has no prices"),
        (
            {"tariffs": {"Standart": RECORD["tariffs"]["Standard"][0]}},
            "no tariff is called 'Standart', .*; did you mean 'Standard'?",
        ),
        ({"member": {}}, "like is missing"),
        ({"member": {"like": "house_4"}}, "there is no house 'house_4'"),
        ({"member": {"like": "house_1", "production": "-1"}}, "0 or more"),
        ({"member": {"like": "house_1", "tariff": "Other"}}, "there is no tariff"),
        (
            {
                "member": {"like": "house_1", "weight": "0.6"},
                "community": {
                    "allocation": "static",
                    "weights": {"house_1": "0.5"},
                },
            },
            "add up to 1.1",
        ),
        ({"without": "house_1"}, "must be a list"),
        ({"without": ["house 1"]}, "did you mean"),
        (
            {"without": ["house_3"], "member": {"like": "house_3"}},
            "there is no house 'house_3'",
        ),
    ],
)
def test_changes_that_are_not_understood(changes: object, words: str) -> None:
    """They are refused in words that say what to do."""
    with pytest.raises(TermsError, match=words):
        scenario(RECORD, changes, PERIOD.first)
