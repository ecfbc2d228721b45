"""The verdict over a run of chaos notices what is not right to the last mWh."""

from dataclasses import replace

from benchmarks.chaos.stage import Disturbance
from benchmarks.chaos.truth import Count, Truth
from benchmarks.chaos.verdict import Billed, judge

_TRUTH = Truth.of("a house", since=0, until=6000, interval=300)
_RIGHT = {
    ("Ash", start): Billed(_TRUTH.at(start + 300) - _TRUTH.at(start), True)
    for start in _TRUTH.edges[:-1]
}


def _outage(*, silent: bool = True) -> Disturbance:
    """Return an outage from the third to the sixth edge."""
    return Disturbance(
        kind="stops",
        house="Ash",
        start=550,
        until=1550,
        settled=1560,
        silent=silent,
        unseen=silent,
    )


def test_truth_rests_around_edges() -> None:
    """What a register shows near an edge is what it shows at the edge."""
    for edge in _TRUTH.edges[1:-1]:
        for off in (-119, 119):
            assert _TRUTH.at(edge + off) == _TRUTH.at(edge)
    assert _TRUTH.at(6000) == _TRUTH.counts[-1] != _TRUTH.counts[0]


def test_truth_surges_in_one_interval() -> None:
    """Energy that surges is counted in the interval it is in, once and for all."""
    surge = Count(10**9, 7)
    surging = _TRUTH.surging(3100, surge)

    for at in (0, 3000, 3119):
        assert surging.at(at) == _TRUTH.at(at)
    for at in (3180, 3300, 6000):
        assert surging.at(at) == _TRUTH.at(at) + surge


def test_right_bill_has_no_faults() -> None:
    """Without a disturbance every interval is exact, and the sums agree."""
    verdict = judge(_TRUTH, "Ash", _RIGHT, [])

    assert verdict.faults == ()
    assert verdict.exact == verdict.intervals == 20
    assert verdict.billed == verdict.true


def test_one_lost_mwh_is_a_fault() -> None:
    """An interval that lacks one mWh is found, and not held against later ones."""
    row = _RIGHT["Ash", 3000]
    wrong = _RIGHT | {("Ash", 3000): Billed(row.energy - Count(1, 0), True)}

    (fault,) = judge(_TRUTH, "Ash", wrong, []).faults

    assert "1970-01-01" in fault
    assert "imported=-1" in fault


def test_energy_may_be_spread_within_an_outage() -> None:
    """Within an outage only the sum must be right, and must be flagged."""
    flagged = {
        key: Billed(row.energy, not 300 <= key[1] <= 1500)
        for key, row in _RIGHT.items()
    }
    early, late = flagged["Ash", 900], flagged["Ash", 1200]
    spread = flagged | {
        ("Ash", 900): Billed(early.energy + Count(7, 7), False),
        ("Ash", 1200): Billed(late.energy - Count(7, 7), False),
    }

    assert judge(_TRUTH, "Ash", spread, [_outage()]).faults == ()


def test_measuring_in_an_outage_is_a_fault() -> None:
    """Nobody measures while nothing can be read."""
    faults = judge(_TRUTH, "Ash", _RIGHT, [_outage()]).faults

    assert faults
    assert all("is measured, during stops" in fault for fault in faults)
    assert judge(_TRUTH, "Ash", _RIGHT, [_outage(silent=False)]).faults == ()


def test_meter_that_is_back_with_the_same_value_may_be_flagged() -> None:
    """After an outage, what shows nothing new is believed after the next edge only."""
    idle = next(
        edge for edge in _TRUTH.edges[1:-3] if _TRUTH.at(edge) == _TRUTH.at(edge + 300)
    )
    flagged = {
        key: Billed(row.energy, key[1] not in (idle - 300, idle, idle + 300))
        for key, row in _RIGHT.items()
    }

    def faults(settled: int) -> int:
        outage = replace(_outage(), start=idle - 90, until=settled, settled=settled)
        return len(judge(_TRUTH, "Ash", flagged, [outage]).faults)

    assert faults(idle + 70) == 0
    assert faults(idle + 50) == 1


def test_what_nobody_saw_come_may_be_spread_over_the_next_edge() -> None:
    """Set up after the energy flowed, the integration believes it after the edge."""
    flowing = next(
        edge for edge in _TRUTH.edges[1:-3] if _TRUTH.at(edge) != _TRUTH.at(edge + 300)
    )
    late = Count(1, 1)
    before, after = _RIGHT["Ash", flowing], _RIGHT["Ash", flowing + 300]
    spread = _RIGHT | {
        ("Ash", flowing): Billed(before.energy - late, True),
        ("Ash", flowing + 300): Billed(after.energy + late, True),
    }

    def faults(*, unseen: bool) -> int:
        set_up = replace(
            _outage(silent=False),
            start=flowing + 20,
            until=flowing + 190,
            settled=flowing + 190,
            unseen=unseen,
        )
        return len(judge(_TRUTH, "Ash", spread, [set_up]).faults)

    assert faults(unseen=True) == 0
    assert faults(unseen=False) == 2


def test_flag_without_a_reason_is_a_fault() -> None:
    """What was read undisturbed is not flagged, and nothing is missing."""
    flagged = _RIGHT | {("Ash", 3000): Billed(_RIGHT["Ash", 3000].energy, False)}
    (fault,) = judge(_TRUTH, "Ash", flagged, []).faults
    assert "nothing was wrong" in fault

    rows = {key: row for key, row in _RIGHT.items() if key[1] != 3000}
    assert any(
        "nothing was billed" in fault for fault in judge(_TRUTH, "Ash", rows, []).faults
    )
