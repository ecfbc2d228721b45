"""Discounts: what a house is let off.

Per cent are of what the lines of one version charge before VAT, each discount of the
whole, whatever others take off. Lines below zero charge nothing, and are left alone.
"""

from dataclasses import dataclass
from enum import StrEnum

from .fees import Fee
from .percentage import Percentage


class DiscountOf(StrEnum):
    """What a discount takes per cent of."""

    ENERGY = "energy"
    FEES = "fees"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Discount:
    """Per cent of what is charged, or an amount that is owed back like a fee."""

    name: str
    by: Percentage | Fee
    """`Percentage.of` is one of `DiscountOf`."""
