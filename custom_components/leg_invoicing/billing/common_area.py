"""How the energy of a common area is divided among houses.

Each interval is divided in whole mWh: every house gets its exact part rounded down,
or that plus one, and the parts sum to the energy. Who gets the one more changes from
interval to interval, by a sequence that is spread as evenly as can be (multiples of
the golden ratio) and depends on nothing but the time. So nobody gets it more often
than is due, and a span that is cut adds up to the same.

With E the energy, Sᵢ the sum of the parts up to house i as a fraction, and u between
0 and 1 by the time:   part of i = ⌊E·Sᵢ + u⌋ − ⌊E·Sᵢ₋₁ + u⌋
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate, pairwise

from .calendar import Instant
from .rounding import EXACT
from .scaled_sums import decimals_of

_TURN = 1 << 32
_GOLDEN = 2_654_435_769
"""The golden ratio less one, in parts of a turn."""
_SECONDS = 300
"""All intervals are as long as this or several times that."""


@dataclass(frozen=True, slots=True)
class CommonArea:
    """The parts of the houses that share an area, in order."""

    edges: Sequence[int]
    """Where each part begins, and where the last one ends."""

    @classmethod
    def of(cls, parts: Sequence[Decimal]) -> CommonArea:
        """Take the parts of a whole that is their sum."""
        decimals = decimals_of(parts)
        whole = [int(part.scaleb(decimals, EXACT)) for part in parts]
        return cls([0, *accumulate(whole)])

    def divide(self, mwh: int, start: Instant) -> list[int]:
        """Return each house's part of an interval's energy; none where there is no part.

        Houses that share equally may all have left.
        """
        if not self.edges[-1]:
            return [0] * (len(self.edges) - 1)
        whole = self.edges[-1] * _TURN
        shift = (start // _SECONDS * _GOLDEN % _TURN) * self.edges[-1]
        sums = ((mwh * edge * _TURN + shift) // whole for edge in self.edges)
        return [upper - lower for lower, upper in pairwise(sums)]
