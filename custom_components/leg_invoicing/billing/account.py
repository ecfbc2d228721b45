"""The community's own account of a settlement."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import reduce

from .calendar import Span, local_date
from .community_account import CommunityAccount
from .energy import Energy
from .findings import Finding, FindingCode
from .house_energy import HouseEnergy
from .models import TRADES_WITH_GRID
from .money import NO_MONEY, Money
from .pricing import worth
from .rounding import EXACT
from .sharing import SegmentSums
from .statements import Statement
from .terms import Terms

type _Traded = tuple[SegmentSums, int | None]
"""Sums, and the house among them that traded with the grid; None for all of them."""

_TOLERATED = 50
"""A part of what was sold, one in so many: what meters may differ by."""


def community_account(
    terms: Terms, segments: Iterable[SegmentSums], statements: Iterable[Statement]
) -> tuple[CommunityAccount, list[Finding]]:
    """Return the community's side, and where its grid tariff has no price."""
    tariff = terms.tariffs[terms.community.grid_tariff]
    energy, bought, sold = HouseEnergy(), NO_MONEY, NO_MONEY
    metered: HouseEnergy | None = None
    unpriced = []
    for segment in segments:
        total = segment.energy(None)
        energy += total
        traded: _Traded = (segment, None)
        if segment.grid is not None:
            traded = (segment.grid, 0)
            metered = segment.grid.energy(0) + (metered or HouseEnergy())
        version = tariff.at(local_date(segment.span.start, terms.community.zone))
        if version is not None:
            bands = version.bands
            for own in version.p_grid_con.rates:
                bought += worth(*traded, "grid_import", bands, *own).value
            for own in version.p_grid_del.rates:
                sold += worth(*traded, "grid_export", bands, *own).value
        elif total.grid_import or total.grid_export:
            unpriced.append(
                Finding(
                    code=FindingCode.NO_TARIFF,
                    span=segment.span,
                    intervals=segment.intervals,
                    energy=total.grid_import + total.grid_export,
                    details={"tariff": tariff.tariff_id},
                )
            )
    statements = list(statements)
    balance = Money.total(_gain(statement) for statement in statements)
    if terms.community.model in TRADES_WITH_GRID:
        balance += sold - bought
    account = CommunityAccount(
        energy=energy,
        grid_meter=metered,
        value_grid_import=bought,
        value_grid_export=sold,
        balance=balance,
        rounding=Money.total(statement.rounding for statement in statements),
        vat=Money.total(statement.vat_amount for statement in statements),
        input_vat=Money.total(s.supplier_vat_amount for s in statements),
        saved=Money.total(filter(None, (s.saved for s in statements))),
        co2_avoided=_co2(statements),
    )
    return account, unpriced


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
