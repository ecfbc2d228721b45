"""How the local production of one interval is shared.

A key takes what each house could take (its consumption, or, on the other side,
its production) and what there is to give, in mWh, and returns what each gets:
never more than it could take, in total min(Σ, supply). Houses stand in the order
of their ids, which decides ties, so listing them differently changes nothing.

Producers are shared the same way: what each sells locally is its part of what
the community consumed of the whole.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType

from .rounding import apportion

type AllocationRule = Callable[[Sequence[int], int], Sequence[int]]
"""(what each could take, what there is) -> what each gets, all in mWh."""


class AllocationKey(StrEnum):
    """The keys a community can choose from."""

    PROPORTIONAL = "proportional"


class OfficialUse(StrEnum):
    """What is billed where the grid operator has allocated."""

    AUDIT = "audit"
    BILL = "bill"


def proportional(claims: Sequence[int], supply: int) -> Sequence[int]:
    """Share in proportion to the claims: aᵢ = min(P, C) · cᵢ / C."""
    if supply >= sum(claims):
        return claims
    if not supply:
        return [0] * len(claims)
    return apportion(supply, claims)


ALLOCATION: Mapping[AllocationKey, AllocationRule] = MappingProxyType(
    {AllocationKey.PROPORTIONAL: proportional}
)
