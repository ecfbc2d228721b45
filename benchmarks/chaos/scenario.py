"""What goes wrong when: a short list by hand, or any length by chance."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from .troubles import AT_METERS, EVERYWHERE

HOUSES = {"Ash": "kWh", "Birch": "Wh", "Cedar": "kWh", "Dogwood": "Wh"}
"""The houses, and the unit in which each meter counts."""

CALM_SECONDS = 900
"""How long before the end nothing new goes wrong, and what did comes to an end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A trouble that will come; times are seconds since the first calm edge."""

    name: str
    at: int
    until: int
    house: str | None = None
    """None where it concerns all of them."""


type Lane = tuple[Planned, ...]
"""What comes one after the other; lanes know nothing of each other."""


def _lane(house: str | None, *troubles: tuple[str, float, float]) -> Lane:
    """Make a lane of names and minutes."""
    return tuple(
        Planned(name=name, at=int(at * 60), until=int(until * 60), house=house)
        for name, at, until in troubles
    )


SHORT: tuple[Lane, ...] = (
    _lane(
        "Ash",
        ("stops", 2, 13),
        ("boots_at_zero", 17, 19),
        ("hangs", 21, 25),
        ("replaced", 27, 30),
    ),
    _lane(
        "Birch",
        ("boots_high", 1, 3),
        ("dips", 5, 9),
        ("jitters", 10, 14),
        ("counts_in_wh", 15, 19),
        ("resets", 21, 21),
    ),
    _lane("Cedar", ("jumps", 1, 18), ("odd_unit", 19, 20), ("leaps", 26, 26)),
    _lane("Dogwood", ("renamed", 2.5, 2.5), ("removed", 10, 20), ("surges", 21, 21)),
    _lane(None, ("broker_restarts", 8, 9), ("killed", 33, 33.5)),
)
"""Everything once."""
SHORT_SECONDS = 50 * 60


def by_chance(seed: int, seconds: int) -> tuple[Lane, ...]:
    """Make up troubles for some time."""
    return (
        *(
            tuple(_chance(Random(f"{seed} {house}"), house, seconds))
            for house in HOUSES
        ),
        tuple(_chance(Random(f"{seed}"), None, seconds)),
    )


def _chance(random: Random, house: str | None, seconds: int) -> Iterator[Planned]:
    names = list(AT_METERS if house else EVERYWHERE)
    pause, length = ((120, 900), (30, 1800)) if house else ((1200, 3600), (20, 300))
    at = random.randrange(*pause)
    while (until := at + random.randrange(*length)) < seconds - 2 * CALM_SECONDS:
        yield Planned(name=random.choice(names), at=at, until=until, house=house)
        at = until + random.randrange(*pause)
