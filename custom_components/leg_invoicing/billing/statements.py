"""What a settlement says: statements, the community's account, findings.

Amounts come twice, and never mix. Exact amounts (`import_cost`, `export_revenue`,
`net`, `balance`) carry every decimal and are what other programs add up. What is
printed and paid is the sum of the rounded lines (`total`); the difference has a
name (`rounding`) and ends up in the community's account, so that to the cent

    Σ charges = Σ credits + what the community gains + VAT - input VAT

rounding included.
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from .agreements import Agreement
from .benefits import Benefits
from .calendar import Span
from .community_account import CommunityAccount
from .fees import FeePart
from .findings import Finding
from .house_energy import HouseEnergy
from .models import CHARGES, CREDITS, LineKind, Model
from .money import CENT, Money
from .percentage import Percentage
from .quality import Quality
from .sessions import Session
from .tiers import Tier
from .vat import NO_VAT, Vat, VatShare, vat_shares


class Unit(StrEnum):
    """What the quantity of a line counts."""

    KWH = "kWh"
    MONTH = "month"
    YEAR = "year"
    ONCE = "once"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a statement."""

    kind: LineKind
    first: date
    """First local day the price applied to, within the statement."""
    end: date
    """The day after the last one."""
    quantity: Decimal
    unit: Unit = Unit.KWH
    unit_price: Money
    """For one unit, as entered."""
    is_average: bool = False
    """The price was another one in each interval; this is their average."""
    exact: Money
    """Quantity × price, unrounded; positive when the house pays."""
    smallest: Money = CENT
    """The smallest unit of the currency."""
    band: str | None = None
    """The time-of-use band that the price is of; None where it is of all time."""
    percentage: Percentage | None = None
    """What the price or discount was computed from, where it is per cent of another."""
    tier: Tier | None = None
    """The tier of a month's energy that the price is of; `parts` are the days."""
    name: str = ""
    """What a fee or discount is called."""
    meter: str = ""
    """What is measured besides the house itself, such as its charger."""
    meter_id: str = ""
    """The same by its id: several meters may be called alike."""
    parts: tuple[FeePart, ...] = ()
    """The days of months or years that a fee is owed for, or a tier is limited to."""
    vat: Vat = NO_VAT
    """What the price has to do with VAT: the community's in a charge, the house's in a
    credit; nothing in lines of taxes and rounding."""

    @property
    def amount(self) -> Money:
        """The line as printed: rounded once, positive when the house pays."""
        return self.exact.rounded_to(self.smallest)


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
    sessions: tuple[Session, ...] = ()
    """What was charged at chargers, by start."""
    benefits: Benefits | None = None
    """None in a statement of before there were any."""

    @property
    def import_cost(self) -> Money:
        """What the house is charged for energy, exactly."""
        return _exact(self.lines, CHARGES)

    @property
    def export_revenue(self) -> Money:
        """What the house is credited, exactly and positive."""
        return -_exact(self.lines, CREDITS)

    @property
    def net(self) -> Money:
        """Revenue less cost of energy, exactly: positive when the community owes."""
        return self.export_revenue - self.import_cost

    @property
    def saved(self) -> Money | None:
        """What its energy would have cost more elsewhere, exactly; may be negative."""
        if self.benefits is None:
            return None
        beside = self.benefits.not_compared
        elsewhere = self.benefits.grid_cost - self.benefits.grid_revenue
        return elsewhere + self.net + beside.cost - beside.revenue

    @property
    def co2_avoided(self) -> Decimal | None:
        """The CO₂ that its energy from the community avoids, in grams, if it is told."""
        return None if self.benefits is None else self.benefits.co2_avoided

    @property
    def grid_discount(self) -> Money | None:
        """What the grid operator takes off its own bill, exactly."""
        if self.benefits is None or not self.benefits.grid_discounts:
            return None
        return Money.total(each.taken_off for each in self.benefits.grid_discounts)

    @property
    def fees(self) -> Money:
        """What the house is charged besides energy, exactly and without VAT."""
        return _exact(self.lines, {LineKind.FEE})

    @property
    def discounts(self) -> Money:
        """What the house is let off, exactly and without VAT: zero or less."""
        return _exact(self.lines, {LineKind.DISCOUNT})

    @property
    def vat_on_top(self) -> Money:
        """The VAT that is added to the prices."""
        return _exact(self.lines, {LineKind.VAT})

    @property
    def vat(self) -> tuple[VatShare, ...]:
        """The VAT by rate, and why there is none where a line says so."""
        return charged_vat(self.lines)

    @property
    def vat_amount(self) -> Money:
        """All VAT that the house pays, added to prices or contained in them."""
        return Money.total(share.amount for share in self.vat)

    @property
    def supplier_vat(self) -> tuple[VatShare, ...]:
        """The same of what the house delivers: its own tax, not the community's."""
        return credited_vat(self.lines)

    @property
    def supplier_vat_amount(self) -> Money:
        """All VAT that the house is credited, besides prices or within them."""
        return Money.total(share.amount for share in self.supplier_vat)

    @property
    def supplier_vat_on_top(self) -> Money:
        """The VAT that is added to what the house is credited, positive."""
        return -_exact(self.lines, {LineKind.SUPPLIER_VAT})

    @property
    def total(self) -> Money:
        """The sum of the rounded lines: positive when the house owes."""
        return Money.total(line.amount for line in self.lines)

    @property
    def rounding(self) -> Money:
        """What rounding lines and total added to what the house owes."""
        taxes = self.vat_on_top - self.supplier_vat_on_top
        return self.total + self.net - self.fees - self.discounts - taxes


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


def charged_vat(lines: Iterable[Line]) -> tuple[VatShare, ...]:
    """Return the community's VAT on lines, by rate."""
    return vat_shares(
        (line.vat, line.amount, line.smallest)
        for line in lines
        if line.kind not in CREDITS
    )


def credited_vat(lines: Iterable[Line]) -> tuple[VatShare, ...]:
    """Return the house's VAT on lines, by rate."""
    return vat_shares(
        (line.vat, -line.amount, line.smallest)
        for line in lines
        if line.kind in CREDITS
    )


def _exact(lines: Iterable[Line], kinds: Container[LineKind]) -> Money:
    return Money.total(line.exact for line in lines if line.kind in kinds)
