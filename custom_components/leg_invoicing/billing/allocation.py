"""How the local production of one interval is shared.

A key takes what each house could take (its consumption), what there is to give
(the production), both in mWh, and how the houses stand to each other, and returns
what each gets: never more than it could take, never less than nothing. With P the
supply, C the sum of the claims and wᵢ the weights, which sum to 1 at most:

    proportional    min(P, C) · cᵢ / C
    static          min(cᵢ, wᵢ · P); what a house cannot use stays unused
    static_rounds   min(cᵢ, λ · wᵢ), with λ such that min(P, C) is given: round by
                    round, what a house cannot use goes to the others by weight.
                    When no weight has a demand any more, the rest is shared equally
    equal           the same with equal weights: min(cᵢ, λ)
    hybrid          one static round, and what it leaves in proportion to the demand
                    it leaves, that of houses without a weight as well
    priority        one house after the other, each as much as it needs

All but `static` give min(P, C). Each result is the exact one rounded once: down,
and the units that leaves over go to the largest remainders, ties to the first by
house id. (Under `static` what is not assigned counts as one more part, the last.)
Only `priority` depends on an order, and that one was agreed on.

Producers are shared by the same functions: a claim is what a house delivered, and
the supply is what the consumers got of it, so that all that was bought locally was
sold locally. A key for producers must therefore place all of it: not `static`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from .rounding import apportion


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the houses stand to each other; lanes are by position of the house."""

    weights: Sequence[int]
    """Parts of `whole`; zero for a house without a weight."""
    whole: int
    """At least the sum of the weights, and positive."""
    order: Sequence[int]
    """All positions, in the order in which `priority` serves them."""


type AllocationRule = Callable[[Sequence[int], int, Standing], Sequence[int]]
"""(what each could take, what there is, how they stand) -> what each gets, in mWh."""


class AllocationKey(StrEnum):
    """The keys a community can choose from."""

    PROPORTIONAL = "proportional"
    STATIC = "static"
    STATIC_ROUNDS = "static_rounds"
    EQUAL = "equal"
    HYBRID = "hybrid"
    PRIORITY = "priority"


BY_WEIGHT = (AllocationKey.STATIC, AllocationKey.STATIC_ROUNDS, AllocationKey.HYBRID)
"""The keys for which weights count."""

PLACES_ALL = tuple(key for key in AllocationKey if key is not AllocationKey.STATIC)
"""The keys that leave nothing over that somebody could take."""


class OfficialUse(StrEnum):
    """What is billed where the grid operator has allocated."""

    AUDIT = "audit"
    BILL = "bill"


def _where_scarce(share: AllocationRule) -> AllocationRule:
    """Leave a key what there is to decide: some supply, less than the claims."""

    def rule(claims: Sequence[int], supply: int, standing: Standing) -> Sequence[int]:
        if supply >= sum(claims):
            return claims
        return share(claims, supply, standing) if supply else [0] * len(claims)

    return rule


@_where_scarce
def proportional(claims: Sequence[int], supply: int, _: Standing) -> Sequence[int]:
    """Share in proportion to the claims."""
    return apportion(supply, claims)


def static(claims: Sequence[int], supply: int, standing: Standing) -> Sequence[int]:
    """Give each its fixed share, as far as it can use it."""
    if not supply:
        return [0] * len(claims)
    used = _first_round(claims, supply, standing)
    unused = supply * standing.whole - sum(used)
    return apportion(supply, [*used, unused])[:-1]


@_where_scarce
def static_rounds(
    claims: Sequence[int], supply: int, standing: Standing
) -> Sequence[int]:
    """Share by weight, again and again, until nothing is left."""
    return _filled(claims, supply, standing.weights)


@_where_scarce
def equal(claims: Sequence[int], supply: int, _: Standing) -> Sequence[int]:
    """Fill all claims to the same level, as water would."""
    return _filled(claims, supply, [1] * len(claims))


@_where_scarce
def hybrid(claims: Sequence[int], supply: int, standing: Standing) -> Sequence[int]:
    """Give each its fixed share, and the rest in proportion to unmet demand."""
    used = _first_round(claims, supply, standing)
    unmet = [c * standing.whole - u for c, u in zip(claims, used, strict=True)]
    rest, demand = supply * standing.whole - sum(used), sum(unmet)
    # Both rounds over one denominator, so that their sum is rounded once.
    both = (u * demand + rest * d for u, d in zip(used, unmet, strict=True))
    return apportion(supply, list(both))


def priority(claims: Sequence[int], supply: int, standing: Standing) -> Sequence[int]:
    """Serve one after the other while there is something left."""
    shares = [0] * len(claims)
    for position in standing.order:
        shares[position] = min(claims[position], supply)
        supply -= shares[position]
    return shares


ALLOCATION: Mapping[AllocationKey, AllocationRule] = MappingProxyType(
    {
        AllocationKey.PROPORTIONAL: proportional,
        AllocationKey.STATIC: static,
        AllocationKey.STATIC_ROUNDS: static_rounds,
        AllocationKey.EQUAL: equal,
        AllocationKey.HYBRID: hybrid,
        AllocationKey.PRIORITY: priority,
    }
)


def _first_round(
    claims: Sequence[int], supply: int, standing: Standing
) -> Sequence[int]:
    """Return what each uses of its fixed share, in parts of `whole` of a mWh."""
    return [
        min(claim * standing.whole, weight * supply)
        for claim, weight in zip(claims, standing.weights, strict=True)
    ]


def _filled(claims: Sequence[int], supply: int, weights: Sequence[int]) -> list[int]:
    """Share a supply that is scarce by weight, nobody more than the claim.

    Who needs no more than its part of what is left gets what it needs; that leaves
    more for the others, until each of them needs more than its part.
    """
    shares = [0] * len(claims)
    waiting = [position for position, claim in enumerate(claims) if claim]
    while True:
        lane = [weights[i] for i in waiting]
        if not any(lane):
            lane = [1] * len(waiting)
        total = sum(lane)
        met = {
            i
            for i, weight in zip(waiting, lane, strict=True)
            if claims[i] * total <= weight * supply
        }
        if not met:
            for i, part in zip(waiting, apportion(supply, lane), strict=True):
                shares[i] = part
            return shares
        for i in met:
            shares[i] = claims[i]
            supply -= claims[i]
        waiting = [i for i in waiting if i not in met]
