"""Chargers: who charges, and what is listed of it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from custom_components.leg_invoicing.billing.agreements import Owner, Party
from custom_components.leg_invoicing.billing.calendar import Span
from custom_components.leg_invoicing.billing.measurements import Measurements
from custom_components.leg_invoicing.billing.settlement import settle, settle_energy
from custom_components.leg_invoicing.billing.signals import SignalValue
from custom_components.leg_invoicing.billing.signals_named import signals_named
from custom_components.leg_invoicing.billing.statements import Settlement
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
)

_NOON = at("2026-01-05T12:00+01:00")
_EV: dict[str, Any] = {
    "house": "house_1",
    "role": "ev_charger",
    "name": "Wallbox",
    "user": "tag",
    "users": {"A1": "house_2", "B2": "house_1"},
}


def _community(**more: Any) -> Terms:
    return metered(
        terms(agreement("house_1"), agreement("house_2")), ev={**_EV, **more}
    )


def _measured(
    span: Span, ev: Sequence[str | None], tags: Sequence[str | None], house: str = "0/0"
) -> Measurements:
    signals = [
        SignalValue("tag", span.start + 900 * i, tag)
        for i, tag in enumerate(tags)
        if tag is not None
    ]
    energies = measured(span, house_1=house, house_2="0/0", ev=ev)
    return replace(energies, signals=signals)


def _sessions(settlement: Settlement, house_id: str) -> list[tuple[int, int, str, Any]]:
    """Return the quarter hours after noon, the kWh and the user of each session."""
    return [
        (
            (session.span.start - _NOON) // 900,
            (session.span.end - _NOON) // 900,
            f"{session.energy.kwh.normalize():f}",
            session.user,
        )
        for session in statement_of(settlement, house_id).sessions
    ]


def test_the_user_pays() -> None:
    """Each interval goes to the house of whose tag the charger saw."""
    span = Span(_NOON, _NOON + 4 * 900)
    community = _community()

    settlement = settle(
        community, span, _measured(span, ["1/0"] * 4, ["A1", "A1", "B2", "A1"])
    )

    (line,) = statement_of(settlement, "house_2").lines
    assert (line.meter, line.quantity) == ("Wallbox", 3)
    (line,) = statement_of(settlement, "house_1").lines
    assert (line.meter, line.quantity) == ("Wallbox", 1)
    assert _sessions(settlement, "house_2") == [(0, 2, "2", "A1"), (3, 4, "1", "A1")]
    assert _sessions(settlement, "house_1") == [(2, 3, "1", "B2")]
    assert settlement.findings == ()
    assert signals_named(community) == {"tag"}


def test_an_unknown_user_is_found_and_the_owner_pays() -> None:
    """So it is where the signal was missing: the last tag is not taken for the next."""
    span = Span(_NOON, _NOON + 4 * 900)

    settlement = settle(
        _community(),
        span,
        _measured(span, ["1/0"] * 3 + ["0/0"], ["A1", None, "X", "Y"]),
    )

    assert _sessions(settlement, "house_1") == [(1, 2, "1", None), (2, 3, "1", "X")]
    (finding,) = settlement.findings
    assert finding.key == "unknown_user:house_1"
    assert (finding.intervals, finding.energy) == (2, kwh("2"))
    assert finding.details == {"meters": "Wallbox", "users": "X"}
    assert not finding.blocking


def test_a_tag_of_a_participant_counts_while_that_person_has_the_house() -> None:
    """Afterwards it is unknown: whoever came next does not pay for it."""
    span = quarters("2026-01-05T23:30+01:00", 4)
    anna = {"house": "house_2", "participant": "Anna"}
    agreed = terms(
        agreement("house_1"),
        agreement("house_2", end="2026-01-06", name="Anna"),
        agreement("house_2", "2026-01-06", name="Beat"),
    )
    community = metered(agreed, ev={**_EV, "users": {"A1": anna, "B2": "house_2"}})

    settlement = settle(
        community, span, _measured(span, ["1/0"] * 4, ["A1", "B2", "A1", "B2"])
    )

    charged = [
        (s.agreement.participant.name, s.energy.imported.kwh)
        for s in settlement.statements
    ]
    assert charged == [("House_1", 1), ("Anna", 2), ("Beat", 1)]
    (finding,) = settlement.findings
    assert (finding.key, finding.intervals) == ("unknown_user:house_1", 1)
    assert finding.details["users"] == "A1"


@pytest.mark.parametrize("end", [None, "2026-01-05"])
def test_an_owner_has_a_tag_while_the_house_is_vacant(end: str | None) -> None:
    """Before anybody came as well as after somebody moved out."""
    first = "2026-01-06" if end is None else "2026-01-01"
    agreed = terms(
        agreement("house_1"),
        agreement("house_2", first, end, name="Anna"),
        owners={"house_2": Owner(party=Party(name="Otto"))},
    )
    otto = {"house": "house_2", "participant": "Otto"}
    community = metered(agreed, ev={**_EV, "users": {"A1": otto}})
    span = Span(_NOON, _NOON + 900)

    settlement = settle(community, span, _measured(span, ["1/0"], ["A1"]))

    (line,) = statement_of(settlement, "house_2").lines
    assert (line.meter, line.quantity) == ("Wallbox", 1)
    assert settlement.findings == ()


def test_sessions_are_separated_by_pauses() -> None:
    """What a charger uses by itself is no session; a lost interval ends one."""
    span = Span(_NOON, _NOON + 6 * 900)
    cells = ["1/0", "2/0", "0.005/0", "3/0", None, "1/0"]

    settlement = settle(_community(), span, _measured(span, cells, ["B2"] * 6))

    assert _sessions(settlement, "house_1") == [
        (0, 2, "3", "B2"),
        (3, 4, "3", "B2"),
        (5, 6, "1", "B2"),
    ]


def test_sessions_are_of_chargers_that_nobody_asks_for_a_tag_too() -> None:
    """The house that it belongs to is the user."""
    span = Span(_NOON, _NOON + 2 * 900)
    community = metered(
        terms(agreement("house_1")), ev={"house": "house_1", "role": "ev_charger"}
    )

    settlement = settle(
        community, span, measured(span, house_1="0/0", ev=["1/0", "1/0"])
    )

    assert _sessions(settlement, "house_1") == [(0, 2, "2", None)]
    assert signals_named(community) == set()


@pytest.mark.parametrize(
    ("house", "expected"), [("2/0", [(0, 2, "4", "B2")]), ("0/0", [])]
)
def test_a_session_is_what_is_billed_of_it(house: str, expected: list[Any]) -> None:
    """What came from the roof above a charger is on no bill, and in no list."""
    span = Span(_NOON, _NOON + 2 * 900)

    settlement = settle(
        _community(behind="house_1"),
        span,
        _measured(span, ["3/0", "3/0"], ["B2", "B2"], house),
    )

    assert _sessions(settlement, "house_1") == expected


def test_a_virtual_charger_has_sessions() -> None:
    """What the meter of a garage counts besides its light."""
    span = Span(_NOON, _NOON + 2 * 900)
    community = metered(
        terms(agreement("house_1")),
        garage={"role": "house"},
        light={"role": "house"},
        ev={"house": "house_1", "role": "ev_charger", "formula": "garage - light"},
    )

    settlement = settle(
        community,
        span,
        measured(span, house_1="0/0", garage=["3/0", "1/0"], light=["1/0", "1/0"]),
    )

    assert _sessions(settlement, "house_1") == [(0, 1, "2", None)]


def test_a_session_is_split_where_a_bill_ends() -> None:
    """At the edge of the period, and where the occupant changes."""
    moves = terms(
        agreement("house_1", end="2026-01-06", name="Anna"),
        agreement("house_1", "2026-01-06", name="Beat"),
    )
    community = metered(moves, ev={"house": "house_1", "role": "ev_charger"})
    span = quarters("2026-01-05T23:00+01:00", 8)
    late, early = (
        quarters("2026-01-05T23:00+01:00", 7),
        quarters("2026-01-06T00:45+01:00", 1),
    )

    whole = settle(community, span, measured(span, house_1="0/0", ev="1/0"))
    parts = [
        settle_energy(community, part, measured(part, house_1="0/0", ev="1/0"))
        for part in (late, early)
    ]

    def lengths(settlement: Settlement) -> list[list[int]]:
        return [
            [session.span.seconds // 900 for session in statement.sessions]
            for statement in settlement.statements
        ]

    assert lengths(whole) == [[4], [4]]
    assert [lengths(part) for part in parts] == [[[4], [3]], [[1]]]
