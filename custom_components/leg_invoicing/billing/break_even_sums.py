"""What energy costs and brings under `break_even`, summed over intervals."""

from collections.abc import Callable, Sequence

from .break_even import BreakEven
from .measurements import IntervalSlice
from .money import Money
from .rounding import EXACT
from .scaled_sums import ScaledSums

type RuleAt = Callable[[IntervalSlice], BreakEven | None]
"""The prices of an interval; None where one of them is not known."""

type _Lanes = tuple[Sequence[int], Sequence[int]]
"""Of what is used, and of what is delivered, by house."""

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
        shares: Sequence[_Lanes],
    ) -> None:
        """Add intervals, and how they were shared."""
        rules = [rule for measured in chunk if (rule := self._rule_at(measured))]
        if len(rules) < len(chunk):
            self.is_priced = False
            return
        decimals = max(rule.decimals for rule in rules)
        values = [
            _in_units(10 ** (decimals - rule.decimals), _shared(rule, measured, own))
            for rule, measured, own in zip(rules, chunk, shares, strict=True)
        ]
        self._paid.add(decimals, [paid for paid, _ in values])
        self._got.add(decimals, [got for _, got in values])

    def value(self, house: int, *, is_charge: bool) -> Money:
        """Return what a house's energy costs or brings."""
        sums = self._paid if is_charge else self._got
        return Money(sums.at(house).scaleb(-_MWH_PER_KWH, EXACT))


def _shared(rule: BreakEven, measured: IntervalSlice, own: _Lanes) -> _Lanes:
    """Return what each house pays and gets in an interval, in the units of its rule."""
    local_import, local_export = own
    bought, sold = measured.grid or (
        sum(measured.imported) - sum(local_import),
        sum(measured.exported) - sum(local_export),
    )
    return rule.share(measured, bought, sold)


def _in_units(factor: int, shared: _Lanes) -> _Lanes:
    """Return what was shared in smaller units.

    An interval is shared in those of its own prices, whichever it is summed with.
    """
    if factor == 1:
        return shared
    paid, got = shared
    return [units * factor for units in paid], [units * factor for units in got]
