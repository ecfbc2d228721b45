"""Ratios for display; nothing is billed from them."""

from decimal import Decimal


def percentage(part: int, whole: int) -> Decimal | None:
    """Return part ÷ whole in per cent, to two decimals; None without a whole.

    Rounded down, so that only the whole is 100 %.
    """
    return Decimal(10_000 * part // whole).scaleb(-2) if whole else None
