"""What grid operators allocated, by house."""

from custom_components.leg_invoicing.billing.quality import Quality
from custom_components.leg_invoicing.formats.allotted import Allotted, allotted
from custom_components.leg_invoicing.formats.deliveries import (
    Direction,
    MeteredInterval,
    Share,
)
from custom_components.leg_invoicing.formats.to_rows import Deliveries

_GOOD = Quality.MEASURED
_IN, _OUT = Direction.IMPORT, Direction.EXPORT


def _one(
    mwh: int,
    share: Share,
    direction: Direction = _IN,
    *,
    point: str = "P1",
    start: int = 0,
    quality: Quality = _GOOD,
    version: str = "1",
) -> MeteredInterval:
    return MeteredInterval(point, direction, share, start, 900, mwh, quality, version)


def _found(*intervals: MeteredInterval) -> list[tuple[object, ...]]:
    """Return what was allocated to the house of both points, without its id."""
    deliveries = Deliveries()
    for interval in intervals:
        deliveries.add(interval)
    houses = {"P1": "a", "P2": "a"}
    return [one[1:] for one in allotted(deliveries, houses, 15)]


def test_wholes_are_no_allocation() -> None:
    """Where nothing else is delivered, nobody allocated anything."""
    assert _found(_one(5, Share.TOTAL), _one(9, Share.WHOLE)) == []


def test_both_parts_are_kept() -> None:
    """As delivered, with their quality and the version of the delivery."""
    assert _found(
        _one(5, Share.TOTAL),
        _one(2, Share.COMMUNITY, quality=Quality.ESTIMATED),
        _one(3, Share.RESIDUAL, version="2"),
    ) == [
        Allotted("", 0, _IN, Share.COMMUNITY, 2, Quality.ESTIMATED, "1")[1:],
        Allotted("", 0, _IN, Share.RESIDUAL, 3, _GOOD, "2")[1:],
    ]


def test_the_communitys_part_may_be_what_lies_between() -> None:
    """Between the whole and the rest; a rest above the whole says nothing."""
    assert _found(
        _one(5, Share.TOTAL, _OUT),
        _one(3, Share.RESIDUAL, _OUT, version="2"),
        _one(5, Share.TOTAL, _OUT, start=900),
        _one(6, Share.RESIDUAL, _OUT, start=900),
        _one(6, Share.RESIDUAL, _OUT, start=1800),
    ) == [
        (0, _OUT, Share.COMMUNITY, 2, _GOOD, "2"),
        (0, _OUT, Share.RESIDUAL, 3, _GOOD, "2"),
        (900, _OUT, Share.RESIDUAL, 6, _GOOD, "1"),
        (1800, _OUT, Share.RESIDUAL, 6, _GOOD, "1"),
    ]


def test_points_of_a_house_add_up() -> None:
    """Where one of them is not known, neither is the sum."""
    assert _found(
        _one(1, Share.COMMUNITY),
        _one(2, Share.COMMUNITY, point="P2"),
        _one(4, Share.COMMUNITY, start=900),
    ) == [(0, _IN, Share.COMMUNITY, 3, _GOOD, "1")]
