"""The pricing models: which energy a house pays for, and at which price.

A model is a table of line kinds. Each kind says which of a house's energies it
measures, which price of the tariff it takes, and whether the house is charged or
credited. The community's own account follows: what the houses are charged, less
what they are credited, less what the community pays to the grid, plus what it
gets from it. Under `local_only` the grid's energy is between each house and its
utility, so the community pays and gets nothing there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Model(StrEnum):
    """The pricing models a community can choose from."""

    POOL = "pool"
    SPLIT = "split"
    LOCAL_ONLY = "local_only"
    BREAK_EVEN = "break_even"


class LineKind(StrEnum):
    """What a line of a statement is about."""

    IMPORT = "import"
    EXPORT = "export"
    LOCAL_IMPORT = "local_import"
    GRID_IMPORT = "grid_import"
    LOCAL_EXPORT = "local_export"
    GRID_EXPORT = "grid_export"
    FEE = "fee"
    DISCOUNT = "discount"
    VAT = "vat"
    """Of the community, on what a house is charged."""
    SUPPLIER_VAT = "supplier_vat"
    """Of the house, on what it is credited."""
    ROUNDING = "rounding"
    """Of the total, to coins that there are."""


@dataclass(frozen=True, slots=True)
class LineRule:
    """How one kind of line comes about."""

    kind: LineKind
    energy: str
    """The field of `HouseEnergy` it measures."""
    price: str | None
    """The price of `TariffVersion` it takes; None where `BreakEven` finds one."""
    is_charge: bool
    """The house pays; otherwise it receives."""


MODEL_LINES: Mapping[Model, tuple[LineRule, ...]] = MappingProxyType(
    {
        Model.POOL: (
            LineRule(LineKind.IMPORT, "imported", "p_con", is_charge=True),
            LineRule(LineKind.EXPORT, "exported", "p_pv", is_charge=False),
        ),
        Model.SPLIT: (
            LineRule(LineKind.LOCAL_IMPORT, "local_import", "p_con", is_charge=True),
            LineRule(LineKind.GRID_IMPORT, "grid_import", "p_grid_con", is_charge=True),
            LineRule(LineKind.LOCAL_EXPORT, "local_export", "p_pv", is_charge=False),
            LineRule(
                LineKind.GRID_EXPORT, "grid_export", "p_grid_del", is_charge=False
            ),
        ),
        Model.LOCAL_ONLY: (
            LineRule(LineKind.LOCAL_IMPORT, "local_import", "p_con", is_charge=True),
            LineRule(LineKind.LOCAL_EXPORT, "local_export", "p_pv", is_charge=False),
        ),
        Model.BREAK_EVEN: (
            LineRule(LineKind.IMPORT, "imported", None, is_charge=True),
            LineRule(LineKind.EXPORT, "exported", None, is_charge=False),
        ),
    }
)

TRADES_WITH_GRID = frozenset({Model.POOL, Model.SPLIT, Model.BREAK_EVEN})
"""Models in which the community itself buys from and sells to the grid."""


def _kinds(*, is_charge: bool) -> frozenset[LineKind]:
    rules = (rule for rules in MODEL_LINES.values() for rule in rules)
    return frozenset(rule.kind for rule in rules if rule.is_charge is is_charge)


CHARGES = _kinds(is_charge=True)
"""The kinds of line about energy that a house pays for."""
CREDITS = _kinds(is_charge=False)
"""Those about energy that a house is paid for."""
