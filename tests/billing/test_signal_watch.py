"""What a sensor showed for the longest part of an interval."""

import pytest

from custom_components.leg_invoicing.billing.signal_watch import SignalWatch
from custom_components.leg_invoicing.billing.signals import SignalValue


def _values(values: list[SignalValue]) -> list[tuple[int, str]]:
    return [(value.start, value.value) for value in values]


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        # A price that changes a few seconds late, or early.
        ([("8", 0), ("9", 907), ("10", 1790)], [(0, "8"), (900, "9"), (1800, "10")]),
        # One that is not there for the longest part has no value.
        ([("8", 0), (None, 300), ("9", 1700)], [(1800, "9")]),
        # Seconds of the same mode add up.
        (
            [("eco", 0), ("boost", 200), ("eco", 600), ("boost", 900)],
            [(0, "eco"), (900, "boost"), (1800, "boost")],
        ),
        # Nothing was ever shown.
        ([], []),
    ],
)
def test_what_was_in_force_longest_counts(
    shown: list[tuple[str | None, int]], expected: list[tuple[int, str]]
) -> None:
    """Neither the first nor the last state, but the longest one."""
    watch = SignalWatch("spot", 900, 0)

    for value, at in shown:
        watch.show(value, at)

    assert _values(watch.close(2700)) == expected
    assert watch.close(2700) == []


@pytest.mark.parametrize(("begun", "expected"), [(400, [(0, "8")]), (500, [])])
def test_what_was_before_was_not_seen(
    begun: int, expected: list[tuple[int, str]]
) -> None:
    """Who begins in the middle of an interval knows the rest of it only."""
    watch = SignalWatch("spot", 900, begun)

    watch.show("8", begun)

    assert _values(watch.close(900)) == expected


def test_a_clock_that_is_put_back() -> None:
    """Time that comes twice is counted once more, from where the clock is."""
    watch = SignalWatch("spot", 900, 0)
    watch.show("8", 0)
    watch.show("9", 1000)

    watch.show("7", 100)

    assert _values(watch.close(900)) == [(0, "8"), (0, "7")]


def test_a_moment_that_is_told_late() -> None:
    """An event of a second ago changes what is shown, not what has been counted."""
    watch = SignalWatch("spot", 900, 0)
    watch.show("8", 0)
    watch.close(600)

    watch.show("9", 550)

    assert _values(watch.close(900)) == [(0, "8")]


def test_values_that_could_not_be_written_wait() -> None:
    """They come again with the next ones."""
    watch = SignalWatch("spot", 900, 0)
    watch.show("8", 0)

    watch.keep(watch.close(900))

    assert _values(watch.close(1800)) == [(0, "8"), (900, "8")]
