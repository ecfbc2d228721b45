"""Any meters: what is counted while they err, are read anyhow, reset and replaced.

Whatever is read, in whatever order, and whenever a person tells of a change: in the
end the intervals sum to what the meters counted, and what passes for measured is what
the house used.
"""

from collections.abc import Callable, Mapping

from hypothesis import assume, given, strategies as st

from custom_components.leg_invoicing.billing.quality import Quality

from .metered_house import FAR, LIMITS, NOISE, QUARTER, SOUND, START, House

SECONDS = st.sampled_from([0, 1, 7, 60, 899, 900, 901, 1020, 1021, 9000, 20_000])
LOADS = st.sampled_from([0, 0.01, 0.3, 1])
JITTER = st.integers(1, NOISE)


def _late(house: House, draw: st.DrawFn) -> None:
    """Let a reading come in, that was held back or not, after newer ones."""
    house.arrive(draw(st.sampled_from(house.reads)))


def _replaced(house: House, draw: st.DrawFn) -> None:
    """Replace the meter by one that begins where it passes for the old one, or not."""
    near = house.shown + draw(st.integers(0, NOISE * 90))
    some = draw(JITTER)
    far = (0, some) if house.shown > FAR else (FAR * 3, FAR * 7 + some)
    house.replace(draw(st.sampled_from([near, *far])))


HAPPENINGS: Mapping[str, Callable[[House, st.DrawFn], object]] = {
    "reads": lambda house, _: house.read(),
    "repeats": lambda house, _: (house.read(), house.read()),
    "jitters": lambda house, draw: house.take(house.shown - draw(JITTER)),
    "drops": lambda house, _: house.take(house.shown - FAR * 2),
    "jumps": lambda house, draw: house.take(house.shown + FAR * 10 + draw(JITTER)),
    "surges": lambda house, _: house.surge(),
    "is held back": lambda house, _: house.read(arrives=False),
    "comes late": _late,
    "replaced": _replaced,
    "reset": lambda house, _: house.reset(),
    "told": lambda house, _: house.tell(),
}
OFTEN = ["reads"] * 4 + ["replaced", "told"]


@st.composite
def houses(draw: st.DrawFn) -> House:
    """Return a house at which all kinds of things have happened."""
    house = House(draw(st.integers(FAR * 2, FAR * 9)))
    for _ in range(draw(st.integers(0, 14))):
        house.pass_time(draw(SECONDS), draw(LOADS))
        HAPPENINGS[draw(st.sampled_from([*OFTEN, *HAPPENINGS]))](house, draw)
    # All is well again for a while, and the person tells of all that is left.
    for seconds in (60, -(house.now + 60) % QUARTER, *[QUARTER] * 3, 9000, QUARTER):
        house.pass_time(seconds, 0.3)
        house.read()
        house.tell()
    return house


def _cannot_be_told(house: House) -> bool:
    """Tell whether a change is one for which there are corrections by hand.

    A second one in one interval, or in one gap, may be the first one told again.
    One to about the same value passes for consumption. Was the meter not read between
    it and the edge of an interval, then a part of its step was counted beyond it.
    One in the interval of a surge comes with more energy than can be true.
    """
    passes = any(change.difference <= LIMITS.noise for change in house.untold)
    allowed = {"change_known": True, "change_negative": passes}
    allowed["change_too_much"] = house.has_surged
    return any(allowed.get(code, False) for code in house.refused)


@given(houses())
def test_any_meters_are_counted_in_full(house: House) -> None:
    """Intervals follow each other, and sum to what all the meters counted."""
    assume(not _cannot_be_told(house))
    assert not house.refused + house.untold
    assert not house.is_reset
    counted = house.counted
    starts = [interval.start for interval in counted]
    end = house.state.edge.at
    assert starts == list(range(START, end, QUARTER))
    assert all(interval.energy.mwh >= 0 for interval in counted)
    assert sum(interval.energy.mwh for interval in counted) == house.used_until(end)
    assert house.state.shown.mwh == house.shown


def _is_read_close_to(house: House, edge: int) -> bool:
    """Tell whether a meter was read before and after an edge, within a sound gap."""
    before = max((t for t in house.taken if t <= edge), default=-SOUND)
    after = min((t for t in house.taken if t >= edge), default=edge + 2 * SOUND)
    return after - before <= SOUND


@given(houses())
def test_what_passes_for_measured_is_what_was_used(house: House) -> None:
    """Its edges were read closely, and it is off by what lies between at most."""
    assume(not _cannot_be_told(house))
    for interval in house.counted:
        if interval.quality is not Quality.MEASURED:
            continue
        start, end = interval.start, interval.start + QUARTER
        assert all(_is_read_close_to(house, edge) for edge in (start, end))
        near = range(start - SOUND, end + SOUND)
        # What the two meters differ by can have been counted in the next interval.
        unsure = sum(
            abs(change.difference.mwh)
            for change in house.told_late
            if change.at in near
        )
        most = house.used_until(end + SOUND) - house.used_until(start - SOUND)
        least = house.used_until(end - SOUND) - house.used_until(start + SOUND)
        assert least - NOISE - unsure <= interval.energy.mwh <= most + NOISE + unsure
