"""Metering concepts as people write them down, and what is refused of them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from custom_components.leg_invoicing.billing.meter_checks import check_meters
from custom_components.leg_invoicing.billing.meters import (
    CommonShare,
    Meter,
    MeterError,
    Role,
    ShareBy,
    parts_of,
)
from custom_components.leg_invoicing.billing.meters_written import (
    meters_from_written,
    written_meter,
)
from custom_components.leg_invoicing.billing.terms_record import terms_from_record
from custom_components.leg_invoicing.billing.written import TermsError, Written

_HOUSES = ("house_1", "house_2")
_TARIFFS = ("standard", "charging")


def _read(**meters: dict[str, Any]) -> tuple[Meter, ...]:
    return meters_from_written(Written(meters, ("meters",)), _HOUSES, _TARIFFS)


_CONCEPT: dict[str, dict[str, Any]] = {
    "ev_1": {
        "house": "house_1",
        "role": "ev_charger",
        "name": "Wallbox",
        "since": "2026-02-01",
        "behind": "house_1",
        "tariff": "charging",
        "user": "tag_1",
        "users": {
            "A1B2": "house_2",
            "C3D4": {"house": "house_2", "participant": "Anna Meier"},
        },
    },
    "grid": {"role": "grid"},
    "hall": {"role": "common_area", "share": {"by": "equal"}},
    "main_2": {"role": "house"},
    "pump": {"role": "common_area", "share": {"by": "equal", "of": ["house_2"]}},
    "rest_2": {
        "house": "house_2",
        "role": "house",
        "formula": "main_2 - ev_1 + house_2",
    },
    "stairs": {
        "role": "common_area",
        "name": "Staircase",
        "share": {"by": "area", "of": {"house_1": "80.50", "house_2": "120"}},
    },
}


def test_all_that_can_be_said_of_meters() -> None:
    """Every setting reaches its place, and meters are in the order of their ids."""
    ev, grid, hall, main, pump, rest, stairs = _read(**_CONCEPT)

    assert ev == Meter(
        meter_id="ev_1",
        role=Role.EV_CHARGER,
        name="Wallbox",
        house_id="house_1",
        since=date(2026, 2, 1),
        behind="house_1",
        tariff_id="charging",
        user_signal="tag_1",
        users={"A1B2": "house_2", "C3D4": "house_2"},
        participants={"C3D4": "Anna Meier"},
    )
    assert grid == Meter(meter_id="grid", role=Role.GRID)
    assert hall.share == CommonShare(by=ShareBy.EQUAL)
    assert main.house_id is None
    assert pump.share == CommonShare(by=ShareBy.EQUAL, of={"house_2": Decimal(1)})
    assert rest.formula == ((1, "main_2"), (-1, "ev_1"), (1, "house_2"))
    assert stairs.share == CommonShare(
        by=ShareBy.AREA, of={"house_1": Decimal("80.50"), "house_2": Decimal(120)}
    )
    assert (ev.label, grid.label) == ("Wallbox", "grid")
    assert [ev.counts_on(date(2026, 1, day)) for day in (1, 31)] == [False, False]
    assert ev.counts_on(date(2026, 2, 1))
    assert grid.counts_on(date(1970, 1, 1))


def test_what_is_written_reads_the_same() -> None:
    """A concept written down says what it said."""
    written = {meter.meter_id: written_meter(meter) for meter in _read(**_CONCEPT)}

    assert written == _CONCEPT


def test_terms_hold_the_concept() -> None:
    """The houses of a terms file's agreements are those that meters may name."""
    record = _terms_record("1", pv_1={"house": "house_1", "role": "pv"})

    assert terms_from_record(record).meters == (
        Meter(meter_id="pv_1", role=Role.PV, house_id="house_1"),
    )


def _terms_record(factor: str, **meters: Any) -> dict[str, Any]:
    prices = {"p_pv": "20", "p_con": "25", "p_grid_del": "6", "p_grid_con": "30"}
    return {
        "community": {"timezone": "Europe/Zurich"},
        "tariffs": {"standard": [{"valid_from": "2026-01-01", **prices}]},
        "agreements": [
            {
                "house": "house_1",
                "participant": "Anna Muster",
                "tariff": "standard",
                "from": "2026-01-01",
                "factor": factor,
            }
        ],
        "meters": meters,
    }


