"""Ratios for display; nothing is billed from them."""

from decimal import Decimal


def percentage(part: int, whole: int) -> Decimal | None:
    """Return part ÷ whole in per cent; None where there is no whole."""
    return Decimal(100 * part) / whole if whole else None
