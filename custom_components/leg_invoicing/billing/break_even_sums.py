"""What energy costs and brings under `break_even`, summed over intervals."""

from collections.abc import Callable, Sequence

from .break_even import BreakEven
from .measurements import IntervalSlice
from .money import Money
from .rounding import EXACT
from .scaled_sums import ScaledSums

type RuleAt = Callable[[IntervalSlice], BreakEven | None]
"""The prices of an interval; None where one of them is not known."""

_MWH_PER_KWH = 6


class BreakEvenSums:
    """The sums of intervals of which all prices are known, or none has them."""

    __slots__ = ("_got", "_paid", "_rule_at", "is_priced")

    def __init__(self, rule_at: RuleAt, houses: int) -> None:
        """Begin with nothing."""
        self._rule_at = rule_at
        self._paid, self._got = ScaledSums(houses), ScaledSums(houses)
        self.is_priced = True

    def add(
        self,
        chunk: Sequence[IntervalSlice],
        shares: Sequence[tuple[Sequence[int], Sequence[int]]],
    ) -> None:
        """Add intervals, and how they were shared."""
        rules = [rule for measured in chunk if (rule := self._rule_at(measured))]
        if len(rules) < len(chunk):
            self.is_priced = False
            return
        decimals = max(rule.decimals for rule in rules)
        values = [
            rule.refined(decimals).share(
                measured,
                *(
                    measured.grid
                    or (
                        sum(measured.imported) - sum(local_import),
                        sum(measured.exported) - sum(local_export),
                    )
                ),
            )
            for rule, measured, (local_import, local_export) in zip(
                rules, chunk, shares, strict=True
            )
        ]
        self._paid.add(decimals, [paid for paid, _ in values])
        self._got.add(decimals, [got for _, got in values])

    def value(self, house: int, *, is_charge: bool) -> Money:
        """Return what a house's energy costs or brings."""
        sums = self._paid if is_charge else self._got
        return Money(sums.at(house).scaleb(-_MWH_PER_KWH, EXACT))