@pytest.mark.parametrize("factor", ["0", "1.1", "-0.5"])
def test_a_factor_is_a_part(factor: str) -> None:
    """Nobody takes part with nothing, or with more than all."""
    with pytest.raises(TermsError, match="factor: factor is the part of the house"):
        terms_from_record(_terms_record(factor))


def test_a_factor_contradicts_a_meter_at_the_grid() -> None:
    """That one counts whole houses."""
    grid = {"grid": {"role": "grid"}}

    assert terms_from_record(_terms_record("1", **grid)).meters
    assert terms_from_record(_terms_record("0.25")).agreements[0].factor == Decimal(
        "0.25"
    )
    with pytest.raises(TermsError, match="house_1 takes part with a factor; leave"):
        terms_from_record(_terms_record("0.25", **grid))


def test_everybody_shares_where_nobody_is_named() -> None:
    """Equal parts without houses are those of all houses there are."""
    hall = CommonShare(by=ShareBy.EQUAL)
    pump = CommonShare(by=ShareBy.EQUAL, of={"house_2": Decimal(1)})

    assert parts_of(hall, _HOUSES) == {"house_1": 1, "house_2": 1}
    assert parts_of(pump, _HOUSES) == {"house_2": 1}


_PV = {"house": "house_1", "role": "pv"}
_EV = {"house": "house_1", "role": "ev_charger"}
_HALL: dict[str, Any] = {"role": "common_area", "share": {"by": "equal"}}


