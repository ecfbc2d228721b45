"""Meters, a broker and a Home Assistant that misbehave, and the bill at the end.

An evening passes in four minutes. Meters stop, hang, jump, dip, jitter, change their
unit, lie after an outage, are reset and replaced; their sensors are renamed, and
removed; the broker is restarted; Home Assistant is killed in the middle of an interval.
"""

import asyncio

import pytest

from benchmarks.chaos.conclusion import Outcome
from benchmarks.chaos.person import LEAP
from benchmarks.chaos.play import play
from benchmarks.chaos.run import Run
from benchmarks.chaos.scenario import HOUSES, SHORT, SHORT_SECONDS
from tests.e2e.theatre import ROOT

pytestmark = [
    pytest.mark.e2e,
    # Nothing hangs while hours go by.
    pytest.mark.timeout(1200),
]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """Play it."""
    run = Run(
        root=ROOT,
        folder=tmp_path_factory.mktemp("chaos"),
        environment="newest",
        seed=0,
        seconds=SHORT_SECONDS,
        lanes=SHORT,
    )
    return asyncio.run(play(run))


def test_billed_is_what_was_counted(outcome: Outcome) -> None:
    """Each house is billed what its registers say, to the last mWh."""
    assert [house.house for house in outcome.houses] == list(HOUSES)
    for house in outcome.houses:
        assert house.billed == house.true
        assert house.true.imported > 0
        assert house.true.exported > 0


def test_undisturbed_is_measured(outcome: Outcome) -> None:
    """Around the troubles intervals are measured and exact; within, they are flagged.

    What is flagged is a finding on the invoice; what needed a person has gone from
    the repairs; the Energy dashboard shows what was billed.
    """
    assert outcome.faults == ()
    for house in outcome.houses:
        assert house.intervals == 24 * 12
        assert house.exact > house.intervals * 0.9
    assert sum(house.flagged for house in outcome.houses) > 0


def test_person_was_told(outcome: Outcome) -> None:
    """What a meter cannot say by itself was asked of a person."""
    asked = {
        "implausible_reading",
        "meter_missing",
        "register_dropped",
        "unknown_unit",
    }
    assert outcome.repairs.keys() == asked


def test_believed_jump_is_billed(outcome: Outcome) -> None:
    """A jump that a person believes is energy; one that is rejected is nobody's."""
    (believer,) = {d.house for d in outcome.disturbances if d.kind == "surges"}
    (doubter,) = {d.house for d in outcome.disturbances if d.kind == "leaps"}
    billed = {house.house: house.billed.imported for house in outcome.houses}

    assert billed[believer] > LEAP > billed[doubter]
