"""What a house owes of the fees of a common area.

A common area with prices of its own owes their fees once. They are divided among the
houses as its energy is: to the millionth of a ct, so that the parts sum to the fee.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import groupby

from .common_area import CommonArea
from .fees import Fee, FeePer
from .meters import CommonShare, parts_of
from .money import Money
from .portions import Portion
from .rounding import EXACT
from .runs import Run
from .scaled_sums import decimals_of

_DECIMALS = 6


def fee_by_part(fee: Fee, run: Run) -> Iterator[tuple[Fee, Run]]:
    """Yield what a house owes of a fee, and on which of the days it owes that much.

    This is all of the fee, but for the fees of a common area that are not owed by
    the kWh. A part changes where the houses that share the area do.
    """
    meter = run.priced
    if meter is None or meter.share is None or fee.per is FeePer.KWH:
        yield fee, run
        return
    share, house_id = meter.share, run.lanes[0].house_id

    def part(portion: Portion) -> Money | None:
        return _parts(fee.amount, share, portion).get(house_id)

    for amount, same in groupby(run.portions, part):
        if amount is None:
            continue  # it had not joined yet
        yield replace(fee, amount=amount), replace(run, portions=tuple(same))


def _parts(amount: Money, share: CommonShare, portion: Portion) -> Mapping[str, Money]:
    parts = parts_of(share, portion.members)
    decimals = max(_DECIMALS, decimals_of([amount.ct]))
    units = int(amount.ct.scaleb(decimals, EXACT))
    divided = CommonArea.of(list(parts.values())).divide(units, 0)
    return {
        house_id: Money(EXACT.normalize(EXACT.scaleb(unit, -decimals)))
        for house_id, unit in zip(parts, divided, strict=True)
    }
