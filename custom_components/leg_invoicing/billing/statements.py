"""What a settlement says: statements, the community's account, findings.

Amounts come twice, and never mix. Exact amounts (`import_cost`, `export_revenue`,
`net`, `balance`) carry every decimal and are what other programs add up. What is
printed and paid is the sum of the rounded lines (`total`); the difference has a
name (`rounding`) and ends up in the community's account, so that to the cent

    Σ charges = Σ credits + what the community gains, rounding included
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from .agreements import Agreement
from .calendar import Span
from .energy import NO_ENERGY, Energy
from .findings import Finding
from .models import CHARGES, LineKind, Model
from .money import Money, UnitPrice
from .quality import Quality


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseEnergy:
    """The energies of a house over some time."""

    imported: Energy = NO_ENERGY
    exported: Energy = NO_ENERGY
    local_import: Energy = NO_ENERGY
    """The part of `imported` that came from the community."""
    local_export: Energy = NO_ENERGY
    """The part of `exported` that the community used."""

    @property
    def grid_import(self) -> Energy:
        """The part that came from the grid."""
        return self.imported - self.local_import

    @property
    def grid_export(self) -> Energy:
        """The part that went to the grid."""
        return self.exported - self.local_export

    def __add__(self, other: HouseEnergy) -> HouseEnergy:
        """Add the energies of another stretch of time."""
        return HouseEnergy(
            imported=self.imported + other.imported,
            exported=self.exported + other.exported,
            local_import=self.local_import + other.local_import,
            local_export=self.local_export + other.local_export,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a statement."""

    kind: LineKind
    first: date
    """First local day the price applied to, within the statement."""
    end: date
    """The day after the last one."""
    quantity: Energy
    unit_price: UnitPrice
    exact: Money
    """Quantity × price, unrounded; positive when the house pays."""

    @property
    def amount(self) -> Money:
        """The line as printed: rounded once, positive when the house pays."""
        return self.exact.rounded


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What one agreement owes and is owed for the settled span."""

    agreement: Agreement
    span: Span
    """The part of the settled span during which the agreement was valid."""
    first: date
    end: date
    """The same in local days, the end exclusive."""
    energy: HouseEnergy
    lines: tuple[Line, ...]
    intervals: Mapping[Quality, int]
    """How many intervals have which quality; the best first."""

    @property
    def import_cost(self) -> Money:
        """What the house is charged, exactly."""
        return Money.total(line.exact for line in self.lines if _is_charge(line))

    @property
    def export_revenue(self) -> Money:
        """What the house is credited, exactly and positive."""
        return -Money.total(line.exact for line in self.lines if not _is_charge(line))

    @property
    def net(self) -> Money:
        """Revenue less cost, exactly: positive when the community owes."""
        return self.export_revenue - self.import_cost

    @property
    def total(self) -> Money:
        """The sum of the rounded lines: positive when the house owes."""
        return Money.total(line.amount for line in self.lines)

    @property
    def rounding(self) -> Money:
        """What rounding the lines added to what the house owes."""
        return self.total + self.net


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityAccount:
    """The community's own side of a settlement."""

    energy: HouseEnergy
    """Sums over all houses."""
    value_grid_import: Money
    """Grid import at the community's grid price."""
    value_grid_export: Money
    balance: Money
    """What the account gains, exactly, before rounding."""
    rounding: Money
    """What the account gains by rounding the lines of the statements."""

    @property
    def shared(self) -> Energy:
        """Energy produced and used inside the community in the same interval."""
        return self.energy.local_import


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """The result: nothing in it was not in the measurements or the terms."""

    span: Span
    model: Model
    houses: Mapping[str, HouseEnergy]
    """The energies of every house, billed to somebody or not."""
    statements: tuple[Statement, ...]
    """By house and date."""
    community: CommunityAccount
    findings: tuple[Finding, ...]


def _is_charge(line: Line) -> bool:
    return line.kind in CHARGES
