"""What a statement's energy is worth beside the bill.

    saved = energy charged × utility's price − what is charged for it
          + what is credited − energy credited × p_grid_del

Compared is the energy that the model bills, no more: under `local_only`, what comes
from the grid costs the same with and without a community. Prices are those of the
agreement's tariff on the day, and in the band, in which the energy flowed. Energy of
which one of the two prices is not known is left out on both sides.

    CO₂ avoided = energy from the community × grams in a kWh from the grid

Grams, and the grid operator's discount, are those that are told on the day. Where the
grams follow a signal, intervals in which it is missing avoid nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from .benefits import Benefits, Discounted, NotCompared, summed_discounts
from .compared import Compared, compared
from .models import LineRule
from .portions import Portion
from .pricing import Worth, worth
from .runs import Run

PRICE_ELSEWHERE = {True: "p_utility", False: "p_grid_del"}
"""Of energy that a house is charged for, and of energy that it is credited."""


def benefits_of(
    rules: Iterable[LineRule], runs: Sequence[Run], portions: Sequence[Portion]
) -> Benefits:
    """Return what the energy of these days is worth elsewhere."""
    rules = list(rules)
    used, delivered = (
        Compared.total(
            compared(rule, PRICE_ELSEWHERE[is_charge], run)
            for rule in rules
            if rule.is_charge is is_charge
            for run in runs
        )
        for is_charge in (True, False)
    )
    return Benefits(
        grid_cost=used.elsewhere.value,
        grid_revenue=delivered.elsewhere.value,
        not_compared=NotCompared(
            used=used.beside.energy,
            cost=used.beside.value,
            delivered=delivered.beside.energy,
            revenue=delivered.beside.value,
        ),
        co2_avoided=_co2(portions),
        grid_discounts=summed_discounts(_discounted(portions)),
    )


def _co2(portions: Iterable[Portion]) -> Decimal | None:
    """Return the grams; None where they are told on no day."""
    grams = [
        worth(portion.segment, lane.position, "local_import", factor)
        for portion in portions
        if (factor := portion.told.co2_factor) is not None
        for lane in portion.lanes
    ]
    return Worth.total(grams).value.ct if grams else None


def _discounted(portions: Iterable[Portion]) -> Iterator[Discounted]:
    for portion in portions:
        if (discount := portion.told.grid_discount) is not None:
            yield Discounted(discount=discount, energy=portion.energy.local_import)
