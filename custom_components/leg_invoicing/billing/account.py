"""The community's own account of a settlement."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import reduce

from .calendar import Span, local_date
from .community_account import CommunityAccount
from .energy import Energy
from .findings import Finding, FindingCode
from .house_energy import HouseEnergy
from .models import TRADES_WITH_GRID, Model
from .money import Money
from .pricing import worth
from .rounding import EXACT
from .sharing import SegmentSums, Where
from .statements import Statement
from .tariffs import TariffVersion
from .terms import Terms

_TOLERATED = 50
"""A part of what was sold, one in so many: what meters may differ by."""


def community_account(
    terms: Terms, segments: Sequence[SegmentSums], statements: Sequence[Statement]
) -> CommunityAccount:
    """Return the community's side."""
    metered = [s.grid.energy(0) for s in segments if s.grid is not None]
    bought = _traded(terms, segments, "p_grid_con", "grid_import")
    sold = _traded(terms, segments, "p_grid_del", "grid_export")
    balance = Money.total(_gain(statement) for statement in statements)
    if terms.community.model in TRADES_WITH_GRID:
        balance += sold - bought
    return CommunityAccount(
        energy=sum((s.energy(None) for s in segments), start=HouseEnergy()),
        grid_meter=sum(metered, start=HouseEnergy()) if metered else None,
        value_grid_import=bought,
        value_grid_export=sold,
        balance=balance,
        rounding=Money.total(statement.rounding for statement in statements),
        vat=Money.total(statement.vat_amount for statement in statements),
        input_vat=Money.total(s.supplier_vat_amount for s in statements),
        saved=Money.total(filter(None, (s.saved for s in statements))),
        co2_avoided=_co2(statements),
    )


def without_grid_price(
    terms: Terms, segments: Iterable[SegmentSums]
) -> Iterator[Finding]:
    """Report what was traded with the grid while the community had no prices for it."""
    unpriced = [(s, _at_a_price(terms, s)) for s in segments if not _version(terms, s)]
    lacking = [(segment, energy) for segment, energy in unpriced if energy]
    if lacking:
        yield Finding(
            code=FindingCode.NO_TARIFF,
            span=Span(lacking[0][0].span.start, lacking[-1][0].span.end),
            intervals=sum(segment.intervals for segment, _ in lacking),
            energy=Energy.total(energy for _, energy in lacking),
            details={"tariff": terms.community.grid_tariff},
        )


def _at_a_price(terms: Terms, segment: SegmentSums) -> Energy:
    """Return the energy that takes its price from those of the grid."""
    total = segment.energy(None)
    if terms.community.model is Model.BREAK_EVEN:
        return total.imported + total.exported
    return total.grid_import + total.grid_export


def _traded(
    terms: Terms, segments: Iterable[SegmentSums], price: str, energy: str
) -> Money:
    """Return what energy cost or brought at the grid, where there are prices."""
    return Money.total(
        worth(*_at_grid(segment), energy, rate, Where(version.bands, band)).value
        for segment in segments
        if (version := _version(terms, segment)) is not None
        for band, rate in getattr(version, price).rates
    )


def _at_grid(segment: SegmentSums) -> tuple[SegmentSums, int | None]:
    """Return sums, and the house among them that traded; None for all of them."""
    return (segment, None) if segment.grid is None else (segment.grid, 0)


def _version(terms: Terms, segment: SegmentSums) -> TariffVersion | None:
    day = local_date(segment.span.start, terms.community.zone)
    return terms.tariffs[terms.community.grid_tariff].at(day)


def grid_differs(account: CommunityAccount, span: Span) -> Iterator[Finding]:
    """Report that consumers had more of each other than producers sold.

    Losses and batteries make it less, never more; so something is not measured.
    """
    bought, sold = account.energy.local_import, account.energy.local_export
    if account.grid_meter and bought - sold > Energy(sold.mwh // _TOLERATED):
        yield Finding(code=FindingCode.GRID_DIFFERS, span=span, energy=bought - sold)


def _co2(statements: Iterable[Statement]) -> Decimal | None:
    avoided = [s.co2_avoided for s in statements if s.co2_avoided is not None]
    return reduce(EXACT.add, avoided) if avoided else None


def _gain(statement: Statement) -> Money:
    """Return what the community gains by a statement, without VAT and rounding."""
    in_charges = statement.vat_amount - statement.vat_on_top
    in_credits = statement.supplier_vat_amount - statement.supplier_vat_on_top
    charged = statement.fees + statement.discounts - in_charges
    return charged - statement.net + in_credits