@pytest.mark.parametrize(
    ("meters", "where", "words"),
    [
        ({"pv": _PV | {"house": "house_9"}}, "pv.house", "no house 'house_9'; did you"),
        ({"pv": {"role": "pv"}}, "pv", "house is missing; only a meter that a formula"),
        (
            {"main": {"role": "component", "house": "house_1"}},
            "main.house",
            "component belongs to no house; leave house out",
        ),
        (
            {"main": {"role": "component", "behind": "house_1"}},
            "main.behind",
            "component belongs to nobody and has no behind; leave it out",
        ),
        (
            {"main": {"role": "component", "formula": "house_1 - house_2"}},
            "main.formula",
            "a component is what formulas use, and is none itself",
        ),
        ({"house_2": _PV}, "house_2", "a house has this id; give the meter another"),
        (
            {"pv": _PV | {"since": "2026-02-01", "until": "2026-02-01"}},
            "pv.until",
            "it would end before it begins",
        ),
        ({"pv": _PV | {"tariff": "x"}}, "pv.tariff", "no tariff 'x'; use standard"),
        ({"pv": _PV | {"share": {"by": "equal"}}}, "pv.share", "only common_area is"),
        ({"hall": {"role": "common_area"}}, "hall.share", "needs a share: who pays"),
        ({"hall": _HALL | {"house": "house_1"}}, "hall.house", "belongs to no house"),
        (
            {"hall": _HALL | {"share": {"by": "area"}}},
            "hall.share",
            "of is missing: the area of each house",
        ),
        (
            {"hall": _HALL | {"share": {"by": "area", "of": {"house_3": "1"}}}},
            "hall.share",
            "no house 'house_3'",
        ),
        (
            {"hall": _HALL | {"share": {"by": "units", "of": {"house_1": "0"}}}},
            "hall.share",
            "one of them is more than zero",
        ),
        (
            {
                "hall": _HALL
                | {
                    "share": {
                        "by": "percent",
                        "of": {"house_1": "33.3", "house_2": "66.6"},
                    }
                }
            },
            "hall.share",
            "the percentages add up to 99.9; make them add up to 100",
        ),
        (
            {"grid": {"role": "grid"}, "main": {"role": "grid"}},
            "grid.role",
            "grid and main cannot both be the one at the grid; keep one of them",
        ),
        (
            {"grid": {"role": "grid", "tariff": "standard"}},
            "grid.tariff",
            "leave it out",
        ),
        ({"pv": _PV | {"user": "tag"}}, "pv.user", "only ev_charger has users"),
        (
            {"ev": _EV | {"users": {"A": "house_1"}}},
            "ev.users",
            "user is missing: the signal",
        ),
        ({"ev": _EV | {"user": "tag"}}, "ev.user", "users is missing: the house of"),
        (
            {"ev": _EV | {"user": "tag", "users": {"A": "house_7"}}},
            "ev.users",
            "no house 'house_7'",
        ),
        (
            {"ev": _EV | {"user": "tag", "users": {"A": {"house": "house_1"}}}},
            "ev.users.A",
            "participant is missing",
        ),
        (
            {"pv": _PV | {"formula": "house_1 - house_8"}},
            "pv.formula",
            "no meter or house 'house_8'; did you mean 'house_",
        ),
        ({"pv": _PV | {"formula": "house_1 + pv"}}, "pv.formula", "a circle"),
        (
            {
                "a": _PV | {"formula": "house_1 + b"},
                "b": _PV | {"formula": "house_2 - house_1"},
            },
            "a.formula",
            "'b' has a formula itself; write out its meters",
        ),
        (
            {"a": _PV | {"formula": "house_1 + house_1"}},
            "a.formula",
            "it names 'house_1' twice; keep one of the two",
        ),
        (
            {
                "a": _PV | {"formula": "house_1 - house_2"},
                "b": _PV | {"formula": "house_1 + house_2"},
            },
            "a.formula",
            "another formula adds 'house_1' too; keep one of the two",
        ),
        (
            {"a": _PV | {"formula": "house_1 -house_2"}},
            "a.formula",
            "write it like main_2 - ev_2, with spaces",
        ),
        (
            {"a": _PV | {"formula": "house_1 * house_2"}},
            "a.formula",
            "is not understood",
        ),
        ({"a": _PV | {"behind": "b"}}, "a.behind", "no meter or house 'b'"),
        (
            {"a": _PV | {"behind": "b"}, "b": _PV | {"behind": "a"}},
            "a.behind",
            "it is behind itself: a circle",
        ),
        (
            {"a": _PV | {"behind": "g"}, "g": {"role": "grid"}},
            "a.behind",
            "everything is behind the grid's meter; leave behind out",
        ),
        (
            {
                "a": _PV | {"behind": "house_2"},
                "b": _PV | {"formula": "house_1 + a"},
            },
            "a.behind",
            "a formula adds this meter; leave behind out",
        ),
        (
            {
                "a": _PV | {"behind": "house_1"},
                "b": _PV | {"formula": "house_1 - house_2"},
            },
            "a.behind",
            "'house_1' counts through a formula; name its meter",
        ),
        (
            {
                "a": _PV | {"behind": "main"},
                "b": _PV | {"formula": "house_1 - main"},
                "main": {"role": "house"},
            },
            "a.behind",
            "'main' has no house to pay for the rest; give it one",
        ),
        ({"a": {"role": "car"}}, "a.role", "role cannot be 'car'; use house, pv"),
    ],
)
def test_what_is_refused(
    meters: dict[str, dict[str, Any]], where: str, words: str
) -> None:
    """The refusal names the meter, its setting, and the remedy."""
    with pytest.raises(TermsError) as refused:
        _read(**meters)

    assert ".".join(map(str, refused.value.path)) == f"meters.{where}"
    assert words in str(refused.value.reason)


def test_an_id_with_a_space_cannot_stand_in_a_formula() -> None:
    """Such a formula could not be written down."""
    meters = (
        Meter(meter_id="main 2", role=Role.HOUSE),
        Meter(
            meter_id="a",
            role=Role.HOUSE,
            house_id="house_2",
            formula=((1, "main 2"), (-1, "house_1")),
        ),
    )

    with pytest.raises(MeterError, match="holds a space") as refused:
        check_meters(meters, _HOUSES, _TARIFFS)

    assert (refused.value.meter.meter_id, refused.value.setting) == ("a", "formula")


def test_without_houses_none_can_be_named() -> None:
    """The first meter of a community without agreements says so."""
    meters = (Meter(meter_id="a", role=Role.PV, house_id="house_1"),)

    with pytest.raises(MeterError, match="there are none yet"):
        check_meters(meters, (), _TARIFFS)


def test_what_has_ended_is_in_nobodys_way() -> None:
    """A meter that took another one's place may be what that one was."""
    old = {"role": "grid", "until": "2026-03-01"}
    new = {"role": "grid", "since": "2026-03-01"}
    first, second = _read(grid=old, grid_2=new)

    assert not first.overlaps(second)
    assert first.overlaps(first)
    with pytest.raises(TermsError, match="at the grid"):
        _read(grid=old, grid_2=new | {"since": "2026-02-28"})
