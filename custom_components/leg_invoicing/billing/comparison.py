"""Two settlements of the same days beside each other, house by house.

    difference = after − before

Energies are kWh, amounts ct; a house that is billed on one side only has zeros on the
other one.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from typing import Any

from .records import community_record
from .rounding import EXACT
from .statements import Settlement, Statement

type Figures = Mapping[str, Decimal]

_ZERO = Decimal(0)

HOUSE_FIGURES: Mapping[str, Callable[[Statement], Decimal]] = {
    "local_import_kwh": lambda s: s.energy.local_import.kwh,
    "grid_import_kwh": lambda s: s.energy.grid_import.kwh,
    "local_export_kwh": lambda s: s.energy.local_export.kwh,
    "grid_export_kwh": lambda s: s.energy.grid_export.kwh,
    "import_cost_ct": lambda s: s.import_cost.ct,
    "export_revenue_ct": lambda s: s.export_revenue.ct,
    "fees_ct": lambda s: s.fees.ct,
    "discounts_ct": lambda s: s.discounts.ct,
    "vat_ct": lambda s: s.vat_amount.ct,
    "rounding_ct": lambda s: s.rounding.ct,
    "total_ct": lambda s: s.total.ct,
}
"""What is compared of a house; the names are those of statements."""


@dataclass(frozen=True, slots=True)
class Compared:
    """The figures of a house, or of the community, on both sides."""

    before: Figures
    after: Figures

    @property
    def difference(self) -> Figures:
        """What the after has more, of what both sides tell."""
        return {
            name: EXACT.subtract(after, self.before[name])
            for name, after in self.after.items()
            if name in self.before
        }

    def as_record(self) -> dict[str, Any]:
        """Return all three."""
        sides = {"before": self.before, "after": self.after}
        return {
            name: {key: EXACT.normalize(number) for key, number in figures.items()}
            for name, figures in {**sides, "difference": self.difference}.items()
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Everybody who is billed on either side, by id, and the community's account."""

    houses: Mapping[str, Compared]
    community: Compared


def compared(before: Settlement, after: Settlement) -> Comparison:
    """Compare two settlements of the same span."""
    sides = [_by_house(settlement.statements) for settlement in (before, after)]
    house_ids = sorted({*sides[0], *sides[1]})
    return Comparison(
        houses={
            house_id: Compared(*(_figures(side.get(house_id, ())) for side in sides))
            for house_id in house_ids
        },
        community=Compared(
            community_record(before.community), community_record(after.community)
        ),
    )


def comparison_record(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as a plain record."""
    return {
        "houses": [
            {"house_id": house_id, **own.as_record()}
            for house_id, own in comparison.houses.items()
        ],
        "community": comparison.community.as_record(),
    }


def _by_house(statements: Iterable[Statement]) -> dict[str, list[Statement]]:
    """Return the statements of each house: several people may have had it."""
    own: dict[str, list[Statement]] = {}
    for statement in statements:
        own.setdefault(statement.agreement.house_id, []).append(statement)
    return own


def _figures(statements: Iterable[Statement]) -> Figures:
    own = list(statements)
    return {
        name: reduce(EXACT.add, map(figure, own), _ZERO)
        for name, figure in HOUSE_FIGURES.items()
    }
