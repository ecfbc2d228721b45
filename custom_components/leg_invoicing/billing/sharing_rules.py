"""The key of each stretch of time, as the rule by which its intervals are shared."""

from bisect import bisect_right
from collections.abc import Sequence

from .agreements import Agreement
from .allocation import ALLOCATION, AllocationRule, Standing
from .calendar import Instant, local_date
from .dated import version_on
from .measurements import IntervalSlice
from .sharing import SharingRule
from .sharing_versions import SharingVersion, valid_on, weights_on
from .terms import Terms


def sharing_in(
    terms: Terms, edges: Sequence[Instant], houses: Sequence[str]
) -> SharingRule:
    """Return how intervals between the first and the last edge are shared.

    Neither a version nor an agreement changes between two edges.
    """
    days = (local_date(edge, terms.community.zone) for edge in edges[:-1])
    rules = [
        _rule(
            version_on(terms.community.sharing, day),
            valid_on(terms.agreements, day),
            houses,
        )
        for day in days
    ]
    if len(rules) == 1:
        return rules[0]

    def share_interval(
        measured: IntervalSlice,
    ) -> tuple[Sequence[int], Sequence[int]]:
        return rules[bisect_right(edges, measured.start) - 1](measured)

    return share_interval


def _rule(
    version: SharingVersion, agreements: Sequence[Agreement], houses: Sequence[str]
) -> SharingRule:
    return _sharing_by(
        ALLOCATION[version.allocation],
        ALLOCATION[version.producers],
        _standing(version, agreements, houses),
    )


def _standing(
    version: SharingVersion, agreements: Sequence[Agreement], houses: Sequence[str]
) -> Standing:
    parts, whole = weights_on(version, agreements)
    if not parts:
        parts = {agreement.house_id: 1 for agreement in agreements}
        whole = max(len(parts), 1)
    rank = {house_id: i for i, house_id in enumerate(version.order)}
    return Standing(
        weights=[parts.get(house_id, 0) for house_id in houses],
        whole=whole,
        # Sorting is stable: houses that are not listed stay as they are, by id.
        order=sorted(
            range(len(houses)), key=lambda i: rank.get(houses[i], len(version.order))
        ),
    )


def _sharing_by(
    consumers: AllocationRule, producers: AllocationRule, standing: Standing
) -> SharingRule:
    """Return how intervals are shared: producers sell what consumers got.

    Where a meter at the grid says what came from there and went there, consumers got
    the rest of what they used from each other, and producers sold the rest of what
    they made to each other. The two differ by what a battery took or gave, and by
    what was lost on the way.
    """

    def share_interval(
        measured: IntervalSlice,
    ) -> tuple[Sequence[int], Sequence[int]]:
        if measured.grid is not None:
            return balanced(measured, *measured.grid)
        bought = consumers(measured.imported, sum(measured.exported), standing)
        return bought, producers(measured.exported, sum(bought), standing)

    def balanced(
        measured: IntervalSlice, from_grid: int, to_grid: int
    ) -> tuple[Sequence[int], Sequence[int]]:
        used, made = measured.imported, measured.exported
        return (
            consumers(used, max(0, sum(used) - from_grid), standing),
            producers(made, max(0, sum(made) - to_grid), standing),
        )

    return share_interval
