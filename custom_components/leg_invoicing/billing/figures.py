"""The numbers of a statement that are no lines, and what they come from.

total          the sum of all lines as printed
VAT included   gross × rate ÷ (100 + rate), for each rate
saved          what the same energy costs elsewhere − here, and what it brings here
               − elsewhere, as printed
difference     saved − fees, discounts and rounding; VAT that is added to prices
               would be added elsewhere, too
CO₂ avoided    energy from the community × grams per kWh
grid discount  per cent × fee × energy from the community
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce

from .benefits import Benefits, Discounted
from .energy import Energy
from .models import CHARGES, CREDITS, LineKind
from .money import CENT, NO_MONEY, Money
from .rounding import EXACT, to_multiple
from .statements import Line, Statement
from .vat import VatMode, VatShare

BESIDES = frozenset({LineKind.FEE, LineKind.DISCOUNT, LineKind.ROUNDING})
"""What else there is to pay here, before taxes."""
_MILLIONTH = Decimal(1).scaleb(-6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """What a house owes."""

    amount: Money
    of_lines: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IncludedTax:
    """VAT that prices contain, at one rate."""

    kind: LineKind
    """Whose tax it is, as of the lines that add one."""
    share: VatShare
    of_lines: tuple[int, ...]

    @property
    def exact(self) -> Money:
        """The tax in millionths of a ct, of which it seldom is a multiple."""
        whole = EXACT.add(Decimal(100), self.share.vat.rate)
        part = EXACT.multiply(self.share.charged.ct, self.share.vat.rate)
        return Money(to_multiple(EXACT.divide(part, whole), _MILLIONTH))

    @property
    def net(self) -> Money:
        """What is printed, less the tax."""
        return self.share.charged - self.share.amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Energy that a house is charged for, or credited, here and elsewhere."""

    kwh: Decimal
    exact: Money
    """What it costs or brings elsewhere."""
    here: Money
    """The same here, as printed; positive."""
    of_lines: tuple[int, ...]
    is_charge: bool
    smallest: Money = CENT

    @property
    def elsewhere(self) -> Money:
        """What it costs or brings elsewhere, as printed."""
        return self.exact.rounded_to(self.smallest)

    @property
    def gain(self) -> Money:
        """How much better it is here; below zero where it is worse."""
        more = self.elsewhere - self.here
        return more if self.is_charge else -more


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What a house gains by its community's prices."""

    sides: tuple[Side, ...]
    """Those of which there is energy, one at least."""

    @property
    def amount(self) -> Money:
        """The gain of both sides, as printed."""
        return Money.total(side.gain for side in self.sides)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What is left of a gain after fees, discounts and rounding."""

    saved: Money
    besides: Money
    """These, as printed; not zero."""
    of_lines: tuple[int, ...]

    @property
    def amount(self) -> Money:
        """What a house is better off; below zero where it is worse."""
        return self.saved - self.besides


@dataclass(frozen=True, slots=True, kw_only=True)
class Avoided:
    """CO₂ that energy from the community avoids."""

    energy: Energy
    """More than none."""
    grams: Decimal

    @property
    def per_kwh(self) -> Decimal:
        """The grams of each kWh, on average, in millionths."""
        return to_multiple(EXACT.divide(self.grams, self.energy.kwh), _MILLIONTH)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOff:
    """What the grid operator takes off its own bill."""

    discounted: Discounted
    """Of more energy than none."""
    smallest: Money

    @property
    def amount(self) -> Money:
        """What is printed."""
        return self.discounted.taken_off.rounded_to(self.smallest)


type Figure = Total | IncludedTax | Saved | Difference | Avoided | TakenOff


def figures_of(statement: Statement) -> Iterator[Figure]:
    """Yield the numbers that a statement tells besides its lines."""
    yield Total(
        amount=statement.total, of_lines=tuple(range(1, len(statement.lines) + 1))
    )
    yield from _included(LineKind.VAT, statement.vat, statement.lines)
    yield from _included(LineKind.SUPPLIER_VAT, statement.supplier_vat, statement.lines)
    if statement.benefits is not None:
        yield from _gained(statement, statement.benefits)


def _included(
    kind: LineKind, shares: Iterable[VatShare], lines: Sequence[Line]
) -> Iterator[IncludedTax]:
    is_credit = kind is LineKind.SUPPLIER_VAT
    for share in shares:
        if share.vat.mode is VatMode.INCLUDED:
            numbers = tuple(
                number
                for number, line in enumerate(lines, 1)
                if line.vat == share.vat and (line.kind in CREDITS) is is_credit
            )
            yield IncludedTax(kind=kind, share=share, of_lines=numbers)


def _gained(statement: Statement, benefits: Benefits) -> Iterator[Figure]:
    sides = tuple(side for side in sides_of(statement.lines, benefits) if side.kwh)
    if sides:
        saved = Saved(sides=sides)
        yield saved
        yield from _left(saved, statement.lines)
    local, grams = statement.energy.local_import, benefits.co2_avoided
    if grams is not None and local:
        yield Avoided(energy=local, grams=grams)
    smallest = _smallest(statement.lines)
    for each in benefits.grid_discounts:
        if each.energy:
            yield TakenOff(discounted=each, smallest=smallest)


def _left(saved: Saved, lines: Sequence[Line]) -> Iterator[Difference]:
    others = {n: line for n, line in enumerate(lines, 1) if line.kind in BESIDES}
    besides = Money.total(line.amount for line in others.values())
    if besides != NO_MONEY:
        yield Difference(saved=saved.amount, besides=besides, of_lines=tuple(others))


def sides_of(lines: Sequence[Line], benefits: Benefits) -> Iterator[Side]:
    """Yield what a house uses and what it delivers, as far as it can be compared."""
    beside = benefits.not_compared
    for kinds, elsewhere, energy, value, is_charge in (
        (CHARGES, benefits.grid_cost, beside.used, beside.cost, True),
        (CREDITS, benefits.grid_revenue, beside.delivered, beside.revenue, False),
    ):
        own = {n: line for n, line in enumerate(lines, 1) if line.kind in kinds}
        printed = Money.total(line.amount for line in own.values())
        kwh = reduce(EXACT.add, (line.quantity for line in own.values()), Decimal(0))
        smallest = _smallest(own.values())
        here = printed if is_charge else -printed
        yield Side(
            kwh=EXACT.subtract(kwh, energy.kwh),
            exact=elsewhere,
            here=here - value.rounded_to(smallest),
            of_lines=tuple(own),
            is_charge=is_charge,
            smallest=smallest,
        )


def _smallest(lines: Iterable[Line]) -> Money:
    return next((line.smallest for line in lines), CENT)
