"""The one place where numbers are rounded.

Money is rounded half up (away from zero), the way a person rounds a bill; an
amount is rounded once, when it becomes a line. Energy is never rounded once it
is an integer: what a division leaves over is handed out by largest remainder,
so that the parts always sum to the whole.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal

EXACT = Context(prec=200)
"""Decimals are computed here, not in the thread's own context: that one keeps 28
digits, and rounds in silence what a large community at a long price needs."""

WHOLE = Decimal(1)


def to_cent(amount_ct: Decimal) -> Decimal:
    """Round an amount in ct to whole ct, halves away from zero."""
    whole = amount_ct.quantize(WHOLE, rounding=ROUND_HALF_UP, context=EXACT)
    return EXACT.plus(whole)  # a credit that rounds to nothing is 0, never -0


def to_multiple(amount_ct: Decimal, coin_ct: Decimal) -> Decimal:
    """Round an amount in ct to a multiple of a coin, halves away from zero."""
    return EXACT.multiply(to_cent(EXACT.divide(amount_ct, coin_ct)), coin_ct)


def to_whole(number: Decimal) -> int:
    """Round to the nearest integer, halves to even, so that noise cancels out."""
    return int(number.to_integral_value(rounding=ROUND_HALF_EVEN))


def apportion(total: int, weights: Sequence[int]) -> list[int]:
    """Divide `total` in proportion to `weights`, exactly.

    Every part is its exact share rounded down, or that plus one; the units that
    rounding down leaves over go to the largest remainders, ties to whoever
    stands first. The parts sum to `total`. `total` and the weights must not be
    negative and at least one weight must be positive.
    """
    whole = sum(weights)
    products = [total * weight for weight in weights]
    parts = [product // whole for product in products]
    left_over = total - sum(parts)
    if left_over:
        # Stable sorting keeps the order of equal remainders: the tie rule.
        by_remainder = sorted(range(len(parts)), key=lambda i: -(products[i] % whole))
        for i in by_remainder[:left_over]:
            parts[i] += 1
    return parts
